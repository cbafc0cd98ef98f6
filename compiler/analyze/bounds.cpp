// What an expression's value can lie between: from its type, what makes it, and the range that its metric states.
#include <algorithm>

#include "compiler/analyze/tiers.h"

namespace seg::analyze {
namespace {

using base::TypeKind;
using base::Value;
using program::ExprId;
using program::ExprKind;
using program::Fn;
using program::Program;

Bounds between(std::int64_t least, std::int64_t greatest) { return {Value::of(least), Value::of(greatest)}; }

const Value* constant(const Program& program, ExprId id) {
  const program::Expr& e = program.expr(id);
  if (e.kind == ExprKind::kLiteral) return &program.values[e.a];
  return e.kind == ExprKind::kParam ? &program.params[e.a].value : nullptr;
}

// Events after the as-of day do not exist, so that no time has passed "since" them that is negative.
bool is_past(const Program& program, ExprId id) {
  const program::Expr& e = program.expr(id);
  if (e.kind == ExprKind::kCall && (e.fn == Fn::date_of || e.fn == Fn::start_of_day))
    return is_past(program, program.args_of(id)[0]);
  if (e.kind != ExprKind::kAggregate) return false;
  const program::Aggregate& aggregate = program.aggregates[e.a];
  if (aggregate.value == base::kNone) return false;
  const program::Expr& value = program.expr(aggregate.value);
  return value.kind == ExprKind::kField && program.schema.tables[aggregate.child].time == value.a;
}

constexpr int kDeepest = 12;  // what ifs of ifs share is walked again and again

Bounds find(const Program& program, ExprId id, int depth);

Bounds of_call(const Program& program, ExprId id, int depth) {
  const program::Expr& e = program.expr(id);
  switch (e.fn) {
    case Fn::month_of: return between(1, 12);
    case Fn::day_of: return between(1, 31);
    case Fn::weekday_of: return between(1, 7);
    case Fn::hour_of: return between(0, 23);
    case Fn::length: return {Value::of(std::int64_t{1}), std::nullopt};
    case Fn::list_size: return {Value::of(std::int64_t{0}), std::nullopt};
    case Fn::years_since:
    case Fn::months_since:
    case Fn::weeks_since:
    case Fn::days_since:
    case Fn::hours_since:
      if (is_past(program, program.args_of(id)[0])) return {Value::of(std::int64_t{0}), std::nullopt};
      return {};
    case Fn::if_then_else: {
      const Bounds a = find(program, program.args_of(id)[1], depth + 1);
      const Bounds b = find(program, program.args_of(id)[2], depth + 1);
      Bounds both;
      if (a.least && b.least) both.least = is_less(*b.least, *a.least) ? b.least : a.least;
      if (a.greatest && b.greatest) both.greatest = is_less(*a.greatest, *b.greatest) ? b.greatest : a.greatest;
      return both;
    }
    default: return {};
  }
}

bool has_known_bounds(TypeKind kind) {
  return kind != TypeKind::kText && kind != TypeKind::kVersion && kind != TypeKind::kList &&
         kind != TypeKind::kLocation && kind != TypeKind::kReference && kind != TypeKind::kFlag;
}

Bounds find(const Program& program, ExprId id, int depth) {
  const program::Expr& e = program.expr(id);
  if (depth > kDeepest || !has_known_bounds(e.type.kind)) return {};
  if (const Value* value = constant(program, id)) {
    return value->is_missing() ? Bounds{} : Bounds{*value, *value};
  }
  Bounds bounds;
  if (e.type.kind == TypeKind::kChoice) {
    const auto num_values = static_cast<std::int64_t>(program.schema.choices[e.type.detail].values.size());
    return between(0, num_values - 1);
  }
  if (e.kind == ExprKind::kCall) bounds = of_call(program, id, depth);
  if (e.kind == ExprKind::kAggregate) {
    const program::AggFn fn = program.aggregates[e.a].fn;
    if (fn == program::AggFn::kCount || fn == program::AggFn::kDistinct) bounds.least = Value::of(std::int64_t{0});
  }
  for (const program::Output& output : program.outputs) {
    if (output.root != id || output.kind != program::OutputKind::kMetric) continue;
    const auto end_of = [&](ExprId end) { return program.values[program.expr(end).a]; };
    if (output.at_least && !(bounds.least && is_less(end_of(*output.at_least), *bounds.least)))
      bounds.least = end_of(*output.at_least);
    if (output.at_most && !(bounds.greatest && is_less(*bounds.greatest, end_of(*output.at_most))))
      bounds.greatest = end_of(*output.at_most);
  }
  return bounds;
}

}  // namespace

bool is_less(const Value& a, const Value& b) {
  if (a.data.index() != b.data.index()) return false;
  switch (a.data.index()) {
    case 1: return a.flag() < b.flag();
    case 2: return a.integer() < b.integer();
    case 3: return a.number() < b.number();
    case 4: return a.text() < b.text();
    default: return false;
  }
}

Bounds bounds_of(const Program& program, ExprId id) { return find(program, id, 0); }

}  // namespace seg::analyze
