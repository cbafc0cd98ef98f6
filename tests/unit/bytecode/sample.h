// A module with most of what a module can hold, for tests of the format.
#pragma once

#include "compiler/bytecode/compile.h"
#include "tests/unit/exec/world.h"

namespace seg::test {

inline bytecode::Module sample_module() {
  World w;
  w.program.params.push_back({.name = "limit", .type = kMoney, .value = money(5), .doc = "", .span = {}});
  const ExprId web = w.flag(Fn::eq, {w.field(kOrder, "channel"), w.literal(kText, word("web"))});
  const base::Window quarter = {.kind = base::WindowKind::kLast, .unit = base::TimeUnit::kDay, .n = 90};
  const ExprId spent = w.aggregate(
      AggFn::kSum, kMoney,
      {.child = kOrder, .reference = "customer", .value = w.field(kOrder, "amount"), .filter = web, .window = quarter});
  w.segment("spender",
            w.flag(Fn::logical_and,
                   {w.flag(Fn::ge, {spent, w.program.param(0)}),
                    w.flag(Fn::in_list, {w.field(kCustomer, "city"), w.literal(kTexts, words({"Rome", "Oslo"}))})}));
  w.metric("name", w.call(Fn::lower, kText, {w.field(kCustomer, "name")}));
  w.partition("tiers", {w.flag(Fn::gt, {w.field(kCustomer, "age"), w.literal(kInteger, whole(40))})}, true, true);
  w.metric("last", w.aggregate(AggFn::kLast, kText,
                               {.child = kContact, .reference = "customer", .value = w.field(kContact, "channel")}));
  w.program.schema.tables[kContact].parts[1].filter = web;
  w.segment("friendly", w.follow(kCustomer, "friend", w.flag(Fn::gt, {spent, w.literal(kMoney, money(1))})));
  w.segment("climate", w.flag(Fn::is_known, {w.program.lookup(kCustomer, kClimate, 2, {w.field(kCustomer, "city")})}));
  w.segment("baskets", w.aggregate(AggFn::kExists, kFlag, {.child = kBasket, .reference = "customer"}));
  // An order, then the same channel again for more, and no call within a day: its steps are siblings of the first.
  const auto rows = [&](base::TableId child) {
    return program::Aggregate{.frame = kCustomer, .child = child, .child_ref = w.column(child, "customer")};
  };
  program::Sequence again;
  again.first = rows(kOrder);
  again.steps.push_back({.rows = rows(kOrder), .ties = {w.field(kOrder, "channel")}});
  again.steps[0].ties_before = again.steps[0].ties;
  again.steps.push_back(
      {.rows = rows(kCall), .negated = true, .gap = w.literal(kDuration, whole(base::kMicrosPerDay))});
  program::Sequence larger = again;
  larger.steps[0].rows.filter =
      w.flag(Fn::gt, {w.field(kOrder, "amount"), w.program.step_one(kOrder, w.field(kOrder, "amount"))});
  w.segment("again", w.aggregate(AggFn::kExists, kFlag,
                                 {.child = kOrder, .reference = "customer", .filter = w.program.sequence(again)}));
  w.segment("larger", w.aggregate(AggFn::kExists, kFlag,
                                  {.child = kOrder, .reference = "customer", .filter = w.program.sequence(larger)}));
  return bytecode::compile(w.program, {});
}

}  // namespace seg::test
