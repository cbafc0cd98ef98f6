// What needs more than one table or pass: references, nested aggregates, whole tables, derived tables, segments in
// segments, partitions, look-ups; and what a run reports.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>

#include "compiler/bytecode/compile.h"
#include "runtime/exec/run.h"
#include "tests/unit/exec/world.h"

using namespace seg::test;
using seg::base::TimeUnit;
using seg::base::Window;
using seg::base::WindowKind;

namespace {

// Friends: 0 -> 1, 1 -> 1, 2 -> 0, 3 -> nobody. Orders: 0 has two in one basket and one beside, 1 has one, 3 has one.
World shop() {
  World w;
  w.row(kCustomer, {{"id", whole(0)}, {"age", whole(20)}, {"city", word("Rome")}, {"friend", whole(1)}});
  w.row(kCustomer, {{"id", whole(1)}, {"age", whole(50)}, {"city", word("Oslo")}, {"friend", whole(1)}});
  w.row(kCustomer, {{"id", whole(2)}, {"city", word("Paris")}, {"friend", whole(0)}});
  w.row(kCustomer, {{"id", whole(3)}, {"age", whole(40)}});
  w.row(kProduct, {{"id", whole(1)}, {"kind", word("shoe")}, {"price", money(50)}});
  w.row(kProduct, {{"id", whole(2)}, {"kind", word("hat")}});
  const auto order = [&](std::int64_t c, Value when, double amount, std::int64_t basket, Value product) {
    w.row(kOrder, {{"customer", whole(c)},
                   {"at", when},
                   {"amount", money(amount)},
                   {"basket", whole(basket)},
                   {"product", product},
                   {"channel", word(c == 0 ? "web" : "app")}});
  };
  order(0, at(2026, 6, 2), 10, 7, whole(0));
  order(0, at(2026, 6, 1), 5, 7, whole(1));
  order(0, at(2026, 5, 1), 100, 8, whole(0));
  order(1, at(2026, 6, 3), 1, 7, missing());
  order(3, at(2026, 6, 4), 2, 9, whole(1));
  order(3, at(2026, 8, 4), 2, 9, whole(1));  // after as-of
  w.row(kClimate, {{"city", word("Oslo")}, {"zone", word("cold")}, {"warmth", real(4)}});
  w.row(kClimate, {{"city", word("Rome")}, {"zone", word("warm")}});
  w.row(kClimate, {{"city", word("Rome")}, {"zone", word("twice")}, {"warmth", real(1)}});
  w.load();
  return w;
}

ExprId spend(World& w) {
  return w.aggregate(AggFn::kSum, kMoney,
                     {.child = kOrder, .reference = "customer", .value = w.field(kOrder, "amount")});
}

}  // namespace

TEST_CASE("vm: fields and expressions behind references") {
  World w = shop();
  const ExprId age = w.field(kCustomer, "age");
  CHECK_VALUES(w, w.follow(kCustomer, "friend", age), whole(50), whole(50), whole(20), missing());
  CHECK_VALUES(w, w.follow(kCustomer, "friend", w.follow(kCustomer, "friend", age)), whole(50), whole(50), whole(50),
               missing());
  CHECK_VALUES(w, w.follow(kCustomer, "friend", spend(w)), money(1), money(1), money(115), missing());
  CHECK_VALUES(w, w.follow(kCustomer, "friend", w.field(kCustomer, "city")), word("Oslo"), word("Oslo"), word("Rome"),
               missing());
  const ExprId old = w.flag(Fn::gt, {age, w.literal(kInteger, whole(30))});
  CHECK_VALUES(w, w.follow(kCustomer, "friend", old), yes(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::is_missing, {w.field(kCustomer, "friend")}), no(), no(), no(), yes());
  CHECK_VALUES(
      w, w.flag(Fn::eq, {w.follow(kCustomer, "friend", w.field(kCustomer, "friend")), w.field(kCustomer, "friend")}),
      yes(), yes(), no(), missing());
}

TEST_CASE("vm: aggregates of the same table, and of aggregates") {
  World w = shop();
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kCustomer, .reference = "friend"}), whole(1), whole(2),
               whole(0), whole(0));
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kMoney, {.child = kCustomer, .reference = "friend", .value = spend(w)}),
               money(0), money(116), money(0), money(0));
  const ExprId bought = w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer"});
  CHECK_VALUES(w,
               w.aggregate(AggFn::kCount, kInteger,
                           {.child = kCustomer, .reference = "friend", .filter = w.flag(Fn::logical_not, {bought})}),
               whole(1), whole(0), whole(0), whole(0));
}

