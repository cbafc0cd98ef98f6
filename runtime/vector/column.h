// Columns in memory: what sources produce and the VM, the reference interpreter and sinks read. Passive data, no Arrow.
// A Dataset has one TableData per table of the schema, in file order; nothing here is sorted or joined, except that
// references have been resolved to row numbers. Tables that are derived (union, grouped) are empty here: engines derive
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace seg::vector {

inline constexpr std::uint32_t kNoRow = 0xFFFFFFFF;

// Distinct texts; a code is the position. Codes carry no order.
class Dictionary {
 public:
  std::uint32_t size() const { return static_cast<std::uint32_t>(offsets_.size() - 1); }
  std::string_view at(std::uint32_t code) const {
    return std::string_view(bytes_).substr(offsets_[code], offsets_[code + 1] - offsets_[code]);
  }
  std::uint32_t append(std::string_view text) {
    bytes_.append(text);
    offsets_.push_back(bytes_.size());
    return size() - 1;
  }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> offsets_ = {0};
};

enum class Storage : std::uint8_t {
  kAbsent,    // not loaded: nobody reads it; or, where read, all missing
  kBits,      // flag: bit i of word i / 64
  kInt8,      // choice index; dictionary code (text, version) of a small dictionary
  kInt16,     // the same
  kInt32,     // the same; date
  kInt64,     // integer, money, time, duration
  kFloat64,   // number, distance
  kLocation,  // two doubles a row: latitude, longitude
  kRow,       // reference: uint32 row of the other table, kNoRow if missing
  kList,      // offsets (uint32, num_rows + 1) into `elements`; elements are never missing
};

struct Column {
  Storage storage = Storage::kAbsent;
  std::uint64_t num_rows = 0;
  const void* data =
      nullptr;  // as `storage` says; kept alive by `owner`. Whatever a missing row's slot holds is unspecified.
  const std::uint64_t* valid = nullptr;  // bit set: present; nullptr: all present
  std::uint64_t num_missing = 0;
  std::shared_ptr<const Dictionary> dictionary;  // text, version (for lists: of the elements)
  std::shared_ptr<const Column> elements;        // kList
  std::shared_ptr<const void> owner;

  bool present(std::uint64_t row) const {
    if (storage == Storage::kAbsent) return false;
    if (storage == Storage::kRow) return static_cast<const std::uint32_t*>(data)[row] != kNoRow;
    return valid == nullptr || (valid[row / 64] >> (row % 64) & 1) != 0;
  }
  template <class T>
  const T* as() const {
    return static_cast<const T*>(data);
  }
};

struct TableData {
  std::uint64_t num_rows = 0;
  std::vector<Column> columns;  // by column id of the schema's table
};

struct Dataset {
  std::vector<TableData> tables;  // by table id of the schema
};

}  // namespace seg::vector
