#include <algorithm>

#include "runtime/exec/run_state.h"

namespace seg::exec {

// The passes below the conditions of sticky segments, once for each cadence day.
base::Status Run::fold() {
  const std::vector<FoldedSticky> needed = needed_stickies();
  if (needed.empty()) return {};
  Fold fold(module_, needed, kept_, dataset_, options_);
  const base::AsOf as_of = binding_.as_of;
  base::Status status = fold.run(binding_, [&](const base::AsOf& then, const std::vector<std::uint32_t>& columns) {
    find_live(false, columns);
    binding_.as_of = then;
    binder_.forget_as_of();
    progress_ = fold.progress();
    return run_steps();
  });
  binding_.as_of = as_of;
  binder_.forget_as_of();
  progress_ = fold.progress();
  num_cadence_days_ = fold.num_days();
  stickies_ = fold.take_states();
  return status;
}

// Those that wanted outputs read, those that their conditions read, and so on; what another reads comes before it.
std::vector<FoldedSticky> Run::needed_stickies() {
  const std::size_t n = module_.stickies.size();
  std::vector<bool> is_needed(n, false);
  std::vector<std::vector<bool>> reads(n);
  const auto read_by = [&] {
    std::vector<bool> read(n, false);
    for (std::size_t i = 0; i < n; ++i) read[i] = is_needed_[module_.stickies[i].state];
    return read;
  };
  find_live(true, {});
  std::vector<bool> open = read_by();
  for (bool is_new = true; is_new;) {
    is_new = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (!open[i] || is_needed[i]) continue;
      is_new = is_needed[i] = true;
      const bytecode::Sticky& sticky = module_.stickies[i];
      find_live(false, {sticky.enter, sticky.leave, sticky.start, sticky.start_known});
      reads[i] = read_by();
      for (std::size_t k = 0; k < n; ++k) open[k] = open[k] || reads[i][k];
    }
  }
  std::vector<std::uint32_t> level(n, 0);
  for (std::size_t round = 0; round < n; ++round) {  // a cycle, which no checked program has, ends here too
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; is_needed[i] && k < n; ++k) {
        if (reads[i][k] && k != i) level[i] = std::max(level[i], std::min(level[k] + 1, static_cast<std::uint32_t>(n)));
      }
    }
  }
  std::vector<FoldedSticky> needed;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (is_needed[i]) needed.push_back({.sticky = i, .level = level[i]});
  }
  return needed;
}

}  // namespace seg::exec
