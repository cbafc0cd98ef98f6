// Texts, versions and lists of them: codes of dictionaries that are known at bind, predicates looked up by code.
#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::AggFn;
using program::Expr;
using program::ExprId;
using program::ExprKind;
using program::Fn;

namespace {

TextFn text_fn(Fn fn) { return fn == Fn::lower ? TextFn::kLower : fn == Fn::trim ? TextFn::kTrim : TextFn::kFold; }

}  // namespace

std::uint32_t Shared::dictionary_of(ExprId id) {
  if (const auto it = dictionaries.find(id); it != dictionaries.end()) return it->second;
  const Expr& e = program.expr(id);
  const bool is_version = e.type.kind == TypeKind::kVersion;
  const DictionaryKind sorted = is_version ? DictionaryKind::kVersions : DictionaryKind::kSorted;
  const auto merged = [&](std::uint32_t a, std::uint32_t b) {
    return a == b ? a : pools.dictionary({.kind = sorted, .a = a, .b = b});
  };
  std::uint32_t result = base::kNone;
  switch (e.kind) {
    case ExprKind::kLiteral:
    case ExprKind::kParam:
      result = pools.dictionary({.kind = DictionaryKind::kConstant, .a = pools.constant_of(id)});
      break;
    case ExprKind::kField:
      if (const ExprId computed = stages.computed(e.frame, e.a); computed != base::kNone) {
        result = dictionary_of(computed);
      } else {
        result = pools.dictionary({.kind = DictionaryKind::kColumn, .a = pools.stored_column(e.frame, e.a)});
      }
      break;
    case ExprKind::kStepOne:
    case ExprKind::kFollow: result = dictionary_of(program.args[e.first_arg]); break;
    case ExprKind::kLookup:
      result = pools.dictionary({.kind = DictionaryKind::kColumn, .a = pools.stored_column(e.a, e.b)});
      break;
    case ExprKind::kCall: {
      const std::vector<ExprId> args = program.args_of(id);
      if (e.fn == Fn::lower || e.fn == Fn::trim || e.fn == Fn::fold) {
        result = pools.dictionary({.kind = DictionaryKind::kMap, .fn = text_fn(e.fn), .a = dictionary_of(args[0])});
      } else if (e.fn == Fn::coalesce) {
        result = merged(dictionary_of(args[0]), dictionary_of(args[1]));
      } else if (e.fn == Fn::if_then_else) {
        result = merged(dictionary_of(args[1]), dictionary_of(args[2]));
      } else {  // min_of, max_of: codes in order
        for (ExprId arg : args) {
          const std::uint32_t next = dictionary_of(arg);
          result = pools.dictionary({.kind = sorted,
                                     .a = result == base::kNone ? next : result,
                                     .b = result == base::kNone ? base::kNone : next});
        }
      }
      break;
    }
    case ExprKind::kAggregate: {
      const program::Aggregate& aggregate = program.aggregates[e.a];
      std::uint32_t values = dictionary_of(aggregate.value);
      const bool is_pick = aggregate.fn == AggFn::kFirst || aggregate.fn == AggFn::kLast;
      if (program.expr(aggregate.value).type.folded && !is_pick) {
        values = pools.dictionary({.kind = DictionaryKind::kMap, .fn = TextFn::kFold, .a = values});
      }
      result = pools.dictionary({.kind = sorted, .a = values, .b = base::kNone});
      break;
    }
    default: break;
  }
  dictionaries[id] = result;
  return result;
}

TextNodes Lowering::text(ExprId id, FrameId f) {
  return {.codes = value(id, f), .known = known(id, f), .dictionary = shared_.dictionary_of(id)};
}

// Codes in another dictionary that has all these texts.
NodeId Lowering::mapped(ExprId, const TextNodes& text, std::uint32_t to) {
  if (text.dictionary == to) return text.codes;
  const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kSame, .from = text.dictionary, .to = to});
  return nodes_.add(Op::map_code, nodes_.at(text.codes).frame, RegType::kI32, {text.codes, map});
}

TextNodes Lowering::ordered(const TextNodes& text, bool is_version) {
  const DictionaryKind kind = is_version ? DictionaryKind::kVersions : DictionaryKind::kSorted;
  const std::uint32_t to = pools_.dictionary({.kind = kind, .a = text.dictionary, .b = base::kNone});
  return {.codes = mapped(base::kNone, text, to), .known = text.known, .dictionary = to};
}

NodeId Lowering::text_predicate(PredicateKind kind, ExprId a, ExprId b, FrameId f, NodeId& is_known) {
  const TextNodes left = text(a, f);
  is_known = left.known;
  if (!is_constant(b)) {  // only contains, starts with, ends with come here
    const TextNodes right = text(b, f);
    is_known = nodes_.both(left.known, right.known);
    const std::uint8_t part = kind == PredicateKind::kContains ? 0 : kind == PredicateKind::kStartsWith ? 1 : 2;
    return mask(Op::text_part, f, {left.codes, right.codes, left.dictionary, right.dictionary}, part);
  }
  is_known = nodes_.both(left.known, known(b, f));
  const std::uint32_t predicate = pools_.predicate({.kind = kind,
                                                    .is_version = type(a).kind == TypeKind::kVersion,
                                                    .dictionary = left.dictionary,
                                                    .constant = pools_.constant_of(b)});
  return mask(Op::in_set, f, {left.codes, predicate});
}

