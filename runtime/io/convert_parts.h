// Parts of convert_column that its sources share: rows that are no values, indices of dictionaries.
// In: Arrow arrays. Out: what a Slice notes of them. Internal to runtime/io; the only header there that includes Arrow,
// because its loops are templates over Arrow's arrays.
#pragma once

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>
#include <arrow/util/bitmap_ops.h>

#include <cstdint>
#include <utility>

#include "runtime/io/convert_column.h"

namespace seg::io {

// Rows of one Arrow array, from `at` of the slice on; what isn't a value is noted here.
class Notes {
 public:
  Notes(Slice& slice, const arrow::Array& array, std::uint64_t at) : slice_(slice), array_(array), at_(at) {
    if (array.null_count() == 0) return;
    have_valid();
    if (array.null_bitmap_data() == nullptr) {  // an array of nothing but nulls has no bitmap
      for (std::uint64_t row = at; row < at + static_cast<std::uint64_t>(array.length()); ++row) {
        slice.valid[row / 64] &= ~(std::uint64_t{1} << (row % 64));
      }
      return;
    }
    arrow::internal::CopyBitmap(array.null_bitmap_data(), array.offset(), array.length(),
                                reinterpret_cast<std::uint8_t*>(slice.valid.data()), static_cast<std::int64_t>(at));
  }

  void add(std::int64_t i, Verdict verdict, std::uint32_t text = 0) {
    if (array_.IsNull(i)) return;  // whatever lay under a null was looked at as well
    const std::uint64_t row = at_ + static_cast<std::uint64_t>(i);
    have_valid();
    slice_.valid[row / 64] &= ~(std::uint64_t{1} << (row % 64));
    if (is_bad(verdict)) slice_.bad.push_back({static_cast<std::uint32_t>(row), verdict, text});
  }

 private:
  void have_valid() {
    if (slice_.valid.empty()) slice_.valid.assign((slice_.num_rows + 63) / 64, ~std::uint64_t{0});
  }

  Slice& slice_;
  const arrow::Array& array_;
  std::uint64_t at_;
};

// Dictionary indices of any width, checked against the dictionary: a damaged file must not make us read beside it.
template <class Use>
bool with_indices(const arrow::DictionaryArray& array, const Use& use) {
  const auto& indices = *array.indices();
  switch (indices.type_id()) {
    case arrow::Type::INT8: return use(static_cast<const arrow::Int8Array&>(indices).raw_values());
    case arrow::Type::UINT8: return use(static_cast<const arrow::UInt8Array&>(indices).raw_values());
    case arrow::Type::INT16: return use(static_cast<const arrow::Int16Array&>(indices).raw_values());
    case arrow::Type::UINT16: return use(static_cast<const arrow::UInt16Array&>(indices).raw_values());
    case arrow::Type::INT32: return use(static_cast<const arrow::Int32Array&>(indices).raw_values());
    case arrow::Type::UINT32: return use(static_cast<const arrow::UInt32Array&>(indices).raw_values());
    case arrow::Type::INT64: return use(static_cast<const arrow::Int64Array&>(indices).raw_values());
    case arrow::Type::UINT64: return use(static_cast<const arrow::UInt64Array&>(indices).raw_values());
    default: return false;
  }
}

// `num_entries` stands for the index of nulls and of what lies outside, so tables have one entry more.
template <class Index>
std::uint64_t checked(Index index, std::uint64_t num_entries) {
  const auto entry = static_cast<std::uint64_t>(static_cast<std::int64_t>(index));  // below 0: far outside
  return entry < num_entries ? entry : num_entries;
}

// convert_values.cpp: numbers, money, dates, times, durations, flags, places
void convert_fixed_width(const FieldReading& reading, const arrow::ChunkedArray& column, void* out, Slice& slice);
void convert_flags(const arrow::ChunkedArray& column, Slice& slice);
void convert_location(const FieldReading& reading, const arrow::ChunkedArray& column,
                      const arrow::ChunkedArray* longitudes, void* out, Slice& slice);
bool takes_values(const arrow::DataType& from, const FieldReading& to);  // none of texts, choices, lists

// convert_texts.cpp: texts, versions, choices
void convert_text(const FieldReading& reading, const arrow::ChunkedArray& column, Slice& slice);
void convert_choice(const FieldReading& reading, const arrow::ChunkedArray& column, void* out, Slice& slice);
bool is_text_like(const arrow::DataType& type);

// convert_lists.cpp
void convert_list(const FieldReading& reading, const arrow::ChunkedArray& column, Slice& slice);
FieldReading element_reading(const FieldReading& reading);
bool is_text(const arrow::DataType& type);

}  // namespace seg::io
