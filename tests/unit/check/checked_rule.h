// One expression checked against a small schema: what it became, or which diagnostics it got.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace seg::check_test {

struct CheckedRule {
  std::string text;                // print() of the lowered expression; empty if it was refused
  std::string type;                // keyword of its type, with the currency of money
  std::vector<std::string> codes;  // "S3101", in order of place; warnings are left out
  std::vector<std::string> messages;
  std::vector<std::string> notes;           // notes, helps, labels and fixes of all of them
  bool says(std::string_view words) const;  // in a message, a note, a help or a label
};

// The expression as a metric of the customer, beside `rules`.
CheckedRule check_metric(const std::string& expression, const std::string& rules = "");
// As the condition of a segment.
CheckedRule check_when(const std::string& condition, const std::string& rules = "");
// As a metric of an account.
CheckedRule check_account(const std::string& expression, const std::string& rules = "");

}  // namespace seg::check_test

// A test case of its own for each rule: LOWERS("vip is yes", "customer.vip").
#define LOWERS_WITH(rule, rules, expected)                                              \
  TEST_CASE(rule) {                                                                     \
    const seg::check_test::CheckedRule seen = seg::check_test::check_when(rule, rules); \
    CHECK(seen.text == expected);                                                       \
    CHECK(seen.codes == std::vector<std::string>{});                                    \
  }
#define LOWERS(rule, expected) LOWERS_WITH(rule, "", expected)
