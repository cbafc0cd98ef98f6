// One run of the loader: what it knows between the steps of `load`. Internal to runtime/io.
// In: a LoadRequest. Out: LoadedData, findings. The steps, in their order: plan, files, plain columns, keys of
// assembled subjects, indexes of keys, references, bad rows, result. Each is a source of its own, named below.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/io/source.h"
#include "runtime/io/table_load.h"

namespace seg::io {

// One column of one chunk, to be converted by some thread.
struct LoadTask {
  TableLoad* load;
  std::uint32_t chunk;
  std::uint32_t field;
};

class Loader {
 public:
  Loader(const LoadRequest& request, base::DiagnosticList& diagnostics)
      : request_(request), schema_(*request.schema), diagnostics_(diagnostics) {}
  std::optional<LoadedData> run();

 private:
  // load_plan.cpp: which tables and fields
  bool is_stored(base::TableId table) const;
  bool is_wanted(base::TableId table, base::ColumnId column) const;
  const SourceSpec* source_of(base::TableId table) const;
  const ZoneOffsets* zone_of(const std::string& name);
  FieldLoad make_field(const base::Table& table, base::ColumnId column);
  void map_fields(TableLoad& load);
  void check_mapped_fields(const base::Table& table, const Files& files);
  void set_formats(TableLoad& load);
  bool is_read(base::TableId table) const { return request_.tables.empty() || request_.tables[table].is_read; }
  // Whether an assembled subject takes its keys from this field.
  bool gives_keys(base::TableId table, const std::string& field) const;
  bool plan();

  // load_files.cpp: opening files, finding columns, laying out chunks
  bool open_load(TableLoad& load);
  // Files joined to a subject: fields that they are mapped to, or that the table's own files don't have.
  void split_joins(base::TableId table);
  bool open_files();
  bool resolve();
  // Whether a row group lies wholly outside the times that are asked for.
  bool is_outside(const TableLoad& load, const FileLoad& file, std::size_t chunk) const;
  bool prepare();

  // load_convert.cpp: columns and references, by several threads
  base::Result<std::shared_ptr<arrow::ChunkedArray>> read(TableLoad& load, const ChunkLoad& chunk,
                                                          std::uint32_t column);
  static std::size_t width_of_field(const FieldLoad& field);
  void convert_reference(TableLoad& load, const ChunkLoad& chunk, FieldLoad& field, const FieldReading& reading,
                         const arrow::ChunkedArray& column, Slice& result);
  base::Status convert_task(const LoadTask& task);
  bool convert(bool references);
  static void finish_reference(const TableLoad& load, FieldLoad& field);

  // load_keys.cpp: subjects that have no file of their own
  // The distinct keys of the fields that seg.yaml names, in ascending order: the same for any order of the rows.
  bool make_assembled_keys();
  bool collect_keys(const TableLoad& subject, const KeySource& key, bool is_integer,
                    std::vector<std::int64_t>& integers, std::set<std::string>& texts);

  // load_bad_rows.cpp: bad rows and keys
  static void add_bad(TableLoad& load, BadRow bad);
  void find_bad_rows(bool references);
  void build_indexes();
  bool settle_bad_rows();
  // Rows are dropped from all tables first, then references follow the rows that moved.
  void drop_bad_rows();
  // Rows whose owner was dropped after they had been looked up go with it.
  static void drop_orphans(TableLoad& load, const FieldLoad& owner);

  // load.cpp: the result
  void gather_joins(base::TableId table);
  std::uint64_t count_future(const TableLoad& load) const;
  LoadedData finish();

  const LoadRequest& request_;
  const base::Schema& schema_;
  base::DiagnosticList& diagnostics_;
  bool is_fine_ = true;
  std::deque<TableLoad> loads_;   // of tables, then of joins
  std::vector<TableLoad*> main_;  // by table; null: not read
  std::map<base::TableId, const SourceSpec*> sources_;
  std::map<std::string, ZoneOffsets> zones_;
  std::mutex mutex_;
  std::map<std::tuple<base::TableId, base::TableId, std::string>, std::uint64_t> unknown_references_;
};

}  // namespace seg::io
