#include "compiler/optimize/rules.h"

namespace seg::optimize {

ExprId rule_double_negation(Program& program, ExprId id) {
  if (!is_call(program, id, program::Fn::logical_not)) return id;
  const ExprId inner = program.args_of(id)[0];
  return is_call(program, inner, program::Fn::logical_not) ? program.args_of(inner)[0] : id;
}

}  // namespace seg::optimize
