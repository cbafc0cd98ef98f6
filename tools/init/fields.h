// The fields of one file: its columns with names, types and privacy, before their table's role gives some of them a
// meaning. In: an Input. Out: Fields, and what to look at. Internal to tools/init.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/init/propose.h"

namespace seg::init {

struct ColumnGuess {
  TypeGuess type;
  bool is_used = true;           // false: left out
  std::size_t pair = kNoColumn;  // of a latitude: the longitude
};

struct FileGuess {
  std::vector<ColumnGuess> columns;  // by position
  std::vector<std::string> remarks;
};

FileGuess guess_columns(const Input& input);

// The column's last moment in microseconds on its clock, if it has dates or times.
std::optional<std::int64_t> last_moment(const io::SampleColumn& column, const TypeGuess& type);
std::optional<std::int64_t> first_moment(const io::SampleColumn& column, const TypeGuess& type);
// The column that says when a row happened, or kNoColumn.
std::size_t find_time(const Input& input, const FileGuess& guess);

}  // namespace seg::init
