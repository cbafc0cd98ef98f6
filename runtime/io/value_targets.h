// What each Seg type accepts: one functor per type, one overload per kind of source value. A missing overload means
// that such a column can't be read as the type.
// In: one value of a source. Out: the stored value and a verdict. Inlined into the loops of convert_column.cpp.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/value.h"
#include "runtime/io/convert_column.h"

namespace seg::io {

// Kinds of source values that share a C++ type with others.
struct Day {
  std::int32_t day;
};
struct Instant {  // microseconds
  std::int64_t micros;
  bool is_zoned;
};
// Beyond this a time can't be moved to another zone any more.
inline constexpr std::int64_t kLastInstant = 9'000'000'000'000'000'000;
inline constexpr std::int64_t kNoInstant = INT64_MIN;
inline bool is_instant(std::int64_t micros) { return micros >= -kLastInstant && micros <= kLastInstant; }
struct Length {  // microseconds
  std::int64_t micros;
};
__extension__ using Int128 = __int128;
struct Decimal {
  Int128 units;
  int scale;
};

inline constexpr Int128 kMaxInt64 = std::numeric_limits<std::int64_t>::max();

// units / 10^scale as a multiple of 10^-to_scale, rounded half away from zero.
inline Verdict rescale(Decimal from, int to_scale, std::int64_t& to) {
  Int128 units = from.units;
  for (int scale = from.scale; scale < to_scale; ++scale) {
    if (units > kMaxInt64 || units < -kMaxInt64) return Verdict::kTooLarge;
    units *= 10;
  }
  if (from.scale > to_scale) {
    Int128 divisor = 1;
    for (int scale = from.scale; scale > to_scale; --scale) {
      if (divisor > (static_cast<Int128>(1) << 120)) return to = 0, Verdict::kValue;
      divisor *= 10;
    }
    const Int128 rest = units % divisor;
    units /= divisor;
    if (rest >= divisor - rest) ++units;
    if (-rest >= divisor + rest) --units;
  }
  if (units > kMaxInt64 || units < -kMaxInt64) return Verdict::kTooLarge;
  to = static_cast<std::int64_t>(units);
  return Verdict::kValue;
}

inline double to_double(Decimal from) {
  double divisor = 1;
  for (int i = 0; i < from.scale; ++i) divisor *= 10;
  for (int i = 0; i > from.scale; --i) divisor /= 10;
  return static_cast<double>(from.units) / divisor;
}

inline std::int64_t floor_day(std::int64_t micros) {
  const std::int64_t day = micros / base::kMicrosPerDay;
  return micros % base::kMicrosPerDay < 0 ? day - 1 : day;
}

struct ToInteger {
  using Out = std::int64_t;
  bool decimal_comma = false;

  Verdict operator()(std::int64_t v, Out& out) const { return out = v, Verdict::kValue; }
  Verdict operator()(std::uint64_t v, Out& out) const {
    out = static_cast<std::int64_t>(v);
    return out < 0 ? Verdict::kTooLarge : Verdict::kValue;
  }
  // pandas turns whole numbers into doubles where one is missing.
  Verdict operator()(double v, Out& out) const {
    if (!std::isfinite(v)) return Verdict::kMissing;
    if (!(std::abs(v) < 9.2233720368547e18)) return Verdict::kTooLarge;
    out = static_cast<std::int64_t>(v);
    return static_cast<double>(out) == v ? Verdict::kValue : Verdict::kNotParsed;
  }
  Verdict operator()(Decimal v, Out& out) const {
    const Verdict verdict = rescale(v, 0, out);
    if (verdict != Verdict::kValue) return verdict;
    Int128 back = out;
    for (int i = 0; i < v.scale; ++i) back *= 10;
    return back == v.units || v.scale < 0 ? Verdict::kValue : Verdict::kNotParsed;
  }
  Verdict operator()(std::string_view v, Out& out) const { return parse_integer(v, decimal_comma, out); }
};

struct ToNumber {
  using Out = double;
  bool decimal_comma = false;
  double unit = 1;  // distances: metres in one of the column's units

  Verdict operator()(std::int64_t v, Out& out) const { return out = static_cast<double>(v) * unit, Verdict::kValue; }
  Verdict operator()(std::uint64_t v, Out& out) const { return out = static_cast<double>(v) * unit, Verdict::kValue; }
  Verdict operator()(double v, Out& out) const {
    out = v * unit;
    return std::isfinite(out) ? Verdict::kValue : Verdict::kMissing;
  }
  Verdict operator()(Decimal v, Out& out) const { return out = to_double(v) * unit, Verdict::kValue; }
  Verdict operator()(std::string_view v, Out& out) const {
    const Verdict verdict = parse_number(v, decimal_comma, out);
    if (verdict == Verdict::kValue) out *= unit;
    return verdict;
  }
};

struct ToMoney {
  using Out = std::int64_t;
  bool decimal_comma = false;

