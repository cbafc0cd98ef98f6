// Random well-typed programs over the schema of random_data.h: every expression kind, function and aggregate occurs.
#pragma once

#include <map>
#include <string>

#include "program/program.h"
#include "tests/differential/random_source.h"

namespace seg::differential {

// Segments, a partition, metrics of the customer and of the account that refer to each other.
program::Program random_program(const base::Binding& binding, RandomSource& random);

// How often each expression kind, function and aggregate occurs: "call lower" -> 12.
void count_constructs(const program::Program& program, std::map<std::string, std::uint64_t>& counts);

}  // namespace seg::differential
