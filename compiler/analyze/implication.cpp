#include "compiler/analyze/implication.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace seg::analyze {
namespace {

using base::Value;
using program::Expr;
using program::ExprId;
using program::ExprKind;
using program::Fn;
using program::Program;

std::optional<bool> literal_flag(const Program& program, ExprId id) {
  const Expr& e = program.expr(id);
  if (e.kind != ExprKind::kLiteral || e.type.kind != base::TypeKind::kFlag) return std::nullopt;
  const Value& value = program.values[e.a];
  return !value.is_missing() && value.flag();
}

bool is_call(const Program& program, ExprId id, Fn fn) {
  return program.expr(id).kind == ExprKind::kCall && program.expr(id).fn == fn;
}

// `value fn constant`, where the constant has an order.
struct Comparison {
  ExprId subject;
  Fn fn;
  Value constant;
};

std::optional<Comparison> comparison_of(const Program& program, ExprId id) {
  const Expr& e = program.expr(id);
  if (e.kind != ExprKind::kCall || e.fn < Fn::eq || e.fn > Fn::ge) return std::nullopt;
  const std::vector<ExprId> args = program.args_of(id);
  const Expr& right = program.expr(args[1]);
  if (right.kind != ExprKind::kLiteral) return std::nullopt;
  const Value& constant = program.values[right.a];
  // Versions have an order of their own.
  if (right.type.kind == base::TypeKind::kVersion ||
      (constant.data.index() != 2 && constant.data.index() != 3 && constant.data.index() != 4)) {
    return std::nullopt;
  }
  return Comparison{args[0], e.fn, constant};
}

// -1, 0, 1. Both are of one kind: whole numbers, numbers or texts.
int order(const Value& a, const Value& b) {
  const auto compare = [](const auto& x, const auto& y) { return x < y ? -1 : (y < x ? 1 : 0); };
  switch (a.data.index()) {
    case 2: return compare(a.integer(), b.integer());
    case 3: return compare(a.number(), b.number());
    default: return compare(a.text(), b.text());
  }
}

bool is_lower_bound(Fn fn) { return fn == Fn::gt || fn == Fn::ge || fn == Fn::eq; }
bool is_upper_bound(Fn fn) { return fn == Fn::lt || fn == Fn::le || fn == Fn::eq; }

// No value satisfies both.
bool exclude(const Comparison& a, const Comparison& b) {
  if (a.subject != b.subject || a.constant.data.index() != b.constant.data.index()) return false;
  const int compared = order(a.constant, b.constant);
  if ((a.fn == Fn::eq && b.fn == Fn::ne) || (a.fn == Fn::ne && b.fn == Fn::eq)) return compared == 0;
  const bool strict = a.fn == Fn::gt || a.fn == Fn::lt || b.fn == Fn::gt || b.fn == Fn::lt;
  if (is_lower_bound(a.fn) && is_upper_bound(b.fn) && (compared > 0 || (compared == 0 && strict))) return true;
  return is_upper_bound(a.fn) && is_lower_bound(b.fn) && (compared < 0 || (compared == 0 && strict));
}

// Every value that satisfies a satisfies b.
bool contained(const Comparison& a, const Comparison& b) {
  if (a.subject != b.subject || a.constant.data.index() != b.constant.data.index()) return false;
  const int compared = order(a.constant, b.constant);
  switch (b.fn) {
    case Fn::eq: return a.fn == Fn::eq && compared == 0;
    case Fn::ne: return exclude(a, {b.subject, Fn::eq, b.constant});
    case Fn::ge: return is_lower_bound(a.fn) && compared >= 0;
    case Fn::gt: return is_lower_bound(a.fn) && (compared > 0 || (compared == 0 && a.fn == Fn::gt));
    case Fn::le: return is_upper_bound(a.fn) && compared <= 0;
    case Fn::lt: return is_upper_bound(a.fn) && (compared < 0 || (compared == 0 && a.fn == Fn::lt));
    default: return false;
  }
}

// What a rank can be at all: a quartile is between 1 and 4, a percentile between 0 and 1.
bool is_beyond(const Program& program, const Comparison& comparison) {
  const Expr& e = program.expr(comparison.subject);
  if (e.kind != program::ExprKind::kPopulation) return false;
  const auto excludes = [&](Fn fn, Value bound) {
    return exclude(comparison, {comparison.subject, fn, std::move(bound)});
  };
  switch (program.populations[e.a].fn) {
    case program::PopulationFn::kTile: {
      const Expr& n = program.expr(program.population_args(comparison.subject).n);
      if (excludes(Fn::ge, Value::of(std::int64_t{1}))) return true;
      return n.kind == program::ExprKind::kLiteral && excludes(Fn::le, program.values[n.a]);
    }
    case program::PopulationFn::kPercentile:
      return excludes(Fn::ge, Value::of(0.0)) || excludes(Fn::le, Value::of(1.0));
    case program::PopulationFn::kRank: return excludes(Fn::ge, Value::of(std::int64_t{1}));
    case program::PopulationFn::kTop:
    case program::PopulationFn::kBottom:
    case program::PopulationFn::kFigure:
    case program::PopulationFn::kQuantile:
    case program::PopulationFn::kDeviation: break;
  }
  return false;
}

// The parts of nested `and`s.
void collect_parts(const Program& program, ExprId id, std::vector<ExprId>& parts) {
  if (!is_call(program, id, Fn::logical_and)) {
    parts.push_back(id);
    return;
  }
  for (const ExprId arg : program.args_of(id)) collect_parts(program, arg, parts);
}

}  // namespace

