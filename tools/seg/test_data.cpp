#include "tools/seg/test_data.h"

#include <cstring>
#include <memory>
#include <unordered_map>

namespace seg::tool {
namespace {

using base::TypeKind;
using base::Value;
using vector::Column;
using vector::Storage;

struct Buffers {
  std::vector<std::uint64_t> words, valid;
  std::vector<std::uint32_t> offsets;
};

// The bytes of slot i are written for the storage; missing slots stay 0 (references: kNoRow).
Column make_column(const base::Type& type, const std::vector<Value>& values) {
  auto buffers = std::make_shared<Buffers>();
  auto dictionary = std::make_shared<vector::Dictionary>();
  std::unordered_map<std::string, std::uint32_t> codes;
  std::vector<Value> elements;
  const std::size_t n = values.size();
  buffers->words.resize(2 * n + 1);
  buffers->valid.assign(n / 64 + 1, 0);
  Column column;
  column.num_rows = n;
  for (std::size_t i = 0; i < n; ++i) {
    const Value& value = values[i];
    const bool known = !value.is_missing();
    if (known) buffers->valid[i / 64] |= std::uint64_t{1} << (i % 64);
    column.num_missing += known ? 0 : 1;
    const auto put = [&](Storage storage, auto number) {
      column.storage = storage;
      std::memcpy(reinterpret_cast<char*>(buffers->words.data()) + i * sizeof number, &number, sizeof number);
    };
    switch (type.kind) {
      case TypeKind::kText:
      case TypeKind::kVersion: {
        std::int32_t code = 0;
        if (known) {
          const auto [entry, is_new] = codes.emplace(value.text(), dictionary->size());
          if (is_new) dictionary->append(value.text());
          code = static_cast<std::int32_t>(entry->second);
        }
        put(Storage::kInt32, code);
        break;
      }
      case TypeKind::kChoice:
      case TypeKind::kDate: put(Storage::kInt32, static_cast<std::int32_t>(known ? value.integer() : 0)); break;
      case TypeKind::kInteger:
      case TypeKind::kTime:
      case TypeKind::kDuration:
      case TypeKind::kMoney: put(Storage::kInt64, known ? value.integer() : std::int64_t{0}); break;
      case TypeKind::kNumber:
      case TypeKind::kDistance: put(Storage::kFloat64, known ? value.number() : 0.0); break;
      case TypeKind::kReference:
        put(Storage::kRow, known ? static_cast<std::uint32_t>(value.integer()) : vector::kNoRow);
        break;
      case TypeKind::kFlag:
        column.storage = Storage::kBits;
        if (known && value.flag()) buffers->words[i / 64] |= std::uint64_t{1} << (i % 64);
        break;
      case TypeKind::kLocation: {
        column.storage = Storage::kLocation;
        const base::Location point = known ? value.location() : base::Location{};
        std::memcpy(buffers->words.data() + 2 * i, &point.latitude, sizeof(double));
        std::memcpy(buffers->words.data() + 2 * i + 1, &point.longitude, sizeof(double));
        break;
      }
      case TypeKind::kList:
        column.storage = Storage::kList;
        buffers->offsets.resize(n + 1);
        if (known) elements.insert(elements.end(), value.list().begin(), value.list().end());
        buffers->offsets[i + 1] = static_cast<std::uint32_t>(elements.size());
        break;
    }
  }
  if (n == 0) return column;
  column.data =
      type.kind == TypeKind::kList ? static_cast<const void*>(buffers->offsets.data()) : buffers->words.data();
  if (column.num_missing != 0 && type.kind != TypeKind::kReference) column.valid = buffers->valid.data();
  if (type.kind == TypeKind::kList) {
    column.elements = std::make_shared<Column>(make_column({.kind = type.element, .detail = type.detail}, elements));
    column.dictionary = column.elements->dictionary;
  } else if (type.kind == TypeKind::kText || type.kind == TypeKind::kVersion) {
    column.dictionary = dictionary;
  }
  column.owner = buffers;
  return column;
}

}  // namespace

TestData make_test_data(const base::Schema& schema, const program::TestCase& test) {
  TestData data;
  data.dataset.tables.resize(schema.tables.size());
  for (const program::TestRow& row : test.rows) data.row_of.push_back(data.dataset.tables[row.table].num_rows++);
  for (base::TableId t = 0; t < schema.tables.size(); ++t) {
    const base::Table& table = schema.tables[t];
    std::vector<std::vector<Value>> values(table.columns.size(), std::vector<Value>(data.dataset.tables[t].num_rows));
    for (std::size_t r = 0; r < test.rows.size(); ++r) {
      const program::TestRow& row = test.rows[r];
      if (row.table != t) continue;
      for (const auto& [column, value] : row.values) {
        const bool is_reference = table.columns[column].type.kind == TypeKind::kReference && !value.is_missing();
        values[column][data.row_of[r]] =
            is_reference ? Value::of(static_cast<std::int64_t>(data.row_of[static_cast<std::size_t>(value.integer())]))
                         : value;
      }
      if (row.owner_row != base::kNone) {
        values[table.owner][data.row_of[r]] = Value::of(static_cast<std::int64_t>(data.row_of[row.owner_row]));
      }
    }
    for (base::ColumnId c = 0; c < table.columns.size(); ++c) {
      data.dataset.tables[t].columns.push_back(make_column(table.columns[c].type, values[c]));
    }
  }
  return data;
}

}  // namespace seg::tool
