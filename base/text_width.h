// How text looks on a terminal: what people see as one character, how many cells it takes, which way it is read.
// In: UTF-8. Out: cells. Used by the human renderer and by tables printed for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seg::base {

// One grapheme: bytes [begin, end) of the text and the cells that it takes.
struct Grapheme {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  int num_cells = 1;
};

// Tabs take the cells to the next multiple of `tab_width`, counted from the text's begin.
std::vector<Grapheme> graphemes(std::string_view text, int tab_width = 4);

int num_cells(std::string_view text);

// The text as it is safe to print: tabs are blanks, control and bidirectional control characters are visible names,
// bytes that are not UTF-8 are U+FFFD.
std::string printable(std::string_view text);

// Wraps each run of right-to-left text in isolates (U+2068 … U+2069), so that what surrounds it keeps its order. A run
// ends at punctuation other than `_`, `-`, blanks and digits inside it. Text without any is returned as it is.
std::string isolated(std::string_view text);
bool has_right_to_left(std::string_view text);

}  // namespace seg::base
