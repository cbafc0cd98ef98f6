// Source texts and places in them.
// In: the texts of rule files, schemas and stdlib modules. Out: a `SourceId` for each, and lines and columns of byte
// offsets. First stage of everything: the tree, the program and every diagnostic refer to text by `Span` only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace seg::base {

enum class SourceId : std::uint32_t {};
inline constexpr SourceId kNoSource = SourceId{0xffffffffu};

// A half-open range of bytes of one source. The default one is nowhere.
struct Span {
  SourceId source = kNoSource;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool is_somewhere() const { return source != kNoSource; }
  std::uint32_t length() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

// The smallest span that covers both; one that is nowhere adds nothing.
Span join(Span a, Span b);

// Line and column count from 1.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

// What a column counts: graphemes (what people see as one character), or the code units that editors and SARIF ask for.
enum class ColumnUnit { grapheme, code_point, utf16, utf8 };

class SourceSet {
 public:
  // The largest text that offsets can reach; readers refuse longer files long before.
  static constexpr std::size_t kMaxTextSize = 0xfffffff0u;

  SourceId add(std::string path, std::string text);

  std::size_t size() const { return sources_.size(); }
  const std::string& path(SourceId id) const;
  // Stays where it is while the set lives.
  std::string_view text(SourceId id) const;
  std::string_view text(Span span) const;
  // The source with this path, or kNoSource.
  SourceId find(std::string_view path) const;

  // Lines end with LF or CR LF; an offset inside the line end belongs to the line that it ends.
  Place place(SourceId id, std::uint32_t offset, ColumnUnit unit = ColumnUnit::grapheme) const;
  std::uint32_t line(SourceId id, std::uint32_t offset) const;
  std::uint32_t num_lines(SourceId id) const;
  // The bytes of a line (from 1) without its line end.
  Span line_span(SourceId id, std::uint32_t line) const;
  // The byte offset of a place (for editors); clamped to the line's end and to the text's end.
  std::uint32_t offset(SourceId id, Place place, ColumnUnit unit) const;

 private:
  struct Source {
    std::string path;
    std::string text;
    std::vector<std::uint32_t> line_starts;
  };
  const Source& source(SourceId id) const;

  std::deque<Source> sources_;  // a deque: texts never move
};

}  // namespace seg::base
