// Calls that give a value: its register, where it is known, where it overflowed.
#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::Expr;
using program::ExprId;
using program::ExprKind;
using program::Fn;

bool Shared::overflows(ExprId id) {
  if (const auto it = can_overflow.find(id); it != can_overflow.end()) return it->second;
  const Expr& e = program.expr(id);
  bool can = false;
  switch (e.kind) {
    case ExprKind::kLiteral:
    case ExprKind::kParam:
    case ExprKind::kAsOfDay:
    case ExprKind::kSequence:
    case ExprKind::kMember:
    case ExprKind::kState:
    case ExprKind::kTier: break;
    case ExprKind::kField:
      if (const ExprId computed = stages.computed(e.frame, e.a); computed != base::kNone) can = overflows(computed);
      break;
    case ExprKind::kPopulation: {  // a figure; what is ranked counts its own
      const program::Population& population = program.populations[e.a];
      const bool adds = population.figure == program::AggFn::kSum || population.figure == program::AggFn::kAverage;
      can = population.fn == program::PopulationFn::kDeviation ||
            (population.fn == program::PopulationFn::kFigure && adds);
      break;
    }
    case ExprKind::kAggregate: {
      const program::Aggregate& aggregate = program.aggregates[e.a];
      can = aggregate.fn == program::AggFn::kSum || (aggregate.fn == program::AggFn::kAverage);
      if (aggregate.value != base::kNone) can = can || overflows(aggregate.value);
      break;
    }
    case ExprKind::kCall:
      switch (e.fn) {
        case Fn::negate:
        case Fn::add:
        case Fn::subtract:
        case Fn::multiply:
        case Fn::divide:
        case Fn::round:
        case Fn::floor:
        case Fn::ceil:
        case Fn::abs:
        case Fn::add_days:
        case Fn::add_months:
        case Fn::add_duration:
        case Fn::duration_between: can = true; break;
        default: break;
      }
      [[fallthrough]];
    case ExprKind::kFollow:
    case ExprKind::kStepOne:
    case ExprKind::kLookup:
    case ExprKind::kInWindow:
    case ExprKind::kRecursInWindow:
      for (ExprId arg : program.args_of(id)) can = can || overflows(arg);
      break;
  }
  can_overflow[id] = can;
  return can;
}

bool Lowering::is_division(ExprId id) const {
  const Expr& e = program_.expr(id);
  return e.kind == ExprKind::kCall && e.fn == Fn::divide;
}

NodeId Lowering::divisor_is_zero(ExprId id, FrameId f) {
  const ExprId divisor = program_.args_of(id)[1];
  const RegType reg = reg_type_of(type(divisor));
  const std::uint32_t zero = reg == RegType::kF64
                                 ? pools_.constant({.kind = TypeKind::kNumber}, base::Value::of(0.0))
                                 : pools_.constant({.kind = TypeKind::kInteger}, base::Value::of(std::int64_t{0}));
  return mask(Op::equal_c, f, {value(divisor, f), zero}, tag_of(reg));
}

