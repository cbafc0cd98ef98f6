// Metrics, scores and segments: each becomes an output of the program with its clause tree.
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

namespace {

bool check_one_segment(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  symbol.frame = frame_of(context, symbol);
  if (symbol.frame == kNone) return false;
  Scope scope{.module = symbol.module, .file = symbol.file, .frame = symbol.frame};
  std::vector<Argument> each;
  if (symbol.generated_by != kNone) {
    if (context.symbols[symbol.generated_by].has_failed) return false;  // reported for another of them
    each.push_back({.name = each_name(tree, symbol.node), .value = {.expr = symbol.value, .type = symbol.type}});
    scope.arguments = &each;
  }
  Output output{.title = head_title(tree, symbol.node)};
  read_properties(context, symbol, output);
  bool ok = !tree.has_error(symbol.node) && read_guards(context, symbol, output);
  NodeId when = syntax::kNoNode;
  NodeId sticky = syntax::kNoNode;
  for (NodeId child : tree.children(symbol.node)) {
    if (tree.is(child, NodeKind::kSticky)) {
      if (sticky != syntax::kNoNode) {
        context.report(Code::duplicate_clause, tree.span(child), {"every"}).label(tree.span(sticky), "first here");
        ok = false;
      }
      sticky = child;
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
  if (sticky != syntax::kNoNode) {
    if (when != syntax::kNoNode) {
      context.report(Code::sticky_beside_when, tree.span(when), {symbol.name})
          .label(tree.span(sticky), "who is in is said here")
          .note("`when` asks everyone anew in each run; `enter when … leave when …` asks who comes and who goes.")
          .help("Keep one of them, or put the condition into both: `enter when … and …`.");
      ok = false;
    }
    return check_sticky(context, symbol, scope, sticky, std::move(output)) && ok;
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

}  // namespace

bool check_segment(Context& context, SymbolId id) {
  const bool ok = check_one_segment(context, id);
  const SymbolId generated_by = context.symbols[id].generated_by;
  if (!ok && generated_by != kNone) context.symbols[generated_by].has_failed = true;
  return ok;
}

}  // namespace seg::check
