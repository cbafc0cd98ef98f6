#include "runtime/io/convert_column.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>
#include <arrow/util/bitmap_ops.h>
#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "runtime/io/value_targets.h"

namespace seg::io {
namespace {

using base::TypeKind;

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
    for (std::int64_t i = 0; i < n; ++i) out[i] = values[checked(indices[i], num_entries)];
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

// --- texts and choices: codes ----------------------------------------------------------------------------------------

struct Entry {
  Verdict verdict = Verdict::kMissing;
  std::uint32_t code = 0;
  std::uint32_t unknown = 0;  // kNotInChoice
};

class Resolver {
 public:
  Resolver(const FieldReading& reading, Slice& slice) : reading_(reading), slice_(slice) {}

  Entry operator()(std::string_view text) {
    const Verdict verdict = normalize_text(text, buffer_);
    if (verdict != Verdict::kValue) return {verdict};
    if (reading_.choice_values == nullptr) return {verdict, slice_.texts.add(text)};
    std::uint32_t code = reading_.choice_values->find(text);
    if (code == TextIndex::kNotThere) code = reading_.choice_values->find(trimmed(text));
    if (code != TextIndex::kNotThere) return {verdict, code};
    return {Verdict::kNotInChoice, 0, slice_.unknown.add(text)};
  }

  void note(Notes& notes, std::int64_t i, const Entry& entry) {
    notes.add(i, entry.verdict, entry.unknown);
    if (entry.verdict != Verdict::kNotInChoice) return;
    if (slice_.num_unknown.size() <= entry.unknown) slice_.num_unknown.resize(entry.unknown + 1);
    ++slice_.num_unknown[entry.unknown];
  }

