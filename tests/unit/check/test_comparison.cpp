#include <doctest/doctest.h>

#include "tests/unit/check/checked_rule.h"

using seg::check_test::check_when;

TEST_CASE("comparisons") {
  CHECK(check_when("country is \"DE\"").text == "eq(customer.country, \"DE\")");
  CHECK(check_when("income >= 500 EUR").text == "ge(customer.income, money 5000000)");
}

TEST_CASE("text is folded on both sides where the field is") {
  CHECK(check_when("city is \"Téhran\"").text == "eq(fold(customer.city), \"tehran\")");
}
