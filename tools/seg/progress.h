// A progress bar on standard error for what takes over a second; nothing where that is no terminal.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace seg::tool {

class Progress {
 public:
  explicit Progress(bool is_wanted);
  ~Progress();  // clears the line
  void stage(std::string name);
  void share(double done);  // 0 to 1, from any thread

 private:
  using Clock = std::chrono::steady_clock;
  void draw(double done);
  std::mutex mutex_;
  bool is_shown_ = false;
  bool is_wanted_;
  std::string stage_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_ = begin_;
};

}  // namespace seg::tool
