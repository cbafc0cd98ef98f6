#include "base/trace.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace seg::base {

Trace::Trace() : begin_(Clock::now()) { threads_[std::this_thread::get_id()] = 0; }

void Trace::add(std::string_view stage, std::string name, Clock::time_point begin, Clock::time_point end) {
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<std::uint32_t>(threads_.size());
  const std::uint32_t thread = threads_.try_emplace(std::this_thread::get_id(), next).first->second;
  pieces_.push_back({std::string(stage), std::move(name), thread, begin, end});
}

// Threads live for one loop: those whose times do not overlap share a lane of the picture.
std::vector<std::uint32_t> Trace::lanes() const {
  std::vector<std::pair<Clock::time_point, Clock::time_point>> lives(threads_.size(),
                                                                     {Clock::time_point::max(), begin_});
  for (const Piece& piece : pieces_) {
    auto& [from, to] = lives[piece.thread];
    from = std::min(from, piece.begin);
    to = std::max(to, piece.end);
  }
  std::vector<std::uint32_t> order(lives.size() - 1);
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i + 1;
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return lives[a].first < lives[b].first; });
  std::vector<std::uint32_t> lane_of(lives.size(), 0);
  std::vector<Clock::time_point> free_from;  // of lanes 1, 2, …; lane 0 is the main thread's
  for (const std::uint32_t thread : order) {
    const auto lane = std::find_if(free_from.begin(), free_from.end(),
                                   [&](Clock::time_point time) { return time <= lives[thread].first; });
    lane_of[thread] = static_cast<std::uint32_t>(lane - free_from.begin()) + 1;
    if (lane == free_from.end()) {
      free_from.push_back(lives[thread].second);
    } else {
      *lane = lives[thread].second;
    }
  }
  return lane_of;
}

std::string Trace::to_json() const {
  const std::vector<std::uint32_t> lane_of = lanes();
  const auto micros = [](Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); };
  nlohmann::json events = nlohmann::json::array();
  for (std::uint32_t lane = 0; lane <= *std::max_element(lane_of.begin(), lane_of.end()); ++lane) {
    const std::string name = lane == 0 ? "main thread" : "thread " + std::to_string(lane);
    events.push_back({{"ph", "M"}, {"pid", 1}, {"tid", lane}, {"name", "thread_name"}, {"args", {{"name", name}}}});
  }
  for (const Piece& piece : pieces_) {
    events.push_back({{"ph", "X"},
                      {"pid", 1},
                      {"tid", lane_of[piece.thread]},
                      {"cat", piece.stage},
                      {"name", piece.name.empty() ? piece.stage : piece.name},
                      {"ts", micros(piece.begin - begin_)},
                      {"dur", micros(piece.end - piece.begin)}});
  }
  return nlohmann::json{{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}}.dump(1) + "\n";
}

}  // namespace seg::base
