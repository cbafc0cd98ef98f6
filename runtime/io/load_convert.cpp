#include "runtime/io/loader.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "runtime/io/column_memory.h"
#include "runtime/io/parallel.h"
#include "runtime/io/value_format.h"

namespace seg::io {

using base::Code;
using base::TypeKind;

namespace {

std::string size_text(std::uint64_t bytes) {
  std::string text;
  append_number(std::round(static_cast<double>(bytes) / (bytes < 1'000'000'000 ? 1e5 : 1e8)) / 10, text);
  return text + (bytes < 1'000'000'000 ? " MB" : " GB");
}

}  // namespace

base::Result<std::shared_ptr<arrow::ChunkedArray>> Loader::read(TableLoad& load, const ChunkLoad& chunk,
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
    array = std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::utf8()), indices, entry);
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(array));
}

std::size_t Loader::width_of_field(const FieldLoad& field) {
  if (field.target != base::kNone) return sizeof(std::uint32_t);
  return width_of(field.reading_type, field.choice_values == nullptr ? 0 : field.choice_values->size());
}

void Loader::convert_reference(TableLoad& load, const ChunkLoad& chunk, FieldLoad& field, const FieldReading& reading,
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

base::Status Loader::convert_task(const LoadTask& task) {
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
    return base::Status(Code::out_of_memory, {size_text(request_.memory_budget)}).help("`--memory` allows more");
  }
  return {};
}

bool Loader::convert(bool references) {
  std::vector<LoadTask> tasks;
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
    const base::TracedPart span(request_.trace, "read",
                                [&] { return tasks[i].load->name + "." + tasks[i].load->fields[tasks[i].field].name; });
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
    const base::TracedPart span(request_.trace, "read",
                                [&load = load, &field = field] { return load->name + "." + field->name; });
    if (references) {
      finish_reference(*load, *field);
    } else {
      build_column(*load, *field);
    }
  });
  return true;
}

void Loader::finish_reference(const TableLoad& load, FieldLoad& field) {
  vector::Column column;
  column.storage = vector::Storage::kRow;
  column.num_rows = load.num_rows;
  column.data = field.data.get();
  const auto* rows = column.as<std::uint32_t>();
  for (std::uint64_t i = 0; i < load.num_rows; ++i) column.num_missing += rows[i] == vector::kNoRow;
  column.owner = std::move(field.data);
  field.result = std::move(column);
}

}  // namespace seg::io