TEST_CASE("vm: children read their parent") {
  World w = shop();
  const ExprId amount = w.field(kOrder, "amount");
  const ExprId owners_spend = w.follow(kOrder, "customer", spend(w));
  const ExprId big =
      w.flag(Fn::gt, {amount, w.call(Fn::multiply, kMoney, {owners_spend, w.literal(kNumber, real(0.5))})});
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer", .filter = big}),
               whole(1), whole(1), whole(0), whole(1));
  const ExprId age = w.follow(kOrder, "customer", w.field(kCustomer, "age"));
  CHECK_VALUES(w, w.aggregate(AggFn::kMinimum, kInteger, {.child = kOrder, .reference = "customer", .value = age}),
               whole(20), whole(50), missing(), whole(40));
}

TEST_CASE("vm: other parents than the owner") {
  World w = shop();
  const World::Of of = {.child = kOrder, .reference = "product", .value = w.field(kOrder, "amount"), .frame = kProduct};
  const std::vector<Value> sums = w.values(w.aggregate(AggFn::kSum, kMoney, of), kProduct);
  CHECK(show(sums) == show({money(110), money(7)}));
  // An order's product's turnover: kept by a pass over products, gathered by one over customers.
  const ExprId turnover = w.follow(kOrder, "product", w.aggregate(AggFn::kSum, kMoney, of));
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kMoney, {.child = kOrder, .reference = "customer", .value = turnover}),
               money(110), missing(), missing(), money(7));
}

TEST_CASE("vm: figures of a whole table") {
  World w = shop();
  const ExprId all = w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = ""});
  CHECK_VALUES(w, all, whole(5), whole(5), whole(5), whole(5));
  const ExprId priciest =
      w.aggregate(AggFn::kMaximum, kMoney, {.child = kProduct, .reference = "", .value = w.field(kProduct, "price")});
  CHECK_VALUES(w, w.flag(Fn::gt, {spend(w), priciest}), yes(), no(), no(), no());
  const ExprId any_hat =
      w.aggregate(AggFn::kExists, kFlag,
                  {.child = kProduct,
                   .reference = "",
                   .filter = w.flag(Fn::eq, {w.field(kProduct, "kind"), w.literal(kText, word("hat"))})});
  CHECK_VALUES(w, any_hat, yes(), yes(), yes(), yes());
  const ExprId none =
      w.aggregate(AggFn::kAverage, kMoney, {.child = kNote, .reference = "", .value = w.literal(kMoney, money(1))});
  CHECK_VALUES(w, none, missing(), missing(), missing(), missing());
  const ExprId richer = w.aggregate(
      AggFn::kCount, kInteger,
      {.child = kCustomer, .reference = "", .filter = w.flag(Fn::gt, {spend(w), w.literal(kMoney, money(1))})});
  CHECK_VALUES(w, richer, whole(2), whole(2), whole(2), whole(2));
}

TEST_CASE("vm: look-ups by key") {
  World w = shop();
  const ExprId city = w.field(kCustomer, "city");
  CHECK_VALUES(w, w.program.lookup(kCustomer, kClimate, 1, {city}), word("warm"), word("cold"), missing(), missing());
  CHECK_VALUES(w, w.program.lookup(kCustomer, kClimate, 2, {city}), missing(), real(4), missing(), missing());
}

TEST_CASE("vm: unions of event tables") {
  World w = shop();
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kContact, .reference = "customer"}), whole(6),
               whole(2), whole(0), whole(2));
  CHECK_VALUES(w,
               w.aggregate(AggFn::kCount, kInteger,
                           {.child = kContact, .reference = "customer", .value = w.field(kContact, "channel")}),
               whole(3), whole(1), whole(0), whole(1));
  w.program.schema.tables[kContact].parts[1].filter =
      w.flag(Fn::gt, {w.field(kOrder, "amount"), w.literal(kMoney, money(4))});
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kContact, .reference = "customer"}), whole(6),
               whole(1), whole(0), whole(1));
}

