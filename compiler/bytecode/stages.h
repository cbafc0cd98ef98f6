// When things can be computed. In: the program. Out: for each expression the earliest pass it can be part of.
//
// A pass walks one table (its root) and, beside it, child tables aggregated into it. What a frame needs of rows that
// are not at hand there (another table's expression behind a reference, an aggregate of a child row's own children, a
// figure of a whole table) has to be kept by a pass of an earlier stage. A derived table is made at the start of its
// stage.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>

#include "program/program.h"

namespace seg::bytecode {

// How child rows belong to the root.
struct Edge {
  base::TableId root = base::kNone;  // kNone: the single row of no table
  base::TableId child = base::kNone;
  base::ColumnId reference = base::kNone;
};

class Stages {
 public:
  explicit Stages(const program::Program& program) : program_(program) {}

  // Of an expression evaluated in the root frame of a pass over its table; in a child frame.
  std::uint32_t of_root(program::ExprId id);
  std::uint32_t of_child(program::ExprId id, const Edge& edge);
  // Of the pass over no table that computes an aggregate of a whole table.
  std::uint32_t of_whole_table(const program::Aggregate& aggregate);
  // After whose passes a population's column is made.
  std::uint32_t of_population(program::ExprId id);
  // At whose start a derived table is made (0 for others).
  std::uint32_t of_table(base::TableId table);

  // Its children are not at hand in a child frame.
  bool needs_root(program::ExprId id);
  // The stored column behind it, if it is no more than that.
  bool is_stored_field(program::ExprId id) const;
  // The aggregate that computes a column of a grouped table, or kNone.
  program::ExprId computed(base::TableId table, base::ColumnId column) const;
  // The column's owner follows parent rows that are at hand.
  bool is_spread(const program::Expr& follow, const Edge& edge) const;

  // The sequence can be evaluated where its first step is a child frame at this edge.
  bool is_beside(const program::Sequence& sequence, const Edge& edge) const;

  bool has_time(base::TableId table) const { return program_.schema.tables[table].time != base::kNone; }

 private:
  std::uint32_t of_sequence(const program::Sequence& sequence, const Edge* edge);

  const program::Program& program_;
  std::unordered_map<program::ExprId, std::uint32_t> root_;
  std::map<std::tuple<program::ExprId, base::TableId, base::TableId, base::ColumnId>, std::uint32_t> child_;
  std::unordered_map<program::ExprId, bool> needs_root_;
  std::unordered_map<base::TableId, std::uint32_t> table_;
};

}  // namespace seg::bytecode
