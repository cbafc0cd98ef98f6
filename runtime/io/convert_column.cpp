#include "runtime/io/convert_column.h"

#include <algorithm>
#include <cstdlib>

#include "base/value.h"
#include "runtime/io/convert_parts.h"

namespace seg::io {
namespace {

using base::TypeKind;

bool is_readable(const arrow::DataType& from, const FieldReading& to) {
  switch (to.type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice: return is_text_like(from);
    case TypeKind::kList:
      if (from.id() == arrow::Type::LIST || from.id() == arrow::Type::LARGE_LIST ||
          from.id() == arrow::Type::FIXED_SIZE_LIST) {
        return is_readable(*from.field(0)->type(), element_reading(to));
      }
      return (is_text(from) && is_readable(*arrow::large_utf8(), element_reading(to))) || from.id() == arrow::Type::NA;
    case TypeKind::kNumber:
    case TypeKind::kDistance:
    case TypeKind::kInteger:
    case TypeKind::kFlag:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney:
    case TypeKind::kLocation: return takes_values(from, to);
    case TypeKind::kReference: break;  // read as the other table's key
  }
  return false;
}

}  // namespace

std::size_t width_of(const base::Type& type, std::size_t num_choice_values) {
  switch (type.kind) {
    case TypeKind::kNumber:
    case TypeKind::kDistance: return sizeof(double);
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return sizeof(std::int64_t);
    case TypeKind::kDate: return sizeof(std::int32_t);
    case TypeKind::kLocation: return sizeof(base::Location);
    case TypeKind::kChoice: return num_choice_values <= 128 ? 1 : num_choice_values <= 32'768 ? 2 : 4;
    case TypeKind::kReference: return sizeof(std::uint32_t);
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kFlag:
    case TypeKind::kList: return 0;
  }
  return 0;
}

std::string conversion_problem(const arrow::DataType& from, const FieldReading& to) {
  return is_readable(from, to) ? std::string() : describe_type(from);
}

std::string describe_type(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL: return "yes and no";
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
    case arrow::Type::UINT64: return "whole numbers";
    case arrow::Type::HALF_FLOAT:
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE: return "numbers";
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64:
    case arrow::Type::DECIMAL128:
    case arrow::Type::DECIMAL256: return "decimal numbers (" + type.ToString() + ")";
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW: return "texts";
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::FIXED_SIZE_BINARY: return "bytes";
    case arrow::Type::DATE32:
    case arrow::Type::DATE64: return "dates";
    case arrow::Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).timezone().empty() ? "times without a zone" : "times";
    case arrow::Type::TIME32:
    case arrow::Type::TIME64: return "times of day";
    case arrow::Type::DURATION: return "durations";
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST: return "lists of " + describe_type(*type.field(0)->type());
    case arrow::Type::STRUCT: return "records of several values";
    case arrow::Type::DICTIONARY: return describe_type(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case arrow::Type::NA: return "nothing";
    default: return type.ToString();
  }
}

Slice convert_column(const FieldReading& reading, const arrow::ChunkedArray& column,
                     const arrow::ChunkedArray* longitudes, void* out) {
  Slice slice;
  slice.num_rows = static_cast<std::uint64_t>(column.length());
  switch (reading.type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: convert_text(reading, column, slice); break;
    case TypeKind::kChoice: convert_choice(reading, column, out, slice); break;
    case TypeKind::kFlag: convert_flags(column, slice); break;
    case TypeKind::kLocation: convert_location(reading, column, longitudes, out, slice); break;
    case TypeKind::kList: convert_list(reading, column, slice); break;
    case TypeKind::kNumber:
    case TypeKind::kDistance:
    case TypeKind::kInteger:
    case TypeKind::kMoney:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDuration: convert_fixed_width(reading, column, out, slice); break;
    case TypeKind::kReference: std::abort();  // the loader asks for the key's type
  }
  std::sort(slice.bad.begin(), slice.bad.end(), [](const BadValue& a, const BadValue& b) { return a.row < b.row; });
  return slice;
}

}  // namespace seg::io
