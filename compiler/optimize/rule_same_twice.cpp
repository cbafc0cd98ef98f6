#include <algorithm>

#include "compiler/optimize/rules.h"

namespace seg::optimize {

ExprId rule_same_twice(Program& program, ExprId id) {
  using program::Fn;
  const bool is_and = is_call(program, id, Fn::logical_and);
  if (!is_and && !is_call(program, id, Fn::logical_or)) return id;
  const std::vector<ExprId> args = program.args_of(id);
  std::vector<ExprId> sorted = args;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() && args.size() > 1) return id;
  std::vector<ExprId> once;
  for (ExprId arg : args) {
    const auto place = std::lower_bound(sorted.begin(), sorted.end(), arg);
    if (place == sorted.end() || *place != arg) continue;  // taken already
    once.push_back(arg);
    sorted.erase(place, std::upper_bound(place, sorted.end(), arg));
  }
  return joined(program, is_and ? Fn::logical_and : Fn::logical_or, once);
}

}  // namespace seg::optimize
