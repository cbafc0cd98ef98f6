#include "tools/seg/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace seg::tool {

Progress::Progress(bool is_wanted) : is_wanted_(is_wanted && ::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (is_shown_) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::stage(std::string name) {
  const std::lock_guard lock(mutex_);
  stage_ = std::move(name);
  draw(0);
}

void Progress::share(double done) {
  const std::lock_guard lock(mutex_);
  draw(done);
}

void Progress::draw(double done) {
  const auto now = Clock::now();
  if (!is_wanted_ || now - begin_ < std::chrono::seconds(1) || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  is_shown_ = true;
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(std::clamp(done, 0.0, 1.0) * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
  std::cerr << "\r\x1b[K" << stage_ << " " << bar << std::flush;
}

}  // namespace seg::tool
