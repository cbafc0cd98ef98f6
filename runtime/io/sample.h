// A look at data files before there is a schema: what their columns are called, hold and could be read as.
// In: files of one shape. Out: a Sample: passive counts over all rows (over a part of them where the files are very
// large), example values and hashes of the values, by which tables can be matched. `seg init` proposes a project from
// them; nothing else reads them. Untyped values (CSV, JSON lines) are judged by the very parsers that a run uses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "runtime/io/source.h"

namespace seg::io {

enum class SampleKind : std::uint8_t {
  kText,  // also every value of a format without types
  kInteger,
  kNumber,
  kFlag,
  kDate,
  kTime,       // on the local clock
  kZonedTime,  // an instant
  kDuration,
  kList,   // of texts or numbers
  kOther,  // nothing that a rule could use
};

struct ValueCount {
  std::string text;
  std::uint64_t num_rows = 0;
};

// A way to write dates that all distinct texts of a column agree with.
struct FormatFit {
  std::string format;  // as in seg.yaml; empty: ISO 8601
  bool has_time = false;
  bool has_zone = false;
  std::int64_t first = 0;  // microseconds on the clock as written
  std::int64_t last = 0;
};

// Counts named `num_distinct_…` are of distinct values, so that a column of a thousand "yes" is looked at once.
struct SampleColumn {
  std::string name;
  SampleKind kind = SampleKind::kText;
  bool is_untyped = false;     // the format has texts only
  bool is_repeated = false;    // another column is called so too
  std::uint64_t num_rows = 0;  // looked at
  std::uint64_t num_missing = 0;
  std::vector<ValueCount> null_words;  // texts such as "NULL" and "n/a", taken for missing in the counts below

  std::uint64_t num_distinct = 0;
  bool has_all_values = true;         // num_distinct and `hashes` cover all rows that were looked at
  std::vector<std::uint64_t> hashes;  // of the distinct values, ascending: equal values of any format have one hash
  std::vector<ValueCount> values;     // every distinct value, most frequent first, while they are few; else none
  std::vector<std::string> examples;  // distinct values from all over the file

  std::uint64_t num_distinct_integers = 0;
  std::uint64_t num_distinct_numbers = 0;  // integers as well
  std::uint64_t num_distinct_flags = 0;
  std::uint64_t num_distinct_versions = 0;       // 12.4, 3.11.2
  std::uint64_t num_distinct_long_versions = 0;  // of them with three parts or more that can't be meant as a day
  std::uint64_t num_distinct_days = 0;  // 31.02.2026, 1/3/26, 2026-06-30: of a day's shape, whether or not it exists
  std::uint64_t num_distinct_leading_zeros = 0;  // 00123
  int max_decimals = 0;                          // of numbers, trailing zeros not counted
  double least = 0;                              // of numbers
  double greatest = 0;
  std::size_t max_length = 0;  // bytes of a text

  std::vector<FormatFit> formats;  // of texts
  std::int64_t first_time = 0;     // dates and times: microseconds on the local clock
  std::int64_t last_time = 0;
  bool has_clock = false;                  // some time of a typed column isn't a midnight
  SampleKind element = SampleKind::kText;  // of lists
};

struct Sample {
  std::vector<std::string> paths;  // of the files
  std::string encoding;            // of text files
  bool is_csv = false;
  bool decimal_comma = false;  // in all columns
  char delimiter = ',';
  bool has_header = true;
  std::uint64_t num_rows = 0;         // of the files
  std::uint64_t num_looked_at = 0;    // fewer if the files are very large
  std::uint64_t num_rejected = 0;     // rows that their format can't read: too few fields, no JSON
  std::uint64_t first_rejected = 0;   // from 1
  std::vector<SampleColumn> columns;  // of the first file
};

struct SampleLimits {
  std::uint64_t num_rows = 4'000'000;      // more are looked at in parts from all over the file
  std::uint64_t num_distinct = 4'000'000;  // of a column; beyond it repetitions aren't noticed any more
  std::size_t num_values = 200;            // distinct values kept with their counts
  unsigned num_threads = 1;
};

// `path`: a file, or a pattern for files of one shape.
base::Result<Sample> sample_files(const std::string& path, const SampleLimits& limits);

// The texts that people write for "nothing": NULL, n/a, #N/A, -, …
bool is_null_word(std::string_view text);

}  // namespace seg::io
