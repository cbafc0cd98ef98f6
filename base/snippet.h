// One source line with what is marked in it, laid out in cells.
// In: the line's text and byte ranges with texts. Out: the line as printed and the rows below it. Used by render_human
// only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seg::base {

// Bytes [begin, end) of the line; an empty range marks the place before `begin`.
struct LineMark {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;
  bool primary = false;
};

// A part of a row below the line, in one style.
struct SnippetPiece {
  std::string text;
  bool primary = false;
  bool is_blank = false;
};
using SnippetRow = std::vector<SnippetPiece>;

struct Snippet {
  std::string text;              // tabs expanded, right-to-left text isolated, cut with … where it is too long
  std::vector<SnippetRow> rows;  // underlines, then texts that did not fit beside them
};

Snippet lay_out(std::string_view line, std::vector<LineMark> marks, int num_columns);

}  // namespace seg::base
