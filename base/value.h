// One value outside the hot path: literals, params, test data, the reference interpreter, explanations.
// Money, dates, times, durations and choices are int64 (types.def says in what unit); distances are double, in metres.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace seg::base {

__extension__ typedef __int128 Int128;  // exact sums
__extension__ typedef unsigned __int128 UInt128;

struct Location {
  double latitude = 0;   // degrees north
  double longitude = 0;  // degrees east
  friend bool operator==(const Location&, const Location&) = default;
};

struct Value {
  using List = std::vector<Value>;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Location, List> data;

  static Value missing() { return {}; }
  static Value of(bool v) { return {v}; }
  static Value of(std::int64_t v) { return {v}; }
  static Value of(double v) { return {v}; }
  static Value of(std::string v) { return {std::move(v)}; }

  bool is_missing() const { return std::holds_alternative<std::monostate>(data); }
  bool flag() const { return std::get<bool>(data); }
  std::int64_t integer() const { return std::get<std::int64_t>(data); }
  double number() const { return std::get<double>(data); }
  const std::string& text() const { return std::get<std::string>(data); }
  const Location& location() const { return std::get<Location>(data); }
  const List& list() const { return std::get<List>(data); }

  friend bool operator==(const Value&, const Value&) = default;
};

inline constexpr std::int64_t kMoneyScale = 10'000;  // units of a money value in one unit of its currency
inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerHour = 3'600 * kMicrosPerSecond;
inline constexpr std::int64_t kMicrosPerDay = 24 * kMicrosPerHour;

}  // namespace seg::base