std::string limits_of_rank(const Program& program, ExprId condition) {
  const auto comparison = comparison_of(program, condition);
  if (!comparison || !is_beyond(program, *comparison)) return "";
  switch (program.populations[program.expr(comparison->subject).a].fn) {
    case program::PopulationFn::kTile: {
      const Expr& n = program.expr(program.population_args(comparison->subject).n);
      const bool is_given = n.kind == program::ExprKind::kLiteral;
      return "tiles are counted from 1, the lowest" +
             (is_given ? ", to " + std::to_string(program.values[n.a].integer()) + ", the highest" : "");
    }
    case program::PopulationFn::kPercentile: return "a percentile is a share, between 0% and 100%";
    default: return "ranks are counted from 1, the highest";
  }
}

bool is_always_true(const Program& program, ExprId condition) {
  if (const auto flag = literal_flag(program, condition)) return *flag;
  const std::vector<ExprId> args = program.args_of(condition);
  const auto always = [&](ExprId arg) { return is_always_true(program, arg); };
  if (is_call(program, condition, Fn::logical_and)) return std::all_of(args.begin(), args.end(), always);
  if (is_call(program, condition, Fn::logical_or)) return std::any_of(args.begin(), args.end(), always);
  return is_call(program, condition, Fn::is_true) && always(args[0]);
}

bool is_never_true(const Program& program, ExprId condition) {
  if (const auto flag = literal_flag(program, condition)) return !*flag;
  const std::vector<ExprId> args = program.args_of(condition);
  const auto never = [&](ExprId arg) { return is_never_true(program, arg); };
  if (is_call(program, condition, Fn::logical_or)) return std::all_of(args.begin(), args.end(), never);
  if (is_call(program, condition, Fn::is_true)) return never(args[0]);
  if (is_call(program, condition, Fn::logical_not)) return is_always_true(program, args[0]);
  if (const auto comparison = comparison_of(program, condition)) return is_beyond(program, *comparison);
  if (!is_call(program, condition, Fn::logical_and)) return false;
  std::vector<ExprId> parts;
  collect_parts(program, condition, parts);
  if (std::any_of(parts.begin(), parts.end(), never)) return true;
  std::vector<Comparison> comparisons;
  for (const ExprId part : parts) {
    if (auto comparison = comparison_of(program, part)) comparisons.push_back(std::move(*comparison));
    const bool is_denied = std::any_of(parts.begin(), parts.end(), [&](ExprId other) {
      return is_call(program, other, Fn::logical_not) && program.args_of(other)[0] == part;
    });
    if (is_denied) return true;
  }
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    for (std::size_t j = i + 1; j < comparisons.size(); ++j) {
      if (exclude(comparisons[i], comparisons[j])) return true;
    }
  }
  return false;
}

bool implies(const Program& program, ExprId a, ExprId b) {
  if (a == b || is_always_true(program, b) || is_never_true(program, a)) return true;
  const std::vector<ExprId> args_a = program.args_of(a);
  const std::vector<ExprId> args_b = program.args_of(b);
  if (is_call(program, a, Fn::logical_or)) {
    return std::all_of(args_a.begin(), args_a.end(), [&](ExprId arg) { return implies(program, arg, b); });
  }
  if (is_call(program, b, Fn::logical_and)) {
    return std::all_of(args_b.begin(), args_b.end(), [&](ExprId arg) { return implies(program, a, arg); });
  }
  if (is_call(program, b, Fn::logical_or) &&
      std::any_of(args_b.begin(), args_b.end(), [&](ExprId arg) { return implies(program, a, arg); })) {
    return true;
  }
  if (is_call(program, a, Fn::logical_and)) {
    return std::any_of(args_a.begin(), args_a.end(), [&](ExprId arg) { return implies(program, arg, b); });
  }
  const auto left = comparison_of(program, a);
  const auto right = comparison_of(program, b);
  return left && right && contained(*left, *right);
}

}  // namespace seg::analyze
