#include "runtime/events/derive.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>
#include <utility>

namespace seg::events {
namespace {

using base::ColumnId;
using base::kNone;
using base::TypeKind;
using vector::Column;
using vector::Storage;
using vector::TableData;

bool kept_row(RowMask kept, std::uint64_t row) { return kept == nullptr || (kept[row / 64] >> (row % 64) & 1) != 0; }

std::uint64_t stored_integer(const Column& column, std::uint64_t row) {
  switch (column.storage) {
    case Storage::kInt8: return column.as<std::uint8_t>()[row];
    case Storage::kInt16: return column.as<std::uint16_t>()[row];
    case Storage::kInt32: return static_cast<std::uint64_t>(std::int64_t{column.as<std::int32_t>()[row]});
    case Storage::kInt64: return static_cast<std::uint64_t>(column.as<std::int64_t>()[row]);
    case Storage::kRow: return column.as<std::uint32_t>()[row];
    case Storage::kFloat64: return std::bit_cast<std::uint64_t>(column.as<double>()[row] + 0.0);  // -0 is 0
    case Storage::kBits: return column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1;
    case Storage::kAbsent:
    case Storage::kLocation:
    case Storage::kList: break;
  }
  return 0;
}

// A column being made, value by value.
struct ColumnMaker {
  Storage storage = Storage::kAbsent;
  std::vector<std::uint64_t> words;  // the data
  std::vector<std::uint64_t> valid;
  std::uint64_t num_rows = 0;
  std::uint64_t num_missing = 0;

  ColumnMaker(Storage kind, std::uint64_t rows) : storage(kind) {
    words.resize(kind == Storage::kLocation || kind == Storage::kList ? 2 * rows + 1 : rows + 1);
    valid.assign(rows / 64 + 1, 0);
  }

  template <class T>
  T* data() {
    return reinterpret_cast<T*>(words.data());
  }

  // The value of a row of another column of the same storage, or of narrower codes.
  void copy(const Column& from, std::uint64_t row) {
    const std::uint64_t at = num_rows++;
    const bool present = from.present(row);
    if (present) {
      valid[at / 64] |= std::uint64_t{1} << (at % 64);
    } else {
      ++num_missing;
    }
    switch (storage) {
      case Storage::kInt64: data<std::int64_t>()[at] = present ? from.as<std::int64_t>()[row] : 0; break;
      case Storage::kFloat64: data<double>()[at] = present ? from.as<double>()[row] : 0; break;
      case Storage::kInt32:
        data<std::int32_t>()[at] = present ? static_cast<std::int32_t>(stored_integer(from, row)) : 0;
        break;
      case Storage::kRow: data<std::uint32_t>()[at] = present ? from.as<std::uint32_t>()[row] : vector::kNoRow; break;
      case Storage::kBits:
        if (present && stored_integer(from, row) != 0) data<std::uint64_t>()[at / 64] |= std::uint64_t{1} << (at % 64);
        break;
      case Storage::kLocation:
        if (present) std::memcpy(data<double>() + 2 * at, from.as<double>() + 2 * row, 2 * sizeof(double));
        break;
      case Storage::kInt8:
      case Storage::kInt16:
      case Storage::kList:
      case Storage::kAbsent: break;
    }
  }
  void missing() {
    if (storage == Storage::kRow) data<std::uint32_t>()[num_rows] = vector::kNoRow;
    ++num_rows;
    ++num_missing;
  }

  Column finish() && {
    Column column;
    column.storage = storage;
    column.num_rows = num_rows;
    column.num_missing = num_missing;
    auto buffers = std::make_shared<std::pair<std::vector<std::uint64_t>, std::vector<std::uint64_t>>>(
        std::move(words), std::move(valid));
    column.data = buffers->first.data();
    if (num_missing != 0 && storage != Storage::kRow) column.valid = buffers->second.data();
    column.owner = std::move(buffers);
    return column;
  }
};

// Codes and dates as int32, the rest as it is stored: parts may have stored one type in several widths.
Storage storage_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kChoice:
    case TypeKind::kDate: return Storage::kInt32;
    case TypeKind::kFlag: return Storage::kBits;
    case TypeKind::kNumber:
    case TypeKind::kDistance: return Storage::kFloat64;
    case TypeKind::kLocation: return Storage::kLocation;
    case TypeKind::kReference: return Storage::kRow;
    case TypeKind::kList: return Storage::kList;
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return Storage::kInt64;
  }
  return Storage::kAbsent;
}

bool is_coded(TypeKind kind) { return kind == TypeKind::kText || kind == TypeKind::kVersion; }

