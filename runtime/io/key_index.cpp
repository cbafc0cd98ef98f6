#include "runtime/io/key_index.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace seg::io {
namespace {

using vector::kNoRow;

// An array by key may have this many places for each row.
constexpr std::uint64_t kMaxPlacesPerRow = 8;
constexpr std::uint64_t kAlwaysPlaces = 1u << 20;

std::uint64_t hash_of(std::int64_t key) {
  std::uint64_t h = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u;
  h ^= h >> 32;
  return h * 0xD6E8FEB86659FD93u;
}

std::uint32_t code_at(const vector::Column& column, std::uint64_t row) {
  switch (column.storage) {
    case vector::Storage::kInt8: return static_cast<std::uint32_t>(column.as<std::int8_t>()[row]);
    case vector::Storage::kInt16: return static_cast<std::uint32_t>(column.as<std::int16_t>()[row]);
    default: return static_cast<std::uint32_t>(column.as<std::int32_t>()[row]);
  }
}

}  // namespace

void KeyIndex::build(const std::vector<const vector::Column*>& columns, const std::vector<bool>& is_out) {
  is_out_ = is_out;
  num_rows_ = columns.empty() ? 0 : columns[0]->num_rows;
  for (std::uint64_t row = 0; row < num_rows_; ++row) {
    for (const vector::Column* column : columns) {
      if (column->num_missing == 0 && column->storage != vector::Storage::kAbsent) continue;
      if (!column->present(row)) {
        if (is_in(static_cast<std::uint32_t>(row))) missing_.push_back(static_cast<std::uint32_t>(row));
        break;
      }
    }
  }
  if (!missing_.empty()) {
    if (is_out_.empty()) is_out_.assign(num_rows_, false);
    for (const std::uint32_t row : missing_) is_out_[row] = true;
  }
  if (columns.size() > 1) {
    build_compound(columns);
  } else if (columns.size() == 1 && columns[0]->dictionary != nullptr) {
    build_texts(*columns[0]);
  } else if (columns.size() == 1 && columns[0]->storage == vector::Storage::kInt64) {
    build_integers(*columns[0]);
  }
  // A repeated row must not be stepped onto either.
  if (!repeated_.empty() && is_out_.empty()) is_out_.assign(num_rows_, false);
  for (const std::uint32_t row : repeated_) is_out_[row] = true;
}

void KeyIndex::build_integers(const vector::Column& column) {
  keys_ = column.as<std::int64_t>();
  std::int64_t least = INT64_MAX, greatest = INT64_MIN;
  std::uint64_t num_keys = 0;
  for (std::uint32_t row = 0; row < num_rows_; ++row) {
    if (!is_in(row)) continue;
    least = std::min(least, keys_[row]);
    greatest = std::max(greatest, keys_[row]);
    ++num_keys;
  }
  if (num_keys == 0) return;
  const std::uint64_t places = static_cast<std::uint64_t>(greatest) - static_cast<std::uint64_t>(least) + 1;
  if (places != 0 && places <= std::max(kAlwaysPlaces, num_keys * kMaxPlacesPerRow)) {
    least_ = least;
    dense_.assign(places, kNoRow);
    for (std::uint32_t row = 0; row < num_rows_; ++row) {
      if (!is_in(row)) continue;
      std::uint32_t& place = dense_[static_cast<std::uint64_t>(keys_[row]) - static_cast<std::uint64_t>(least)];
      if (place == kNoRow) {
        place = row;
      } else {
        repeated_.push_back(row);
      }
    }
    return;
  }
  std::uint64_t size = 16;
  while (size < num_keys * 2) size *= 2;
  shift_ = 64 - static_cast<unsigned>(__builtin_ctzll(size));
  hashed_.assign(size, kNoRow);
  for (std::uint32_t row = 0; row < num_rows_; ++row) {
    if (!is_in(row)) continue;
    std::uint64_t slot = hash_of(keys_[row]) >> shift_;
    while (hashed_[slot] != kNoRow && keys_[hashed_[slot]] != keys_[row]) slot = (slot + 1) & (size - 1);
    if (hashed_[slot] == kNoRow) {
      hashed_[slot] = row;
    } else {
      repeated_.push_back(row);
    }
  }
}

void KeyIndex::build_texts(const vector::Column& column) {
  const vector::Dictionary& dictionary = *column.dictionary;
  row_of_text_.assign(dictionary.size(), kNoRow);
  for (std::uint32_t code = 0; code < dictionary.size(); ++code) texts_.add(dictionary.at(code));
  for (std::uint32_t row = 0; row < num_rows_; ++row) {
    if (!is_in(row)) continue;
    std::uint32_t& place = row_of_text_[code_at(column, row)];
    if (place == kNoRow) {
      place = row;
    } else {
      repeated_.push_back(row);
    }
  }
}

void KeyIndex::build_compound(const std::vector<const vector::Column*>& columns) {
  std::unordered_map<std::string, std::uint32_t> first;
  std::string key;
  for (std::uint32_t row = 0; row < num_rows_; ++row) {
    if (!is_in(row)) continue;
    key.clear();
    for (const vector::Column* column : columns) {
      std::int64_t part = 0;
      if (column->storage == vector::Storage::kInt64) {
        part = column->as<std::int64_t>()[row];
      } else {
        part = code_at(*column, row);
      }
      key.append(reinterpret_cast<const char*>(&part), sizeof(part));
    }
    if (!first.try_emplace(key, row).second) repeated_.push_back(row);
  }
}

std::uint32_t KeyIndex::find_hashed(std::int64_t key) const {
  if (hashed_.empty()) return kNoRow;
  for (std::uint64_t slot = hash_of(key) >> shift_;; slot = (slot + 1) & (hashed_.size() - 1)) {
    const std::uint32_t row = hashed_[slot];
    if (row == kNoRow || keys_[row] == key) return row;
  }
}

void KeyIndex::find(const std::int64_t* keys, std::uint64_t n, std::uint32_t* rows) const {
  if (!dense_.empty()) {
    const std::uint64_t num_places = dense_.size();
    const auto least = static_cast<std::uint64_t>(least_);
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::uint64_t place = static_cast<std::uint64_t>(keys[i]) - least;
      rows[i] = place < num_places ? dense_[place] : kNoRow;
    }
    return;
  }
  std::uint32_t row = kNoRow;  // the last one found
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::int64_t key = keys[i];
    if (row != kNoRow && keys_[row] != key) {
      const bool is_next = row + 1 < num_rows_ && keys_[row + 1] == key && is_in(row + 1);
      row = is_next ? row + 1 : kNoRow;
    }
    if (row == kNoRow) row = find_hashed(key);
    rows[i] = row;
  }
}

std::uint32_t KeyIndex::find(std::string_view key) const {
  const std::uint32_t code = texts_.find(key);
  return code == TextIndex::kNotThere ? kNoRow : row_of_text_[code];
}

}  // namespace seg::io
