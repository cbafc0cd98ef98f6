// Random well-typed programs over the schema of random_data.h: every expression kind, function and aggregate occurs.
#pragma once

#include <string>
#include <vector>

#include "program/program.h"
#include "tests/differential/random_source.h"

namespace seg::differential {

// Segments, a partition, metrics of the customer and of the account that refer to each other.
// What the language has a construct for and the program writes out with others is added to `named`.
struct NamedExpr {
  std::string name;
  program::ExprId expr = program::kNone;
};
program::Program random_program(const base::Binding& binding, RandomSource& random, std::vector<NamedExpr>& named);

}  // namespace seg::differential