 private:
  const FieldReading& reading_;
  Slice& slice_;
  std::string buffer_;
};

template <class Code, class View>
void resolve_rows(const arrow::Array& array, Resolver& resolve, Code* out, Notes& notes, const View& view) {
  const std::int64_t n = array.length();
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = 0;
    if (array.IsNull(i)) continue;
    const Entry entry = resolve(view(i));
    out[i] = static_cast<Code>(entry.code);
    if (entry.verdict != Verdict::kValue) resolve.note(notes, i, entry);
  }
}

template <class Code, class ArrayType>
void resolve_integers(const arrow::Array& array, Resolver& resolve, Code* out, Notes& notes) {
  const auto* values = static_cast<const ArrayType&>(array).raw_values();
  std::string text;
  resolve_rows(array, resolve, out, notes,
               [&](std::int64_t i) -> std::string_view { return text = std::to_string(values[i]); });
}

template <class Code>
void resolve_dictionary(const arrow::DictionaryArray& array, Resolver& resolve, Code* out, Notes& notes);

template <class Code>
bool convert_texts(const arrow::Array& array, Resolver& resolve, Code* out, Notes& notes) {
  switch (array.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY: {
      const auto& texts = static_cast<const arrow::BinaryArray&>(array);
      resolve_rows(array, resolve, out, notes, [&](std::int64_t i) { return texts.GetView(i); });
      return true;
    }
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY: {
      const auto& texts = static_cast<const arrow::LargeBinaryArray&>(array);
      resolve_rows(array, resolve, out, notes, [&](std::int64_t i) { return texts.GetView(i); });
      return true;
    }
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW: {
      const auto& texts = static_cast<const arrow::BinaryViewArray&>(array);
      resolve_rows(array, resolve, out, notes, [&](std::int64_t i) { return texts.GetView(i); });
      return true;
    }
    case arrow::Type::INT8: return resolve_integers<Code, arrow::Int8Array>(array, resolve, out, notes), true;
    case arrow::Type::INT16: return resolve_integers<Code, arrow::Int16Array>(array, resolve, out, notes), true;
    case arrow::Type::INT32: return resolve_integers<Code, arrow::Int32Array>(array, resolve, out, notes), true;
    case arrow::Type::INT64: return resolve_integers<Code, arrow::Int64Array>(array, resolve, out, notes), true;
    case arrow::Type::UINT8: return resolve_integers<Code, arrow::UInt8Array>(array, resolve, out, notes), true;
    case arrow::Type::UINT16: return resolve_integers<Code, arrow::UInt16Array>(array, resolve, out, notes), true;
    case arrow::Type::UINT32: return resolve_integers<Code, arrow::UInt32Array>(array, resolve, out, notes), true;
    case arrow::Type::UINT64: return resolve_integers<Code, arrow::UInt64Array>(array, resolve, out, notes), true;
    case arrow::Type::DICTIONARY:
      resolve_dictionary(static_cast<const arrow::DictionaryArray&>(array), resolve, out, notes);
      return true;
    case arrow::Type::NA: std::memset(out, 0, static_cast<std::size_t>(array.length()) * sizeof(Code)); return true;
    default: return false;
  }
}

bool is_text_like(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
    case arrow::Type::UINT64:
    case arrow::Type::NA: return true;
    case arrow::Type::DICTIONARY: return is_text_like(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default: return false;
  }
}

template <class Code>
void resolve_dictionary(const arrow::DictionaryArray& array, Resolver& resolve, Code* out, Notes& notes) {
  const arrow::Array& entries = *array.dictionary();
  const auto num_entries = static_cast<std::uint64_t>(entries.length());
  std::vector<Entry> table(num_entries + 1);  // the last: outside the dictionary
  const auto view_into = [&](const auto& texts) {
    for (std::uint64_t i = 0; i < num_entries; ++i) {
      if (texts.IsValid(static_cast<std::int64_t>(i))) table[i] = resolve(texts.GetView(static_cast<std::int64_t>(i)));
    }
  };
  switch (entries.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY: view_into(static_cast<const arrow::BinaryArray&>(entries)); break;
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY: view_into(static_cast<const arrow::LargeBinaryArray&>(entries)); break;
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW: view_into(static_cast<const arrow::BinaryViewArray&>(entries)); break;
    default: {  // a dictionary of numbers
      Slice slice;
      slice.num_rows = num_entries;
      Notes entry_notes(slice, entries, 0);
      std::vector<std::uint32_t> entry_codes(num_entries);
      convert_texts(entries, resolve, entry_codes.data(), entry_notes);
      for (std::uint64_t i = 0; i < num_entries; ++i) {
        if (slice.is_valid(i)) table[i] = {Verdict::kValue, entry_codes[i]};
      }
      for (const BadValue& bad : slice.bad) table[bad.row] = {bad.verdict, 0, bad.text};
    }
  }
  bool all_values = true;
  std::vector<Code> codes(num_entries + 1, 0);
  for (std::uint64_t i = 0; i < num_entries; ++i) {
    codes[i] = static_cast<Code>(table[i].code);
    all_values = all_values && table[i].verdict == Verdict::kValue;
  }
  with_indices(array, [&](const auto* indices) {
    const std::int64_t n = array.length();
    std::uint64_t greatest = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::uint64_t entry = checked(indices[i], num_entries);
      greatest = std::max(greatest, entry);
      out[i] = codes[entry];
    }
    if (all_values && greatest < num_entries) return true;
    for (std::int64_t i = 0; i < n; ++i) {
      const Entry& entry = table[checked(indices[i], num_entries)];
      if (entry.verdict != Verdict::kValue) resolve.note(notes, i, entry);
    }
    return true;
  });
}

