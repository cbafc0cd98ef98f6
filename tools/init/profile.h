// What a look at a file's columns shows: how many values, which, of what type.
// In: a data file. Out: one ColumnProfile per column, from the first rows (some hundred thousand); uniqueness is
// checked on all rows. Internal to tools/init.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/type.h"

namespace seg::init {

struct ColumnProfile {
  std::string name;
  base::Type type;  // text, integer, number, flag, date, time, duration, location, list of text
  bool is_usable = true;
  std::uint64_t num_rows = 0;  // looked at
  std::uint64_t num_missing = 0;
  std::uint64_t num_distinct = 0;         // of integers and texts
  bool is_unique = false;                 // known and different in every row of the file
  std::vector<std::int64_t> integers;     // distinct, sorted
  std::vector<std::string> texts;         // distinct, as they come
  std::int64_t greatest_day = INT32_MIN;  // dates, times
  std::string format;                     // of dates and times in texts, where it isn't ISO
  bool is_ambiguous = false;              // day and month could be exchanged
  bool has_leading_zeros = false;
  std::vector<std::string> null_texts;  // "n/a" among numbers
};

struct FileProfile {
  std::string path;
  std::string name;  // without folder and extension
  std::uint64_t num_rows = 0;
  std::vector<ColumnProfile> columns;
};

base::Result<FileProfile> profile_file(const std::string& path, unsigned num_threads);

}  // namespace seg::init
