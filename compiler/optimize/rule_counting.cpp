#include "compiler/optimize/rules.h"

namespace seg::optimize {

ExprId rule_counting(Program& program, ExprId id) {
  using program::Fn;
  const program::Expr& e = program.expr(id);
  if (e.kind != program::ExprKind::kCall) return id;
  const Fn fn = e.fn;
  if (fn != Fn::at_least && fn != Fn::at_most && fn != Fn::exactly) return id;
  std::vector<ExprId> flags = program.args_of(id);
  if (!is_literal(program, flags[0])) return id;
  const std::int64_t n = program.values[program.expr(flags[0]).a].integer();
  flags.erase(flags.begin());
  const auto total = static_cast<std::int64_t>(flags.size());
  const auto negated = [&](ExprId of) { return program.call(Fn::logical_not, {.kind = base::TypeKind::kFlag}, {of}); };
  if (fn == Fn::at_least) {
    if (n <= 0 || n > total) return flag_literal(program, n <= 0);
    if (n == 1) return joined(program, Fn::logical_or, flags);
    if (n == total) return joined(program, Fn::logical_and, flags);
    return id;
  }
  if (fn == Fn::at_most) {
    if (n < 0 || n >= total) return flag_literal(program, n >= total);
    if (n == 0) return negated(joined(program, Fn::logical_or, flags));
    if (n == total - 1) return negated(joined(program, Fn::logical_and, flags));
    return id;
  }
  if (n < 0 || n > total) return flag_literal(program, false);
  if (n == 0) return negated(joined(program, Fn::logical_or, flags));
  if (n == total) return joined(program, Fn::logical_and, flags);
  return id;
}

}  // namespace seg::optimize
