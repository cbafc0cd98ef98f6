// Why a condition is what it is for one customer: its clauses as written, each with its value.
// In: the clause tree, the reference interpreter over the data, a row. Out: indented text.
#pragma once

#include <string>

#include "base/source.h"
#include "program/program.h"
#include "reference/interpreter.h"

namespace seg::tool {

// A line per clause: "no       spend_12m >= vip_spend     (1,200 EUR against 2,000 EUR)".
std::string explain_clause(const program::Program& program, reference::Interpreter& interpreter,
                           const base::SourceSet& sources, std::uint32_t clause, std::uint64_t row, int indent = 0);

}  // namespace seg::tool
