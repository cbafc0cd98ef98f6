// The stored state of sticky segments (`seg run --state FILE`): who was in as of a day, so that the next run need not
// begin at the first event. It is only a cache: a run that goes on from it gives the members of a run from nothing. In:
// the rules, the data, the file. Out: where the run's folds begin; after the run the file of its own day.
//
// The file is JSON lines. The first says of which day, rules and events it is; where the rules, or the events up to
// that day, are others now, it is not used, and that is said. Each further line is a member: segment, key, day of
// entry.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/binding.h"
#include "base/diagnostic.h"
#include "program/program.h"
#include "runtime/bytecode/module.h"
#include "runtime/exec/run.h"
#include "runtime/vector/column.h"

namespace seg::tool {

struct StickyRun {
  const program::Program& program;
  const bytecode::Module& module;  // says which sticky segments the run needs
  const base::Binding& binding;    // as of a date
  const vector::Dataset& dataset;
};

// Sets the run's state if there is one for it (no file: none). False: an error was reported.
// `num_absent`: members in the file who are not in the data now.
bool read_state(const std::string& path, const StickyRun& of, exec::RunOptions& run, std::uint64_t& num_absent,
                base::DiagnosticList& diagnostics);
void write_state(const std::string& path, const StickyRun& of, const exec::Results& results,
                 base::DiagnosticList& diagnostics);

}  // namespace seg::tool
