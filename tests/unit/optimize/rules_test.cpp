// Each rule on its smallest case; that none changes a value is the differential test's to show.
#include <doctest/doctest.h>

#include "compiler/optimize/optimize.h"
#include "compiler/optimize/rules.h"
#include "tests/unit/exec/world.h"

using namespace seg::test;
using seg::program::ExprKind;

namespace {

// The rewritten root.
ExprId optimized(World& w, ExprId root) {
  const seg::program::OutputId id = w.segment("a", root);
  seg::optimize::optimize(w.program);
  return w.program.outputs[id].root;
}

struct Flags {
  World w;
  ExprId a = w.field(kCustomer, "vip");
  ExprId b = w.flag(Fn::gt, {w.field(kCustomer, "age"), w.literal(kInteger, whole(3))});
  ExprId c = w.flag(Fn::is_known, {w.field(kCustomer, "name")});
  ExprId yes_ = w.literal(kFlag, yes());
  ExprId no_ = w.literal(kFlag, no());
  ExprId all(const std::vector<ExprId>& args) { return w.flag(Fn::logical_and, args); }
  ExprId any(const std::vector<ExprId>& args) { return w.flag(Fn::logical_or, args); }
  ExprId negated(ExprId of) { return w.flag(Fn::logical_not, {of}); }
  ExprId n(std::int64_t count) { return w.literal(kInteger, whole(count)); }
};

}  // namespace

TEST_CASE("optimize: not not") {
  Flags f;
  CHECK(optimized(f.w, f.negated(f.negated(f.a))) == f.a);
}

TEST_CASE("optimize: nested and, or") {
  Flags f;
  CHECK(optimized(f.w, f.all({f.all({f.a, f.b}), f.c})) == f.all({f.a, f.b, f.c}));
  CHECK(optimized(f.w, f.any({f.a, f.any({f.b, f.c})})) == f.any({f.a, f.b, f.c}));
  CHECK(optimized(f.w, f.all({f.any({f.a, f.b}), f.c})) == f.all({f.any({f.a, f.b}), f.c}));
}

TEST_CASE("optimize: the same twice") {
  Flags f;
  CHECK(optimized(f.w, f.all({f.a, f.b, f.a})) == f.all({f.a, f.b}));
  CHECK(optimized(f.w, f.any({f.b, f.b})) == f.b);
  CHECK(optimized(f.w, f.all({f.a})) == f.a);
}

TEST_CASE("optimize: yes and no among conditions") {
  Flags f;
  CHECK(optimized(f.w, f.all({f.a, f.no_, f.b})) == f.no_);
  CHECK(optimized(f.w, f.all({f.a, f.yes_, f.b})) == f.all({f.a, f.b}));
  CHECK(optimized(f.w, f.any({f.a, f.yes_})) == f.yes_);
  CHECK(optimized(f.w, f.any({f.no_, f.a})) == f.a);
  CHECK(optimized(f.w, f.negated(f.yes_)) == f.no_);
  CHECK(optimized(f.w, f.w.call(Fn::if_then_else, kFlag, {f.yes_, f.a, f.b})) == f.a);
  const ExprId unknown = f.w.literal(kFlag, missing());
  CHECK(optimized(f.w, f.all({f.a, unknown})) == f.all({f.a, unknown}));
}

TEST_CASE("optimize: is_true of what is never unknown") {
  Flags f;
  CHECK(optimized(f.w, f.w.flag(Fn::is_true, {f.c})) == f.c);
  CHECK(optimized(f.w, f.w.flag(Fn::is_true, {f.a})) == f.w.flag(Fn::is_true, {f.a}));
}

TEST_CASE("optimize: counting blocks that are something simpler") {
  Flags f;
  const auto count = [&](Fn fn, std::int64_t n) { return f.w.flag(fn, {f.n(n), f.a, f.b, f.c}); };
  CHECK(optimized(f.w, count(Fn::at_least, 1)) == f.any({f.a, f.b, f.c}));
  CHECK(optimized(f.w, count(Fn::at_least, 3)) == f.all({f.a, f.b, f.c}));
  CHECK(optimized(f.w, count(Fn::at_least, 0)) == f.yes_);
  CHECK(optimized(f.w, count(Fn::at_least, 4)) == f.no_);
  CHECK(optimized(f.w, count(Fn::at_least, 2)) == count(Fn::at_least, 2));
  CHECK(optimized(f.w, count(Fn::at_most, 0)) == f.negated(f.any({f.a, f.b, f.c})));
  CHECK(optimized(f.w, count(Fn::at_most, 2)) == f.negated(f.all({f.a, f.b, f.c})));
  CHECK(optimized(f.w, count(Fn::at_most, 3)) == f.yes_);
  CHECK(optimized(f.w, count(Fn::exactly, 3)) == f.all({f.a, f.b, f.c}));
  CHECK(optimized(f.w, count(Fn::exactly, 0)) == f.negated(f.any({f.a, f.b, f.c})));
  CHECK(optimized(f.w, count(Fn::exactly, 4)) == f.no_);
}

