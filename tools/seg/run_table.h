// The table that `seg run` prints: segments with size, share, unknown and a bar; tiers under their partition; metrics
// and scores. In: outputs and their results. Out: text for people, or JSON.
#pragma once

#include <string>
#include <vector>

#include "base/schema.h"
#include "program/program.h"
#include "runtime/exec/results.h"
#include "tools/seg/guards.h"
#include "tools/seg/left_out.h"

namespace seg::tool {

struct RunSummary {
  std::string as_of;  // as written
  std::vector<GuardFinding> guards;
  double seconds_load = 0, seconds_run = 0;
  std::uint64_t num_events = 0;
  std::uint64_t num_skipped = 0;  // bad rows left out
  std::uint64_t num_future = 0;   // events after as-of
  std::vector<LeftOut> left_out;  // fields whose missing values make aggregates smaller
  std::uint64_t num_absent = 0;   // members of a stored state who are not in the data
};

// The outputs in the order in which people wrote them, file by file; those of library modules last. The checker's own
// order is by what needs what.
std::vector<program::OutputId> outputs_as_written(const program::Program& program);

std::string run_table(const program::Program& program, const exec::Results& results, const RunSummary& summary,
                      int num_columns);
std::string run_json(const program::Program& program, const exec::Results& results, const RunSummary& summary);

}  // namespace seg::tool
