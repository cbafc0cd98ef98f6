#include "reference/calendar.h"

#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <chrono>

namespace seg::reference {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

year_month_day civil(std::int32_t day) { return sys_days(days(day)); }

std::int32_t day_number(year_month_day date) {
  return static_cast<std::int32_t>(sys_days(date).time_since_epoch().count());
}

// The month's last day where it has no such day.
year_month_day clamped(std::chrono::year_month month, std::chrono::day day) {
  const year_month_day last = month / std::chrono::last;
  return day > last.day() ? last : month / day;
}

}  // namespace

struct LocalCalendar::Zone {
  std::unique_ptr<icu::TimeZone> rules;
  std::unique_ptr<icu::GregorianCalendar> calendar;
};

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

std::int32_t add_units(std::int32_t day, std::int64_t n, base::TimeUnit unit) {
  switch (unit) {
    case base::TimeUnit::kHour:
    case base::TimeUnit::kDay: return static_cast<std::int32_t>(day + n);
    case base::TimeUnit::kWeek: return static_cast<std::int32_t>(day + 7 * n);
    case base::TimeUnit::kQuarter: n *= 3; break;
    case base::TimeUnit::kYear: n *= 12; break;
    case base::TimeUnit::kMonth: break;
  }
  const year_month_day date = civil(day);
  const auto month = std::chrono::year_month(date.year(), date.month()) + std::chrono::months(n);
  return day_number(clamped(month, date.day()));
}

std::int64_t completed_months(std::int32_t from, std::int32_t to) {
  const year_month_day a = civil(from);
  const year_month_day b = civil(to);
  std::int64_t months =
      (static_cast<int>(b.year()) - static_cast<int>(a.year())) * 12 +
      (static_cast<int>(static_cast<unsigned>(b.month())) - static_cast<int>(static_cast<unsigned>(a.month())));
  if (add_units(from, months, base::TimeUnit::kMonth) > to) --months;
  return months;
}

LocalCalendar::LocalCalendar(const std::string& zone, const base::Binding& binding)
    : zone_(std::make_unique<Zone>()), week_starts_(binding.week_starts), is_instant_(binding.as_of.is_instant) {
  zone_->rules.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
  if (*zone_->rules == icu::TimeZone::getUnknown()) {
    zone_->rules.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(binding.time_zone)));
  }
  UErrorCode error = U_ZERO_ERROR;
  zone_->calendar = std::make_unique<icu::GregorianCalendar>(*zone_->rules, error);
  zone_->calendar->setGregorianChange(-8.64e15, error);  // Gregorian throughout
  zone_->calendar->setSkippedWallTimeOption(UCAL_WALLTIME_NEXT_VALID);
  zone_->calendar->setRepeatedWallTimeOption(UCAL_WALLTIME_FIRST);
  if (is_instant_) {
    as_of_end_ = binding.as_of.instant;
    as_of_day_ = day_of(as_of_end_);
  } else {
    as_of_day_ = binding.as_of.day;
    as_of_end_ = start_of(as_of_day_ + 1);
  }
}

LocalCalendar::~LocalCalendar() = default;

std::int64_t LocalCalendar::offset_at(std::int64_t instant) const {
  std::int32_t raw = 0;
  std::int32_t daylight = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone_->rules->getOffset(static_cast<double>(floor_div(instant, 1000)), 0, raw, daylight, error);
  return (static_cast<std::int64_t>(raw) + daylight) * 1000;
}

std::int32_t LocalCalendar::day_of(std::int64_t instant) const {
  return static_cast<std::int32_t>(floor_div(instant + offset_at(instant), base::kMicrosPerDay));
}

std::int32_t LocalCalendar::hour_of(std::int64_t instant) const {
  return static_cast<std::int32_t>(floor_div(instant + offset_at(instant), base::kMicrosPerHour) -
                                   24 * std::int64_t{day_of(instant)});
}

std::int64_t LocalCalendar::start_of(std::int32_t day) const {
  UErrorCode error = U_ZERO_ERROR;
  icu::GregorianCalendar& calendar = *zone_->calendar;
  const year_month_day date = civil(day);
  calendar.clear();
  calendar.set(UCAL_EXTENDED_YEAR, static_cast<int>(date.year()));
  calendar.set(UCAL_MONTH, static_cast<int>(static_cast<unsigned>(date.month())) - 1);
  calendar.set(UCAL_DATE, static_cast<int>(static_cast<unsigned>(date.day())));
  return static_cast<std::int64_t>(calendar.getTime(error)) * 1000;
}

std::int64_t LocalCalendar::hour_floor(std::int64_t instant) const {
  const std::int64_t offset = offset_at(instant);
  return floor_div(instant + offset, base::kMicrosPerHour) * base::kMicrosPerHour - offset;
}