// One dictionary of several: where each part's codes go.
class DictionaryMerge {
 public:
  std::vector<std::int32_t> add(const vector::Dictionary& part) {
    std::vector<std::int32_t> codes(part.size());
    for (std::uint32_t code = 0; code < part.size(); ++code) {
      const auto [entry, is_new] = codes_.try_emplace(std::string(part.at(code)), merged_->size());
      if (is_new) merged_->append(part.at(code));
      codes[code] = static_cast<std::int32_t>(entry->second);
    }
    return codes;
  }
  std::shared_ptr<const vector::Dictionary> finish() { return std::move(merged_); }

 private:
  std::shared_ptr<vector::Dictionary> merged_ = std::make_shared<vector::Dictionary>();
  std::unordered_map<std::string, std::uint32_t> codes_;
};

struct Part {
  const Column* column = nullptr;  // nullptr: missing in this part
  std::uint64_t num_rows = 0;
  RowMask kept = nullptr;
};

void copy_parts(const std::vector<Part>& parts, ColumnMaker& maker) {
  for (const Part& part : parts) {
    for (std::uint64_t r = 0; r < part.num_rows; ++r) {
      if (!kept_row(part.kept, r)) continue;
      if (part.column == nullptr) {
        maker.missing();
      } else {
        maker.copy(*part.column, r);
      }
    }
  }
}

Column join_parts(TypeKind kind, const std::vector<Part>& parts, std::uint64_t num_rows) {
  ColumnMaker maker(storage_of(kind), num_rows);
  copy_parts(parts, maker);
  Column column = std::move(maker).finish();
  if (!is_coded(kind)) return column;
  // The codes of each part are still its own: renumber them in place (this function made the buffer).
  DictionaryMerge merge;
  auto* codes = const_cast<std::int32_t*>(column.as<std::int32_t>());
  std::uint64_t at = 0;
  for (const Part& part : parts) {
    std::vector<std::int32_t> renumbered;
    if (part.column != nullptr && part.column->dictionary) renumbered = merge.add(*part.column->dictionary);
    for (std::uint64_t r = 0; r < part.num_rows; ++r) {
      if (!kept_row(part.kept, r)) continue;
      if (column.present(at)) codes[at] = renumbered[static_cast<std::uint32_t>(codes[at])];
      ++at;
    }
  }
  column.dictionary = merge.finish();
  return column;
}

Column join_lists(TypeKind element, const std::vector<Part>& parts, std::uint64_t num_rows) {
  Column column;
  column.storage = Storage::kList;
  auto offsets = std::make_shared<std::pair<std::vector<std::uint32_t>, std::vector<std::uint64_t>>>();
  offsets->first.push_back(0);
  offsets->second.assign(num_rows / 64 + 1, 0);
  std::vector<std::vector<std::uint64_t>> kept_elements(parts.size());
  std::vector<Part> element_parts;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const Part& part = parts[p];
    std::uint64_t num_elements = 0;
    if (part.column != nullptr && part.column->elements) num_elements = part.column->elements->num_rows;
    kept_elements[p].assign(num_elements / 64 + 1, 0);
    for (std::uint64_t r = 0; r < part.num_rows; ++r) {
      if (!kept_row(part.kept, r)) continue;
      std::uint32_t size = 0;
      if (part.column != nullptr && part.column->present(r)) {
        const auto* from = part.column->as<std::uint32_t>();
        size = from[r + 1] - from[r];
        for (std::uint32_t e = from[r]; e < from[r + 1]; ++e) kept_elements[p][e / 64] |= std::uint64_t{1} << (e % 64);
        offsets->second[column.num_rows / 64] |= std::uint64_t{1} << (column.num_rows % 64);
      } else {
        ++column.num_missing;
      }
      offsets->first.push_back(offsets->first.back() + size);
      ++column.num_rows;
    }
    if (num_elements != 0)
      element_parts.push_back({part.column->elements.get(), num_elements, kept_elements[p].data()});
  }
  column.elements = std::make_shared<Column>(join_parts(element, element_parts, offsets->first.back()));
  column.dictionary = column.elements->dictionary;
  column.data = offsets->first.data();
  if (column.num_missing != 0) column.valid = offsets->second.data();
  column.owner = std::move(offsets);
  return column;
}

const Column* loaded_column(const TableData& table, ColumnId column) {
  if (column == kNone || column >= table.columns.size()) return nullptr;
  return table.columns[column].storage == Storage::kAbsent ? nullptr : &table.columns[column];
}

}  // namespace

