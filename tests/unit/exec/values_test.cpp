// Arithmetic, comparison, logic: each function of program/functions.def over known and missing values.
#include <doctest/doctest.h>

#include <limits>

#include "tests/unit/exec/world.h"

using namespace seg::test;

namespace {

// Six customers; the last knows nothing.
World people() {
  World w;
  w.row(kCustomer, {{"id", whole(1)},
                    {"age", whole(30)},
                    {"score", real(1.5)},
                    {"income", money(10)},
                    {"vip", yes()},
                    {"level", whole(2)},
                    {"walk", real(100)},
                    {"stay", whole(60)}});
  w.row(kCustomer, {{"id", whole(2)},
                    {"age", whole(-7)},
                    {"score", real(-2.5)},
                    {"income", money(0.0005)},
                    {"vip", no()},
                    {"level", whole(0)},
                    {"walk", real(0)},
                    {"stay", whole(-60)}});
  w.row(kCustomer, {{"id", whole(3)},
                    {"age", whole(0)},
                    {"score", real(0)},
                    {"income", money(-3.5)},
                    {"vip", yes()},
                    {"level", whole(1)}});
  w.row(kCustomer, {{"id", whole(4)},
                    {"age", whole(INT64_MAX)},
                    {"score", real(1e308)},
                    {"income", whole(INT64_MAX)},
                    {"vip", no()}});
  w.row(kCustomer, {{"id", whole(5)}, {"age", whole(INT64_MIN)}, {"score", real(2.5)}, {"income", money(1'234.5678)}});
  w.row(kCustomer, {{"id", whole(6)}});
  w.load();
  return w;
}

}  // namespace

TEST_CASE("vm: integer arithmetic overflows to missing") {
  World w = people();
  const ExprId age = w.field(kCustomer, "age");
  const ExprId one = w.literal(kInteger, whole(1));
  CHECK_VALUES(w, w.call(Fn::add, kInteger, {age, one}), whole(31), whole(-6), whole(1), missing(),
               whole(INT64_MIN + 1), missing());
  CHECK_VALUES(w, w.call(Fn::subtract, kInteger, {age, one}), whole(29), whole(-8), whole(-1), whole(INT64_MAX - 1),
               missing(), missing());
  CHECK_VALUES(w, w.call(Fn::multiply, kInteger, {age, w.literal(kInteger, whole(2))}), whole(60), whole(-14), whole(0),
               missing(), missing(), missing());
  CHECK_VALUES(w, w.call(Fn::negate, kInteger, {age}), whole(-30), whole(7), whole(0), whole(-INT64_MAX), missing(),
               missing());
  CHECK_VALUES(w, w.call(Fn::abs, kInteger, {age}), whole(30), whole(7), whole(0), whole(INT64_MAX), missing(),
               missing());
}

TEST_CASE("vm: numbers: infinities are missing") {
  World w = people();
  const ExprId score = w.field(kCustomer, "score");
  CHECK_VALUES(w, w.call(Fn::add, kNumber, {score, score}), real(3), real(-5), real(0), missing(), real(5), missing());
  CHECK_VALUES(w, w.call(Fn::multiply, kNumber, {score, score}), real(2.25), real(6.25), real(0), missing(), real(6.25),
               missing());
  CHECK_VALUES(w, w.call(Fn::subtract, kNumber, {score, w.literal(kNumber, real(1))}), real(0.5), real(-3.5), real(-1),
               real(1e308), real(1.5), missing());
  CHECK_VALUES(w, w.call(Fn::negate, kNumber, {score}), real(-1.5), real(2.5), real(0.0 * -1), real(-1e308), real(-2.5),
               missing());
  CHECK_VALUES(w, w.call(Fn::abs, kNumber, {score}), real(1.5), real(2.5), real(0), real(1e308), real(2.5), missing());
}

TEST_CASE("vm: division by zero is missing and no overflow") {
  World w = people();
  const ExprId score = w.field(kCustomer, "score");
  const ExprId ratio = w.call(Fn::divide, kNumber, {w.literal(kNumber, real(3)), score});
  CHECK_VALUES(w, ratio, real(2), real(-1.2), missing(), real(3e-308), real(1.2), missing());
  const ExprId whole_ratio = w.call(Fn::divide, kNumber, {w.literal(kInteger, whole(7)), w.field(kCustomer, "age")});
  CHECK_VALUES(w, whole_ratio, real(7.0 / 30), real(-1), missing(), real(7.0 / 9223372036854775807.0),
               real(7.0 / -9223372036854775808.0), missing());
  w.metric("ratio", ratio);
  CHECK(w.run().outputs[0].num_overflow == 0);
}

TEST_CASE("vm: overflow is counted per output") {
  World w = people();
  const ExprId age = w.field(kCustomer, "age");
  w.metric("twice", w.call(Fn::add, kInteger, {age, age}));
  w.segment("over", w.flag(Fn::gt, {w.call(Fn::multiply, kInteger, {age, age}), w.literal(kInteger, whole(0))}));
  const seg::exec::Results results = w.run();
  CHECK(results.outputs[0].num_overflow == 2);
  CHECK(results.outputs[1].num_overflow == 2);
  CHECK(results.outputs[1].num_unknown == 3);
}

TEST_CASE("vm: money times and through numbers is rounded half away from zero") {
  World w = people();
  const ExprId income = w.field(kCustomer, "income");
  const ExprId half = w.literal(kNumber, real(0.5));
  CHECK_VALUES(w, w.call(Fn::multiply, kMoney, {income, half}), money(5), whole(3), money(-1.75),
               whole(4611686018427387904), whole(6'172'839), missing());
  CHECK_VALUES(w, w.call(Fn::divide, kMoney, {income, w.literal(kNumber, real(-2))}), money(-5), whole(-3), money(1.75),
               whole(-4611686018427387904), whole(-6'172'839), missing());
  CHECK_VALUES(w, w.call(Fn::divide, kMoney, {income, w.literal(kNumber, real(0))}), missing(), missing(), missing(),
               missing(), missing(), missing());
  CHECK_VALUES(w, w.call(Fn::divide, kNumber, {income, w.literal(kMoney, money(2))}), real(5), real(0.00025),
               real(-1.75), real(9223372036854775807.0 / 20000), real(617.2839), missing());
}

TEST_CASE("vm: rounding") {
  World w = people();
  const ExprId score = w.field(kCustomer, "score");
  const ExprId income = w.field(kCustomer, "income");
  const auto digits = [&](std::int64_t n) { return w.literal(kInteger, whole(n)); };
  CHECK_VALUES(w, w.call(Fn::round, kNumber, {score, digits(0)}), real(2), real(-3), real(0), real(1e308), real(3),
               missing());
  CHECK_VALUES(w, w.call(Fn::round, kNumber, {score, digits(2)}), real(1.5), real(-2.5), real(0), missing(), real(2.5),
               missing());
  CHECK_VALUES(w, w.call(Fn::round, kMoney, {income, digits(0)}), money(10), money(0), money(-4), missing(),
               money(1'235), missing());
  CHECK_VALUES(w, w.call(Fn::round, kMoney, {income, digits(-2)}), money(0), money(0), money(0), missing(),
               money(1'200), missing());
  CHECK_VALUES(w, w.call(Fn::floor, kNumber, {score}), real(1), real(-3), real(0), real(1e308), real(2), missing());
  CHECK_VALUES(w, w.call(Fn::ceil, kNumber, {score}), real(2), real(-2), real(0), real(1e308), real(3), missing());
  CHECK_VALUES(w, w.call(Fn::floor, kMoney, {income}), money(10), money(0), money(-4), whole(9'223'372'036'854'770'000),
               money(1'234), missing());
  CHECK_VALUES(w, w.call(Fn::ceil, kMoney, {income}), money(10), money(1), money(-3), missing(), money(1'235),
               missing());
}

TEST_CASE("vm: conversion, least and greatest of several") {
  World w = people();
  const ExprId age = w.field(kCustomer, "age");
  CHECK_VALUES(w, w.call(Fn::to_number, kNumber, {age}), real(30), real(-7), real(0), real(9223372036854775807.0),
               real(-9223372036854775808.0), missing());
  const ExprId ten = w.literal(kInteger, whole(10));
  CHECK_VALUES(w, w.call(Fn::min_of, kInteger, {age, ten, w.field(kCustomer, "id")}), whole(1), whole(-7), whole(0),
               whole(4), whole(INT64_MIN), missing());
  CHECK_VALUES(w, w.call(Fn::max_of, kInteger, {age, ten}), whole(30), whole(10), whole(10), whole(INT64_MAX),
               whole(10), missing());
  const ExprId walk = w.field(kCustomer, "walk");
  CHECK_VALUES(w, w.call(Fn::max_of, kDistance, {walk, w.literal(kDistance, real(50))}), real(100), real(50), missing(),
               missing(), missing(), missing());
}

TEST_CASE("vm: comparisons with a constant, either way round") {
  World w = people();
  const ExprId age = w.field(kCustomer, "age");
  const ExprId zero = w.literal(kInteger, whole(0));
  CHECK_VALUES(w, w.flag(Fn::eq, {age, zero}), no(), no(), yes(), no(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::ne, {zero, age}), yes(), yes(), no(), yes(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::lt, {age, zero}), no(), yes(), no(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::lt, {zero, age}), yes(), no(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::le, {age, zero}), no(), yes(), yes(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::le, {zero, age}), yes(), no(), yes(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::gt, {age, zero}), yes(), no(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::ge, {zero, age}), no(), yes(), yes(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {age, w.literal(kInteger, missing())}), missing(), missing(), missing(), missing(),
               missing(), missing());
}

TEST_CASE("vm: comparisons of two fields") {
  World w = people();
  const ExprId age = w.field(kCustomer, "age");
  const ExprId id = w.field(kCustomer, "id");
  CHECK_VALUES(w, w.flag(Fn::lt, {id, age}), yes(), no(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::ge, {id, age}), no(), yes(), yes(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {age, age}), yes(), yes(), yes(), yes(), yes(), missing());
  const ExprId walk = w.field(kCustomer, "walk");
  CHECK_VALUES(w, w.flag(Fn::gt, {walk, w.literal(kDistance, real(1))}), yes(), no(), missing(), missing(), missing(),
               missing());
}

TEST_CASE("vm: choices compare by their order") {
  World w = people();
  const ExprId level = w.field(kCustomer, "level");
  CHECK_VALUES(w, w.flag(Fn::ge, {level, w.literal(kLevel, whole(1))}), yes(), no(), yes(), missing(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {level, w.literal(kLevel, whole(0))}), no(), yes(), no(), missing(), missing(),
               missing());
}

TEST_CASE("vm: in a list of numbers, choices, flags") {
  World w = people();
  const Type integers = {.kind = TypeKind::kList, .element = TypeKind::kInteger};
  CHECK_VALUES(
      w, w.flag(Fn::in_list, {w.field(kCustomer, "age"), w.literal(integers, {Value::List{whole(0), whole(30)}})}),
      yes(), no(), yes(), no(), no(), missing());
  Value::List many;
  for (int i = 0; i < 40; ++i) many.push_back(whole(i));
  CHECK_VALUES(w, w.flag(Fn::in_list, {w.field(kCustomer, "age"), w.literal(integers, {many})}), yes(), no(), yes(),
               no(), no(), missing());
  const Type numbers = {.kind = TypeKind::kList, .element = TypeKind::kNumber};
  CHECK_VALUES(w, w.flag(Fn::in_list, {w.field(kCustomer, "score"), w.literal(numbers, {Value::List{real(1.5)}})}),
               yes(), no(), no(), no(), no(), missing());
  const Type levels = {.kind = TypeKind::kList, .element = TypeKind::kChoice, .ranked = true, .detail = 0};
  CHECK_VALUES(w,
               w.flag(Fn::in_list, {w.field(kCustomer, "level"), w.literal(levels, {Value::List{whole(2), whole(0)}})}),
               yes(), yes(), no(), missing(), missing(), missing());
  const Type flags = {.kind = TypeKind::kList, .element = TypeKind::kFlag};
  CHECK_VALUES(w, w.flag(Fn::in_list, {w.field(kCustomer, "vip"), w.literal(flags, {Value::List{yes()}})}), yes(), no(),
               yes(), no(), missing(), missing());
}

TEST_CASE("vm: missing and known") {
  World w = people();
  CHECK_VALUES(w, w.flag(Fn::is_missing, {w.field(kCustomer, "vip")}), no(), no(), no(), no(), yes(), yes());
  CHECK_VALUES(w, w.flag(Fn::is_known, {w.field(kCustomer, "walk")}), yes(), yes(), no(), no(), no(), no());
  CHECK_VALUES(w, w.flag(Fn::is_known, {w.field(kCustomer, "tags")}), no(), no(), no(), no(), no(), no());
  CHECK_VALUES(w, w.call(Fn::coalesce, kInteger, {w.field(kCustomer, "age"), w.literal(kInteger, whole(5))}), whole(30),
               whole(-7), whole(0), whole(INT64_MAX), whole(INT64_MIN), whole(5));
  CHECK_VALUES(w, w.call(Fn::coalesce, kFlag, {w.field(kCustomer, "vip"), w.literal(kFlag, no())}), yes(), no(), yes(),
               no(), no(), no());
}

namespace {

// All nine pairs of yes, no, unknown: `vip` and, by `level`, a second flag.
World truth_table() {
  World w;
  for (const Value& a : {yes(), no(), missing()}) {
    for (const Value& b : {whole(1), whole(0), missing()})
      w.row(kCustomer, {{"id", whole(1)}, {"vip", a}, {"level", b}});
  }
  w.load();
  return w;
}
ExprId second(World& w) { return w.flag(Fn::eq, {w.field(kCustomer, "level"), w.literal(kLevel, whole(1))}); }

}  // namespace

TEST_CASE("vm: and, or, not of three values") {
  World w = truth_table();
  const ExprId a = w.field(kCustomer, "vip");
  const ExprId b = second(w);
  CHECK_VALUES(w, w.flag(Fn::logical_and, {a, b}), yes(), no(), missing(), no(), no(), no(), missing(), no(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::logical_or, {a, b}), yes(), yes(), yes(), yes(), no(), missing(), yes(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::logical_not, {w.flag(Fn::logical_and, {a, b})}), no(), yes(), missing(), yes(), yes(),
               yes(), missing(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::is_true, {a}), yes(), yes(), yes(), no(), no(), no(), no(), no(), no());
  CHECK_VALUES(w, w.flag(Fn::eq, {a, b}), yes(), no(), missing(), no(), yes(), missing(), missing(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::ne, {a, b}), no(), yes(), missing(), yes(), no(), missing(), missing(), missing(),
               missing());
}

TEST_CASE("vm: at least, at most, exactly n of three values") {
  World w = truth_table();
  const ExprId a = w.field(kCustomer, "vip");
  const ExprId b = second(w);
  const auto n = [&](std::int64_t count) { return w.literal(kInteger, whole(count)); };
  CHECK_VALUES(w, w.flag(Fn::at_least, {n(2), a, b}), yes(), no(), missing(), no(), no(), no(), missing(), no(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::at_least, {n(1), a, b}), yes(), yes(), yes(), yes(), no(), missing(), yes(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::at_least, {n(0), a, b}), yes(), yes(), yes(), yes(), yes(), yes(), yes(), yes(), yes());
  CHECK_VALUES(w, w.flag(Fn::at_least, {n(3), a, b}), no(), no(), no(), no(), no(), no(), no(), no(), no());
  CHECK_VALUES(w, w.flag(Fn::at_most, {n(1), a, b}), no(), yes(), missing(), yes(), yes(), yes(), missing(), yes(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::exactly, {n(1), a, b}), no(), yes(), missing(), yes(), no(), missing(), missing(),
               missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::exactly, {n(0), a, b}), no(), no(), no(), no(), yes(), missing(), no(), missing(),
               missing());
}

TEST_CASE("vm: counting over many masks") {
  World w;
  for (std::int64_t i = 0; i < 70; ++i) w.row(kCustomer, {{"id", whole(i)}});
  w.load();
  std::vector<ExprId> flags = {w.literal(kInteger, whole(20))};
  for (std::int64_t i = 0; i < 40; ++i)
    flags.push_back(w.flag(Fn::gt, {w.field(kCustomer, "id"), w.literal(kInteger, whole(i))}));
  const std::vector<Value> values = w.values(w.flag(Fn::at_least, flags));
  for (std::int64_t i = 0; i < 70; ++i) CHECK(values[static_cast<std::size_t>(i)].flag() == (i >= 20));
}

TEST_CASE("vm: if then else") {
  World w = truth_table();
  const ExprId a = w.field(kCustomer, "vip");
  const ExprId one = w.literal(kInteger, whole(1));
  const ExprId two = w.literal(kInteger, whole(2));
  CHECK_VALUES(w, w.call(Fn::if_then_else, kInteger, {a, one, two}), whole(1), whole(1), whole(1), whole(2), whole(2),
               whole(2), missing(), missing(), missing());
  CHECK_VALUES(w, w.call(Fn::if_then_else, kFlag, {a, second(w), w.literal(kFlag, yes())}), yes(), no(), missing(),
               yes(), yes(), yes(), missing(), missing(), missing());
}

TEST_CASE("vm: points of a score") {
  World w = people();
  const ExprId vip = w.field(kCustomer, "vip");
  CHECK_VALUES(w, w.call(Fn::points_when, kNumber, {vip, w.literal(kNumber, real(10))}), real(10), real(0), real(10),
               real(0), real(0), real(0));
  const ExprId score = w.field(kCustomer, "score");
  const ExprId two = w.literal(kNumber, real(2));
  CHECK_VALUES(w, w.call(Fn::points_per, kNumber, {score, two, w.literal(kNumber, missing())}), real(3), real(-5),
               real(0), real(0), real(5), real(0));
  CHECK_VALUES(w, w.call(Fn::points_per, kNumber, {score, two, w.literal(kNumber, real(-4))}), real(3), real(-4),
               real(0), real(0), real(4), real(0));
}

TEST_CASE("vm: params are bound at run") {
  World w = people();
  w.program.params.push_back({.name = "limit", .type = kInteger, .value = whole(0), .doc = "", .span = {}});
  w.program.params.push_back({.name = "on", .type = kFlag, .value = yes(), .doc = "", .span = {}});
  const ExprId above = w.flag(Fn::gt, {w.field(kCustomer, "age"), w.program.param(0)});
  CHECK_VALUES(w, above, yes(), no(), no(), yes(), no(), missing());
  w.binding.params = {whole(30), no()};
  CHECK_VALUES(w, above, no(), no(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::logical_and, {above, w.program.param(1)}), no(), no(), no(), no(), no(), no());
  w.binding.params = {missing(), missing()};
  CHECK_VALUES(w, above, missing(), missing(), missing(), missing(), missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::is_missing, {w.program.param(1)}), yes(), yes(), yes(), yes(), yes(), yes());
  const ExprId sum = w.call(Fn::add, kInteger, {w.program.param(0), w.literal(kInteger, whole(4))});
  w.binding.params = {whole(3), no()};
  CHECK_VALUES(w, sum, whole(7), whole(7), whole(7), whole(7), whole(7), whole(7));
}