std::int32_t LocalCalendar::unit_start(std::int32_t day, base::TimeUnit unit) const {
  const year_month_day date = civil(day);
  switch (unit) {
    case base::TimeUnit::kHour:
    case base::TimeUnit::kDay: return day;
    case base::TimeUnit::kWeek: {
      const int monday_based = static_cast<int>(std::chrono::weekday(sys_days(date)).iso_encoding()) - 1;
      return day - (monday_based - static_cast<int>(week_starts_) + 7) % 7;
    }
    case base::TimeUnit::kMonth: return day_number(date.year() / date.month() / 1);
    case base::TimeUnit::kQuarter: {
      const unsigned first = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
      return day_number(date.year() / std::chrono::month(first) / 1);
    }
    case base::TimeUnit::kYear: return day_number(date.year() / 1 / 1);
  }
  return day;
}

std::int64_t LocalCalendar::cadence_day(std::int64_t day, const base::Cadence& cadence) const {
  const auto last_of_period = [&](std::int64_t first, std::int64_t length) {
    return first + (floor_div(day - first, length) + 1) * length - 1;
  };
  if (cadence.unit == base::TimeUnit::kDay) return last_of_period(0, cadence.count);
  if (cadence.unit == base::TimeUnit::kWeek)
    return last_of_period(unit_start(0, base::TimeUnit::kWeek), 7 * cadence.count);
  const std::int64_t in_unit = cadence.unit == base::TimeUnit::kYear      ? 12
                               : cadence.unit == base::TimeUnit::kQuarter ? 3
                                                                          : 1;
  const year_month_day date = civil(static_cast<std::int32_t>(day));
  const std::int64_t month = int{date.year()} * std::int64_t{12} + static_cast<unsigned>(date.month()) - 1;
  const std::int64_t end = (floor_div(month, in_unit * cadence.count) + 1) * in_unit * cadence.count;
  const auto months_on = add_units(unit_start(static_cast<std::int32_t>(day), base::TimeUnit::kMonth), end - month,
                                   base::TimeUnit::kMonth);
  return std::int64_t{months_on} - 1;
}

bool LocalCalendar::is_over(std::int64_t day) const { return is_instant_ ? day < as_of_day_ : day <= as_of_day_; }

// Windows in whole days: [first, end).
LocalCalendar::Days LocalCalendar::days_of(const base::Window& window) const {
  using base::WindowKind;
  const std::int32_t end = as_of_day_ + 1;
  switch (window.kind) {
    case WindowKind::kAllTime: return {INT64_MIN, INT64_MAX};
    case WindowKind::kLast: return {add_units(end, -window.n, window.unit), end};
    case WindowKind::kPrevious:
      return {add_units(end, -2 * window.n, window.unit), add_units(end, -window.n, window.unit)};
    case WindowKind::kAgo: return {add_units(end, -window.n, window.unit), add_units(end, -window.m, window.unit)};
    case WindowKind::kLastFull: {
      const std::int32_t over = unit_start(is_instant_ ? as_of_day_ : end, window.unit);
      return {add_units(over, -window.n, window.unit), add_units(over, -window.m, window.unit)};
    }
    case WindowKind::kThis: return {unit_start(as_of_day_, window.unit), end};
    case WindowKind::kNext: return {as_of_day_, add_units(as_of_day_, window.n, window.unit)};
    case WindowKind::kBetween: return {window.from_day, std::int64_t{window.to_day} + 1};
  }
  return {0, 0};
}

bool LocalCalendar::day_inside(std::int32_t day, const base::Window& window) const {
  const Days days = days_of(window);
  return days.first <= day && day < days.end;
}

bool LocalCalendar::recurs_inside(std::int32_t day, const base::Window& window) const {
  const Days days = days_of(window);
  for (std::int64_t year = 1;; ++year) {
    const std::int32_t again = add_units(day, year, base::TimeUnit::kYear);
    if (again >= days.end || again > as_of_day_ + 400'000) return false;
    if (again >= days.first) return true;
  }
}

bool LocalCalendar::instant_inside(std::int64_t instant, const base::Window& window) const {
  using base::WindowKind;
  if (window.unit != base::TimeUnit::kHour || window.kind == WindowKind::kAllTime ||
      window.kind == WindowKind::kBetween) {
    return day_inside(day_of(instant), window);
  }
  const std::int64_t now = as_of_end_;
  const auto between = [&](std::int64_t first, std::int64_t end) { return first <= instant && instant < end; };
  const std::int64_t hour = base::kMicrosPerHour;
  switch (window.kind) {
    case WindowKind::kLast: return between(now - window.n * hour, now);
    case WindowKind::kPrevious: return between(now - 2 * window.n * hour, now - window.n * hour);
    case WindowKind::kAgo: return between(now - window.n * hour, now - window.m * hour);
    case WindowKind::kNext: return between(now, now + window.n * hour);
    case WindowKind::kLastFull: return between(hour_floor(now) - window.n * hour, hour_floor(now) - window.m * hour);
    case WindowKind::kThis: return between(hour_floor(now - 1), now);
    case WindowKind::kAllTime:
    case WindowKind::kBetween: break;
  }
  return false;
}

}  // namespace seg::reference
