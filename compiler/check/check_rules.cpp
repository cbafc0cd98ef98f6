// Metrics, scores, segments and partitions: each becomes an output of the program with its clause tree.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"

namespace seg::check {

using base::Code;
using base::Type;
using base::TypeKind;
using program::Fn;
using program::Output;
using program::OutputKind;
using syntax::NodeKind;

namespace {

constexpr Type kFlagType{.kind = TypeKind::kFlag};
constexpr Type kNumberType{.kind = TypeKind::kNumber};

std::uint32_t add_clause(Context& context, base::Span span, ExprId expr, std::vector<std::uint32_t> children = {}) {
  std::erase(children, kNone);
  context.program.clauses.push_back({.span = span, .expr = expr, .children = std::move(children)});
  return static_cast<std::uint32_t>(context.program.clauses.size() - 1);
}

// Of two literals of one type.
bool is_less(const program::Program& program, ExprId a, ExprId b) {
  const base::Value& first = program.values[program.expr(a).a];
  const base::Value& second = program.values[program.expr(b).a];
  if (std::holds_alternative<std::int64_t>(first.data)) return first.integer() < second.integer();
  if (std::holds_alternative<double>(first.data)) return first.number() < second.number();
  return false;
}

bool has_range(const Type& type) {
  return type.kind == TypeKind::kInteger || type.kind == TypeKind::kNumber || type.kind == TypeKind::kMoney ||
         type.kind == TypeKind::kDuration || type.kind == TypeKind::kDistance || type.kind == TypeKind::kDate ||
         type.kind == TypeKind::kTime;
}

// A metric that only its module uses: `metric _helper = …`.
bool is_private(const Symbol& symbol) { return symbol.name.starts_with('_'); }

}  // namespace

bool check_metric(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  symbol.frame = frame_of(context, symbol);
  const NodeId node = tree.last_child(symbol.node);
  if (symbol.frame == kNone || tree.has_error(symbol.node) || node == syntax::kNoNode) return false;
  const Scope scope{.module = symbol.module, .file = symbol.file, .frame = symbol.frame};
  const Checked value = check_expression(context, scope, node);
  if (!value.ok()) return false;
  if (value.type.kind == TypeKind::kReference || value.type.kind == TypeKind::kList ||
      value.type.kind == TypeKind::kLocation) {
    context.report(Code::wrong_type, tree.span(node), {type_phrase(context.schema(), value.type), "one value"})
        .note("A metric is one value for each " + context.table(symbol.frame).name + ".");
    return false;
  }
  symbol.value = value.expr;
  symbol.type = value.type;
  if (is_private(symbol)) return true;
  Output output{.title = head_title(tree, symbol.node)};
  output.root = value.expr;
  output.type = value.type;
  output.clause = value.clause != kNone ? value.clause : add_clause(context, tree.span(node), value.expr);
  bool ok = true;
  if (const NodeId range = tree.child(symbol.node, NodeKind::kRange); range != syntax::kNoNode) {
    if (!has_range(value.type)) {
      context
          .report(Code::wrong_type, tree.span(node),
                  {type_phrase(context.schema(), value.type), "a number, money, a date or a duration"})
          .label(tree.span(range), "because of this range");
      return false;
    }
    std::array<std::optional<ExprId>*, 2> ends{&output.at_least, &output.at_most};
    for (std::size_t i = 0; i < 2; ++i) {
      const NodeId end = tree.child(range, i);
      const std::optional<Constant> bound = check_constant(context, scope, end, Expected::of(value.type));
      if (!bound) {
        ok = false;
      } else if (bound->type == value.type) {
        *ends[i] = context.program.literal(bound->type, bound->value);
      } else {
        context
            .report(Code::wrong_type, tree.span(end),
                    {type_phrase(context.schema(), bound->type), type_phrase(context.schema(), value.type)})
            .note("The range of a metric is of the metric's type.");
        ok = false;
      }
    }
    if (output.at_least && output.at_most && is_less(context.program, *output.at_most, *output.at_least)) {
      context.report(Code::empty_range, tree.span(range),
                     {tree.text(tree.child(range, std::size_t{0})), tree.text(tree.child(range, std::size_t{1}))});
      ok = false;
    }
  }
  symbol.output = add_output(context, symbol, OutputKind::kMetric, std::move(output));
  return ok;
}

namespace {

// One line of a score: an expression of type number.
ExprId check_points(Context& context, const Scope& scope, NodeId node, std::vector<std::uint32_t>& clauses) {
  const syntax::Tree& tree = context.tree(scope);
  auto& program = context.program;
  const NodeId number = tree.child(node, NodeKind::kNumber);
  if (tree.has_error(node) || number == syntax::kNoNode) return kNone;
  const auto number_literal = [&](double value) { return program.literal(kNumberType, base::Value::of(value)); };
  ExprId points = number_literal(tree.points_sign(node) * tree.number_value(number));
  const NodeId per = tree.child(node, NodeKind::kPerEach);
  const NodeId up_to = tree.child(node, NodeKind::kUpTo);
  if (per != syntax::kNoNode) {
    const NodeId what = tree.child(per, std::size_t{0});
    const Checked each = check_expression(context, scope, what);
    if (!each.ok()) return kNone;
    ExprId amount = each.expr;
    if (each.type.kind == TypeKind::kInteger) {
      amount = program.call(Fn::to_number, kNumberType, {amount});
    } else if (each.type.kind != TypeKind::kNumber) {
      context.report(Code::wrong_type, tree.span(what), {type_phrase(context.schema(), each.type), "a number"})
          .note("Points are counted per one of something: `+2 per count(visit over last 30 days)`.");
      return kNone;
    }
    ExprId cap = program.literal(kNumberType, base::Value::missing());
    if (up_to != syntax::kNoNode) {
      const NodeId limit = tree.child(up_to, std::size_t{0});
      const std::optional<Constant> value = check_constant(context, scope, limit, Expected::of(kNumberType));
      if (!value) return kNone;
      if (value->type.kind != TypeKind::kNumber && value->type.kind != TypeKind::kInteger) {
        context.report(Code::wrong_type, tree.span(limit), {type_phrase(context.schema(), value->type), "a number"});
        return kNone;
      }
      cap = number_literal(value->type.kind == TypeKind::kInteger ? static_cast<double>(value->value.integer())
                                                                  : value->value.number());
    }
    points = program.call(Fn::points_per, kNumberType, {amount, points, cap});
  } else if (up_to != syntax::kNoNode) {
    context.report(Code::clause_order, tree.span(up_to), {"per", "up to"})
        .help("A limit is for points that add up: `+2 per count(visit) up to 20`.");
    return kNone;
  }
  std::vector<std::uint32_t> children;
  if (const NodeId when = tree.child(node, NodeKind::kWhen); when != syntax::kNoNode) {
    const Checked condition = check_condition(context, scope, tree.child(when, std::size_t{0}));
    if (!condition.ok()) return kNone;
    children.push_back(condition.clause);
    points = program.call(Fn::points_when, kNumberType, {condition.expr, points});
  }
  clauses.push_back(add_clause(context, tree.span(node), points, std::move(children)));
  return points;
}

}  // namespace

bool check_score(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  symbol.frame = frame_of(context, symbol);
  if (symbol.frame == kNone) return false;
  const Scope scope{.module = symbol.module, .file = symbol.file, .frame = symbol.frame};
  Output output{.title = head_title(tree, symbol.node)};
  read_properties(context, symbol, output);
  bool ok = !tree.has_error(symbol.node);
  ExprId sum = kNone;
  std::vector<std::uint32_t> clauses;
  for (NodeId child : tree.children(symbol.node)) {
    if (!tree.is(child, NodeKind::kPoints)) continue;
    const ExprId points = check_points(context, scope, child, clauses);
    if (points == kNone) {
      ok = false;
    } else {
      sum = sum == kNone ? points : context.program.call(Fn::add, kNumberType, {sum, points});
    }
  }
  if (!ok) return false;
  if (sum == kNone) sum = context.program.literal(kNumberType, base::Value::of(0.0));
  symbol.value = sum;
  symbol.type = kNumberType;
  output.root = sum;
  output.type = kNumberType;
  output.clause = add_clause(context, tree.span(symbol.node), sum, std::move(clauses));
  symbol.output = add_output(context, symbol, OutputKind::kScore, std::move(output));
  return true;
}

bool check_segment(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  symbol.frame = frame_of(context, symbol);
  if (symbol.frame == kNone) return false;
  const Scope scope{.module = symbol.module, .file = symbol.file, .frame = symbol.frame};
  Output output{.title = head_title(tree, symbol.node)};
  read_properties(context, symbol, output);
  bool ok = !tree.has_error(symbol.node);
  NodeId when = syntax::kNoNode;
  for (NodeId child : tree.children(symbol.node)) {
    if (tree.is(child, NodeKind::kExpect)) {
      not_yet(context, Code::construct_not_yet, tree.span(child), "expect in a segment");
      ok = false;
    } else if (tree.is(child, NodeKind::kSticky)) {
      not_yet(context, Code::declaration_not_yet, tree.span(child), "enter when … leave when");
      return false;
    } else if (tree.is(child, NodeKind::kWhen)) {
      if (when != syntax::kNoNode) {
        context.report(Code::duplicate_clause, tree.span(child), {"when"})
            .label(tree.span(when), "first here")
            .help("A segment has one `when`: join the two with `and`, or put both in `all of { }`.");
        ok = false;
      } else {
        when = child;
      }
    }
  }
  if (when == syntax::kNoNode) {
    if (ok) {
      context.report(Code::segment_without_condition, symbol.span, {symbol.name})
          .help("Say who is in it: `when count(purchase over last 30 days) >= 1`.");
    }
    return false;
  }
  const Checked condition = check_condition(context, scope, tree.child(when, std::size_t{0}));
  if (!condition.ok() || !ok) return false;
  output.root = condition.expr;
  output.clause = condition.clause;
  output.type = kFlagType;
  symbol.type = kFlagType;
  symbol.output = add_output(context, symbol, OutputKind::kSegment, std::move(output));
  return true;
}

namespace {

// Whether the tiers' conditions leave nobody out, as far as this version proves it: a condition and its `not` that are
// never unknown, `is missing` beside `is known`, or a condition that is plainly yes.
bool is_complete(const program::Program& program, const std::vector<program::Tier>& tiers) {
  const auto call = [&](ExprId id, Fn fn) -> const program::Expr* {
    const program::Expr& expr = program.expr(id);
    return expr.kind == program::ExprKind::kCall && expr.fn == fn ? &expr : nullptr;
  };
  for (const program::Tier& a : tiers) {
    const program::Expr& expr = program.expr(a.condition);
    if (expr.kind == program::ExprKind::kLiteral && program.values[expr.a] == base::Value::of(true)) return true;
    for (const program::Tier& b : tiers) {
      if (call(b.condition, Fn::logical_not) != nullptr && program.args_of(b.condition)[0] == a.condition &&
          !can_be_missing(program, a.condition)) {
        return true;
      }
      if (call(a.condition, Fn::is_missing) != nullptr && call(b.condition, Fn::is_known) != nullptr &&
          program.args_of(a.condition) == program.args_of(b.condition)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool check_partition(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  symbol.frame = frame_of(context, symbol);
  if (symbol.frame == kNone) return false;
  const Scope scope{.module = symbol.module, .file = symbol.file, .frame = symbol.frame};
  const bool ranked = tree.partition_kind(symbol.node) == syntax::PartitionKind::ranked;
  Output output{.title = head_title(tree, symbol.node), .ranked = ranked};
  read_properties(context, symbol, output);
  bool ok = !tree.has_error(symbol.node);
  NodeId otherwise = syntax::kNoNode;
  std::vector<base::Span> spans;
  std::vector<std::uint32_t> clauses;
  const auto add_tier = [&](NodeId node, ExprId condition, std::uint32_t clause) {
    const NodeId name_node = tree.name_node(node);
    if (name_node == syntax::kNoNode) {
      ok = false;
      return;
    }
    const std::string name = tree.name(name_node);
    for (std::size_t i = 0; i < output.tiers.size(); ++i) {
      if (output.tiers[i].name != name) continue;
      context.report(Code::duplicate_tier, tree.span(name_node), {name})
          .label(spans[i], "first here")
          .help("A tier has one condition: join the two with `or`.");
      ok = false;
      return;
    }
    output.tiers.push_back({.name = name, .title = head_title(tree, node), .condition = condition, .clause = clause});
    spans.push_back(tree.span(name_node));
    clauses.push_back(clause);
  };
  for (NodeId child : tree.children(symbol.node)) {
    if (tree.is(child, NodeKind::kExpect)) {
      not_yet(context, Code::construct_not_yet, tree.span(child), "expect in a partition");
      ok = false;
    } else if (tree.is(child, NodeKind::kOtherwise)) {
      if (otherwise != syntax::kNoNode) {
        context.report(Code::duplicate_clause, tree.span(child), {"otherwise"})
            .label(tree.span(otherwise), "first here");
        ok = false;
      }
      otherwise = child;
      if (tree.child(child, NodeKind::kNothing) == syntax::kNoNode) add_tier(child, kNone, kNone);
    } else if (tree.is(child, NodeKind::kTier)) {
      if (otherwise != syntax::kNoNode && ok) {
        context.report(Code::clause_order, tree.span(child), {"tier", "otherwise"})
            .label(tree.span(otherwise), "everyone else is here already");
        ok = false;
      }
      const NodeId when = tree.child(child, NodeKind::kWhen);
      if (tree.has_error(child)) {
        ok = false;
      } else if (when == syntax::kNoNode) {
        context.report(Code::tier_without_condition, tree.span(child), {tree.name(child)})
            .help("Write `tier " + tree.name(child) + " when …`; who is left over goes to `otherwise " +
                  tree.name(child) + "`.");
        ok = false;
      } else {
        const Checked condition = check_condition(context, scope, tree.child(when, std::size_t{0}));
        if (condition.ok()) {
          add_tier(child, condition.expr, condition.clause);
        } else {
          ok = false;
        }
      }
    }
  }
  if (!ok) return false;
  if (output.tiers.empty()) {
    context.report(Code::partition_without_tiers, symbol.span, {symbol.name}).help("Add `tier NAME when …`.");
    return false;
  }
  if (otherwise == syntax::kNoNode && !is_complete(context.program, output.tiers)) {
    context.report(Code::partition_not_complete, symbol.span, {symbol.name})
        .note("This version proves it only of a condition beside its `not`.")
        .help("Say where everyone else belongs: `otherwise NAME`, or `otherwise none` for no tier at all.");
    return false;
  }
  base::ChoiceSet set{.ranked = ranked, .name = symbol.name};
  const auto num_tiers = static_cast<std::uint32_t>(output.tiers.size());
  set.values.resize(num_tiers);
  for (std::uint32_t i = 0; i < num_tiers; ++i) {
    output.tiers[i].choice = ranked ? num_tiers - 1 - i : i;  // written from highest to lowest
    set.values[output.tiers[i].choice] = output.tiers[i].name;
  }
  const auto choice = static_cast<std::uint32_t>(context.schema().choices.size());
  context.schema().choices.push_back(std::move(set));
  symbol.type = {.kind = TypeKind::kChoice, .ranked = ranked, .detail = choice};
  output.type = symbol.type;
  output.clause = add_clause(context, tree.span(symbol.node), kNone, std::move(clauses));
  symbol.output = add_output(context, symbol, OutputKind::kPartition, std::move(output));
  const ExprId root = context.program.tier(symbol.output);
  context.program.outputs[symbol.output].root = root;
  context.program.clauses[context.program.outputs[symbol.output].clause].expr = root;
  return true;
}

}  // namespace seg::check
