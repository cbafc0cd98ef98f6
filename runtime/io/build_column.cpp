#include <algorithm>
#include <cstring>
#include <limits>

#include "base/value.h"
#include "runtime/io/column_memory.h"
#include "runtime/io/table_load.h"

namespace seg::io {
namespace {

using base::TypeKind;
using vector::Storage;

Storage storage_of_codes(std::uint64_t num_codes) {
  return num_codes <= 128 ? Storage::kInt8 : num_codes <= 32'768 ? Storage::kInt16 : Storage::kInt32;
}

std::size_t bytes_of(Storage storage) {
  switch (storage) {
    case Storage::kInt8: return 1;
    case Storage::kInt16: return 2;
    case Storage::kInt32:
    case Storage::kRow: return 4;
    case Storage::kInt64:
    case Storage::kFloat64: return 8;
    case Storage::kLocation: return sizeof(base::Location);
    case Storage::kAbsent:
    case Storage::kBits:
    case Storage::kList: return 0;
  }
  return 0;
}

Storage fixed_storage(const base::Type& type, std::size_t num_choice_values) {
  switch (type.kind) {
    case TypeKind::kNumber:
    case TypeKind::kDistance: return Storage::kFloat64;
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return Storage::kInt64;
    case TypeKind::kDate: return Storage::kInt32;
    case TypeKind::kLocation: return Storage::kLocation;
    case TypeKind::kReference: return Storage::kRow;
    case TypeKind::kChoice: return storage_of_codes(num_choice_values);
    case TypeKind::kFlag: return Storage::kBits;
    case TypeKind::kList: return Storage::kList;
    case TypeKind::kText:
    case TypeKind::kVersion: break;  // known when the dictionary is
  }
  return Storage::kInt32;
}

std::size_t words(std::uint64_t bits) { return (bits + 63) / 64; }

// Ors `num_bits` bits of `from` into `to` from bit `at` on; `to` is zero there.
void place_bits(const std::uint64_t* from, std::uint64_t num_bits, std::uint64_t* to, std::uint64_t at) {
  const unsigned shift = at % 64;
  std::uint64_t* out = to + at / 64;
  for (std::uint64_t word = 0; word < words(num_bits); ++word) {
    std::uint64_t bits = from[word];
    const std::uint64_t left = num_bits - word * 64;
    if (left < 64) bits &= (std::uint64_t{1} << left) - 1;
    out[word] |= bits << shift;
    if (shift != 0 && (bits >> (64 - shift)) != 0) out[word + 1] |= bits >> (64 - shift);
  }
}

void place_ones(std::uint64_t num_bits, std::uint64_t* to, std::uint64_t at) {
  for (std::uint64_t bit = at; bit < at + num_bits;) {
    if (bit % 64 == 0 && at + num_bits - bit >= 64) {
      to[bit / 64] = ~std::uint64_t{0};
      bit += 64;
    } else {
      to[bit / 64] |= std::uint64_t{1} << (bit % 64);
      ++bit;
    }
  }
}

std::shared_ptr<void> zeroed(std::size_t num_bytes) {
  auto memory = allocate_column(num_bytes);
  std::memset(memory.get(), 0, num_bytes);
  return memory;
}

// The parts of a column that are kept alive together.
struct Parts {
  std::vector<std::shared_ptr<void>> memory;
};

void set_valid(vector::Column& column, const std::vector<Slice>& slices, Parts& parts) {
  const bool any = std::any_of(slices.begin(), slices.end(), [](const Slice& slice) { return !slice.valid.empty(); });
  if (!any) return;
  auto memory = zeroed(words(column.num_rows) * 8);
  auto* valid = static_cast<std::uint64_t*>(memory.get());
  std::uint64_t at = 0;
  for (const Slice& slice : slices) {
    if (slice.valid.empty()) {
      place_ones(slice.num_rows, valid, at);
    } else {
      place_bits(slice.valid.data(), slice.num_rows, valid, at);
    }
    at += slice.num_rows;
  }
  std::uint64_t num_present = 0;
  for (std::size_t word = 0; word < words(column.num_rows); ++word) {
    num_present += static_cast<std::uint64_t>(__builtin_popcountll(valid[word]));
  }
  column.num_missing = column.num_rows - num_present;
  if (column.num_missing == 0) return;
  column.valid = valid;
  parts.memory.push_back(std::move(memory));
}

template <class From, class To>
void map_codes(const From* from, std::uint64_t n, const std::vector<std::uint32_t>& map, To* to) {
  for (std::uint64_t i = 0; i < n; ++i) to[i] = static_cast<To>(map[from[i]]);
}

template <class To>
void map_slice(const Slice& slice, const std::vector<std::uint32_t>& map, To* to) {
  const std::uint8_t* bytes = slice.codes.bytes.get();
  if (slice.codes.width == 1) map_codes(bytes, slice.num_rows, map, to);
  if (slice.codes.width == 2) map_codes(reinterpret_cast<const std::uint16_t*>(bytes), slice.num_rows, map, to);
  if (slice.codes.width == 4) map_codes(reinterpret_cast<const std::uint32_t*>(bytes), slice.num_rows, map, to);
}

// One dictionary for all chunks, in the order of the chunks, so that it is the same for any number of threads.
void set_texts(vector::Column& column, std::vector<Slice*>& slices, Parts& parts) {
  std::vector<std::vector<std::uint32_t>> maps;
  TextIndex all;
  if (slices.size() == 1) {  // nothing to merge
    all = std::move(slices[0]->texts);
    maps.emplace_back(all.size());
    for (std::uint32_t code = 0; code < all.size(); ++code) maps[0][code] = code;
  } else {
    for (Slice* slice : slices) {
      const vector::Dictionary& texts = slice->texts.dictionary();
      std::vector<std::uint32_t>& map = maps.emplace_back(texts.size());
      for (std::uint32_t code = 0; code < texts.size(); ++code) map[code] = all.add(texts.at(code));
      slice->texts = {};
    }
  }
  column.storage = storage_of_codes(all.size());
  auto memory = allocate_column(bytes_of(column.storage) * column.num_rows);
  column.data = memory.get();
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    maps[i].resize(std::max<std::size_t>(maps[i].size(), 1));  // missing rows have code 0 whatever is in the dictionary
    if (column.storage == Storage::kInt8) map_slice(*slices[i], maps[i], static_cast<std::uint8_t*>(memory.get()) + at);
    if (column.storage == Storage::kInt16)
      map_slice(*slices[i], maps[i], static_cast<std::uint16_t*>(memory.get()) + at);
    if (column.storage == Storage::kInt32)
      map_slice(*slices[i], maps[i], static_cast<std::uint32_t*>(memory.get()) + at);
    at += slices[i]->num_rows;
    slices[i]->codes = {};
  }
  parts.memory.push_back(std::move(memory));
  column.dictionary = std::make_shared<const vector::Dictionary>(std::move(all).take());
}

void set_bits(vector::Column& column, const std::vector<Slice*>& slices, Parts& parts) {
  auto memory = zeroed(words(column.num_rows) * 8);
  std::uint64_t at = 0;
  for (const Slice* slice : slices) {
    place_bits(slice->bits.data(), slice->num_rows, static_cast<std::uint64_t*>(memory.get()), at);
    at += slice->num_rows;
  }
  column.storage = Storage::kBits;
  column.data = memory.get();
  parts.memory.push_back(std::move(memory));
}

void set_list(vector::Column& column, const FieldLoad& field, std::vector<Slice>& slices, Parts& parts) {
  auto memory = allocate_column((column.num_rows + 1) * sizeof(std::uint32_t));
  auto* offsets = static_cast<std::uint32_t*>(memory.get());
  std::uint64_t at = 0, num_elements = 0;
  for (const Slice& slice : slices) {
    for (std::uint64_t row = 0; row < slice.num_rows; ++row) {
      offsets[at + row] = static_cast<std::uint32_t>(num_elements + slice.offsets[row]);
    }
    at += slice.num_rows;
    num_elements += slice.elements->num_rows;
  }
  offsets[column.num_rows] = static_cast<std::uint32_t>(num_elements);
  column.storage = Storage::kList;
  column.data = offsets;
  parts.memory.push_back(std::move(memory));

  auto elements = std::make_shared<vector::Column>();
  elements->num_rows = num_elements;
  Parts element_parts;
  std::vector<Slice*> element_slices;
  for (Slice& slice : slices) element_slices.push_back(slice.elements.get());
  base::Type type = field.reading_type;
  type.kind = type.element;
  if (type.kind == TypeKind::kText || type.kind == TypeKind::kVersion) {
    set_texts(*elements, element_slices, element_parts);
  } else if (type.kind == TypeKind::kFlag) {
    set_bits(*elements, element_slices, element_parts);
  } else {
    elements->storage = fixed_storage(type, field.choice_values == nullptr ? 0 : field.choice_values->size());
    auto values = allocate_column(bytes_of(elements->storage) * num_elements);
    std::byte* to = static_cast<std::byte*>(values.get());
    for (const Slice& slice : slices) {
      if (slice.element_data.empty()) continue;
      std::memcpy(to, slice.element_data.data(), slice.element_data.size());
      to += slice.element_data.size();
    }
    elements->data = values.get();
    element_parts.memory.push_back(std::move(values));
  }
  elements->owner = std::make_shared<const Parts>(std::move(element_parts));
  column.elements = std::move(elements);
}

bool bit_at(const std::uint64_t* bits, std::uint64_t row) { return (bits[row / 64] >> (row % 64) & 1) != 0; }

// Rows of a column in a new order or number. `row_at(i)` is the old row of new row i, or kNoRow.
template <class RowAt>
vector::Column take_rows(const vector::Column& column, std::uint64_t num_rows, const RowAt& row_at) {
  vector::Column taken;
  taken.storage = column.storage;
  taken.num_rows = num_rows;
  taken.dictionary = column.dictionary;
  taken.elements = column.elements;
  if (column.storage == Storage::kAbsent) {
    taken.num_missing = num_rows;
    return taken;
  }
  Parts parts;
  auto valid_memory = zeroed(words(num_rows) * 8);
  auto* valid = static_cast<std::uint64_t*>(valid_memory.get());
  for (std::uint64_t i = 0; i < num_rows; ++i) {
    const std::uint32_t row = row_at(i);
    if (row != vector::kNoRow && column.present(row)) {
      valid[i / 64] |= std::uint64_t{1} << (i % 64);
    } else {
      ++taken.num_missing;
    }
  }
  if (column.storage == Storage::kBits) {
    auto memory = zeroed(words(num_rows) * 8);
    auto* bits = static_cast<std::uint64_t*>(memory.get());
    for (std::uint64_t i = 0; i < num_rows; ++i) {
      const std::uint32_t row = row_at(i);
      if (row != vector::kNoRow && bit_at(column.as<std::uint64_t>(), row))
        bits[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    taken.data = bits;
    parts.memory.push_back(std::move(memory));
  } else if (column.storage == Storage::kList) {
    // Lists keep their elements; only a gap between two of them would need a copy, so the elements are copied in order.
    auto memory = allocate_column((num_rows + 1) * sizeof(std::uint32_t));
    auto* offsets = static_cast<std::uint32_t*>(memory.get());
    const auto* old = column.as<std::uint32_t>();
    std::vector<std::uint32_t> element_rows;
    for (std::uint64_t i = 0; i < num_rows; ++i) {
      offsets[i] = static_cast<std::uint32_t>(element_rows.size());
      const std::uint32_t row = row_at(i);
      if (row == vector::kNoRow) continue;
      for (std::uint32_t element = old[row]; element < old[row + 1]; ++element) element_rows.push_back(element);
    }
    offsets[num_rows] = static_cast<std::uint32_t>(element_rows.size());
    taken.data = offsets;
    taken.elements = std::make_shared<const vector::Column>(gather(*column.elements, element_rows));
    parts.memory.push_back(std::move(memory));
  } else {
    const std::size_t width = bytes_of(column.storage);
    auto memory = allocate_column(width * num_rows);
    auto* to = static_cast<std::byte*>(memory.get());
    const auto* from = static_cast<const std::byte*>(column.data);
    for (std::uint64_t i = 0; i < num_rows; ++i) {
      const std::uint32_t row = row_at(i);
      if (row != vector::kNoRow) {
        std::memcpy(to + i * width, from + row * width, width);
      } else {
        std::memset(to + i * width, column.storage == Storage::kRow ? 0xFF : 0, width);
      }
    }
    taken.data = to;
    parts.memory.push_back(std::move(memory));
  }
  if (taken.num_missing != 0 && column.storage != Storage::kRow) {
    taken.valid = valid;
    parts.memory.push_back(std::move(valid_memory));
  }
  taken.owner = std::make_shared<const Parts>(std::move(parts));
  return taken;
}

}  // namespace

void build_column(TableLoad& load, FieldLoad& field) {
  vector::Column column;
  column.num_rows = load.num_rows;
  Parts parts;
  std::vector<Slice*> slices;
  for (Slice& slice : field.slices) slices.push_back(&slice);
  switch (field.reading_type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: set_texts(column, slices, parts); break;
    case TypeKind::kFlag: set_bits(column, slices, parts); break;
    case TypeKind::kList: set_list(column, field, field.slices, parts); break;
    default:
      column.storage =
          fixed_storage(field.reading_type, field.choice_values == nullptr ? 0 : field.choice_values->size());
      column.data = field.data.get();
      parts.memory.push_back(std::move(field.data));
  }
  set_valid(column, field.slices, parts);
  column.owner = std::make_shared<const Parts>(std::move(parts));
  for (Slice& slice : field.slices) {  // what findings still need stays
    slice.valid = {};
    slice.bits = {};
    slice.offsets = {};
    slice.elements = nullptr;
    slice.element_data = {};
  }
  field.result = std::move(column);
}

vector::Column gather(const vector::Column& column, const std::vector<std::uint32_t>& rows) {
  return take_rows(column, rows.size(), [&](std::uint64_t i) { return rows[i]; });
}

vector::Column drop_rows(const vector::Column& column, const std::vector<bool>& is_dropped, std::uint64_t num_kept) {
  std::vector<std::uint32_t> kept;
  kept.reserve(num_kept);
  for (std::uint32_t row = 0; row < is_dropped.size(); ++row) {
    if (!is_dropped[row]) kept.push_back(row);
  }
  return gather(column, kept);
}

vector::Column missing_column(std::uint64_t num_rows) {
  vector::Column column;
  column.num_rows = num_rows;
  column.num_missing = num_rows;
  return column;
}

}  // namespace seg::io
