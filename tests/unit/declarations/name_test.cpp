#include <doctest/doctest.h>

#include "tests/unit/declarations/checked_text.h"

using namespace seg;
using seg::check::check_text;
using seg::check::CheckedText;

TEST_CASE("declarations may come in any order") {
  CheckedText checked;
  check_text(checked, "segment a { when spend > limit }\nmetric spend = sum(purchase.amount)\nparam limit = 3 EUR\n");
  CHECK(checked.codes() == "");
  REQUIRE(checked.output("a") != nullptr);
  CHECK(checked.output("a")->root != program::kNone);
}

TEST_CASE("a metric used twice is one expression") {
  CheckedText checked;
  check_text(checked,
             "metric spend = sum(purchase.amount)\nsegment a { when spend > 3 EUR }\n"
             "segment b { when sum(purchase.amount) > 3 EUR }\n");
  CHECK(checked.codes() == "");
  CHECK(checked.output("a")->root == checked.output("b")->root);
}

TEST_CASE("a name that two declarations have") {
  CheckedText checked;
  check_text(checked, "param x = 3\nmetric x = count(purchase)\n");
  CHECK(checked.codes() == "S2002");
}

TEST_CASE("cycles are said once, whatever they go through") {
  CheckedText segments;
  check_text(segments,
             "segment a { when in segment b }\nsegment b { when in segment c }\nsegment c { when in segment a }\n");
  CHECK(segments.codes() == "S2004");
  CheckedText through_defines;
  check_text(through_defines, "define f(x) = m + x\nmetric m = f(1)\nmetric n = m + 1\n");
  CHECK(through_defines.codes() == "S2004");
}

TEST_CASE("what needs an erroneous rule says nothing more") {
  CheckedText checked;
  check_text(
      checked,
      "metric spend = sum(purchase.amuont)\nsegment a { when spend > 3 EUR }\nsegment b { when in segment a }\n");
  CHECK(checked.codes() == "S2104");
}

TEST_CASE("thousands of rules in a chain, forwards and backwards") {
  std::string forwards = "segment s0 { when did purchase }\n";
  std::string backwards = "segment s5000 { when did purchase }\n";
  for (int i = 1; i <= 5000; ++i) {
    forwards += "segment s" + std::to_string(i) + " { when in segment s" + std::to_string(i - 1) + " }\n";
    backwards =
        "segment s" + std::to_string(5000 - i) + " { when in segment s" + std::to_string(5001 - i) + " }\n" + backwards;
  }
  for (const std::string* rules : {&forwards, &backwards}) {
    CheckedText checked;
    check_text(checked, *rules);
    CHECK(checked.codes() == "");
    CHECK(checked.result.program.outputs.size() == 5001);
  }
}

TEST_CASE("a cycle of thousands is an error and no crash") {
  std::string rules;
  for (int i = 0; i < 5000; ++i) {
    rules += "segment s" + std::to_string(i) + " { when in segment s" + std::to_string((i + 1) % 5000) + " }\n";
  }
  CheckedText checked;
  check_text(checked, rules);
  CHECK_FALSE(checked.result.ok);
}

TEST_CASE("values of params from outside replace the defaults") {
  CheckedText checked;
  check_text(checked, "param limit = 3\nsegment a { when count(purchase) > limit }\n", {},
             {{.name = "limit", .text = "12", .origin = "--set"}});
  CHECK(checked.codes() == "");
  REQUIRE(checked.result.program.params.size() == 1);
  CHECK(checked.result.program.params[0].value == base::Value::of(std::int64_t{12}));
  CheckedText wrong;
  check_text(wrong, "param limit = 3\nsegment a { when count(purchase) > limit }\n", {},
             {{.name = "limit", .text = "\"x\"", .origin = "--set"}, {.name = "limt", .text = "3", .origin = "--set"}});
  CHECK(wrong.codes() == "S3001 S2112");
}
