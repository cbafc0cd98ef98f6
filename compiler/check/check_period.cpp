// Periods: `last 3 months`, `45 to 15 days ago`, `first 30 days after signup`. Most become a window of the program;
// what depends on a row or on a param becomes a comparison of days.
#include <chrono>

#include "base/suggest.h"
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

using base::TimeUnit;
using base::WindowKind;
using syntax::Unit;

constexpr std::int64_t kLongestYears = 1000;

std::optional<TimeUnit> time_unit(Unit unit) {
  switch (unit) {
    case Unit::hour: return TimeUnit::kHour;
    case Unit::day: return TimeUnit::kDay;
    case Unit::week: return TimeUnit::kWeek;
    case Unit::month: return TimeUnit::kMonth;
    case Unit::quarter: return TimeUnit::kQuarter;
    case Unit::year: return TimeUnit::kYear;
    case Unit::second:
    case Unit::minute:
    case Unit::meter:
    case Unit::kilometer:
    case Unit::mile:
    case Unit::currency: return std::nullopt;
  }
  return std::nullopt;
}

std::int64_t longest(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kHour: return kLongestYears * 366 * 24;
    case TimeUnit::kDay: return kLongestYears * 366;
    case TimeUnit::kWeek: return kLongestYears * 53;
    case TimeUnit::kMonth: return kLongestYears * 12;
    case TimeUnit::kQuarter: return kLongestYears * 4;
    case TimeUnit::kYear: return kLongestYears;
  }
  return 0;
}

std::optional<TimeUnit> check_unit(Context& context, const Scope& scope, NodeId period) {
  const Tree& tree = context.tree(scope);
  const NodeId unit_node = tree.child(period, NodeKind::kUnit);
  if (unit_node == syntax::kNoNode) return std::nullopt;
  const auto unit = time_unit(tree.unit(unit_node));
  if (!unit) {
    context.report(Code::unknown_unit, span(context, scope, unit_node), {std::string(tree.text(unit_node))})
        .note("periods are counted in hours, days, weeks, months, quarters or years");
  }
  return unit;
}

struct Count {
  std::optional<std::int64_t> value;
  ExprId expr = kNone;
  bool ok = false;
};

Count check_count(Context& context, const Scope& scope, NodeId node, TimeUnit unit) {
  const Checked count = check_expression(context, scope, node, Expected::of(kIntegerType));
  if (!count.ok()) return {};
  if (context.program.expr(count.expr).frame != kNone) {
    context.report(Code::not_a_literal, span(context, scope, node), {"the length of a period"})
        .note("a period is as long for everyone; a number or a param can stand here");
    return {};
  }
  if (count.type.kind != TypeKind::kInteger) {
    report_wrong_type(context, scope, node, count.type, "a whole number");
    return {};
  }
  const Value* known = literal_value(context, count);
  if (known == nullptr) return {.expr = count.expr, .ok = true};
  if (known->integer() > longest(unit)) {
    context.report(Code::period_too_long, span(context, scope, node), {kLongestYears});
    return {};
  }
  return {.value = known->integer(), .expr = count.expr, .ok = true};
}

void report_empty(Context& context, const Scope& scope, NodeId node, std::string_view why) {
  context.report(Code::empty_window, span(context, scope, node), {std::string(why)});
}

