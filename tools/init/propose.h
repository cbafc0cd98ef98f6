// A first project from data files: `seg init`.
// In: paths of Parquet, CSV, JSON lines or Arrow files. Out: the texts of a schema, a project file and a rule file that
// run as they are, and remarks on what was only guessed. Looks at the data through runtime/io; writes nothing itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace seg::init {

struct ProposeOptions {
  std::string folder = ".";      // of the project: paths in seg.yaml start from it
  std::string currency = "EUR";  // of columns that look like money
  std::string time_zone = "UTC";
  unsigned num_threads = 1;
};

struct Proposal {
  std::string schema;   // schema.seg
  std::string project;  // seg.yaml
  std::string rules;    // segments/first.seg
  // For people to look at: "`zip` of customers.csv was read as text because of its leading zeros".
  std::vector<std::string> remarks;
};

// Files that can't be read are findings; nothing is proposed without a single usable table.
std::optional<Proposal> propose(const std::vector<std::string>& paths, const ProposeOptions& options,
                                base::DiagnosticList& diagnostics);

}  // namespace seg::init
