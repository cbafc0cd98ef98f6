#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/io/convert_parts.h"

namespace seg::io {
namespace {

// What is missing is dropped; a bad element makes its row bad.
void drop_missing_elements(Slice& slice, std::size_t element_width) {
  Slice& elements = *slice.elements;
  std::size_t bad = 0;
  std::uint64_t kept = 0;
  for (std::uint64_t row = 0; row < slice.num_rows; ++row) {
    const std::uint32_t begin = slice.offsets[row], end = slice.offsets[row + 1];
    slice.offsets[row] = static_cast<std::uint32_t>(kept);
    for (std::uint32_t i = begin; i < end; ++i) {
      if (!elements.is_valid(i)) {
        while (bad < elements.bad.size() && elements.bad[bad].row < i) ++bad;
        const bool is_first = slice.bad.empty() || slice.bad.back().row != row;
        if (is_first && bad < elements.bad.size() && elements.bad[bad].row == i) {
          slice.bad.push_back({static_cast<std::uint32_t>(row), elements.bad[bad].verdict, elements.bad[bad].text});
        }
        continue;
      }
      if (kept != i) {
        if (element_width != 0) {
          std::memcpy(slice.element_data.data() + kept * element_width, slice.element_data.data() + i * element_width,
                      element_width);
        } else if (elements.codes.width != 0) {
          std::memcpy(elements.codes.bytes.get() + kept * elements.codes.width,
                      elements.codes.bytes.get() + i * elements.codes.width, elements.codes.width);
        } else if (!elements.bits.empty()) {
          const std::uint64_t bit = elements.bits[i / 64] >> (i % 64) & 1;
          elements.bits[kept / 64] =
              (elements.bits[kept / 64] & ~(std::uint64_t{1} << (kept % 64))) | bit << (kept % 64);
        }
      }
      ++kept;
    }
  }
  slice.offsets[slice.num_rows] = static_cast<std::uint32_t>(kept);
  elements.num_rows = kept;
  elements.valid.clear();
  slice.unknown = std::move(elements.unknown);
  slice.num_unknown = std::move(elements.num_unknown);
}

void convert_elements(const FieldReading& reading, const arrow::ChunkedArray& values, Slice& slice) {
  const FieldReading element = element_reading(reading);
  const std::size_t width =
      width_of(element.type, element.choice_values == nullptr ? 0 : element.choice_values->size());
  slice.element_data.resize(width * static_cast<std::size_t>(values.length()));
  slice.elements = std::make_unique<Slice>(convert_column(element, values, nullptr, slice.element_data.data()));
  drop_missing_elements(slice, width);
  slice.element_data.resize(width * slice.elements->num_rows);
}

template <class ListType>
void list_offsets(const arrow::Array& array, std::uint64_t at, Slice& slice, arrow::ArrayVector& values) {
  const auto& lists = static_cast<const ListType&>(array);
  const auto first = lists.value_offset(0);
  const std::uint32_t before = slice.offsets[at];
  for (std::int64_t i = 0; i < lists.length(); ++i) {
    // The list under a null may have elements: they are dropped with it.
    slice.offsets[at + static_cast<std::uint64_t>(i) + 1] =
        before + static_cast<std::uint32_t>(lists.value_offset(i + 1) - first);
  }
  values.push_back(lists.values()->Slice(first, lists.value_offset(lists.length()) - first));
}

std::string_view text_at(const arrow::Array& array, std::int64_t i) {
  switch (array.type_id()) {
    case arrow::Type::STRING: return static_cast<const arrow::StringArray&>(array).GetView(i);
    case arrow::Type::LARGE_STRING: return static_cast<const arrow::LargeStringArray&>(array).GetView(i);
    case arrow::Type::STRING_VIEW: return static_cast<const arrow::StringViewArray&>(array).GetView(i);
    case arrow::Type::DICTIONARY: {
      const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
      const std::int64_t entry = coded.GetValueIndex(i);
      if (entry < 0 || entry >= coded.dictionary()->length()) return {};
      return text_at(*coded.dictionary(), entry);
    }
    default: return {};
  }
}

// Lists written as one text: "yoga|running".
void split_texts(const FieldReading& reading, const arrow::ChunkedArray& column, Slice& slice) {
  arrow::ArrayVector values;
  std::uint64_t row = 0;
  for (const auto& array : column.chunks()) {
    std::vector<std::int64_t> offsets = {0};
    std::string bytes;
    for (std::int64_t i = 0; i < array->length(); ++i, ++row) {
      std::string_view rest = array->IsNull(i) ? std::string_view() : text_at(*array, i);
      if (is_blank(rest)) {
        if (slice.valid.empty()) slice.valid.assign((slice.num_rows + 63) / 64, ~std::uint64_t{0});
        slice.valid[row / 64] &= ~(std::uint64_t{1} << (row % 64));
        rest = {};
      }
      std::uint32_t num_elements = 0;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(reading.list_separator), rest.size());
        bytes += trimmed(rest.substr(0, end));
        offsets.push_back(static_cast<std::int64_t>(bytes.size()));
        ++num_elements;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      slice.offsets[row + 1] = slice.offsets[row] + num_elements;
    }
    const auto num_elements = static_cast<std::int64_t>(offsets.size()) - 1;
    values.push_back(std::make_shared<arrow::LargeStringArray>(num_elements, arrow::Buffer::FromVector(offsets),
                                                               arrow::Buffer::FromString(std::move(bytes))));
  }
  convert_elements(reading, arrow::ChunkedArray(std::move(values), arrow::large_utf8()), slice);
}

}  // namespace

FieldReading element_reading(const FieldReading& reading) {
  FieldReading element = reading;
  element.type.kind = reading.type.element;
  return element;
}

bool is_text(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING ||
         type.id() == arrow::Type::STRING_VIEW ||
         (type.id() == arrow::Type::DICTIONARY &&
          is_text(*static_cast<const arrow::DictionaryType&>(type).value_type()));
}

void convert_list(const FieldReading& reading, const arrow::ChunkedArray& column, Slice& slice) {
  slice.offsets.assign(slice.num_rows + 1, 0);
  std::uint64_t at = 0;
  for (const auto& array : column.chunks()) {
    Notes notes(slice, *array, at);  // takes the nulls
    at += static_cast<std::uint64_t>(array->length());
  }
  if (is_text(*column.type())) return split_texts(reading, column, slice);
  arrow::ArrayVector values;
  at = 0;
  std::shared_ptr<arrow::DataType> value_type;
  for (const auto& array : column.chunks()) {
    if (array->type_id() == arrow::Type::LIST) list_offsets<arrow::ListArray>(*array, at, slice, values);
    if (array->type_id() == arrow::Type::LARGE_LIST) list_offsets<arrow::LargeListArray>(*array, at, slice, values);
    if (array->type_id() == arrow::Type::FIXED_SIZE_LIST) {
      list_offsets<arrow::FixedSizeListArray>(*array, at, slice, values);
    }
    at += static_cast<std::uint64_t>(array->length());
  }
  // The type of what was read, not of the file: texts may have become dictionaries.
  if (!values.empty()) value_type = values.front()->type();
  if (value_type == nullptr) value_type = arrow::null();
  convert_elements(reading, arrow::ChunkedArray(std::move(values), value_type), slice);
}

}  // namespace seg::io
