// Questions about the sticky segments of a program, for whoever evaluates, compiles or stores them. In: the program.
// Out: the sticky segments that something needs, the event tables their conditions read, a hash of what they mean.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "program/program.h"

namespace seg::program {

// Calls `see` once for every expression that an expression's value depends on: through aggregates, derived tables,
// segments, tiers and the conditions of sticky segments.
void walk(const Program& program, const std::vector<ExprId>& from, const std::function<void(ExprId)>& see);

// The sticky segments that these expressions depend on, in the order of their ids.
std::vector<OutputId> sticky_segments(const Program& program, const std::vector<ExprId>& from);

// The stored event tables whose rows the sticky segment's conditions depend on, in the order of their ids.
std::vector<TableId> events_read(const Program& program, OutputId sticky);

// The first day of any event that the conditions read of a row's own: of the row itself, of what refers to it and of
// what it refers to, not of the whole table. Missing without one; kNone: the conditions read no events.
ExprId first_day(Program& program, ExprId enter, ExprId leave);

// The same for equal meaning (names of outputs, titles and the order of declarations do not matter), another for
// another rule or another value of a param it reads. The same in every build.
std::uint64_t meaning(const Program& program, const std::vector<base::Value>& params, OutputId sticky);

}  // namespace seg::program
