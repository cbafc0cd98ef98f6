#include "tools/project/project.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/suggest.h"
#include "base/text_file.h"
#include "runtime/io/text/glob.h"
#include "runtime/io/text/time_text.h"
#include "runtime/io/text/zone_offsets.h"
#include "tools/project/read_source.h"

namespace seg::project {
namespace {

namespace fs = std::filesystem;
using base::Code;

constexpr int kEdition = 2026;
constexpr std::array<std::string_view, 7> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 3> kCalendars = {"gregorian", "persian", "islamic"};

// What is written where, for findings about settings as a whole.
struct Places {
  base::Span rules, schema, as_of;
};

std::string joined(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

// The position in `names`, or a finding with a suggestion.
std::optional<std::size_t> one_of(const std::string& setting, const YAML::Node& node,
                                  const std::vector<std::string_view>& names, Reading& reading) {
  auto text = reading.scalar(setting, node);
  if (!text) return std::nullopt;
  for (char& c : *text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const auto near = base::suggest(*text, names);
  reading.wrong(setting, "`" + node.Scalar() + "`", node,
                (near ? "did you mean `" + *near + "`? " : "") + std::string("one of: ") + joined(names));
  return std::nullopt;
}

void read_lints(const YAML::Node& node, Project& project, Reading& reading) {
  if (!reading.is_map("lints", node)) return;
  for (const auto& entry : node) {
    const std::string& name = entry.first.Scalar();
    const auto code = base::find_code(name);
    if (!code) {
      std::vector<std::string_view> names;
      for (const base::CodeInfo& known : base::all_codes()) {
        if (known.is_suppressible()) names.push_back(known.name);
      }
      auto finding = reading.diagnostics.report(Code::unknown_setting, reading.span(entry.first), {name});
      if (const auto near = base::suggest(name, names)) {
        finding.label(reading.span(entry.first), "did you mean `" + *near + "`?");
        finding.fix(reading.span(entry.first), *near);
      }
      finding.note("lints are warnings, by name or code: `missing-owner`, `S5001`");
      continue;
    }
    if (!base::info(*code).is_suppressible()) {
      reading.wrong(name, "changed", entry.first, "it is an error, not a lint: a rule that has it can't be run");
      continue;
    }
    const auto level = one_of("lints." + name, entry.second, {"error", "warning", "note", "off"}, reading);
    if (!level) continue;
    LintSetting setting{*code, std::nullopt};
    if (*level == 0) setting.severity = base::Severity::error;
    if (*level == 1) setting.severity = base::Severity::warning;
    if (*level == 2) setting.severity = base::Severity::note;
    std::erase_if(project.lints, [&](const LintSetting& other) { return other.code == *code; });
    project.lints.push_back(setting);
  }
}

void read_params(const YAML::Node& node, Project& project, Reading& reading) {
  if (!reading.is_map("params", node)) return;
  for (const auto& entry : node) {
    auto value = reading.scalar("params." + entry.first.Scalar(), entry.second);
    if (!value) continue;
    std::erase_if(project.params, [&](const ParamSetting& other) { return other.name == entry.first.Scalar(); });
    project.params.push_back({entry.first.Scalar(), std::move(*value), reading.span(entry.second)});
  }
}

void read_edition(const YAML::Node& node, Project& project, Reading& reading) {
  const auto text = reading.scalar("edition", node);
  if (!text) return;
  if (*text != std::to_string(kEdition)) {
    reading.wrong("edition", "`" + *text + "`", node,
                  "this version of seg knows the edition " + std::to_string(kEdition));
    return;
  }
  project.edition = kEdition;
}

// The settings of the file, or those of one environment.
void read_settings(const YAML::Node& node, bool is_environment, Project& project, Places& places, Reading& reading) {
  for (const auto& entry : node) {
    const std::string& key = entry.first.Scalar();
    const YAML::Node& value = entry.second;
    if (key == "edition" && !is_environment) {
      read_edition(value, project, reading);
    } else if (key == "rules") {
      project.rule_globs.clear();
      for (const std::string& glob : reading.scalars(key, value)) project.rule_globs.push_back(reading.path(glob));
      places.rules = reading.span(value);
    } else if (key == "schema") {
      if (auto path = reading.scalar(key, value)) project.schema = reading.path(*path);
      places.schema = reading.span(value);
    } else if (key == "as_of") {
      if (auto text = reading.scalar(key, value)) project.as_of_text = *text;
      places.as_of = reading.span(value);
    } else if (key == "time_zone") {
      if (auto zone = reading.scalar(key, value)) {
        if (io::ZoneOffsets::create(*zone)) {
          project.time_zone = *zone;
        } else {
          reading.diagnostics.report(Code::unknown_time_zone, reading.span(value), {*zone})
              .help("zones are called like `Europe/Berlin` or `Asia/Tehran`");
        }
      }
    } else if (key == "week_starts") {
      if (const auto day = one_of(key, value, {kWeekdays.begin(), kWeekdays.end()}, reading)) {
        project.week_starts = static_cast<base::Weekday>(*day);
      }
    } else if (key == "calendar") {
      if (const auto calendar = one_of(key, value, {kCalendars.begin(), kCalendars.end()}, reading)) {
        project.calendar = kCalendars[*calendar];
      }
    } else if (key == "currency") {
      if (auto currency = reading.scalar(key, value)) {
        const bool is_code = currency->size() == 3 && std::all_of(currency->begin(), currency->end(),
                                                                  [](char c) { return c >= 'A' && c <= 'Z'; });
        if (is_code) {
          project.currency = *currency;
        } else {
          reading.wrong(key, "`" + *currency + "`", value, "write the three letters of ISO 4217: EUR, USD, IRR");
        }
      }
    } else if (key == "sources") {
      if (!reading.is_map(key, value)) continue;
      for (const auto& source : value) {
        read_source(source.first.Scalar(), source.first, source.second, project, reading);
      }
    } else if (key == "lints") {
      read_lints(value, project, reading);
    } else if (key == "policies") {
      project.policies.clear();
      const std::vector<std::string> texts = reading.scalars(key, value);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        project.policies.push_back({texts[i], reading.span(value.IsSequence() ? value[i] : value)});
      }
    } else if (key == "params") {
      read_params(value, project, reading);
    } else if (key == "environments" && !is_environment) {
      continue;  // after everything else
    } else if (is_environment) {
      reading.unknown(entry.first,
                      {"rules", "schema", "as_of", "time_zone", "week_starts", "calendar", "currency", "sources",
                       "lints", "policies", "params"},
                      "an environment");
    } else {
      reading.unknown(entry.first,
                      {"edition", "rules", "schema", "as_of", "time_zone", "week_starts", "calendar", "currency",
                       "sources", "lints", "policies", "params", "environments"},
                      "seg.yaml");
    }
  }
}

// Each environment is read, so that its mistakes show before it is used; the chosen one is kept.
void read_environments(const YAML::Node& node, const std::string& chosen, Project& project, Places& places,
                       Reading& reading) {
  if (!reading.is_map("environments", node)) return;
  const Project general = project;
  const Places general_places = places;
  std::vector<std::string> names;
  for (const auto& entry : node) {
    names.push_back(entry.first.Scalar());
    if (entry.second.IsNull() || !reading.is_map("environments." + names.back(), entry.second)) continue;
    Project changed = general;
    Places changed_places = general_places;
    read_settings(entry.second, true, changed, changed_places, reading);
    if (names.back() != chosen) continue;
    project = std::move(changed);
    places = changed_places;
  }
  project.environments = std::move(names);
}

void find_files(Project& project, const Places& places, bool has_globs, Reading& reading) {
  if (project.schema.empty()) {
    const std::string usual = reading.path("schema.seg");
    std::error_code error;
    if (fs::exists(usual, error)) {
      project.schema = usual;
    } else {
      reading.diagnostics.report(Code::missing_setting, base::Span{reading.source, 0, 0}, {"schema"})
          .help("name the file that says what the tables mean: `schema: schema.seg`");
    }
  }
  if (!has_globs) project.rule_globs = {reading.path("segments/**/*.seg")};
  std::set<std::string> rules;
  for (const std::string& glob : project.rule_globs) {
    std::vector<std::string> found = io::expand_glob(glob);
    std::erase(found, project.schema);
    if (found.empty() && has_globs) {
      reading.diagnostics.report(Code::no_rules, places.rules, {glob})
          .help("`segments/**/*.seg` are the files of a folder and of the folders in it");
    }
    rules.insert(found.begin(), found.end());
  }
  project.rules.assign(rules.begin(), rules.end());
}

}  // namespace

std::optional<std::string> find_project_file(const std::string& folder, base::DiagnosticList& diagnostics) {
  std::error_code error;
  const fs::path start = fs::absolute(folder.empty() ? "." : folder, error).lexically_normal();
  for (fs::path at = start;; at = at.parent_path()) {
    const fs::path file = at / kProjectFile;
    if (fs::is_regular_file(file, error)) return file.string();
    if (at == at.parent_path()) break;
  }
  diagnostics.report(Code::no_project_file, {start.string()})
      .help("`seg init DATA…` looks at your files and writes one");
  return std::nullopt;
}

std::optional<Project> read_project(const std::string& path, const std::string& environment, base::SourceSet& sources,
                                    base::DiagnosticList& diagnostics) {
  auto text = base::read_text_file(path);
  if (!text.ok()) {
    diagnostics.report(text.status());
    return std::nullopt;
  }
  return parse_project(std::move(text).value(), path, environment, sources, diagnostics);
}

std::optional<Project> parse_project(std::string text, const std::string& path, const std::string& environment,
                                     base::SourceSet& sources, base::DiagnosticList& diagnostics) {
  Project project;
  project.path = path;
  project.folder = fs::path(path).parent_path().string();
  const base::SourceId source = sources.add(path, std::move(text));
  Reading reading{source, sources.text(source), project.folder, diagnostics};
  const std::size_t num_errors = diagnostics.num_errors();

  YAML::Node root;
  try {
    root = YAML::Load(std::string(reading.text));
  } catch (const YAML::Exception& problem) {
    const std::size_t at = problem.mark.is_null() || problem.mark.pos < 0
                               ? 0
                               : std::min<std::size_t>(static_cast<std::size_t>(problem.mark.pos), reading.text.size());
    const auto begin = static_cast<std::uint32_t>(at);
    diagnostics.report(Code::project_syntax, base::Span{source, begin, begin}, {problem.msg})
        .help("YAML: `name: value`, blocks by indentation, a space behind the colon");
    return std::nullopt;
  }
  Places places;
  if (!root.IsMap()) {
    if (!root.IsNull()) {
      diagnostics.report(Code::project_syntax, base::Span{source, 0, 0}, {"it is not a map of settings"})
          .help("begin with `edition: 2026`");
      return std::nullopt;
    }
  } else if (reading.is_map("seg.yaml", root)) {
    read_settings(root, false, project, places, reading);
    if (root["environments"]) read_environments(root["environments"], environment, project, places, reading);
  }

  if (!environment.empty() &&
      std::find(project.environments.begin(), project.environments.end(), environment) == project.environments.end()) {
    auto finding = diagnostics.report(Code::unknown_environment, {environment});
    if (const auto near = base::suggest(environment, project.environments))
      finding.help("did you mean `" + *near + "`?");
  }
  if (!project.as_of_text.empty()) {
    project.as_of = parse_as_of(project.as_of_text, project.time_zone);
    if (!project.as_of) {
      diagnostics.report(Code::wrong_setting, places.as_of, {"as_of", "`" + project.as_of_text + "`"})
          .help("write a date as 2026-06-30, or an instant as 2026-06-30T18:00");
    }
  }
  find_files(project, places, places.rules.is_somewhere(), reading);
  if (diagnostics.num_errors() != num_errors) return std::nullopt;
  return project;
}

std::optional<base::AsOf> parse_as_of(std::string_view text, const std::string& time_zone) {
  const auto time = io::parse_iso_time(text);
  if (!time) return std::nullopt;
  base::AsOf as_of;
  as_of.is_instant = time->has_time;
  as_of.day = time->day;
  if (!time->has_time) return as_of;
  if (time->has_zone) {
    as_of.instant = time->local() - time->offset;
  } else {
    const auto zone = io::ZoneOffsets::create(time_zone);
    as_of.instant = zone ? zone->to_utc(time->local()) : time->local();
  }
  return as_of;
}

}  // namespace seg::project
