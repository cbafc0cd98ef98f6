// Every aggregate over several, one and no children, with missing values, windows and filters.
#include <doctest/doctest.h>

#include "tests/unit/exec/world.h"

using namespace seg::test;
using seg::base::TimeUnit;
using seg::base::Window;
using seg::base::WindowKind;

namespace {

// Customer 0 has five orders (one after as-of), 1 has one with nothing known, 2 has none, 3 has one; rows out of order.
World orders() {
  World w;
  for (std::int64_t c = 0; c < 4; ++c) w.row(kCustomer, {{"id", whole(c)}, {"age", whole(20 + c)}});
  w.row(kProduct, {{"id", whole(1)}, {"kind", word("shoe")}, {"price", money(5)}});
  w.row(kProduct, {{"id", whole(2)}, {"price", money(7)}});
  w.row(kOrder, {{"customer", whole(3)},
                 {"at", at(2026, 6, 1)},
                 {"amount", money(8)},
                 {"count", whole(4)},
                 {"weight", real(0.25)},
                 {"channel", word("web")},
                 {"gift", no()},
                 {"basket", whole(9)},
                 {"product", whole(1)}});
  w.row(kOrder, {{"customer", whole(0)},
                 {"at", at(2026, 6, 20)},
                 {"amount", money(2.5)},
                 {"count", whole(3)},
                 {"weight", real(0.1)},
                 {"channel", word("web")},
                 {"gift", yes()},
                 {"basket", whole(1)},
                 {"level", whole(2)},
                 {"took", whole(10)},
                 {"app", word("1.2")},
                 {"due", date(2026, 1, 5)},
                 {"product", whole(0)}});
  w.row(kOrder, {{"customer", whole(0)},
                 {"at", at(2026, 6, 10)},
                 {"amount", money(1)},
                 {"count", whole(1)},
                 {"weight", real(0.2)},
                 {"channel", word("app")},
                 {"gift", no()},
                 {"basket", whole(1)},
                 {"level", whole(0)},
                 {"took", whole(15)},
                 {"app", word("1.10")},
                 {"due", date(2026, 1, 6)},
                 {"product", whole(1)}});
  w.row(kOrder, {{"customer", missing()}, {"at", at(2026, 6, 10)}, {"amount", money(99)}});
  w.row(kOrder, {{"customer", whole(0)},
                 {"at", at(2026, 3, 1)},
                 {"count", whole(1)},
                 {"channel", word("web")},
                 {"basket", whole(2)}});
  w.row(kOrder, {{"customer", whole(0)},
                 {"at", at(2026, 6, 20)},
                 {"amount", money(4)},
                 {"count", whole(3)},
                 {"weight", real(-0.3)},
                 {"channel", word("shop")},
                 {"gift", no()},
                 {"basket", whole(1)},
                 {"level", whole(2)},
                 {"took", whole(10)},
                 {"app", word("1.2.0")},
                 {"due", date(2026, 1, 5)}});
  w.row(kOrder, {{"customer", whole(0)},
                 {"at", at(2026, 7, 2)},
                 {"amount", money(1000)},
                 {"count", whole(77)},
                 {"channel", word("later")},
                 {"basket", whole(1)}});
  w.row(kOrder, {{"customer", whole(1)}, {"at", at(2026, 6, 5)}});
  w.row(kOrder, {{"customer", whole(1)}, {"amount", money(3)}});  // no time: it does not count
  w.load();
  return w;
}

World::Of of(World& w, const char* value) {
  return {.child = kOrder, .reference = "customer", .value = w.field(kOrder, value)};
}

}  // namespace

TEST_CASE("vm: count and exists") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer"}), whole(4), whole(1),
               whole(0), whole(1));
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, of(w, "amount")), whole(3), whole(0), whole(0), whole(1));
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, of(w, "gift")), whole(3), whole(0), whole(0), whole(1));
  CHECK_VALUES(w, w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer"}), yes(), yes(), no(),
               yes());
  CHECK_VALUES(
      w, w.flag(Fn::logical_not, {w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer"})}),
      no(), no(), yes(), no());
}

TEST_CASE("vm: an unknown where does not count its event") {
  World w = orders();
  const ExprId gift = w.field(kOrder, "gift");
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer", .filter = gift}),
               whole(1), whole(0), whole(0), whole(0));
  const ExprId web = w.flag(Fn::eq, {w.field(kOrder, "channel"), w.literal(kText, word("web"))});
  CHECK_VALUES(w,
               w.aggregate(AggFn::kCount, kInteger,
                           {.child = kOrder, .reference = "customer", .filter = w.flag(Fn::logical_not, {web})}),
               whole(2), whole(0), whole(0), whole(0));
}

