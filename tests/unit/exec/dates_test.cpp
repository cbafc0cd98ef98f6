// Dates, times, windows, zones.
#include <doctest/doctest.h>

#include "tests/unit/exec/world.h"

using namespace seg::test;
using seg::base::TimeUnit;
using seg::base::Window;
using seg::base::WindowKind;

namespace {

World born() {
  World w;  // as of 2026-06-30
  w.row(kCustomer, {{"id", whole(1)}, {"born", date(2000, 2, 29)}, {"joined", at(2026, 6, 30, 23.5)}});
  w.row(kCustomer, {{"id", whole(2)}, {"born", date(1990, 7, 1)}, {"joined", at(2026, 6, 29, 0)}});
  w.row(kCustomer, {{"id", whole(3)}, {"born", date(2026, 6, 30)}, {"joined", at(2026, 7, 1, 0.5)}});
  w.row(kCustomer, {{"id", whole(4)}, {"born", date(2027, 1, 31)}, {"joined", at(1969, 12, 31, 23)}});
  w.row(kCustomer, {{"id", whole(5)}});
  w.load();
  return w;
}

}  // namespace

TEST_CASE("vm: figures since a date") {
  World w = born();
  const ExprId d = w.field(kCustomer, "born");
  CHECK_VALUES(w, w.call(Fn::years_since, kInteger, {d}), whole(26), whole(35), whole(0), whole(-1), missing());
  CHECK_VALUES(w, w.call(Fn::months_since, kInteger, {d}), whole(316), whole(431), whole(0), whole(-7), missing());
  CHECK_VALUES(w, w.call(Fn::days_since, kInteger, {d}), whole(9618), whole(13148), whole(0), whole(-215), missing());
  CHECK_VALUES(w, w.call(Fn::weeks_since, kInteger, {d}), whole(1374), whole(1878), whole(0), whole(-31), missing());
  CHECK_VALUES(w, w.call(Fn::days_until, kInteger, {d}), whole(-9618), whole(-13148), whole(0), whole(215), missing());
  CHECK_VALUES(w, w.call(Fn::hours_since, kInteger, {w.field(kCustomer, "joined")}), whole(0), whole(48), whole(-1),
               whole(495241), missing());
}

TEST_CASE("vm: parts of a date") {
  World w = born();
  const ExprId d = w.field(kCustomer, "born");
  CHECK_VALUES(w, w.call(Fn::year_of, kInteger, {d}), whole(2000), whole(1990), whole(2026), whole(2027), missing());
  CHECK_VALUES(w, w.call(Fn::month_of, kInteger, {d}), whole(2), whole(7), whole(6), whole(1), missing());
  CHECK_VALUES(w, w.call(Fn::day_of, kInteger, {d}), whole(29), whole(1), whole(30), whole(31), missing());
  CHECK_VALUES(w, w.call(Fn::weekday_of, kInteger, {d}), whole(2), whole(7), whole(2), whole(7), missing());
  CHECK_VALUES(w, w.call(Fn::hour_of, kInteger, {w.field(kCustomer, "joined")}), whole(23), whole(0), whole(0),
               whole(23), missing());
  const auto unit = [&](TimeUnit u) {
    return w.call(Fn::calendar_unit_of, kDate, {d, w.literal(kInteger, whole(static_cast<int>(u)))});
  };
  CHECK_VALUES(w, unit(TimeUnit::kMonth), date(2000, 2, 1), date(1990, 7, 1), date(2026, 6, 1), date(2027, 1, 1),
               missing());
  CHECK_VALUES(w, unit(TimeUnit::kQuarter), date(2000, 1, 1), date(1990, 7, 1), date(2026, 4, 1), date(2027, 1, 1),
               missing());
  CHECK_VALUES(w, unit(TimeUnit::kWeek), date(2000, 2, 28), date(1990, 6, 25), date(2026, 6, 29), date(2027, 1, 25),
               missing());
  w.binding.week_starts = seg::base::Weekday::kSunday;
  CHECK_VALUES(w, unit(TimeUnit::kWeek), date(2000, 2, 27), date(1990, 7, 1), date(2026, 6, 28), date(2027, 1, 31),
               missing());
}

