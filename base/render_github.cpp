#include "base/render_github.h"

#include <cstdlib>

#include "base/diagnostic_place.h"

namespace seg::base {
namespace {

// Properties end at `,` and `:`; the text of a command ends with its line.
std::string escaped(std::string_view text, bool is_property) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '%': result += "%25"; break;
      case '\r': result += "%0D"; break;
      case '\n': result += "%0A"; break;
      case ':': result += is_property ? "%3A" : ":"; break;
      case ',': result += is_property ? "%2C" : ","; break;
      default: result += c;
    }
  }
  return result;
}

std::string_view command(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "notice";
  }
  std::abort();
}

}  // namespace

std::string render_github(const DiagnosticList& diagnostics, const SourceSet& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    const FilePlace place = file_place(sources, diagnostic);
    const CodeInfo& about = info(diagnostic.code);
    out += "::" + std::string(command(diagnostic.severity)) + " ";
    if (!place.path.empty()) out += "file=" + escaped(place.path, true) + ",";
    if (place.begin_line != 0) out += "line=" + std::to_string(place.begin_line) + ",";
    if (place.end_line != 0) out += "endLine=" + std::to_string(place.end_line) + ",";
    // Columns only within one line: with several the site refuses them.
    if (place.begin_column != 0 && place.begin_line == place.end_line) {
      out += "col=" + std::to_string(place.begin_column) + ",endColumn=" + std::to_string(place.end_column) + ",";
    }
    out += "title=" + escaped(std::string(about.id) + " " + std::string(about.title), true);
    out += "::" + escaped(full_text(diagnostic), false) + "\n";
  }
  for (const auto& [code, count] : diagnostics.left_out()) {
    out += "::notice title=" + std::string(info(code).id) + "::" + format_count(static_cast<std::int64_t>(count)) +
           " more are not shown\n";
  }
  return out;
}

}  // namespace seg::base