NodeId Lowering::call_value(ExprId id, FrameId f) {
  const Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  const RegType reg = reg_type_of(e.type);
  const auto typed = [&](Op op, std::initializer_list<std::uint32_t> inputs) {
    return nodes_.add(op, f, reg, inputs, tag_of(reg));
  };
  const auto plain = [&](Op op, std::initializer_list<std::uint32_t> inputs, std::uint8_t tag = 0) {
    return nodes_.add(op, f, reg, inputs, tag);
  };
  const bool is_text = e.type.kind == TypeKind::kText || e.type.kind == TypeKind::kVersion;
  // Texts of two dictionaries become codes of the result's.
  const auto same_dictionary = [&](ExprId arg) {
    if (!is_text) return value(arg, f);
    const TextNodes text{.codes = value(arg, f), .known = kNoNode, .dictionary = shared_.dictionary_of(arg)};
    return mapped(arg, text, shared_.dictionary_of(id));
  };
  const auto as_number = [&](ExprId arg) {
    if (reg_type_of(type(arg)) == RegType::kF64) return value(arg, f);
    return nodes_.add(Op::to_number, f, RegType::kF64, {value(arg, f)});
  };
  switch (e.fn) {
    case Fn::coalesce:
      return typed(Op::select, {known(args[0], f), same_dictionary(args[0]), same_dictionary(args[1])});
    case Fn::if_then_else:
      return typed(Op::select, {is_true(args[0], f), same_dictionary(args[1]), same_dictionary(args[2])});
    case Fn::to_number: return as_number(args[0]);
    case Fn::negate: return typed(Op::negate, {value(args[0], f)});
    case Fn::abs: return typed(Op::absolute, {value(args[0], f)});
    case Fn::add: return typed(Op::add, {value(args[0], f), value(args[1], f)});
    case Fn::subtract: return typed(Op::subtract, {value(args[0], f), value(args[1], f)});
    case Fn::multiply:
      if (reg == RegType::kI64 && reg_type_of(type(args[1])) == RegType::kF64) {
        return plain(Op::multiply_scaled, {value(args[0], f), value(args[1], f)});
      }
      return typed(Op::multiply, {value(args[0], f), value(args[1], f)});
    case Fn::divide:
      if (reg == RegType::kI64) return plain(Op::divide_scaled, {value(args[0], f), as_number(args[1])});
      return plain(Op::divide, {as_number(args[0]), as_number(args[1])});
    case Fn::min_of:
    case Fn::max_of: {
      NodeId result = kNoNode;
      for (ExprId arg : args) {
        const NodeId next = same_dictionary(arg);
        result = result == kNoNode ? next : typed(e.fn == Fn::min_of ? Op::minimum : Op::maximum, {result, next});
      }
      return result;
    }
    case Fn::round: {
      const std::int64_t digits = program_.values[program_.expr(args[1]).a].integer();
      const auto tag = static_cast<std::uint8_t>(static_cast<std::int8_t>(digits < -128  ? -128
                                                                          : digits > 127 ? 127
                                                                                         : digits));
      return plain(reg == RegType::kF64 ? Op::round_number : Op::round_money, {value(args[0], f)}, tag);
    }
    case Fn::floor: return plain(reg == RegType::kF64 ? Op::floor_number : Op::floor_money, {value(args[0], f)});
    case Fn::ceil: return plain(reg == RegType::kF64 ? Op::ceil_number : Op::ceil_money, {value(args[0], f)});
    case Fn::lower:
    case Fn::trim:
    case Fn::fold: {
      const TextNodes text{.codes = value(args[0], f), .known = kNoNode, .dictionary = shared_.dictionary_of(args[0])};
      const std::uint32_t to = shared_.dictionary_of(id);
      const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kMap, .from = text.dictionary, .to = to});
      return plain(Op::map_code, {text.codes, map});
    }
    case Fn::length: return plain(Op::text_length, {value(args[0], f), shared_.dictionary_of(args[0])});
    case Fn::list_size: {
      const ListNodes of = list(args[0], f, kNoNode);
      return plain(Op::list_size, {of.rows, of.column, of.code_map});
    }
    case Fn::date_of: return plain(Op::day_of_time, {value(args[0], f), zone_of(id, f)});
    case Fn::hour_of: return plain(Op::hour_of_time, {value(args[0], f), zone_of(id, f)});
    case Fn::start_of_day: return plain(Op::start_of_day, {value(args[0], f), zone_of(id, f)});
    case Fn::years_since: return plain(Op::years_between, {value(args[0], f), as_of_day_of(id, f)});
    case Fn::months_since: return plain(Op::months_between, {value(args[0], f), as_of_day_of(id, f)});
    case Fn::weeks_since: return plain(Op::weeks_between, {value(args[0], f), as_of_day_of(id, f)});
    case Fn::days_since: return plain(Op::days_between, {value(args[0], f), as_of_day_of(id, f)});
    case Fn::days_until: return plain(Op::days_between, {as_of_day_of(id, f), value(args[0], f)});
    case Fn::days_between: return plain(Op::days_between, {value(args[0], f), value(args[1], f)});
    case Fn::hours_since: {
      const NodeId end = nodes_.add(Op::as_of_end, f, RegType::kI64, {zone_of(id, f)});
      return plain(Op::hours_between, {value(args[0], f), end});
    }
    case Fn::add_days: return plain(Op::add_days, {value(args[0], f), value(args[1], f)});
    case Fn::add_months: return plain(Op::add_months, {value(args[0], f), value(args[1], f)});
    case Fn::add_duration: return typed(Op::add, {value(args[0], f), value(args[1], f)});
    case Fn::duration_between: return typed(Op::subtract, {value(args[1], f), value(args[0], f)});
    case Fn::year_of: return plain(Op::year_of, {value(args[0], f)});
    case Fn::month_of: return plain(Op::month_of, {value(args[0], f)});
    case Fn::day_of: return plain(Op::day_of_month, {value(args[0], f)});
    case Fn::weekday_of: return plain(Op::weekday_of, {value(args[0], f)});
    case Fn::calendar_unit_of: {
      const std::int64_t unit = program_.values[program_.expr(args[1]).a].integer();
      return plain(Op::unit_start, {value(args[0], f)}, static_cast<std::uint8_t>(unit));
    }
    case Fn::points_when: return typed(Op::select, {is_true(args[0], f), value(args[1], f), number(0, f)});
    case Fn::points_per: {
      const bool has_cap = !(is_constant(args[2]) && nodes_.is_zero(known(args[2], f)));
      const NodeId points = nodes_.add(Op::points, f, RegType::kF64,
                                       {value(args[0], f), value(args[1], f), has_cap ? value(args[2], f) : kNoNode});
      return typed(Op::select, {known(args[0], f), points, number(0, f)});
    }
    default: break;  // flags: condition()
  }
  return kNoNode;
}

