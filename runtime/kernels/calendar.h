// Days, months, zones: the arithmetic behind dates, times and windows.
// In: days since 1970, instants (microseconds since 1970 UTC), IANA zone names. Out: the same kinds of numbers. Called
// by bind (windows become intervals), by the VM's kernels and by constant folding. Zones come from ICU, once per name,
// as a table of transitions: nothing here calls ICU per row.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/binding.h"
#include "base/cadence.h"
#include "base/value.h"
#include "base/window.h"

namespace seg::kernels {

struct CivilDay {
  std::int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
};
CivilDay civil_of(std::int32_t day);
std::int32_t day_of_civil(std::int64_t year, int month, int day);  // clamped to int32
int days_in_month(std::int64_t year, int month);
int iso_weekday(std::int32_t day);  // 1 Monday to 7 Sunday

// The month's last day where it has no such day. False: outside the int32 days (result unspecified).
bool add_months(std::int32_t day, std::int64_t months, std::int32_t& result);
bool add_days(std::int32_t day, std::int64_t days, std::int32_t& result);
std::int64_t years_between(std::int32_t from, std::int32_t to);   // completed; 29 Feb counts as 28 Feb; floor
std::int64_t months_between(std::int32_t from, std::int32_t to);  // completed; floor
std::int64_t weeks_between(std::int32_t from, std::int32_t to);   // floor(days / 7)
std::int64_t hours_between(std::int64_t from, std::int64_t to);   // floor

// The first day of the calendar unit that the day lies in (kHour: the day itself).
std::int32_t unit_start(std::int32_t day, base::TimeUnit unit, base::Weekday week_starts);

// Its number: calendar units one after another have numbers one after another.
std::int64_t unit_number(std::int32_t day, base::TimeUnit unit, base::Weekday week_starts);

// The first day of the cadence (base/cadence.h) that is not before `day`.
std::int64_t cadence_day(std::int64_t day, const base::Cadence& cadence, base::Weekday week_starts);

class TimeZone {
 public:
  // Null: there is no such zone. Found ones live until the program ends; safe from several threads.
  static const TimeZone* find(std::string_view iana_name);

  std::int64_t offset_at(std::int64_t instant) const;  // microseconds to add to UTC
  std::int32_t local_day(std::int64_t instant) const;
  std::int64_t day_start(std::int32_t day) const;  // local midnight, or the day's first instant
  int local_hour(std::int64_t instant) const;

  // At most one transition table look-up for many instants of one zone: the loops of the VM.
  void local_days(const std::int64_t* instants, std::int32_t* days, std::uint64_t n) const;
  void local_hours(const std::int64_t* instants, std::int64_t* hours, std::uint64_t n) const;

 private:
  friend class TimeZoneLoader;
  std::vector<std::int64_t> transitions_;  // instants, ascending
  std::vector<std::int64_t> offsets_;      // transitions_.size() + 1
};

// What as-of means in one zone.
struct BoundAsOf {
  std::int32_t day = 0;      // the as-of day there
  std::int64_t instant = 0;  // E for an as-of date, else the instant: events at or after it do not exist
  std::int32_t end_day = 0;  // the first day whose local midnight is at or after `instant`: of date fields that are
                             // event times, days from it on do not exist
};
BoundAsOf bind_as_of(const base::AsOf& as_of, const TimeZone& zone);

// base/window.h as half-open intervals: of instants, and of local days (for windows in hours: unspecified).
struct BoundWindow {
  std::int64_t from = INT64_MIN;
  std::int64_t to = INT64_MAX;
  std::int32_t from_day = INT32_MIN;
  std::int32_t to_day = INT32_MAX;
};
BoundWindow bind_window(const base::Window& window, const base::AsOf& as_of, const TimeZone& zone,
                        base::Weekday week_starts);

}  // namespace seg::kernels
