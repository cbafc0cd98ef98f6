// The kernels' calendar against dates known by heart and against the reference's (another implementation: <chrono> and
// ICU calendars).
#include "runtime/kernels/calendar.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "reference/calendar.h"

using namespace seg;
using base::TimeUnit;
using base::WindowKind;

namespace {
const std::vector<std::string> kZones = {"UTC",           "Asia/Tehran",  "America/New_York",
                                         "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu"};
}

TEST_CASE("days of the civil calendar") {
  CHECK(kernels::day_of_civil(1970, 1, 1) == 0);
  CHECK(kernels::day_of_civil(2026, 6, 30) == 20634);
  CHECK(kernels::day_of_civil(2000, 2, 29) == 11016);
  CHECK(kernels::day_of_civil(1969, 12, 31) == -1);
  for (std::int32_t day = -1'000'000; day < 1'000'000; day += 37) {
    const kernels::CivilDay date = kernels::civil_of(day);
    REQUIRE(kernels::day_of_civil(date.year, date.month, date.day) == day);
    REQUIRE(date.day <= kernels::days_in_month(date.year, date.month));
  }
}

TEST_CASE("a month later is the same day, or the month's last") {
  std::int32_t day = 0;
  REQUIRE(kernels::add_months(kernels::day_of_civil(2026, 1, 31), 1, day));
  CHECK(day == kernels::day_of_civil(2026, 2, 28));
  REQUIRE(kernels::add_months(kernels::day_of_civil(2024, 2, 29), 12, day));
  CHECK(day == kernels::day_of_civil(2025, 2, 28));
  REQUIRE(kernels::add_months(kernels::day_of_civil(2026, 3, 31), -1, day));
  CHECK(day == kernels::day_of_civil(2026, 2, 28));
  REQUIRE(kernels::add_months(kernels::day_of_civil(2026, 1, 15), -13, day));
  CHECK(day == kernels::day_of_civil(2024, 12, 15));
}

TEST_CASE("months and days beyond the calendar are refused") {
  std::int32_t day = 0;
  CHECK_FALSE(kernels::add_days(INT32_MAX, 1, day));
  CHECK_FALSE(kernels::add_days(0, INT64_MAX, day));
  CHECK_FALSE(kernels::add_months(INT32_MAX, 1, day));
  CHECK_FALSE(kernels::add_months(0, INT64_MAX, day));
  CHECK_FALSE(kernels::add_months(INT32_MIN, -1, day));
}

TEST_CASE("completed years and months agree with the reference") {
  for (std::int32_t from = 19'000; from < 21'000; from += 13) {
    for (std::int32_t to = 18'900; to < 21'500; to += 29) {
      REQUIRE(kernels::months_between(from, to) == reference::completed_months(from, to));
    }
  }
  const std::int32_t leap = kernels::day_of_civil(2004, 2, 29);
  CHECK(kernels::years_between(leap, kernels::day_of_civil(2026, 2, 27)) == 21);
  CHECK(kernels::years_between(leap, kernels::day_of_civil(2026, 2, 28)) == 22);
  CHECK(kernels::years_between(leap, kernels::day_of_civil(2003, 2, 28)) == -1);
}

TEST_CASE("weekdays") {
  CHECK(kernels::iso_weekday(0) == 4);      // 1970-01-01, Thursday
  CHECK(kernels::iso_weekday(20634) == 2);  // 2026-06-30, Tuesday
  CHECK(kernels::iso_weekday(-1) == 3);
}

TEST_CASE("the first day of a unit") {
  const std::int32_t day = kernels::day_of_civil(2026, 8, 19);  // a Wednesday
  CHECK(kernels::unit_start(day, TimeUnit::kWeek, base::Weekday::kMonday) == kernels::day_of_civil(2026, 8, 17));
  CHECK(kernels::unit_start(day, TimeUnit::kWeek, base::Weekday::kSaturday) == kernels::day_of_civil(2026, 8, 15));
  CHECK(kernels::unit_start(day, TimeUnit::kWeek, base::Weekday::kWednesday) == day);
  CHECK(kernels::unit_start(day, TimeUnit::kMonth, base::Weekday::kMonday) == kernels::day_of_civil(2026, 8, 1));
  CHECK(kernels::unit_start(day, TimeUnit::kQuarter, base::Weekday::kMonday) == kernels::day_of_civil(2026, 7, 1));
  CHECK(kernels::unit_start(day, TimeUnit::kYear, base::Weekday::kMonday) == kernels::day_of_civil(2026, 1, 1));
}

TEST_CASE("an unknown zone is not found") {
  CHECK(kernels::TimeZone::find("Nowhere/None") == nullptr);
  CHECK(kernels::TimeZone::find("") == nullptr);
  CHECK(kernels::TimeZone::find("UTC") != nullptr);
}

TEST_CASE("clock changes: New York") {
  const auto& zone = *kernels::TimeZone::find("America/New_York");
  const std::int32_t spring = kernels::day_of_civil(2026, 3, 8);
  const std::int32_t autumn = kernels::day_of_civil(2026, 11, 1);
  CHECK(zone.day_start(spring + 1) - zone.day_start(spring) == 23 * base::kMicrosPerHour);
  CHECK(zone.day_start(autumn + 1) - zone.day_start(autumn) == 25 * base::kMicrosPerHour);
  CHECK(zone.local_hour(zone.day_start(spring) + 2 * base::kMicrosPerHour) == 3);
}

