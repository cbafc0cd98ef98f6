#include "runtime/io/result_batches.h"

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_decimal.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/bitmap_ops.h>
#include <arrow/util/decimal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/value.h"
#include "runtime/io/value_format.h"

namespace seg::io {
namespace {

using base::TypeKind;
using Rows = std::vector<std::uint32_t>;

constexpr std::uint64_t kBatchRows = 65'536;

// Builders fail only without memory.
void check(const arrow::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "building results: %s\n", status.ToString().c_str());
  std::abort();
}

template <class Builder>
std::shared_ptr<arrow::Array> finish(Builder& builder) {
  std::shared_ptr<arrow::Array> array;
  check(builder.Finish(&array));
  return array;
}

std::shared_ptr<arrow::DataType> arrow_type(const base::Type& type) {
  switch (type.kind) {
    case TypeKind::kNumber:
    case TypeKind::kDistance: return arrow::float64();
    case TypeKind::kInteger: return arrow::int64();
    case TypeKind::kFlag: return arrow::boolean();
    case TypeKind::kDate: return arrow::date32();
    case TypeKind::kTime: return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case TypeKind::kDuration: return arrow::duration(arrow::TimeUnit::MICRO);
    case TypeKind::kMoney: return arrow::decimal128(38, 4);
    case TypeKind::kLocation:
      return arrow::struct_({arrow::field("latitude", arrow::float64()), arrow::field("longitude", arrow::float64())});
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice:
    case TypeKind::kList:
    case TypeKind::kReference: return arrow::utf8();
  }
  return arrow::utf8();
}

template <class Builder, class Append>
std::shared_ptr<arrow::Array> build(Builder builder, const vector::Column& column, const Rows& rows,
                                    const Append& append) {
  check(builder.Reserve(static_cast<std::int64_t>(rows.size())));
  for (const std::uint32_t row : rows) check(column.present(row) ? append(builder, row) : builder.AppendNull());
  return finish(builder);
}

std::shared_ptr<arrow::Array> values_of(const ValueColumn& value, const Rows& rows) {
  const vector::Column& column = *value.column;
  const auto type = arrow_type(value.type);
  arrow::MemoryPool* pool = arrow::default_memory_pool();
  switch (value.type.kind) {
    case TypeKind::kNumber:
    case TypeKind::kDistance:
      return build(arrow::DoubleBuilder(), column, rows,
                   [&](auto& builder, std::uint32_t row) { return builder.Append(column.as<double>()[row]); });
    case TypeKind::kInteger:
      return build(arrow::Int64Builder(), column, rows,
                   [&](auto& builder, std::uint32_t row) { return builder.Append(column.as<std::int64_t>()[row]); });
    case TypeKind::kFlag:
      return build(arrow::BooleanBuilder(), column, rows, [&](auto& builder, std::uint32_t row) {
        return builder.Append((column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1) != 0);
      });
    case TypeKind::kDate:
      return build(arrow::Date32Builder(), column, rows,
                   [&](auto& builder, std::uint32_t row) { return builder.Append(column.as<std::int32_t>()[row]); });
    case TypeKind::kTime:
      return build(arrow::TimestampBuilder(type, pool), column, rows,
                   [&](auto& builder, std::uint32_t row) { return builder.Append(column.as<std::int64_t>()[row]); });
    case TypeKind::kDuration:
      return build(arrow::DurationBuilder(type, pool), column, rows,
                   [&](auto& builder, std::uint32_t row) { return builder.Append(column.as<std::int64_t>()[row]); });
    case TypeKind::kMoney:
      return build(arrow::Decimal128Builder(type), column, rows, [&](auto& builder, std::uint32_t row) {
        return builder.Append(arrow::Decimal128(column.as<std::int64_t>()[row]));
      });
    case TypeKind::kLocation: {
      arrow::DoubleBuilder latitudes, longitudes;
      arrow::TypedBufferBuilder<bool> valid;
      for (const std::uint32_t row : rows) {
        const bool is_present = column.present(row);
        const base::Location place = is_present ? column.as<base::Location>()[row] : base::Location{};
        check(latitudes.Append(place.latitude));
        check(longitudes.Append(place.longitude));
        check(valid.Append(is_present));
      }
      std::shared_ptr<arrow::Buffer> bits;
      check(valid.Finish(&bits));
      return std::make_shared<arrow::StructArray>(type, static_cast<std::int64_t>(rows.size()),
                                                  arrow::ArrayVector{finish(latitudes), finish(longitudes)}, bits);
    }
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice:
    case TypeKind::kList:
    case TypeKind::kReference: break;
  }
  std::string text;
  return build(arrow::StringBuilder(), column, rows, [&](auto& builder, std::uint32_t row) {
    text.clear();
    return append_value(value, row, text) ? builder.Append(text) : builder.AppendNull();
  });
}

ValueColumn key_values(const KeyColumn& key) {
  ValueColumn value;
  value.column = key.column;
  value.type.kind = key.type;
  return value;
}

ValueColumn result_values(const ResultColumn& column) {
  ValueColumn value;
  value.column = &column.column;
  value.type = column.type;
  value.labels = &column.labels;
  value.referenced = column.referenced.column;
  if (column.kind == ResultKind::kPartition) value.type.kind = TypeKind::kChoice;
  if (value.column->storage == vector::Storage::kRow) value.type.kind = TypeKind::kReference;
  return value;
}

bool is_member(const ResultColumn& column, std::uint64_t row) {
  return (column.members[row / 64] >> (row % 64) & 1) != 0;
}

std::shared_ptr<arrow::Array> members_of(const ResultColumn& column, std::uint64_t begin, std::uint64_t count) {
  auto bits = arrow::internal::CopyBitmap(arrow::default_memory_pool(),
                                          reinterpret_cast<const std::uint8_t*>(column.members.data()),
                                          static_cast<std::int64_t>(begin), static_cast<std::int64_t>(count));
  check(bits.status());
  return std::make_shared<arrow::BooleanArray>(static_cast<std::int64_t>(count), *bits);
}

Rows range(std::uint64_t begin, std::uint64_t end) {
  Rows rows(end - begin);
  for (std::uint64_t i = begin; i < end; ++i) rows[i - begin] = static_cast<std::uint32_t>(i);
  return rows;
}

arrow::FieldVector key_fields(const Results& results) {
  arrow::FieldVector fields;
  for (const KeyColumn& key : results.keys)
    fields.push_back(arrow::field(key.name, arrow_type(key_values(key).type), false));
  return fields;
}

arrow::ArrayVector keys_of(const Results& results, const Rows& rows) {
  arrow::ArrayVector arrays;
  for (const KeyColumn& key : results.keys) arrays.push_back(values_of(key_values(key), rows));
  return arrays;
}

// The next rows from `row` on for which `is_wanted`, at most a batch; `row` moves behind them.
template <class IsWanted>
Rows next_rows(std::uint64_t& row, std::uint64_t num_rows, const IsWanted& is_wanted) {
  Rows rows;
  for (; row < num_rows && rows.size() < kBatchRows; ++row) {
    if (is_wanted(row)) rows.push_back(static_cast<std::uint32_t>(row));
  }
  return rows;
}

}  // namespace

