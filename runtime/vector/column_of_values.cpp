#include "runtime/vector/column_of_values.h"

#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <unordered_map>

namespace seg::vector {
namespace {

using base::TypeKind;
using base::Value;

struct Buffers {
  std::vector<std::uint64_t> words, valid;
  std::vector<std::uint32_t> offsets;
};

Storage storage_of(TypeKind kind, const ColumnLayout& layout) {
  switch (kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: return layout.codes;
    case TypeKind::kChoice: return layout.choices;
    case TypeKind::kDate: return Storage::kInt32;
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return Storage::kInt64;
    case TypeKind::kNumber:
    case TypeKind::kDistance: return Storage::kFloat64;
    case TypeKind::kFlag: return Storage::kBits;
    case TypeKind::kLocation: return Storage::kLocation;
    case TypeKind::kReference: return Storage::kRow;
    case TypeKind::kList: return Storage::kList;
  }
  return Storage::kAbsent;
}

// Values of one storage into slots, one after another.
class Writer {
 public:
  Writer(Column& column, Buffers& buffers, bool has_odd_gaps)
      : column_(column), buffers_(buffers), has_odd_gaps_(has_odd_gaps) {}

  // `integer`: what a value with an integer, a code or a row is.
  void put(std::size_t row, const Value& value, std::int64_t integer) {
    const bool known = !value.is_missing();
    switch (column_.storage) {
      case Storage::kInt8: return slot(row, known ? static_cast<std::int8_t>(integer) : odd<std::int8_t>());
      case Storage::kInt16: return slot(row, known ? static_cast<std::int16_t>(integer) : odd<std::int16_t>());
      case Storage::kInt32: return slot(row, known ? static_cast<std::int32_t>(integer) : odd<std::int32_t>());
      case Storage::kInt64: return slot(row, known ? integer : odd<std::int64_t>());
      case Storage::kFloat64: return slot(row, known ? value.number() : has_odd_gaps_ ? -1e300 : 0.0);
      case Storage::kRow: return slot(row, known ? static_cast<std::uint32_t>(integer) : kNoRow);
      case Storage::kBits:
        if (known ? value.flag() : has_odd_gaps_) buffers_.words[row / 64] |= std::uint64_t{1} << (row % 64);
        return;
      case Storage::kLocation: {
        const base::Location point = known ? value.location() : base::Location{};
        slot(2 * row, point.latitude);
        slot(2 * row + 1, point.longitude);
        return;
      }
      case Storage::kList:
      case Storage::kAbsent: return;
    }
  }

 private:
  template <class T>
  T odd() const {
    return has_odd_gaps_ ? static_cast<T>(std::numeric_limits<T>::max() / 2 + 13) : T{0};
  }

  template <class T>
  void slot(std::size_t at, T value) {
    std::memcpy(reinterpret_cast<char*>(buffers_.words.data()) + at * sizeof value, &value, sizeof value);
  }

  Column& column_;
  Buffers& buffers_;
  bool has_odd_gaps_;
};

}  // namespace

Column column_of_values(const base::Type& type, const std::vector<Value>& values, const ColumnLayout& layout) {
  auto buffers = std::make_shared<Buffers>();
  auto dictionary = std::make_shared<Dictionary>();
  std::unordered_map<std::string, std::uint32_t> codes;
  std::vector<Value> elements;
  const std::size_t n = values.size();
  buffers->words.resize(2 * n + 1);
  buffers->valid.assign(n / 64 + 1, 0);
  buffers->offsets.assign(1, 0);
  Column column;
  column.num_rows = n;
  column.storage = storage_of(type.kind, layout);
  const bool is_text = type.kind == TypeKind::kText || type.kind == TypeKind::kVersion;
  Writer writer(column, *buffers, layout.has_odd_gaps);
  for (std::size_t i = 0; i < n; ++i) {
    const Value& value = values[i];
    std::int64_t integer = 0;
    if (value.is_missing()) {
      ++column.num_missing;
    } else {
      buffers->valid[i / 64] |= std::uint64_t{1} << (i % 64);
      if (is_text) {
        const auto [entry, is_new] = codes.emplace(value.text(), dictionary->size());
        if (is_new) dictionary->append(value.text());
        integer = entry->second;
      } else if (std::holds_alternative<std::int64_t>(value.data)) {
        integer = value.integer();
      } else if (type.kind == TypeKind::kList) {
        elements.insert(elements.end(), value.list().begin(), value.list().end());
      }
    }
    writer.put(i, value, integer);
    if (type.kind == TypeKind::kList) buffers->offsets.push_back(static_cast<std::uint32_t>(elements.size()));
  }
  column.data =
      type.kind == TypeKind::kList ? static_cast<const void*>(buffers->offsets.data()) : buffers->words.data();
  if (column.num_missing != 0 && type.kind != TypeKind::kReference) column.valid = buffers->valid.data();
  if (is_text) column.dictionary = dictionary;
  if (type.kind == TypeKind::kList) {
    const base::Type element{.kind = type.element, .detail = type.detail};
    column.elements = std::make_shared<Column>(column_of_values(element, elements, layout));
    column.dictionary = column.elements->dictionary;
  }
  column.owner = buffers;
  return column;
}

}  // namespace seg::vector
