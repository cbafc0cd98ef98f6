// How a CSV file is written: its separator, quotes, header, decimal sign, as declared or as its beginning shows.
// In: the text and what seg.yaml says. Out: a CsvDialect and the parser of one record that both the sniffing and the
// reading use.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/io/source.h"

namespace seg::io {

struct CsvDialect {
  char delimiter = ',';
  char quote = '"';
  bool has_header = true;
  std::vector<bool> decimal_comma;  // by column; where a column shows neither sign, as most of the file
  std::size_t begin = 0;            // of the header or the first row
  std::size_t data_begin = 0;       // of the first row
  std::uint64_t data_line = 1;
  std::vector<std::string> columns;
};

struct CsvField {
  const char* begin;
  const char* end;
  bool has_quotes;  // the quotes stand in it; unquote() takes them away
};

// What a value says once its quotes are taken away; `buffer` holds it where it was changed.
std::string_view unquote(const CsvField& field, char quote, std::string& buffer);

class CsvParser {
 public:
  CsvParser(char delimiter, char quote) : delimiter_(delimiter), quote_(quote) {
    is_end_[static_cast<unsigned char>(delimiter)] = true;
    is_end_['\n'] = is_end_['\r'] = true;
  }

  // The record at `at`, which moves behind its line end. `num_lines`: how many line ends it has, with its own.
  // False if a quote that it opens is never closed.
  bool parse(const char*& at, const char* end, std::vector<CsvField>& fields, std::uint64_t& num_lines) const {
    fields.clear();
    num_lines = 0;
    while (true) {
      CsvField field{at, at, false};
      if (at < end && *at == quote_) {
        field.has_quotes = true;
        if (!skip_quoted(at, end, num_lines)) {
          field.end = at;
          fields.push_back(field);
          return false;
        }
      } else {
        while (at < end && !is_end_[static_cast<unsigned char>(*at)]) ++at;
      }
      field.end = at;
      fields.push_back(field);
      if (at == end) return true;
      if (*at == delimiter_) {
        ++at;
        continue;
      }
      ++num_lines;
      if (*at == '\r' && at + 1 < end && at[1] == '\n') ++at;
      ++at;
      return true;
    }
  }

 private:
  bool skip_quoted(const char*& at, const char* end, std::uint64_t& num_lines) const {
    ++at;
    while (true) {
      while (at < end && *at != quote_) num_lines += *at++ == '\n';
      if (at == end) return false;
      ++at;
      if (at < end && *at == quote_) {  // doubled: one of the value
        ++at;
        continue;
      }
      // Whatever stands behind the closing quote belongs to the value too.
      while (at < end && !is_end_[static_cast<unsigned char>(*at)]) ++at;
      return true;
    }
  }

  char delimiter_;
  char quote_;
  bool is_end_[256] = {};
};

CsvDialect sniff_csv(std::string_view text, const CsvOptions& options);

}  // namespace seg::io
