// The project file seg.yaml as a plain struct.
// In: a folder to look from, or the path or text of a project file. Out: Project, or diagnostics (S7xxx) with line and
// column. First step of every command; paths in it are already joined to the project's folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/binding.h"
#include "base/diagnostic.h"
#include "base/source.h"
#include "base/window.h"
#include "runtime/io/source.h"

namespace seg::project {

// A database as the source of a table. Read here; loading from it is not there yet.
struct DatabaseSource {
  std::string table;   // of the schema
  std::string driver;  // adbc: postgresql
  std::string uri;     // "env:CRM_URI" names an environment variable
  std::string from;    // table: crm.devices
  base::Span span;
};

struct LintSetting {
  base::Code code;
  std::optional<base::Severity> severity;  // none: off
};

struct Policy {
  std::string text;
  base::Span span;
};

// `params: { vip_spend: 3_000 EUR }`: a value in the language's own words, checked where params are.
struct ParamSetting {
  std::string name;
  std::string value;
  base::Span span;
};

struct Project {
  std::string path;    // of seg.yaml
  std::string folder;  // that it lies in
  int edition = 2026;
  std::string schema;              // path
  std::vector<std::string> rules;  // rule files, found by the globs, in order of their paths
  std::vector<std::string> rule_globs;
  std::optional<base::AsOf> as_of;  // a run without one (or --as-of) is an error
  std::string as_of_text;           // as written
  std::string time_zone = "UTC";
  base::Weekday week_starts = base::Weekday::kMonday;
  std::string calendar = "gregorian";
  std::string currency;
  std::vector<io::SourceSpec> sources;
  std::vector<base::Span> source_spans;  // parallel to sources
  std::vector<DatabaseSource> databases;
  std::vector<LintSetting> lints;
  std::vector<Policy> policies;
  std::vector<ParamSetting> params;
  std::vector<std::string> environments;  // names
};

inline constexpr std::string_view kProjectFile = "seg.yaml";

// seg.yaml in `folder` or the nearest folder above it; none: S7001.
std::optional<std::string> find_project_file(const std::string& folder, base::DiagnosticList& diagnostics);

// Reads the file and adds it to `sources`. An environment's settings take the place of the general ones; those under
// its `sources`, `params` and `lints` are laid over them one by one. Nothing is returned if there were errors.
std::optional<Project> read_project(const std::string& path, const std::string& environment, base::SourceSet& sources,
                                    base::DiagnosticList& diagnostics);
// The same of a text; `path` says what folder its paths start from and what messages call it.
std::optional<Project> parse_project(std::string text, const std::string& path, const std::string& environment,
                                     base::SourceSet& sources, base::DiagnosticList& diagnostics);

// "2026-06-30", "2026-06-30T18:00", "2026-06-30T18:00:00Z": what as_of and --as-of take. An instant without a zone is
// in `time_zone`.
std::optional<base::AsOf> parse_as_of(std::string_view text, const std::string& time_zone);

}  // namespace seg::project
