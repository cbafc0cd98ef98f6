// A project in memory: its settings, its sources, their trees, and what the checker made of them.
// In: the project options of a command line. Out: a Workspace; everything found wrong is in `diagnostics`.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/binding.h"
#include "base/diagnostic.h"
#include "base/source.h"
#include "compiler/check/check.h"
#include "compiler/syntax/parse.h"
#include "program/program.h"
#include "tools/project/project.h"
#include "tools/seg/options.h"

namespace seg::tool {

struct Workspace {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  project::Project project;
  std::deque<syntax::ParseResult> trees;
  check::CheckResult checked;
  std::vector<base::SourceId> named;  // the files that the command line names; none: the whole project is meant

  const program::Program& program() const { return checked.program; }
  bool is_asked(base::SourceId source) const;
  // as-of (which must be there), zone, week start and the params' values.
  base::Binding binding() const;
};

// Reads seg.yaml only. None: diagnostics say why.
bool open_project(const Options& options, Workspace& workspace);
// Reads, parses and checks all rules; those files that are named too, if the project does not have them. False: errors
// were reported, perhaps in other files than the named ones.
bool check_project(const Options& options, const std::vector<std::string>& rule_files, Workspace& workspace);
// Drops what was found in other rule files than the named ones. How many errors that were.
std::size_t keep_asked(Workspace& workspace);

// Prints in the form that --format names; `human` goes to standard error, the others to standard output.
void print_diagnostics(const Options& options, Workspace& workspace);
// 3 if a file, the disk or the machine is at fault, 2 for the project file and the command line, 1 for rules and rows
// of data, 0 if there is no error; the highest of them.
int exit_code_of(const base::DiagnosticList& diagnostics);

// A path as it is shown: from the working directory if it lies below it.
std::string shown_path(const std::string& path);

}  // namespace seg::tool
