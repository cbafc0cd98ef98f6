// Money, durations, sums: rounding and overflow as program/functions.def and the language's section on exactness say.
#include "runtime/kernels/arithmetic.h"

#include <doctest/doctest.h>

#include <limits>

using namespace seg::kernels;

namespace {
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::int64_t rounded(std::int64_t units, std::int64_t digits) {
  std::int64_t out = -1;
  REQUIRE(round_money(units, digits, out));
  return out;
}
}  // namespace

TEST_CASE("averages round half away from zero") {
  CHECK(divide_half_away(5, 2) == 3);
  CHECK(divide_half_away(-5, 2) == -3);
  CHECK(divide_half_away(4, 3) == 1);
  CHECK(divide_half_away(5, 3) == 2);
  CHECK(divide_half_away(-4, 3) == -1);
  CHECK(divide_half_away(-5, 3) == -2);
  CHECK(divide_half_away(0, 7) == 0);
  CHECK(divide_half_away(6, 2) == 3);
  // Beyond 64 bits, exactly.
  const Int128 wide = static_cast<Int128>(kMost) * 10 + 5;
  CHECK(divide_half_away(wide, 10) == static_cast<Int128>(kMost) + 1);
}

TEST_CASE("money times and through a number rounds half away from zero") {
  std::int64_t out = 0;
  REQUIRE(multiply_scaled(15, 0.5, out));
  CHECK(out == 8);
  REQUIRE(multiply_scaled(-15, 0.5, out));
  CHECK(out == -8);
  REQUIRE(multiply_scaled(14, 0.1, out));
  CHECK(out == 1);
  REQUIRE(divide_scaled(15, 2.0, out));
  CHECK(out == 8);
  REQUIRE(divide_scaled(-14, 10.0, out));
  CHECK(out == -1);
}

TEST_CASE("what 64 bits can't hold is an overflow") {
  std::int64_t out = 1;
  CHECK_FALSE(multiply_scaled(kMost, 2.0, out));
  CHECK_FALSE(multiply_scaled(kMost, 1.0, out));  // as binary64 it is 2^63
  CHECK_FALSE(divide_scaled(1, 0.0, out));
  CHECK_FALSE(multiply_scaled(1, std::numeric_limits<double>::quiet_NaN(), out));
  CHECK(to_int64(static_cast<Int128>(kMost), out));
  CHECK(out == kMost);
  CHECK(to_int64(static_cast<Int128>(kLeast), out));
  CHECK(out == kLeast);
  CHECK_FALSE(to_int64(static_cast<Int128>(kMost) + 1, out));
  CHECK_FALSE(to_int64(static_cast<Int128>(kLeast) - 1, out));
  CHECK(to_int64(-9223372036854775808.0, out));
  CHECK_FALSE(to_int64(9223372036854775808.0, out));
}

TEST_CASE("rounding money to digits") {
  CHECK(rounded(12'345'678, 4) == 12'345'678);  // 1,234.5678
  CHECK(rounded(12'345'678, 9) == 12'345'678);
  CHECK(rounded(12'345'678, 2) == 12'345'700);
  CHECK(rounded(12'345'678, 1) == 12'346'000);
  CHECK(rounded(12'345'678, 0) == 12'350'000);
  CHECK(rounded(12'345'678, -2) == 12'000'000);
  CHECK(rounded(5'000, 0) == 10'000);  // 0.50 to 1
  CHECK(rounded(-5'000, 0) == -10'000);
  CHECK(rounded(12'345'678, -20) == 0);
  std::int64_t out = 0;
  CHECK_FALSE(round_money(kMost, 0, out));
}

TEST_CASE("floor and ceiling of money, below zero too") {
  std::int64_t out = 0;
  REQUIRE(floor_money(15'000, out));
  CHECK(out == 10'000);
  REQUIRE(floor_money(-15'000, out));
  CHECK(out == -20'000);
  REQUIRE(floor_money(-20'000, out));
  CHECK(out == -20'000);
  REQUIRE(ceil_money(15'000, out));
  CHECK(out == 20'000);
  REQUIRE(ceil_money(-15'000, out));
  CHECK(out == -10'000);
  REQUIRE(ceil_money(20'000, out));
  CHECK(out == 20'000);
  CHECK_FALSE(floor_money(kLeast, out));
  CHECK_FALSE(ceil_money(kMost, out));
}

TEST_CASE("numbers round half away from zero, to digits before and behind the point") {
  CHECK(round_number(2.5, 0) == 3.0);
  CHECK(round_number(-2.5, 0) == -3.0);
  CHECK(round_number(2.125, 2) == 2.13);
  CHECK(round_number(1250.0, -2) == 1300.0);
}

TEST_CASE("sums count in billionths, exactly, and end at 1e20") {
  Int128 wide = 0;
  REQUIRE(to_billionths(0.1, wide));
  CHECK(wide == 100'000'000);
  REQUIRE(to_billionths(1e-9, wide));
  CHECK(wide == 1);
  REQUIRE(to_billionths(4e-10, wide));
  CHECK(wide == 0);
  REQUIRE(to_billionths(-2e-9, wide));
  CHECK(wide == -2);
  CHECK(to_billionths(1e20, wide));
  CHECK_FALSE(to_billionths(1.1e20, wide));
  CHECK_FALSE(to_billionths(std::numeric_limits<double>::quiet_NaN(), wide));
  CHECK_FALSE(to_billionths(std::numeric_limits<double>::infinity(), wide));
  double out = 0;
  CHECK(sum_of_billionths(300'000'000, out));
  CHECK(out == 0.3);
  REQUIRE(to_billionths(9e19, wide));
  CHECK_FALSE(sum_of_billionths(wide * 2, out));
}
