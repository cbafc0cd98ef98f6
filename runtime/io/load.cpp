#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <set>

#include "base/suggest.h"
#include "base/value.h"
#include "runtime/io/column_memory.h"
#include "runtime/io/parallel.h"
#include "runtime/io/source.h"
#include "runtime/io/table_load.h"
#include "runtime/io/value_format.h"

namespace seg::io {
namespace {

using base::Code;
using base::TableId;
using base::TableKind;
using base::TypeKind;

constexpr std::uint64_t kMaxRows = vector::kNoRow - 1;

std::string size_text(std::uint64_t bytes) {
  std::string text;
  append_number(std::round(static_cast<double>(bytes) / (bytes < 1'000'000'000 ? 1e5 : 1e8)) / 10, text);
  return text + (bytes < 1'000'000'000 ? " MB" : " GB");
}

// One column of one chunk, to be converted by some thread.
struct Task {
  TableLoad* load;
  std::uint32_t chunk;
  std::uint32_t field;
};

class Loader {
 public:
  Loader(const LoadRequest& request, base::DiagnosticList& diagnostics)
      : request_(request), schema_(*request.schema), diagnostics_(diagnostics) {}

  std::optional<LoadedData> run() {
    if (!plan() || !open_files() || !resolve() || !prepare()) return std::nullopt;
    if (!convert(false)) return std::nullopt;
    if (!make_assembled_keys()) return std::nullopt;
    find_bad_rows(false);
    build_indexes();
    if (!convert(true)) return std::nullopt;
    find_bad_rows(true);
    for (TableId table = 0; table < schema_.tables.size(); ++table) {
      if (main_[table] != nullptr) gather_joins(table);
    }
    if (!settle_bad_rows()) return std::nullopt;
    return finish();
  }

 private:
  // --- plan: which tables and fields ---------------------------------------------------------------------------------

  bool is_stored(TableId table) const {
    const TableKind kind = schema_.tables[table].kind;
    return kind != TableKind::kUnion && kind != TableKind::kGrouped;
  }

  bool is_wanted(TableId table, base::ColumnId column) const {
    const base::Table& about = schema_.tables[table];
    if (std::find(about.key.begin(), about.key.end(), column) != about.key.end()) {
      // An event's key only orders events at one instant; the others' are what references look for.
      if (about.kind != TableKind::kEvent && about.kind != TableKind::kRecords) return true;
    }
    if (column == about.owner || column == about.time || column == about.zone) return true;
    if (request_.tables.empty()) return true;
    const TableRequest& wanted = request_.tables[table];
    return wanted.columns.empty() || (column < wanted.columns.size() && wanted.columns[column]);
  }

  const SourceSpec* source_of(TableId table) const {
    for (const SourceSpec& source : request_.sources) {
      if (source.table == schema_.tables[table].name) return &source;
    }
    return nullptr;
  }

  const ZoneOffsets* zone_of(const std::string& name) {
    if (const auto found = zones_.find(name); found != zones_.end()) return &found->second;
    auto zone = ZoneOffsets::create(name);
    if (!zone) {
      diagnostics_.report(Code::unknown_time_zone, {name})
          .help("zones are called like `Europe/Berlin` or `Asia/Tehran`");
      zone = ZoneOffsets();
    }
    return &zones_.emplace(name, std::move(*zone)).first->second;
  }

  FieldLoad make_field(const base::Table& table, base::ColumnId column) {
    const base::Column& about = table.columns[column];
    FieldLoad field;
    field.name = about.name;
    field.type = field.reading_type = about.type;
    field.column = column;
    field.is_required = about.required;
    field.is_key = std::find(table.key.begin(), table.key.end(), column) != table.key.end() &&
                   table.kind != TableKind::kEvent && table.kind != TableKind::kRecords;
    field.is_owner = column == table.owner;
    field.is_time = column == table.time;
    field.may_show_values = about.privacy == base::Privacy::kPlain || request_.show_personal;
    const bool is_list = about.type.kind == TypeKind::kList;
    const TypeKind kind = is_list ? about.type.element : about.type.kind;
    if (kind == TypeKind::kReference && !is_list) {
      field.target = about.type.detail;
      const base::Table& target = schema_.tables[field.target];
      if (target.key.size() == 1) {
        field.reading_type = target.columns[target.key[0]].type;
      } else {
        diagnostics_.report(Code::compound_reference, {table.name + "." + about.name, target.name})
            .note("such references can't be read yet")
            .help("give `" + target.name + "` one key field");
        is_fine_ = false;
        field.reading_type.kind = TypeKind::kInteger;
      }
    }
    if (kind == TypeKind::kChoice) {
      field.choice = &schema_.choices[about.type.detail];
      field.choice_values = std::make_unique<TextIndex>();
      for (const std::string& value : field.choice->values) field.choice_values->add(value);
    }
    return field;
  }

  void map_fields(TableLoad& load) {
    for (FieldLoad& field : load.fields) {
      for (const FieldSource& source : load.files->fields) {
        if (source.field == field.name) field.source = &source;
      }
    }
  }

  void check_mapped_fields(const base::Table& table, const Files& files) {
    std::vector<std::string> names;
    for (const base::Column& column : table.columns) names.push_back(column.name);
    for (const FieldSource& source : files.fields) {
      if (std::find(names.begin(), names.end(), source.field) != names.end()) continue;
      auto finding = diagnostics_.report(Code::unknown_mapped_field, {table.name, source.field});
      if (const auto near = base::suggest(source.field, names)) finding.help("did you mean `" + *near + "`?");
      is_fine_ = false;
    }
  }

  void set_formats(TableLoad& load) {
    load.zone = zone_of(load.files->time_zone.empty() ? request_.time_zone : load.files->time_zone);
    for (const auto* patterns : {&load.files->time_formats, &load.files->date_formats}) {
      for (const std::string& pattern : *patterns) {
        if (auto format = TimeFormat::create(pattern)) {
          load.formats.push_back(std::move(*format));
        } else {
          diagnostics_
              .report(Code::wrong_setting,
                      {patterns == &load.files->date_formats ? "date_format" : "time_format", pattern})
              .help("a format is written like `dd.MM.yyyy` or `M/d/yy HH:mm`");
          is_fine_ = false;
        }
      }
    }
  }

  bool is_read(TableId table) const { return request_.tables.empty() || request_.tables[table].is_read; }

  // Whether an assembled subject takes its keys from this field.
  bool gives_keys(TableId table, const std::string& field) const {
    for (TableId subject = 0; subject < schema_.tables.size(); ++subject) {
      const SourceSpec* source = is_stored(subject) && is_read(subject) ? source_of(subject) : nullptr;
      if (source == nullptr) continue;
      for (const KeySource& key : source->keys) {
        if (key.table == schema_.tables[table].name && (field.empty() || key.field == field)) return true;
      }
    }
    return false;
  }

  bool plan() {
    main_.assign(schema_.tables.size(), nullptr);
    for (TableId table = 0; table < schema_.tables.size(); ++table) {
      const bool is_for_keys = !is_read(table) && gives_keys(table, {});
      if (!is_stored(table) || (!is_read(table) && !is_for_keys)) continue;
      const base::Table& about = schema_.tables[table];
      const SourceSpec* source = source_of(table);
      if (source == nullptr) {
        diagnostics_.report(Code::missing_source, {about.name})
            .help("say where it lies in seg.yaml: `sources: { " + about.name + ": { path: FILE } }`");
        is_fine_ = false;
        continue;
      }
      TableLoad& load = loads_.emplace_back();
      load.table = table;
      load.name = about.name;
      load.files = &source->files;
      load.is_for_keys = is_for_keys;
      if (!is_for_keys) {
        main_[table] = &load;
        sources_[table] = source;
      }
      check_mapped_fields(about, source->files);
      for (const Join& join : source->joins) check_mapped_fields(about, join.files);
      for (base::ColumnId column = 0; column < about.columns.size(); ++column) {
        const bool wanted = is_for_keys ? gives_keys(table, about.columns[column].name) : is_wanted(table, column);
        if (wanted) load.fields.push_back(make_field(about, column));
      }
      map_fields(load);
      set_formats(load);
    }
    return is_fine_;
  }

  // --- files ---------------------------------------------------------------------------------------------------------

  bool open_load(TableLoad& load) {
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

  // Files joined to a subject: fields that they are mapped to, or that the table's own files don't have.
  void split_joins(TableId table) {
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

  bool open_files() {
    for (TableLoad& load : loads_) open_load(load);
    for (TableId table = 0; table < schema_.tables.size(); ++table) {
      if (main_[table] != nullptr) split_joins(table);
    }
    return is_fine_ && !diagnostics_.has_errors();
  }

  bool resolve() {
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

  // Whether a row group lies wholly outside the times that are asked for.
  bool is_outside(const TableLoad& load, const FileLoad& file, std::size_t chunk) const {
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

  bool prepare() {
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

  // --- conversion ----------------------------------------------------------------------------------------------------

  base::Result<std::shared_ptr<arrow::ChunkedArray>> read(TableLoad& load, const ChunkLoad& chunk,
                                                          std::uint32_t column) {
    FileLoad& file = load.loads[chunk.file];
    if (column < file.raw->columns().size()) return file.raw->read(chunk.chunk, column);
    // A folder's value, for all rows; or nothing.
    std::shared_ptr<arrow::Array> array;
    const auto n = static_cast<std::int64_t>(chunk.num_rows);
    if (column == kNoColumn || file.partitions[column - kPartition].second.empty()) {
      array = arrow::MakeArrayOfNull(arrow::null(), n).ValueOrDie();
    } else {
      const auto entry =
          arrow::MakeArrayFromScalar(arrow::StringScalar(file.partitions[column - kPartition].second), 1).ValueOrDie();
      const auto indices = arrow::MakeArrayFromScalar(arrow::Int32Scalar(0), n).ValueOrDie();
      array =
          std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::utf8()), indices, entry);
    }
    return std::make_shared<arrow::ChunkedArray>(std::move(array));
  }

  static std::size_t width_of_field(const FieldLoad& field) {
    if (field.target != base::kNone) return sizeof(std::uint32_t);
    return width_of(field.reading_type, field.choice_values == nullptr ? 0 : field.choice_values->size());
  }

  void convert_reference(TableLoad& load, const ChunkLoad& chunk, FieldLoad& field, const FieldReading& reading,
                         const arrow::ChunkedArray& column, Slice& result) {
    const TableLoad* target = main_[field.target];
    auto* rows = static_cast<std::uint32_t*>(field.data.get()) + chunk.at;
    const bool is_integer = reading.type.kind == TypeKind::kInteger;
    std::unique_ptr<std::int64_t[]> keys;
    if (is_integer) keys.reset(new std::int64_t[chunk.num_rows]);
    Slice slice = convert_column(reading, column, nullptr, keys.get());
    if (target == nullptr) {  // a table that isn't read
      std::fill(rows, rows + chunk.num_rows, vector::kNoRow);
    } else if (is_integer) {
      target->index.find(keys.get(), chunk.num_rows, rows);
    } else {
      const vector::Dictionary& texts = slice.texts.dictionary();
      std::vector<std::uint32_t> row_of(std::max<std::uint32_t>(1, texts.size()), vector::kNoRow);
      for (std::uint32_t code = 0; code < texts.size(); ++code) row_of[code] = target->index.find(texts.at(code));
      for (std::uint64_t i = 0; i < chunk.num_rows; ++i) rows[i] = row_of[slice.codes.at(i)];
    }
    result.num_rows = chunk.num_rows;
    result.bad = std::move(slice.bad);
    std::uint64_t num_unknown = 0;
    for (std::uint64_t i = 0; i < chunk.num_rows; ++i) {
      if (!slice.is_valid(i)) {
        rows[i] = vector::kNoRow;
      } else if (rows[i] == vector::kNoRow) {
        ++num_unknown;
      }
    }
    if (num_unknown == 0) return;
    if (field.is_owner && target != nullptr) {
      for (std::uint64_t i = 0; i < chunk.num_rows; ++i) {
        if (rows[i] == vector::kNoRow && slice.is_valid(i)) {
          result.offsets.push_back(static_cast<std::uint32_t>(i));  // rows of nobody, found again by find_bad_rows
        }
      }
    } else if (target != nullptr) {
      const std::lock_guard lock(mutex_);
      unknown_references_[{load.table, field.target, field.name}] += num_unknown;
      load.num_unknown_references += num_unknown;
    }
  }

  base::Status convert_task(const Task& task) {
    TableLoad& load = *task.load;
    const ChunkLoad& chunk = load.chunks[task.chunk];
    FieldLoad& field = load.fields[task.field];
    const ColumnUse use = load.loads[chunk.file].uses[task.field];
    const FieldReading& reading = load.loads[chunk.file].readings[task.field];
    auto column = read(load, chunk, use.first);
    if (!column.ok()) return std::move(column).status();
    std::shared_ptr<arrow::ChunkedArray> longitudes;
    if (use.second != kNoColumn) {
      auto second = read(load, chunk, use.second);
      if (!second.ok()) return std::move(second).status();
      longitudes = std::move(second).value();
    }
    // Once more: JSON lines show only now what they hold.
    FieldReading wanted = reading;
    if (longitudes != nullptr) wanted.type.kind = TypeKind::kNumber;
    if (const std::string problem = conversion_problem(*(*column)->type(), wanted); !problem.empty()) {
      return base::Status(Code::column_type, {field.name, problem, base::type_keyword(wanted.type.kind)})
          .at(path_of(load, chunk.file), 0, field.name);
    }
    Slice& slice = field.slices[task.chunk];
    if (field.target != base::kNone) {
      convert_reference(load, chunk, field, reading, **column, slice);
    } else {
      auto* out = static_cast<std::byte*>(field.data.get());
      if (out != nullptr) out += width_of_field(field) * chunk.at;
      slice = convert_column(reading, **column, longitudes.get(), out);
    }
    if (request_.memory_budget != 0 && memory_in_use() > request_.memory_budget) {
      return base::Status(Code::out_of_memory,
                          {size_text(request_.memory_budget)})
          .help("`--memory` allows more");
    }
    return {};
  }

  bool convert(bool references) {
    std::vector<Task> tasks;
    std::vector<std::pair<TableLoad*, FieldLoad*>> fields;
    for (TableLoad& load : loads_) {
      if (load.loads.empty() || load.is_for_keys) continue;  // assembled: its key comes from elsewhere
      for (FieldLoad& field : load.fields) {
        if ((field.target != base::kNone) != references) continue;
        const std::size_t width = width_of_field(field);
        if (width != 0) field.data = allocate_column(width * load.num_rows);
        field.slices.resize(load.chunks.size());
        fields.emplace_back(&load, &field);
      }
    }
    for (TableLoad& load : loads_) {
      if (load.is_for_keys) continue;
      for (std::uint32_t chunk = 0; chunk < load.chunks.size(); ++chunk) {
        for (std::uint32_t field = 0; field < load.fields.size(); ++field) {
          if ((load.fields[field].target != base::kNone) == references) tasks.push_back({&load, chunk, field});
        }
      }
    }
    std::atomic<bool> has_failed = false;
    std::vector<base::Status> failures(tasks.size());
    parallel_for(tasks.size(), request_.num_threads, [&](std::size_t i) {
      if (has_failed) return;
      failures[i] = convert_task(tasks[i]);
      if (!failures[i].ok()) has_failed = true;
    });
    std::set<std::string> reported;
    for (const base::Status& failure : failures) {
      if (!failure.ok() && reported.insert(failure.to_string()).second) diagnostics_.report(failure);
    }
    if (has_failed) return false;
    parallel_for(fields.size(), request_.num_threads, [&](std::size_t i) {
      auto& [load, field] = fields[i];
      if (references) {
        finish_reference(*load, *field);
      } else {
        build_column(*load, *field);
      }
    });
    return true;
  }

  static void finish_reference(const TableLoad& load, FieldLoad& field) {
    vector::Column column;
    column.storage = vector::Storage::kRow;
    column.num_rows = load.num_rows;
    column.data = field.data.get();
    const auto* rows = column.as<std::uint32_t>();
    for (std::uint64_t i = 0; i < load.num_rows; ++i) column.num_missing += rows[i] == vector::kNoRow;
    column.owner = std::move(field.data);
    field.result = std::move(column);
  }

  // --- subjects that have no file of their own
  // -------------------------------------------------------------------------

  // The distinct keys of the fields that seg.yaml names, in ascending order: the same for any order of the rows.
  bool make_assembled_keys() {
    for (TableId table = 0; table < schema_.tables.size(); ++table) {
      if (main_[table] == nullptr || !main_[table]->loads.empty() || sources_[table]->keys.empty()) continue;
      TableLoad& load = *main_[table];
      if (load.fields.size() != 1) {
        diagnostics_.report(Code::compound_reference, {load.name, load.name});
        return false;
      }
      std::vector<std::int64_t> integers;
      std::set<std::string> texts;
      const bool is_integer = load.fields[0].reading_type.kind == TypeKind::kInteger;
      for (const KeySource& key : sources_[table]->keys) {
        if (!collect_keys(load, key, is_integer, integers, texts)) return false;
      }
      vector::Column column;
      if (is_integer) {
        std::sort(integers.begin(), integers.end());
        integers.erase(std::unique(integers.begin(), integers.end()), integers.end());
        auto memory = allocate_column(integers.size() * sizeof(std::int64_t));
        std::memcpy(memory.get(), integers.data(), integers.size() * sizeof(std::int64_t));
        column.storage = vector::Storage::kInt64;
        column.num_rows = integers.size();
        column.data = memory.get();
        column.owner = std::move(memory);
      } else {
        auto dictionary = std::make_shared<vector::Dictionary>();
        auto memory = allocate_column(texts.size() * sizeof(std::int32_t));
        auto* codes = static_cast<std::int32_t*>(memory.get());
        for (const std::string& text : texts) {
          const std::uint32_t code = dictionary->append(text);
          codes[code] = static_cast<std::int32_t>(code);
        }
        column.storage = vector::Storage::kInt32;
        column.num_rows = texts.size();
        column.data = memory.get();
        column.owner = std::move(memory);
        column.dictionary = std::move(dictionary);
      }
      load.num_rows = column.num_rows;
      load.fields[0].result = std::move(column);
    }
    return true;
  }

  bool collect_keys(const TableLoad& subject, const KeySource& key, bool is_integer,
                    std::vector<std::int64_t>& integers, std::set<std::string>& texts) {
    TableLoad* from = nullptr;
    std::uint32_t position = 0;
    for (TableLoad& load : loads_) {
      if (load.is_join || load.name != key.table) continue;
      for (std::uint32_t f = 0; f < load.fields.size(); ++f) {
        if (load.fields[f].name == key.field) from = &load, position = f;
      }
    }
    if (from == nullptr || from->fields[position].target != subject.table) {
      diagnostics_.report(Code::unknown_key_source, {subject.name, key.table + "." + key.field})
          .help("name a field that refers to `" + subject.name + "`, of a table that is read: `keys: [purchase." +
                subject.name + "]`");
      return false;
    }
    std::vector<std::vector<std::int64_t>> found_integers(from->chunks.size());
    std::vector<TextIndex> found_texts(from->chunks.size());
    std::vector<base::Status> failures(from->chunks.size());
    parallel_for(from->chunks.size(), request_.num_threads, [&](std::size_t c) {
      const ChunkLoad& chunk = from->chunks[c];
      const FileLoad& file = from->loads[chunk.file];
      auto column = read(*from, chunk, file.uses[position].first);
      if (!column.ok()) {
        failures[c] = std::move(column).status();
        return;
      }
      std::vector<std::int64_t> keys(is_integer ? chunk.num_rows : 0);
      Slice slice = convert_column(file.readings[position], **column, nullptr, keys.data());
      if (!is_integer) {
        for (std::uint64_t i = 0; i < chunk.num_rows; ++i) {
          if (slice.is_valid(i)) found_texts[c].add(slice.texts.dictionary().at(slice.codes.at(i)));
        }
        return;
      }
      std::vector<std::int64_t>& found = found_integers[c];
      for (std::uint64_t i = 0; i < chunk.num_rows; ++i) {
        if (slice.is_valid(i) && (found.empty() || found.back() != keys[i])) found.push_back(keys[i]);
      }
      std::sort(found.begin(), found.end());
      found.erase(std::unique(found.begin(), found.end()), found.end());
    });
    for (const base::Status& failure : failures) {
      if (failure.ok()) continue;
      diagnostics_.report(failure);
      return false;
    }
    for (std::size_t c = 0; c < from->chunks.size(); ++c) {
      integers.insert(integers.end(), found_integers[c].begin(), found_integers[c].end());
      for (std::uint32_t code = 0; code < found_texts[c].size(); ++code) {
        texts.emplace(found_texts[c].dictionary().at(code));
      }
    }
    return true;
  }

  // --- bad rows and keys
  // -----------------------------------------------------------------------------------------------

  static void add_bad(TableLoad& load, BadRow bad) {
    if (load.is_bad_row.empty()) load.is_bad_row.assign(load.num_rows, false);
    load.is_bad_row[bad.row] = true;
    load.bad.push_back(bad);
  }

  void find_bad_rows(bool references) {
    for (TableLoad& load : loads_) {
      if (load.is_for_keys) continue;
      for (std::uint32_t f = 0; f < load.fields.size(); ++f) {
        FieldLoad& field = load.fields[f];
        if ((field.target != base::kNone) != references) continue;
        for (std::uint32_t c = 0; c < field.slices.size(); ++c) {
          const Slice& slice = field.slices[c];
          for (const BadValue& bad : slice.bad) {
            const auto row = static_cast<std::uint32_t>(load.chunks[c].at + bad.row);
            add_bad(load, {row, code_of(bad.verdict), f, c,
                           bad.verdict == Verdict::kNotInChoice ? bad.text : TextIndex::kNotThere});
          }
          if (field.is_owner) {
            for (const std::uint32_t row : slice.offsets) {
              add_bad(load, {static_cast<std::uint32_t>(load.chunks[c].at + row), Code::unknown_owner, f, c});
            }
          }
        }
        // Keys of tables are looked at by their index; a join has no other required fields.
        if (field.is_key || field.result.num_missing == 0 || load.is_join) continue;
        if (!field.is_required && !field.is_time && !field.is_owner) continue;
        const Code code = field.is_time    ? Code::missing_time
                          : field.is_owner ? Code::missing_key
                                           : Code::required_missing;
        const bool is_unread = field.is_owner && main_[field.target] == nullptr;
        if (is_unread) continue;
        for (std::uint32_t row = 0; row < load.num_rows; ++row) {
          if (!field.result.present(row) && (load.is_bad_row.empty() || !load.is_bad_row[row])) {
            add_bad(load, {row, code, f});
          }
        }
      }
    }
  }

  void build_indexes() {
    for (TableLoad& load : loads_) {
      std::vector<const vector::Column*> keys;
      std::uint32_t key_field = kNoField;
      for (std::uint32_t f = 0; f < load.fields.size(); ++f) {
        if (!load.fields[f].is_key) continue;
        if (key_field == kNoField) key_field = f;
        keys.push_back(&load.fields[f].result);
      }
      if (keys.empty()) continue;
      load.index.build(keys, load.is_bad_row);
      for (const std::uint32_t row : load.index.missing()) add_bad(load, {row, Code::missing_key, key_field});
      for (const std::uint32_t row : load.index.repeated()) add_bad(load, {row, Code::duplicate_key, key_field});
    }
  }

  bool settle_bad_rows() {
    std::vector<const TableLoad*> with_bad;
    bool any = false;
    for (TableLoad& load : loads_) {
      if (load.is_for_keys) continue;
      sort_bad_rows(load);
      bool has_bad = !load.bad.empty();
      for (const FileLoad& file : load.loads) has_bad = has_bad || !file.raw->rejected().empty();
      if (!has_bad) continue;
      any = true;
      with_bad.push_back(&load);
      report_bad_rows(load, schema_, request_.on_bad_row, diagnostics_);
    }
    if (!any) return true;
    if (request_.on_bad_row == OnBadRow::kFail) return false;
    if (request_.on_bad_row == OnBadRow::kQuarantine) {
      if (base::Status status = write_quarantine(request_.quarantine, with_bad); !status.ok()) {
        diagnostics_.report(status);
        return false;
      }
    }
    drop_bad_rows();
    return true;
  }

  // Rows are dropped from all tables first, then references follow the rows that moved.
  void drop_bad_rows() {
    std::vector<std::vector<std::uint32_t>> moved(schema_.tables.size());
    for (TableLoad& load : loads_) {
      if (load.is_bad_row.empty() || load.is_join) continue;
      std::vector<std::uint32_t>& rows = moved[load.table];
      rows.assign(load.num_rows, vector::kNoRow);
      std::uint32_t num_kept = 0;
      for (std::uint32_t row = 0; row < load.num_rows; ++row) {
        if (!load.is_bad_row[row]) rows[row] = num_kept++;
      }
      for (FieldLoad& field : load.fields) field.result = drop_rows(field.result, load.is_bad_row, num_kept);
      load.num_rows = num_kept;
    }
    for (TableLoad& load : loads_) {
      for (FieldLoad& field : load.fields) {
        if (field.target == base::kNone || moved[field.target].empty()) continue;
        const std::vector<std::uint32_t>& rows = moved[field.target];
        auto* references = const_cast<std::uint32_t*>(field.result.as<std::uint32_t>());
        field.result.num_missing = 0;
        for (std::uint64_t i = 0; i < field.result.num_rows; ++i) {
          if (references[i] != vector::kNoRow) references[i] = rows[references[i]];
          field.result.num_missing += references[i] == vector::kNoRow;
        }
        if (field.is_owner && field.result.num_missing != 0) drop_orphans(load, field);
      }
    }
  }

  // Rows whose owner was dropped after they had been looked up go with it.
  static void drop_orphans(TableLoad& load, const FieldLoad& owner) {
    std::vector<bool> is_orphan(load.num_rows);
    for (std::uint64_t row = 0; row < load.num_rows; ++row) is_orphan[row] = !owner.result.present(row);
    const std::uint64_t num_orphans = owner.result.num_missing;
    for (FieldLoad& field : load.fields) field.result = drop_rows(field.result, is_orphan, load.num_rows - num_orphans);
    load.num_rows -= num_orphans;
    load.num_orphans += num_orphans;
  }

  // --- the result
  // ------------------------------------------------------------------------------------------------------

  void gather_joins(TableId table) {
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

  std::uint64_t count_future(const TableLoad& load) const {
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

  LoadedData finish() {
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

  const LoadRequest& request_;
  const base::Schema& schema_;
  base::DiagnosticList& diagnostics_;
  bool is_fine_ = true;
  std::deque<TableLoad> loads_;   // of tables, then of joins
  std::vector<TableLoad*> main_;  // by table; null: not read
  std::map<TableId, const SourceSpec*> sources_;
  std::map<std::string, ZoneOffsets> zones_;
  std::mutex mutex_;
  std::map<std::tuple<TableId, TableId, std::string>, std::uint64_t> unknown_references_;
};

}  // namespace

std::optional<LoadedData> load(const LoadRequest& request, base::DiagnosticList& diagnostics) {
  return Loader(request, diagnostics).run();
}

}  // namespace seg::io
