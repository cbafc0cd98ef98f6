// A column as a file has it into a field as the schema says: every combination of Arrow type and Seg type.
// In: Arrow arrays of one chunk. Out: a Slice: values written to the column's own memory (fixed widths) or held here
// until all chunks are known (texts, flags, lists), which rows are missing, which are bad. Called once per chunk and
// field, from several threads; loops have no call and no allocation per row but for texts that must be parsed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/schema.h"
#include "runtime/io/text/time_text.h"
#include "runtime/io/text/value_text.h"
#include "runtime/io/text/zone_offsets.h"
#include "runtime/io/text_index.h"

namespace arrow {
class ChunkedArray;
class DataType;
}  // namespace arrow

namespace seg::io {

// How one field of one file is read.
struct FieldReading {
  base::Type type;
  const TextIndex* choice_values = nullptr;  // of a choice: code = index
  const ZoneOffsets* zone = nullptr;         // of times that have none, and of days
  const std::vector<TimeFormat>* formats = nullptr;
  bool decimal_comma = false;
  char list_separator = '|';
  double unit = 0;
};

struct BadValue {
  std::uint32_t row;  // in the chunk
  Verdict verdict;
  std::uint32_t text;  // kNotInChoice: code in Slice::unknown
};

// Unsigned codes of 1, 2 or 4 bytes.
struct Codes {
  unsigned width = 0;
  std::unique_ptr<std::uint8_t[]> bytes;

  std::uint32_t at(std::uint64_t row) const {
    if (width == 1) return bytes[row];
    if (width == 2) return reinterpret_cast<const std::uint16_t*>(bytes.get())[row];
    return reinterpret_cast<const std::uint32_t*>(bytes.get())[row];
  }
};

struct Slice {
  std::uint64_t num_rows = 0;
  std::vector<std::uint64_t> valid;  // bits; empty: all present
  std::vector<std::uint64_t> bits;   // flags
  Codes codes;                       // text, version: in `texts`
  TextIndex texts;
  std::vector<std::uint32_t> offsets;  // lists: num_rows + 1, into `elements`
  std::unique_ptr<Slice> elements;
  std::vector<std::byte> element_data;  // of fixed-width elements, packed
  std::vector<BadValue> bad;
  TextIndex unknown;                       // texts that aren't in the choice
  std::vector<std::uint32_t> num_unknown;  // by code: in how many rows

  bool is_valid(std::uint64_t row) const { return valid.empty() || (valid[row / 64] >> (row % 64) & 1) != 0; }
};

// Bytes a row of fixed-width storage; 0 for those that a Slice holds.
std::size_t width_of(const base::Type& type, std::size_t num_choice_values);

// Why a column of this Arrow type can't be read as this field ("text"), or empty.
std::string conversion_problem(const arrow::DataType& from, const FieldReading& to);
// "whole numbers", "times without a zone": the Arrow type in a marketer's words.
std::string describe_type(const arrow::DataType& type);

// `out`: where the chunk's first value belongs (fixed widths only). A location may come from two columns.
Slice convert_column(const FieldReading& reading, const arrow::ChunkedArray& column,
                     const arrow::ChunkedArray* longitudes, void* out);

}  // namespace seg::io
