// Days, months, hours; each row in its zone.
#include <algorithm>

#include "runtime/exec/ops.h"
#include "runtime/kernels/calendar.h"

namespace seg::exec {

using bytecode::kAbsent;
using bytecode::Op;

namespace {

// What is not known holds anything: far outside of every calendar, but not so far that arithmetic overflows.
constexpr std::int64_t kFarInstant = 9'000'000'000'000'000'000;
constexpr std::int32_t kFarDay = 100'000'000;
std::int64_t near(std::int64_t instant) { return std::clamp(instant, -kFarInstant, kFarInstant); }
std::int32_t near_day(std::int32_t day) { return std::clamp(day, -kFarDay, kFarDay); }

const kernels::TimeZone& zone_of(const Worker& w, const std::int32_t* zones, std::uint64_t k) {
  const auto& all = w.binder().zones();
  const std::uint32_t zone = zones == nullptr ? 0 : static_cast<std::uint32_t>(zones[k]);
  return *all[zone < all.size() ? zone : 0];
}

void of_time(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int64_t* in = w.in<std::int64_t>(i->y);
  const std::int32_t* zones = i->z == kAbsent ? nullptr : w.in<std::int32_t>(i->z);
  w.integers.resize(n);
  for (std::uint64_t k = 0; k < n; ++k) w.integers[k] = near(in[k]);
  const std::int64_t* instants = w.integers.data();
  if (i->op == Op::day_of_time) {
    std::int32_t* out = w.out<std::int32_t>(i->x);
    if (zones == nullptr) {
      w.binder().zones()[0]->local_days(instants, out, n);
    } else {
      for (std::uint64_t k = 0; k < n; ++k) out[k] = zone_of(w, zones, k).local_day(instants[k]);
    }
  } else {
    std::int64_t* out = w.out<std::int64_t>(i->x);
    if (zones == nullptr) {
      w.binder().zones()[0]->local_hours(instants, out, n);
    } else {
      for (std::uint64_t k = 0; k < n; ++k) out[k] = zone_of(w, zones, k).local_hour(instants[k]);
    }
  }
}

void between_days(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* a = w.in<std::int32_t>(i->y);
  const std::int32_t* b = w.in<std::int32_t>(i->z);
  std::int64_t* out = w.out<std::int64_t>(i->x);
  switch (i->op) {
    case Op::years_between:
      for (std::uint64_t k = 0; k < n; ++k) out[k] = kernels::years_between(a[k], b[k]);
      break;
    case Op::months_between:
      for (std::uint64_t k = 0; k < n; ++k) out[k] = kernels::months_between(a[k], b[k]);
      break;
    case Op::weeks_between:
      for (std::uint64_t k = 0; k < n; ++k) out[k] = kernels::weeks_between(a[k], b[k]);
      break;
    default:
      for (std::uint64_t k = 0; k < n; ++k) out[k] = std::int64_t{b[k]} - a[k];
      break;
  }
}

void add_to_day(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* days = w.in<std::int32_t>(i->y);
  const std::int64_t* counts = w.in<std::int64_t>(i->z);
  std::int32_t* out = w.out<std::int32_t>(i->x);
  std::uint64_t* overflow = w.out_mask(i[1].x);
  for (std::uint64_t k = 0; k < n; k += 64) {
    std::uint64_t word = 0;
    for (std::uint64_t j = 0; j < 64 && k + j < n; ++j) {
      std::int32_t sum = 0;
      const bool fits = i->op == Op::add_days ? kernels::add_days(days[k + j], counts[k + j], sum)
                                              : kernels::add_months(days[k + j], counts[k + j], sum);
      out[k + j] = sum;
      word |= static_cast<std::uint64_t>(fits ? 0 : 1) << j;
    }
    overflow[k / 64] = word;
  }
}

void of_day(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* in = w.in<std::int32_t>(i->y);
  std::int64_t* out = w.out<std::int64_t>(i->x);
  for (std::uint64_t k = 0; k < n; ++k) {
    switch (i->op) {
      case Op::weekday_of: out[k] = kernels::iso_weekday(in[k]); break;
      case Op::year_of: out[k] = kernels::civil_of(in[k]).year; break;
      case Op::month_of: out[k] = kernels::civil_of(in[k]).month; break;
      default: out[k] = kernels::civil_of(in[k]).day; break;
    }
  }
}

// A birthday: of the years from the window's beginning on, and after the day's own, the first two are enough to look
// at.
bool recurs(std::int32_t day, std::int32_t from, std::int32_t to) {
  const kernels::CivilDay born = kernels::civil_of(day);
  const std::int64_t first = std::max(born.year + 1, kernels::civil_of(from).year);
  for (std::int64_t year = first; year <= first + 1; ++year) {
    const int in_month = std::min(born.day, kernels::days_in_month(year, born.month));
    const std::int32_t again = kernels::day_of_civil(year, born.month, in_month);
    if (again >= from && again < to) return true;
  }
  return false;
}

void recurs_in_window(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* in = w.in<std::int32_t>(i->y);
  const BoundIntervals& window = w.binder().window(i->z);
  const std::int32_t* zones = i[1].x == kAbsent ? nullptr : w.in<std::int32_t>(i[1].x);
  std::uint64_t* out = w.out_mask(i->x);
  for (std::uint64_t k = 0; k < n; k += 64) {
    std::uint64_t word = 0;
    for (std::uint64_t j = 0; j < 64 && k + j < n; ++j) {
      std::size_t zone = zones == nullptr ? 0 : static_cast<std::uint32_t>(zones[k + j]);
      if (zone >= window.from_day.size()) zone = 0;
      const bool inside = recurs(near_day(in[k + j]), near_day(window.from_day[zone]), near_day(window.to_day[zone]));
      word |= static_cast<std::uint64_t>(inside ? 1 : 0) << j;
    }
    out[k / 64] = word;
  }
}

}  // namespace

void run_date(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  switch (i->op) {
    case Op::day_of_time:
    case Op::hour_of_time: of_time(w, i); break;
    case Op::start_of_day: {
      const std::int32_t* in = w.in<std::int32_t>(i->y);
      const std::int32_t* zones = i->z == kAbsent ? nullptr : w.in<std::int32_t>(i->z);
      std::int64_t* out = w.out<std::int64_t>(i->x);
      for (std::uint64_t k = 0; k < n; ++k) out[k] = zone_of(w, zones, k).day_start(near_day(in[k]));
      break;
    }
    case Op::years_between:
    case Op::months_between:
    case Op::weeks_between:
    case Op::days_between: between_days(w, i); break;
    case Op::hours_between: {
      const std::int64_t* a = w.in<std::int64_t>(i->y);
      const std::int64_t* b = w.in<std::int64_t>(i->z);
      std::int64_t* out = w.out<std::int64_t>(i->x);
      constexpr std::int64_t kHalf = kFarInstant / 2;
      for (std::uint64_t k = 0; k < n; ++k) {
        out[k] = kernels::hours_between(std::clamp(a[k], -kHalf, kHalf), std::clamp(b[k], -kHalf, kHalf));
      }
      break;
    }
    case Op::add_days:
    case Op::add_months: add_to_day(w, i); break;
    case Op::unit_start: {
      const std::int32_t* in = w.in<std::int32_t>(i->y);
      std::int32_t* out = w.out<std::int32_t>(i->x);
      const auto unit = static_cast<base::TimeUnit>(i->tag);
      for (std::uint64_t k = 0; k < n; ++k) out[k] = kernels::unit_start(in[k], unit, w.binder().week_starts());
      break;
    }
    case Op::recurs_in_window: recurs_in_window(w, i); break;
    default: of_day(w, i); break;
  }
}

}  // namespace seg::exec
