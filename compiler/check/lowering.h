// Inside of expression.h: the checks of single kinds of nodes, and what they share. In: a node with its scope. Out: an
// expression of the scope's frame, or poison with its cause reported. One source per group of node kinds:
//   check_literal, check_name, check_comparison, check_text_test, check_logic, check_arithmetic, check_date,
//   check_period, check_event_phrase, check_aggregate, check_call; conversion has types and units.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/context.h"
#include "compiler/check/expression.h"

namespace seg::check {

using base::Code;
using base::ColumnId;
using base::Span;
using base::Type;
using base::TypeKind;
using base::Value;
using program::Fn;
using syntax::NodeKind;
using syntax::Tree;

inline constexpr Type kFlagType{.kind = TypeKind::kFlag};
inline constexpr Type kIntegerType{.kind = TypeKind::kInteger};
inline constexpr Type kNumberType{.kind = TypeKind::kNumber};
inline constexpr Type kTextType{.kind = TypeKind::kText};
inline constexpr Type kDateType{.kind = TypeKind::kDate};
inline constexpr Type kTimeType{.kind = TypeKind::kTime};
inline constexpr Type kDurationType{.kind = TypeKind::kDuration};
inline constexpr Type kDistanceType{.kind = TypeKind::kDistance};

// ---- making expressions (conversion.cpp) ----------------------------------------------------------------------------

inline Checked poison() { return {}; }
Checked checked(Context& context, ExprId expr);  // with the type that the program gives it
Checked literal(Context& context, Type type, const Value& value);
Checked integer_literal(Context& context, std::int64_t value);
Checked call(Context& context, Fn fn, Type type, const std::vector<ExprId>& args);
Checked logical_not(Context& context, Checked flag);
// The value of a literal expression, else null.
const Value* literal_value(const Context& context, const Checked& value);

// ---- types (conversion.cpp) -----------------------------------------------------------------------------------------

bool is_numeric(const Type& type);                   // integer, number
bool has_unit(const Type& type);                     // money, duration, distance
bool is_ordered(const Type& type);                   // `<` works on it
Checked to_number(Context& context, Checked value);  // integer -> number; others as they are
Checked to_date(Context& context, Checked value);    // time -> its local day; a date as it is; else poison, unreported
Checked folded(Context& context, Checked value);     // text (or list of text) after fold; once only
Type element_type(const Type& list);
Type list_type(const Type& element);
// Is it a literal text, number … that the type can take (a choice's value, a version, a folded text)? Then that
// literal; reports S3007 for an unknown value of a choice. Anything that needs no conversion comes back as it is.
Checked convert(Context& context, const Scope& scope, NodeId node, Checked value, const Type& wanted);
// The value of a choice by its name, or S3007 (S2107 for a tier) with what was meant.
Checked choice_value(Context& context, const Scope& scope, NodeId node, const Type& choice, const std::string& name);
// Both as one type that can be compared for equality. `differ`: they can't be, nothing is reported yet.
enum class Unified : std::uint8_t { yes, differ, reported };
Unified unify(Context& context, const Scope& scope, NodeId a_node, Checked& a, NodeId b_node, Checked& b);
// Several branches (if, or if missing, min_of) as one type; reports S3002 and returns false if they differ.
bool unify_all(Context& context, const Scope& scope, const std::vector<NodeId>& nodes, std::vector<Checked>& values);
// A reference's key column read through it, so that it can be compared with a text or a number. Poison if it has
// several.
Checked key_of(Context& context, const Checked& reference);
// Reads `inner` (in the frame of the referred table) through a reference-valued expression; none: it is not followable.
std::optional<ExprId> follow_expr(Context& context, ExprId reference, ExprId inner);

// An expression of `owner`'s frame as seen from `scope`, a scope inside it.
ExprId lift(Context& context, const Scope& scope, const Scope& owner, ExprId expr);

// S3002, or the code of the unit that is missing, with what a person most likely meant.
void report_not_comparable(Context& context, const Scope& scope, NodeId node, NodeId a_node, const Checked& a,
                           NodeId b_node, const Checked& b);
// S3001 with "this is X, but Y is needed".
Checked report_wrong_type(Context& context, const Scope& scope, NodeId node, const Type& seen, std::string_view needed);
std::string phrase(const Context& context, const Type& type);
std::string currency_name(const Context& context, const Type& money);
// The node's text for a message: one line, at most about 40 characters.
std::string excerpt(const Context& context, const Scope& scope, NodeId node);
Span span(const Context& context, const Scope& scope, NodeId node);
Checked not_yet(Context& context, const Scope& scope, NodeId node, Code code, std::string_view what);

// ---- groups of node kinds -------------------------------------------------------------------------------------------

Checked check_literal(Context& context, const Scope& scope, NodeId node, const Expected& expected);
Checked check_list(Context& context, const Scope& scope, NodeId node, const Expected& expected);
// A length in months, quarters, years is no exact duration: dates take it, nothing else. -> months; none: not such a
// node
std::optional<std::int64_t> calendar_months(Context& context, const Scope& scope, NodeId node);

Checked check_name(Context& context, const Scope& scope, NodeId node, const Expected& expected);  // kName, kPath
Checked check_part(Context& context, const Scope& scope, NodeId node,
                   const Expected& expected);  // kField: climate[x].zone
Checked check_in_segment(Context& context, const Scope& scope, NodeId node);
// names[from…] read from the row of `scope` itself: `amount`, `product.category`, a metric of that table.
Checked read_row(Context& context, const Scope& scope, NodeId node, const std::vector<std::string>& names,
                 std::size_t from);
// Does the name mean a value here (a field, a metric, a param …)? Nothing is reported.
bool is_value_name(Context& context, const Scope& scope, const std::string& name);
// "an event", "a lookup table", "a metric": what a name is, for S2005.
std::string noun(const Context& context, const Symbol& symbol);
std::string table_noun(base::TableKind kind);
// S2001 with what was meant.
Checked report_unknown_name(Context& context, const Scope& scope, NodeId node, const std::vector<std::string>& names,
                            const Expected& expected);
// An event, segment, list … where a value is needed: S2005.
Checked report_not_a_value(Context& context, const Scope& scope, NodeId node, const std::vector<std::string>& names,
                           const Symbol& symbol);
Checked inline_define(Context& context, const Scope& scope, NodeId call, SymbolId define,
                      const std::vector<NodeId>& arguments);

Checked check_comparison(Context& context, const Scope& scope, NodeId node);
Checked check_between(Context& context, const Scope& scope, NodeId node);
Checked check_in(Context& context, const Scope& scope, NodeId node);
Checked check_is_missing(Context& context, const Scope& scope, NodeId node);
// a op b after unify; reports what has no order. For comparisons, between, list membership.
Checked compare(Context& context, const Scope& scope, NodeId node, Fn fn, NodeId a_node, Checked a, NodeId b_node,
                Checked b);
Checked check_text_test(Context& context, const Scope& scope, NodeId node);
Checked check_contains(Context& context, const Scope& scope, NodeId node);

Checked check_logic(Context& context, const Scope& scope, NodeId node);  // and, or, not, blocks
// So many of these conditions: `items` is what they are, for messages.
Checked count_conditions(Context& context, const Scope& scope, NodeId node, NodeId count_node, Fn fn,
                         std::string_view words, std::string_view items, const std::vector<ExprId>& flags);
Checked check_regularity(Context& context, const Scope& scope, NodeId node);  // in each of last 6 months (…)
// A second period inside a regularity: S3207.
bool refuse_period(Context& context, const Scope& scope, Span place, std::string_view text);
Checked check_if(Context& context, const Scope& scope, NodeId node, const Expected& expected);
Checked check_or_if_missing(Context& context, const Scope& scope, NodeId node, const Expected& expected);

Checked check_arithmetic(Context& context, const Scope& scope, NodeId node);
Checked check_negate(Context& context, const Scope& scope, NodeId node, const Expected& expected);
// One operator on values that have been checked; `node` for messages.
Checked arithmetic(Context& context, const Scope& scope, NodeId node, syntax::ArithmeticOp op, NodeId a_node, Checked a,
                   NodeId b_node, Checked b);

Checked check_since(Context& context, const Scope& scope, NodeId node);  // days since D
Checked check_until(Context& context, const Scope& scope, NodeId node);  // days until D
Checked check_before_after(Context& context, const Scope& scope, NodeId node);
Checked check_within(Context& context, const Scope& scope, NodeId node);       // D within PERIOD
Checked check_calendar_of(Context& context, const Scope& scope, NodeId node);  // calendar month of T
Checked check_part_of(Context& context, const Scope& scope, NodeId node);      // month of D, currency of x
// Day, week, month, quarter or year.
std::optional<base::TimeUnit> calendar_unit(syntax::Unit unit);
// `UNIT since` a date or time that has been checked.
Checked since(Context& context, const Scope& scope, NodeId node, NodeId unit, NodeId value_node, Checked value);

// What a period is: a window, or else (`first 30 days after D`, counts that are params) a condition on a date or time.
struct Period {
  std::optional<base::Window> window;
  NodeId node = syntax::kNoNode;
  ExprId counts[2] = {kNone, kNone};  // without a window: its counts, whole numbers
  bool ok = false;
};
Period check_period(Context& context, const Scope& scope, NodeId node);
// A period in hours over whole days has no meaning.
bool counts_hours_of_dates(const base::Window& window, const Type& moment);
// Is the value inside? A date or a time of the frame of `scope`, which is the period's own scope or inside of it.
// Poison: reported.
Checked in_period(Context& context, const Scope& scope, const Scope& period_scope, const Period& period,
                  NodeId value_node, Checked value);
// Reads the currency column of a money column whose currency another column names; none: it is no such value.
std::optional<ExprId> currency_of(Context& context, ExprId money);

// An event itself, with its clauses, and not one of its fields.
bool names_events(Context& context, const Scope& scope, NodeId node);
// `first EVENT within PERIOD`
Checked check_first_within(Context& context, const Scope& scope, NodeId event_node, NodeId period_node);
Checked check_event_phrase(Context& context, const Scope& scope,
                           NodeId node);  // did, any/every/no, since last, first within
Checked check_time_from_to(Context& context, const Scope& scope, NodeId node);  // time from A to B
Checked check_step_path(Context& context, const Scope& scope, NodeId node);     // step 1.amount
// An aggregate function's call: count(…), sum(…), share(A out of B).
Checked check_aggregate_call(Context& context, const Scope& scope, NodeId node, const std::string& name);
bool is_aggregate_name(std::string_view name);

// Against the population: ranks, figures `across` everyone, `in top 10% by`.
bool is_population_call(std::string_view name);
bool has_across(const Context& context, const Scope& scope, NodeId call_node);
Checked check_population_call(Context& context, const Scope& scope, NodeId node);
Checked check_across(Context& context, const Scope& scope, NodeId node, const std::string& name);
Checked check_rank_scope(Context& context, const Scope& scope, NodeId node);
Checked check_in_top(Context& context, const Scope& scope, NodeId node);

Checked check_call(Context& context, const Scope& scope, NodeId node, const Expected& expected);
// A native function or an inlined one of the catalogue on values that have been checked.
Checked check_function(Context& context, const Scope& scope, NodeId node, const std::string& name,
                       const std::vector<NodeId>& arguments, const Expected& expected);

}  // namespace seg::check