base::Result<TableData> derive_union(const base::Schema& schema, base::TableId id, const vector::Dataset& dataset,
                                     const std::vector<RowMask>& kept, const std::vector<bool>& wanted) {
  const base::Table& table = schema.tables[id];
  TableData out;
  for (std::size_t p = 0; p < table.parts.size(); ++p) {
    const std::uint64_t num_rows = dataset.tables[table.parts[p].table].num_rows;
    for (std::uint64_t r = 0; r < num_rows; ++r) out.num_rows += kept_row(kept[p], r) ? 1 : 0;
  }
  out.columns.resize(table.columns.size());
  for (ColumnId c = 0; c < table.columns.size(); ++c) {
    if (c >= wanted.size() || !wanted[c]) continue;
    std::vector<Part> parts;
    for (std::size_t p = 0; p < table.parts.size(); ++p) {
      const TableData& from = dataset.tables[table.parts[p].table];
      parts.push_back({loaded_column(from, table.parts[p].columns[c]), from.num_rows, kept[p]});
    }
    const base::Type& type = table.columns[c].type;
    out.columns[c] = type.kind == TypeKind::kList ? join_lists(type.element, parts, out.num_rows)
                                                  : join_parts(type.kind, parts, out.num_rows);
  }
  return out;
}

base::Result<Grouped> derive_grouped(const base::Schema& schema, base::TableId id, const vector::Dataset& dataset,
                                     RowMask kept, const std::vector<bool>& wanted) {
  const base::Table& table = schema.tables[id];
  const base::Grouping& group = *table.group;
  const base::Table& base_table = schema.tables[group.base];
  const TableData& from = dataset.tables[group.base];

  std::vector<const Column*> keys = {loaded_column(from, base_table.owner)};
  for (ColumnId column : group.group_by) keys.push_back(loaded_column(from, column));
  const Column* const time = loaded_column(from, base_table.time);

  Grouped out;
  out.group_of.assign(from.num_rows, vector::kNoRow);
  std::vector<std::uint64_t> first_rows;  // by group: its first base row, whose key values are the group's
  std::vector<std::uint64_t> earliest;    // by group: the base row with the earliest time
  const bool has_keys = std::all_of(keys.begin(), keys.end(), [](const Column* column) { return column != nullptr; });
  if (has_keys && from.num_rows != 0) {
    // Open addressing over group numbers; equal keys are compared value by value.
    std::vector<std::uint32_t> slots(std::bit_ceil(std::max<std::uint64_t>(from.num_rows, 8) * 2), vector::kNoRow);
    const std::uint64_t mask = slots.size() - 1;
    for (std::uint64_t r = 0; r < from.num_rows; ++r) {
      if (!kept_row(kept, r)) continue;
      if (!std::all_of(keys.begin(), keys.end(), [r](const Column* column) { return column->present(r); })) continue;
      std::uint64_t hash = 0;
      for (const Column* key : keys) {
        hash = (hash ^ stored_integer(*key, r)) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
      }
      const auto same = [&](std::uint64_t other) {
        return std::all_of(keys.begin(), keys.end(),
                           [&](const Column* key) { return stored_integer(*key, r) == stored_integer(*key, other); });
      };
      std::uint64_t slot = hash & mask;
      while (slots[slot] != vector::kNoRow && !same(first_rows[slots[slot]])) slot = (slot + 1) & mask;
      if (slots[slot] == vector::kNoRow) {
        slots[slot] = static_cast<std::uint32_t>(first_rows.size());
        first_rows.push_back(r);
        earliest.push_back(r);
      }
      const std::uint32_t found = slots[slot];
      out.group_of[r] = found;
      if (time != nullptr) {
        const auto at = [&](std::uint64_t row) { return static_cast<std::int64_t>(stored_integer(*time, row)); };
        if (at(r) < at(earliest[found])) earliest[found] = r;
      }
    }
  }
  out.table.num_rows = first_rows.size();
  out.table.columns.resize(table.columns.size());
  for (ColumnId c = 0; c < group.num_plain && c < table.columns.size(); ++c) {
    if (c >= wanted.size() || !wanted[c]) continue;
    const bool is_time = c == 1;
    const Column* const source = c == 0 ? keys[0] : is_time ? time : keys[c - 1];
    ColumnMaker maker(storage_of(table.columns[c].type.kind), first_rows.size());
    for (std::uint64_t row : is_time ? earliest : first_rows) {
      if (source == nullptr) {
        maker.missing();
      } else {
        maker.copy(*source, row);
      }
    }
    out.table.columns[c] = std::move(maker).finish();
    if (source != nullptr) out.table.columns[c].dictionary = source->dictionary;
  }
  return out;
}

}  // namespace seg::events
