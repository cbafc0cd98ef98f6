// Flags: the rows where a condition is true, and, only where asked for, those where it is false.
#include <algorithm>

#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::Expr;
using program::ExprId;
using program::ExprKind;
using program::Fn;

NodeId Lowering::settle(NodeId raw, NodeId known, bool wanted) {
  return wanted ? nodes_.both(known, raw) : nodes_.without(known, raw);
}

NodeId Lowering::raw_equal(ExprId a, ExprId b, FrameId f, NodeId& is_known) {
  const TypeKind kind = type(a).kind;
  if (kind == TypeKind::kText || kind == TypeKind::kVersion) {
    if (is_constant(a) && !is_constant(b)) std::swap(a, b);
    if (is_constant(b)) return text_predicate(PredicateKind::kEqual, a, b, f, is_known);
    const TextNodes left = text(a, f);
    const TextNodes right = text(b, f);
    is_known = nodes_.both(left.known, right.known);
    if (kind == TypeKind::kVersion) {
      const std::uint32_t all =
          pools_.dictionary({.kind = DictionaryKind::kVersions, .a = left.dictionary, .b = right.dictionary});
      const auto rank = [&](const TextNodes& of) {
        const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kRank, .from = of.dictionary, .to = all});
        return nodes_.add(Op::map_code, f, RegType::kI32, {of.codes, map});
      };
      return mask(Op::equal, f, {rank(left), rank(right)}, tag_of(RegType::kI32));
    }
    return mask(Op::equal, f, {left.codes, mapped(b, right, left.dictionary)}, tag_of(RegType::kI32));
  }
  if (is_constant(a) && !is_constant(b)) std::swap(a, b);
  is_known = nodes_.both(known(a, f), known(b, f));
  const RegType reg = reg_type_of(type(a));
  if (is_constant(b)) return mask(Op::equal_c, f, {value(a, f), pools_.constant_of(b)}, tag_of(reg));
  const NodeId left = value(a, f);
  const NodeId right = value(b, f);
  return mask(Op::equal, f, {std::min(left, right), std::max(left, right)}, tag_of(reg));
}

NodeId Lowering::raw_less(ExprId a, ExprId b, FrameId f, NodeId& is_known) {
  const TypeKind kind = type(a).kind;
  const bool is_text = kind == TypeKind::kText || kind == TypeKind::kVersion;
  if (is_text) {
    if (is_constant(b)) return text_predicate(PredicateKind::kLess, a, b, f, is_known);
    if (is_constant(a)) return text_predicate(PredicateKind::kGreater, b, a, f, is_known);
    const TextNodes left = text(a, f);
    const TextNodes right = text(b, f);
    is_known = nodes_.both(left.known, right.known);
    const bool is_version = kind == TypeKind::kVersion;
    const std::uint32_t all =
        pools_.dictionary({.kind = is_version ? DictionaryKind::kVersions : DictionaryKind::kSorted,
                           .a = left.dictionary,
                           .b = right.dictionary});
    const auto rank = [&](const TextNodes& of) {
      const std::uint32_t map = pools_.code_map(
          {.kind = is_version ? CodeMapKind::kRank : CodeMapKind::kSame, .from = of.dictionary, .to = all});
      return nodes_.add(Op::map_code, f, RegType::kI32, {of.codes, map});
    };
    return mask(Op::less, f, {rank(left), rank(right)}, tag_of(RegType::kI32));
  }
  is_known = nodes_.both(known(a, f), known(b, f));
  const RegType reg = reg_type_of(type(a));
  if (is_constant(b)) return mask(Op::less_c, f, {value(a, f), pools_.constant_of(b)}, tag_of(reg));
  if (is_constant(a)) return mask(Op::greater_c, f, {value(b, f), pools_.constant_of(a)}, tag_of(reg));
  return mask(Op::less, f, {value(a, f), value(b, f)}, tag_of(reg));
}

NodeId Lowering::comparison(ExprId id, bool wanted, FrameId f) {
  const Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  NodeId is_known = kNoNode;
  switch (e.fn) {
    case Fn::eq:
    case Fn::ne: {
      const bool same = wanted == (e.fn == Fn::eq);
      if (type(args[0]).kind == TypeKind::kFlag) {
        const NodeId first = nodes_.both(is_true(args[0], f), same ? is_true(args[1], f) : is_false(args[1], f));
        const NodeId second = nodes_.both(is_false(args[0], f), same ? is_false(args[1], f) : is_true(args[1], f));
        return nodes_.either(first, second);
      }
      const NodeId raw = raw_equal(args[0], args[1], f, is_known);
      return settle(raw, is_known, same);
    }
    case Fn::lt: {
      const NodeId raw = raw_less(args[0], args[1], f, is_known);
      return settle(raw, is_known, wanted);
    }
    case Fn::gt: {
      const NodeId raw = raw_less(args[1], args[0], f, is_known);
      return settle(raw, is_known, wanted);
    }
    case Fn::le: {  // not b < a
      const NodeId raw = raw_less(args[1], args[0], f, is_known);
      return settle(raw, is_known, !wanted);
    }
    default: {  // ge: not a < b
      const NodeId raw = raw_less(args[0], args[1], f, is_known);
      return settle(raw, is_known, !wanted);
    }
  }
}

