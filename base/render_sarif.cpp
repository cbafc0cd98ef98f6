#include "base/render_sarif.h"

#include <array>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "base/diagnostic_place.h"

namespace seg::base {
namespace {

using Json = nlohmann::ordered_json;

std::string percent_encoded(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', kHex[byte >> 4u], kHex[byte & 15u]};
    }
  }
  return uri;
}

// Relative paths are meant from the project's root, wherever the reader of the report has it.
Json artifact_location(std::string_view path) {
  if (path.starts_with('/')) return {{"uri", "file://" + percent_encoded(path)}};
  while (path.starts_with("./")) path.remove_prefix(2);
  return {{"uri", percent_encoded(path)}, {"uriBaseId", "%SRCROOT%"}};
}

Json region(const FilePlace& place) {
  Json json = {{"startLine", place.begin_line}};
  if (place.begin_column != 0) json["startColumn"] = place.begin_column;
  if (place.end_column != 0) {
    json["endLine"] = place.end_line;
    json["endColumn"] = place.end_column;
  }
  return json;
}

Json location(const FilePlace& place) {
  Json physical = {{"artifactLocation", artifact_location(place.path)}};
  if (place.begin_line != 0) physical["region"] = region(place);
  return {{"physicalLocation", std::move(physical)}};
}

Json fix(const SourceSet& sources, const std::vector<const Edit*>& edits, std::string_view description) {
  std::map<std::string, Json> replacements;  // by path
  for (const Edit* edit : edits) {
    const FilePlace place = file_place(sources, edit->span);
    auto [of_file, _] = replacements.try_emplace(place.path, Json::array());
    of_file->second.push_back({{"deletedRegion", region(place)}, {"insertedContent", {{"text", edit->replacement}}}});
  }
  Json changes = Json::array();
  for (auto& [path, of_file] : replacements) {
    changes.push_back({{"artifactLocation", artifact_location(path)}, {"replacements", std::move(of_file)}});
  }
  return {{"description", {{"text", description}}}, {"artifactChanges", std::move(changes)}};
}

Json fixes(const SourceSet& sources, const Diagnostic& diagnostic) {
  Json result = Json::array();
  std::vector<const Edit*> safe;
  for (const Edit& edit : diagnostic.edits) {
    if (edit.safety == Safety::safe) safe.push_back(&edit);
  }
  if (!safe.empty()) result.push_back(fix(sources, safe, "safe: keeps the meaning"));
  for (const Edit& edit : diagnostic.edits) {
    if (edit.safety == Safety::changes_meaning) result.push_back(fix(sources, {&edit}, "changes the meaning"));
  }
  return result;
}

Json rule(Code code, const SarifOptions& options) {
  const CodeInfo& about = info(code);
  Json json = {{"id", about.id},
               {"name", about.name},
               {"shortDescription", {{"text", about.title}}},
               {"defaultConfiguration", {{"level", severity_name(about.severity)}}}};
  const std::string page = options.page ? options.page(code) : std::string();
  if (!page.empty()) json["help"] = {{"text", page}, {"markdown", page}};
  return json;
}

Json result(const SourceSet& sources, const Diagnostic& diagnostic, std::size_t rule_index) {
  Json json = {{"ruleId", info(diagnostic.code).id},
               {"ruleIndex", rule_index},
               {"level", severity_name(diagnostic.severity)},
               {"message", {{"text", full_text(diagnostic)}}}};
  json["locations"] = Json::array();
  if (const FilePlace place = file_place(sources, diagnostic); !place.path.empty()) {
    json["locations"].push_back(location(place));
    if (diagnostic.data && !diagnostic.data->column.empty()) {
      json["locations"][0]["logicalLocations"] = {{{"name", diagnostic.data->column}, {"kind", "member"}}};
    }
  }
  Json related = Json::array();
  const std::size_t first = diagnostic.span().is_somewhere() ? 1 : 0;
  for (std::size_t i = first; i < diagnostic.labels.size(); ++i) {
    Json other = location(file_place(sources, diagnostic.labels[i].span));
    other["id"] = i;
    if (!diagnostic.labels[i].text.empty()) other["message"] = {{"text", diagnostic.labels[i].text}};
    related.push_back(std::move(other));
  }
  if (!related.empty()) json["relatedLocations"] = std::move(related);
  if (Json offered = fixes(sources, diagnostic); !offered.empty()) json["fixes"] = std::move(offered);
  return json;
}

}  // namespace

std::string render_sarif(const DiagnosticList& reported, const SourceSet& sources, const SarifOptions& options) {
  // Reports of two runs are compared with each other: the order of results is that of places, whatever found them
  // first.
  DiagnosticList diagnostics = reported;
  diagnostics.sort();
  std::map<Code, std::size_t> rule_indexes;
  for (const Diagnostic& diagnostic : diagnostics.items()) rule_indexes[diagnostic.code] = 0;
  Json rules = Json::array();
  for (auto& [code, index] : rule_indexes) {
    index = rules.size();
    rules.push_back(rule(code, options));
  }
  Json results = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    results.push_back(result(sources, diagnostic, rule_indexes[diagnostic.code]));
  }
  Json invocation = {{"executionSuccessful", true}};
  Json notifications = Json::array();
  for (const auto& [code, count] : diagnostics.left_out()) {
    const std::string text = format_count(static_cast<std::int64_t>(count)) + " more results of " +
                             std::string(info(code).id) + " are not listed";
    notifications.push_back({{"level", "note"}, {"message", {{"text", text}}}});
  }
  if (!notifications.empty()) invocation["toolExecutionNotifications"] = std::move(notifications);
  Json run = {{"tool", {{"driver", {{"name", "seg"}, {"version", options.tool_version}, {"rules", std::move(rules)}}}}},
              {"invocations", Json::array({std::move(invocation)})},
              {"columnKind", "utf16CodeUnits"},
              {"results", std::move(results)}};
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array({std::move(run)})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace seg::base
