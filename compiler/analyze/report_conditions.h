// Warnings about conditions that can't do what they were written for: never true (S5101), always true (S5102), a tier
// that is never reached (S5103). In: a checked program. Out: diagnostics at the clauses as written.
#pragma once

#include <functional>

#include "base/diagnostic.h"
#include "program/program.h"

namespace seg::analyze {

void report_conditions(const program::Program& program, const std::function<bool(program::ExprId)>& can_be_missing,
                       base::DiagnosticList& diagnostics);

}  // namespace seg::analyze
