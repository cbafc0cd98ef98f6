// One column of a small CSV text, for `list x from "file.csv" column city`. In: the file's text. Out: the values of the
// column, without empty ones, each once, in the file's order. (Data goes through runtime/io; lists are part of rules.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seg::check {

struct CsvColumn {
  std::vector<std::string> header;
  std::vector<std::string> values;
  bool has_column = false;
  std::string problem;  // not empty: the text is no CSV, in words
};

// Fields are separated by the first of , ; tab that the header has; quotes as in RFC 4180. A text of one column needs
// no separator.
CsvColumn read_csv_column(std::string_view text, std::string_view column);

// 12 or -3, and it fits 64 bits; not 007.
bool is_integer_text(std::string_view text);

}  // namespace seg::check