NodeId Lowering::args_known(ExprId id, FrameId f) {
  NodeId all = nodes_.ones(f);
  for (ExprId arg : program_.args_of(id)) all = nodes_.both(all, known(arg, f));
  return all;
}

NodeId Lowering::call_known(ExprId id, FrameId f) {
  const Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  switch (e.fn) {
    case Fn::coalesce: return nodes_.either(known(args[0], f), known(args[1], f));
    case Fn::if_then_else:
      return nodes_.either(nodes_.both(is_true(args[0], f), known(args[1], f)),
                           nodes_.both(is_false(args[0], f), known(args[2], f)));
    case Fn::lower:
    case Fn::trim:
    case Fn::fold:
      if (e.type.kind == TypeKind::kList) return known(args[0], f);
      return nodes_.both(known(args[0], f), mask(Op::not_negative, f, {value(id, f)}));
    case Fn::points_when: return nodes_.either(known(args[1], f), nodes_.negation(is_true(args[0], f)));
    case Fn::points_per: {
      NodeId is_known = known(args[1], f);
      if (!(is_constant(args[2]) && nodes_.is_zero(known(args[2], f)))) {
        is_known = nodes_.both(is_known, known(args[2], f));
      }
      return nodes_.either(is_known, nodes_.negation(known(args[0], f)));
    }
    default: break;
  }
  NodeId is_known = args_known(id, f);
  if (is_division(id)) is_known = nodes_.without(is_known, divisor_is_zero(id, f));
  if (const NodeId overflowed = raw_overflow(id, f); overflowed != kNoNode) {
    is_known = nodes_.without(is_known, overflowed);
  }
  return is_known;
}

// The overflow of this very operation: anything where an argument is missing. kNoNode: it can't.
NodeId Lowering::raw_overflow(ExprId id, FrameId f) {
  const Expr& e = program_.expr(id);
  if (e.kind != ExprKind::kCall) return kNoNode;
  switch (e.fn) {
    case Fn::floor:
    case Fn::ceil:
      if (reg_type_of(e.type) == RegType::kF64) return kNoNode;
      return nodes_.second(value(id, f));
    case Fn::negate:
    case Fn::add:
    case Fn::subtract:
    case Fn::multiply:
    case Fn::divide:
    case Fn::round:
    case Fn::abs:
    case Fn::add_days:
    case Fn::add_months:
    case Fn::add_duration:
    case Fn::duration_between: return nodes_.second(value(id, f));
    default: return kNoNode;
  }
}

NodeId Lowering::call_overflow(ExprId id, FrameId f) {
  const Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  if (e.kind == ExprKind::kCall && e.fn == Fn::if_then_else) {
    return nodes_.either(overflow(args[0], f), nodes_.either(nodes_.both(is_true(args[0], f), overflow(args[1], f)),
                                                             nodes_.both(is_false(args[0], f), overflow(args[2], f))));
  }
  if (e.kind == ExprKind::kCall && e.fn == Fn::coalesce && e.type.kind != TypeKind::kFlag) {
    return nodes_.either(overflow(args[0], f), nodes_.without(overflow(args[1], f), known(args[0], f)));
  }
  NodeId any = nodes_.zero(f);
  for (ExprId arg : args) any = nodes_.either(any, overflow(arg, f));
  if (const NodeId raw = raw_overflow(id, f); raw != kNoNode) {
    NodeId counted = nodes_.both(args_known(id, f), raw);
    if (is_division(id)) counted = nodes_.without(counted, divisor_is_zero(id, f));
    any = nodes_.either(any, counted);
  }
  return any;
}

}  // namespace seg::bytecode