TEST_CASE("vm: grouped events and their computed columns") {
  World w = shop();
  seg::base::Table& basket = w.program.schema.tables[kBasket];
  const ExprId total =
      w.aggregate(AggFn::kSum, kMoney,
                  {.child = kOrder, .reference = "group", .value = w.field(kOrder, "amount"), .frame = kBasket});
  seg::base::Column column;
  column.name = "total";
  column.type = kMoney;
  basket.columns.push_back(column);
  basket.group->computed = {total};
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kBasket, .reference = "customer"}), whole(2), whole(1),
               whole(0), whole(1));
  const ExprId value = w.field(kBasket, "total");
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kMoney, {.child = kBasket, .reference = "customer", .value = value}),
               money(100), money(1), missing(), money(2));
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kMoney, {.child = kBasket, .reference = "customer", .value = value}),
               money(57.5), money(1), missing(), money(2));
  CHECK_VALUES(w, w.aggregate(AggFn::kLast, kMoney, {.child = kBasket, .reference = "customer", .value = value}),
               money(15), money(1), missing(), money(2));
  CHECK_VALUES(
      w, w.aggregate(AggFn::kLast, kTime, {.child = kBasket, .reference = "customer", .value = w.field(kBasket, "at")}),
      at(2026, 6, 1), at(2026, 6, 3), missing(), at(2026, 6, 4));
  basket.group->filter = w.flag(Fn::gt, {w.field(kOrder, "amount"), w.literal(kMoney, money(2))});
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kBasket, .reference = "customer"}), whole(2), whole(0),
               whole(0), whole(0));
}

