// A row against the population: program.h (PopulationFn), language.md 5. Everyone is looked at for every row.
#include <algorithm>
#include <cmath>

#include "reference/interpreter.h"

namespace seg::reference {
namespace {

using base::Int128;
using base::UInt128;
using base::Value;
using program::PopulationFn;

Int128 billionths(double value) { return static_cast<Int128>(std::rint(value * 1e9)); }

// The sum of squares of the differences of all pairs, in limbs of 32 bits: n times the sum of squares less the square
// of the sum. To the nearest double.
double spread_of(const std::vector<Int128>& values) {
  std::vector<std::uint64_t> limbs(12, 0);
  const auto add_square = [&](UInt128 d) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        std::uint64_t carry =
            static_cast<std::uint32_t>(d >> 32 * i) * std::uint64_t{static_cast<std::uint32_t>(d >> 32 * j)};
        for (std::size_t k = i + j; carry != 0; ++k) {
          const std::uint64_t sum = limbs[k] + (carry & 0xFFFFFFFF);
          limbs[k] = sum & 0xFFFFFFFF;
          carry = (carry >> 32) + (sum >> 32);
        }
      }
    }
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Int128 d = values[i] - values[j];
      add_square(static_cast<UInt128>(d < 0 ? -d : d));
    }
  }
  const auto bit = [&](int at) { return limbs[static_cast<std::size_t>(at / 32)] >> at % 32 & 1; };
  int top = 12 * 32 - 1;
  while (top > 0 && bit(top) == 0) --top;
  std::uint64_t first = 0;  // 64 bits, the last of them standing for all below
  for (int at = top; at > top - 64; --at) first = first << 1 | (at >= 0 ? bit(at) : 0);
  for (int at = top - 64; at >= 0; --at) first |= bit(at);
  return std::ldexp(static_cast<double>(first), top - 63);
}

Value deviation(const base::Type& result, bool real, const std::vector<Value>& values) {
  std::vector<Int128> whole;
  for (const Value& value : values) {
    if (real && std::fabs(value.number()) > 1e20) return Value::missing();
    whole.push_back(real ? billionths(value.number()) : Int128{value.integer()});
  }
  const double root = std::sqrt(spread_of(whole)) / static_cast<double>(whole.size());
  if (real) return Value::of(root / 1e9);
  if (result.kind == base::TypeKind::kNumber) return Value::of(root);
  return Value::of(static_cast<std::int64_t>(std::round(root)));
}

}  // namespace

Value Interpreter::evaluate_population(program::ExprId id, std::uint64_t row) {
  const program::Expr& e = program_.expr(id);
  const program::Population& p = program_.populations[e.a];
  const program::PopulationArgs args = program_.population_args(id);
  const base::Type type = program_.expr(args.value).type;
  const auto same_group = [&](std::uint64_t other) {
    return std::all_of(args.per.begin(), args.per.end(), [&](program::ExprId key) {
      const Value a = evaluate(key, row);
      const Value b = evaluate(key, other);
      return !a.is_missing() && !b.is_missing() && compare_values(a, b, program_.expr(key).type.kind) == 0;
    });
  };
  const auto is_compared = [&](std::uint64_t r) {
    return !evaluate(args.value, r).is_missing() && (args.among == base::kNone || is_true(args.among, r)) &&
           same_group(r);
  };
  const Value own = evaluate(args.value, row);
  const Value own_tie = args.ties == base::kNone ? Value::missing() : evaluate(args.ties, row);
  // 1: its value (where they are equal its place in the tie-break) is higher than the row's own.
  const auto comes_first = [&](const Value& tie) {
    if (args.ties == base::kNone || tie.is_missing()) return false;
    const int order = own_tie.is_missing() ? 0 : compare_values(tie, own_tie, program_.expr(args.ties).type.kind);
    return own_tie.is_missing() || (p.ties_highest_first ? order > 0 : order < 0);
  };
  std::vector<Value> values;
  Int128 lower = 0;
  Int128 higher = 0;
  Int128 first_of_equals = 0;
  for (std::uint64_t r = 0; r < num_rows(e.frame); ++r) {
    if (!is_compared(r)) continue;
    values.push_back(evaluate(args.value, r));
    if (own.is_missing()) continue;
    const int order = compare_values(values.back(), own, type.kind);
    lower += order < 0 ? 1 : 0;
    higher += order > 0 ? 1 : 0;
    if (order == 0 && args.ties != base::kNone && comes_first(evaluate(args.ties, r))) ++first_of_equals;
  }
  const auto size = static_cast<Int128>(values.size());
  const Value n = args.n == base::kNone ? Value::missing() : evaluate(args.n, row);
  const bool is_top = p.fn == PopulationFn::kTop || p.fn == PopulationFn::kBottom;
  const bool is_figure =
      p.fn == PopulationFn::kFigure || p.fn == PopulationFn::kQuantile || p.fn == PopulationFn::kDeviation;
  if (is_figure ? !same_group(row) : !is_compared(row)) return is_top ? Value::of(false) : Value::missing();
  switch (p.fn) {
    case PopulationFn::kTile:
      if (n.integer() < 1) return Value::missing();
      return Value::of(static_cast<std::int64_t>(1 + n.integer() * lower / size));
    case PopulationFn::kPercentile:
      return Value::of(size == 1 ? 0.0 : static_cast<double>(lower) / static_cast<double>(size - 1));
    case PopulationFn::kRank: return Value::of(static_cast<std::int64_t>(1 + higher));
    case PopulationFn::kTop:
    case PopulationFn::kBottom: {
      const Int128 before = (p.fn == PopulationFn::kTop ? higher : lower) + first_of_equals;
      if (program_.expr(args.n).type.kind == base::TypeKind::kInteger) return Value::of(before < n.integer());
      const double share = std::clamp(n.number(), 0.0, 1.0);
      return Value::of(before * 1'000'000'000 < billionths(share) * size);
    }
    case PopulationFn::kFigure: return reduce(p.figure, e.type, type, values);
    case PopulationFn::kQuantile: {
      if (values.empty() || n.number() < 0 || n.number() > 1) return Value::missing();
      std::sort(values.begin(), values.end(),
                [&](const Value& a, const Value& b) { return compare_values(a, b, type.kind) < 0; });
      std::size_t upto = 1;
      while (static_cast<Int128>(upto) * 1'000'000'000 < billionths(n.number()) * size) ++upto;
      return values[upto - 1];
    }
    case PopulationFn::kDeviation:
      if (values.empty()) return Value::missing();
      return deviation(e.type, type.kind == base::TypeKind::kNumber, values);
  }
  return Value::missing();
}

}  // namespace seg::reference
