#include "base/render_human.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/snippet.h"
#include "base/text_width.h"

namespace seg::base {
namespace {

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  std::abort();
}

std::string_view severity_style(Severity severity) {
  switch (severity) {
    case Severity::error: return "\x1b[1;31m";
    case Severity::warning: return "\x1b[1;33m";
    case Severity::note: return "\x1b[1;36m";
  }
  std::abort();
}

// One diagnostic, line by line.
class HumanWriter {
 public:
  HumanWriter(const SourceSet& sources, const HumanOptions& options, std::string& out)
      : sources_(sources), options_(options), out_(out) {}

  void write(const Diagnostic& diagnostic, bool has_page_line) {
    severity_ = diagnostic.severity;
    gutter_ = 2;
    for (const Label& label : diagnostic.labels) {
      const std::uint32_t last = sources_.line(label.span.source, label.span.end);
      gutter_ = std::max(gutter_, static_cast<int>(std::to_string(last).size()));
    }
    const CodeInfo& about = info(diagnostic.code);
    out_ += styled(severity_style(severity_), std::string(severity_word(severity_)) + " " + std::string(about.id));
    out_ += styled("\x1b[1m", ": " + words(diagnostic.message)) + "\n";
    write_data_place(diagnostic);
    write_sources(diagnostic);
    for (const std::string& note : diagnostic.notes) write_remark(note);
    for (const std::string& help : diagnostic.help) write_remark(help);
    for (const std::string& fix : described_edits(diagnostic)) write_remark(fix);
    if (has_page_line) write_remark("more: seg explain " + std::string(about.id));
  }

  void write_remark(const std::string& text) {
    const std::string indent(static_cast<std::size_t>(gutter_) + 3, ' ');
    std::size_t begin = 0;
    for (bool is_first = true;; is_first = false) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string line = words(std::string_view(text).substr(begin, end - begin));
      if (is_first) {
        out_ += std::string(static_cast<std::size_t>(gutter_) + 1, ' ') + frame("=") + " " + line + "\n";
      } else {
        out_ += line.empty() ? "\n" : indent + line + "\n";
      }
      if (end == text.size()) break;
      begin = end + 1;
    }
  }

 private:
  static std::string words(std::string_view text) { return isolated(printable(text)); }

  std::string styled(std::string_view style, std::string_view text) const {
    if (!options_.has_color || text.empty()) return std::string(text);
    return std::string(style) + std::string(text) + "\x1b[0m";
  }
  std::string frame(std::string_view text) const { return styled("\x1b[34m", text); }

  void write_place(const std::string& place) {
    out_ += std::string(static_cast<std::size_t>(gutter_) + 1, ' ') + frame("┌─") + " " + place + "\n";
  }

  void write_data_place(const Diagnostic& diagnostic) {
    if (!diagnostic.data) return;
    const DataPlace& data = *diagnostic.data;
    std::string place = words(data.path);
    if (data.row == 0 && data.line != 0) place += ":" + std::to_string(data.line);
    if (data.row != 0) place += ", row " + format_count(data.row);
    if (data.row != 0 && data.line != 0) place += " (line " + format_count(data.line) + ")";
    if (!data.column.empty()) place += ", column `" + words(data.column) + "`";
    write_place(place);
  }

