#include "base/diagnostic_place.h"

#include <cstdlib>

namespace seg::base {

FilePlace file_place(const SourceSet& sources, Span span) {
  if (!span.is_somewhere()) return {};
  const Place begin = sources.place(span.source, span.begin, ColumnUnit::utf16);
  const Place end = sources.place(span.source, span.end, ColumnUnit::utf16);
  return {sources.path(span.source), begin.line, begin.column, end.line, end.column};
}

FilePlace file_place(const SourceSet& sources, const Diagnostic& diagnostic) {
  if (diagnostic.span().is_somewhere()) return file_place(sources, diagnostic.span());
  if (!diagnostic.data) return {};
  const auto line = static_cast<std::uint32_t>(diagnostic.data->line);
  return {diagnostic.data->path, line, 0, line, 0};
}

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  std::abort();
}

std::vector<std::string> remarks(const Diagnostic& diagnostic) {
  std::vector<std::string> lines;
  if (diagnostic.data && (diagnostic.data->row != 0 || !diagnostic.data->column.empty())) {
    std::string place;
    if (diagnostic.data->row != 0) place = "row " + format_count(diagnostic.data->row);
    if (!diagnostic.data->column.empty()) {
      if (!place.empty()) place += ", ";
      place += "column `" + diagnostic.data->column + "`";
    }
    lines.push_back(std::move(place));
  }
  if (diagnostic.span().is_somewhere() && !diagnostic.labels.front().text.empty()) {
    lines.push_back(diagnostic.labels.front().text);
  }
  lines.insert(lines.end(), diagnostic.notes.begin(), diagnostic.notes.end());
  lines.insert(lines.end(), diagnostic.help.begin(), diagnostic.help.end());
  return lines;
}

std::string full_text(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  for (const std::string& line : remarks(diagnostic)) text += "\n" + line;
  return text;
}

}  // namespace seg::base
