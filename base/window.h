// Periods of the language ("over last 3 months", "within next 7 days") before as-of and zone are known.
// Binding turns each into one half-open interval of instants (for times) or of local days (for dates).
//
// E is the end of the as-of day: the local midnight that begins the day after as-of. U is the unit, n and m are counts.
//   kAllTime     (-inf, end of as-of]
//   kLast        [E - n U, E)                          "last 3 months" as of 30 June begins on 1 April
//   kPrevious    [E - 2n U, E - n U)
//   kAgo         [E - n U, E - m U)                    "45 to 15 days ago": n = 45, m = 15
//   kLastFull    the n latest calendar units that are over: they end at or before the as-of instant (of a date: E);
//                without the m latest of them
//   kThis        [start of the calendar unit that the as-of day lies in, E)
//   kNext        [start of the as-of day, that + n U)
//   kBetween     [from_day, to_day + 1): both days are in it
// Subtracting months, quarters, years from a day keeps the day of the month, or takes the month's last day where it
// has no such day. In hours (kLast, kPrevious, kAgo, kNext) the edges are exact instants: the as-of instant (for an
// as-of date: E) replaces E; kThis and kLastFull hours are clock hours of the zone. Whatever the window, events after
// the as-of instant (for an as-of date: at or after E) do not exist. For a date field a day d is inside when first day
// <= d < end day; windows in hours over dates are refused by the checker.
#pragma once

#include <cstdint>

namespace seg::base {

enum class TimeUnit : std::uint8_t { kHour, kDay, kWeek, kMonth, kQuarter, kYear };
enum class WindowKind : std::uint8_t { kAllTime, kLast, kPrevious, kAgo, kLastFull, kThis, kNext, kBetween };
enum class Weekday : std::uint8_t { kMonday, kTuesday, kWednesday, kThursday, kFriday, kSaturday, kSunday };

struct Window {
  WindowKind kind = WindowKind::kAllTime;
  TimeUnit unit = TimeUnit::kDay;
  std::int64_t n = 0;
  std::int64_t m = 0;
  std::int32_t from_day = 0;  // kBetween: days since 1970
  std::int32_t to_day = 0;

  friend bool operator==(const Window&, const Window&) = default;
};

}  // namespace seg::base