std::int32_t day_number(const syntax::CalendarDay& day) {
  const std::chrono::year_month_day date{std::chrono::year{day.year},
                                         std::chrono::month(static_cast<unsigned>(day.month)),
                                         std::chrono::day(static_cast<unsigned>(day.day))};
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

// `this persian month`: a name that is no count stands before the unit.
bool is_other_calendar(Context& context, const Scope& scope, NodeId period, std::size_t num_counts) {
  const Tree& tree = context.tree(scope);
  std::size_t names = 0;
  for (NodeId child : tree.children(period)) {
    if (tree.is(child, NodeKind::kUnit)) break;
    if (++names <= num_counts) continue;
    if (!tree.is(child, NodeKind::kName) || tree.name(child) == "gregorian") continue;
    not_yet(context, scope, child, Code::no_calendars_yet, tree.name(child));
    return true;
  }
  return false;
}

Period check_named(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId name_node = tree.last_child(node);
  const std::vector<std::string> names = path_names(tree, name_node);
  const Span place = span(context, scope, name_node);
  const Found found = find_symbol(context, scope.module, names, place);
  if (found.ambiguous) return {};
  if (found.symbol == kNone) {
    report_unknown_name(context, scope, name_node, names, {});
  } else if (use_symbol(context, found.symbol, place)) {
    const Symbol& symbol = context.symbols[found.symbol];
    context.report(Code::wrong_kind_of_name, place, {tree.name(name_node), symbol_noun(symbol.kind), "a period"})
        .help("a period is `last 30 days`, `this month`, `2026-01-01 to 2026-03-31`");
  }
  return {};
}

Period check_counted(Context& context, const Scope& scope, NodeId node, WindowKind kind) {
  const Tree& tree = context.tree(scope);
  const std::size_t num_counts = kind == WindowKind::kAgo ? 2 : 1;
  if (is_other_calendar(context, scope, node, num_counts)) return {};
  const auto unit = check_unit(context, scope, node);
  if (!unit) return {};
  Count counts[2];
  for (std::size_t i = 0; i < num_counts; ++i) {
    counts[i] = check_count(context, scope, tree.child(node, i), *unit);
    if (!counts[i].ok) return {};
  }
  const bool is_known = counts[0].value && (num_counts == 1 || counts[1].value);
  if (!is_known) {
    if (kind == WindowKind::kLastFull || *unit == TimeUnit::kHour) {
      not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
      return {};
    }
    return {.node = node, .counts = {counts[0].expr, counts[1].expr}, .ok = true};
  }
  base::Window window{.kind = kind, .unit = *unit, .n = *counts[0].value};
  if (kind == WindowKind::kAgo) {
    window.m = *counts[1].value;
    if (window.n <= window.m || window.m < 0) {
      report_empty(context, scope, node, window.n == window.m ? "it begins where it ends" : "it ends before it begins");
      return {};
    }
  } else if (window.n <= 0) {
    report_empty(context, scope, node, "its length is " + std::to_string(window.n));
    return {};
  }
  return {.window = window, .node = node, .ok = true};
}

// Moved by `count` units; of a date.
ExprId moved(Context& context, ExprId date, TimeUnit unit, ExprId count, std::int64_t times) {
  const auto scaled = [&](std::int64_t factor) {
    const Checked count_value = checked(context, count);
    if (const Value* known = literal_value(context, count_value)) {
      return integer_literal(context, known->integer() * factor).expr;
    }
    if (factor == 1) return count;
    return call(context, Fn::multiply, kIntegerType, {count, integer_literal(context, factor).expr}).expr;
  };
  switch (unit) {
    case TimeUnit::kHour:
    case TimeUnit::kDay: return call(context, Fn::add_days, kDateType, {date, scaled(times)}).expr;
    case TimeUnit::kWeek: return call(context, Fn::add_days, kDateType, {date, scaled(7 * times)}).expr;
    case TimeUnit::kMonth: return call(context, Fn::add_months, kDateType, {date, scaled(times)}).expr;
    case TimeUnit::kQuarter: return call(context, Fn::add_months, kDateType, {date, scaled(3 * times)}).expr;
    case TimeUnit::kYear: return call(context, Fn::add_months, kDateType, {date, scaled(12 * times)}).expr;
  }
  return date;
}

// from <= value < to
Checked half_open(Context& context, ExprId value, ExprId from, ExprId to) {
  const Checked begins = call(context, Fn::ge, kFlagType, {value, from});
  const Checked ends = call(context, Fn::lt, kFlagType, {value, to});
  return call(context, Fn::logical_and, kFlagType, {begins.expr, ends.expr});
}

Checked in_first_after(Context& context, const Scope& scope, const Scope& period_scope, const Period& period,
                       NodeId value_node, Checked value) {
  const Tree& tree = context.tree(period_scope);
  const NodeId start_node = tree.last_child(period.node);
  const TimeUnit unit = *time_unit(tree.unit(tree.child(period.node, NodeKind::kUnit)));
  Checked start = check_expression(context, period_scope, start_node);
  if (!start.ok()) return poison();
  if (start.type.kind != TypeKind::kDate && start.type.kind != TypeKind::kTime) {
    return report_wrong_type(context, period_scope, start_node, start.type, "a date or a time");
  }
  const bool is_constant = context.program.expr(start.expr).frame == kNone;
  if (!is_constant && &scope != &period_scope && scope.owner_ref == program::kWholeTable) {
    context.report(Code::out_of_reach, span(context, period_scope, start_node),
                   {excerpt(context, period_scope, start_node), context.table(period_scope.frame).name,
                    "every `" + context.table(scope.frame).name + "`"});
    return poison();
  }
  if (!is_constant) start.expr = lift(context, scope, period_scope, start.expr);
  if (unit != TimeUnit::kHour) {
    start = to_date(context, start);
    value = to_date(context, value);
    return half_open(context, value.expr, start.expr, moved(context, start.expr, unit, period.counts[0], 1));
  }
  if (value.type.kind == TypeKind::kDate) {
    context.report(Code::hours_of_dates, span(context, scope, value_node));
    return poison();
  }
  if (start.type.kind == TypeKind::kDate) start = call(context, Fn::start_of_day, kTimeType, {start.expr});
  const Value* known = literal_value(context, checked(context, period.counts[0]));
  if (known == nullptr) return not_yet(context, period_scope, period.node, Code::construct_not_yet, "hours of a param");
  const Checked length = literal(context, kDurationType, Value::of(known->integer() * base::kMicrosPerHour));
  const Checked end = call(context, Fn::add_duration, kTimeType, {start.expr, length.expr});
  return half_open(context, value.expr, start.expr, end.expr);
}

}  // namespace

