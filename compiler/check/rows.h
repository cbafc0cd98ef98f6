// The rows that an event phrase is about: which table, how they belong to the row in hand, which of them are kept.
// In: a kSelect, kName, kPath or brackets around one. Out: filled by select_rows(); read by phrases and aggregates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/lowering.h"

namespace seg::check {

struct Rows {
  Rows() = default;
  Rows(const Rows&) = delete;  // `inner` points into it
  Rows& operator=(const Rows&) = delete;

  TableId table = kNone;
  const Scope* owner = nullptr;  // the scope whose row they belong to: the phrase's own or one outside it
  ColumnId ref = kNone;          // reference column of `table` to the owner's frame; kWholeTable: all rows
  Scope inner;                   // where their fields are named; its outer scope is the owner

  std::string name;                     // as the rule calls them
  ExprId of_name = kNone;               // what the named selection and the period keep, without `where`
  ExprId where = kNone;                 // what `where` keeps
  std::optional<base::Window> window;   // of `over`
  NodeId over_node = syntax::kNoNode;   // its clause
  NodeId times_node = syntax::kNoNode;  // `at least 3 times`
  bool has_where = false;
  Span span;                          // where the rule names them
  std::vector<NodeId> tie_nodes;      // of a later step of a sequence: `with same order_id`
  NodeId gap_node = syntax::kNoNode;  // `within 3 days`, after the step before

  std::vector<std::string> path;        // the whole path that began with the event: purchase.product.category
  std::size_t num_names = 0;            // how many of `path` name the event
  NodeId value_node = syntax::kNoNode;  // where the path, or (with an empty path) a computed value of the event, stands
  ModuleId value_module = kProjectModule;  // and in which scope: an argument's is not its define's
  FileId value_file = 0;
  const std::vector<Argument>* value_arguments = nullptr;
  std::string value_row_name;

  std::vector<KnownCurrency> currencies;

  bool has_value() const { return value_node != syntax::kNoNode; }
};

// False: not readable as events; reported. `phrase` is the word that needs them, for messages (`count`, `did`).
bool select_rows(Context& context, const Scope& scope, NodeId node, std::string_view phrase, Rows& rows);

// `over PERIOD`: as their window, else as a condition.
bool apply_over(Context& context, const Scope& scope, NodeId clause, Rows& rows);

// check_sequence.cpp: `A then B …` as the rows of A that begin one; the `within` and `with same` of one event.
bool select_sequence(Context& context, const Scope& scope, NodeId node, std::string_view phrase, Rows& rows);
bool apply_within(Context& context, const Scope& scope, NodeId clause, Rows& rows);
bool apply_with_same(Context& context, const Scope& scope, NodeId clause, Rows& rows);

// The rows' scope as the place of their value sees it.
Scope value_scope(const Rows& rows);

// One aggregate of them as a value of `scope`. `value` kNone: of the rows themselves.
Checked aggregate_rows(Context& context, const Scope& scope, const Rows& rows, program::AggFn fn, ExprId value,
                       Type type, bool is_gap = false, base::TimeUnit unit = base::TimeUnit::kDay);
// As above, with this filter in place of all of theirs.
Checked aggregate_filtered(Context& context, const Scope& scope, const Rows& rows, program::AggFn fn, ExprId filter,
                           ExprId value, Type type, bool is_gap = false, base::TimeUnit unit = base::TimeUnit::kDay);
ExprId filter_of(Context& context, const Rows& rows);
// `at least 3 times` outside `did`, a field where the event itself is meant: reported.
bool refuse_times(Context& context, const Scope& scope, const Rows& rows);
bool refuse_value(Context& context, const Scope& scope, const Rows& rows, std::string_view phrase);

}  // namespace seg::check
