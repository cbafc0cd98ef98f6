// + - * / with units, and unary minus.
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

using syntax::ArithmeticOp;

std::string_view sign(ArithmeticOp op) {
  switch (op) {
    case ArithmeticOp::add: return "+";
    case ArithmeticOp::subtract: return "-";
    case ArithmeticOp::multiply: return "*";
    case ArithmeticOp::divide: return "/";
  }
  return "";
}

bool is_moment(const Type& type) { return type.kind == TypeKind::kDate || type.kind == TypeKind::kTime; }

Checked no_such_operation(Context& context, const Scope& scope, NodeId node, ArithmeticOp op, const Checked& a,
                          const Checked& b) {
  auto report = context.report(Code::no_such_operation, span(context, scope, node),
                               {std::string(sign(op)), phrase(context, a.type), phrase(context, b.type)});
  if (a.type.kind == TypeKind::kFlag || b.type.kind == TypeKind::kFlag) {
    report.help("conditions are counted with `if … then 1 else 0`, or with `at least 2 of { … }`");
  }
  if (op == ArithmeticOp::add && a.type.kind == TypeKind::kText && b.type.kind == TypeKind::kText) {
    report.note("texts can't be joined");
  }
  const bool moment = is_moment(a.type) || is_moment(b.type);
  if (moment && (is_numeric(a.type) || is_numeric(b.type))) {
    report.help("a number needs a unit here: `D + 30 days`; the days between two dates are `D - E`, or `days since D`");
  }
  return poison();
}

// Whole days of a literal length, so that dates stay dates.
std::optional<std::int64_t> whole_days(const Context& context, const Checked& value) {
  if (value.type.kind != TypeKind::kDuration) return std::nullopt;
  const Value* known = literal_value(context, value);
  if (known == nullptr || known->integer() % base::kMicrosPerDay != 0) return std::nullopt;
  return known->integer() / base::kMicrosPerDay;
}

// D + 30 days, T - 2 hours, D - E.
Checked moment_arithmetic(Context& context, const Scope& scope, NodeId node, ArithmeticOp op, NodeId a_node, Checked a,
                          NodeId b_node, Checked b) {
  if (op == ArithmeticOp::subtract && is_moment(a.type) && is_moment(b.type)) {
    if (a.type.kind != b.type.kind) {
      report_not_comparable(context, scope, node, a_node, a, b_node, b);
      return poison();
    }
    if (a.type.kind == TypeKind::kTime) return call(context, Fn::duration_between, kDurationType, {b.expr, a.expr});
    const Checked days = to_number(context, call(context, Fn::days_between, kIntegerType, {b.expr, a.expr}));
    const Checked day = literal(context, kDurationType, Value::of(base::kMicrosPerDay));
    return call(context, Fn::multiply, kDurationType, {day.expr, days.expr});
  }
  if (op == ArithmeticOp::add && !is_moment(a.type)) {
    std::swap(a, b);
    std::swap(a_node, b_node);
  }
  if (!is_moment(a.type) || b.type.kind != TypeKind::kDuration ||
      (op != ArithmeticOp::add && op != ArithmeticOp::subtract)) {
    return no_such_operation(context, scope, node, op, a, b);
  }
  if (a.type.kind == TypeKind::kTime) {
    if (op == ArithmeticOp::subtract) b = call(context, Fn::negate, kDurationType, {b.expr});
    return call(context, Fn::add_duration, kTimeType, {a.expr, b.expr});
  }
  const auto days = whole_days(context, b);
  if (!days) {
    auto report = context.report(Code::hours_of_dates, span(context, scope, b_node));
    report.label(span(context, scope, a_node), "a date");
    report.help("add whole days, weeks, months or years that are written out: `D + 30 days`");
    return poison();
  }
  const Checked count = integer_literal(context, op == ArithmeticOp::subtract ? -*days : *days);
  return call(context, Fn::add_days, kDateType, {a.expr, count.expr});
}

Checked multiply(Context& context, const Scope& scope, NodeId node, NodeId a_node, Checked a, NodeId b_node,
                 Checked b) {
  if (has_unit(b.type) && is_numeric(a.type)) std::swap(a, b);
  if (has_unit(a.type) && is_numeric(b.type)) {
    if (a.type.kind == TypeKind::kMoney && a.type.detail == base::kNoDetail) {
      report_not_comparable(context, scope, node, a_node, a, b_node, a);
      return poison();
    }
    return call(context, Fn::multiply, a.type, {a.expr, to_number(context, b).expr});
  }
  return no_such_operation(context, scope, node, ArithmeticOp::multiply, a, b);
}

