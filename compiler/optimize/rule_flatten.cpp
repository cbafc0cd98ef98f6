#include "compiler/optimize/rules.h"

namespace seg::optimize {

ExprId rule_flatten(Program& program, ExprId id) {
  using program::Fn;
  const bool is_and = is_call(program, id, Fn::logical_and);
  if (!is_and && !is_call(program, id, Fn::logical_or)) return id;
  const Fn fn = is_and ? Fn::logical_and : Fn::logical_or;
  std::vector<ExprId> flat;
  bool has_nested = false;
  for (ExprId arg : program.args_of(id)) {
    if (!is_call(program, arg, fn)) {
      flat.push_back(arg);
      continue;
    }
    has_nested = true;
    for (ExprId inner : program.args_of(arg)) flat.push_back(inner);
  }
  return has_nested ? joined(program, fn, flat) : id;
}

}  // namespace seg::optimize
