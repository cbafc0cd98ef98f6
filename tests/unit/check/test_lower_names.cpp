// What names expressions become: each rule as the condition of a segment of checked_rule.cpp's schema.
#include "tests/unit/check/checked_rule.h"

LOWERS("favourite.category is \"Shoes\"", "eq(favourite->product.category, \"Shoes\")")
LOWERS("account.industry is \"bank\"", "eq(account->account.industry, \"bank\")")
LOWERS("customer.country is \"DE\"", "eq(customer.country, \"DE\")")
LOWERS("climate[city].zone is cold", "eq(climate[customer.city].zone, cold)")
LOWERS("climate[city].mean > 3", "gt(climate[customer.city].mean, 3.000000)")
LOWERS_WITH("income > limit", "param limit = 500 EUR", "gt(customer.income, param limit)")
LOWERS_WITH("spend > 500 EUR", "metric spend = sum(purchase.amount)",
            "gt([sum of purchase by customer value purchase.amount], money 5000000)")
LOWERS_WITH("customer.spend > 500 EUR", "metric spend = sum(purchase.amount)",
            "gt([sum of purchase by customer value purchase.amount], money 5000000)")
LOWERS_WITH("account.crew > 3", "metric crew of account = employees", "gt(account->account.employees, 3)")
LOWERS_WITH("in segment good", "segment good { when vip }", "member good")
LOWERS_WITH("not in segment good", "segment good { when vip }", "logical_not(member good)")
LOWERS_WITH("loyalty is gold",
            "ranked partition loyalty {\ntier gold when vip\ntier silver when visits > 3\notherwise none\n}",
            "eq(tier loyalty, gold)")
LOWERS_WITH("loyalty at least silver",
            "ranked partition loyalty {\ntier gold when vip\ntier silver when visits > 3\notherwise none\n}",
            "ge(tier loyalty, silver)")
LOWERS_WITH("loyalty is missing",
            "ranked partition loyalty {\ntier gold when vip\ntier silver when visits > 3\notherwise none\n}",
            "is_missing(tier loyalty)")
LOWERS_WITH("adult", "define adult = age(birth_date) >= 18", "ge(years_since(customer.birth_date), 18)")
LOWERS_WITH("big(income)", "define big(x) = x > 3 EUR", "gt(customer.income, money 30000)")
LOWERS_WITH("did purchase where is_big(amount)", "define is_big(x) = x > 100 EUR",
            "[exists of purchase by customer where gt(purchase.amount, money 1000000)]")
LOWERS_WITH("recent(30)", "define recent(n) = did purchase over last n days",
            "[exists of purchase by customer over last 30 day]")
LOWERS_WITH("active(purchase)", "define active(e) = did e over last 30 days",
            "[exists of purchase by customer over last 30 day]")
LOWERS_WITH("active(purchase where channel is web)", "define active(e) = did e over last 30 days",
            "[exists of purchase by customer where eq(purchase.channel, web) over last 30 day]")
LOWERS_WITH("spent(purchase.amount) > 3 EUR", "define spent(x) = sum(x over last 30 days)",
            "gt([sum of purchase by customer value purchase.amount over last 30 day], money 30000)")
