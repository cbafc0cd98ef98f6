// What a run gives: members, tiers and values for each output, and what became of the rest. Out of exec::run; in to
// sinks, reports, tests. Rows are the rows of the output's table in the dataset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/vector/column.h"

namespace seg::exec {

struct MissingCount {
  std::string name;         // "customer.income", "average(purchase.amount)"
  std::uint64_t count = 0;  // unknown rows where it is missing
};

struct OutputResult {
  bool is_wanted = true;  // false: it was left out by RunOptions::outputs, and everything else is empty
  std::uint64_t num_rows = 0;

  // segments: bit i of word i / 64: the condition is true for row i
  std::vector<std::uint64_t> members;
  std::uint64_t num_members = 0;
  std::uint64_t num_unknown = 0;      // neither true nor false
  std::vector<MissingCount> missing;  // of the unknown ones; most frequent first, none with 0

  // partitions: int32 tier indices (Output::choices); metrics and scores: int32 (text codes, choices, dates), int64,
  // double or bits. Where no tier holds, or the value is missing: not present.
  vector::Column values;
  std::vector<std::uint64_t> tier_counts;  // partitions: by choice index
  std::uint64_t num_overflow = 0;          // rows whose value is missing because of an overflow
  std::uint64_t num_outside = 0;           // metrics with `between A and B`: rows outside
  std::uint64_t first_outside = 0;         // one of them

  // With RunOptions::with_costs, seconds of all threads: of work that only this output needs, and of all its work where
  // what several outputs need is divided among them.
  double seconds_alone = 0, seconds_divided = 0;

  bool is_member(std::uint64_t row) const { return (members[row / 64] >> (row % 64) & 1) != 0; }
};

// Who is in a sticky segment, by row of its table: the day on which they came in, or kOutside.
struct StickyState {
  static constexpr std::int32_t kOutside = INT32_MIN;
  std::uint32_t output = 0;
  std::vector<std::int32_t> entered;
};

struct Results {
  std::vector<OutputResult> outputs;   // by output id of the module
  std::uint64_t num_rows_walked = 0;   // over all passes, parents and children
  std::vector<StickyState> stickies;   // of the sticky segments that the wanted outputs need, as of the run
  std::uint64_t num_cadence_days = 0;  // for which their conditions were evaluated
};

}  // namespace seg::exec
