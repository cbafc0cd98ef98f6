// Logic: and, or, not, blocks, if, or if missing. Each condition is mirrored as a clause of the program, for
// explanations.
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

// Clauses are kept of what is said about the rule's own rows; the conditions inside a `where` belong to their phrase,
// those of single periods to their regularity.
std::uint32_t add_clause(Context& context, const Scope& scope, NodeId node, ExprId expr,
                         std::vector<std::uint32_t> children) {
  if (scope.outer != nullptr || scope.each != nullptr) return kNone;
  context.program.clauses.push_back(
      {.span = span(context, scope, node), .expr = expr, .children = std::move(children)});
  return static_cast<std::uint32_t>(context.program.clauses.size() - 1);
}

void report_not_a_condition(Context& context, const Scope& scope, NodeId node, const Type& type) {
  const std::string text = excerpt(context, scope, node);
  auto report = context.report(Code::not_a_condition, span(context, scope, node), {phrase(context, type)});
  switch (type.kind) {
    case TypeKind::kMoney: report.help("compare it: `" + text + " >= 100 " + currency_name(context, type) + "`"); break;
    case TypeKind::kInteger:
    case TypeKind::kNumber: report.help("compare it: `" + text + " > 0`"); break;
    case TypeKind::kText: report.help("compare it: `" + text + " is \"…\"`, or ask `" + text + " is known`"); break;
    case TypeKind::kChoice: {
      const base::ChoiceSet& set = context.schema().choices[type.detail];
      if (!set.values.empty()) report.help("compare it: `" + text + " is " + set.values.front() + "`");
      break;
    }
    case TypeKind::kDate:
    case TypeKind::kTime: report.help("compare it: `" + text + " within last 30 days`"); break;
    case TypeKind::kList: report.help("ask for its entries: `" + text + " contains …`"); break;
    case TypeKind::kReference:
    case TypeKind::kFlag:
    case TypeKind::kDuration:
    case TypeKind::kDistance:
    case TypeKind::kLocation:
    case TypeKind::kVersion: report.help("is it there at all: `" + text + " is known`"); break;
  }
}

struct Operands {
  std::vector<ExprId> exprs;
  std::vector<std::uint32_t> clauses;
  bool ok = true;
};

// `country is "DE" or "FR"`: the second value of a comparison stands alone.
bool report_lone_value(Context& context, const Scope& scope, NodeId before, NodeId node) {
  const Tree& tree = context.tree(scope);
  const bool is_after_comparison =
      tree.is(before, NodeKind::kCompare) &&
      (tree.compare_op(before) == syntax::CompareOp::eq || tree.compare_op(before) == syntax::CompareOp::ne);
  const bool is_literal = tree.is(node, NodeKind::kText) || tree.is(node, NodeKind::kNumber) ||
                          tree.is(node, NodeKind::kMoney) || tree.is(node, NodeKind::kDate);
  const bool is_word = tree.is(node, NodeKind::kName) && !is_value_name(context, scope, tree.name(node));
  if (!is_after_comparison || (!is_literal && !is_word)) return false;
  if (is_word && find_symbol(context, scope.module, tree.name(node), span(context, scope, node)).symbol != kNone)
    return false;
  const bool is_not = tree.compare_op(before) == syntax::CompareOp::ne;
  const std::string list = excerpt(context, scope, tree.child(before, 0)) + (is_not ? " not in [" : " in [") +
                           excerpt(context, scope, tree.child(before, 1)) + ", " + excerpt(context, scope, node) + "]";
  context.report(Code::not_a_condition, span(context, scope, node), {is_word ? "a value" : "a plain value"})
      .label(span(context, scope, before), "the comparison ends here")
      .help("several values are asked with a list: `" + list + "`");
  return true;
}

Operands check_operands(Context& context, const Scope& scope, std::span<const NodeId> nodes) {
  Operands out;
  NodeId before = syntax::kNoNode;
  for (NodeId node : nodes) {
    if (before != syntax::kNoNode && report_lone_value(context, scope, before, node)) {
      out.ok = false;
      continue;
    }
    before = node;
    const Checked one = check_condition(context, scope, node);
    out.ok = out.ok && one.ok();
    out.exprs.push_back(one.expr);
    if (one.clause != kNone) out.clauses.push_back(one.clause);
  }
  return out;
}

Checked with_clause(Context& context, const Scope& scope, NodeId node, Checked value, Operands& operands) {
  value.clause = add_clause(context, scope, node, value.expr, std::move(operands.clauses));
  return value;
}

