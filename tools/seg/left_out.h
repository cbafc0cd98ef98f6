// Which rows sums, averages and the like leave out because a field is missing: no result should be smaller than people
// think without saying so. In: a program, the data that was read for it, which outputs were wanted. Out: counts by
// field.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/program.h"
#include "runtime/exec/results.h"
#include "runtime/vector/column.h"

namespace seg::tool {

struct LeftOut {
  base::TableId table = base::kNone;
  base::ColumnId column = base::kNone;
  std::uint64_t num_missing = 0;
  std::uint64_t num_rows = 0;              // that were read: none outside the windows of all rules
  std::vector<program::OutputId> used_in;  // as written
};

// Of fields that have missing values, those used most first.
std::vector<LeftOut> find_left_out(const program::Program& program, const vector::Dataset& dataset,
                                   const exec::Results& results);

// "42 of 1,204 purchases have no amount: spend, loyal"
std::string left_out_text(const program::Program& program, const LeftOut& left_out);

}  // namespace seg::tool
