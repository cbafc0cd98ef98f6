// Runs a module over data in memory. In: a verified module, a dataset of its schema (runtime/io), as-of, zone and
// params (base::Binding). Out: results, the same bits for any number of threads and any morsel size.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/binding.h"
#include "base/status.h"
#include "base/trace.h"
#include "runtime/bytecode/module.h"
#include "runtime/exec/results.h"
#include "runtime/vector/column.h"

namespace seg::exec {

struct RunOptions {
  unsigned num_threads = 1;
  std::uint32_t morsel_rows = 0;    // parents at a time; 0: as many as fit the cache
  std::uint64_t memory_budget = 0;  // bytes for clustering unsorted children (beyond it: a temporary file); 0: no limit
  std::vector<std::uint32_t> outputs;          // wanted output ids; empty: all. The rest is not computed
  std::function<void(double share)> progress;  // from 0 to 1, from any thread, now and then
  const std::atomic<bool>* stop = nullptr;     // set by Ctrl-C: the run ends with a failure (interrupted)
  // What a run of these rules gave as of this day, on the data up to then: the folds of sticky segments go on from
  // there. Segments that are not among them were empty.
  std::optional<std::int32_t> state_day = {};
  std::vector<StickyState> state = {};
  base::Trace* trace = nullptr;  // told what runs when
  bool with_costs = false;       // measure each instruction: OutputResult::cost
};

base::Result<Results> run(const bytecode::Module& module, const vector::Dataset& dataset, const base::Binding& binding,
                          const RunOptions& options);

// The instants outside which no row of an event table matters (half-open), over all zones of the dataset; whole range:
// all do. For pruning row groups before loading: as needed_columns() says which windows there are.
struct TimeRange {
  std::int64_t begin = INT64_MIN;
  std::int64_t end = INT64_MAX;
};
TimeRange needed_times(const bytecode::Module& module, const bytecode::NeededTable& table,
                       const base::Binding& binding);

}  // namespace seg::exec
