#include "base/render_junit.h"

#include <unicode/utf8.h>

#include <map>
#include <vector>

#include "base/diagnostic_place.h"

namespace seg::base {
namespace {

struct FileReport {
  std::vector<const Diagnostic*> errors;
  std::vector<const Diagnostic*> others;
};

std::string headline(const SourceSet& sources, const Diagnostic& diagnostic) {
  const FilePlace place = file_place(sources, diagnostic);
  std::string text = std::string(severity_name(diagnostic.severity)) + " " + std::string(info(diagnostic.code).id);
  if (place.begin_line != 0) text += " at line " + std::to_string(place.begin_line);
  return text + ": " + diagnostic.message;
}

std::string body(const SourceSet& sources, const Diagnostic& diagnostic) {
  std::string text = headline(sources, diagnostic);
  for (const std::string& line : remarks(diagnostic)) text += "\n  " + line;
  return text;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string result;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(text.data()), at, length, c);
    const bool is_valid = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
    if (!is_valid || c == 0xfffd) {
      result += "\xef\xbf\xbd";
    } else if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else if (c == '\n') {
      result += "&#10;";  // an attribute would turn it into a blank
    } else {
      result += text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
  }
  return result;
}

std::string render_junit(const DiagnosticList& diagnostics, const SourceSet& sources, const JunitOptions& options) {
  std::vector<std::string> order;  // every file has its case, also where nothing was found
  std::map<std::string, FileReport> reports;
  const auto report_of = [&](const std::string& path) -> FileReport& {
    const std::string name = path.empty() ? "project" : path;
    if (!reports.contains(name)) order.push_back(name);
    return reports[name];
  };
  for (std::size_t i = 0; i < sources.size(); ++i) report_of(sources.path(SourceId{static_cast<std::uint32_t>(i)}));
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    FileReport& report = report_of(file_place(sources, diagnostic).path);
    (diagnostic.severity == Severity::error ? report.errors : report.others).push_back(&diagnostic);
  }
  std::size_t num_failures = 0;
  for (const auto& [path, report] : reports) num_failures += report.errors.empty() ? 0 : 1;

  const std::string counts =
      " tests=\"" + std::to_string(order.size()) + "\" failures=\"" + std::to_string(num_failures) + "\" errors=\"0\"";
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += "<testsuites name=\"seg\"" + counts + ">\n";
  out += "  <testsuite name=\"" + xml_escaped(options.suite) + "\"" + counts + ">\n";
  for (const std::string& path : order) {
    const FileReport& report = reports[path];
    out += "    <testcase name=\"" + xml_escaped(path) + "\" classname=\"" + xml_escaped(options.suite) + "\"";
    if (report.errors.empty() && report.others.empty()) {
      out += "/>\n";
      continue;
    }
    out += ">\n";
    // Readers show the first failure only: one element with all of them.
    if (!report.errors.empty()) {
      std::string text;
      for (const Diagnostic* error : report.errors) text += body(sources, *error) + "\n";
      out += "      <failure type=\"" + std::string(info(report.errors.front()->code).id) + "\" message=\"" +
             xml_escaped(headline(sources, *report.errors.front())) + "\">" + xml_escaped(text) + "</failure>\n";
    }
    if (!report.others.empty()) {
      std::string text;
      for (const Diagnostic* other : report.others) text += body(sources, *other) + "\n";
      out += "      <system-out>" + xml_escaped(text) + "</system-out>\n";
    }
    out += "    </testcase>\n";
  }
  out += "  </testsuite>\n</testsuites>\n";
  return out;
}

}  // namespace seg::base
