// Finds the row that a key names.
// In: the key column of a table. Out: the row of each key that refers to it, and the rows whose key is missing or
// repeated. Whole numbers that lie close together are looked up in an array, others by hashing; keys that come in the
// table's own order are found by stepping along with it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/io/text_index.h"
#include "runtime/vector/column.h"

namespace seg::io {

class KeyIndex {
 public:
  // One whole-number or text column; rows for which `is_out` is set (bad rows; may be empty) are not found. With
  // several columns only missing and repeated keys are looked for.
  void build(const std::vector<const vector::Column*>& columns, const std::vector<bool>& is_out);

  const std::vector<std::uint32_t>& missing() const { return missing_; }
  const std::vector<std::uint32_t>& repeated() const { return repeated_; }  // all but the first of each key

  // The rows of `n` keys; vector::kNoRow where there is none.
  void find(const std::int64_t* keys, std::uint64_t n, std::uint32_t* rows) const;
  std::uint32_t find(std::string_view key) const;

 private:
  void build_integers(const vector::Column& column);
  void build_texts(const vector::Column& column);
  void build_compound(const std::vector<const vector::Column*>& columns);
  std::uint32_t find_hashed(std::int64_t key) const;
  bool is_in(std::uint32_t row) const { return is_out_.empty() || !is_out_[row]; }

  const std::int64_t* keys_ = nullptr;
  std::uint64_t num_rows_ = 0;
  std::vector<bool> is_out_;
  std::int64_t least_ = 0;
  std::vector<std::uint32_t> dense_;   // by key - least_
  std::vector<std::uint32_t> hashed_;  // rows; a power of two
  unsigned shift_ = 64;
  TextIndex texts_;
  std::vector<std::uint32_t> row_of_text_;
  std::vector<std::uint32_t> missing_;
  std::vector<std::uint32_t> repeated_;
};

}  // namespace seg::io