// `at least COUNT of { … }` whose count is a param: for every count that the block can have, the block with that count.
Checked counted_by_param(Context& context, Fn fn, ExprId count, const std::vector<ExprId>& flags) {
  const auto number = [&](std::int64_t n) { return integer_literal(context, n).expr; };
  const auto flag = [&](Fn f, const std::vector<ExprId>& args) { return call(context, f, kFlagType, args).expr; };
  std::vector<ExprId> readings;
  const auto num = static_cast<std::int64_t>(flags.size());
  for (std::int64_t n = 0; n <= num; ++n) {
    std::vector<ExprId> args{number(n)};
    args.insert(args.end(), flags.begin(), flags.end());
    readings.push_back(flag(Fn::logical_and, {flag(Fn::eq, {count, number(n)}), flag(fn, args)}));
  }
  // Fewer than none or more than all.
  if (fn == Fn::at_least) readings.push_back(flag(Fn::lt, {count, number(0)}));
  if (fn == Fn::at_most) readings.push_back(flag(Fn::gt, {count, number(num)}));
  return checked(context, flag(Fn::logical_or, readings));
}

Checked check_counting_block(Context& context, const Scope& scope, NodeId node, Fn fn, std::string_view words) {
  const Tree& tree = context.tree(scope);
  const auto items = tree.children(node).subspan(1);
  Operands operands = check_operands(context, scope, items);
  if (items.empty()) {
    context.report(Code::empty_block, span(context, scope, node), {std::string(words) + " … of"});
    return poison();
  }
  if (!operands.ok) return poison();
  const Checked counted =
      count_conditions(context, scope, node, tree.child(node, 0), fn, words, "condition", operands.exprs);
  return counted.ok() ? with_clause(context, scope, node, counted, operands) : poison();
}

// `income or 0 EUR`: a value for those who have none was meant.
bool report_or_with_value(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId first = tree.child(node, 0);
  NodeId second = tree.child(node, 1);
  const NodeId whole = second;
  if (tree.is(second, NodeKind::kCompare)) second = tree.child(second, 0);
  const auto is_literal = [&](NodeId n) {
    return tree.is(n, NodeKind::kMoney) || tree.is(n, NodeKind::kNumber) || tree.is(n, NodeKind::kText) ||
           tree.is(n, NodeKind::kDate) || tree.is(n, NodeKind::kDuration) || tree.is(n, NodeKind::kPercent);
  };
  const bool is_value = tree.is(first, NodeKind::kName) || tree.is(first, NodeKind::kPath) ||
                        tree.is(first, NodeKind::kCall) || tree.is(first, NodeKind::kBinary);
  if (!is_literal(second) || !is_value) return false;
  const Checked value = check_expression(context, scope, first);
  if (!value.ok()) return true;
  if (value.type.kind == TypeKind::kFlag) return false;
  const Span place = span(context, scope, second);
  context.report(Code::not_a_condition, span(context, scope, first), {phrase(context, value.type)})
      .label(place, "did you mean `or if missing " + excerpt(context, scope, second) + "`?")
      .note("`or` joins two conditions; `or if missing` gives a value where there is none: `" +
            excerpt(context, scope, first) + " or if missing " + excerpt(context, scope, whole) + "`")
      .fix({place.source, place.begin, place.begin}, "if missing ", base::Safety::changes_meaning);
  return true;
}

Checked check_block(Context& context, const Scope& scope, NodeId node, Fn fn, bool negated, std::string_view words) {
  const Tree& tree = context.tree(scope);
  const auto items = tree.children(node);
  if (items.empty()) {
    context.report(Code::empty_block, span(context, scope, node), {std::string(words)});
    return poison();
  }
  Operands operands = check_operands(context, scope, items);
  if (!operands.ok) return poison();
  Checked value = operands.exprs.size() == 1 ? checked(context, operands.exprs.front())
                                             : call(context, fn, kFlagType, operands.exprs);
  if (negated) value = logical_not(context, value);
  return with_clause(context, scope, node, value, operands);
}

}  // namespace

Checked check_condition(Context& context, const Scope& scope, NodeId node) {
  Checked value = check_expression(context, scope, node);
  if (!value.ok()) return poison();
  if (value.type.kind != TypeKind::kFlag) {
    report_not_a_condition(context, scope, node, value.type);
    return poison();
  }
  if (value.clause == kNone) value.clause = add_clause(context, scope, node, value.expr, {});
  return value;
}

