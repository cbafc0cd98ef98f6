// The checker: syntax trees of a whole project in, the typed program and diagnostics out. It reads no file: texts of
// modules and of list files come from `load`. Second stage of the compiler, after compiler/syntax.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "base/status.h"
#include "base/window.h"
#include "compiler/syntax/tree.h"
#include "program/program.h"

namespace seg::check {

// A file that has been read and parsed. Tree and text outlive the check.
struct ParsedFile {
  base::SourceId source = base::kNoSource;
  const syntax::Tree* tree = nullptr;
  bool has_errors = false;
};

// From seg.yaml.
struct Settings {
  std::string currency;  // ISO 4217; empty: `money` must say its currency
  std::string calendar = "gregorian";
  base::Weekday week_starts = base::Weekday::kMonday;
  std::string time_zone = "UTC";
  // Other values of params: name ("vip_spend", "rfm.recent") and the value as it would stand in a rule; what it came
  // from, for messages ("--set", "seg.yaml").
  struct ParamValue {
    std::string name;
    std::string text;
    std::string origin;
  };
  std::vector<ParamValue> params;
};

struct CheckInput {
  std::vector<ParsedFile> schema;
  std::vector<ParsedFile> rules;
  Settings settings;
  // The text of a file named in a rule (`use "shared/regions.seg"`, `list x from "places.csv"`), its path relative to
  // the file that names it already joined. Empty: no file can be read.
  std::function<base::Result<std::string>(const std::string& path)> load;
};

struct CheckResult {
  program::Program program;  // complete only if nothing erroneous was reported
  bool ok = false;
};

// Reports into `diagnostics` (whose levels of lints the caller has set). Sources of modules are added to `sources`.
CheckResult check(const CheckInput& input, base::SourceSet& sources, base::DiagnosticList& diagnostics);

}  // namespace seg::check
