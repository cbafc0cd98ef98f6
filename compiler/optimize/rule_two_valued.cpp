#include "compiler/optimize/rules.h"

namespace seg::optimize {
namespace {

bool is_never_unknown(const Program& program, ExprId id) {
  using program::Fn;
  const program::Expr& e = program.expr(id);
  if (e.kind == program::ExprKind::kMember || e.kind == program::ExprKind::kState) return true;
  if (e.kind == program::ExprKind::kAggregate) return program.aggregates[e.a].fn == program::AggFn::kExists;
  if (e.kind == program::ExprKind::kSequence) return !program.sequences[e.a].elapsed;
  if (e.kind == program::ExprKind::kLiteral) return !program.values[e.a].is_missing();
  if (e.kind != program::ExprKind::kCall) return false;
  if (e.fn == Fn::is_true || e.fn == Fn::is_known || e.fn == Fn::is_missing) return true;
  if (e.fn != Fn::logical_not && e.fn != Fn::logical_and && e.fn != Fn::logical_or) return false;
  for (ExprId arg : program.args_of(id)) {
    if (!is_never_unknown(program, arg)) return false;
  }
  return true;
}

}  // namespace

ExprId rule_two_valued(Program& program, ExprId id) {
  if (!is_call(program, id, program::Fn::is_true)) return id;
  const ExprId inner = program.args_of(id)[0];
  return is_never_unknown(program, inner) ? inner : id;
}

}  // namespace seg::optimize
