// What kinds of expressions, aggregates and ranks are called where a program is printed or counted. Empty past the last
// of them, so that a table of all can be made.
#pragma once

#include "program/program.h"

namespace seg::program {

const char* kind_name(ExprKind kind);
const char* agg_name(AggFn fn);
const char* population_name(PopulationFn fn);

}  // namespace seg::program
