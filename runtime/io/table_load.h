// One set of files on its way into columns: a table's own files, or files joined to a subject.
// In: a SourceSpec's Files and the fields wanted from them. Out: vector::Columns and bad rows. Internal to runtime/io:
// load.cpp drives the steps, each of which is a file of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/schema.h"
#include "runtime/io/convert_column.h"
#include "runtime/io/key_index.h"
#include "runtime/io/raw_file.h"
#include "runtime/io/source.h"
#include "runtime/vector/column.h"

namespace seg::io {

// A field wanted from the files. `reading_type` is the type that its values are read as: for a reference the key's.
struct FieldLoad {
  std::string name;
  base::Type type;
  base::Type reading_type;
  base::ColumnId column = base::kNone;  // of the schema's table; kNone: the key of a join
  base::TableId target = base::kNone;   // of a reference
  bool is_required = false;
  bool is_key = false;
  bool is_owner = false;
  bool is_time = false;
  bool may_show_values = true;  // in findings
  std::unique_ptr<TextIndex> choice_values;
  const base::ChoiceSet* choice = nullptr;
  const FieldSource* source = nullptr;  // as seg.yaml maps it, or null

  // while and after reading
  std::shared_ptr<void> data;
  std::vector<Slice> slices;  // by chunk
  vector::Column result;
};

// Where a field is in one file. `kPartition` + i: the folder's column i.
inline constexpr std::uint32_t kNoColumn = 0xFFFFFFFF;
inline constexpr std::uint32_t kPartition = 0x80000000;
struct ColumnUse {
  std::uint32_t first = kNoColumn;   // kNoColumn: this file lacks it, its rows are missing there
  std::uint32_t second = kNoColumn;  // longitudes
};

struct FileLoad {
  RawFilePtr raw;
  std::vector<std::pair<std::string, std::string>> partitions;  // folder columns: name, value
  std::vector<ColumnUse> uses;                                  // by field
  std::vector<FieldReading> readings;                           // by field
};

struct ChunkLoad {
  std::uint32_t file = 0;
  std::uint32_t chunk = 0;  // of the file
  std::uint64_t at = 0;     // its first row in the table
  std::uint64_t num_rows = 0;
};

inline constexpr std::uint32_t kNoField = 0xFFFFFFFF;
struct BadRow {
  std::uint32_t row = 0;  // of the table, before any is dropped
  base::Code code{};
  std::uint32_t field = kNoField;
  std::uint32_t chunk = 0;  // kNotInChoice: where `text` is looked up
  std::uint32_t text = TextIndex::kNotThere;
};

struct TableLoad {
  base::TableId table = base::kNone;
  bool is_join = false;
  bool is_for_keys = false;  // a table that nobody asks for, but an assembled subject's keys are in it
  std::string name;          // what messages call it: the source's name
  const Files* files = nullptr;
  std::deque<FieldLoad> fields;
  std::vector<FileLoad> loads;
  std::vector<ChunkLoad> chunks;
  std::uint64_t num_rows = 0;
  std::uint64_t num_rows_pruned = 0;
  std::vector<TimeFormat> formats;
  const ZoneOffsets* zone = nullptr;
  std::vector<BadRow> bad;       // sorted by row after sort_bad_rows
  std::vector<bool> is_bad_row;  // empty: none
  KeyIndex index;
  std::uint64_t num_unknown_references = 0;
  std::uint64_t num_orphans = 0;  // rows dropped with their owner
};

// A row's place in its file.
struct RowPlace {
  std::uint32_t file = 0;
  std::uint64_t row = 0;   // from 1
  std::uint64_t line = 0;  // 0: not a text file
};
RowPlace place_of(const TableLoad& load, std::uint32_t row);
// The file's path; for a subject without a file of its own, the source's name.
std::string path_of(const TableLoad& load, std::uint32_t file);

// find_files.cpp: the files that the paths name, with the columns that their folders stand for.
struct FoundFile {
  std::string path;
  std::vector<std::pair<std::string, std::string>> partitions;
};
std::vector<FoundFile> find_files(const std::string& source, const std::vector<std::string>& paths,
                                  base::DiagnosticList& diagnostics);

// resolve_columns.cpp: which column of each file is which field, and whether it can be read as such.
bool resolve_columns(TableLoad& load, const base::Schema& schema, base::DiagnosticList& diagnostics);
// Columns that no record of the files had after all (JSON lines).
bool check_unseen_columns(const TableLoad& load, base::DiagnosticList& diagnostics);
// Whether some file of the load has a column for the field (seg.yaml maps it there, or a column is called so).
bool has_field(const TableLoad& load, const FieldLoad& field);

// build_column.cpp: all chunks of a field as one column.
void build_column(TableLoad& load, FieldLoad& field);
// The rows of `column` that `rows` names; vector::kNoRow: missing.
vector::Column gather(const vector::Column& column, const std::vector<std::uint32_t>& rows);
vector::Column drop_rows(const vector::Column& column, const std::vector<bool>& is_dropped, std::uint64_t num_kept);
// A column that nobody has values for.
vector::Column missing_column(std::uint64_t num_rows);

// report_rows.cpp
void sort_bad_rows(TableLoad& load);
void report_bad_rows(const TableLoad& load, const base::Schema& schema, OnBadRow on_bad_row,
                     base::DiagnosticList& diagnostics);
void count_bad_rows(const TableLoad& load, TableCounts& counts);
base::Status write_quarantine(const std::string& path, const std::vector<const TableLoad*>& loads);

}  // namespace seg::io
