// What an aggregate makes of its values: program.h (AggFn), language.md 8 (exactness).
#include <algorithm>
#include <cmath>
#include <map>

#include "reference/interpreter.h"

namespace seg::reference {
namespace {

using base::Int128;
using base::TypeKind;
using base::Value;
using program::AggFn;

constexpr double kBillion = 1e9;

Value integer_result(Int128 value) {
  if (value > INT64_MAX || value < INT64_MIN) return Value::missing();
  return Value::of(static_cast<std::int64_t>(value));
}

// Quotient rounded half away from zero; n > 0.
Value rounded_quotient(Int128 sum, std::int64_t n) {
  const Int128 size = sum < 0 ? -sum : sum;
  const Int128 quotient = (2 * size + n) / (2 * Int128{n});
  return integer_result(sum < 0 ? -quotient : quotient);
}

// Each number counts as a whole number of billionths; one beyond 1e20 makes the sum missing.
bool add_billionths(double value, Int128& sum) {
  if (std::fabs(value) > 1e20) return false;
  sum += static_cast<Int128>(std::rint(value * kBillion));
  return true;
}

Value sum_of(const std::vector<Value>& values, bool real, Int128& sum) {
  for (const Value& value : values) {
    if (!real) {
      sum += value.integer();
    } else if (!add_billionths(value.number(), sum)) {
      return Value::missing();
    }
  }
  if (!real) return integer_result(sum);
  const double total = static_cast<double>(sum) / kBillion;
  return std::fabs(total) > 1e20 ? Value::missing() : Value::of(total);
}

}  // namespace

Value reduce(AggFn fn, const base::Type& result, const base::Type& type, std::vector<Value> values) {
  const bool real = type.kind == TypeKind::kNumber || type.kind == TypeKind::kDistance;
  const auto n = static_cast<std::int64_t>(values.size());
  const auto less = [&](const Value& a, const Value& b) { return compare_values(a, b, type.kind) < 0; };
  // Equal versions may be written differently (1.2 and 1.2.0): of those the order of code points decides.
  const auto before = [&](const Value& a, const Value& b) {
    const int order = compare_values(a, b, type.kind);
    return order != 0 ? order < 0 : type.kind == TypeKind::kVersion && a.text() < b.text();
  };
  if (type.kind == TypeKind::kVersion) std::sort(values.begin(), values.end(), before);
  const auto count_each = [&] {
    std::map<Value, std::int64_t, decltype(less)> counts(less);
    for (const Value& value : values) ++counts[value];
    return counts;
  };
  Int128 sum = 0;
  if (fn == AggFn::kCount) return Value::of(n);
  if (fn == AggFn::kSum) return sum_of(values, real, sum);
  if (fn == AggFn::kDistinct) return Value::of(static_cast<std::int64_t>(count_each().size()));
  if (values.empty()) return Value::missing();
  switch (fn) {
    case AggFn::kAverage: {
      const Value total = sum_of(values, real, sum);
      if (real) return total.is_missing() ? total : Value::of(total.number() / static_cast<double>(n));
      if (result.kind == TypeKind::kNumber) return Value::of(static_cast<double>(sum) / static_cast<double>(n));
      return rounded_quotient(sum, n);
    }
    case AggFn::kMinimum: return *std::min_element(values.begin(), values.end(), before);
    case AggFn::kMaximum: return *std::max_element(values.begin(), values.end(), before);
    case AggFn::kMedian: {
      std::sort(values.begin(), values.end(), less);
      const Value& low = values[static_cast<std::size_t>((n - 1) / 2)];
      const Value& high = values[static_cast<std::size_t>(n / 2)];
      if (real) return Value::of((low.number() + high.number()) / 2);
      if (result.kind == TypeKind::kNumber) {
        return Value::of((static_cast<double>(low.integer()) + static_cast<double>(high.integer())) / 2);
      }
      return rounded_quotient(Int128{low.integer()} + high.integer(), 2);
    }
    case AggFn::kMostCommon: {
      const auto counts = count_each();
      return std::max_element(counts.begin(), counts.end(),
                              [](const auto& a, const auto& b) { return a.second < b.second; })
          ->first;
    }
    case AggFn::kCount:
    case AggFn::kExists:
    case AggFn::kSum:
    case AggFn::kDistinct:
    case AggFn::kFirst:
    case AggFn::kLast:
    case AggFn::kStreak:
    case AggFn::kCurrentStreak: break;
  }
  return Value::missing();
}

Value streak(bool is_current, base::TimeUnit unit, const LocalCalendar& calendar, const std::vector<Value>& days) {
  std::map<std::int32_t, std::int64_t> runs;  // first day of a calendar unit -> how many have ended with it
  for (const Value& day : days) runs[calendar.unit_start(static_cast<std::int32_t>(day.integer()), unit)] = 1;
  const auto run_until = [&](std::int32_t start) { return runs.contains(start) ? runs[start] : 0; };
  std::int64_t longest = 0;
  for (auto& [start, length] : runs) longest = std::max(longest, length += run_until(add_units(start, -1, unit)));
  const std::int32_t now = calendar.unit_start(calendar.as_of_day(), unit);
  if (!is_current) return Value::of(longest);
  return Value::of(runs.contains(now) ? runs[now] : run_until(add_units(now, -1, unit)));
}

}  // namespace seg::reference
