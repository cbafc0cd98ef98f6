#include "runtime/kernels/calendar.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace seg::kernels {
namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int32_t clamp_day(std::int64_t day) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(day, INT32_MIN, INT32_MAX));
}

// Months since year 0.
std::int64_t month_number(const CivilDay& date) { return date.year * 12 + date.month - 1; }

// Years that int32 days can reach, with room to spare: keeps the arithmetic of months inside 64 bits.
constexpr std::int64_t kMaxMonths = 12 * 12'000'000;

bool add_months_wide(std::int32_t day, std::int64_t months, std::int64_t& result) {
  if (months > kMaxMonths || months < -kMaxMonths) return false;
  const CivilDay date = civil_of(day);
  const std::int64_t month = month_number(date) + months;
  const std::int64_t year = floor_divide(month, 12);
  const int in_year = static_cast<int>(month - year * 12) + 1;
  // Days from the era's start, as in civil_of, so that the result may leave int32.
  const int kept = std::min(date.day, days_in_month(year, in_year));
  const std::int64_t shifted = in_year > 2 ? year : year - 1;
  const std::int64_t era = floor_divide(shifted, 400);
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (in_year > 2 ? in_year - 3 : in_year + 9) + 2) / 5 + kept - 1;
  result = era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
  return true;
}

}  // namespace

// The proleptic Gregorian calendar in eras of 400 years (146,097 days) that begin on 1 March: leap days come last.
CivilDay civil_of(std::int32_t day) {
  const std::int64_t shifted = std::int64_t{day} + 719'468;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto march_month = static_cast<int>((5 * day_of_year + 2) / 153);
  const int month = march_month < 10 ? march_month + 3 : march_month - 9;
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = static_cast<int>(day_of_year - (153 * march_month + 2) / 5) + 1};
}

std::int32_t day_of_civil(std::int64_t year, int month, int day) {
  const std::int64_t shifted = month > 2 ? year : year - 1;
  const std::int64_t era = floor_divide(shifted, 400);
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return clamp_day(era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468);
}

