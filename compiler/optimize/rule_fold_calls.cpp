// Functions of literals, by the same scalar functions that the VM's kernels call. What overflows or has no value stays
// a call: the run counts it.
#include <algorithm>
#include <cmath>
#include <optional>

#include "compiler/optimize/rules.h"
#include "runtime/kernels/arithmetic.h"
#include "runtime/kernels/calendar.h"
#include "runtime/kernels/text.h"

namespace seg::optimize {
namespace {

using base::TypeKind;
using base::Value;
using program::Fn;

// By reference: `value` is read after the call that sets it, which is another argument.
template <class T>
std::optional<Value> whole(bool fits, const T& value) {
  return fits ? std::optional(Value::of(std::int64_t{value})) : std::nullopt;
}
std::optional<Value> finite(double value) {
  return std::isfinite(value) ? std::optional(Value::of(value)) : std::nullopt;
}
std::optional<Value> text(std::string value) {
  return kernels::is_blank(value) ? std::nullopt : std::optional(Value::of(std::move(value)));
}

// -1, 0, 1; none for types that are compared otherwise.
std::optional<int> compared(const base::Type& type, const Value& a, const Value& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.data.index() != b.data.index()) return std::nullopt;
  if (type.kind == TypeKind::kVersion) return order(kernels::compare_versions(a.text(), b.text()), 0);
  switch (a.data.index()) {
    case 1: return order(a.flag(), b.flag());
    case 2: return order(a.integer(), b.integer());
    case 3: return order(a.number(), b.number());
    case 4: return order(a.text().compare(b.text()), 0);
    default: return std::nullopt;
  }
}

std::optional<Value> of_numbers(Fn fn, double a, double b) {
  switch (fn) {
    case Fn::add: return finite(a + b);
    case Fn::subtract: return finite(a - b);
    case Fn::multiply: return finite(a * b);
    case Fn::divide: return b == 0 ? std::nullopt : finite(a / b);
    default: return std::nullopt;
  }
}

std::optional<Value> of_integers(Fn fn, const base::Type& type, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  switch (fn) {
    case Fn::add: return whole(!__builtin_add_overflow(a, b, &out), out);
    case Fn::subtract: return whole(!__builtin_sub_overflow(a, b, &out), out);
    case Fn::multiply: return whole(!__builtin_mul_overflow(a, b, &out), out);
    case Fn::divide:
      if (type.kind != TypeKind::kNumber || b == 0) return std::nullopt;
      return finite(static_cast<double>(a) / static_cast<double>(b));
    default: return std::nullopt;
  }
}

std::optional<Value> of_two(Fn fn, const base::Type& type, const base::Type& first, const Value& a, const Value& b) {
  if (fn >= Fn::eq && fn <= Fn::ge) {
    const std::optional<int> order = compared(first, a, b);
    if (!order) return std::nullopt;
    switch (fn) {
      case Fn::eq: return Value::of(*order == 0);
      case Fn::ne: return Value::of(*order != 0);
      case Fn::lt: return Value::of(*order < 0);
      case Fn::le: return Value::of(*order <= 0);
      case Fn::gt: return Value::of(*order > 0);
      default: return Value::of(*order >= 0);
    }
  }
  std::int64_t out = 0;
  std::int32_t day = 0;
  switch (fn) {
    case Fn::add:
    case Fn::subtract:
    case Fn::multiply:
    case Fn::divide:
      if (a.data.index() == 3) return of_numbers(fn, a.number(), b.number());
      if (b.data.index() == 2) return of_integers(fn, type, a.integer(), b.integer());
      if (fn == Fn::multiply) return whole(kernels::multiply_scaled(a.integer(), b.number(), out), out);
      if (fn == Fn::divide && b.number() != 0) return whole(kernels::divide_scaled(a.integer(), b.number(), out), out);
      return std::nullopt;
    case Fn::contains: return Value::of(kernels::contains(a.text(), b.text()));
    case Fn::starts_with: return Value::of(kernels::starts_with(a.text(), b.text()));
    case Fn::ends_with: return Value::of(kernels::ends_with(a.text(), b.text()));
    case Fn::add_days: return whole(kernels::add_days(static_cast<std::int32_t>(a.integer()), b.integer(), day), day);
    case Fn::add_months:
      return whole(kernels::add_months(static_cast<std::int32_t>(a.integer()), b.integer(), day), day);
    case Fn::add_duration: return whole(!__builtin_add_overflow(a.integer(), b.integer(), &out), out);
    case Fn::duration_between: return whole(!__builtin_sub_overflow(b.integer(), a.integer(), &out), out);
    case Fn::days_between: return Value::of(b.integer() - a.integer());
    case Fn::round:
      if (b.integer() < -18 || b.integer() > 18) return std::nullopt;
      if (a.data.index() == 3) return finite(kernels::round_number(a.number(), b.integer()));
      return whole(kernels::round_money(a.integer(), b.integer(), out), out);
    default: return std::nullopt;
  }
}

std::optional<Value> of_one(Fn fn, const Value& a) {
  const bool is_number = a.data.index() == 3;
  std::int64_t out = 0;
  switch (fn) {
    case Fn::logical_not: return Value::of(!a.flag());
    case Fn::to_number: return is_number ? a : Value::of(static_cast<double>(a.integer()));
    case Fn::negate:
      if (is_number) return Value::of(-a.number());
      return whole(!__builtin_sub_overflow(std::int64_t{0}, a.integer(), &out), out);
    case Fn::abs:
      if (is_number) return Value::of(std::fabs(a.number()));
      if (a.integer() >= 0) return a;
      return whole(!__builtin_sub_overflow(std::int64_t{0}, a.integer(), &out), out);
    case Fn::floor:
      return is_number ? finite(std::floor(a.number())) : whole(kernels::floor_money(a.integer(), out), out);
    case Fn::ceil: return is_number ? finite(std::ceil(a.number())) : whole(kernels::ceil_money(a.integer(), out), out);
    case Fn::lower: return text(kernels::lower(a.text()));
    case Fn::trim: return text(kernels::trim(a.text()));
    case Fn::fold: return text(kernels::fold(a.text()));
    case Fn::length: return Value::of(kernels::length(a.text()));
    case Fn::year_of: return Value::of(kernels::civil_of(static_cast<std::int32_t>(a.integer())).year);
    case Fn::month_of: return Value::of(std::int64_t{kernels::civil_of(static_cast<std::int32_t>(a.integer())).month});
    case Fn::day_of: return Value::of(std::int64_t{kernels::civil_of(static_cast<std::int32_t>(a.integer())).day});
    case Fn::weekday_of: return Value::of(std::int64_t{kernels::iso_weekday(static_cast<std::int32_t>(a.integer()))});
    default: return std::nullopt;
  }
}

}  // namespace

ExprId rule_fold_calls(Program& program, ExprId id) {
  const program::Expr e = program.expr(id);
  if (e.kind != program::ExprKind::kCall || e.num_args == 0 || e.num_args > 2) return id;
  if (e.type.kind == TypeKind::kList) return id;
  const std::vector<ExprId> args = program.args_of(id);
  std::vector<Value> values;
  for (ExprId arg : args) {
    if (!is_literal(program, arg)) return id;
    values.push_back(program.values[program.expr(arg).a]);
    if (values.back().is_missing()) return id;
  }
  const base::Type first = program.expr(args[0]).type;
  const std::optional<Value> result =
      args.size() == 1 ? of_one(e.fn, values[0]) : of_two(e.fn, e.type, first, values[0], values[1]);
  return result ? program.literal(e.type, *result) : id;
}

}  // namespace seg::optimize