TEST_CASE("vm: segments are sets, also inside others") {
  World w = shop();
  const seg::program::OutputId old =
      w.segment("old", w.flag(Fn::ge, {w.field(kCustomer, "age"), w.literal(kInteger, whole(40))}));
  CHECK_VALUES(w, w.program.member(old), no(), yes(), no(), yes());
  CHECK_VALUES(w, w.flag(Fn::logical_not, {w.program.member(old)}), yes(), no(), yes(), no());
  CHECK_VALUES(w,
               w.aggregate(AggFn::kCount, kInteger,
                           {.child = kCustomer, .reference = "friend", .filter = w.program.member(old)}),
               whole(0), whole(1), whole(0), whole(0));
  const seg::program::OutputId buyer =
      w.segment("buyer", w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer"}));
  CHECK_VALUES(
      w,
      w.aggregate(
          AggFn::kCount, kInteger,
          {.child = kCustomer, .reference = "friend", .filter = w.flag(Fn::logical_not, {w.program.member(buyer)})}),
      whole(1), whole(0), whole(0), whole(0));
}

TEST_CASE("vm: partitions take the first tier that is true") {
  World w = shop();
  const ExprId age = w.field(kCustomer, "age");
  const ExprId over_45 = w.flag(Fn::gt, {age, w.literal(kInteger, whole(45))});
  const ExprId over_30 = w.flag(Fn::gt, {age, w.literal(kInteger, whole(30))});
  const seg::program::OutputId ages = w.partition("ages", {over_45, over_30}, true);
  const seg::program::OutputId open = w.partition("open", {over_45, over_30}, false);
  CHECK_VALUES(w, w.program.tier(ages), whole(2), whole(0), whole(2), whole(1));
  CHECK_VALUES(w, w.program.tier(open), missing(), whole(0), missing(), whole(1));
  const seg::exec::Results results = w.run();
  CHECK(results.outputs[ages].tier_counts == std::vector<std::uint64_t>{1, 1, 2});
  CHECK(results.outputs[open].tier_counts == std::vector<std::uint64_t>{1, 1});
  CHECK(results.outputs[open].values.num_missing == 2);
  const ExprId is_first = w.flag(Fn::eq, {w.program.tier(open), w.literal(w.program.outputs[open].type, whole(0))});
  CHECK_VALUES(w, is_first, missing(), yes(), missing(), no());
}

TEST_CASE("vm: unknown rows are counted by the field that makes them so") {
  World w = shop();
  const ExprId age = w.field(kCustomer, "age");
  const ExprId mature = w.flag(Fn::gt, {age, w.literal(kInteger, whole(30))});
  const ExprId average = w.aggregate(AggFn::kAverage, kMoney,
                                     {.child = kOrder, .reference = "customer", .value = w.field(kOrder, "amount")});
  const ExprId dear = w.flag(Fn::gt, {average, w.literal(kMoney, money(0))});
  const seg::program::OutputId both = w.segment("both", w.flag(Fn::logical_and, {mature, dear}));
  const seg::program::OutputId ratio = w.segment(
      "ratio", w.flag(Fn::gt, {w.call(Fn::divide, kNumber, {spend(w), spend(w)}), w.literal(kNumber, real(0))}));
  const seg::exec::Results results = w.run();
  const seg::exec::OutputResult& result = results.outputs[both];
  CHECK(result.num_members == 2);
  CHECK(result.num_unknown == 1);
  REQUIRE(result.missing.size() == 2);
  CHECK(result.missing[0].count == 1);
  CHECK(result.missing[0].name == "customer.age");
  CHECK(result.missing[1].name == "average(order.amount)");
  REQUIRE(results.outputs[ratio].missing.size() == 1);
  CHECK(results.outputs[ratio].missing[0].name == "division by 0 (sum(order.amount))");
}

TEST_CASE("vm: a missing figure is named after its metric") {
  World w = shop();
  const ExprId average = w.aggregate(AggFn::kAverage, kMoney,
                                     {.child = kOrder, .reference = "customer", .value = w.field(kOrder, "amount")});
  w.metric("typical_order", average);
  const seg::program::OutputId id = w.segment("dear", w.flag(Fn::gt, {average, w.literal(kMoney, money(3))}));
  const seg::exec::Results results = w.run();
  REQUIRE(results.outputs[id].missing.size() == 1);
  CHECK(results.outputs[id].missing[0].name == "typical_order");
}

TEST_CASE("vm: values outside a metric's range") {
  World w = shop();
  const seg::program::OutputId id = w.metric("age", w.field(kCustomer, "age"));
  w.program.outputs[id].at_least = w.literal(kInteger, whole(30));
  w.program.outputs[id].at_most = w.literal(kInteger, whole(45));
  const seg::exec::Results results = w.run();
  CHECK(results.outputs[id].num_outside == 2);
  CHECK(results.outputs[id].first_outside == 0);
}

TEST_CASE("vm: only wanted outputs are computed") {
  World w = shop();
  w.segment("a", w.flag(Fn::gt, {spend(w), w.literal(kMoney, money(5))}));
  w.segment("b", w.flag(Fn::gt, {w.field(kCustomer, "age"), w.literal(kInteger, whole(5))}));
  seg::exec::RunOptions options;
  options.outputs = {1};
  const seg::exec::Results results = w.run(options);
  CHECK_FALSE(results.outputs[0].is_wanted);
  CHECK(results.outputs[1].num_members == 3);
  const seg::bytecode::Module pruned = seg::bytecode::compile(w.program, {.outputs = {1}});
  CHECK_FALSE(seg::bytecode::needed_columns(pruned).tables[kOrder].is_read);
  CHECK(seg::bytecode::needed_columns(pruned).tables[kCustomer].columns[w.column(kCustomer, "age")]);
}

TEST_CASE("vm: needed columns and times") {
  World w = shop();
  const Window month = {.kind = WindowKind::kLast, .unit = TimeUnit::kDay, .n = 30};
  w.segment("recent", w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer", .window = month}));
  const seg::bytecode::Module module = seg::bytecode::compile(w.program, {});
  const seg::bytecode::Needed needed = seg::bytecode::needed_columns(module);
  const seg::bytecode::NeededTable& orders = needed.tables[kOrder];
  CHECK(orders.is_read);
  CHECK_FALSE(orders.all_time);
  CHECK(orders.columns[w.column(kOrder, "at")]);
  CHECK(orders.columns[w.column(kOrder, "customer")]);
  CHECK_FALSE(orders.columns[w.column(kOrder, "amount")]);
  const seg::exec::TimeRange times = seg::exec::needed_times(module, orders, w.binding);
  CHECK(times.begin <= at(2026, 6, 1, 0).integer());
  CHECK(times.begin >= at(2026, 5, 29, 0).integer());
  CHECK(times.end >= at(2026, 7, 1, 0).integer());
}

TEST_CASE("vm: derived tables need what they are made of") {
  World w = shop();
  w.segment("a", w.aggregate(AggFn::kExists, kFlag, {.child = kBasket, .reference = "customer"}));
  const seg::bytecode::Needed needed = seg::bytecode::needed_columns(seg::bytecode::compile(w.program, {}));
  CHECK_FALSE(needed.tables[kBasket].is_read);
  for (const char* name : {"customer", "at", "basket"}) CHECK(needed.tables[kOrder].columns[w.column(kOrder, name)]);
}

TEST_CASE("vm: an interrupted run is a failure") {
  World w = shop();
  w.segment("a", w.flag(Fn::is_known, {w.field(kCustomer, "age")}));
  const std::atomic<bool> stop = true;
  seg::exec::RunOptions options;
  options.stop = &stop;
  const auto results = seg::exec::run(seg::bytecode::compile(w.program, {}), w.dataset, w.binding, options);
  REQUIRE_FALSE(results.ok());
  CHECK(results.status().code() == seg::base::Code::interrupted);
}

TEST_CASE("vm: progress ends with 1") {
  World w = shop();
  w.segment("a", w.flag(Fn::is_known, {w.field(kCustomer, "age")}));
  double last = 0;
  seg::exec::RunOptions options;
  options.progress = [&](double share) { last = share; };
  w.run(options);
  CHECK(last == 1.0);
}

TEST_CASE("vm: empty tables, absent columns, no outputs") {
  World w;
  w.load();
  w.segment("a", w.flag(Fn::gt, {spend(w), w.literal(kMoney, money(5))}));
  w.metric("b", w.field(kCustomer, "city"));
  const seg::exec::Results empty = w.run();
  CHECK(empty.outputs[0].num_rows == 0);
  CHECK(empty.outputs[0].num_members == 0);
  World later = shop();
  later.dataset.tables[kOrder].columns[later.column(kOrder, "amount")] = {};
  later.dataset.tables[kCustomer].columns[later.column(kCustomer, "age")] = {};
  CHECK_VALUES(later, spend(later), money(0), money(0), money(0), money(0));
  CHECK_VALUES(later, later.field(kCustomer, "age"), missing(), missing(), missing(), missing());
  World nothing = shop();
  CHECK(nothing.run().outputs.empty());
}

TEST_CASE("vm: data of another schema is refused") {
  World w = shop();
  w.segment("a", w.flag(Fn::is_known, {w.field(kCustomer, "age")}));
  const seg::bytecode::Module module = seg::bytecode::compile(w.program, {});
  seg::vector::Dataset other = w.dataset;
  std::swap(other.tables[kCustomer].columns[w.column(kCustomer, "age")],
            other.tables[kCustomer].columns[w.column(kCustomer, "city")]);
  CHECK_FALSE(seg::exec::run(module, other, w.binding, {}).ok());
  other.tables.clear();
  CHECK_FALSE(seg::exec::run(module, other, w.binding, {}).ok());
}

TEST_CASE("vm: the same bits for any number of threads") {
  World w;
  for (std::int64_t c = 0; c < 9'000; ++c)
    w.row(kCustomer, {{"id", whole(c)}, {"age", c % 11 == 0 ? missing() : whole(c % 97)}});
  for (std::int64_t i = 0; i < 30'000; ++i) {
    w.row(kOrder, {{"customer", whole(i * 7919 % 9'000)},
                   {"at", at(2026, 1, 1 + static_cast<int>(i % 28))},
                   {"amount", money(static_cast<double>(i % 501))},
                   {"weight", real(0.1 * static_cast<double>(i % 13))}});
  }
  w.load();
  w.segment("a", w.flag(Fn::gt, {spend(w), w.literal(kMoney, money(700))}));
  w.segment("b", w.flag(Fn::gt, {w.field(kCustomer, "age"), w.literal(kInteger, whole(50))}));
  w.metric("c", w.aggregate(AggFn::kSum, kNumber,
                            {.child = kOrder, .reference = "customer", .value = w.field(kOrder, "weight")}));
  const seg::exec::Results first = w.run();
  for (unsigned threads : {2U, 5U}) {
    seg::exec::RunOptions options;
    options.num_threads = threads;
    options.morsel_rows = threads == 5 ? 63 : 0;
    options.memory_budget = threads == 5 ? 1 : 0;
    const seg::exec::Results other = w.run(options);
    CHECK(first.outputs[0].members == other.outputs[0].members);
    CHECK(first.outputs[1].members == other.outputs[1].members);
    CHECK(first.outputs[1].num_unknown == other.outputs[1].num_unknown);
    const auto* a = first.outputs[2].values.as<double>();
    CHECK(std::equal(a, a + 9'000, other.outputs[2].values.as<double>()));
  }
}
