#include "compiler/optimize/rules.h"

namespace seg::optimize {

ExprId rule_fold_logic(Program& program, ExprId id) {
  using program::Fn;
  if (program.expr(id).kind != program::ExprKind::kCall) return id;
  const std::vector<ExprId> args = program.args_of(id);
  const Fn fn = program.expr(id).fn;
  if (fn == Fn::logical_not) {
    if (is_yes(program, args[0])) return flag_literal(program, false);
    if (is_no(program, args[0])) return flag_literal(program, true);
    return id;
  }
  if (fn == Fn::if_then_else) {
    if (!is_yes(program, args[0]) && !is_no(program, args[0])) return id;
    const ExprId chosen = is_yes(program, args[0]) ? args[1] : args[2];
    // A date that stops depending on the row would leave the row's time zone.
    const bool keeps_frame = program.expr(chosen).frame == program.expr(id).frame;
    return keeps_frame || program.expr(id).type.kind == base::TypeKind::kFlag ? chosen : id;
  }
  if (fn != Fn::logical_and && fn != Fn::logical_or) return id;
  // For `and`: one no settles it, a yes adds nothing, even beside unknown ones. For `or` the other way round.
  const auto settles = [&](ExprId arg) { return fn == Fn::logical_and ? is_no(program, arg) : is_yes(program, arg); };
  const auto adds_nothing = [&](ExprId arg) {
    return fn == Fn::logical_and ? is_yes(program, arg) : is_no(program, arg);
  };
  std::vector<ExprId> kept;
  for (ExprId arg : args) {
    if (settles(arg)) return arg;
    if (!adds_nothing(arg)) kept.push_back(arg);
  }
  return kept.size() == args.size() ? id : joined(program, fn, kept);
}

}  // namespace seg::optimize