TEST_CASE("vm: windows of events") {
  World w = orders();
  const auto in = [&](const Window& window) {
    return w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer", .window = window});
  };
  CHECK_VALUES(w, in({.kind = WindowKind::kLast, .unit = TimeUnit::kDay, .n = 11}), whole(2), whole(0), whole(0),
               whole(0));
  CHECK_VALUES(w, in({.kind = WindowKind::kLast, .unit = TimeUnit::kMonth, .n = 1}), whole(3), whole(1), whole(0),
               whole(1));
  CHECK_VALUES(w, in({.kind = WindowKind::kThis, .unit = TimeUnit::kYear}), whole(4), whole(1), whole(0), whole(1));
  CHECK_VALUES(w, in({.kind = WindowKind::kLastFull, .unit = TimeUnit::kQuarter, .n = 1}), whole(3), whole(1), whole(0),
               whole(1));
  CHECK_VALUES(w, in({.kind = WindowKind::kNext, .unit = TimeUnit::kDay, .n = 7}), whole(0), whole(0), whole(0),
               whole(0));
  CHECK_VALUES(w, in({.kind = WindowKind::kAgo, .unit = TimeUnit::kDay, .n = 30, .m = 11}), whole(1), whole(1),
               whole(0), whole(1));
  CHECK_VALUES(w, in({.kind = WindowKind::kLast, .unit = TimeUnit::kHour, .n = 24 * 11}), whole(2), whole(0), whole(0),
               whole(0));
}

TEST_CASE("vm: sums") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kMoney, of(w, "amount")), money(7.5), money(0), money(0), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kInteger, of(w, "count")), whole(8), whole(0), whole(0), whole(4));
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kNumber, of(w, "weight")), real(0), real(0), real(0), real(0.25));
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kDuration, of(w, "took")), whole(35), whole(0), whole(0), whole(0));
}

TEST_CASE("vm: sums that overflow are missing and counted") {
  World w;
  for (std::int64_t c = 0; c < 4; ++c) w.row(kCustomer, {{"id", whole(c)}});
  const auto order = [&](std::int64_t c, std::int64_t count, double weight) {
    w.row(kOrder, {{"customer", whole(c)}, {"at", at(2026, 6, 1)}, {"count", whole(count)}, {"weight", real(weight)}});
  };
  order(0, INT64_MAX, 1e20);
  order(0, 1, 1);
  order(1, INT64_MAX, 2e20);
  order(1, INT64_MIN, -2e20);
  order(2, INT64_MAX, 1e20);
  order(2, 1, -1e20);
  order(2, -1, 0.5);
  w.load();
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kInteger, of(w, "count")), missing(), whole(-1), whole(INT64_MAX), whole(0));
  const ExprId weights = w.aggregate(AggFn::kSum, kNumber, of(w, "weight"));
  CHECK_VALUES(w, weights, real(1e20), missing(), real(0.5), real(0));
  w.metric("weights", weights);
  w.metric("counts", w.aggregate(AggFn::kSum, kInteger, of(w, "count")));
  const seg::exec::Results results = w.run();
  CHECK(results.outputs[0].num_overflow == 1);
  CHECK(results.outputs[1].num_overflow == 1);
}

TEST_CASE("vm: averages are exact where the sum does not fit 64 bits") {
  World w;
  for (std::int64_t c = 0; c < 4; ++c) w.row(kCustomer, {{"id", whole(c)}});
  const auto order = [&](std::int64_t c, std::int64_t amount) {
    w.row(kOrder, {{"customer", whole(c)}, {"at", at(2026, 6, 1)}, {"amount", whole(amount)}});
  };
  for (const std::int64_t amount : {INT64_MAX, INT64_MAX, INT64_MAX - 1}) order(0, amount);
  for (const std::int64_t amount : {INT64_MAX - 2, std::int64_t{1}})
    order(1, amount);  // the sum fits, twice the rest too
  for (const std::int64_t amount : {std::int64_t{-1}, std::int64_t{-2}}) order(2, amount);
  w.load();
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kMoney, of(w, "amount")), whole(INT64_MAX), whole(INT64_MAX / 2),
               whole(-2), missing());
}