// `rows`: row numbers of the expression's table, kNoNode for the frame's own.
ListNodes Lowering::list(ExprId id, FrameId f, NodeId rows) {
  const Expr& e = program_.expr(id);
  const auto own_rows = [&] { return rows == kNoNode ? nodes_.add(Op::self_rows, f, RegType::kI32, {}) : rows; };
  switch (e.kind) {
    case ExprKind::kField: {
      ListNodes result{.rows = own_rows(), .column = pools_.stored_column(e.frame, e.a)};
      result.known =
          rows == kNoNode ? mask(Op::load_known, f, {result.column}) : mask(Op::gather_known, f, {rows, result.column});
      if (e.type.element == TypeKind::kText || e.type.element == TypeKind::kVersion) {
        result.elements = pools_.dictionary({.kind = DictionaryKind::kColumn, .a = result.column});
      }
      return result;
    }
    case ExprKind::kFollow: {
      const std::uint32_t reference = pools_.stored_column(e.frame, e.a);
      const NodeId next = rows == kNoNode ? nodes_.add(Op::load_rows, f, RegType::kI32, {reference})
                                          : nodes_.add(Op::gather_rows, f, RegType::kI32, {rows, reference});
      return list(program_.args[e.first_arg], f, next);
    }
    case ExprKind::kCall: {
      ListNodes of = list(program_.args[e.first_arg], f, rows);
      if (e.fn != Fn::lower && e.fn != Fn::trim && e.fn != Fn::fold) return of;
      const std::uint32_t stored = pools_.dictionary({.kind = DictionaryKind::kColumn, .a = of.column});
      of.elements = pools_.dictionary({.kind = DictionaryKind::kMap, .fn = text_fn(e.fn), .a = of.elements});
      of.code_map = pools_.code_map({.kind = CodeMapKind::kMap, .from = stored, .to = of.elements});
      return of;
    }
    case ExprKind::kLookup: {
      // The row that the key finds; lists of lookups need no more of it.
      const NodeId found = lower_lookup(id, Facet::kKnown, f);
      NodeId row = found;
      while (nodes_.at(row).op == Op::and_) row = nodes_.at(row).inputs[1];
      ListNodes result{.rows = nodes_.at(row).inputs[0], .column = pools_.stored_column(e.a, e.b)};
      result.known = found;
      if (e.type.element == TypeKind::kText || e.type.element == TypeKind::kVersion) {
        result.elements = pools_.dictionary({.kind = DictionaryKind::kColumn, .a = result.column});
      }
      return result;
    }
    default: break;
  }
  return {.rows = own_rows(), .column = base::kNone, .known = nodes_.zero(f)};
}

NodeId Lowering::list_condition(ExprId id, FrameId f, NodeId& is_known) {
  const Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  const TypeKind element = type(args[0]).element;
  const bool is_text = element == TypeKind::kText || element == TypeKind::kVersion;
  if (is_constant(args[0])) {  // `field in list`, written the other way round
    const auto has = [&](ExprId wanted) {
      if (is_text) return text_predicate(PredicateKind::kOneOf, wanted, args[0], f, is_known);
      is_known = nodes_.both(known(wanted, f), known(args[0], f));
      return mask(Op::one_of, f, {value(wanted, f), pools_.constant_of(args[0])}, tag_of(reg_type_of(type(wanted))));
    };
    return has(args[1]);
  }
  const ListNodes of = list(args[0], f, kNoNode);
  is_known = nodes_.both(of.known, known(args[1], f));
  if (of.column == base::kNone) return nodes_.zero(f);
  // Some element equals the constant (or one of the constant list).
  const auto any = [&](std::uint32_t constant, PredicateKind kind) {
    if (!is_text) return mask(Op::list_any_of, f, {of.rows, of.column, constant});
    const std::uint32_t predicate = pools_.predicate(
        {.kind = kind, .is_version = element == TypeKind::kVersion, .dictionary = of.elements, .constant = constant});
    return mask(Op::list_any, f, {of.rows, of.column, predicate, of.code_map});
  };
  if (e.fn == Fn::list_contains_any) return any(pools_.constant_of(args[1]), PredicateKind::kOneOf);
  if (e.fn == Fn::list_contains_all) {
    NodeId all = nodes_.ones(f);
    const base::Type one{.kind = element, .detail = type(args[0]).detail};
    const base::Value& wanted = program_.expr(args[1]).kind == ExprKind::kLiteral
                                    ? program_.values[program_.expr(args[1]).a]
                                    : program_.params[program_.expr(args[1]).a].value;
    if (wanted.is_missing()) return nodes_.zero(f);
    for (const base::Value& v : wanted.list())
      all = nodes_.both(all, any(pools_.constant(one, v), PredicateKind::kEqual));
    return all;
  }
  if (is_constant(args[1])) return any(pools_.constant_of(args[1]), PredicateKind::kEqual);
  const NodeId wanted = is_text ? mapped(args[1], text(args[1], f), of.elements) : value(args[1], f);
  return mask(Op::list_has, f, {of.rows, wanted, of.column, of.code_map}, tag_of(nodes_.at(wanted).type));
}

}  // namespace seg::bytecode
