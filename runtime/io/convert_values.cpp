#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "runtime/io/convert_parts.h"
#include "runtime/io/value_targets.h"

namespace seg::io {
namespace {

using base::TypeKind;

// Out of range: kNoInstant.
std::int64_t micros_of_unit(std::int64_t value, arrow::TimeUnit::type unit) {
  std::int64_t micros = value;
  bool is_out = false;
  switch (unit) {
    case arrow::TimeUnit::SECOND: is_out = __builtin_mul_overflow(value, 1'000'000, &micros); break;
    case arrow::TimeUnit::MILLI: is_out = __builtin_mul_overflow(value, 1'000, &micros); break;
    case arrow::TimeUnit::MICRO: break;
    case arrow::TimeUnit::NANO: micros = value / 1'000 - (value % 1'000 < 0 ? 1 : 0); break;
  }
  return is_out ? kNoInstant : micros;
}

template <class To, class In>
concept Takes = requires(const To& to, In in, typename To::Out& out) { to(in, out); };

template <class To, class Get>
void loop(const arrow::Array& array, const To& to, typename To::Out* out, Notes& notes, const Get& get) {
  const std::int64_t n = array.length();
  for (std::int64_t i = 0; i < n; ++i) {
    const Verdict verdict = to(get(i), out[i]);
    if (verdict != Verdict::kValue) [[unlikely]]
      notes.add(i, verdict);
  }
}

// `As`: the kind of value that the functor takes for the array's element type.
template <class ArrayType, class As, class To>
bool loop_as(const arrow::Array& array, const To& to, typename To::Out* out, Notes* notes) {
  if constexpr (Takes<To, As>) {
    if (notes == nullptr) return true;
    const auto* values = static_cast<const ArrayType&>(array).raw_values();
    loop(array, to, out, *notes, [values](std::int64_t i) { return static_cast<As>(values[i]); });
    return true;
  } else {
    return false;
  }
}

template <class ArrayType, class To>
bool loop_text(const arrow::Array& array, const To& to, typename To::Out* out, Notes* notes) {
  if constexpr (Takes<To, std::string_view>) {
    if (notes == nullptr) return true;
    const auto& texts = static_cast<const ArrayType&>(array);
    const std::int64_t n = array.length();
    for (std::int64_t i = 0; i < n; ++i) {
      if (texts.IsNull(i)) continue;
      const Verdict verdict = to(texts.GetView(i), out[i]);
      if (verdict != Verdict::kValue) notes->add(i, verdict);
    }
    return true;
  } else {
    return false;
  }
}

template <class ArrayType, class To>
bool loop_decimal(const arrow::Array& array, const To& to, typename To::Out* out, Notes* notes) {
  if constexpr (Takes<To, Decimal>) {
    if (notes == nullptr) return true;
    const auto& decimals = static_cast<const ArrayType&>(array);
    const int scale = static_cast<const arrow::DecimalType&>(*array.type()).scale();
    loop(array, to, out, *notes, [&](std::int64_t i) {
      Int128 units = 0;
      if constexpr (std::is_same_v<ArrayType, arrow::Decimal128Array>) {
        std::memcpy(&units, decimals.GetValue(i), sizeof(units));
      } else if constexpr (std::is_same_v<ArrayType, arrow::Decimal64Array>) {
        std::int64_t narrow = 0;
        std::memcpy(&narrow, decimals.GetValue(i), sizeof(narrow));
        units = narrow;
      } else {
        std::int32_t narrow = 0;
        std::memcpy(&narrow, decimals.GetValue(i), sizeof(narrow));
        units = narrow;
      }
      return Decimal{units, scale};
    });
    return true;
  } else {
    return false;
  }
}

template <class To>
bool convert_values(const arrow::Array& array, const To& to, typename To::Out* out, Notes* notes);

template <class To>
bool convert_dictionary(const arrow::DictionaryArray& array, const To& to, typename To::Out* out, Notes* notes) {
  const arrow::Array& entries = *array.dictionary();
  if (notes == nullptr) return convert_values(entries, to, out, nullptr);
  const auto num_entries = static_cast<std::uint64_t>(entries.length());
  std::vector<typename To::Out> values(num_entries + 1);
  Slice verdicts;  // which entries are no values
  verdicts.num_rows = num_entries;
  Notes entry_notes(verdicts, entries, 0);
  if (!convert_values(entries, to, values.data(), &entry_notes)) return false;
  std::vector<Verdict> verdict_of;
  if (!verdicts.valid.empty()) {
    verdict_of.assign(num_entries + 1, Verdict::kMissing);
    for (std::uint64_t i = 0; i < num_entries; ++i) {
      if (verdicts.is_valid(i)) verdict_of[i] = Verdict::kValue;
    }
    for (const BadValue& bad : verdicts.bad) verdict_of[bad.row] = bad.verdict;
  }
  return with_indices(array, [&](const auto* indices) {
    const std::int64_t n = array.length();
    std::uint64_t greatest = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::uint64_t entry = checked(indices[i], num_entries);
      greatest = std::max(greatest, entry);
      out[i] = values[entry];
    }
    if (verdict_of.empty() && greatest == num_entries) {  // nulls, or indices of a damaged file
      verdict_of.assign(num_entries, Verdict::kValue);
      verdict_of.push_back(Verdict::kMissing);
    }
    if (!verdict_of.empty()) {
      for (std::int64_t i = 0; i < n; ++i) {
        const Verdict verdict = verdict_of[checked(indices[i], num_entries)];
        if (verdict != Verdict::kValue) notes->add(i, verdict);
      }
    }
    return true;
  });
}

// False if the functor takes no such values. Without notes only that is found out.
template <class To>
bool convert_values(const arrow::Array& array, const To& to, typename To::Out* out, Notes* notes) {
  using I = std::int64_t;
  using U = std::uint64_t;
  switch (array.type_id()) {
    case arrow::Type::INT8: return loop_as<arrow::Int8Array, I>(array, to, out, notes);
    case arrow::Type::INT16: return loop_as<arrow::Int16Array, I>(array, to, out, notes);
    case arrow::Type::INT32: return loop_as<arrow::Int32Array, I>(array, to, out, notes);
    case arrow::Type::INT64: return loop_as<arrow::Int64Array, I>(array, to, out, notes);
    case arrow::Type::UINT8: return loop_as<arrow::UInt8Array, I>(array, to, out, notes);
    case arrow::Type::UINT16: return loop_as<arrow::UInt16Array, I>(array, to, out, notes);
    case arrow::Type::UINT32: return loop_as<arrow::UInt32Array, I>(array, to, out, notes);
    case arrow::Type::UINT64: return loop_as<arrow::UInt64Array, U>(array, to, out, notes);
    case arrow::Type::FLOAT: return loop_as<arrow::FloatArray, double>(array, to, out, notes);
    case arrow::Type::DOUBLE: return loop_as<arrow::DoubleArray, double>(array, to, out, notes);
    case arrow::Type::HALF_FLOAT:
      if constexpr (Takes<To, double>) {
        if (notes == nullptr) return true;
        const auto* bits = static_cast<const arrow::HalfFloatArray&>(array).raw_values();
        loop(array, to, out, *notes,
             [bits](std::int64_t i) { return arrow::util::Float16::FromBits(bits[i]).ToDouble(); });
        return true;
      }
      return false;
    case arrow::Type::DECIMAL32: return loop_decimal<arrow::Decimal32Array>(array, to, out, notes);
    case arrow::Type::DECIMAL64: return loop_decimal<arrow::Decimal64Array>(array, to, out, notes);
    case arrow::Type::DECIMAL128: return loop_decimal<arrow::Decimal128Array>(array, to, out, notes);
    case arrow::Type::BOOL:
      if constexpr (Takes<To, bool> && !Takes<To, Decimal>) {
        if (notes == nullptr) return true;
        const auto& flags = static_cast<const arrow::BooleanArray&>(array);
        loop(array, to, out, *notes, [&](std::int64_t i) { return flags.Value(i); });
        return true;
      }
      return false;
    case arrow::Type::DATE32:
      if constexpr (Takes<To, Day>) {
        if (notes == nullptr) return true;
        const auto* days = static_cast<const arrow::Date32Array&>(array).raw_values();
        loop(array, to, out, *notes, [days](std::int64_t i) { return Day{days[i]}; });
        return true;
      }
      return false;
    case arrow::Type::DATE64:
      if constexpr (Takes<To, Day>) {
        if (notes == nullptr) return true;
        const auto* millis = static_cast<const arrow::Date64Array&>(array).raw_values();
        loop(array, to, out, *notes,
             [millis](std::int64_t i) { return Day{static_cast<std::int32_t>(floor_day(millis[i] * 1'000))}; });
        return true;
      }
      return false;
    case arrow::Type::TIMESTAMP:
      if constexpr (Takes<To, Instant>) {
        if (notes == nullptr) return true;
        const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
        const bool is_zoned = !type.timezone().empty();
        const auto* values = static_cast<const arrow::TimestampArray&>(array).raw_values();
        const auto unit = type.unit();
        loop(array, to, out, *notes,
             [=](std::int64_t i) { return Instant{micros_of_unit(values[i], unit), is_zoned}; });
        return true;
      }
      return false;
    case arrow::Type::DURATION:
      if constexpr (Takes<To, Length>) {
        if (notes == nullptr) return true;
        const auto unit = static_cast<const arrow::DurationType&>(*array.type()).unit();
        const auto* values = static_cast<const arrow::DurationArray&>(array).raw_values();
        loop(array, to, out, *notes, [=](std::int64_t i) { return Length{micros_of_unit(values[i], unit)}; });
        return true;
      }
      return false;
    case arrow::Type::STRING:
    case arrow::Type::BINARY: return loop_text<arrow::BinaryArray>(array, to, out, notes);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY: return loop_text<arrow::LargeBinaryArray>(array, to, out, notes);
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW: return loop_text<arrow::BinaryViewArray>(array, to, out, notes);
    case arrow::Type::DICTIONARY:
      return convert_dictionary(static_cast<const arrow::DictionaryArray&>(array), to, out, notes);
    case arrow::Type::NA: return true;  // all null
    default: return false;
  }
}

template <class To>
void convert_fixed(const To& to, const arrow::ChunkedArray& column, void* out, Slice& slice) {
  auto* values = static_cast<typename To::Out*>(out);
  std::uint64_t at = 0;
  for (const auto& array : column.chunks()) {
    Notes notes(slice, *array, at);
    convert_values(*array, to, values + at, &notes);
    at += static_cast<std::uint64_t>(array->length());
  }
}

// The two numbers of a struct column, by the names that they commonly have; -1: not there.
std::pair<int, int> location_fields(const arrow::DataType& type) {
  const auto& fields = static_cast<const arrow::StructType&>(type);
  std::pair<int, int> found = {-1, -1};
  for (const char* name : {"latitude", "lat"}) {
    if (found.first < 0) found.first = fields.GetFieldIndex(name);
  }
  for (const char* name : {"longitude", "lon", "lng", "long"}) {
    if (found.second < 0) found.second = fields.GetFieldIndex(name);
  }
  return found;
}

void combine_location(const Slice& latitudes, const double* latitude, const Slice& longitudes, const double* longitude,
                      base::Location* out, Slice& slice) {
  for (std::uint64_t i = 0; i < slice.num_rows; ++i) {
    const bool is_known = latitudes.is_valid(i) && longitudes.is_valid(i);
    out[i] = is_known ? base::Location{latitude[i], longitude[i]} : base::Location{};
    if (is_known && is_location(latitude[i], longitude[i])) continue;
    if (slice.valid.empty()) slice.valid.assign((slice.num_rows + 63) / 64, ~std::uint64_t{0});
    slice.valid[i / 64] &= ~(std::uint64_t{1} << (i % 64));
    if (is_known) slice.bad.push_back({static_cast<std::uint32_t>(i), Verdict::kTooLarge, 0});
  }
  for (const Slice* part : {&latitudes, &longitudes}) {
    slice.bad.insert(slice.bad.end(), part->bad.begin(), part->bad.end());
  }
}

template <class To>
bool takes(const arrow::DataType& from, const To& to) {
  const auto empty = arrow::MakeEmptyArray(from.GetSharedPtr());
  return empty.ok() && convert_values(**empty, to, nullptr, nullptr);
}

}  // namespace

void convert_flags(const arrow::ChunkedArray& column, Slice& slice) {
  slice.bits.assign((slice.num_rows + 63) / 64, 0);
  std::vector<std::uint8_t> flags;
  std::uint64_t at = 0;
  for (const auto& array : column.chunks()) {
    Notes notes(slice, *array, at);
    const auto n = static_cast<std::uint64_t>(array->length());
    if (array->type_id() == arrow::Type::BOOL) {
      const auto& packed = static_cast<const arrow::BooleanArray&>(*array);
      arrow::internal::CopyBitmap(packed.values()->data(), packed.offset(), packed.length(),
                                  reinterpret_cast<std::uint8_t*>(slice.bits.data()), static_cast<std::int64_t>(at));
    } else {
      flags.assign(n, 0);
      convert_values(*array, ToFlag{}, flags.data(), &notes);
      for (std::uint64_t i = 0; i < n; ++i) {
        slice.bits[(at + i) / 64] |= std::uint64_t{flags[i]} << ((at + i) % 64);
      }
    }
    at += n;
  }
}

void convert_location(const FieldReading& reading, const arrow::ChunkedArray& column,
                      const arrow::ChunkedArray* longitudes, void* out, Slice& slice) {
  auto* places = static_cast<base::Location*>(out);
  const ToNumber to_number{reading.decimal_comma, 1};
  if (longitudes == nullptr && column.type()->id() != arrow::Type::STRUCT) {
    convert_fixed(ToLocation{}, column, out, slice);
    return;
  }
  std::vector<std::shared_ptr<arrow::Array>> latitude_parts = column.chunks(), longitude_parts;
  if (longitudes != nullptr) {
    longitude_parts = longitudes->chunks();
  } else {
    const auto [latitude, longitude] = location_fields(*column.type());
    for (auto& part : latitude_parts) {
      const auto& place = static_cast<const arrow::StructArray&>(*part);
      // Flattened: a null struct makes both its numbers null.
      longitude_parts.push_back(place.GetFlattenedField(longitude).ValueOrDie());
      part = place.GetFlattenedField(latitude).ValueOrDie();
    }
  }
  if (slice.num_rows == 0) return;
  Slice latitude_slice, longitude_slice;
  latitude_slice.num_rows = longitude_slice.num_rows = slice.num_rows;
  std::vector<double> latitude_values(slice.num_rows), longitude_values(slice.num_rows);
  convert_fixed(to_number, arrow::ChunkedArray(latitude_parts), latitude_values.data(), latitude_slice);
  convert_fixed(to_number, arrow::ChunkedArray(longitude_parts), longitude_values.data(), longitude_slice);
  combine_location(latitude_slice, latitude_values.data(), longitude_slice, longitude_values.data(), places, slice);
}

void convert_fixed_width(const FieldReading& reading, const arrow::ChunkedArray& column, void* out, Slice& slice) {
  const bool comma = reading.decimal_comma;
  const double unit = reading.unit == 0 ? 1 : reading.unit;
  switch (reading.type.kind) {
    case TypeKind::kNumber: return convert_fixed(ToNumber{comma, 1}, column, out, slice);
    case TypeKind::kDistance: return convert_fixed(ToNumber{comma, unit}, column, out, slice);
    case TypeKind::kInteger: return convert_fixed(ToInteger{comma}, column, out, slice);
    case TypeKind::kMoney: return convert_fixed(ToMoney{comma}, column, out, slice);
    case TypeKind::kDate: return convert_fixed(ToDate{reading.zone, reading.formats}, column, out, slice);
    case TypeKind::kTime: return convert_fixed(ToTime{reading.zone, reading.formats}, column, out, slice);
    case TypeKind::kDuration:
      return convert_fixed(ToDuration{comma, reading.unit == 0 ? base::kMicrosPerSecond : reading.unit}, column, out,
                           slice);
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice:
    case TypeKind::kFlag:
    case TypeKind::kLocation:
    case TypeKind::kList:
    case TypeKind::kReference: break;
  }
  std::abort();
}

bool takes_values(const arrow::DataType& from, const FieldReading& to) {
  switch (to.type.kind) {
    case TypeKind::kNumber:
    case TypeKind::kDistance: return takes(from, ToNumber{});
    case TypeKind::kInteger: return takes(from, ToInteger{});
    case TypeKind::kFlag: return takes(from, ToFlag{});
    case TypeKind::kDate: return takes(from, ToDate{to.zone, to.formats});
    case TypeKind::kTime: return takes(from, ToTime{to.zone, to.formats});
    case TypeKind::kDuration: return takes(from, ToDuration{});
    case TypeKind::kMoney: return takes(from, ToMoney{});
    case TypeKind::kLocation:
      if (from.id() == arrow::Type::STRUCT) {
        const auto [latitude, longitude] = location_fields(from);
        return latitude >= 0 && longitude >= 0 && takes(*from.field(latitude)->type(), ToNumber{}) &&
               takes(*from.field(longitude)->type(), ToNumber{});
      }
      return takes(from, ToLocation{});
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice:
    case TypeKind::kList:
    case TypeKind::kReference: break;
  }
  return false;
}

}  // namespace seg::io