TEST_CASE("vm: sums of numbers do not depend on their order") {
  const std::vector<double> values = {0.1, 1e15, 0.2, -1e15, 0.3, 3e-10, 1e9, -1e9 + 0.1};
  std::vector<Value> results;
  for (int turn = 0; turn < 2; ++turn) {
    World w;
    w.row(kCustomer, {{"id", whole(1)}});
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double x = values[turn == 0 ? i : values.size() - 1 - i];
      w.row(kOrder, {{"customer", whole(0)}, {"at", at(2026, 6, 1)}, {"weight", real(x)}});
    }
    w.load();
    results.push_back(w.values(w.aggregate(AggFn::kSum, kNumber, of(w, "weight")))[0]);
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0].number() == 0.7);
}

TEST_CASE("vm: averages") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kMoney, of(w, "amount")), money(2.5), missing(), missing(), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kNumber, of(w, "count")), real(2), missing(), missing(), real(4));
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kNumber, of(w, "weight")), real(0), missing(), missing(), real(0.25));
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kDuration, of(w, "took")), whole(12), missing(), missing(),
               missing());  // 35 / 3
}

TEST_CASE("vm: least and greatest") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kMinimum, kMoney, of(w, "amount")), money(1), missing(), missing(), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kMoney, of(w, "amount")), money(4), missing(), missing(), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kMinimum, kText, of(w, "channel")), word("app"), missing(), missing(),
               word("web"));
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kText, of(w, "channel")), word("web"), missing(), missing(),
               word("web"));
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kLevel, of(w, "level")), whole(2), missing(), missing(), missing());
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kVersion, of(w, "app")), word("1.10"), missing(), missing(), missing());
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kNumber, of(w, "weight")), real(0.2), missing(), missing(), real(0.25));
  CHECK_VALUES(w, w.aggregate(AggFn::kMinimum, kDate, of(w, "due")), date(2026, 1, 5), missing(), missing(), missing());
}

TEST_CASE("vm: medians") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kMedian, kNumber, of(w, "count")), real(2), missing(), missing(),
               real(4));  // 1 1 3 3
  CHECK_VALUES(w, w.aggregate(AggFn::kMedian, kMoney, of(w, "amount")), money(2.5), missing(), missing(), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kMedian, kNumber, of(w, "weight")), real(0.1), missing(), missing(), real(0.25));
  World::Of two = of(w, "took");
  two.filter = w.flag(Fn::ne, {w.field(kOrder, "channel"), w.literal(kText, word("shop"))});
  CHECK_VALUES(w, w.aggregate(AggFn::kMedian, kDuration, two), whole(13), missing(), missing(), missing());  // 10, 15
}

TEST_CASE("vm: different values") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kDistinct, kInteger, of(w, "channel")), whole(3), whole(0), whole(0), whole(1));
  CHECK_VALUES(w, w.aggregate(AggFn::kDistinct, kInteger, of(w, "count")), whole(2), whole(0), whole(0), whole(1));
  CHECK_VALUES(w, w.aggregate(AggFn::kDistinct, kInteger, of(w, "gift")), whole(2), whole(0), whole(0), whole(1));
  CHECK_VALUES(w, w.aggregate(AggFn::kDistinct, kInteger, of(w, "app")), whole(2), whole(0), whole(0),
               whole(0));  // 1.2 is 1.2.0
  CHECK_VALUES(w, w.aggregate(AggFn::kDistinct, kInteger, of(w, "product")), whole(2), whole(0), whole(0), whole(1));
}

TEST_CASE("vm: the most common value, of equally frequent ones the least") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kMostCommon, kText, of(w, "channel")), word("web"), missing(), missing(),
               word("web"));
  CHECK_VALUES(w, w.aggregate(AggFn::kMostCommon, kInteger, of(w, "count")), whole(1), missing(), missing(), whole(4));
  CHECK_VALUES(w, w.aggregate(AggFn::kMostCommon, kFlag, of(w, "gift")), no(), missing(), missing(), no());
  CHECK_VALUES(w, w.aggregate(AggFn::kMostCommon, kLevel, of(w, "level")), whole(2), missing(), missing(), missing());
}

