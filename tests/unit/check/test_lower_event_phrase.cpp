// What event phrase expressions become: each rule as the condition of a segment of checked_rule.cpp's schema.
#include "tests/unit/check/checked_rule.h"

LOWERS("did purchase", "[exists of purchase by customer]")
LOWERS("did not purchase over last 30 days", "logical_not([exists of purchase by customer over last 30 day])")
LOWERS("did purchase where channel is web and amount > 5 EUR over last 3 months",
       "[exists of purchase by customer where logical_and(eq(purchase.channel, web), gt(purchase.amount, money 50000)) "
       "over last 3 month]")
LOWERS("did (purchase where amount > 5 EUR) and consent_email is yes",
       "logical_and([exists of purchase by customer where gt(purchase.amount, money 50000)], customer.consent_email)")
LOWERS("did purchase at least 3 times over last 30 days", "ge([count of purchase by customer over last 30 day], 3)")
LOWERS("did purchase at most 2 times", "le([count of purchase by customer], 2)")
LOWERS_WITH("did purchase exactly k times", "param k = 2", "eq([count of purchase by customer], param k)")
LOWERS("did big_purchase over previous 90 days",
       "[exists of purchase by customer where ge(purchase.amount, money 2000000) over previous 90 day]")
LOWERS("did contact over last 30 days", "[exists of contact by customer over last 30 day]")
LOWERS(
    "any device where os is \"iOS\" and os_version >= \"12.4\"",
    "[exists of device by customer where logical_and(eq(device.os, \"iOS\"), ge(device.os_version, version \"12.4\"))]")
LOWERS("no purchase where channel is shop",
       "logical_not([exists of purchase by customer where eq(purchase.channel, shop)])")
LOWERS("every purchase where channel is web",
       "eq([count of purchase by customer], [count of purchase by customer where eq(purchase.channel, web)])")
LOWERS(
    "every big_purchase where channel is web over last 30 days",
    "eq([count of purchase by customer where ge(purchase.amount, money 2000000) over last 30 day], [count of purchase "
    "by customer where logical_and(ge(purchase.amount, money 2000000), eq(purchase.channel, web)) over last 30 day])")
LOWERS("first purchase within last 30 days",
       "is_true(in_window([minimum of purchase by customer value purchase.at], last 30 day))")
LOWERS("first (purchase where channel is web) within last 30 days",
       "is_true(in_window([minimum of purchase by customer value purchase.at where eq(purchase.channel, web)], last 30 "
       "day))")
LOWERS("first purchase within first 30 days after signup",
       "is_true(logical_and(ge(date_of([minimum of purchase by customer value purchase.at]), customer.signup), "
       "lt(date_of([minimum of purchase by customer value purchase.at]), add_days(customer.signup, 30))))")
LOWERS("days since last purchase > 60",
       "gt(days_since(date_of([maximum of purchase by customer value purchase.at])), 60)")
LOWERS("days since first purchase > 60",
       "gt(days_since(date_of([minimum of purchase by customer value purchase.at])), 60)")
LOWERS("days since last (call where length > 8) > 45",
       "gt(days_since([maximum of call by customer value call.on_day where gt(call.length, 8)]), 45)")
LOWERS("hours since last purchase > 45", "gt(hours_since([maximum of purchase by customer value purchase.at]), 45)")
LOWERS("did purchase where purchase.country is customer.country",
       "[exists of purchase by customer where eq(purchase.country, customer->customer.country)]")
LOWERS("did purchase where product.category is \"Shoes\"",
       "[exists of purchase by customer where eq(product->product.category, \"Shoes\")]")
LOWERS("did purchase where amount > average(purchase.amount)",
       "[exists of purchase by customer where gt(purchase.amount, customer->[average of purchase by customer value "
       "purchase.amount])]")
LOWERS_WITH("did purchase where amount > spend / 10", "metric spend = sum(purchase.amount)",
            "[exists of purchase by customer where gt(purchase.amount, divide(customer->[sum of purchase by customer "
            "value purchase.amount], 10.000000))]")
LOWERS("did purchase over first 30 days after signup",
       "[exists of purchase by customer where logical_and(ge(date_of(purchase.at), customer->customer.signup), "
       "lt(date_of(purchase.at), add_days(customer->customer.signup, 30)))]")
LOWERS("did purchase over first 2 months after seen",
       "[exists of purchase by customer where logical_and(ge(date_of(purchase.at), date_of(customer->customer.seen)), "
       "lt(date_of(purchase.at), add_months(date_of(customer->customer.seen), 2)))]")
LOWERS("did purchase over first 3 hours after seen",
       "[exists of purchase by customer where logical_and(ge(purchase.at, customer->customer.seen), lt(purchase.at, "
       "add_duration(customer->customer.seen, duration 10800000000)))]")
LOWERS("did purchase over last 1 quarters", "[exists of purchase by customer over last 1 quarter]")
LOWERS("did purchase over last 3 full weeks", "[exists of purchase by customer over last 3 full week]")
LOWERS("did purchase over this year", "[exists of purchase by customer over this year]")
LOWERS("did purchase over 45 to 15 days ago", "[exists of purchase by customer over 45 to 15 day ago]")
LOWERS("did purchase over 2026-01-01 to 2026-03-31", "[exists of purchase by customer over days 20454 to 20543]")
LOWERS_WITH("did purchase over last n days", "param n = 3",
            "[exists of purchase by customer where logical_and(ge(date_of(purchase.at), add_days(add_days(as_of, 1), "
            "multiply(param n, -1))), lt(date_of(purchase.at), add_days(as_of, 1)))]")
LOWERS_WITH(
    "did purchase over previous n months", "param n = 3",
    "[exists of purchase by customer where logical_and(ge(date_of(purchase.at), add_months(add_days(as_of, 1), "
    "multiply(param n, -2))), lt(date_of(purchase.at), add_months(add_days(as_of, 1), multiply(param n, -1))))]")
LOWERS("did call over last 2 days", "[exists of call by customer over last 2 day]")
LOWERS("any depot where staff > 3", "[exists of depot (all) where gt(depot.staff, 3)]")
