// Types of values, and metrics of entities.
#include "tests/unit/check/checked_rule.h"

using seg::check_test::check_account;
using seg::check_test::check_metric;

namespace {

struct Typed {
  const char* expression;
  const char* type;
};

constexpr Typed kTyped[] = {
    {"visits", "integer"},
    {"visits / 2", "number"},
    {"visits * 2", "integer"},
    {"visits + 0.5", "number"},
    {"15%", "number"},
    {"income", "money EUR"},
    {"rent", "money CHF"},
    {"income / 2", "money EUR"},
    {"income / 1 EUR", "number"},
    {"sum(purchase.amount)", "money EUR"},
    {"sum(payment.total where currency of total is USD)", "money USD"},
    {"average(purchase.quantity)", "number"},
    {"average(purchase.amount)", "money EUR"},
    {"median(purchase.quantity)", "number"},
    {"sum(purchase.quantity)", "integer"},
    {"count(purchase)", "integer"},
    {"distinct(purchase.product)", "integer"},
    {"minimum(purchase.at)", "time"},
    {"last(purchase.renewal)", "date"},
    {"most common(purchase.channel)", "choice"},
    {"share(big_purchase out of purchase)", "number"},
    {"average(purchase.gap)", "number"},
    {"maximum(purchase.gap)", "integer"},
    {"seen - 2026-01-01T00:00", "duration"},
    {"as_of - signup", "duration"},
    {"signup + 3 months", "date"},
    {"seen + 3 hours", "time"},
    {"days since signup", "integer"},
    {"calendar month of seen", "date"},
    {"hour of seen", "integer"},
    {"walk * 2", "distance"},
    {"walk / 2 km", "number"},
    {"if vip then 1 else 2.5", "number"},
    {"visits or if missing 0", "integer"},
    {"vip and consent_email", "flag"},
    {"min_of(visits, 3)", "integer"},
    {"round(rating, 1)", "number"},
    {"round(income)", "money EUR"},
    {"length(name)", "integer"},
    {"lower(name)", "text"},
};

}  // namespace

TEST_CASE("types of values") {
  for (const Typed& typed : kTyped) {
    CAPTURE(typed.expression);
    CHECK(check_metric(typed.expression).type == typed.type);
  }
}

TEST_CASE("an account's customers are aggregated like events") {
  CHECK(check_account("count(customer where country is \"DE\")").text ==
        "[count of customer by account where eq(customer.country, \"DE\")]");
  CHECK(check_account("sum(customer.spend)", "metric spend of customer = sum(purchase.amount)").text ==
        "[sum of customer by account value [sum of purchase by customer value purchase.amount]]");
}

TEST_CASE("phrases of the inner row look outwards for whom their events belong to") {
  CHECK(check_account("if every customer where did purchase then 1 else 0").text ==
        "if_then_else(eq([count of customer by account], [count of customer by account where [exists of purchase by "
        "customer]]), 1, 0)");
  CHECK(check_account("count(customer where founded before signup)").text ==
        "[count of customer by account where lt(account->account.founded, customer.signup)]");
}

TEST_CASE("equal expressions are one expression") {
  CHECK(check_metric("a + b",
                     "metric a of customer = sum(purchase.quantity)\nmetric b of customer = sum(purchase.quantity)")
            .text ==
        "add([sum of purchase by customer value purchase.quantity], [sum of purchase by customer value "
        "purchase.quantity])");
}
