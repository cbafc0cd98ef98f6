#include "base/source.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace seg::base {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

std::uint32_t num_code_points(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::uint32_t num_utf16_units(std::string_view text) {
  std::uint32_t count = 0;
  for (const char c : text) {
    if (!is_continuation(c)) count += static_cast<unsigned char>(c) >= 0xf0u ? 2 : 1;
  }
  return count;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80u; });
}

// Byte offsets at which graphemes of `text` begin, and its length.
std::vector<std::uint32_t> grapheme_starts(std::string_view text) {
  std::vector<std::uint32_t> starts;
  if (is_ascii(text)) {
    for (std::uint32_t i = 0; i <= text.size(); ++i) starts.push_back(i);
    return starts;
  }
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> graphemes(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), error));
  UText* utext = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &error);
  if (U_FAILURE(error)) std::abort();
  graphemes->setText(utext, error);
  for (std::int32_t at = graphemes->first(); at != icu::BreakIterator::DONE; at = graphemes->next()) {
    starts.push_back(static_cast<std::uint32_t>(at));
  }
  utext_close(utext);
  return starts;
}

std::uint32_t num_units(std::string_view text, ColumnUnit unit) {
  switch (unit) {
    case ColumnUnit::grapheme: return static_cast<std::uint32_t>(grapheme_starts(text).size() - 1);
    case ColumnUnit::code_point: return num_code_points(text);
    case ColumnUnit::utf16: return num_utf16_units(text);
    case ColumnUnit::utf8: return static_cast<std::uint32_t>(text.size());
  }
  std::abort();
}

}  // namespace

Span join(Span a, Span b) {
  if (!a.is_somewhere()) return b;
  if (!b.is_somewhere() || a.source != b.source) return a;
  return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

SourceId SourceSet::add(std::string path, std::string text) {
  if (text.size() > kMaxTextSize) {
    std::fprintf(stderr, "a source of %zu bytes is beyond the %zu that places can name\n", text.size(), kMaxTextSize);
    std::abort();
  }
  Source& added = sources_.emplace_back(Source{std::move(path), std::move(text), {0}});
  const char* const begin = added.text.data();
  const char* const end = begin + added.text.size();
  for (const char* at = begin; at != end;) {
    const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (found == nullptr) break;
    at = static_cast<const char*>(found) + 1;
    added.line_starts.push_back(static_cast<std::uint32_t>(at - begin));
  }
  return SourceId{static_cast<std::uint32_t>(sources_.size() - 1)};
}

const SourceSet::Source& SourceSet::source(SourceId id) const {
  const auto index = static_cast<std::uint32_t>(id);
  if (index >= sources_.size()) {
    std::fprintf(stderr, "source %u of %zu\n", index, sources_.size());
    std::abort();
  }
  return sources_[index];
}

const std::string& SourceSet::path(SourceId id) const { return source(id).path; }

std::string_view SourceSet::text(SourceId id) const { return source(id).text; }

std::string_view SourceSet::text(Span span) const {
  if (!span.is_somewhere()) return {};
  return text(span.source).substr(span.begin, span.length());
}

SourceId SourceSet::find(std::string_view path) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].path == path) return SourceId{static_cast<std::uint32_t>(i)};
  }
  return kNoSource;
}

std::uint32_t SourceSet::line(SourceId id, std::uint32_t offset) const {
  const std::vector<std::uint32_t>& starts = source(id).line_starts;
  return static_cast<std::uint32_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
}

std::uint32_t SourceSet::num_lines(SourceId id) const {
  return static_cast<std::uint32_t>(source(id).line_starts.size());
}

Span SourceSet::line_span(SourceId id, std::uint32_t line) const {
  const Source& from = source(id);
  if (line == 0 || line > from.line_starts.size()) {
    std::fprintf(stderr, "line %u of %zu in %s\n", line, from.line_starts.size(), from.path.c_str());
    std::abort();
  }
  const std::uint32_t begin = from.line_starts[line - 1];
  if (line == from.line_starts.size()) return {id, begin, static_cast<std::uint32_t>(from.text.size())};
  std::uint32_t end = from.line_starts[line] - 1;  // the LF
  if (end > begin && from.text[end - 1] == '\r') --end;
  return {id, begin, end};
}

Place SourceSet::place(SourceId id, std::uint32_t offset, ColumnUnit unit) const {
  const Source& from = source(id);
  offset = std::min(offset, static_cast<std::uint32_t>(from.text.size()));
  const std::uint32_t number = line(id, offset);
  const Span whole = line_span(id, number);
  const std::uint32_t in_line = std::min(offset, whole.end) - whole.begin;
  const std::string_view content = text(whole);
  if (unit == ColumnUnit::grapheme && !is_ascii(content)) {
    // What stands after the offset can belong to its grapheme, but not from far away (a file can be one line of
    // megabytes).
    const std::vector<std::uint32_t> starts = grapheme_starts(content.substr(0, std::size_t{in_line} + 256));
    const auto after = std::upper_bound(starts.begin(), starts.end(), in_line);
    return {number, static_cast<std::uint32_t>(after - starts.begin())};
  }
  return {number, num_units(content.substr(0, in_line), unit) + 1};
}

std::uint32_t SourceSet::offset(SourceId id, Place place, ColumnUnit unit) const {
  const Source& from = source(id);
  if (place.line == 0) return 0;
  if (place.line > from.line_starts.size()) return static_cast<std::uint32_t>(from.text.size());
  const Span whole = line_span(id, place.line);
  const std::string_view content = text(whole);
  const std::uint32_t wanted = place.column == 0 ? 0 : place.column - 1;
  if (unit == ColumnUnit::grapheme) {
    const std::vector<std::uint32_t> starts = grapheme_starts(content);
    return whole.begin + (wanted < starts.size() ? starts[wanted] : whole.length());
  }
  std::uint32_t units = 0;
  for (std::uint32_t at = 0; at < content.size(); ++at) {
    if (is_continuation(content[at]) && unit != ColumnUnit::utf8) continue;
    if (units >= wanted) return whole.begin + at;
    units += unit == ColumnUnit::utf16 && static_cast<unsigned char>(content[at]) >= 0xf0u ? 2 : 1;
  }
  return whole.end;
}

}  // namespace seg::base