Checked count_conditions(Context& context, const Scope& scope, NodeId node, NodeId count_node, Fn fn,
                         std::string_view words, std::string_view items, const std::vector<ExprId>& flags) {
  const Checked count = check_expression(context, scope, count_node, Expected::of(kIntegerType));
  if (!count.ok()) return poison();
  if (count.type.kind != TypeKind::kInteger) {
    return report_wrong_type(context, scope, count_node, count.type, "a whole number");
  }
  const Value* known = literal_value(context, count);
  if (known == nullptr && context.program.expr(count.expr).frame != kNone) {
    context.report(Code::not_a_literal, span(context, scope, count_node), {"the number of " + std::string(items) + "s"})
        .note("it is the same for everyone; a number or a param can stand here");
    return poison();
  }
  if (known == nullptr) return counted_by_param(context, fn, count.expr, flags);
  const std::int64_t n = known->integer();
  const auto num = static_cast<std::int64_t>(flags.size());
  const std::string such = std::string(items) + (num == 1 ? "" : "s");
  std::string wrong;
  if (n > num && fn != Fn::at_most) wrong = "so many can never hold";
  if (fn == Fn::at_least && n <= 0) wrong = "that always holds";
  if (fn == Fn::at_most && n >= num) wrong = "that always holds";
  if (n < 0) wrong = "there is no such number of " + std::string(items) + "s";
  if (!wrong.empty()) {
    context
        .report(Code::impossible_count, span(context, scope, count_node),
                {std::string(words) + " " + std::to_string(n), std::to_string(num) + " " + such, wrong})
        .label(span(context, scope, node), "this has " + std::to_string(num) + " " + such);
    return poison();
  }
  std::vector<ExprId> args{count.expr};
  args.insert(args.end(), flags.begin(), flags.end());
  return call(context, fn, kFlagType, args);
}

Checked check_logic(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  switch (tree.kind(node)) {
    case NodeKind::kAnd: return check_block(context, scope, node, Fn::logical_and, false, "and");
    case NodeKind::kOr:
      for (NodeId operand : tree.children(node)) {
        if (!tree.is(operand, NodeKind::kAnd)) continue;
        check_operands(context, scope, tree.children(node));
        return poison();  // check_shapes.cpp reports it
      }
      if (report_or_with_value(context, scope, node)) return poison();
      return check_block(context, scope, node, Fn::logical_or, false, "or");
    case NodeKind::kNot: {
      Operands operands = check_operands(context, scope, tree.children(node));
      if (!operands.ok) return poison();
      return with_clause(context, scope, node, logical_not(context, checked(context, operands.exprs.front())),
                         operands);
    }
    case NodeKind::kAllOf: return check_block(context, scope, node, Fn::logical_and, false, "all of");
    case NodeKind::kAnyOf: return check_block(context, scope, node, Fn::logical_or, false, "any of");
    case NodeKind::kNoneOf: return check_block(context, scope, node, Fn::logical_or, true, "none of");
    case NodeKind::kAtLeastOf: return check_counting_block(context, scope, node, Fn::at_least, "at least");
    case NodeKind::kAtMostOf: return check_counting_block(context, scope, node, Fn::at_most, "at most");
    case NodeKind::kExactlyOf: return check_counting_block(context, scope, node, Fn::exactly, "exactly");
    default: return poison();
  }
}

Checked check_if(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const std::vector<NodeId> branches{tree.child(node, 1), tree.child(node, 2)};
  const Checked condition = check_condition(context, scope, tree.child(node, 0));
  // A bare word in one branch may be a value of the other's choice.
  const bool is_word = !expected.has_type && tree.is(branches[0], NodeKind::kName) &&
                       !is_value_name(context, scope, tree.name(branches[0]));
  const std::size_t first = is_word ? 1 : 0;
  std::vector<Checked> values(2);
  values[first] = check_expression(context, scope, branches[first], expected);
  const Expected other = expected.has_type || !values[first].ok() ? expected : Expected::of(values[first].type);
  values[1 - first] = check_expression(context, scope, branches[1 - first], other);
  if (!condition.ok() || !unify_all(context, scope, branches, values)) return poison();
  return call(context, Fn::if_then_else, values[0].type, {condition.expr, values[0].expr, values[1].expr});
}

Checked check_or_if_missing(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const auto children = tree.children(node);
  const std::vector<NodeId> nodes(children.begin(), children.end());
  std::vector<Checked> values{check_expression(context, scope, nodes[0], expected)};
  if (!values[0].ok()) return poison();
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    values.push_back(check_expression(context, scope, nodes[i], Expected::of(values[0].type)));
  }
  if (!unify_all(context, scope, nodes, values)) return poison();
  Checked result = values[0];
  for (std::size_t i = 1; i < values.size(); ++i) {
    result = call(context, Fn::coalesce, values[0].type, {result.expr, values[i].expr});
  }
  return result;
}

}  // namespace seg::check