TEST_CASE("vm: dates and durations") {
  World w = born();
  const ExprId d = w.field(kCustomer, "born");
  const ExprId t = w.field(kCustomer, "joined");
  CHECK_VALUES(w, w.call(Fn::add_days, kDate, {d, w.literal(kInteger, whole(1))}), date(2000, 3, 1), date(1990, 7, 2),
               date(2026, 7, 1), date(2027, 2, 1), missing());
  CHECK_VALUES(w, w.call(Fn::add_months, kDate, {d, w.literal(kInteger, whole(13))}), date(2001, 3, 29),
               date(1991, 8, 1), date(2027, 7, 30), date(2028, 2, 29), missing());
  CHECK_VALUES(w, w.call(Fn::add_days, kDate, {d, w.literal(kInteger, whole(INT64_MAX))}), missing(), missing(),
               missing(), missing(), missing());
  CHECK_VALUES(w, w.call(Fn::add_duration, kTime, {t, w.literal(kDuration, whole(3'600'000'000))}), at(2026, 7, 1, 0.5),
               at(2026, 6, 29, 1), at(2026, 7, 1, 1.5), at(1970, 1, 1, 0), missing());
  CHECK_VALUES(w, w.call(Fn::duration_between, kDuration, {t, w.literal(kTime, at(2026, 6, 30, 0))}),
               whole(-84'600'000'000), whole(86'400'000'000), whole(-88'200'000'000),
               whole(1'782'777'600'000'000 + 3'600'000'000), missing());
  CHECK_VALUES(w, w.call(Fn::days_between, kInteger, {d, w.call(Fn::date_of, kDate, {t})}), whole(9618), whole(13147),
               whole(1), whole(-20850), missing());
  CHECK_VALUES(w, w.call(Fn::start_of_day, kTime, {w.call(Fn::date_of, kDate, {t})}), at(2026, 6, 30, 0),
               at(2026, 6, 29, 0), at(2026, 7, 1, 0), at(1969, 12, 31, 0), missing());
  CHECK_VALUES(w, w.program.as_of_day(), date(2026, 6, 30), date(2026, 6, 30), date(2026, 6, 30), date(2026, 6, 30),
               date(2026, 6, 30));
}

TEST_CASE("vm: dates and times inside windows") {
  World w = born();
  const ExprId d = w.field(kCustomer, "born");
  const ExprId t = w.field(kCustomer, "joined");
  CHECK_VALUES(w, w.program.in_window(d, {.kind = WindowKind::kLast, .unit = TimeUnit::kDay, .n = 1}), no(), no(),
               yes(), no(), missing());
  CHECK_VALUES(w, w.program.in_window(t, {.kind = WindowKind::kLast, .unit = TimeUnit::kDay, .n = 2}), yes(), yes(),
               no(), no(), missing());
  CHECK_VALUES(w, w.program.in_window(t, {.kind = WindowKind::kLast, .unit = TimeUnit::kHour, .n = 24}), yes(), no(),
               no(), no(), missing());
  CHECK_VALUES(w, w.program.in_window(d, {.kind = WindowKind::kNext, .unit = TimeUnit::kYear, .n = 1}), no(), no(),
               yes(), yes(), missing());
  CHECK_VALUES(
      w,
      w.program.in_window(d, {.kind = WindowKind::kBetween, .from_day = day(1990, 7, 1), .to_day = day(2000, 2, 29)}),
      yes(), yes(), no(), no(), missing());
}

TEST_CASE("vm: birthdays inside windows") {
  World w = born();
  const ExprId d = w.field(kCustomer, "born");
  CHECK_VALUES(w, w.program.recurs_in_window(d, {.kind = WindowKind::kNext, .unit = TimeUnit::kDay, .n = 2}), no(),
               yes(), no(), no(), missing());
  CHECK_VALUES(w,
               w.program.recurs_in_window(
                   d, {.kind = WindowKind::kBetween, .from_day = day(2026, 2, 28), .to_day = day(2026, 2, 28)}),
               yes(), no(), no(), no(), missing());
  CHECK_VALUES(w,
               w.program.recurs_in_window(
                   d, {.kind = WindowKind::kBetween, .from_day = day(2028, 2, 29), .to_day = day(2028, 2, 29)}),
               yes(), no(), no(), no(), missing());
  CHECK_VALUES(w, w.program.recurs_in_window(d, {.kind = WindowKind::kLast, .unit = TimeUnit::kYear, .n = 1}), yes(),
               yes(), no(), no(), missing());
}

TEST_CASE("vm: each customer's days are local") {
  World w;
  w.program.schema.tables[kCustomer].zone = w.column(kCustomer, "zone");
  // 2026-06-30 22:30 UTC
  for (const Value& zone : {word("Asia/Tehran"), word("America/New_York"), word("UTC"), word("Nowhere"), missing()}) {
    w.row(kCustomer, {{"id", whole(1)}, {"zone", zone}, {"joined", at(2026, 6, 30, 22.5)}});
  }
  for (std::int64_t c = 0; c < 5; ++c) w.row(kOrder, {{"customer", whole(c)}, {"at", at(2026, 6, 30, 22.5)}});
  w.load();
  const ExprId t = w.field(kCustomer, "joined");
  CHECK_VALUES(w, w.call(Fn::date_of, kDate, {t}), date(2026, 7, 1), date(2026, 6, 30), date(2026, 6, 30),
               date(2026, 6, 30), date(2026, 6, 30));
  CHECK_VALUES(w, w.call(Fn::hour_of, kInteger, {t}), whole(2), whole(18), whole(22), whole(22), whole(22));
  CHECK_VALUES(w, w.program.in_window(t, {.kind = WindowKind::kLast, .unit = TimeUnit::kDay, .n = 1}), no(), yes(),
               yes(), yes(), yes());
  // An event after its owner's midnight does not exist yet.
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer"}), whole(0), whole(1),
               whole(1), whole(1), whole(1));
  const ExprId order_day = w.call(Fn::date_of, kDate, {w.field(kOrder, "at")});
  CHECK_VALUES(w, w.aggregate(AggFn::kLast, kDate, {.child = kOrder, .reference = "customer", .value = order_day}),
               missing(), date(2026, 6, 30), date(2026, 6, 30), date(2026, 6, 30), date(2026, 6, 30));
  // As-of an instant, its day is each one's own.
  w.binding.as_of = {.is_instant = true, .day = 0, .instant = at(2026, 6, 30, 23).integer()};
  CHECK_VALUES(w, w.call(Fn::days_since, kInteger, {w.literal(kDate, date(2026, 6, 30))}), whole(0), whole(0), whole(0),
               whole(0), whole(0));
  const ExprId since = w.call(Fn::days_since, kInteger, {w.call(Fn::date_of, kDate, {t})});
  CHECK_VALUES(w, since, whole(0), whole(0), whole(0), whole(0), whole(0));
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer"}), whole(1), whole(1),
               whole(1), whole(1), whole(1));
}
