// Dates and times: since, until, before, after, within, parts of dates.
#include "base/suggest.h"
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

using syntax::Unit;

bool is_moment(const Type& type) { return type.kind == TypeKind::kDate || type.kind == TypeKind::kTime; }

Checked report_unit(Context& context, const Scope& scope, NodeId unit, std::string_view rule) {
  context.report(Code::unknown_unit, span(context, scope, unit), {std::string(context.tree(scope).text(unit))})
      .note(std::string(rule));
  return poison();
}

// `days since purchase`, `purchase within last 30 days`: an event is no date. `before`, `after`: what to write around
// it.
bool report_event(Context& context, const Scope& scope, NodeId value, std::string_view before, std::string_view after) {
  const Tree& tree = context.tree(scope);
  if (!tree.is(value, NodeKind::kName) && !tree.is(value, NodeKind::kPath)) return false;
  const std::vector<std::string> names = path_names(tree, value);
  if (is_value_name(context, scope, names.front())) return false;
  const auto rows = find_rows(context, scope.module, names, span(context, scope, value));
  if (!rows || rows->is_bad || rows->num_names != names.size()) return false;
  const std::string name = tree.name(value);
  context
      .report(Code::many_values, span(context, scope, value),
              {name, scope.frame == kNone ? "row" : context.table(scope.frame).name})
      .help("did you mean `" + std::string(before) + name + std::string(after) + "`?");
  return true;
}

}  // namespace

std::optional<base::TimeUnit> calendar_unit(Unit unit) {
  switch (unit) {
    case Unit::day: return base::TimeUnit::kDay;
    case Unit::week: return base::TimeUnit::kWeek;
    case Unit::month: return base::TimeUnit::kMonth;
    case Unit::quarter: return base::TimeUnit::kQuarter;
    case Unit::year: return base::TimeUnit::kYear;
    case Unit::hour:
    case Unit::second:
    case Unit::minute:
    case Unit::meter:
    case Unit::kilometer:
    case Unit::mile:
    case Unit::currency: return std::nullopt;
  }
  return std::nullopt;
}

Checked since(Context& context, const Scope& scope, NodeId node, NodeId unit, NodeId value_node, Checked value) {
  (void)node;
  if (!value.ok()) return poison();
  if (!is_moment(value.type)) return report_wrong_type(context, scope, value_node, value.type, "a date or a time");
  const auto whole = [&](Fn fn) { return call(context, fn, kIntegerType, {to_date(context, value).expr}); };
  switch (context.tree(scope).unit(unit)) {
    case Unit::hour:
      if (value.type.kind == TypeKind::kDate) value = call(context, Fn::start_of_day, kTimeType, {value.expr});
      return call(context, Fn::hours_since, kIntegerType, {value.expr});
    case Unit::day: return whole(Fn::days_since);
    case Unit::week: return whole(Fn::weeks_since);
    case Unit::month: return whole(Fn::months_since);
    case Unit::year: return whole(Fn::years_since);
    case Unit::quarter:
    case Unit::second:
    case Unit::minute:
    case Unit::meter:
    case Unit::kilometer:
    case Unit::mile:
    case Unit::currency: break;
  }
  return report_unit(context, scope, unit, "time since something is counted in hours, days, weeks, months or years");
}

Checked check_since(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId value_node = tree.child(node, 1);
  const std::string words = std::string(tree.text(tree.child(node, 0))) + " since last ";
  if (report_event(context, scope, value_node, words, "")) return poison();
  const Checked value = check_expression(context, scope, value_node, Expected::of(kDateType));
  return since(context, scope, node, tree.child(node, 0), value_node, value);
}

Checked check_until(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId value_node = tree.child(node, 1);
  Checked value = check_expression(context, scope, value_node, Expected::of(kDateType));
  if (!value.ok()) return poison();
  if (!is_moment(value.type)) return report_wrong_type(context, scope, value_node, value.type, "a date or a time");
  if (tree.unit(tree.child(node, 0)) != Unit::day) {
    return report_unit(context, scope, tree.child(node, 0), "time until something is counted in days: `days until D`");
  }
  return call(context, Fn::days_until, kIntegerType, {to_date(context, value).expr});
}

Checked check_before_after(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  Checked sides[2];
  for (std::size_t i = 0; i < 2; ++i)
    sides[i] = check_expression(context, scope, tree.child(node, i), Expected::of(kDateType));
  if (!sides[0].ok() || !sides[1].ok()) return poison();
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_moment(sides[i].type)) {
      return report_wrong_type(context, scope, tree.child(node, i), sides[i].type, "a date or a time");
    }
  }
  // A time beside a day is compared by its own day.
  if (sides[0].type.kind != sides[1].type.kind) {
    for (Checked& side : sides) side = to_date(context, side);
  }
  return call(context, tree.is(node, NodeKind::kBefore) ? Fn::lt : Fn::gt, kFlagType, {sides[0].expr, sides[1].expr});
}