TEST_CASE("optimize: functions of literals") {
  World w;
  const auto folds_to = [&](ExprId call, const Type& type, const Value& value) {
    return optimized(w, call) == w.literal(type, value);
  };
  const auto i = [&](std::int64_t v) { return w.literal(kInteger, whole(v)); };
  const auto d = [&](double v) { return w.literal(kNumber, real(v)); };
  CHECK(folds_to(w.call(Fn::add, kInteger, {i(2), w.call(Fn::multiply, kInteger, {i(3), i(4)})}), kInteger, whole(14)));
  CHECK(folds_to(w.call(Fn::divide, kNumber, {i(1), i(4)}), kNumber, real(0.25)));
  CHECK(folds_to(w.call(Fn::multiply, kMoney, {w.literal(kMoney, money(10)), d(0.15)}), kMoney, money(1.5)));
  CHECK(folds_to(w.call(Fn::divide, kMoney, {w.literal(kMoney, money(10)), d(3)}), kMoney, whole(33'333)));
  CHECK(folds_to(w.call(Fn::lower, kText, {w.literal(kText, word("ABC"))}), kText, word("abc")));
  CHECK(folds_to(w.call(Fn::add_months, kDate, {w.literal(kDate, date(2026, 1, 31)), i(1)}), kDate, date(2026, 2, 28)));
  CHECK(folds_to(w.flag(Fn::lt, {i(2), i(3)}), kFlag, yes()));
  CHECK(folds_to(w.flag(Fn::eq, {w.literal(kVersion, word("1.2")), w.literal(kVersion, word("1.2.0"))}), kFlag, yes()));
  CHECK(folds_to(w.call(Fn::round, kNumber, {d(2.345), i(1)}), kNumber, real(2.3)));
}

TEST_CASE("optimize: what overflows, divides by zero or is missing stays") {
  World w;
  const auto stays = [&](ExprId call) { return optimized(w, call) == call; };
  CHECK(stays(w.call(Fn::add, kInteger, {w.literal(kInteger, whole(INT64_MAX)), w.literal(kInteger, whole(1))})));
  CHECK(stays(w.call(Fn::divide, kNumber, {w.literal(kInteger, whole(1)), w.literal(kInteger, whole(0))})));
  CHECK(stays(w.call(Fn::negate, kInteger, {w.literal(kInteger, missing())})));
  CHECK(stays(w.call(Fn::trim, kText, {w.literal(kText, word("  "))})));
}

TEST_CASE("optimize: inside aggregates, tiers and derived tables") {
  Flags f;
  World& w = f.w;
  const ExprId gift = w.field(kOrder, "gift");
  const ExprId filter = w.flag(Fn::logical_not, {w.flag(Fn::logical_not, {gift})});
  const ExprId root =
      optimized(w, w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer", .filter = filter}));
  CHECK(root == w.aggregate(AggFn::kExists, kFlag, {.child = kOrder, .reference = "customer", .filter = gift}));
  const seg::program::OutputId tiers = w.partition("p", {f.all({f.a, f.yes_})}, true);
  w.program.schema.tables[kContact].parts[1].filter = filter;
  seg::optimize::optimize(w.program);
  CHECK(w.program.outputs[tiers].tiers[0].condition == f.a);
  CHECK(w.program.schema.tables[kContact].parts[1].filter == gift);
}

TEST_CASE("optimize: a where that is always yes goes away") {
  World w;
  const ExprId always = w.aggregate(AggFn::kCount, kInteger,
                                    {.child = kOrder, .reference = "customer", .filter = w.literal(kFlag, yes())});
  const ExprId root = optimized(w, w.flag(Fn::gt, {always, w.literal(kInteger, whole(0))}));
  CHECK(w.program.aggregates[w.program.expr(w.program.args_of(root)[0]).a].filter == seg::base::kNone);
}