Checked divide(Context& context, const Scope& scope, NodeId node, NodeId a_node, Checked a, NodeId b_node, Checked b) {
  if (has_unit(a.type) && is_numeric(b.type)) {
    return call(context, Fn::divide, a.type, {a.expr, to_number(context, b).expr});
  }
  if (has_unit(a.type) && a.type.kind == b.type.kind) {
    if (unify(context, scope, a_node, a, b_node, b) == Unified::yes) {
      return call(context, Fn::divide, kNumberType, {a.expr, b.expr});
    }
    report_not_comparable(context, scope, node, a_node, a, b_node, b);
    return poison();
  }
  return no_such_operation(context, scope, node, ArithmeticOp::divide, a, b);
}

}  // namespace

Checked arithmetic(Context& context, const Scope& scope, NodeId node, ArithmeticOp op, NodeId a_node, Checked a,
                   NodeId b_node, Checked b) {
  if (!a.ok() || !b.ok()) return poison();
  if (is_moment(a.type) || is_moment(b.type)) return moment_arithmetic(context, scope, node, op, a_node, a, b_node, b);
  if (is_numeric(a.type) && is_numeric(b.type)) {
    if (a.type.kind != b.type.kind) {
      a = to_number(context, a);
      b = to_number(context, b);
    }
    switch (op) {
      case ArithmeticOp::add: return call(context, Fn::add, a.type, {a.expr, b.expr});
      case ArithmeticOp::subtract: return call(context, Fn::subtract, a.type, {a.expr, b.expr});
      case ArithmeticOp::multiply: return call(context, Fn::multiply, a.type, {a.expr, b.expr});
      case ArithmeticOp::divide: return call(context, Fn::divide, kNumberType, {a.expr, b.expr});
    }
  }
  switch (op) {
    case ArithmeticOp::multiply: return multiply(context, scope, node, a_node, a, b_node, b);
    case ArithmeticOp::divide: return divide(context, scope, node, a_node, a, b_node, b);
    case ArithmeticOp::add:
    case ArithmeticOp::subtract: break;
  }
  const bool a_counts = has_unit(a.type) || is_numeric(a.type);
  const bool b_counts = has_unit(b.type) || is_numeric(b.type);
  if (!a_counts || !b_counts) return no_such_operation(context, scope, node, op, a, b);
  if (unify(context, scope, a_node, a, b_node, b) != Unified::yes) {
    report_not_comparable(context, scope, node, a_node, a, b_node, b);
    return poison();
  }
  return call(context, op == ArithmeticOp::add ? Fn::add : Fn::subtract, a.type, {a.expr, b.expr});
}

Checked check_arithmetic(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const ArithmeticOp op = tree.arithmetic_op(node);
  NodeId a_node = tree.child(node, 0);
  NodeId b_node = tree.child(node, 1);
  // Months have no exact length, but a date can be moved by them.
  if (op == ArithmeticOp::add && calendar_months(context, scope, a_node)) std::swap(a_node, b_node);
  if (op == ArithmeticOp::add || op == ArithmeticOp::subtract) {
    if (const auto months = calendar_months(context, scope, b_node)) {
      const Checked moment = check_expression(context, scope, a_node);
      if (!moment.ok()) return poison();
      if (moment.type.kind == TypeKind::kDate) {
        const Checked count = integer_literal(context, op == ArithmeticOp::subtract ? -*months : *months);
        return call(context, Fn::add_months, kDateType, {moment.expr, count.expr});
      }
      check_expression(context, scope, b_node);  // reports that months are no exact length
      return poison();
    }
  }
  const Checked a = check_expression(context, scope, a_node);
  const Checked b = check_expression(context, scope, b_node);
  return arithmetic(context, scope, node, op, a_node, a, b_node, b);
}

Checked check_negate(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const NodeId inner = context.tree(scope).child(node, 0);
  const Checked value = check_expression(context, scope, inner, expected);
  if (!value.ok()) return poison();
  if (!is_numeric(value.type) && !has_unit(value.type)) {
    return report_wrong_type(context, scope, inner, value.type, "a number");
  }
  if (const Value* known = literal_value(context, value)) {
    const bool is_double = std::holds_alternative<double>(known->data);
    const Value negated = is_double ? Value::of(-known->number()) : Value::of(-known->integer());
    return literal(context, value.type, negated);
  }
  return call(context, Fn::negate, value.type, {value.expr});
}

}  // namespace seg::check
