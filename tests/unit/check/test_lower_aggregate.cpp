// What aggregate expressions become: each rule as the condition of a segment of checked_rule.cpp's schema.
#include "tests/unit/check/checked_rule.h"

LOWERS("count(purchase) > 2", "gt([count of purchase by customer], 2)")
LOWERS("count(purchase.note) > 2", "gt([count of purchase by customer value purchase.note], 2)")
LOWERS("sum(purchase.amount over last 12 months) > 5 EUR",
       "gt([sum of purchase by customer value purchase.amount over last 12 month], money 50000)")
LOWERS("sum(purchase.quantity) > 5", "gt([sum of purchase by customer value purchase.quantity], 5)")
LOWERS("sum(purchase.amount * purchase.discount over last 30 days) > 5 EUR",
       "gt([sum of purchase by customer value multiply(purchase.amount, purchase.discount) over last 30 day], money "
       "50000)")
LOWERS("average(purchase.amount where channel is web) > 5 EUR",
       "gt([average of purchase by customer value purchase.amount where eq(purchase.channel, web)], money 50000)")
LOWERS("average(purchase.quantity) > 5", "gt([average of purchase by customer value purchase.quantity], 5.000000)")
LOWERS("median(purchase.discount) > 5", "gt([median of purchase by customer value purchase.discount], 5.000000)")
LOWERS("minimum(purchase.at) < 2026-01-01T00:00Z",
       "lt([minimum of purchase by customer value purchase.at], time 1767225600000000)")
LOWERS("maximum(purchase.note) is \"z\"", "eq([maximum of purchase by customer value purchase.note], \"z\")")
LOWERS("distinct(purchase.product) > 3", "gt([distinct of purchase by customer value purchase.product], 3)")
LOWERS("distinct(purchase.product.category) > 3",
       "gt([distinct of purchase by customer value product->product.category], 3)")
LOWERS("first(purchase.channel) is web", "eq([first of purchase by customer value purchase.channel], web)")
LOWERS("last(purchase.amount where amount is known) > 5 EUR",
       "gt([last of purchase by customer value purchase.amount where is_known(purchase.amount)], money 50000)")
LOWERS("most common(purchase.channel) is web", "eq([most_common of purchase by customer value purchase.channel], web)")
LOWERS("most common(purchase.product) is \"P1\"",
       "eq([most_common of purchase by customer value product->product.id], \"P1\")")
LOWERS("share(big_purchase out of purchase) > 10%",
       "gt(divide([count of purchase by customer where ge(purchase.amount, money 2000000)], [count of purchase by "
       "customer]), 0.100000)")
LOWERS("share(big_purchase out of purchase over last 90 days) > 10%",
       "gt(divide([count of purchase by customer where ge(purchase.amount, money 2000000) over last 90 day], [count of "
       "purchase by customer over last 90 day]), 0.100000)")
LOWERS("share(big_purchase.amount out of purchase.amount) > 10%",
       "gt(divide([sum of purchase by customer value purchase.amount where ge(purchase.amount, money 2000000)], [sum "
       "of purchase by customer value purchase.amount]), 0.100000)")
LOWERS("average(purchase.gap) > 30", "gt([average of purchase by customer value gap], 30.000000)")
LOWERS("sum(payment.total where currency of total is CHF) > 5 CHF",
       "gt([sum of payment by customer value payment.total where eq(payment.currency_code, \"CHF\")], money 50000)")
LOWERS("did payment where currency of total is CHF and total > 5 CHF",
       "[exists of payment by customer where logical_and(eq(payment.currency_code, \"CHF\"), gt(payment.total, money "
       "50000))]")
LOWERS("currency of rent is CHF", "eq(\"CHF\", \"CHF\")")
LOWERS("count(depot where staff > 3) > 2", "gt([count of depot (all) where gt(depot.staff, 3)], 2)")
