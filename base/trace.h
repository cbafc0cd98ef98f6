// What ran when, on which thread: for `seg run --trace` and `--profile`. In: spans, from any thread. Out: their list,
// and Chrome's trace format (chrome://tracing, ui.perfetto.dev). Without a trace a TracedPart costs one comparison.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace seg::base {

class Trace {
 public:
  using Clock = std::chrono::steady_clock;
  struct Piece {
    std::string stage;  // "read", "cluster", "evaluate"
    std::string name;   // "purchase.amount"; empty: the stage as a whole, on the thread that waits for it
    std::uint32_t thread = 0;
    Clock::time_point begin, end;
    double seconds() const { return std::chrono::duration<double>(end - begin).count(); }
  };

  Trace();
  void add(std::string_view stage, std::string name, Clock::time_point begin, Clock::time_point end);
  const std::vector<Piece>& pieces() const { return pieces_; }  // once all threads are done
  std::string to_json() const;

 private:
  std::vector<std::uint32_t> lanes() const;

  Clock::time_point begin_;
  std::mutex mutex_;
  std::vector<Piece> pieces_;
  std::map<std::thread::id, std::uint32_t> threads_;
};

// From here to the end of the block. `name()` is asked for only where there is a trace.
class TracedPart {
 public:
  template <class Name>
  TracedPart(Trace* trace, std::string_view stage, const Name& name) : trace_(trace), stage_(stage) {
    if (trace_ == nullptr) return;
    name_ = name();
    begin_ = Trace::Clock::now();
  }
  TracedPart(Trace* trace, std::string_view stage) : TracedPart(trace, stage, [] { return std::string(); }) {}
  ~TracedPart() { end(); }
  TracedPart(const TracedPart&) = delete;
  TracedPart& operator=(const TracedPart&) = delete;
  void end() {
    if (trace_ != nullptr) trace_->add(stage_, std::move(name_), begin_, Trace::Clock::now());
    trace_ = nullptr;
  }

 private:
  Trace* trace_;
  std::string_view stage_;
  std::string name_;
  Trace::Clock::time_point begin_;
};

}  // namespace seg::base
