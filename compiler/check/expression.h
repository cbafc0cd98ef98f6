// Typing and lowering of expressions: one node of the tree becomes an expression of the program, or poison with its
// cause reported. In: a node, the scope it stands in, what its place expects. Out: Checked. Called by the checks of
// declarations (check_*.cpp), which give each rule its scope.
#pragma once

#include <optional>

#include "compiler/check/context.h"

namespace seg::check {

Checked check_expression(Context& context, const Scope& scope, NodeId node, const Expected& expected = {});

// A flag with its clause (blocks and conditions mirrored below it); anything else is S3003 and poison.
Checked check_condition(Context& context, const Scope& scope, NodeId node);

// A literal (number, money, date, list, …) or param-free constant of literals; for params, test data and overrides.
// None: it was reported. A reference's value is not handled here.
struct Constant {
  base::Value value;
  base::Type type;
};
std::optional<Constant> check_constant(Context& context, const Scope& scope, NodeId node,
                                       const Expected& expected = {});

// A period over times or dates; none: reported (empty, other calendar, depends on a row …).
std::optional<base::Window> check_window(Context& context, const Scope& scope, NodeId period);

// The rows that an event phrase selects, for `events x = purchase where …`, and for everything inside expressions.
struct Selection {
  TableId table = kNone;
  ExprId filter = kNone;       // in the table's frame; the named selection's and the phrase's `where`; kNone: all
  base::ColumnId ref = kNone;  // of `table` to the scope's frame, or kWholeTable
  std::optional<base::Window> window;
  bool ok = false;
};
Selection check_selection(Context& context, const Scope& scope, NodeId node);

// The aggregate function of a name (`sum`, `most common`), and the type of its result over a value of a type (none: it
// can't take it). `count` and `exists` take no value.
std::optional<program::AggFn> find_aggregate(std::string_view name);
std::optional<base::Type> aggregate_type(program::AggFn fn, const base::Type& value);

}  // namespace seg::check
