#include "base/render_gitlab.h"

#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "base/diagnostic_place.h"

namespace seg::base {
namespace {

using Json = nlohmann::ordered_json;

// FNV-1a, 64 bits: equal on every machine, and nobody gains by forging one.
std::string fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
  return hex.data();
}

std::string_view severity_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "major";
    case Severity::warning: return "minor";
    case Severity::note: return "info";
  }
  std::abort();
}

}  // namespace

std::string render_gitlab(const DiagnosticList& diagnostics, const SourceSet& sources) {
  Json items = Json::array();
  std::map<std::string, int> num_alike;
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    const FilePlace place = file_place(sources, diagnostic);
    const std::string path = place.path.empty() ? "seg.yaml" : place.path;
    std::string content;
    if (const Span span = diagnostic.span(); span.is_somewhere()) {
      content = sources.text(sources.line_span(span.source, place.begin_line));
    } else if (diagnostic.data) {
      content = std::to_string(diagnostic.data->row) + "|" + diagnostic.data->column;
    }
    // What is found, and in which line by its words: not by its number, which moves.
    std::string identity =
        std::string(info(diagnostic.code).id) + "|" + path + "|" + content + "|" + diagnostic.message;
    identity += "|" + std::to_string(num_alike[identity]++);
    items.push_back({{"description", diagnostic.message},
                     {"check_name", info(diagnostic.code).id},
                     {"fingerprint", fingerprint(identity)},
                     {"severity", severity_of(diagnostic.severity)},
                     {"location", {{"path", path}, {"lines", {{"begin", std::max(1u, place.begin_line)}}}}}});
  }
  return items.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace seg::base
