#include <algorithm>
#include <cstring>
#include <string>

#include "runtime/io/convert_parts.h"

namespace seg::io {
namespace {

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

}  // namespace

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

void convert_text(const FieldReading& reading, const arrow::ChunkedArray& column, Slice& slice) {
  slice.codes.width = code_width(max_num_codes(column));
  slice.codes.bytes.reset(new std::uint8_t[std::max<std::uint64_t>(1, slice.num_rows * slice.codes.width)]);
  convert_codes(reading, column, slice.codes.bytes.get(), slice.codes.width, slice);
}

void convert_choice(const FieldReading& reading, const arrow::ChunkedArray& column, void* out, Slice& slice) {
  const auto width = static_cast<unsigned>(width_of(reading.type, reading.choice_values->size()));
  convert_codes(reading, column, out, width, slice);
}

}  // namespace seg::io
