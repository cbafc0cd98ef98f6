// The rules of the optimiser. Each gets one expression whose arguments are already rewritten and returns what may stand
// in its place: the same id where it has nothing to say. None changes a value, unknown and missing included.
#pragma once

#include "program/program.h"

namespace seg::optimize {

using program::ExprId;
using program::Program;

ExprId rule_double_negation(Program& program, ExprId id);  // not not x: x
ExprId rule_flatten(Program& program, ExprId id);          // (a and b) and c: a and b and c; or likewise
ExprId rule_same_twice(Program& program, ExprId id);       // a and b and a: a and b; or likewise
ExprId rule_fold_logic(Program& program, ExprId id);       // yes, no among and, or, not, if
ExprId rule_fold_calls(Program& program, ExprId id);       // functions of literals
ExprId rule_two_valued(Program& program, ExprId id);       // is_true of what is never unknown
ExprId rule_counting(Program& program, ExprId id);         // at least 1 of: or; all of them: and; …

// What rules ask of an expression.
bool is_call(const Program& program, ExprId id, program::Fn fn);
bool is_literal(const Program& program, ExprId id);
bool is_yes(const Program& program, ExprId id);
bool is_no(const Program& program, ExprId id);
ExprId flag_literal(Program& program, bool value);
// and/or of several; one alone is itself; of none: yes for and, no for or.
ExprId joined(Program& program, program::Fn fn, const std::vector<ExprId>& args);

}  // namespace seg::optimize
