// Conditions and dates of events: did, any, every, no, first … within, days since last.
#include "compiler/check/rows.h"

namespace seg::check {
namespace {

using program::AggFn;
using syntax::CountOp;

// `did purchase at least 3 times`
Checked counted_times(Context& context, const Scope& scope, const Rows& rows) {
  const Tree& tree = context.tree(scope);
  const NodeId number_node = tree.child(rows.times_node, 0);
  const Checked number = check_expression(context, scope, number_node, Expected::of(kIntegerType));
  if (!number.ok()) return poison();
  if (number.type.kind != TypeKind::kInteger) {
    return report_wrong_type(context, scope, number_node, number.type, "a whole number");
  }
  const CountOp op = tree.times_op(rows.times_node);
  if (const Value* known = literal_value(context, number); known != nullptr) {
    const bool is_senseless = known->integer() < 0 || (known->integer() == 0 && op == CountOp::at_least);
    if (is_senseless) {
      context
          .report(Code::misplaced_clause, span(context, scope, rows.times_node),
                  {excerpt(context, scope, rows.times_node)})
          .note("that is true of everyone");
      return poison();
    }
  }
  const Checked count = aggregate_rows(context, scope, rows, AggFn::kCount, kNone, kIntegerType);
  Fn fn = Fn::ge;
  if (op == CountOp::at_most) fn = Fn::le;
  if (op == CountOp::exactly) fn = Fn::eq;
  return call(context, fn, kFlagType, {count.expr, number.expr});
}

Checked check_did(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  Rows rows;
  if (!select_rows(context, scope, tree.child(node, 0), "did", rows)) return poison();
  if (refuse_value(context, scope, rows, "did")) return poison();
  const Checked did = rows.times_node != syntax::kNoNode
                          ? counted_times(context, scope, rows)
                          : aggregate_rows(context, scope, rows, AggFn::kExists, kNone, kFlagType);
  return tree.is_negated(node) ? logical_not(context, did) : did;
}

// A table that refers to no row in hand: nothing in the phrase depends on the customer.
void lint_whole_table(Context& context, const Scope& scope, NodeId node, const Rows& rows) {
  if (rows.ref != program::kWholeTable || scope.frame == kNone || scope.module != kProjectModule) return;
  const base::Table& table = context.table(rows.table);
  const base::Table& here = context.table(scope.frame);
  auto report = context.report(Code::same_for_everyone, span(context, scope, node), {rows.name, here.name});
  report.note("`" + table.name + "` does not refer to `" + here.name + "`");
  if (const ColumnId way = reference_to(context, scope.frame, rows.table); way != program::kWholeTable) {
    report.help("its own one is read through the reference: `" + here.columns[way].name + ".…`");
    return;
  }
  for (TableId t = 0; t < context.schema().tables.size(); ++t) {
    const base::Table& child = context.table(t);
    const ColumnId way = reference_to(context, t, rows.table);
    if (reference_to(context, t, scope.frame) == program::kWholeTable || way == program::kWholeTable) continue;
    report.help("those that its `" + child.name + "` names: `any " + child.name + " where " + child.columns[way].name +
                ".…`");
    return;
  }
}

Checked check_quantified(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const syntax::Quantifier quantifier = tree.quantifier(node);
  const char* word = quantifier == syntax::Quantifier::any  ? "any"
                     : quantifier == syntax::Quantifier::no ? "no"
                                                            : "every";
  Rows rows;
  if (!select_rows(context, scope, tree.child(node, 0), word, rows)) return poison();
  if (refuse_value(context, scope, rows, word) || refuse_times(context, scope, rows)) return poison();
  lint_whole_table(context, scope, node, rows);
  if (quantifier != syntax::Quantifier::every) {
    const Checked any = aggregate_rows(context, scope, rows, AggFn::kExists, kNone, kFlagType);
    return quantifier == syntax::Quantifier::no ? logical_not(context, any) : any;
  }
  if (!rows.has_where) {
    context.report(Code::wrong_arguments, span(context, scope, node), {"every", "a condition", "only an event"})
        .help("`every " + rows.name + " where …`; is there one at all: `any " + rows.name + "`");
    return poison();
  }
  // As many as there are: one whose condition is unknown fails it, and none at all passes.
  const Checked all = aggregate_filtered(context, scope, rows, AggFn::kCount, rows.of_name, kNone, kIntegerType);
  const Checked kept = aggregate_rows(context, scope, rows, AggFn::kCount, kNone, kIntegerType);
  return call(context, Fn::eq, kFlagType, {all.expr, kept.expr});
}

// When the earliest or the latest of them was.
Checked time_of(Context& context, const Scope& scope, NodeId node, const Rows& rows, AggFn fn) {
  const base::Table& table = context.table(rows.table);
  if (table.time == kNone) {
    context.report(Code::not_periodic, span(context, scope, node), {rows.name})
        .note("`" + table.name + "` has no time of its own");
    return poison();
  }
  const ExprId time = context.program.field(rows.table, table.time);
  return aggregate_rows(context, scope, rows, fn, time, context.program.expr(time).type);
}

Checked first_within(Context& context, const Scope& scope, NodeId event_node, const Rows& rows, NodeId period_node) {
  const std::string text = "within " + excerpt(context, scope, period_node);
  if (refuse_period(context, scope, span(context, scope, period_node), text)) return poison();
  const Period period = check_period(context, scope, period_node);
  if (!period.ok || refuse_times(context, scope, rows)) return poison();
  const Checked first = time_of(context, scope, event_node, rows, AggFn::kMinimum);
  if (!first.ok()) return poison();
  const Checked inside = in_period(context, scope, scope, period, event_node, first);
  if (!inside.ok()) return poison();
  return call(context, Fn::is_true, kFlagType, {inside.expr});  // without any event: no
}

Checked check_since_event(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId event_node = tree.child(node, 1);
  const bool first = tree.since_first(node);
  Rows rows;
  if (!select_rows(context, scope, event_node, first ? "since first" : "since last", rows)) return poison();
  if (refuse_times(context, scope, rows)) return poison();
  if (rows.has_value()) {
    context
        .report(Code::not_rows, span(context, scope, event_node),
                {first ? "since first" : "since last", "one of its fields"})
        .help("name the event alone: `" + std::string(tree.text(tree.child(node, 0))) +
              (first ? " since first " : " since last ") + rows.name + "`");
    return poison();
  }
  const Checked when = time_of(context, scope, event_node, rows, first ? AggFn::kMinimum : AggFn::kMaximum);
  return since(context, scope, node, tree.child(node, 0), event_node, when);
}

}  // namespace

bool names_events(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  while (tree.is(node, NodeKind::kSelect) || tree.is(node, NodeKind::kParen)) node = tree.child(node, 0);
  if (!tree.is(node, NodeKind::kName) && !tree.is(node, NodeKind::kPath)) return false;
  const std::vector<std::string> names = path_names(tree, node);
  if (scope.arguments != nullptr) {
    for (const Argument& argument : *scope.arguments) {
      if (argument.name == names.front()) return argument.is_rows && names.size() == 1;
    }
  }
  if (is_value_name(context, scope, names.front())) return false;
  const auto rows = find_rows(context, scope.module, names, span(context, scope, node));
  return rows && !rows->is_bad && rows->num_names == names.size();
}

Checked check_first_within(Context& context, const Scope& scope, NodeId event_node, NodeId period_node) {
  Rows rows;
  if (!select_rows(context, scope, event_node, "first", rows)) return poison();
  if (refuse_value(context, scope, rows, "first")) return poison();
  return first_within(context, scope, event_node, rows, period_node);
}

Checked check_event_phrase(Context& context, const Scope& scope, NodeId node) {
  switch (context.tree(scope).kind(node)) {
    case NodeKind::kDid: return check_did(context, scope, node);
    case NodeKind::kQuantified: return check_quantified(context, scope, node);
    case NodeKind::kFirstWithin: {
      const Tree& tree = context.tree(scope);
      return check_first_within(context, scope, tree.child(node, 0), tree.child(node, 1));
    }
    case NodeKind::kSinceEvent: return check_since_event(context, scope, node);
    default: return poison();
  }
}

}  // namespace seg::check