TEST_CASE("a day that a zone skipped begins where the next one does") {
  const auto& zone = *kernels::TimeZone::find("Pacific/Apia");
  const std::int32_t skipped = kernels::day_of_civil(2011, 12, 30);
  CHECK(zone.day_start(skipped) == zone.day_start(skipped + 1));
}

TEST_CASE("days and their starts agree with the reference in every zone") {
  for (const std::string& name : kZones) {
    CAPTURE(name);
    const kernels::TimeZone& zone = *kernels::TimeZone::find(name);
    base::Binding binding;
    binding.as_of.day = 20'634;
    binding.time_zone = name;
    const reference::LocalCalendar calendar(name, binding);
    for (std::int32_t day = 18'000; day < 21'500; day += 1) REQUIRE(zone.day_start(day) == calendar.start_of(day));
    for (std::int64_t t = 1'600'000'000; t < 1'800'000'000; t += 1'801) {
      const std::int64_t instant = t * base::kMicrosPerSecond;
      REQUIRE(zone.local_day(instant) == calendar.day_of(instant));
      REQUIRE(zone.local_hour(instant) == calendar.hour_of(instant));
    }
  }
}

TEST_CASE("many instants at once are the same as one at a time") {
  const auto& zone = *kernels::TimeZone::find("Europe/Berlin");
  std::vector<std::int64_t> instants;
  for (std::int64_t i = 0; i < 5'000; ++i) instants.push_back((i * 7'919 % 5'000) * 40 * base::kMicrosPerHour * 2 - 1);
  std::vector<std::int32_t> days(instants.size());
  std::vector<std::int64_t> hours(instants.size());
  zone.local_days(instants.data(), days.data(), instants.size());
  zone.local_hours(instants.data(), hours.data(), instants.size());
  for (std::size_t i = 0; i < instants.size(); ++i) {
    REQUIRE(days[i] == zone.local_day(instants[i]));
    REQUIRE(hours[i] == zone.local_hour(instants[i]));
  }
}

TEST_CASE("the last 3 months as of 30 June begin on 1 April") {
  const base::AsOf as_of = {.is_instant = false, .day = kernels::day_of_civil(2026, 6, 30)};
  const base::Window window = {.kind = WindowKind::kLast, .unit = TimeUnit::kMonth, .n = 3};
  const kernels::BoundWindow bound =
      kernels::bind_window(window, as_of, *kernels::TimeZone::find("UTC"), base::Weekday::kMonday);
  CHECK(bound.from_day == kernels::day_of_civil(2026, 4, 1));
  CHECK(bound.to_day == kernels::day_of_civil(2026, 7, 1));
}

TEST_CASE("as of an instant, the unit under way is not over") {
  const std::int32_t day = kernels::day_of_civil(2026, 6, 30);
  const base::AsOf as_of = {
      .is_instant = true, .day = day, .instant = day * base::kMicrosPerDay + 12 * base::kMicrosPerHour};
  const base::Window window = {.kind = WindowKind::kLastFull, .unit = TimeUnit::kMonth, .n = 1};
  const auto bound = kernels::bind_window(window, as_of, *kernels::TimeZone::find("UTC"), base::Weekday::kMonday);
  CHECK(bound.from_day == kernels::day_of_civil(2026, 5, 1));
  CHECK(bound.to_day == kernels::day_of_civil(2026, 6, 1));
  const base::AsOf by_day = {.is_instant = false, .day = day};
  CHECK(kernels::bind_window(window, by_day, *kernels::TimeZone::find("UTC"), base::Weekday::kMonday).to_day ==
        day + 1);
}

TEST_CASE("every window's edges agree with the reference") {
  const std::vector<WindowKind> kinds = {WindowKind::kLast,     WindowKind::kPrevious, WindowKind::kAgo,
                                         WindowKind::kLastFull, WindowKind::kThis,     WindowKind::kNext,
                                         WindowKind::kBetween};
  const std::vector<TimeUnit> units = {TimeUnit::kHour,  TimeUnit::kDay,     TimeUnit::kWeek,
                                       TimeUnit::kMonth, TimeUnit::kQuarter, TimeUnit::kYear};
  for (const std::string& name : kZones) {
    for (const bool is_instant : {false, true}) {
      base::Binding binding;
      binding.time_zone = name;
      binding.as_of.is_instant = is_instant;
      binding.as_of.day = kernels::day_of_civil(2026, 3, 31);
      binding.as_of.instant = binding.as_of.day * base::kMicrosPerDay + 5 * base::kMicrosPerHour + 17;
      const reference::LocalCalendar calendar(name, binding);
      for (const WindowKind kind : kinds) {
        for (const TimeUnit unit : units) {
          const base::Window window = {
              .kind = kind, .unit = unit, .n = 3, .m = 1, .from_day = 20'000, .to_day = 20'100};
          const auto bound =
              kernels::bind_window(window, binding.as_of, *kernels::TimeZone::find(name), binding.week_starts);
          CAPTURE(name);
          CAPTURE(static_cast<int>(kind));
          CAPTURE(static_cast<int>(unit));
          for (const std::int64_t edge : {bound.from, bound.to}) {
            for (const std::int64_t instant : {edge - 1, edge, edge + 1, edge + base::kMicrosPerDay}) {
              REQUIRE(calendar.instant_inside(instant, window) == (bound.from <= instant && instant < bound.to));
            }
          }
        }
      }
    }
  }
}
