// Regularity: `in each of last 6 full months (did visit)`, `in at least 3 of last 8 weeks (count(visit) >= 2)`. One
// condition for each period, counted as the conditions of a block are. Every event phrase in the brackets, however
// deep, is about the period in hand (rows.cpp sets its window); rules that are named there are as of the run.
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

using base::WindowKind;
using syntax::CountOp;

constexpr std::int64_t kMostPeriods = 400;  // a year of days; each is a condition of the program

// The last n-th of the periods: 1 is the latest.
base::Window single_period(const base::Window& all, std::int64_t n) {
  base::Window one = all;
  one.kind = all.kind == WindowKind::kLast ? WindowKind::kAgo : all.kind;
  one.n = n;
  one.m = n - 1;
  return one;
}

std::optional<base::Window> check_periods(Context& context, const Scope& scope, NodeId node, NodeId period_node) {
  const Tree& tree = context.tree(scope);
  const std::string text = excerpt(context, scope, period_node);
  if (refuse_period(context, scope, span(context, scope, node), excerpt(context, scope, node))) return std::nullopt;
  if (!tree.is(period_node, NodeKind::kLastPeriod)) {
    if (!check_period(context, scope, period_node).ok) return std::nullopt;
    context.report(Code::not_periods, span(context, scope, period_node), {text})
        .note("periods are counted back from the as-of day")
        .help("`in each of last 6 full months (…)`, or `last 8 weeks`: hours, days, weeks, months, quarters or years");
    return std::nullopt;
  }
  const Period period = check_period(context, scope, period_node);
  if (!period.ok) return std::nullopt;
  if (!period.window) {
    context.report(Code::not_a_literal, span(context, scope, tree.child(period_node, 0)), {"the number of the periods"})
        .note("how many of them must hold may be a param");
    return std::nullopt;
  }
  if (period.window->n > kMostPeriods) {
    context.report(Code::too_many_periods, span(context, scope, period_node), {std::to_string(period.window->n)})
        .note("at most " + std::to_string(kMostPeriods) + " can be")
        .help("take longer periods, or count them: `distinct(calendar week of visit.at over …) >= 100`");
    return std::nullopt;
  }
  return period.window;
}

}  // namespace

bool refuse_period(Context& context, const Scope& scope, Span place, std::string_view text) {
  if (scope.each == nullptr) return false;
  context.report(Code::period_in_period, place, {std::string(text)})
      .note("what stands in the brackets is asked of each period by itself: the period is the window")
      .help("leave it out, or say it outside of the brackets, joined with `and`");
  return true;
}

Checked check_regularity(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const CountOp op = tree.regularity_op(node);
  const bool is_each = op == CountOp::each;
  const NodeId period_node = tree.child(node, is_each ? 0 : 1);
  const NodeId condition_node = tree.last_child(node);
  const auto all = check_periods(context, scope, node, period_node);
  std::vector<ExprId> conditions;
  // Of periods that can't be, the condition is looked at all the same, once.
  for (std::int64_t n = 1; n <= (all ? all->n : 1); ++n) {
    EachPeriod each{.window = all ? single_period(*all, n) : base::Window{.kind = WindowKind::kLast, .n = 1}};
    Scope inside = scope;
    inside.each = &each;
    const Checked condition = check_condition(context, inside, condition_node);
    if (!condition.ok()) return poison();
    if (!all) return poison();
    if (!each.is_read) {
      context
          .report(Code::same_in_each_period, span(context, scope, condition_node),
                  {excerpt(context, scope, condition_node)})
          .note("it asks about no event of the period itself; metrics, segments and fields are as of the run")
          .help("ask about events here: `in each of last 6 full months (did purchase)`");
      return poison();
    }
    conditions.push_back(condition.expr);
  }
  if (is_each) {
    if (conditions.size() == 1) return checked(context, conditions.front());
    return call(context, Fn::logical_and, kFlagType, conditions);
  }
  Fn fn = Fn::at_least;
  if (op == CountOp::at_most) fn = Fn::at_most;
  if (op == CountOp::exactly) fn = Fn::exactly;
  const std::string_view words = fn == Fn::at_least ? "at least" : fn == Fn::at_most ? "at most" : "exactly";
  return count_conditions(context, scope, node, tree.child(node, 0), fn, words, "period", conditions);
}

}  // namespace seg::check
