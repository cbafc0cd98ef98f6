// Data in: reads the tables of a schema from Parquet, CSV, JSON lines and Arrow files into columns.
// In: the schema, where each table lies (seg.yaml, read by tools/project), which columns are needed. Out: a
// vector::Dataset for bind and run, counts for the summary, and findings about files, columns and rows (S6xxx).
// Data that rules can't use (an unparsable time, an event of nobody) is a finding with file, row and column; personal
// values are never shown. Row numbers count data rows of one file from 1. The same data gives the same Dataset for any
// number of threads. Types that each field is read from: docs/reference/data.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/schema.h"
#include "base/trace.h"
#include "runtime/vector/column.h"

namespace seg::io {

enum class Format : std::uint8_t {
  kByName,     // by the file's extension, then by its first bytes
  kParquet,    // .parquet, .pq
  kCsv,        // .csv, .tsv, .txt; also .csv.gz
  kJsonLines,  // .jsonl, .ndjson, .json
  kArrow,      // .arrow, .feather, .ipc; stream or file
};
// "parquet", "csv", "jsonl", "arrow"; none if it is no format's name.
std::optional<Format> find_format(std::string_view name);

// What isn't stated is found by looking at the beginning of each file.
struct CsvOptions {
  std::optional<char> delimiter;
  char quote = '"';                   // doubled inside a quoted field
  std::string encoding;               // an ICU name; empty: byte order mark, UTF-8, else windows-1252
  std::optional<bool> decimal_comma;  // 1.234,50
  std::optional<bool> header;         // without one the columns are called column1, column2, …
  char list_separator = '|';
  std::vector<std::string> null_texts;  // besides the empty text: "NULL", "n/a"
};

// Where a field comes from, if not from the column of its own name (for references also NAME_id).
struct FieldSource {
  std::string field;
  std::string column;  // or two, for a location:
  std::string latitude;
  std::string longitude;
  double unit = 0;  // durations (microseconds) and distances (metres) of a numeric column; 0: seconds, metres
};

// Files of one shape. A path is a file, a glob (`*`, `?`, `**`, `[a-z]`), or a folder, whose files are all read in the
// order of their names and whose subfolders `year=2026` become columns.
struct Files {
  std::vector<std::string> paths;  // absolute, or from the working directory
  Format format = Format::kByName;
  CsvOptions csv;
  std::vector<FieldSource> fields;
  std::string time_zone;                  // of times that have none; empty: the project's
  std::vector<std::string> date_formats;  // of texts, tried in order: "dd.MM.yyyy", "M/d/yy"; none: ISO 8601
  std::vector<std::string> time_formats;  // "dd.MM.yyyy HH:mm"
};

// A field of other tables whose values are the subject's keys: `purchase.household`.
struct KeySource {
  std::string table;
  std::string field;
};

struct Join {
  Files files;
  std::string on;  // the column that holds the subject's key
};

// Where one table lies. Either files (with further columns joined to them), or, for a subject that has no file of its
// own, keys: its rows are the distinct values found there, in ascending order.
struct SourceSpec {
  std::string table;
  Files files;
  std::vector<KeySource> keys;
  std::vector<Join> joins;
};

// Half-open, microseconds since 1970 UTC.
struct TimeRange {
  std::int64_t begin = INT64_MIN;
  std::int64_t end = INT64_MAX;
};

enum class OnBadRow : std::uint8_t {
  kFail,        // the findings are errors, and nothing is run
  kSkip,        // the rows are left out and counted
  kQuarantine,  // the same, and they are written to a file
};

// What to read of one table of the schema, at the same position.
struct TableRequest {
  std::vector<bool>
      columns;          // by column id; empty: all. Keys, owner, time and zone of a table that is read always are.
  bool is_read = true;  // false: the table stays empty (references to it are missing)
  // Event tables: row groups whose statistics say that all their times are outside may be passed over. Rows outside
  // that lie in other row groups are still there.
  std::optional<TimeRange> times;
};

struct LoadRequest {
  const base::Schema* schema = nullptr;
  std::vector<SourceSpec> sources;   // by name, in any order; for tables that are not in the schema: ignored
  std::vector<TableRequest> tables;  // by table id; empty: everything
  std::string time_zone = "UTC";     // the project's
  OnBadRow on_bad_row = OnBadRow::kFail;
  std::string quarantine;                 // path, for kQuarantine: JSON lines
  std::optional<std::int64_t> as_of_end;  // events at or after it are counted as `num_future`
  unsigned num_threads = 1;
  std::uint64_t memory_budget = 0;  // bytes; 0: no limit. Reading more is a failure with S7104, not a killed process
  bool show_personal = false;       // values of personal fields may be shown in findings
  base::Trace* trace = nullptr;     // told what is read when
};

struct TableCounts {
  std::uint64_t num_files = 0;
  std::uint64_t num_bytes = 0;        // of the files
  std::uint64_t num_rows_read = 0;    // looked at
  std::uint64_t num_rows_pruned = 0;  // in row groups outside the time range
  std::uint64_t num_rows_skipped = 0;
  std::vector<std::pair<base::Code, std::uint64_t>> skipped;  // by the row's first problem
  std::uint64_t num_unknown_references = 0;                   // of other references than the owner; read as missing
  std::uint64_t num_future = 0;                               // events; they stay in the data
};

struct LoadedData {
  vector::Dataset dataset;          // keys of subjects are columns of it, for output
  std::vector<TableCounts> tables;  // by table id
};

// Findings go to `diagnostics`; nothing is returned where they leave nothing to run: a file that can't be read, a
// column that isn't there, a bad row under kFail (all files are looked at before, so that one run shows all).
std::optional<LoadedData> load(const LoadRequest& request, base::DiagnosticList& diagnostics);

}  // namespace seg::io