int days_in_month(std::int64_t year, int month) {
  static constexpr int kDays[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

int iso_weekday(std::int32_t day) {  // 1970-01-01 was a Thursday
  const std::int64_t days = std::int64_t{day} + 3;
  return static_cast<int>(days - floor_divide(days, 7) * 7) + 1;
}

bool add_months(std::int32_t day, std::int64_t months, std::int32_t& result) {
  std::int64_t wide = 0;
  if (!add_months_wide(day, months, wide)) return false;
  result = clamp_day(wide);
  return result == wide;
}

bool add_days(std::int32_t day, std::int64_t days, std::int32_t& result) {
  std::int64_t wide = 0;
  if (__builtin_add_overflow(std::int64_t{day}, days, &wide)) return false;
  result = clamp_day(wide);
  return result == wide;
}

std::int64_t months_between(std::int32_t from, std::int32_t to) {
  const CivilDay a = civil_of(from);
  const CivilDay b = civil_of(to);
  const std::int64_t months = month_number(b) - month_number(a);
  const bool reached = b.day >= std::min(a.day, days_in_month(b.year, b.month));
  return reached ? months : months - 1;
}

std::int64_t years_between(std::int32_t from, std::int32_t to) { return floor_divide(months_between(from, to), 12); }

std::int64_t weeks_between(std::int32_t from, std::int32_t to) { return floor_divide(std::int64_t{to} - from, 7); }

std::int64_t hours_between(std::int64_t from, std::int64_t to) { return floor_divide(to - from, base::kMicrosPerHour); }

std::int32_t unit_start(std::int32_t day, base::TimeUnit unit, base::Weekday week_starts) {
  switch (unit) {
    case base::TimeUnit::kHour:
    case base::TimeUnit::kDay: return day;
    case base::TimeUnit::kWeek: {
      const int since_start = iso_weekday(day) - 1 - static_cast<int>(week_starts);
      return clamp_day(std::int64_t{day} - (since_start < 0 ? since_start + 7 : since_start));
    }
    case base::TimeUnit::kMonth:
    case base::TimeUnit::kQuarter:
    case base::TimeUnit::kYear: break;
  }
  const CivilDay date = civil_of(day);
  if (unit == base::TimeUnit::kYear) return day_of_civil(date.year, 1, 1);
  const int month = unit == base::TimeUnit::kMonth ? date.month : date.month - (date.month - 1) % 3;
  return day_of_civil(date.year, month, 1);
}

std::int64_t unit_number(std::int32_t day, base::TimeUnit unit, base::Weekday week_starts) {
  switch (unit) {
    case base::TimeUnit::kHour:
    case base::TimeUnit::kDay: return day;
    case base::TimeUnit::kWeek: return floor_divide(unit_start(day, unit, week_starts), 7);
    case base::TimeUnit::kMonth:
    case base::TimeUnit::kQuarter:
    case base::TimeUnit::kYear: break;
  }
  const CivilDay civil = civil_of(day);
  if (unit == base::TimeUnit::kYear) return civil.year;
  const std::int64_t month = civil.year * 12 + civil.month - 1;
  return unit == base::TimeUnit::kMonth ? month : floor_divide(month, 3);
}

std::int64_t cadence_day(std::int64_t day, const base::Cadence& cadence, base::Weekday week_starts) {
  const auto last_of_period = [&](std::int64_t origin, std::int64_t length) {
    return origin + (floor_divide(day - origin, length) + 1) * length - 1;
  };
  std::int64_t months = cadence.count;
  switch (cadence.unit) {
    case base::TimeUnit::kHour:
    case base::TimeUnit::kDay: return last_of_period(0, cadence.count);
    case base::TimeUnit::kWeek:
      return last_of_period(unit_start(0, base::TimeUnit::kWeek, week_starts), 7 * cadence.count);
    case base::TimeUnit::kMonth: break;
    case base::TimeUnit::kQuarter: months *= 3; break;
    case base::TimeUnit::kYear: months *= 12; break;
  }
  const CivilDay date = civil_of(clamp_day(day));
  const std::int64_t end = (floor_divide(date.year * 12 + date.month - 1, months) + 1) * months;
  const std::int64_t year = floor_divide(end, 12);
  return std::int64_t{day_of_civil(year, static_cast<int>(end - year * 12) + 1, 1)} - 1;
}

// ---- zones ----------------------------------------------------------------------------------------------------------

class TimeZoneLoader {
 public:
  static std::unique_ptr<TimeZone> load(const std::string& name) {
    const std::unique_ptr<icu::TimeZone> rules(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
    if (!rules || *rules == icu::TimeZone::getUnknown()) return nullptr;
    auto zone = std::make_unique<TimeZone>();
    const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(rules.get());
    const double first_ms = -6.0e12;  // 1779: before the first zone was kept
    const double last_ms = 7.3e12;    // 2201
    zone->offsets_.push_back(offset(*rules, first_ms));
    icu::TimeZoneTransition transition;
    double at = first_ms;
    while (basic != nullptr && basic->getNextTransition(at, 0, transition) != 0 && transition.getTime() < last_ms) {
      at = transition.getTime();
      const std::int64_t after = offset(*rules, at);
      if (after == zone->offsets_.back()) continue;
      zone->transitions_.push_back(static_cast<std::int64_t>(at) * 1000);
      zone->offsets_.push_back(after);
    }
    return zone;
  }

 private:
  static std::int64_t offset(const icu::TimeZone& rules, double ms) {
    std::int32_t raw = 0;
    std::int32_t daylight = 0;
    UErrorCode error = U_ZERO_ERROR;
    rules.getOffset(ms, 0, raw, daylight, error);
    return (std::int64_t{raw} + daylight) * 1000;
  }
};

const TimeZone* TimeZone::find(std::string_view iana_name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> zones;
  const std::lock_guard lock(mutex);
  auto found = zones.find(iana_name);
  if (found == zones.end()) {
    std::string name(iana_name);
    std::unique_ptr<TimeZone> zone = TimeZoneLoader::load(name);
    found = zones.emplace(std::move(name), std::move(zone)).first;
  }
  return found->second.get();
}

std::int64_t TimeZone::offset_at(std::int64_t instant) const {
  const auto next = std::upper_bound(transitions_.begin(), transitions_.end(), instant);
  return offsets_[static_cast<std::size_t>(next - transitions_.begin())];
}

std::int32_t TimeZone::local_day(std::int64_t instant) const {
  return clamp_day(floor_divide(instant + offset_at(instant), base::kMicrosPerDay));
}

int TimeZone::local_hour(std::int64_t instant) const {
  const std::int64_t hours = floor_divide(instant + offset_at(instant), base::kMicrosPerHour);
  return static_cast<int>(hours - floor_divide(hours, 24) * 24);
}

// The earliest instant whose local time is at or after the day's midnight.
std::int64_t TimeZone::day_start(std::int32_t day) const {
  // Days that microseconds can't reach begin at the end of what they can.
  constexpr std::int32_t kMostDays = 100'000'000;
  const std::int64_t midnight = std::int64_t{std::clamp(day, -kMostDays, kMostDays)} * base::kMicrosPerDay;
  // No offset exceeds a day and a half, so earlier stretches end before this midnight.
  const std::int64_t early = midnight - 3 * base::kMicrosPerDay / 2;
  auto k = static_cast<std::size_t>(std::upper_bound(transitions_.begin(), transitions_.end(), early) -
                                    transitions_.begin());
  while (k < transitions_.size() && transitions_[k] + offsets_[k] <= midnight) ++k;
  const std::int64_t instant = midnight - offsets_[k];
  return k == 0 ? instant : std::max(instant, transitions_[k - 1]);
}

namespace {

// Calls use(i, local time) for each instant, looking the offset up only when the stretch between transitions is left.
template <class Use>
void for_each_local(const std::vector<std::int64_t>& transitions, const std::vector<std::int64_t>& offsets,
                    const std::int64_t* instants, std::uint64_t n, Use use) {
  std::int64_t begin = 1;
  std::int64_t end = 0;
  std::int64_t offset = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::int64_t instant = instants[i];
    if (instant < begin || instant >= end) {
      const auto next = static_cast<std::size_t>(std::upper_bound(transitions.begin(), transitions.end(), instant) -
                                                 transitions.begin());
      begin = next == 0 ? INT64_MIN : transitions[next - 1];
      end = next == transitions.size() ? INT64_MAX : transitions[next];
      offset = offsets[next];
    }
    use(i, instant + offset);
  }
}

}  // namespace

void TimeZone::local_days(const std::int64_t* instants, std::int32_t* days, std::uint64_t n) const {
  for_each_local(transitions_, offsets_, instants, n, [&](std::uint64_t i, std::int64_t local) {
    days[i] = clamp_day(floor_divide(local, base::kMicrosPerDay));
  });
}

void TimeZone::local_hours(const std::int64_t* instants, std::int64_t* hours, std::uint64_t n) const {
  for_each_local(transitions_, offsets_, instants, n, [&](std::uint64_t i, std::int64_t local) {
    const std::int64_t hour = floor_divide(local, base::kMicrosPerHour);
    hours[i] = hour - floor_divide(hour, 24) * 24;
  });
}

// ---- as-of and windows ----------------------------------------------------------------------------------------------

BoundAsOf bind_as_of(const base::AsOf& as_of, const TimeZone& zone) {
  BoundAsOf bound;
  if (!as_of.is_instant) {
    bound.day = as_of.day;
    bound.end_day = clamp_day(std::int64_t{as_of.day} + 1);
    bound.instant = zone.day_start(bound.end_day);
    return bound;
  }
  bound.instant = as_of.instant;
  bound.day = zone.local_day(as_of.instant);
  bound.end_day = zone.day_start(bound.day) < as_of.instant ? bound.day + 1 : bound.day;
  return bound;
}

namespace {

std::int32_t add_units(std::int32_t day, std::int64_t n, base::TimeUnit unit) {
  std::int32_t result = n < 0 ? INT32_MIN : INT32_MAX;  // what lies beyond the calendar is its edge
  std::int64_t factor = 1;
  const bool in_days = unit == base::TimeUnit::kHour || unit == base::TimeUnit::kDay || unit == base::TimeUnit::kWeek;
  if (unit == base::TimeUnit::kWeek) factor = 7;
  if (unit == base::TimeUnit::kQuarter) factor = 3;
  if (unit == base::TimeUnit::kYear) factor = 12;
  std::int64_t count = 0;
  if (__builtin_mul_overflow(n, factor, &count)) return result;
  std::int32_t sum = 0;
  return (in_days ? add_days(day, count, sum) : add_months(day, count, sum)) ? sum : result;
}

std::int64_t add_hours(std::int64_t instant, std::int64_t hours) {
  std::int64_t micros = 0;
  std::int64_t sum = 0;
  if (__builtin_mul_overflow(hours, base::kMicrosPerHour, &micros) || __builtin_add_overflow(instant, micros, &sum)) {
    return hours < 0 ? INT64_MIN : INT64_MAX;
  }
  return sum;
}

std::int64_t hour_start(std::int64_t instant, const TimeZone& zone) {
  const std::int64_t offset = zone.offset_at(instant);
  return floor_divide(instant + offset, base::kMicrosPerHour) * base::kMicrosPerHour - offset;
}

BoundWindow bind_hours(const base::Window& window, std::int64_t now, const TimeZone& zone) {
  BoundWindow bound;
  switch (window.kind) {
    case base::WindowKind::kLast: bound.from = add_hours(now, -window.n), bound.to = now; break;
    case base::WindowKind::kPrevious:
      bound.from = add_hours(now, -2 * window.n), bound.to = add_hours(now, -window.n);
      break;
    case base::WindowKind::kAgo: bound.from = add_hours(now, -window.n), bound.to = add_hours(now, -window.m); break;
    case base::WindowKind::kLastFull:
      bound.to = add_hours(hour_start(now, zone), -window.m);
      bound.from = add_hours(bound.to, window.m - window.n);
      break;
    case base::WindowKind::kThis: bound.from = hour_start(now - 1, zone), bound.to = now; break;
    case base::WindowKind::kNext: bound.from = now, bound.to = add_hours(now, window.n); break;
    case base::WindowKind::kAllTime:
    case base::WindowKind::kBetween: break;
  }
  return bound;
}

}  // namespace

BoundWindow bind_window(const base::Window& window, const base::AsOf& as_of, const TimeZone& zone,
                        base::Weekday week_starts) {
  using base::WindowKind;
  if (window.kind == WindowKind::kAllTime) return {};
  const BoundAsOf now = bind_as_of(as_of, zone);
  if (window.unit == base::TimeUnit::kHour && window.kind != WindowKind::kBetween) {
    return bind_hours(window, now.instant, zone);
  }
  const std::int32_t end = clamp_day(std::int64_t{now.day} + 1);
  BoundWindow bound;
  switch (window.kind) {
    case WindowKind::kLast:
      bound.from_day = add_units(end, -window.n, window.unit);
      bound.to_day = end;
      break;
    case WindowKind::kPrevious:
      bound.from_day = add_units(end, -2 * window.n, window.unit);
      bound.to_day = add_units(end, -window.n, window.unit);
      break;
    case WindowKind::kAgo:
      bound.from_day = add_units(end, -window.n, window.unit);
      bound.to_day = add_units(end, -window.m, window.unit);
      break;
    case WindowKind::kLastFull: {
      const std::int32_t over = unit_start(as_of.is_instant ? now.day : end, window.unit, week_starts);
      bound.to_day = add_units(over, -window.m, window.unit);
      bound.from_day = add_units(over, -window.n, window.unit);
      break;
    }
    case WindowKind::kThis:
      bound.from_day = unit_start(now.day, window.unit, week_starts);
      bound.to_day = end;
      break;
    case WindowKind::kNext:
      bound.from_day = now.day;
      bound.to_day = add_units(now.day, window.n, window.unit);
      break;
    case WindowKind::kBetween:
      bound.from_day = window.from_day;
      bound.to_day = clamp_day(std::int64_t{window.to_day} + 1);
      break;
    case WindowKind::kAllTime: break;
  }
  bound.from = zone.day_start(bound.from_day);
  bound.to = zone.day_start(bound.to_day);
  return bound;
}

}  // namespace seg::kernels
