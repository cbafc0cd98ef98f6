// The folds of sticky segments: day by day through their cadences, who comes in and who goes. In: the sticky segments
// that a run needs, the columns that passes keep of their conditions, where to go on from. Out: the state columns that
// the run's own passes read, and since when everyone is in. What a condition is as of a day is the run's to compute
// (run.cpp): it restricts its passes to the columns it is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/binding.h"
#include "base/status.h"
#include "runtime/exec/binder.h"
#include "runtime/exec/run.h"

namespace seg::exec {

struct FoldedSticky {
  std::uint32_t sticky = 0;  // of Module::stickies
  std::uint32_t level = 0;   // higher than that of those its conditions read
};

class Fold {
 public:
  // Fills these kept columns as of a day.
  using Evaluate = std::function<base::Status(const base::AsOf& as_of, const std::vector<std::uint32_t>& columns)>;

  Fold(const bytecode::Module& module, const std::vector<FoldedSticky>& stickies, std::vector<KeptColumn>& kept,
       const vector::Dataset& dataset, const RunOptions& options);

  base::Status run(const base::Binding& binding, const Evaluate& evaluate);

  std::vector<StickyState> take_states();
  std::uint64_t num_days() const { return num_days_; }
  double progress() const { return num_expected_ == 0 ? 0 : static_cast<double>(num_days_) / (num_expected_ + 1.0); }

 private:
  struct One {
    const bytecode::Sticky* sticky = nullptr;
    std::uint32_t level = 0;
    std::int64_t first = 0;  // no earlier day matters to anyone
    std::int64_t stay = 0;   // microseconds
    std::uint64_t num_inside = 0;
    std::vector<std::int32_t> entered = {};
  };

  void find_first(One& one) const;
  std::int64_t next_day(std::int64_t from) const;
  void step(One& one, std::int64_t day);

  const bytecode::Module& module_;
  std::vector<KeptColumn>& kept_;
  const RunOptions& options_;
  std::vector<One> all_;
  base::Binding binding_;
  std::int64_t last_ = 0;
  std::uint64_t num_days_ = 0;
  std::uint64_t num_expected_ = 0;
};

}  // namespace seg::exec
