#include "base/render_json.h"

#include <nlohmann/json.hpp>

#include "base/diagnostic_place.h"

namespace seg::base {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const SourceSet& sources, SourceId source, std::uint32_t offset) {
  const Place place = sources.place(source, offset);
  return {{"line", place.line}, {"column", place.column}, {"offset", offset}};
}

Json json_of(const SourceSet& sources, Span span) {
  return {{"path", sources.path(span.source)},
          {"begin", json_of(sources, span.source, span.begin)},
          {"end", json_of(sources, span.source, span.end)}};
}

Json json_of(const SourceSet& sources, const Diagnostic& diagnostic) {
  const CodeInfo& about = info(diagnostic.code);
  Json json = {{"code", about.id},
               {"name", about.name},
               {"severity", severity_name(diagnostic.severity)},
               {"message", diagnostic.message},
               {"labels", Json::array()},
               {"notes", diagnostic.notes},
               {"help", diagnostic.help},
               {"edits", Json::array()}};
  for (const Label& label : diagnostic.labels) {
    Json place = json_of(sources, label.span);
    place["text"] = label.text;
    place["primary"] = label.primary;
    json["labels"].push_back(std::move(place));
  }
  for (const Edit& edit : diagnostic.edits) {
    Json place = json_of(sources, edit.span);
    place["replacement"] = edit.replacement;
    place["safe"] = edit.safety == Safety::safe;
    json["edits"].push_back(std::move(place));
  }
  if (diagnostic.data) {
    const DataPlace& data = *diagnostic.data;
    json["data"] = {{"path", data.path}};
    if (data.row != 0) json["data"]["row"] = data.row;
    if (!data.column.empty()) json["data"]["column"] = data.column;
    if (data.line != 0) json["data"]["line"] = data.line;
  }
  return json;
}

}  // namespace

std::string render_json(const DiagnosticList& diagnostics, const SourceSet& sources) {
  Json items = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.items()) items.push_back(json_of(sources, diagnostic));
  Json left_out = Json::array();
  for (const auto& [code, count] : diagnostics.left_out())
    left_out.push_back({{"code", info(code).id}, {"count", count}});
  const Json document = {{"version", 1},
                         {"diagnostics", std::move(items)},
                         {"left_out", std::move(left_out)},
                         {"errors", diagnostics.num_errors()},
                         {"warnings", diagnostics.num_warnings()}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace seg::base
