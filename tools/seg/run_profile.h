// What `seg run --profile` prints: where the time went, by stage and part, and which rules are expensive. In: the trace
// of a run, and its results with costs. Out: text for people.
#pragma once

#include <string>

#include "base/trace.h"
#include "program/program.h"
#include "runtime/exec/results.h"

namespace seg::tool {

std::string run_profile(const program::Program& program, const exec::Results& results, const base::Trace& trace);

}  // namespace seg::tool
