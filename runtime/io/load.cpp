#include "runtime/io/loader.h"

#include <algorithm>

#include "base/value.h"

namespace seg::io {

using base::Code;
using base::TableId;
using base::TypeKind;

std::optional<LoadedData> Loader::run() {
  {
    const base::TracedPart span(request_.trace, "read", [] { return std::string("opening files"); });
    if (!plan() || !open_files() || !resolve() || !prepare()) return std::nullopt;
  }
  if (!convert(false)) return std::nullopt;
  if (!make_assembled_keys()) return std::nullopt;
  {
    const base::TracedPart span(request_.trace, "read", [] { return std::string("keys and bad rows"); });
    find_bad_rows(false);
    build_indexes();
  }
  if (!convert(true)) return std::nullopt;
  const base::TracedPart span(request_.trace, "read", [] { return std::string("bad rows and counts"); });
  find_bad_rows(true);
  for (TableId table = 0; table < schema_.tables.size(); ++table) {
    if (main_[table] != nullptr) gather_joins(table);
  }
  if (!settle_bad_rows()) return std::nullopt;
  return finish();
}

void Loader::gather_joins(TableId table) {
  TableLoad& main = *main_[table];
  for (TableLoad& load : loads_) {
    if (!load.is_join || load.table != table || load.fields.empty()) continue;
    std::vector<std::uint32_t> rows(main.num_rows, vector::kNoRow);
    for (const FieldLoad& key : main.fields) {
      if (!key.is_key) continue;
      if (key.reading_type.kind == TypeKind::kInteger) {
        load.index.find(key.result.as<std::int64_t>(), main.num_rows, rows.data());
      } else {
        const vector::Column& column = key.result;
        const vector::Dictionary& texts = *column.dictionary;
        std::vector<std::uint32_t> row_of(texts.size());
        for (std::uint32_t code = 0; code < texts.size(); ++code) row_of[code] = load.index.find(texts.at(code));
        for (std::uint64_t i = 0; i < main.num_rows; ++i) {
          std::uint32_t code = 0;
          if (column.storage == vector::Storage::kInt8) code = column.as<std::uint8_t>()[i];
          if (column.storage == vector::Storage::kInt16) code = column.as<std::uint16_t>()[i];
          if (column.storage == vector::Storage::kInt32) code = column.as<std::uint32_t>()[i];
          if (column.present(i)) rows[i] = row_of[code];
        }
      }
    }
    for (FieldLoad& field : load.fields) {
      if (field.is_key) continue;
      FieldLoad& joined = main.fields.emplace_back(make_field(schema_.tables[table], field.column));
      joined.result = gather(field.result, rows);
      field.result = missing_column(load.num_rows);
      if (!joined.is_required || joined.result.num_missing == 0) continue;
      const auto position = static_cast<std::uint32_t>(main.fields.size() - 1);
      for (std::uint32_t row = 0; row < main.num_rows; ++row) {
        if (!joined.result.present(row)) add_bad(main, {row, Code::required_missing, position});
      }
    }
  }
}

std::uint64_t Loader::count_future(const TableLoad& load) const {
  if (!request_.as_of_end) return 0;
  std::uint64_t num_future = 0;
  for (const FieldLoad& field : load.fields) {
    if (!field.is_time) continue;
    for (std::uint64_t row = 0; row < load.num_rows; ++row) {
      if (!field.result.present(row)) continue;
      const std::int64_t time = field.type.kind == TypeKind::kDate
                                    ? load.zone->to_utc(field.result.as<std::int32_t>()[row] * base::kMicrosPerDay)
                                    : field.result.as<std::int64_t>()[row];
      num_future += time >= *request_.as_of_end;
    }
  }
  return num_future;
}

LoadedData Loader::finish() {
  LoadedData data;
  data.dataset.tables.resize(schema_.tables.size());
  data.tables.resize(schema_.tables.size());
  for (TableLoad& load : loads_) {
    if (load.is_for_keys) continue;  // read, but not as a table
    TableCounts& counts = data.tables[load.table];
    for (const FileLoad& file : load.loads) {
      ++counts.num_files;
      counts.num_bytes += file.raw->num_bytes();
      counts.num_rows_read += file.raw->rejected().size();
    }
    for (const ChunkLoad& chunk : load.chunks) counts.num_rows_read += chunk.num_rows;
    counts.num_rows_pruned += load.num_rows_pruned;
    counts.num_unknown_references += load.num_unknown_references;
    count_bad_rows(load, counts);
    if (load.num_orphans != 0) {
      counts.num_rows_skipped += load.num_orphans;
      counts.skipped.emplace_back(Code::unknown_owner, load.num_orphans);
    }
    if (load.is_join || load.is_for_keys) continue;
    counts.num_future = count_future(load);
    if (counts.num_future != 0) diagnostics_.report(Code::future_events, {counts.num_future, load.name});
    vector::TableData& table = data.dataset.tables[load.table];
    table.num_rows = load.num_rows;
    table.columns.assign(schema_.tables[load.table].columns.size(), missing_column(load.num_rows));
    for (FieldLoad& field : load.fields) table.columns[field.column] = std::move(field.result);
  }
  for (const auto& [reference, count] : unknown_references_) {
    const auto& [table, target, field] = reference;
    diagnostics_.report(Code::unknown_reference, {count, schema_.tables[table].name, schema_.tables[target].name})
        .note("there `" + schema_.tables[table].name + "." + field + "` is missing");
  }
  return data;
}

std::optional<LoadedData> load(const LoadRequest& request, base::DiagnosticList& diagnostics) {
  return Loader(request, diagnostics).run();
}

}  // namespace seg::io
