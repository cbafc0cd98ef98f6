// One walk over the expressions, arguments first; at each, the rules in their order until none applies.
#include "compiler/optimize/optimize.h"

#include <vector>

#include "compiler/optimize/rules.h"

namespace seg::optimize {

using base::kNone;
using base::TypeKind;
using program::Aggregate;
using program::Expr;
using program::ExprKind;
using program::Fn;

namespace {

using Rule = ExprId (*)(Program&, ExprId);
// In this order: simpler shapes first, so that later rules see fewer cases.
constexpr Rule kRules[] = {rule_double_negation, rule_two_valued, rule_counting,  rule_flatten,
                           rule_same_twice,      rule_fold_logic, rule_fold_calls};
constexpr int kMaxRounds = 16;  // each rule shrinks the expression: a bound, not a budget

ExprId apply_rules(Program& program, ExprId id) {
  for (int round = 0; round < kMaxRounds; ++round) {
    const ExprId before = id;
    for (Rule rule : kRules) id = rule(program, id);
    if (id == before) break;
  }
  return id;
}

class Rewriter {
 public:
  explicit Rewriter(Program& program) : program_(program), rewritten_(program.exprs.size(), kNone) {}

  void run() {
    for (ExprId id = 0; id < rewritten_.size(); ++id) rewrite(id);
    for (program::Output& output : program_.outputs) {
      output.root = now(output.root);
      for (program::Tier& tier : output.tiers) tier.condition = now(tier.condition);
      if (output.at_least) output.at_least = now(*output.at_least);
      if (output.at_most) output.at_most = now(*output.at_most);
      if (!output.sticky) continue;
      for (ExprId* part : {&output.sticky->enter, &output.sticky->leave, &output.sticky->start, &output.sticky->stay})
        *part = now(*part);
    }
    for (base::Table& table : program_.schema.tables) {
      for (base::UnionPart& part : table.parts) part.filter = now(part.filter);
      if (!table.group) continue;
      table.group->filter = now(table.group->filter);
      for (std::uint32_t& computed : table.group->computed) computed = now(computed);
    }
  }

 private:
  ExprId now(ExprId id) {
    if (id == kNone) return id;
    if (rewritten_[id] == kNone) rewrite(id);
    return rewritten_[id];
  }

  void rewrite(ExprId id) {
    if (rewritten_[id] != kNone) return;
    const Expr e = program_.expr(id);
    std::vector<ExprId> args = program_.args_of(id);
    for (ExprId& arg : args) arg = now(arg);
    ExprId result = id;
    switch (e.kind) {
      case ExprKind::kLiteral:
      case ExprKind::kParam:
      case ExprKind::kAsOfDay:
      case ExprKind::kField:
      case ExprKind::kMember:
      case ExprKind::kTier:
      case ExprKind::kState: break;
      case ExprKind::kFollow:
        // A constant has no rows: it would be known where the reference is missing. The old expression stays then.
        if (program_.expr(args[0]).frame != kNone) result = program_.follow(e.frame, e.a, args[0]);
        break;
      case ExprKind::kLookup: result = program_.lookup(e.frame, e.a, e.b, args); break;
      case ExprKind::kCall: result = program_.call(e.fn, e.type, args); break;
      case ExprKind::kInWindow: {
        const base::Window window = program_.windows[e.a];
        result = program_.in_window(args[0], window);
        break;
      }
      case ExprKind::kRecursInWindow: {
        const base::Window window = program_.windows[e.a];
        result = program_.recurs_in_window(args[0], window);
        break;
      }
      case ExprKind::kStepOne: result = program_.step_one(e.frame, args[0]); break;
      case ExprKind::kSequence: {
        program::Sequence sequence = program_.sequences[e.a];
        const auto rows = [&](Aggregate& of) {
          of.filter = now(of.filter);
          if (of.filter != kNone && is_yes(program_, of.filter)) of.filter = kNone;
        };
        rows(sequence.first);
        for (program::SequenceStep& step : sequence.steps) {
          rows(step.rows);
          for (ExprId& tie : step.ties) tie = now(tie);
          for (ExprId& tie : step.ties_before) tie = now(tie);
        }
        result = program_.sequence(sequence);
        break;
      }
      case ExprKind::kPopulation: result = program_.population_with(id, args); break;
      case ExprKind::kAggregate: {
        Aggregate aggregate = program_.aggregates[e.a];
        const std::string name = program_.row_name(e.a);
        aggregate.filter = now(aggregate.filter);
        if (aggregate.filter != kNone && is_yes(program_, aggregate.filter)) aggregate.filter = kNone;
        aggregate.value = now(aggregate.value);
        result = program_.aggregate(aggregate, e.type);
        program_.name_rows(result, name);
        break;
      }
    }
    rewritten_[id] = apply_rules(program_, result);
  }

  Program& program_;
  std::vector<ExprId> rewritten_;
};

}  // namespace

void optimize(Program& program) { Rewriter(program).run(); }

bool is_call(const Program& program, ExprId id, Fn fn) {
  const Expr& e = program.expr(id);
  return e.kind == ExprKind::kCall && e.fn == fn;
}

bool is_literal(const Program& program, ExprId id) { return program.expr(id).kind == ExprKind::kLiteral; }

namespace {
bool is_flag_literal(const Program& program, ExprId id, bool value) {
  const Expr& e = program.expr(id);
  if (e.kind != ExprKind::kLiteral || e.type.kind != TypeKind::kFlag) return false;
  const base::Value& v = program.values[e.a];
  return !v.is_missing() && v.flag() == value;
}
}  // namespace

bool is_yes(const Program& program, ExprId id) { return is_flag_literal(program, id, true); }
bool is_no(const Program& program, ExprId id) { return is_flag_literal(program, id, false); }

ExprId flag_literal(Program& program, bool value) {
  return program.literal({.kind = TypeKind::kFlag}, base::Value::of(value));
}

ExprId joined(Program& program, Fn fn, const std::vector<ExprId>& args) {
  if (args.empty()) return flag_literal(program, fn == Fn::logical_and);
  if (args.size() == 1) return args[0];
  return program.call(fn, {.kind = TypeKind::kFlag}, args);
}

}  // namespace seg::optimize