  void write_sources(const Diagnostic& diagnostic) {
    std::vector<SourceId> order;
    for (const Label& label : diagnostic.labels) {
      if (std::find(order.begin(), order.end(), label.span.source) == order.end()) order.push_back(label.span.source);
    }
    for (const SourceId source : order) {
      const auto first = std::find_if(diagnostic.labels.begin(), diagnostic.labels.end(),
                                      [&](const Label& label) { return label.span.source == source; });
      const Place place = sources_.place(source, first->span.begin);
      write_place(words(sources_.path(source)) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column));
      write_lines(source, diagnostic.labels);
    }
  }

  void write_lines(SourceId source, const std::vector<Label>& labels) {
    std::map<std::uint32_t, std::vector<LineMark>> lines;
    for (const Label& label : labels) {
      if (label.span.source == source) add_marks(label, lines);
    }
    std::uint32_t last = 0;
    for (auto& [line, marks] : lines) {
      if (last != 0 && line == last + 2) write_source_line(source, last + 1, {});
      if (last != 0 && line > last + 2)
        out_ += std::string(static_cast<std::size_t>(gutter_) + 1, ' ') + frame("·") + "\n";
      write_source_line(source, line, marks);
      last = line;
    }
  }

  // A label over several lines marks its first line to the end and its last one from its first character; the text
  // stands at the last.
  void add_marks(const Label& label, std::map<std::uint32_t, std::vector<LineMark>>& lines) const {
    const SourceId source = label.span.source;
    const std::uint32_t first = sources_.line(source, label.span.begin);
    // A span that ends with a line end does not reach into the next line.
    const std::uint32_t last_byte = label.span.end > label.span.begin ? label.span.end - 1 : label.span.end;
    const std::uint32_t last = sources_.line(source, last_byte);
    const Span first_line = sources_.line_span(source, first);
    const std::uint32_t begin = std::min(label.span.begin, first_line.end) - first_line.begin;
    if (first == last) {
      const std::uint32_t end = std::min(label.span.end, first_line.end) - first_line.begin;
      lines[first].push_back({begin, std::max(begin, end), label.text, label.primary});
      return;
    }
    lines[first].push_back({begin, first_line.length(), "", label.primary});
    const Span last_line = sources_.line_span(source, last);
    const std::string_view content = sources_.text(last_line);
    const auto blank = static_cast<std::uint32_t>(std::min(content.find_first_not_of(" \t"), content.size()));
    const std::uint32_t end = std::min(label.span.end, last_line.end) - last_line.begin;
    lines[last].push_back({std::min(blank, end), end, label.text, label.primary});
  }

  void write_source_line(SourceId source, std::uint32_t line, const std::vector<LineMark>& marks) {
    const std::string number = std::to_string(line);
    const std::string padding(static_cast<std::size_t>(gutter_) - number.size(), ' ');
    const Snippet snippet = lay_out(sources_.text(sources_.line_span(source, line)), marks,
                                    std::max(20, options_.num_columns - gutter_ - 3));
    out_ += frame(padding + number + " │");
    out_ += snippet.text.empty() ? "\n" : " " + snippet.text + "\n";
    for (const SnippetRow& row : snippet.rows) {
      out_ += std::string(static_cast<std::size_t>(gutter_) + 1, ' ') + frame("│") + " ";
      for (const SnippetPiece& piece : row) {
        out_ +=
            piece.is_blank ? piece.text : styled(piece.primary ? severity_style(severity_) : "\x1b[34m", piece.text);
      }
      out_ += "\n";
    }
  }

  // Edits that no label and no help speaks of.
  std::vector<std::string> described_edits(const Diagnostic& diagnostic) const {
    std::vector<std::string> result;
    for (const Edit& edit : diagnostic.edits) {
      const auto speaks_of_it = [&](const std::string& text) {
        return !edit.replacement.empty() && text.find("`" + edit.replacement + "`") != std::string::npos;
      };
      const bool is_known = std::any_of(diagnostic.labels.begin(), diagnostic.labels.end(),
                                        [&](const Label& label) { return speaks_of_it(label.text); }) ||
                            std::any_of(diagnostic.help.begin(), diagnostic.help.end(), speaks_of_it);
      if (is_known && edit.safety == Safety::safe) continue;
      const std::string seen(sources_.text(edit.span));
      std::string text = edit.replacement.empty() ? "fix: remove `" + seen + "`"
                         : seen.empty()           ? "fix: insert `" + edit.replacement + "`"
                                                  : "fix: write `" + edit.replacement + "` for `" + seen + "`";
      if (edit.safety == Safety::changes_meaning) text += " (changes the meaning: shown, never applied by --fix)";
      result.push_back(std::move(text));
    }
    return result;
  }

  const SourceSet& sources_;
  const HumanOptions& options_;
  std::string& out_;
  Severity severity_ = Severity::error;
  int gutter_ = 2;
};

std::string counted(std::size_t count, std::string_view word) {
  return format_count(static_cast<std::int64_t>(count)) + " " + std::string(word) + (count == 1 ? "" : "s");
}

}  // namespace

std::string render_summary(const DiagnosticList& diagnostics) {
  std::string text;
  if (diagnostics.num_errors() != 0) text += counted(diagnostics.num_errors(), "error");
  if (diagnostics.num_warnings() != 0) {
    if (!text.empty()) text += ", ";
    text += counted(diagnostics.num_warnings(), "warning");
  }
  return text;
}

std::string render_human(const DiagnosticList& diagnostics, const SourceSet& sources, const HumanOptions& options) {
  std::string out;
  HumanWriter writer(sources, options, out);
  std::map<Code, std::size_t> last_of_code;
  for (std::size_t i = 0; i < diagnostics.items().size(); ++i) last_of_code[diagnostics.items()[i].code] = i;
  std::map<Code, std::size_t> left_out;
  for (const auto& [code, count] : diagnostics.left_out()) left_out[code] = count;
  std::set<Code> seen;
  for (std::size_t i = 0; i < diagnostics.items().size(); ++i) {
    const Diagnostic& diagnostic = diagnostics.items()[i];
    if (i != 0) out += "\n";
    // The page is named once per code: fifty times would only be noise.
    writer.write(diagnostic, seen.insert(diagnostic.code).second);
    if (last_of_code[diagnostic.code] == i && left_out.contains(diagnostic.code)) {
      const std::size_t count = left_out[diagnostic.code];
      writer.write_remark(format_count(static_cast<std::int64_t>(count)) + " more like " +
                          (count == 1 ? "it is" : "these are") + " not shown");
    }
  }
  const std::string summary = render_summary(diagnostics);
  if (options.shows_summary && !summary.empty()) out += "\n" + summary + "\n";
  return out;
}

}  // namespace seg::base
