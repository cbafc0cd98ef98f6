// What a run fixes and a rule does not: as-of, zone, first day of the week, values of params. In to bind, evaluate,
// test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/value.h"
#include "base/window.h"

namespace seg::base {

// A date means the end of that local day; an instant is one instant for every customer.
struct AsOf {
  bool is_instant = false;
  std::int32_t day = 0;      // days since 1970 (as-of date)
  std::int64_t instant = 0;  // microseconds since 1970 UTC (as-of instant); events at or after it do not exist
};

struct Binding {
  AsOf as_of;
  std::string time_zone = "UTC";  // the project's, an IANA name
  Weekday week_starts = Weekday::kMonday;
  std::vector<Value> params;  // by param id
};

}  // namespace seg::base
