// One node of the tree: which check it is for.
#include "compiler/check/expression.h"

#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

// What is parsed, but has no meaning yet.
std::optional<Code> refused(NodeKind kind) {
  switch (kind) {
    case NodeKind::kPoint:
    case NodeKind::kNear:
    case NodeKind::kInside: return Code::no_places_yet;
    case NodeKind::kCalendarDate: return Code::no_calendars_yet;
    case NodeKind::kDuring: return Code::construct_not_yet;
    default: return std::nullopt;
  }
}

Checked check_node(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const NodeKind kind = tree.kind(node);
  if (const auto code = refused(kind)) return not_yet(context, scope, node, *code, excerpt(context, scope, node));
  switch (kind) {
    case NodeKind::kNumber:
    case NodeKind::kPercent:
    case NodeKind::kDuration:
    case NodeKind::kDistance:
    case NodeKind::kMoney:
    case NodeKind::kDate:
    case NodeKind::kTime:
    case NodeKind::kText:
    case NodeKind::kYes:
    case NodeKind::kNo: return check_literal(context, scope, node, expected);
    case NodeKind::kList: return check_list(context, scope, node, expected);
    case NodeKind::kName:
    case NodeKind::kPath: return check_name(context, scope, node, expected);
    case NodeKind::kField:
    case NodeKind::kIndex: break;
    case NodeKind::kParen: {
      const NodeId inside = tree.child(node, 0);
      if (!syntax::is_select(tree.kind(inside))) return check_expression(context, scope, inside, expected);
      return check_expression(context, scope, inside);
    }
    case NodeKind::kOr:
    case NodeKind::kAnd:
    case NodeKind::kNot:
    case NodeKind::kAllOf:
    case NodeKind::kAnyOf:
    case NodeKind::kNoneOf:
    case NodeKind::kAtLeastOf:
    case NodeKind::kAtMostOf:
    case NodeKind::kExactlyOf: return check_logic(context, scope, node);
    case NodeKind::kCompare: return check_comparison(context, scope, node);
    case NodeKind::kBetween: return check_between(context, scope, node);
    case NodeKind::kIn: return check_in(context, scope, node);
    case NodeKind::kIsMissing:
    case NodeKind::kIsKnown: return check_is_missing(context, scope, node);
    case NodeKind::kTextTest: return check_text_test(context, scope, node);
    case NodeKind::kContains: return check_contains(context, scope, node);
    case NodeKind::kOrIfMissing: return check_or_if_missing(context, scope, node, expected);
    case NodeKind::kIf: return check_if(context, scope, node, expected);
    case NodeKind::kBinary: return check_arithmetic(context, scope, node);
    case NodeKind::kNegate: return check_negate(context, scope, node, expected);
    case NodeKind::kSince: return check_since(context, scope, node);
    case NodeKind::kUntil: return check_until(context, scope, node);
    case NodeKind::kBefore:
    case NodeKind::kAfter: return check_before_after(context, scope, node);
    case NodeKind::kWithin: return check_within(context, scope, node);
    case NodeKind::kCalendarOf: return check_calendar_of(context, scope, node);
    case NodeKind::kPartOf: return check_part_of(context, scope, node);
    case NodeKind::kDid:
    case NodeKind::kQuantified:
    case NodeKind::kFirstWithin:
    case NodeKind::kSinceEvent: return check_event_phrase(context, scope, node);
    case NodeKind::kRegularity: return check_regularity(context, scope, node);
    case NodeKind::kTimeFromTo: return check_time_from_to(context, scope, node);
    case NodeKind::kStepRef: return check_step_path(context, scope, node);
    case NodeKind::kInSegment: return check_in_segment(context, scope, node);
    case NodeKind::kRankScope: return check_rank_scope(context, scope, node);
    case NodeKind::kInTop: return check_in_top(context, scope, node);
    case NodeKind::kAcross:
      context.report(Code::misplaced_clause, span(context, scope, node), {"across"})
          .help("say what to make of them: `median(" + excerpt(context, scope, node) + ")`");
      return poison();
    case NodeKind::kCall: return check_call(context, scope, node, expected);
    default: {
      if (tree.has_error(node)) return poison();
      const std::string text = excerpt(context, scope, node);
      if (!syntax::is_period(kind)) return not_yet(context, scope, node, Code::construct_not_yet, text);
      context.report(Code::wrong_kind_of_name, span(context, scope, node), {text, "a period", "a value"})
          .help("a period stands after `over` in an event phrase, `count(purchase over " + text +
                ")`, or after `within` with a date");
      return poison();
    }
  }
  if (kind == NodeKind::kField) return check_part(context, scope, node, expected);
  const std::string text = excerpt(context, scope, node);
  context.report(Code::wrong_kind_of_name, span(context, scope, node), {text, "a row of a lookup table", "a value"})
      .help("say which field: `" + text + ".…`");
  return poison();
}

}  // namespace

Checked check_expression(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  if (node == syntax::kNoNode) return poison();
  if (tree.is(node, NodeKind::kSelect) || tree.is(node, NodeKind::kSequence)) {
    const std::string text = excerpt(context, scope, node);
    context
        .report(Code::wrong_kind_of_name, span(context, scope, node),
                {text, tree.is(node, NodeKind::kSelect) ? "a selection of events" : "a sequence", "a value"})
        .help("did you mean `did " + text + "` or `count(" + text + ")`?");
    return poison();
  }
  const Checked value = check_node(context, scope, node, expected);
  if (value.ok()) context.said.try_emplace(value.expr, span(context, scope, node));
  return value;
}

std::optional<Constant> check_constant(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  Checked value = check_expression(context, scope, node, expected);
  if (value.ok() && expected.has_type) value = convert(context, scope, node, value, expected.type);
  if (!value.ok()) return std::nullopt;
  const Value* known = literal_value(context, value);
  if (known == nullptr) {
    context.report(Code::not_a_literal, span(context, scope, node), {"this value"})
        .note("here a plain value stands, such as `500 EUR`, `\"DE\"` or `[1, 2]`");
    return std::nullopt;
  }
  return Constant{.value = *known, .type = value.type};
}

}  // namespace seg::check
