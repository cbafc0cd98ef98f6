// Rewrites of a typed program that never change a result, three-valued as they are. In: a checked program. Out: the
// same program with other expressions behind its outputs; ids of outputs, clauses and tests stay, old expressions
// remain. One rule a file (rule_*.cpp), one ordered list (optimize.cpp).
#pragma once

#include "program/program.h"

namespace seg::optimize {

void optimize(program::Program& program);

}  // namespace seg::optimize