Checked check_within(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId value_node = tree.child(node, 0);
  const NodeId period_node = tree.child(node, 1);
  const bool is_call = tree.is(value_node, NodeKind::kCall) && tree.is(tree.child(value_node, 0), NodeKind::kName);
  const std::string callee = is_call ? tree.name(tree.child(value_node, 0)) : "";
  if (callee == "first" && tree.num_children(value_node) == 2 &&
      names_events(context, scope, tree.child(value_node, 1))) {
    // `first (purchase where …) within last 30 days` reads like a call.
    return check_first_within(context, scope, tree.child(value_node, 1), period_node);
  }
  if (callee == "birthday" || callee == "anniversary") {
    if (tree.num_children(value_node) != 2) {
      context
          .report(Code::wrong_arguments, span(context, scope, value_node),
                  {callee, "1 value", std::to_string(tree.num_children(value_node) - 1)})
          .help("`" + callee + "(birth_date) within next 7 days`");
      return poison();
    }
    const NodeId date_node = tree.child(value_node, 1);
    const Checked date = check_expression(context, scope, date_node, Expected::of(kDateType));
    const Period period = check_period(context, scope, period_node);
    if (!date.ok() || !period.ok) return poison();
    if (!is_moment(date.type)) return report_wrong_type(context, scope, date_node, date.type, "a date");
    if (!period.window) {
      return not_yet(context, scope, period_node, Code::construct_not_yet, excerpt(context, scope, period_node));
    }
    if (counts_hours_of_dates(*period.window, kDateType)) {
      context.report(Code::hours_of_dates, span(context, scope, value_node)).help("count its period in days");
      return poison();
    }
    return checked(context, context.program.recurs_in_window(to_date(context, date).expr, *period.window));
  }
  const std::string over = " over " + excerpt(context, scope, period_node);
  if (report_event(context, scope, value_node, "did ", over)) return poison();
  const Checked value = check_expression(context, scope, value_node, Expected::of(kDateType));
  const Period period = check_period(context, scope, period_node);
  if (!value.ok() || !period.ok) return poison();
  if (!is_moment(value.type)) return report_wrong_type(context, scope, value_node, value.type, "a date or a time");
  return in_period(context, scope, scope, period, value_node, value);
}

Checked check_calendar_of(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId unit_node = tree.child(node, 0);
  const NodeId value_node = tree.child(node, 1);
  const Checked value = check_expression(context, scope, value_node);
  if (!value.ok()) return poison();
  if (!is_moment(value.type)) return report_wrong_type(context, scope, value_node, value.type, "a date or a time");
  const auto unit = calendar_unit(tree.unit(unit_node));
  if (!unit || *unit == base::TimeUnit::kDay) {
    return report_unit(context, scope, unit_node, "a calendar period is a week, month, quarter or year");
  }
  const Checked unit_literal = integer_literal(context, static_cast<std::int64_t>(*unit));
  return call(context, Fn::calendar_unit_of, kDateType, {to_date(context, value).expr, unit_literal.expr});
}

std::optional<ExprId> currency_of(Context& context, ExprId money) {
  const program::Expr expr = context.program.expr(money);
  if (expr.kind == program::ExprKind::kField) {
    const ColumnId column = context.table(expr.frame).columns[expr.a].currency_column;
    if (column == kNone) return std::nullopt;
    return context.program.field(expr.frame, column);
  }
  if (expr.kind != program::ExprKind::kFollow) return std::nullopt;
  const auto inner = currency_of(context, context.program.args_of(money)[0]);
  if (!inner) return std::nullopt;
  return context.program.follow(expr.frame, expr.a, *inner);
}

Checked check_part_of(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId name_node = tree.child(node, 0);
  const NodeId value_node = tree.child(node, 1);
  const std::string name = tree.name(name_node);
  if (name != "currency") return check_function(context, scope, node, name, {value_node}, {});
  const Checked value = check_expression(context, scope, value_node);
  if (!value.ok()) return poison();
  if (value.type.kind != TypeKind::kMoney) return report_wrong_type(context, scope, value_node, value.type, "money");
  const auto currency = currency_of(context, value.expr);
  if (currency) return checked(context, *currency);
  if (value.type.detail == base::kNoDetail) {
    return not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
  }
  return literal(context, kTextType, Value::of(currency_name(context, value.type)));
}

}  // namespace seg::check
