// What one condition says about another, by looking at the same value compared with constants: sound, not complete.
// In: conditions of a checked program. Out: yes only where it is certain, whatever the data holds. The general proof
// comes later behind the same questions.
#pragma once

#include <string>

#include "program/program.h"

namespace seg::analyze {

// True for no row: literally no, or parts that exclude each other (`age < 18 and age > 65`).
bool is_never_true(const program::Program& program, program::ExprId condition);
// Literally yes, or an alternative that is.
bool is_always_true(const program::Program& program, program::ExprId condition);
// Of a comparison that is never true because no rank is that high or low: what such ranks can be. Else empty.
std::string limits_of_rank(const program::Program& program, program::ExprId condition);
// Wherever a is true, b is.
bool implies(const program::Program& program, program::ExprId a, program::ExprId b);

}  // namespace seg::analyze
