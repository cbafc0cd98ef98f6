// Rows of a table against each other: tiles, ranks, the first so many, and figures of whole groups. In: a value for
// each row, who is compared, groups, a tie-break, as columns that earlier passes kept. Out: columns for later passes.
// Exact, and the same bits for any number of threads and any order of rows: only how many values are lower or higher
// ever matters, and equal values are never told apart. What each figure means is said in program/program.h.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/bytecode/module.h"

namespace seg::population {

// Values by row number, as kept columns lie: bits for a mask, two i32 or one i64 or f64 in a word.
struct Column {
  bytecode::RegType type = bytecode::RegType::kMask;
  const std::uint64_t* words = nullptr;
  const std::uint64_t* known = nullptr;  // null: everywhere
};

struct Input {
  std::uint64_t num_rows = 0;
  Column value;
  const std::uint64_t* among = nullptr;  // null: everyone
  bool has_ties = false;
  Column ties;
  bool ties_highest_first = false;
  std::vector<Column> per;
};

struct Figure {
  bytecode::PopulationFn fn = bytecode::PopulationFn::kTile;
  bool rounds = false;
  bool n_is_share = false;
  std::int64_t n = 0;
  double share = 0;
  // To write, zero before; null: not wanted.
  std::uint64_t* result = nullptr;
  std::uint64_t* known = nullptr;
  std::uint64_t* overflow = nullptr;
};

void rank(const Input& input, const std::vector<Figure>& figures, unsigned num_threads);

}  // namespace seg::population
