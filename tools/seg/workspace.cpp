#include "tools/seg/workspace.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/diagnostic_page.h"
#include "base/render_github.h"
#include "base/render_gitlab.h"
#include "base/render_human.h"
#include "base/render_json.h"
#include "base/render_junit.h"
#include "base/render_sarif.h"
#include "base/text_file.h"

namespace seg::tool {
namespace fs = std::filesystem;

std::string shown_path(const std::string& path) {
  std::error_code error;
  const fs::path relative = fs::path(path).lexically_relative(fs::current_path(error));
  const std::string text = relative.string();
  return error || text.empty() || text.starts_with("..") ? path : text;
}

base::Binding Workspace::binding() const {
  base::Binding binding;
  if (project.as_of) binding.as_of = *project.as_of;
  binding.time_zone = project.time_zone;
  binding.week_starts = project.week_starts;
  for (const program::Param& param : checked.program.params) binding.params.push_back(param.value);
  return binding;
}

bool open_project(const Options& options, Workspace& workspace) {
  std::string where = options.has("project") ? options.text("project") : ".";
  std::error_code error;
  std::optional<std::string> path = where;
  if (fs::is_directory(where, error)) path = project::find_project_file(where, workspace.diagnostics);
  if (!path) return false;
  auto project = project::read_project(shown_path(fs::absolute(*path).lexically_normal().string()),
                                       options.text("environment"), workspace.sources, workspace.diagnostics);
  if (!project) return false;
  workspace.project = std::move(*project);
  for (const project::LintSetting& lint : workspace.project.lints)
    workspace.diagnostics.set_severity(lint.code, lint.severity);
  return true;
}

namespace {

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || (fs::equivalent(a, b, error) && !error);
}

// The project's rule files, and those named that are not among them yet.
std::vector<std::string> with_named(std::vector<std::string> files, const std::vector<std::string>& named,
                                    const std::string& schema) {
  for (const std::string& path : named) {
    const auto is_path = [&](const std::string& known) { return is_same_file(known, path); };
    if (!is_path(schema) && std::none_of(files.begin(), files.end(), is_path)) files.push_back(path);
  }
  return files;
}

bool add_file(const std::string& path, Workspace& workspace, std::vector<check::ParsedFile>& files) {
  auto text = base::read_text_file(path, syntax::kMaxFileSize);
  if (!text.ok()) {
    workspace.diagnostics.report(text.status());
    return false;
  }
  const base::SourceId source = workspace.sources.add(shown_path(path), std::move(text).value());
  workspace.trees.push_back(syntax::parse(source, workspace.sources.text(source), workspace.diagnostics));
  files.push_back({source, &workspace.trees.back().tree, workspace.trees.back().has_errors});
  return true;
}

}  // namespace

bool check_project(const Options& options, const std::vector<std::string>& rule_files, Workspace& workspace) {
  check::CheckInput input;
  bool readable = true;
  const project::Project& project = workspace.project;
  const auto add = [&](const std::string& path, std::vector<check::ParsedFile>& files) {
    const bool is_named = std::any_of(rule_files.begin(), rule_files.end(),
                                      [&](const std::string& named) { return is_same_file(named, path); });
    if (!add_file(path, workspace, files))
      readable = false;
    else if (is_named)
      workspace.named.push_back(files.back().source);
  };
  if (!project.schema.empty()) add(project.schema, input.schema);
  for (const std::string& path : with_named(project.rules, rule_files, project.schema)) add(path, input.rules);
  input.settings.currency = project.currency;
  input.settings.calendar = project.calendar;
  input.settings.week_starts = project.week_starts;
  input.settings.time_zone = project.time_zone;
  for (const project::ParamSetting& param : project.params) {
    input.settings.params.push_back({param.name, param.value, "seg.yaml"});
  }
  for (const std::string& setting : options.texts("set")) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      workspace.diagnostics.report(base::Code::wrong_argument, {"--set", "`" + setting + "`"})
          .help("write --set NAME=VALUE, for example --set vip_spend=\"3_000 EUR\"");
      return false;
    }
    input.settings.params.push_back({setting.substr(0, equals), setting.substr(equals + 1), "--set"});
  }
  input.load = [](const std::string& path) { return base::read_text_file(path); };
  workspace.checked = check::check(input, workspace.sources, workspace.diagnostics);
  workspace.diagnostics.sort();
  return readable && workspace.checked.ok && !workspace.diagnostics.has_errors();
}

bool Workspace::is_asked(base::SourceId source) const {
  return named.empty() || std::find(named.begin(), named.end(), source) != named.end();
}

std::size_t keep_asked(Workspace& workspace) {
  std::size_t num_errors = 0;
  workspace.diagnostics.remove_if([&](const base::Diagnostic& diagnostic) {
    const base::Span span = diagnostic.span();
    const bool is_of_rules = span.is_somewhere() && workspace.sources.path(span.source).ends_with(".seg");
    if (!is_of_rules || workspace.is_asked(span.source)) return false;
    num_errors += diagnostic.severity == base::Severity::error ? 1 : 0;
    return true;
  });
  return num_errors;
}

void print_diagnostics(const Options& options, Workspace& workspace) {
  const std::string format = options.has("format") ? options.text("format") : "human";
  const base::DiagnosticList& list = workspace.diagnostics;
  const base::SourceSet& sources = workspace.sources;
  if (format == "json") {
    std::cout << base::render_json(list, sources);
  } else if (format == "sarif") {
    std::cout << base::render_sarif(list, sources,
                                    {.tool_version = std::string(kVersionText), .page = base::diagnostic_page});
  } else if (format == "junit") {
    std::cout << base::render_junit(list, sources);
  } else if (format == "github") {
    std::cout << base::render_github(list, sources);
  } else if (format == "gitlab") {
    std::cout << base::render_gitlab(list, sources);
  } else {
    std::cerr << base::render_human(list, sources,
                                    {.has_color = wants_color(STDERR_FILENO, options.text("color")),
                                     .num_columns = terminal_columns(STDERR_FILENO)});
  }
}

int exit_code_of(const base::DiagnosticList& diagnostics) {
  int code = kFine;
  for (const base::Diagnostic& diagnostic : diagnostics.items()) {
    if (diagnostic.severity != base::Severity::error) continue;
    const auto number = static_cast<int>(diagnostic.code);
    int one = kFindings;  // rules, rows of data
    if (number < 3 || (number >= 6000 && number < 6100) || (number >= 7100 && number < 7200)) one = kEnvironment;
    if ((number >= 7000 && number < 7100) || number >= 7200) one = number >= 8000 ? kFindings : kWrongUse;
    code = std::max(code, one == kFindings ? 1 : one);
  }
  return code;
}

}  // namespace seg::tool
