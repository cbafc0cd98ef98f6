// The days on which a sticky segment asks who comes and who goes: "every month", "every 2 weeks". In: the checker. Out:
// read by the runtime and the reference interpreter, each with a calendar of its own.
//
// They are days of the calendar and nothing else: neither the as-of nor the data moves them. A cadence of n units cuts
// time into periods of n whole units, and its day is the last one of each period:
//   kDay      n days each; one begins on 1 January 1970
//   kWeek     n weeks each; one begins with the week (of the project's first day) that has 1 January 1970 in it
//   kMonth, kQuarter, kYear   n of them each, counted from January of the year 0: every 2 months end with February,
//             every 3 months with March, every 2 years with odd years
#pragma once

#include <cstdint>

#include "base/window.h"

namespace seg::base {

struct Cadence {
  TimeUnit unit = TimeUnit::kMonth;  // not kHour
  std::int64_t count = 1;            // 1 to kMaxCadence

  friend bool operator==(const Cadence&, const Cadence&) = default;
};
inline constexpr std::int64_t kMaxCadence = 10'000;

}  // namespace seg::base
