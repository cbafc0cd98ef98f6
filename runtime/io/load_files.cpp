#include "runtime/io/loader.h"

#include <algorithm>

#include "base/value.h"

namespace seg::io {

using base::Code;
using base::TableId;

namespace {

constexpr std::uint64_t kMaxRows = vector::kNoRow - 1;

}  // namespace

bool Loader::open_load(TableLoad& load) {
  for (FoundFile& found : find_files(load.name, load.files->paths, diagnostics_)) {
    auto opened = open_raw_file(found.path, load.files->format, load.files->csv);
    if (!opened.ok()) {
      diagnostics_.report(opened.status());
      is_fine_ = false;
      continue;
    }
    load.loads.push_back({std::move(opened).value(), std::move(found.partitions), {}, {}});
  }
  return !diagnostics_.has_errors();
}

void Loader::split_joins(TableId table) {
  TableLoad& main = *main_[table];
  const SourceSpec& source = *sources_[table];
  const bool is_assembled = !source.keys.empty() && source.files.paths.empty();
  if (source.joins.empty() && !is_assembled) return;
  for (const Join& join : source.joins) {
    TableLoad& load = loads_.emplace_back();
    load.table = table;
    load.is_join = true;
    load.name = main.name;
    load.files = &join.files;
    set_formats(load);
    open_load(load);
    const base::Table& about = schema_.tables[table];
    if (about.key.size() != 1) {
      diagnostics_.report(Code::compound_reference, {main.name, main.name}).note("nothing can be joined to it yet");
      is_fine_ = false;
      return;
    }
    FieldLoad key = make_field(about, about.key[0]);
    key.column = base::kNone;
    key.name = join.on.empty() ? key.name : join.on;
    load.fields.push_back(std::move(key));
    std::deque<FieldLoad> left;
    for (FieldLoad& field : main.fields) {
      FieldLoad candidate = make_field(about, field.column);
      for (const FieldSource& mapped : join.files.fields) {
        if (mapped.field == candidate.name) candidate.source = &mapped;
      }
      const bool is_main_key = field.is_key;
      const bool is_in_main = !is_assembled && (field.source != nullptr || has_field(main, field));
      if (!is_main_key && !is_in_main && has_field(load, candidate)) {
        load.fields.push_back(std::move(candidate));
      } else {
        left.push_back(std::move(field));
      }
    }
    main.fields = std::move(left);
  }
  if (!is_assembled) return;
  // What is left but the key is nowhere: the joined files are asked for it, so that the finding names them.
  std::deque<FieldLoad> keys;
  for (FieldLoad& field : main.fields) {
    if (field.is_key) {
      keys.push_back(std::move(field));
    } else if (!source.joins.empty()) {
      loads_.back().fields.push_back(std::move(field));
    } else {
      diagnostics_.report(Code::missing_column, {main.name, field.name})
          .help("join the file that has it: `join: [{ path: FILE, on: KEY }]`");
      is_fine_ = false;
    }
  }
  main.fields = std::move(keys);
}

bool Loader::open_files() {
  for (TableLoad& load : loads_) open_load(load);
  for (TableId table = 0; table < schema_.tables.size(); ++table) {
    if (main_[table] != nullptr) split_joins(table);
  }
  return is_fine_ && !diagnostics_.has_errors();
}

bool Loader::resolve() {
  bool is_fine = true;
  for (TableLoad& load : loads_) {
    for (FileLoad& file : load.loads) {
      for (const FieldLoad& field : load.fields) {
        FieldReading reading;
        reading.type = field.reading_type;
        reading.choice_values = field.choice_values.get();
        reading.zone = load.zone;
        reading.formats = &load.formats;
        reading.list_separator = load.files->csv.list_separator;
        reading.unit = field.source == nullptr ? 0 : field.source->unit;
        file.readings.push_back(reading);
      }
    }
    is_fine = resolve_columns(load, schema_, diagnostics_) && is_fine;
  }
  return is_fine;
}

bool Loader::is_outside(const TableLoad& load, const FileLoad& file, std::size_t chunk) const {
  if (request_.tables.empty() || load.is_join || !request_.tables[load.table].times) return false;
  if (gives_keys(load.table, {})) return false;  // whoever has events at all is a subject
  for (std::size_t f = 0; f < load.fields.size(); ++f) {
    if (!load.fields[f].is_time || file.uses[f].first >= file.raw->columns().size()) continue;
    const auto times = file.raw->times_of(chunk, file.uses[f].first);
    if (!times) return false;
    // Times without a zone are up to 18 hours away from UTC.
    constexpr std::int64_t kMargin = 18 * base::kMicrosPerHour;
    const TimeRange& wanted = *request_.tables[load.table].times;
    const bool is_before = times->end < INT64_MAX - kMargin && times->end + kMargin < wanted.begin;
    const bool is_after = times->begin > INT64_MIN + kMargin && times->begin - kMargin >= wanted.end;
    return is_before || is_after;
  }
  return false;
}

bool Loader::prepare() {
  bool is_fine = true;
  for (TableLoad& load : loads_) {
    for (std::uint32_t f = 0; f < load.loads.size(); ++f) {
      FileLoad& file = load.loads[f];
      std::vector<std::uint32_t> columns;
      for (const ColumnUse& use : file.uses) {
        for (const std::uint32_t column : {use.first, use.second}) {
          if (column < file.raw->columns().size()) columns.push_back(column);
        }
      }
      for (const auto& [table, source] : sources_) {  // read once more for the keys of an assembled subject
        for (const KeySource& key : source->keys) {
          for (std::size_t i = 0; i < load.fields.size(); ++i) {
            if (load.name == key.table && load.fields[i].name == key.field) columns.push_back(file.uses[i].first);
          }
        }
      }
      if (base::Status status = file.raw->prepare(columns, request_.num_threads); !status.ok()) {
        diagnostics_.report(status);
        is_fine = false;
        continue;
      }
      for (std::uint32_t chunk = 0; chunk < file.raw->chunks().size(); ++chunk) {
        const std::uint64_t num_rows = file.raw->chunks()[chunk].num_rows;
        if (num_rows == 0) continue;
        if (is_outside(load, file, chunk)) {
          load.num_rows_pruned += num_rows;
          continue;
        }
        load.chunks.push_back({f, chunk, load.num_rows, num_rows});
        load.num_rows += num_rows;
      }
    }
    is_fine = check_unseen_columns(load, diagnostics_) && is_fine;
    if (load.num_rows > kMaxRows) {
      diagnostics_.report(Code::too_many_rows, {load.name, load.num_rows, kMaxRows});
      is_fine = false;
    }
    const bool is_assembled = load.loads.empty();
    if (load.num_rows == 0 && load.num_rows_pruned == 0 && !is_assembled && !load.is_join) {
      auto finding = diagnostics_.report(Code::empty_table, {load.name});
      finding.data(load.loads[0].raw->path());
    }
  }
  return is_fine;
}

}  // namespace seg::io