  Verdict operator()(std::int64_t v, Out& out) const {
    return __builtin_mul_overflow(v, base::kMoneyScale, &out) ? Verdict::kTooLarge : Verdict::kValue;
  }
  Verdict operator()(std::uint64_t v, Out& out) const { return rescale({static_cast<Int128>(v), 0}, 4, out); }
  // Half away from zero without a call: what is cut off decides. Beyond 2^52 there is nothing to cut.
  Verdict operator()(double v, Out& out) const {
    const double scaled = v * static_cast<double>(base::kMoneyScale);
    if (!(scaled > -9.2233720368547e18 && scaled < 9.2233720368547e18)) {
      return std::isfinite(v) ? Verdict::kTooLarge : Verdict::kMissing;
    }
    const auto whole = static_cast<std::int64_t>(scaled);
    const double rest = scaled - static_cast<double>(whole);
    out = whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0);
    return Verdict::kValue;
  }
  Verdict operator()(Decimal v, Out& out) const { return rescale(v, 4, out); }
  Verdict operator()(std::string_view v, Out& out) const { return parse_money(v, decimal_comma, out); }
};

struct ToFlag {
  using Out = std::uint8_t;

  Verdict operator()(bool v, Out& out) const { return out = v, Verdict::kValue; }
  Verdict operator()(std::int64_t v, Out& out) const {
    out = v == 1;
    return v == 0 || v == 1 ? Verdict::kValue : Verdict::kNotParsed;
  }
  Verdict operator()(std::uint64_t v, Out& out) const { return (*this)(static_cast<std::int64_t>(v), out); }
  Verdict operator()(double v, Out& out) const {  // pandas again
    if (!std::isfinite(v)) return Verdict::kMissing;
    out = v == 1;
    return v == 0 || v == 1 ? Verdict::kValue : Verdict::kNotParsed;
  }
  Verdict operator()(std::string_view v, Out& out) const {
    bool flag = false;
    const Verdict verdict = parse_flag(v, flag);
    out = flag;
    return verdict;
  }
};

struct ToDate {
  using Out = std::int32_t;
  const ZoneOffsets* zone;
  const std::vector<TimeFormat>* formats;

  Verdict operator()(Day v, Out& out) const { return out = v.day, Verdict::kValue; }
  Verdict operator()(Instant v, Out& out) const {
    if (!is_instant(v.micros)) return Verdict::kTooLarge;
    out = static_cast<Out>(floor_day(v.is_zoned ? zone->to_local(v.micros) : v.micros));
    return Verdict::kValue;
  }
  Verdict operator()(std::string_view v, Out& out) const {
    const std::string_view text = trimmed(v);
    if (is_blank(text)) return Verdict::kMissing;
    const auto time = parse_time(text, *formats);
    if (!time) return Verdict::kTimeNotParsed;
    out = static_cast<Out>(floor_day(time->has_zone ? zone->to_local(time->local() - time->offset) : time->local()));
    return Verdict::kValue;
  }
};

struct ToTime {
  using Out = std::int64_t;
  const ZoneOffsets* zone;
  const std::vector<TimeFormat>* formats;

  Verdict operator()(Day v, Out& out) const { return out = zone->to_utc(v.day * base::kMicrosPerDay), Verdict::kValue; }
  Verdict operator()(Instant v, Out& out) const {
    if (!is_instant(v.micros)) return Verdict::kTooLarge;
    return out = v.is_zoned ? v.micros : zone->to_utc(v.micros), Verdict::kValue;
  }
  Verdict operator()(std::string_view v, Out& out) const {
    const std::string_view text = trimmed(v);
    if (is_blank(text)) return Verdict::kMissing;
    const auto time = parse_time(text, *formats);
    if (!time) return Verdict::kTimeNotParsed;
    out = time->has_zone ? time->local() - time->offset : zone->to_utc(time->local());
    return Verdict::kValue;
  }
};

struct ToDuration {
  using Out = std::int64_t;
  bool decimal_comma = false;
  double unit = base::kMicrosPerSecond;

  Verdict operator()(Length v, Out& out) const {
    return out = v.micros, v.micros == kNoInstant ? Verdict::kTooLarge : Verdict::kValue;
  }
  Verdict operator()(std::int64_t v, Out& out) const { return micros_of(static_cast<double>(v), unit, out); }
  Verdict operator()(std::uint64_t v, Out& out) const { return micros_of(static_cast<double>(v), unit, out); }
  Verdict operator()(double v, Out& out) const { return micros_of(v, unit, out); }
  Verdict operator()(Decimal v, Out& out) const { return micros_of(to_double(v), unit, out); }
  Verdict operator()(std::string_view v, Out& out) const { return parse_duration(v, decimal_comma, unit, out); }
};

struct ToLocation {
  using Out = base::Location;

  Verdict operator()(std::string_view v, Out& out) const { return parse_location(v, out.latitude, out.longitude); }
};

}  // namespace seg::io
