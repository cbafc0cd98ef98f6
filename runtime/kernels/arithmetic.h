// Arithmetic of integers, money, durations and numbers, one value at a time: what program/functions.def says, written
// once for the VM's loops, for aggregates and for constant folding. False or a set flag means overflow: missing, and
// counted.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/value.h"

namespace seg::kernels {

using base::Int128;

inline bool to_int64(double rounded, std::int64_t& out) {
  if (!(rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0)) {
    out = 0;
    return false;
  }
  out = static_cast<std::int64_t>(rounded);
  return true;
}

inline bool to_int64(Int128 wide, std::int64_t& out) {
  out = static_cast<std::int64_t>(wide);
  return static_cast<Int128>(out) == wide;
}

// Money and durations times and through a number: binary64, half away from zero.
inline bool multiply_scaled(std::int64_t units, double by, std::int64_t& out) {
  return to_int64(std::round(static_cast<double>(units) * by), out);
}
inline bool divide_scaled(std::int64_t units, double by, std::int64_t& out) {
  return to_int64(std::round(static_cast<double>(units) / by), out);
}

// n > 0. Half away from zero; exact.
inline Int128 divide_half_away(Int128 sum, Int128 n) {
  const Int128 quotient = sum / n;
  const Int128 rest = sum - quotient * n;
  if ((rest < 0 ? -rest : rest) * 2 < n) return quotient;
  return sum < 0 ? quotient - 1 : quotient + 1;
}

inline constexpr std::int64_t kPowersOfTen[19] = {1,
                                                  10,
                                                  100,
                                                  1'000,
                                                  10'000,
                                                  100'000,
                                                  1'000'000,
                                                  10'000'000,
                                                  100'000'000,
                                                  1'000'000'000,
                                                  10'000'000'000,
                                                  100'000'000'000,
                                                  1'000'000'000'000,
                                                  10'000'000'000'000,
                                                  100'000'000'000'000,
                                                  1'000'000'000'000'000,
                                                  10'000'000'000'000'000,
                                                  100'000'000'000'000'000,
                                                  1'000'000'000'000'000'000};

// Money has four decimals. Digits below 0 round to tens, hundreds, …
inline bool round_money(std::int64_t units, std::int64_t digits, std::int64_t& out) {
  if (digits >= 4) {
    out = units;
    return true;
  }
  if (4 - digits > 18) {
    out = 0;
    return true;
  }
  const std::int64_t step = kPowersOfTen[4 - digits];
  return to_int64(divide_half_away(units, step) * step, out);
}
inline bool floor_money(std::int64_t units, std::int64_t& out) {
  std::int64_t rest = units % base::kMoneyScale;
  if (rest < 0) rest += base::kMoneyScale;
  return !__builtin_sub_overflow(units, rest, &out);
}
inline bool ceil_money(std::int64_t units, std::int64_t& out) {
  std::int64_t rest = units % base::kMoneyScale;
  if (rest > 0) rest -= base::kMoneyScale;
  return !__builtin_sub_overflow(units, rest, &out);
}
inline double round_number(double x, std::int64_t digits) {
  const double scale = std::pow(10.0, static_cast<double>(digits));
  return std::round(x * scale) / scale;
}

// Sums of numbers: each value counts as billionths, added exactly; a value or a sum beyond ±1e20 is an overflow.
inline constexpr double kBillion = 1e9;
inline bool to_billionths(double x, Int128& out) {
  if (!(x >= -1e20 && x <= 1e20)) {
    out = 0;
    return false;
  }
  out = static_cast<Int128>(std::rint(x * kBillion));
  return true;
}
inline bool sum_of_billionths(Int128 sum, double& out) {
  out = static_cast<double>(sum) / kBillion;
  return out >= -1e20 && out <= 1e20;
}

}  // namespace seg::kernels