BatchStream wide_batches(const Results& results) {
  arrow::FieldVector fields = key_fields(results);
  for (const ResultColumn& column : results.columns) {
    const bool is_segment = column.kind == ResultKind::kSegment;
    fields.push_back(
        arrow::field(column.name, is_segment ? arrow::boolean() : arrow_type(result_values(column).type), !is_segment));
  }
  BatchStream stream;
  stream.schema = arrow::schema(std::move(fields));
  stream.next = [&results, schema = stream.schema,
                 begin = std::uint64_t{0}]() mutable -> std::shared_ptr<arrow::RecordBatch> {
    if (begin >= results.num_rows) return nullptr;
    const std::uint64_t end = std::min(begin + kBatchRows, results.num_rows);
    const Rows rows = range(begin, end);
    arrow::ArrayVector arrays = keys_of(results, rows);
    for (const ResultColumn& column : results.columns) {
      arrays.push_back(column.kind == ResultKind::kSegment ? members_of(column, begin, end - begin)
                                                           : values_of(result_values(column), rows));
    }
    begin = end;
    return arrow::RecordBatch::Make(schema, static_cast<std::int64_t>(rows.size()), std::move(arrays));
  };
  return stream;
}

BatchStream long_batches(const Results& results) {
  arrow::FieldVector fields = key_fields(results);
  if (fields.size() == 1) fields[0] = fields[0]->WithName("key");
  fields.insert(fields.begin(), arrow::field("output", arrow::utf8(), false));
  fields.push_back(arrow::field("value", arrow::utf8()));
  BatchStream stream;
  stream.schema = arrow::schema(std::move(fields));
  stream.next = [&results, schema = stream.schema, output = std::size_t{0},
                 row = std::uint64_t{0}]() mutable -> std::shared_ptr<arrow::RecordBatch> {
    while (output < results.columns.size()) {
      const ResultColumn& column = results.columns[output];
      const bool is_segment = column.kind == ResultKind::kSegment;
      const Rows rows = next_rows(row, results.num_rows, [&](std::uint64_t r) {
        return is_segment ? is_member(column, r) : column.column.present(r);
      });
      if (rows.empty()) {
        ++output;
        row = 0;
        continue;
      }
      arrow::ArrayVector arrays;
      arrow::StringBuilder names, values;
      for (std::size_t i = 0; i < rows.size(); ++i) check(names.Append(column.name));
      arrays.push_back(finish(names));
      for (auto& key : keys_of(results, rows)) arrays.push_back(std::move(key));
      std::string text;
      for (const std::uint32_t r : rows) {
        text.clear();
        check(!is_segment && append_value(result_values(column), r, text) ? values.Append(text) : values.AppendNull());
      }
      arrays.push_back(finish(values));
      return arrow::RecordBatch::Make(schema, static_cast<std::int64_t>(rows.size()), std::move(arrays));
    }
    return nullptr;
  };
  return stream;
}

BatchStream member_batches(const Results& results, const ResultColumn& column, std::uint32_t tier) {
  BatchStream stream;
  stream.schema = arrow::schema(key_fields(results));
  stream.next = [&results, &column, tier, schema = stream.schema,
                 row = std::uint64_t{0}]() mutable -> std::shared_ptr<arrow::RecordBatch> {
    const Rows rows = next_rows(row, results.num_rows, [&](std::uint64_t r) {
      if (column.kind == ResultKind::kSegment) return is_member(column, r);
      return column.column.present(r) && code_of_row(column.column, r) == tier;
    });
    if (rows.empty()) return nullptr;
    return arrow::RecordBatch::Make(schema, static_cast<std::int64_t>(rows.size()), keys_of(results, rows));
  };
  return stream;
}

}  // namespace seg::io
