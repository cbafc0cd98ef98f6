// Who is compared, in order. In: the columns of a population. Out: its rows sorted by group, value and tie-break, and
// the group of every row. For rank.cpp.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "runtime/population/rank.h"

namespace seg::population {

inline constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;

struct Entry {
  std::uint64_t key = 0;  // orders as the value does
  std::uint32_t row = 0;
  std::uint32_t group = 0;
};

struct Groups {
  std::vector<std::uint32_t> of_row;  // kNoGroup: a part of it is missing. Empty: everyone is in group 0
  std::uint32_t count = 1;

  std::uint32_t of(std::uint64_t row) const { return of_row.empty() ? 0 : of_row[row]; }
};

inline bool is_set(const std::uint64_t* bits, std::uint64_t row) {
  return bits == nullptr || (bits[row / 64] >> (row % 64) & 1) != 0;
}

inline std::uint64_t to_key(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ 1ULL << 63; }
inline std::int64_t to_integer(std::uint64_t key) { return static_cast<std::int64_t>(key ^ 1ULL << 63); }
inline std::uint64_t to_key(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0.0 is 0.0
  return (bits >> 63) != 0 ? ~bits : bits | 1ULL << 63;
}
inline double to_number(std::uint64_t key) {
  return std::bit_cast<double>((key >> 63) != 0 ? key & ~(1ULL << 63) : ~key);
}

// A row's value of a column as a key; a mask's is 0 or 1.
std::uint64_t key_at(const Column& column, std::uint64_t row);

Groups make_groups(const Input& input);
std::vector<Entry> make_order(const Input& input, const Groups& groups, unsigned num_threads);

}  // namespace seg::population
