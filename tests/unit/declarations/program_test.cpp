#include <doctest/doctest.h>

#include "program/program.h"
#include "tests/unit/declarations/checked_text.h"

using namespace seg;
using base::TableKind;
using seg::check::check_text;
using seg::check::CheckedText;

namespace {
const base::Table* table(const CheckedText& checked, std::string_view name) {
  for (const base::Table& table : checked.result.program.schema.tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}
}  // namespace

TEST_CASE("an event has its owner first and knows its time") {
  CheckedText checked;
  check_text(checked, "");
  const base::Table* purchase = table(checked, "purchase");
  REQUIRE(purchase != nullptr);
  CHECK(purchase->columns[purchase->owner].name == "customer");
  CHECK(purchase->columns[purchase->time].name == "at");
}

TEST_CASE("a union has the owner, the time and what its parts share; equal choices are one") {
  CheckedText checked;
  check_text(checked, "events contact = purchase, visit\nsegment a { when did contact }\n");
  CHECK(checked.codes() == "");
  const base::Table* contact = table(checked, "contact");
  REQUIRE(contact != nullptr);
  CHECK(contact->kind == TableKind::kUnion);
  REQUIRE(contact->columns.size() == 3);
  CHECK(contact->columns[2].name == "channel");
  REQUIRE(contact->parts.size() == 2);
  CHECK(contact->parts[1].columns.size() == 3);
}

TEST_CASE("grouped events are selections, unions and groups of each other") {
  CheckedText checked;
  check_text(
      checked,
      "events big = purchase where amount > 5 EUR\nevents day = big grouped by channel { amount: sum(amount) }\n"
      "events any_day = day, visit\nevents web_day = any_day where channel is web\nsegment a { when did web_day }\n");
  CHECK(checked.codes() == "");
  const base::Table* day = table(checked, "day");
  REQUIRE(day != nullptr);
  REQUIRE(day->group.has_value());
  CHECK(day->group->filter != program::kNone);
  CHECK(day->group->num_plain == 3);
  CHECK(day->columns.size() == 4);
}

TEST_CASE("tiers are numbered as their choice, ranked ones from the lowest") {
  CheckedText checked;
  check_text(checked,
             "ranked partition p { tier gold when count(purchase) > 9\n tier silver when count(purchase) > 3\n "
             "otherwise bronze }\n"
             "segment a { when p at least silver }\n");
  CHECK(checked.codes() == "");
  const program::Output* p = checked.output("p");
  REQUIRE(p != nullptr);
  REQUIRE(p->tiers.size() == 3);
  CHECK(p->tiers[0].choice == 2);
  CHECK(p->tiers[2].choice == 0);
  CHECK(p->tiers[2].condition == program::kNone);
  const auto& values = checked.result.program.schema.choices[p->type.detail].values;
  CHECK(values == std::vector<std::string>{"bronze", "silver", "gold"});
}

TEST_CASE("each clause of a rule has its place and its expression") {
  CheckedText checked;
  check_text(checked, "segment a { when all of { did purchase; city is \"Ghent\" } }\n");
  const program::Output* a = checked.output("a");
  REQUIRE(a != nullptr);
  REQUIRE(a->clause != program::kNone);
  const program::Clause& clause = checked.result.program.clauses[a->clause];
  CHECK(clause.expr == a->root);
  REQUIRE(clause.children.size() == 2);
  CHECK(checked.sources.text(checked.result.program.clauses[clause.children[1]].span) == "city is \"Ghent\"");
}

TEST_CASE("rows of a test: owners, repetitions, references, days ago") {
  CheckedText checked;
  check_text(
      checked,
      "segment a { when did purchase }\n"
      "test \"t\" as of 2026-03-31 { customer ana { city \"Ghent\" }\n 3 purchase of ana 1 month ago { amount 5 EUR }\n"
      " expect ana in segment a }\n");
  CHECK(checked.codes() == "");
  REQUIRE(checked.result.program.tests.size() == 1);
  const program::TestCase& test = checked.result.program.tests[0];
  REQUIRE(test.rows.size() == 4);
  CHECK(test.rows[3].owner_row == 0);
  CHECK(test.as_of.day == 20543);
  for (const auto& [column, value] : test.rows[1].values) {
    const std::string& name = checked.result.program.schema.tables[test.rows[1].table].columns[column].name;
    if (name == "at") CHECK(value.integer() == std::int64_t{20512} * base::kMicrosPerDay);  // 28 February
    if (name == "amount") CHECK(value.integer() == 50'000);
  }
  REQUIRE(test.expectations.size() == 1);
  CHECK(test.expectations[0].row == 0);
}
