// What logic expressions become: each rule as the condition of a segment of checked_rule.cpp's schema.
#include "tests/unit/check/checked_rule.h"

LOWERS("vip and consent_email", "logical_and(customer.vip, customer.consent_email)")
LOWERS("vip or consent_email or visits > 3", "logical_or(customer.vip, customer.consent_email, gt(customer.visits, 3))")
LOWERS("not vip", "logical_not(customer.vip)")
LOWERS("all of { vip, consent_email }", "logical_and(customer.vip, customer.consent_email)")
LOWERS("any of { vip, consent_email, visits > 3 }",
       "logical_or(customer.vip, customer.consent_email, gt(customer.visits, 3))")
LOWERS("none of { vip, consent_email }", "logical_not(logical_or(customer.vip, customer.consent_email))")
LOWERS("none of { vip }", "logical_not(customer.vip)")
LOWERS("all of { vip }", "customer.vip")
LOWERS("at least 2 of { vip, consent_email, visits > 3 }",
       "at_least(2, customer.vip, customer.consent_email, gt(customer.visits, 3))")
LOWERS("at most 1 of { vip, consent_email }", "at_most(1, customer.vip, customer.consent_email)")
LOWERS("exactly 1 of { vip, consent_email }", "exactly(1, customer.vip, customer.consent_email)")
LOWERS_WITH("at least k of { vip, consent_email }", "param k = 1",
            "logical_or(logical_and(eq(param k, 0), at_least(0, customer.vip, customer.consent_email)), "
            "logical_and(eq(param k, 1), at_least(1, customer.vip, customer.consent_email)), logical_and(eq(param k, "
            "2), at_least(2, customer.vip, customer.consent_email)), lt(param k, 0))")
LOWERS_WITH("at most k of { vip }", "param k = 1",
            "logical_or(logical_and(eq(param k, 0), at_most(0, customer.vip)), logical_and(eq(param k, 1), at_most(1, "
            "customer.vip)), gt(param k, 1))")
LOWERS("(vip or consent_email) and visits > 3",
       "logical_and(logical_or(customer.vip, customer.consent_email), gt(customer.visits, 3))")
LOWERS("(if vip then 5 else 3.5) > 2", "gt(if_then_else(customer.vip, 5.000000, 3.500000), 2.000000)")
LOWERS("(if vip then \"a\" else country) is \"a\"", "eq(if_then_else(customer.vip, \"a\", customer.country), \"a\")")
LOWERS("(income or if missing 0 EUR) > 5 EUR", "gt(coalesce(customer.income, money 0), money 50000)")
LOWERS("(visits or if missing 0) > 2", "gt(coalesce(customer.visits, 0), 2)")
LOWERS("(income or if missing 0 EUR or if missing 1 EUR) > 5 EUR",
       "gt(coalesce(coalesce(customer.income, money 0), money 10000), money 50000)")
LOWERS("income or if missing 0 EUR > 5 EUR", "gt(coalesce(customer.income, money 0), money 50000)")