TEST_CASE("vm: first and last by time; without a key the least and the greatest of equal times") {
  World w = orders();
  CHECK_VALUES(w, w.aggregate(AggFn::kFirst, kInteger, of(w, "count")), whole(1), missing(), missing(), whole(4));
  CHECK_VALUES(w, w.aggregate(AggFn::kFirst, kMoney, of(w, "amount")), missing(), missing(), missing(), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kLast, kMoney, of(w, "amount")), money(4), missing(), missing(), money(8));
  CHECK_VALUES(w, w.aggregate(AggFn::kLast, kText, of(w, "channel")), word("web"), missing(), missing(), word("web"));
  CHECK_VALUES(w, w.aggregate(AggFn::kLast, kFlag, of(w, "gift")), yes(), missing(), missing(), no());
  World::Of recent = of(w, "count");
  recent.window = Window{.kind = WindowKind::kLast, .unit = TimeUnit::kDay, .n = 25};
  CHECK_VALUES(w, w.aggregate(AggFn::kFirst, kInteger, recent), whole(1), missing(), missing(), missing());
}

TEST_CASE("vm: first and last by key, where there is one") {
  World w;
  w.row(kCustomer, {{"id", whole(1)}});
  w.row(kCall, {{"customer", whole(0)}, {"on", date(2026, 6, 2)}, {"number", whole(3)}, {"topic", word("a")}});
  w.row(kCall, {{"customer", whole(0)}, {"on", date(2026, 6, 2)}, {"number", whole(1)}});
  w.row(kCall, {{"customer", whole(0)}, {"on", date(2026, 6, 2)}, {"number", whole(2)}, {"topic", word("z")}});
  w.load();
  const World::Of topic = {.child = kCall, .reference = "customer", .value = w.field(kCall, "topic")};
  CHECK_VALUES(w, w.aggregate(AggFn::kFirst, kText, topic), missing());
  CHECK_VALUES(w, w.aggregate(AggFn::kLast, kText, topic), word("a"));
}

TEST_CASE("vm: gaps between siblings") {
  World w = orders();
  World::Of gap = {.child = kOrder, .reference = "customer", .gap = true};
  CHECK_VALUES(w, w.aggregate(AggFn::kMaximum, kInteger, gap), whole(101), missing(), missing(),
               missing());  // 1 March to 10 June
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kInteger, gap), whole(111), whole(0), whole(0), whole(0));
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, gap), whole(3), whole(0), whole(0), whole(0));
  gap.filter = w.flag(Fn::eq, {w.field(kOrder, "channel"), w.literal(kText, word("web"))});
  CHECK_VALUES(w, w.aggregate(AggFn::kAverage, kNumber, gap), real(111), missing(), missing(), missing());
}

TEST_CASE("vm: records have no time") {
  World w;
  w.row(kCustomer, {{"id", whole(1)}});
  w.row(kCustomer, {{"id", whole(2)}});
  w.row(kNote, {{"customer", whole(1)}, {"text", word("b")}});
  w.row(kNote, {{"customer", whole(1)}, {"text", word("a")}});
  w.load();
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kNote, .reference = "customer"}), whole(0), whole(2));
  CHECK_VALUES(
      w,
      w.aggregate(AggFn::kMinimum, kText, {.child = kNote, .reference = "customer", .value = w.field(kNote, "text")}),
      missing(), word("a"));
}

TEST_CASE("vm: values of children may be computed") {
  World w = orders();
  const ExprId doubled = w.call(Fn::multiply, kMoney, {w.field(kOrder, "amount"), w.literal(kNumber, real(2))});
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kMoney, {.child = kOrder, .reference = "customer", .value = doubled}),
               money(15), money(0), money(0), money(16));
  const ExprId price = w.follow(kOrder, "product", w.field(kProduct, "price"));
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kMoney, {.child = kOrder, .reference = "customer", .value = price}),
               money(12), money(0), money(0), money(7));
  const ExprId shoe =
      w.flag(Fn::eq, {w.follow(kOrder, "product", w.field(kProduct, "kind")), w.literal(kText, word("shoe"))});
  CHECK_VALUES(w, w.aggregate(AggFn::kCount, kInteger, {.child = kOrder, .reference = "customer", .filter = shoe}),
               whole(1), whole(0), whole(0), whole(0));
}

TEST_CASE("vm: one parent with more children than a batch") {
  World w;
  for (std::int64_t c = 0; c < 3; ++c) w.row(kCustomer, {{"id", whole(c)}});
  for (std::int64_t i = 0; i < 40'000; ++i)
    w.row(kOrder, {{"customer", whole(1)}, {"at", at(2026, 6, 1)}, {"count", whole(i % 7)}});
  w.load();
  CHECK_VALUES(w, w.aggregate(AggFn::kSum, kInteger, of(w, "count")), whole(0), whole(119'995), whole(0));
  CHECK_VALUES(w, w.aggregate(AggFn::kDistinct, kInteger, of(w, "count")), whole(0), whole(7), whole(0));
}
