// What dates expressions become: each rule as the condition of a segment of checked_rule.cpp's schema.
#include "tests/unit/check/checked_rule.h"

LOWERS("age(birth_date) >= 18", "ge(years_since(customer.birth_date), 18)")
LOWERS("age(seen) >= 18", "ge(years_since(date_of(customer.seen)), 18)")
LOWERS("years since birth_date > 3", "gt(years_since(customer.birth_date), 3)")
LOWERS("months since signup > 3", "gt(months_since(customer.signup), 3)")
LOWERS("weeks since signup > 3", "gt(weeks_since(customer.signup), 3)")
LOWERS("days since signup > 3", "gt(days_since(customer.signup), 3)")
LOWERS("days since seen > 3", "gt(days_since(date_of(customer.seen)), 3)")
LOWERS("hours since seen > 3", "gt(hours_since(customer.seen), 3)")
LOWERS("hours since signup > 3", "gt(hours_since(start_of_day(customer.signup)), 3)")
LOWERS("days until signup < 3", "lt(days_until(customer.signup), 3)")
LOWERS("signup before 2026-01-01", "lt(customer.signup, date 20454)")
LOWERS("signup after as_of", "gt(customer.signup, as_of)")
LOWERS("seen before 2026-01-01", "lt(date_of(customer.seen), date 20454)")
LOWERS("seen after 2026-01-01T10:00", "gt(customer.seen, time 1767258000000000)")
LOWERS("signup within last 30 days", "in_window(customer.signup, last 30 day)")
LOWERS("seen within last 48 hours", "in_window(customer.seen, last 48 hour)")
LOWERS("signup within next 7 days", "in_window(customer.signup, next 7 day)")
LOWERS("signup within this month", "in_window(customer.signup, this month)")
LOWERS("signup within last 2 full quarters", "in_window(customer.signup, last 2 full quarter)")
LOWERS("signup within 45 to 15 days ago", "in_window(customer.signup, 45 to 15 day ago)")
LOWERS("signup within 2026-01-01 to 2026-03-31", "in_window(customer.signup, days 20454 to 20543)")
LOWERS("signup within first 30 days after birth_date",
       "logical_and(ge(customer.signup, customer.birth_date), lt(customer.signup, add_days(customer.birth_date, 30)))")
LOWERS("birthday(birth_date) within next 7 days", "recurs_in_window(customer.birth_date, next 7 day)")
LOWERS("anniversary(seen) within this month", "recurs_in_window(date_of(customer.seen), this month)")
LOWERS("month of signup = 3", "eq(month_of(customer.signup), 3)")
LOWERS("weekday of seen in [6, 7]", "in_list(weekday_of(date_of(customer.seen)), [6, 7])")
LOWERS("hour of seen between 9 and 17", "logical_and(ge(hour_of(customer.seen), 9), le(hour_of(customer.seen), 17))")
LOWERS("year of seen = 2026", "eq(year_of(date_of(customer.seen)), 2026)")
LOWERS("day of signup = 1", "eq(day_of(customer.signup), 1)")
LOWERS("date of seen = 2026-01-01", "eq(date_of(customer.seen), date 20454)")
LOWERS("calendar month of signup = calendar month of as_of",
       "eq(calendar_unit_of(customer.signup, 3), calendar_unit_of(as_of, 3))")
LOWERS("calendar week of seen = calendar week of as_of",
       "eq(calendar_unit_of(date_of(customer.seen), 2), calendar_unit_of(as_of, 2))")
LOWERS("signup + 30 days > as_of", "gt(add_days(customer.signup, 30), as_of)")
LOWERS("signup - 2 weeks > as_of", "gt(add_days(customer.signup, -14), as_of)")
LOWERS("signup + 6 months > as_of", "gt(add_months(customer.signup, 6), as_of)")
LOWERS("signup - 1 years > as_of", "gt(add_months(customer.signup, -12), as_of)")
LOWERS("seen + 2 hours > 2026-01-01T10:00Z",
       "gt(add_duration(customer.seen, duration 7200000000), time 1767261600000000)")
LOWERS("as_of - signup > 30 days",
       "gt(multiply(duration 86400000000, to_number(days_between(customer.signup, as_of))), duration 2592000000000)")
LOWERS("seen - 2026-01-01T00:00Z > 3 hours",
       "gt(duration_between(time 1767225600000000, customer.seen), duration 10800000000)")