NodeId Lowering::at_least(const std::vector<ExprId>& flags, std::int64_t n, bool wanted, FrameId f) {
  const auto total = static_cast<std::int64_t>(flags.size());
  const std::int64_t needed = wanted ? n : total - n + 1;  // false: too many can't be true any more
  if (needed <= 0) return nodes_.ones(f);
  if (needed > total) return nodes_.zero(f);
  std::vector<NodeId> masks;
  for (ExprId flag : flags) masks.push_back(wanted ? is_true(flag, f) : is_false(flag, f));
  return mask(Op::at_least, f, {nodes_.list(masks), static_cast<std::uint32_t>(needed)});
}

NodeId Lowering::condition(ExprId id, bool wanted, FrameId f) {
  const Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  const auto same = [&](ExprId arg) { return wanted ? is_true(arg, f) : is_false(arg, f); };
  NodeId is_known = kNoNode;
  if (e.kind == ExprKind::kInWindow) {
    const RegType reg = reg_type_of(type(args[0]));
    const std::uint32_t window = pools_.window({.window = program_.windows[e.a], .before_as_of = false});
    const NodeId raw = mask(Op::in_window, f, {value(args[0], f), window, zone_of(id, f)}, tag_of(reg));
    return settle(raw, known(args[0], f), wanted);
  }
  if (e.kind == ExprKind::kRecursInWindow) {
    const std::uint32_t window = pools_.window({.window = program_.windows[e.a], .before_as_of = false});
    const NodeId raw = mask(Op::recurs_in_window, f, {value(args[0], f), window, zone_of(id, f)});
    return settle(raw, known(args[0], f), wanted);
  }
  switch (e.fn) {
    case Fn::eq:
    case Fn::ne:
    case Fn::lt:
    case Fn::le:
    case Fn::gt:
    case Fn::ge: return comparison(id, wanted, f);
    case Fn::in_list: {
      const TypeKind kind = type(args[0]).kind;
      if (kind == TypeKind::kText || kind == TypeKind::kVersion) {
        const NodeId raw = text_predicate(PredicateKind::kOneOf, args[0], args[1], f, is_known);
        return settle(raw, is_known, wanted);
      }
      if (kind == TypeKind::kFlag) {
        bool has_yes = false;
        bool has_no = false;
        for (const base::Value& v : program_.values[program_.expr(args[1]).a].list())
          (v.flag() ? has_yes : has_no) = true;
        const NodeId yes = has_yes == wanted ? is_true(args[0], f) : nodes_.zero(f);
        const NodeId no = has_no == wanted ? is_false(args[0], f) : nodes_.zero(f);
        return nodes_.either(yes, no);
      }
      const NodeId raw =
          mask(Op::one_of, f, {value(args[0], f), pools_.constant_of(args[1])}, tag_of(reg_type_of(type(args[0]))));
      return settle(raw, nodes_.both(known(args[0], f), known(args[1], f)), wanted);
    }
    case Fn::is_known: return wanted ? known(args[0], f) : nodes_.negation(known(args[0], f));
    case Fn::is_missing: return wanted ? nodes_.negation(known(args[0], f)) : known(args[0], f);
    case Fn::coalesce: return nodes_.either(same(args[0]), nodes_.without(same(args[1]), known(args[0], f)));
    case Fn::logical_not: return wanted ? is_false(args[0], f) : is_true(args[0], f);
    case Fn::logical_and:
    case Fn::logical_or: {
      const bool all = (e.fn == Fn::logical_and) == wanted;
      NodeId result = all ? nodes_.ones(f) : nodes_.zero(f);
      for (ExprId arg : args) result = all ? nodes_.both(result, same(arg)) : nodes_.either(result, same(arg));
      return result;
    }
    case Fn::at_least:
    case Fn::at_most:
    case Fn::exactly: {
      const std::int64_t n = program_.values[program_.expr(args[0]).a].integer();
      const std::vector<ExprId> flags(args.begin() + 1, args.end());
      if (e.fn == Fn::at_least) return at_least(flags, n, wanted, f);
      if (e.fn == Fn::at_most) return at_least(flags, n + 1, !wanted, f);
      return wanted ? nodes_.both(at_least(flags, n, true, f), at_least(flags, n + 1, false, f))
                    : nodes_.either(at_least(flags, n, false, f), at_least(flags, n + 1, true, f));
    }
    case Fn::is_true: return wanted ? is_true(args[0], f) : nodes_.negation(is_true(args[0], f));
    case Fn::if_then_else:
      return nodes_.either(nodes_.both(is_true(args[0], f), same(args[1])),
                           nodes_.both(is_false(args[0], f), same(args[2])));
    case Fn::contains:
    case Fn::starts_with:
    case Fn::ends_with:
    case Fn::matches: {
      const PredicateKind kind = e.fn == Fn::contains      ? PredicateKind::kContains
                                 : e.fn == Fn::starts_with ? PredicateKind::kStartsWith
                                 : e.fn == Fn::ends_with   ? PredicateKind::kEndsWith
                                                           : PredicateKind::kMatches;
      const NodeId raw = text_predicate(kind, args[0], args[1], f, is_known);
      return settle(raw, is_known, wanted);
    }
    case Fn::list_contains:
    case Fn::list_contains_any:
    case Fn::list_contains_all: {
      const NodeId raw = list_condition(id, f, is_known);
      return settle(raw, is_known, wanted);
    }
    default: break;
  }
  return kNoNode;
}

}  // namespace seg::bytecode
