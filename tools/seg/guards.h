// The `expect` of segments and partitions held against what a run found. In: the program and its results. Out: one
// finding for each, and diagnostics (S4021) for those that don't hold.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "program/program.h"
#include "runtime/exec/results.h"

namespace seg::tool {

struct GuardFinding {
  program::OutputId output = 0;
  std::string name;    // of the segment, or "partition.tier"
  std::string expect;  // as written: "size between 1% and 5%"
  base::Span span;
  std::uint64_t found = 0, num_rows = 0;
  bool holds = true;
};

// Of the outputs that were wanted, in the order in which they were written.
std::vector<GuardFinding> check_guards(const program::Program& program, const exec::Results& results,
                                       const base::SourceSet& sources);
void report_guards(const program::Program& program, const std::vector<GuardFinding>& findings, bool is_written,
                   base::DiagnosticList& diagnostics);

}  // namespace seg::tool