unsigned code_width(std::uint64_t num_codes) { return num_codes <= 256 ? 1 : num_codes <= 65'536 ? 2 : 4; }

// How many codes the column can need at most.
std::uint64_t max_num_codes(const arrow::ChunkedArray& column) {
  std::uint64_t num_codes = 0;
  for (const auto& array : column.chunks()) {
    num_codes +=
        static_cast<std::uint64_t>(array->type_id() == arrow::Type::DICTIONARY
                                       ? static_cast<const arrow::DictionaryArray&>(*array).dictionary()->length()
                                       : array->length());
  }
  return num_codes;
}

void convert_codes(const FieldReading& reading, const arrow::ChunkedArray& column, void* out, unsigned width,
                   Slice& slice) {
  Resolver resolve(reading, slice);
  std::uint64_t at = 0;
  for (const auto& array : column.chunks()) {
    Notes notes(slice, *array, at);
    if (width == 1) convert_texts(*array, resolve, static_cast<std::uint8_t*>(out) + at, notes);
    if (width == 2) convert_texts(*array, resolve, static_cast<std::uint16_t*>(out) + at, notes);
    if (width == 4) convert_texts(*array, resolve, static_cast<std::uint32_t*>(out) + at, notes);
    at += static_cast<std::uint64_t>(array->length());
  }
}

// --- fixed widths ----------------------------------------------------------------------------------------------------

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

// --- places ----------------------------------------------------------------------------------------------------------

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

// --- lists -----------------------------------------------------------------------------------------------------------

FieldReading element_reading(const FieldReading& reading) {
  FieldReading element = reading;
  element.type.kind = reading.type.element;
  return element;
}

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

bool is_text(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING ||
         type.id() == arrow::Type::STRING_VIEW ||
         (type.id() == arrow::Type::DICTIONARY &&
          is_text(*static_cast<const arrow::DictionaryType&>(type).value_type()));
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

template <class To>
bool takes(const arrow::DataType& from, const To& to) {
  const auto empty = arrow::MakeEmptyArray(from.GetSharedPtr());
  return empty.ok() && convert_values(**empty, to, nullptr, nullptr);
}

bool is_readable(const arrow::DataType& from, const FieldReading& to) {
  switch (to.type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice: return is_text_like(from);
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
    case TypeKind::kList:
      if (from.id() == arrow::Type::LIST || from.id() == arrow::Type::LARGE_LIST ||
          from.id() == arrow::Type::FIXED_SIZE_LIST) {
        return is_readable(*from.field(0)->type(), element_reading(to));
      }
      return (is_text(from) && is_readable(*arrow::large_utf8(), element_reading(to))) || from.id() == arrow::Type::NA;
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
  const double unit = reading.unit == 0 ? 1 : reading.unit;
  switch (reading.type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion:
      slice.codes.width = code_width(max_num_codes(column));
      slice.codes.bytes.reset(new std::uint8_t[std::max<std::uint64_t>(1, slice.num_rows * slice.codes.width)]);
      convert_codes(reading, column, slice.codes.bytes.get(), slice.codes.width, slice);
      break;
    case TypeKind::kChoice: {
      const auto width = static_cast<unsigned>(width_of(reading.type, reading.choice_values->size()));
      convert_codes(reading, column, out, width, slice);
      break;
    }
    case TypeKind::kNumber: convert_fixed(ToNumber{reading.decimal_comma, 1}, column, out, slice); break;
    case TypeKind::kDistance: convert_fixed(ToNumber{reading.decimal_comma, unit}, column, out, slice); break;
    case TypeKind::kInteger: convert_fixed(ToInteger{reading.decimal_comma}, column, out, slice); break;
    case TypeKind::kMoney: convert_fixed(ToMoney{reading.decimal_comma}, column, out, slice); break;
    case TypeKind::kFlag: convert_flags(column, slice); break;
    case TypeKind::kDate: convert_fixed(ToDate{reading.zone, reading.formats}, column, out, slice); break;
    case TypeKind::kTime: convert_fixed(ToTime{reading.zone, reading.formats}, column, out, slice); break;
    case TypeKind::kDuration:
      convert_fixed(ToDuration{reading.decimal_comma, reading.unit == 0 ? base::kMicrosPerSecond : reading.unit},
                    column, out, slice);
      break;
    case TypeKind::kLocation: convert_location(reading, column, longitudes, out, slice); break;
    case TypeKind::kList: convert_list(reading, column, slice); break;
    case TypeKind::kReference: std::abort();  // the loader asks for the key's type
  }
  std::sort(slice.bad.begin(), slice.bad.end(), [](const BadValue& a, const BadValue& b) { return a.row < b.row; });
  return slice;
}

}  // namespace seg::io
