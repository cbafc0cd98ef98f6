// Do the tiers of a partition overlap, do they leave someone out, is one never reached? Decided by looking at every
// cell: each value that the conditions compare with constants is cut at these constants, and what is true in one point
// of a piece is true in all of it. In: conditions of a checked program. Out: overlaps and holes with values that show
// them. Where a cell could be impossible because its values depend on each other, it is not `certain`: a prover can
// take that over behind the same question.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "program/program.h"

namespace seg::analyze {

// Least and greatest value that an expression can have, as far as it is known: a stated range of a metric, a count that
// is never below 0, a choice's first and last. Missing values aside.
struct Bounds {
  std::optional<base::Value> least, greatest;
};
Bounds bounds_of(const program::Program& program, program::ExprId expr);

// Of two values of one ordered kind; false for others.
bool is_less(const base::Value& a, const base::Value& b);

// One value for each of TierProof::subjects: missing, or a value like which others behave the same.
struct Cell {
  std::vector<base::Value> values;
  std::vector<bool> matters;  // false: whatever that one is
  bool certain = true;        // such a customer can exist
};

struct TierQuestion {
  std::vector<program::ExprId> conditions;  // in order of trial
  std::vector<std::size_t> groups;  // conditions of one group may overlap (cells of one tier); empty: each its own
  bool independent = false;         // the values compared are the sides of a grid: taken as they come
  bool wants_overlaps = false;
  std::function<bool(program::ExprId)> can_be_missing;
};

struct TierProof {
  struct Overlap {
    std::size_t first, second;  // conditions
    Cell cell;
  };
  bool is_decided = false;                // false: more cells than are looked at; nothing below is known
  std::vector<program::ExprId> subjects;  // the values that the conditions compare
  std::vector<Overlap> overlaps;          // the first of each pair
  std::size_t num_holes = 0;
  std::vector<Cell> holes;       // the first of them, those without missing values before others
  std::vector<bool> is_reached;  // by condition: true somewhere where none before it is
};
TierProof prove_tiers(const program::Program& program, const TierQuestion& question);

}  // namespace seg::analyze