Period check_period(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  switch (tree.kind(node)) {
    case NodeKind::kLastPeriod:
      return check_counted(context, scope, node, tree.is_full(node) ? WindowKind::kLastFull : WindowKind::kLast);
    case NodeKind::kPreviousPeriod:
    case NodeKind::kNextPeriod:
      if (tree.is_full(node)) {
        not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
        return {};
      }
      return check_counted(context, scope, node,
                           tree.is(node, NodeKind::kNextPeriod) ? WindowKind::kNext : WindowKind::kPrevious);
    case NodeKind::kAgoPeriod: return check_counted(context, scope, node, WindowKind::kAgo);
    case NodeKind::kThisPeriod: {
      if (is_other_calendar(context, scope, node, 0)) return {};
      const auto unit = check_unit(context, scope, node);
      if (!unit) return {};
      return {.window = base::Window{.kind = WindowKind::kThis, .unit = *unit, .n = 1}, .node = node, .ok = true};
    }
    case NodeKind::kDatesPeriod: {
      base::Window window{.kind = WindowKind::kBetween};
      for (NodeId day : tree.children(node)) {
        if (tree.is(day, NodeKind::kDate)) continue;
        if (tree.is(day, NodeKind::kCalendarDate)) {
          not_yet(context, scope, day, Code::no_calendars_yet, excerpt(context, scope, day));
        } else if (!tree.is(day, NodeKind::kError)) {
          context.report(Code::not_a_literal, span(context, scope, day), {"a day of a period"})
              .help("both are dates, and both days are in it: `2026-01-01 to 2026-03-31`");
        }
        return {};
      }
      window.from_day = day_number(tree.date_value(tree.child(node, 0)));
      window.to_day = day_number(tree.date_value(tree.child(node, 1)));
      if (window.from_day > window.to_day) {
        report_empty(context, scope, node, "it ends before it begins");
        return {};
      }
      return {.window = window, .node = node, .ok = true};
    }
    case NodeKind::kFirstAfterPeriod: {
      const auto unit = check_unit(context, scope, node);
      if (!unit) return {};
      const Count count = check_count(context, scope, tree.child(node, 0), *unit);
      if (!count.ok) return {};
      if (count.value && *count.value <= 0) {
        report_empty(context, scope, node, "its length is " + std::to_string(*count.value));
        return {};
      }
      return {.node = node, .counts = {count.expr, kNone}, .ok = true};
    }
    case NodeKind::kNamedPeriod:
    case NodeKind::kLastNamedPeriod: return check_named(context, scope, node);
    default: return {};
  }
}

bool counts_hours_of_dates(const base::Window& window, const Type& moment) {
  return moment.kind == TypeKind::kDate && window.kind != WindowKind::kBetween && window.kind != WindowKind::kAllTime &&
         window.unit == TimeUnit::kHour;
}

std::optional<base::Window> check_window(Context& context, const Scope& scope, NodeId node) {
  const Period period = check_period(context, scope, node);
  if (!period.ok) return std::nullopt;
  if (!period.window) {
    context.report(Code::not_a_literal, span(context, scope, node), {"the length of a period"});
  }
  return period.window;
}

Checked in_period(Context& context, const Scope& scope, const Scope& period_scope, const Period& period,
                  NodeId value_node, Checked value) {
  if (!period.ok || !value.ok()) return poison();
  if (period.window) {
    if (counts_hours_of_dates(*period.window, value.type)) {
      context.report(Code::hours_of_dates, span(context, scope, value_node)).help("count its period in days");
      return poison();
    }
    return checked(context, context.program.in_window(value.expr, *period.window));
  }
  const Tree& tree = context.tree(period_scope);
  if (tree.is(period.node, NodeKind::kFirstAfterPeriod)) {
    return in_first_after(context, scope, period_scope, period, value_node, value);
  }
  const TimeUnit unit = *time_unit(tree.unit(tree.child(period.node, NodeKind::kUnit)));
  value = to_date(context, value);
  const ExprId today = context.program.as_of_day();
  const ExprId end = call(context, Fn::add_days, kDateType, {today, integer_literal(context, 1).expr}).expr;
  const auto edge = [&](ExprId from, std::size_t count, std::int64_t times) {
    return moved(context, from, unit, period.counts[count], times);
  };
  switch (tree.kind(period.node)) {
    case NodeKind::kLastPeriod: return half_open(context, value.expr, edge(end, 0, -1), end);
    case NodeKind::kPreviousPeriod: return half_open(context, value.expr, edge(end, 0, -2), edge(end, 0, -1));
    case NodeKind::kNextPeriod: return half_open(context, value.expr, today, edge(today, 0, 1));
    case NodeKind::kAgoPeriod: return half_open(context, value.expr, edge(end, 0, -1), edge(end, 1, -1));
    default: return poison();
  }
}

}  // namespace seg::check
