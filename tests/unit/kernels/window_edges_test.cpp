// Windows and as-of at edges that the sweep of calendar_test.cpp does not reach: found by faults put in on purpose
// (tests/faults/windows.fault).
#include <doctest/doctest.h>

#include "runtime/kernels/calendar.h"

using namespace seg;
using base::TimeUnit;
using base::Weekday;
using base::WindowKind;

namespace {
const kernels::TimeZone& utc() { return *kernels::TimeZone::find("UTC"); }
std::int64_t midnight(std::int32_t day) { return std::int64_t{day} * base::kMicrosPerDay; }
}  // namespace

TEST_CASE("leap years: by four, not by a hundred, but by four hundred") {
  CHECK(kernels::days_in_month(2024, 2) == 29);
  CHECK(kernels::days_in_month(2023, 2) == 28);
  CHECK(kernels::days_in_month(1900, 2) == 28);
  CHECK(kernels::days_in_month(2000, 2) == 29);
  CHECK(kernels::days_in_month(2100, 2) == 28);
  std::int32_t day = 0;
  REQUIRE(kernels::add_months(kernels::day_of_civil(2000, 1, 31), 1, day));
  CHECK(day == kernels::day_of_civil(2000, 2, 29));
}

TEST_CASE("this week begins on the project's day") {
  const std::int32_t thursday = kernels::day_of_civil(2026, 6, 25);
  const base::AsOf as_of{.day = thursday};
  const base::Window week{.kind = WindowKind::kThis, .unit = TimeUnit::kWeek};
  CHECK(kernels::bind_window(week, as_of, utc(), Weekday::kMonday).from_day == kernels::day_of_civil(2026, 6, 22));
  CHECK(kernels::bind_window(week, as_of, utc(), Weekday::kSaturday).from_day == kernels::day_of_civil(2026, 6, 20));
  CHECK(kernels::bind_window(week, as_of, utc(), Weekday::kSunday).from_day == kernels::day_of_civil(2026, 6, 21));
  CHECK(kernels::bind_window(week, as_of, utc(), Weekday::kThursday).from_day == thursday);
  CHECK(kernels::bind_window(week, as_of, utc(), Weekday::kFriday).from_day == kernels::day_of_civil(2026, 6, 19));
  CHECK(kernels::bind_window(week, as_of, utc(), Weekday::kFriday).to_day == thursday + 1);
}

TEST_CASE("as of an instant at midnight, nothing of the day that begins has happened") {
  const std::int32_t day = kernels::day_of_civil(2026, 6, 30);
  const base::AsOf at_midnight{.is_instant = true, .instant = midnight(day)};
  CHECK(kernels::bind_as_of(at_midnight, utc()).day == day);
  CHECK(kernels::bind_as_of(at_midnight, utc()).end_day == day);
  const base::AsOf later{.is_instant = true, .instant = midnight(day) + 1};
  CHECK(kernels::bind_as_of(later, utc()).end_day == day + 1);
  const base::AsOf date{.day = day};
  CHECK(kernels::bind_as_of(date, utc()).instant == midnight(day + 1));
  CHECK(kernels::bind_as_of(date, utc()).end_day == day + 1);
}
