// Values of many rows: count, sum, average, …, share(A out of B).
#include <algorithm>
#include <array>

#include "compiler/check/rows.h"

namespace seg::check {
namespace {

using program::AggFn;

struct AggregateName {
  std::string_view name;
  AggFn fn;
};
constexpr std::array<AggregateName, 10> kAggregates = {{
    {"count", AggFn::kCount},
    {"sum", AggFn::kSum},
    {"average", AggFn::kAverage},
    {"minimum", AggFn::kMinimum},
    {"maximum", AggFn::kMaximum},
    {"median", AggFn::kMedian},
    {"distinct", AggFn::kDistinct},
    {"first", AggFn::kFirst},
    {"last", AggFn::kLast},
    {"most common", AggFn::kMostCommon},
}};

std::string_view spelled(AggFn fn) {
  for (const AggregateName& aggregate : kAggregates) {
    if (aggregate.fn == fn) return aggregate.name;
  }
  return "exists";
}

// A field that the function can take, for the way out.
std::string field_for(const Context& context, TableId table, AggFn fn) {
  const base::Table& found = context.table(table);
  std::string name;
  for (ColumnId i = 0; i < found.columns.size(); ++i) {
    const base::Column& column = found.columns[i];
    const bool is_key = std::find(found.key.begin(), found.key.end(), i) != found.key.end();
    if (i == found.owner || i == found.time || is_key || !aggregate_type(fn, column.type)) continue;
    if (column.type.kind == TypeKind::kMoney) return column.name;
    if (name.empty()) name = column.name;
  }
  return name;
}

Checked report_no_field(Context& context, const Scope& scope, NodeId node, const Rows& rows, AggFn fn) {
  const std::string name(spelled(fn));
  auto report = context.report(Code::wrong_arguments, span(context, scope, node),
                               {name, "a field of `" + rows.name + "`", "the event itself"});
  const std::string field = field_for(context, rows.table, fn);
  if (!field.empty()) report.help("for example `" + name + "(" + rows.name + "." + field + ")`");
  if (fn == AggFn::kFirst || fn == AggFn::kLast) {
    report.help("when it was: `days since " + name + " " + rows.name + "`");
  }
  if (fn == AggFn::kSum) report.help("how many there are: `count(" + rows.name + ")`");
  return poison();
}

bool is_gap(Context& context, const Rows& rows) {
  return rows.path.size() == rows.num_names + 1 && rows.path.back() == "gap" &&
         !find_field(context, rows.value_module, rows.table, "gap");
}

// The rows' value and what the function makes of it.
Checked aggregate_value(Context& context, const Scope& scope, NodeId node, const Rows& rows, AggFn fn) {
  const std::string name(spelled(fn));
  if (is_gap(context, rows)) {
    if (context.table(rows.table).time == kNone) {
      context.report(Code::not_periodic, span(context, scope, node), {rows.name})
          .note("`" + context.table(rows.table).name + "` has no time of its own");
      return poison();
    }
    const auto type = aggregate_type(fn, kIntegerType);
    return aggregate_rows(context, scope, rows, fn, kNone, *type, true);
  }
  if ((fn == AggFn::kFirst || fn == AggFn::kLast) && context.table(rows.table).time == kNone) {
    context.report(Code::not_periodic, span(context, scope, node), {rows.name})
        .note("`" + context.table(rows.table).name + "` has no time of its own, so none of them is the " + name +
              " one");
    return poison();
  }
  const Scope inside = value_scope(rows);
  Checked value = rows.path.empty() ? check_expression(context, inside, rows.value_node)
                                    : read_row(context, inside, rows.value_node, rows.path, rows.num_names);
  if (!value.ok()) return poison();
  const bool keeps_value = fn == AggFn::kFirst || fn == AggFn::kLast || fn == AggFn::kMostCommon;
  if (value.type.kind == TypeKind::kReference && keeps_value) {
    // What it leads to is named by its key.
    value = key_of(context, value);
    if (!value.ok()) return not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
  }
  const bool adds = fn != AggFn::kCount && fn != AggFn::kDistinct;
  if (adds && value.type.kind == TypeKind::kMoney && value.type.detail == base::kNoDetail) {
    const std::string field = rows.path.empty() ? "amount" : rows.path.back();
    context
        .report(Code::row_currency, span(context, inside, rows.value_node), {excerpt(context, inside, rows.value_node)})
        .note("another column names its currency, so one row may be in EUR and the next in USD")
        .help("choose one: `" + name + "(" + excerpt(context, inside, rows.value_node) + " where currency of " + field +
              " is EUR)`");
    return poison();
  }
  const auto type = aggregate_type(fn, value.type);
  if (!type) {
    auto report = context.report(Code::wrong_type, span(context, inside, rows.value_node),
                                 {phrase(context, value.type), "something that `" + name + "` works on"});
    const bool is_flag = value.type.kind == TypeKind::kFlag;
    const std::string field = rows.path.empty() ? "…" : rows.path.back();
    if (is_flag) report.help("how many of them: `count(" + rows.name + " where " + field + ")`");
    std::string others;
    for (const AggregateName& other : kAggregates) {
      if (!aggregate_type(other.fn, value.type)) continue;
      others += (others.empty() ? "`" : ", `") + std::string(other.name) + "`";
    }
    report.help("of it there is " + others);
    return poison();
  }
  return aggregate_rows(context, scope, rows, fn, value.expr, *type);
}

Checked aggregate_of(Context& context, const Scope& scope, NodeId node, const Rows& rows, AggFn fn) {
  if (rows.has_value()) return aggregate_value(context, scope, node, rows, fn);
  if (fn == AggFn::kCount) return aggregate_rows(context, scope, rows, fn, kNone, kIntegerType);
  return report_no_field(context, scope, node, rows, fn);
}

bool is_streak_name(std::string_view name) { return name == "streak" || name == "current streak"; }

// streak(visit by month): the longest run of calendar months with a visit in each; current streak: the one that goes
// on.
Checked check_streak(Context& context, const Scope& scope, NodeId node, const std::string& name) {
  const Tree& tree = context.tree(scope);
  const NodeId by = tree.num_children(node) == 2 ? tree.child(node, 1) : syntax::kNoNode;
  if (by == syntax::kNoNode || !tree.is(by, NodeKind::kBy)) {
    const bool has_event = by != syntax::kNoNode;
    context
        .report(Code::wrong_arguments, span(context, scope, node),
                {name, "an event and a calendar unit", has_event ? "an event alone" : "nothing"})
        .help("`" + name + "(" + (has_event ? excerpt(context, scope, by) : "visit") +
              " by month)`: by day, week, month, quarter or year");
    return poison();
  }
  Rows rows;
  if (!select_rows(context, scope, tree.child(by, 0), name, rows)) return poison();
  if (refuse_times(context, scope, rows)) return poison();
  if (rows.has_value()) {
    context.report(Code::not_rows, span(context, scope, rows.value_node), {name, "one of its fields"})
        .help("name the event alone: `" + name + "(" + rows.name + " by " +
              std::string(tree.text(tree.last_child(by))) + ")`");
    return poison();
  }
  const ColumnId time = context.table(rows.table).time;
  if (time == kNone) {
    context.report(Code::not_periodic, span(context, scope, node), {rows.name})
        .note("`" + context.table(rows.table).name + "` has no time of its own");
    return poison();
  }
  const NodeId unit_node = tree.last_child(by);
  const auto unit = calendar_unit(tree.unit(unit_node));
  if (!unit) {
    context.report(Code::unknown_unit, span(context, scope, unit_node), {std::string(tree.text(unit_node))})
        .note("a streak is counted by day, week, month, quarter or year");
    return poison();
  }
  const Checked day = to_date(context, checked(context, context.program.field(rows.table, time)));
  const AggFn fn = name == "streak" ? AggFn::kStreak : AggFn::kCurrentStreak;
  return aggregate_rows(context, scope, rows, fn, day.expr, kIntegerType, false, *unit);
}

// share(A out of B): how many of B are A, or how much.
Checked check_share(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId out_of = tree.num_children(node) == 2 ? tree.child(node, 1) : syntax::kNoNode;
  if (out_of == syntax::kNoNode || !tree.is(out_of, NodeKind::kOutOf)) {
    context.report(Code::wrong_arguments, span(context, scope, node), {"share", "`A out of B`", "one event alone"})
        .help("`share(big_purchase out of purchase over last 90 days)`");
    return poison();
  }
  Rows part;
  Rows whole;
  const bool part_ok = select_rows(context, scope, tree.child(out_of, 0), "share", part);
  const bool whole_ok = select_rows(context, scope, tree.child(out_of, 1), "share", whole);
  if (!part_ok || !whole_ok) return poison();
  if (refuse_times(context, scope, part) || refuse_times(context, scope, whole)) return poison();
  // A period at the end is said of both.
  if (part.over_node == syntax::kNoNode && whole.over_node != syntax::kNoNode && whole.window)
    part.window = whole.window;
  const AggFn fn = part.has_value() || whole.has_value() ? AggFn::kSum : AggFn::kCount;
  const Checked a = aggregate_of(context, scope, tree.child(out_of, 0), part, fn);
  const Checked b = aggregate_of(context, scope, tree.child(out_of, 1), whole, fn);
  return arithmetic(context, scope, node, syntax::ArithmeticOp::divide, tree.child(out_of, 0), a, tree.child(out_of, 1),
                    b);
}

}  // namespace

std::optional<AggFn> find_aggregate(std::string_view name) {
  for (const AggregateName& aggregate : kAggregates) {
    if (aggregate.name == name) return aggregate.fn;
  }
  return std::nullopt;
}

bool is_aggregate_name(std::string_view name) {
  return name == "share" || is_streak_name(name) || find_aggregate(name).has_value();
}

std::optional<Type> aggregate_type(AggFn fn, const Type& value) {
  const TypeKind kind = value.kind;
  const bool is_plain = kind != TypeKind::kList && kind != TypeKind::kLocation;
  const bool is_exact = kind == TypeKind::kMoney || kind == TypeKind::kDuration;
  switch (fn) {
    case AggFn::kCount: return kIntegerType;
    case AggFn::kExists: return kFlagType;
    case AggFn::kSum: return is_numeric(value) || is_exact ? std::optional(value) : std::nullopt;
    case AggFn::kAverage:
    case AggFn::kMedian:
      if (is_numeric(value)) return kNumberType;
      return is_exact ? std::optional(value) : std::nullopt;
    case AggFn::kMinimum:
    case AggFn::kMaximum: return is_ordered(value) ? std::optional(value) : std::nullopt;
    case AggFn::kDistinct: return is_plain ? std::optional(kIntegerType) : std::nullopt;
    case AggFn::kStreak:
    case AggFn::kCurrentStreak: return kind == TypeKind::kDate ? std::optional(kIntegerType) : std::nullopt;
    case AggFn::kFirst:
    case AggFn::kLast:
    case AggFn::kMostCommon: return is_plain && kind != TypeKind::kReference ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

Checked check_aggregate_call(Context& context, const Scope& scope, NodeId node, const std::string& name) {
  const Tree& tree = context.tree(scope);
  if (has_across(context, scope, node)) return check_across(context, scope, node, name);
  if (name == "share") return check_share(context, scope, node);
  if (is_streak_name(name)) return check_streak(context, scope, node, name);
  const AggFn fn = *find_aggregate(name);
  if (tree.num_children(node) != 2) {
    context
        .report(Code::wrong_arguments, span(context, scope, node),
                {name, "one event or one field of it", std::to_string(tree.num_children(node) - 1) + " values"})
        .help("`" + name + "(EVENT" + (fn == AggFn::kCount ? "" : ".FIELD") + " where … over …)`");
    return poison();
  }
  const NodeId argument = tree.child(node, 1);
  if (tree.is(argument, NodeKind::kOutOf)) {
    context
        .report(Code::wrong_arguments, span(context, scope, argument),
                {name, "one event or one field of it", "`A out of B`"})
        .help("a share is `share(" + excerpt(context, scope, argument) + ")`");
    return poison();
  }
  if (tree.is(argument, NodeKind::kBy)) {
    const std::string event = excerpt(context, scope, tree.child(argument, 0));
    const std::string unit(tree.text(tree.last_child(argument)));
    auto report = context.report(Code::wrong_arguments, span(context, scope, argument),
                                 {name, "one event or one field of it", "`" + excerpt(context, scope, argument) + "`"});
    if (fn == AggFn::kCount || fn == AggFn::kDistinct) {
      report.help("in how many of them there is one: `distinct(calendar " + unit + " of " + event + ".at)`");
    }
    report.help("how many of them follow one another: `streak(" + excerpt(context, scope, argument) + ")`");
    return poison();
  }
  Rows rows;
  if (!select_rows(context, scope, argument, name, rows)) return poison();
  if (refuse_times(context, scope, rows)) return poison();
  return aggregate_of(context, scope, argument, rows, fn);
}

}  // namespace seg::check
