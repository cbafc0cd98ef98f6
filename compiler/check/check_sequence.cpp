// Sequences: `A then B within 3 days then not C …` as the rows of A that begin one, so that every phrase over events
// works on them; the clauses `within`, `with same` and what `step 1.amount` reads.
#include <deque>

#include "compiler/check/rows.h"

namespace seg::check {
namespace {

using program::AggFn;
using program::Aggregate;
using program::Sequence;
using program::SequenceStep;

bool is_date(const Context& context, TableId table) {
  const base::Table& found = context.table(table);
  return found.columns[found.time].type.kind == TypeKind::kDate;
}

// `3 days`: a constant, positive and exact length of time. Poison: reported.
Checked check_gap(Context& context, const Scope& scope, NodeId clause) {
  const NodeId node = context.tree(scope).child(clause, 0);
  const Checked gap = check_expression(context, scope, node, Expected::of(kDurationType));
  if (!gap.ok()) return poison();
  if (gap.type.kind != TypeKind::kDuration) {
    return report_wrong_type(context, scope, node, gap.type, "a length of time such as `3 days`");
  }
  const program::Expr& expr = context.program.expr(gap.expr);
  const bool is_param = expr.kind == program::ExprKind::kParam;
  const Value* value = is_param ? &context.program.params[expr.a].value : literal_value(context, gap);
  if (value == nullptr) {
    context.report(Code::not_a_literal, span(context, scope, node), {"the length of a gap"})
        .help("write it out, `within 3 days`, or give it a name: `param grace = 3 days`");
    return poison();
  }
  if (!value->is_missing() && value->integer() <= 0) {
    context.report(Code::empty_gap, span(context, scope, clause), {excerpt(context, scope, clause)})
        .note("`within` says how long after the step before the next one may be")
        .help("events at one instant follow each other with `then or with`");
    return poison();
  }
  return gap;
}

void report_no_step_before(Context& context, const Scope& scope, NodeId clause, const Rows& rows) {
  const std::string text = excerpt(context, scope, clause);
  auto report = context.report(Code::step_before_needed, span(context, scope, clause), {text});
  if (context.tree(scope).is(clause, NodeKind::kWithinGap)) {
    report.help("after another event: `did … then " + rows.name + " " + text + "`");
    report.help("after a date: `" + rows.name + " " + text + " after signup`");
    report.help("counted back from the as-of day it is a period: `" + rows.name + " over last …`");
  } else {
    report.help("in a later step of a sequence: `did … then " + rows.name + " " + text + "`");
  }
}

Checked to_instant(Context& context, const Checked& moment) {
  if (moment.type.kind == TypeKind::kTime) return moment;
  return call(context, Fn::start_of_day, kTimeType, {moment.expr});
}

// `within 1 day after signup`: from that moment on, for so long.
bool apply_anchor(Context& context, NodeId clause, Rows& rows) {
  const Scope& scope = rows.inner;
  const Tree& tree = context.tree(scope);
  const NodeId node = tree.child(clause, 1);
  const Checked gap = check_gap(context, scope, clause);
  if (!gap.ok()) return false;
  if (names_events(context, scope, node)) {
    const std::string event = excerpt(context, scope, node);
    context.report(Code::wrong_kind_of_name, span(context, scope, node), {event, "an event", "a date or a time"})
        .help("`" + event + "` is a step itself: `did " + event + " then " + rows.name + " within " +
              excerpt(context, scope, tree.child(clause, 0)) + "`");
    return false;
  }
  const Checked anchor = check_expression(context, scope, node, Expected::of(kDateType));
  if (!anchor.ok()) return false;
  if (anchor.type.kind != TypeKind::kDate && anchor.type.kind != TypeKind::kTime) {
    report_wrong_type(context, scope, node, anchor.type, "a date or a time");
    return false;
  }
  const ColumnId time_column = context.table(rows.table).time;
  if (time_column == kNone) {
    context.report(Code::not_periodic, span(context, scope, clause), {rows.name})
        .note("`" + context.table(rows.table).name + "` has no time of its own");
    return false;
  }
  const Checked at = checked(context, context.program.field(rows.table, time_column));
  const Value* length = literal_value(context, gap);
  ExprId from = kNone;
  ExprId to = kNone;
  ExprId when = at.expr;
  if (at.type.kind == TypeKind::kDate && anchor.type.kind == TypeKind::kDate && length != nullptr) {
    from = anchor.expr;
    const Checked days = integer_literal(context, length->integer() / base::kMicrosPerDay);
    to = call(context, Fn::add_days, kDateType, {from, days.expr}).expr;
  } else {
    when = to_instant(context, at).expr;
    from = to_instant(context, anchor).expr;
    to = call(context, Fn::add_duration, kTimeType, {from, gap.expr}).expr;
  }
  const ExprId after = call(context, Fn::ge, kFlagType, {when, from}).expr;
  const ExprId before = call(context, Fn::le, kFlagType, {when, to}).expr;
  const ExprId inside = call(context, Fn::logical_and, kFlagType, {after, before}).expr;
  const ExprId both =
      rows.where == kNone ? inside : call(context, Fn::logical_and, kFlagType, {rows.where, inside}).expr;
  rows.where = both;
  rows.has_where = true;
  return true;
}

// `with same order_id [as step 1]`: equal to what the step before has, or the first.
bool add_tie(Context& context, const Scope& scope, NodeId clause, const Rows& first, const Rows& before, Rows& rows,
             SequenceStep& step) {
  const Tree& tree = context.tree(scope);
  const NodeId name = tree.child(clause, 0);
  const bool of_first = tree.num_children(clause) > 1;
  if (of_first && tree.integer_value(tree.child(tree.child(clause, 1), 0)) != 1) {
    context
        .report(Code::no_such_step, span(context, scope, tree.child(clause, 1)),
                {excerpt(context, scope, tree.child(clause, 1))})
        .note("a step can be tied to the one before it or to the first")
        .help("`with same " + std::string(tree.text(name)) + "`, or `… as step 1`");
    return false;
  }
  const std::vector<std::string> path = path_names(tree, name);
  Checked own = read_row(context, rows.inner, name, path, 0);
  if (!own.ok()) return false;
  Checked other = read_row(context, of_first ? first.inner : before.inner, name, path, 0);
  if (!other.ok()) return false;
  const Unified unified = unify(context, scope, name, own, name, other);
  if (unified == Unified::reported) return false;
  if (unified == Unified::differ) {
    report_not_comparable(context, scope, clause, name, own, name, other);
    return false;
  }
  if (of_first && &before != &first) {
    const ExprId of_step_one = context.program.step_one(rows.table, other.expr);
    const ExprId same = call(context, Fn::eq, kFlagType, {own.expr, of_step_one}).expr;
    rows.where = rows.where == kNone ? same : call(context, Fn::logical_and, kFlagType, {rows.where, same}).expr;
    return true;
  }
  step.ties.push_back(own.expr);
  step.ties_before.push_back(other.expr);
  return true;
}

bool is_step(Context& context, const Scope& scope, NodeId node, const Rows& rows) {
  const base::Table& table = context.table(rows.table);
  if (table.time == kNone) {
    context.report(Code::not_periodic, span(context, scope, node), {rows.name})
        .note("`" + table.name + "` has no time of its own");
    return false;
  }
  if (rows.ref == program::kWholeTable) {
    context
        .report(Code::not_related, span(context, scope, node),
                {rows.name, scope.frame == kNone ? "row" : context.table(scope.frame).name})
        .note("a sequence is made of the events of one customer");
    return false;
  }
  if (rows.times_node != syntax::kNoNode) {
    context
        .report(Code::misplaced_clause, span(context, scope, rows.times_node),
                {excerpt(context, scope, rows.times_node)})
        .note("a step is one event")
        .help("how many begin one: `count(" + rows.name + " then …) >= 2`");
    return false;
  }
  return true;
}

// In `in each of …` the period in hand holds the steps that happen, as `over` does.
bool is_each_period_exact(Context& context, const Scope& scope, const Rows& rows) {
  const base::Table& table = context.table(rows.table);
  if (scope.each == nullptr || !counts_hours_of_dates(scope.each->window, table.columns[table.time].type)) return true;
  context.report(Code::hours_of_dates, rows.span).help("count the periods in days");
  return false;
}

Aggregate rows_of(Context& context, const Scope& scope, const Rows& rows, bool is_negated) {
  Aggregate aggregate{
      .frame = rows.owner->frame, .child = rows.table, .child_ref = rows.ref, .filter = filter_of(context, rows)};
  std::optional<base::Window> window = rows.window;
  if (scope.each != nullptr && !is_negated) window = scope.each->window;
  if (window) aggregate.window = context.program.window(*window);
  return aggregate;
}

// One step after the first: its rows and what ties it to the steps before.
bool check_step(Context& context, const Scope& scope, const Scope& step_scope, NodeId node, const Rows& first,
                const Rows& before, Rows& rows, SequenceStep& step) {
  if (!select_rows(context, step_scope, node, "then", rows)) return false;
  if (refuse_value(context, scope, rows, "then") || !is_step(context, scope, node, rows)) return false;
  const bool same_owner = rows.owner == &step_scope ? first.owner == &scope : rows.owner == first.owner;
  if (!same_owner || rows.owner->frame != first.owner->frame) {
    context.report(Code::steps_of_several_owners, span(context, scope, node), {first.name, rows.name});
    return false;
  }
  for (NodeId clause : rows.tie_nodes) {
    if (!add_tie(context, rows.inner, clause, first, before, rows, step)) return false;
  }
  if (rows.gap_node == syntax::kNoNode) return true;
  const Checked gap = check_gap(context, rows.inner, rows.gap_node);
  if (!gap.ok()) return false;
  step.gap = gap.expr;
  const Value* length = literal_value(context, gap);
  if (length != nullptr && length->integer() % base::kMicrosPerDay != 0 && is_date(context, rows.table) &&
      is_date(context, before.table)) {
    context.report(Code::hours_of_dates, span(context, scope, rows.gap_node))
        .note("`" + before.name + "` and `" + rows.name + "` have a date and no time of day");
    return false;
  }
  return true;
}

}  // namespace

bool apply_with_same(Context& context, const Scope& scope, NodeId clause, Rows& rows) {
  if (rows.inner.first_step == nullptr) return report_no_step_before(context, scope, clause, rows), false;
  rows.tie_nodes.push_back(clause);
  return true;
}

bool apply_within(Context& context, const Scope& scope, NodeId clause, Rows& rows) {
  if (context.tree(scope).num_children(clause) > 1) return apply_anchor(context, clause, rows);
  if (rows.inner.first_step == nullptr) return report_no_step_before(context, scope, clause, rows), false;
  if (rows.gap_node != syntax::kNoNode) {
    context.report(Code::second_clause, span(context, scope, clause), {"within"});
    return false;
  }
  rows.gap_node = clause;
  return true;
}

bool select_sequence(Context& context, const Scope& scope, NodeId node, std::string_view phrase, Rows& rows) {
  const Tree& tree = context.tree(scope);
  const auto children = tree.children(node);
  if (tree.has_error(node)) return false;
  const NodeId parent = tree.parent(node);
  if (tree.is(parent, NodeKind::kDid) && tree.is_negated(parent)) {
    const std::string text = excerpt(context, scope, node);
    context.report(Code::negated_first_step, span(context, scope, parent))
        .note("it is not said whether the first step did not happen or the whole sequence")
        .help("that the whole did not happen: `did not (" + text + ")`")
        .help(
            "begin with an event that happened, `did visit then not purchase within 3 days`, or say `did not … and …`");
    return false;
  }
  if (!select_rows(context, scope, children.front(), phrase, rows) ||
      !is_step(context, scope, children.front(), rows)) {
    return false;
  }
  const NodeId over = tree.child(node, NodeKind::kOver);
  if (over != syntax::kNoNode && !apply_over(context, scope, over, rows)) return false;
  Scope step_scope = scope;
  step_scope.opens_step_after = &rows.inner;
  std::deque<Rows> steps;
  Sequence sequence;
  const Rows* before = &rows;
  for (NodeId child : children.subspan(1)) {
    if (!tree.is(child, NodeKind::kThen)) continue;
    SequenceStep step{.negated = tree.is_negated(child), .or_with = tree.has_token(child, syntax::TokenKind::kOr)};
    Rows& next = steps.emplace_back();
    if (!check_step(context, scope, step_scope, tree.child(child, 0), rows, *before, next, step)) return false;
    if (over != syntax::kNoNode && !step.negated && !apply_over(context, scope, over, next)) return false;
    if (!step.negated && !is_each_period_exact(context, scope, next)) return false;
    step.rows = rows_of(context, scope, next, step.negated);
    if (!step.negated) before = &next;
    sequence.steps.push_back(std::move(step));
  }
  if (!is_each_period_exact(context, scope, rows)) return false;
  sequence.first = rows_of(context, scope, rows, false);
  rows.where = context.program.sequence(std::move(sequence));
  rows.has_where = true;
  return true;
}

Checked check_time_from_to(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId from = tree.child(node, 0);
  const NodeId to = tree.child(node, 1);
  Rows first;
  if (!select_rows(context, scope, from, "time from", first) || refuse_value(context, scope, first, "time from") ||
      !is_step(context, scope, from, first)) {
    return poison();
  }
  Scope step_scope = scope;
  step_scope.opens_step_after = &first.inner;
  Rows second;
  Sequence sequence{.elapsed = true};
  SequenceStep step;
  if (!check_step(context, scope, step_scope, to, first, first, second, step)) return poison();
  if (!is_each_period_exact(context, scope, first) || !is_each_period_exact(context, scope, second)) return poison();
  sequence.first = rows_of(context, scope, first, false);
  step.rows = rows_of(context, scope, second, false);
  sequence.steps.push_back(std::move(step));
  // Of the latest from which there is a later one.
  const ExprId elapsed = context.program.sequence(std::move(sequence));
  const ExprId has_later = call(context, Fn::is_known, kFlagType, {elapsed}).expr;
  return aggregate_filtered(context, scope, first, AggFn::kLast, has_later, elapsed, kDurationType);
}

Checked check_step_path(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const bool is_path = tree.is(node, NodeKind::kPath);
  const NodeId step = is_path ? tree.child(node, 0) : node;
  const Span place = span(context, scope, node);
  const std::string text = excerpt(context, scope, step);
  if (tree.integer_value(tree.child(step, 0)) != 1) {
    context.report(Code::no_such_step, place, {text})
        .note("an expression reads the event of its own step and of the first: `step 1.amount`");
    return poison();
  }
  if (scope.first_step == nullptr) {
    context.report(Code::no_such_step, place, {text})
        .note("it is the first step of a sequence, read in the `where` of a later step")
        .help("`did visit then purchase where amount > step 1.amount`");
    return poison();
  }
  if (!is_path) {
    context.report(Code::no_such_step, place, {text}).help("say which field of it: `step 1.amount`");
    return poison();
  }
  std::vector<std::string> names;
  for (NodeId name : tree.children(node).subspan(1)) names.push_back(tree.name(name));
  Scope first = *scope.first_step;
  first.file = scope.file;
  first.module = scope.module;
  const Checked value = read_row(context, first, node, names, 0);
  if (!value.ok()) return poison();
  return {.expr = context.program.step_one(scope.frame, value.expr), .type = value.type};
}

}  // namespace seg::check
