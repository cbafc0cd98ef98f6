#include <algorithm>

#include "base/fold.h"
#include "base/suggest.h"
#include "compiler/check/lowering.h"

namespace seg::check {

Checked checked(Context& context, ExprId expr) { return {.expr = expr, .type = context.program.expr(expr).type}; }

Checked literal(Context& context, Type type, const Value& value) {
  return {.expr = context.program.literal(type, value), .type = type};
}

Checked integer_literal(Context& context, std::int64_t value) {
  return literal(context, kIntegerType, Value::of(value));
}

Checked call(Context& context, Fn fn, Type type, const std::vector<ExprId>& args) {
  return {.expr = context.program.call(fn, type, args), .type = type};
}

Checked logical_not(Context& context, Checked flag) {
  if (!flag.ok()) return poison();
  return call(context, Fn::logical_not, kFlagType, {flag.expr});
}

const Value* literal_value(const Context& context, const Checked& value) {
  if (!value.ok()) return nullptr;
  const program::Expr& expr = context.program.expr(value.expr);
  return expr.kind == program::ExprKind::kLiteral ? &context.program.values[expr.a] : nullptr;
}

bool is_numeric(const Type& type) { return type.kind == TypeKind::kInteger || type.kind == TypeKind::kNumber; }

bool has_unit(const Type& type) {
  return type.kind == TypeKind::kMoney || type.kind == TypeKind::kDuration || type.kind == TypeKind::kDistance;
}

bool is_ordered(const Type& type) {
  switch (type.kind) {
    case TypeKind::kText:
    case TypeKind::kNumber:
    case TypeKind::kInteger:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kDistance:
    case TypeKind::kMoney:
    case TypeKind::kVersion: return true;
    case TypeKind::kChoice: return type.ranked;
    case TypeKind::kFlag:
    case TypeKind::kLocation:
    case TypeKind::kList:
    case TypeKind::kReference: return false;
  }
  return false;
}

Checked to_number(Context& context, Checked value) {
  if (!value.ok() || value.type.kind != TypeKind::kInteger) return value;
  if (const Value* known = literal_value(context, value)) {
    return literal(context, kNumberType, Value::of(static_cast<double>(known->integer())));
  }
  return call(context, Fn::to_number, kNumberType, {value.expr});
}

Checked to_date(Context& context, Checked value) {
  if (!value.ok() || value.type.kind == TypeKind::kDate) return value;
  if (value.type.kind == TypeKind::kTime) return call(context, Fn::date_of, kDateType, {value.expr});
  return poison();
}

Checked folded(Context& context, Checked value) {
  if (!value.ok()) return value;
  const program::Expr& expr = context.program.expr(value.expr);
  if (expr.kind == program::ExprKind::kCall && expr.fn == Fn::fold) return value;
  if (const Value* known = literal_value(context, value)) {
    if (value.type.kind == TypeKind::kText) return literal(context, value.type, Value::of(base::fold(known->text())));
    Value::List elements;
    for (const Value& element : known->list()) elements.push_back(Value::of(base::fold(element.text())));
    return literal(context, value.type, Value{std::move(elements)});
  }
  Type type = value.type;
  type.folded = true;
  return call(context, Fn::fold, type, {value.expr});
}

Type element_type(const Type& list) {
  return {.kind = list.element, .ranked = list.ranked, .folded = list.folded, .detail = list.detail};
}

Type list_type(const Type& element) {
  return {.kind = TypeKind::kList,
          .element = element.kind,
          .ranked = element.ranked,
          .folded = element.folded,
          .detail = element.detail};
}

namespace {

bool is_partition_choice(const Context& context, const Type& choice) {
  return std::any_of(context.program.outputs.begin(), context.program.outputs.end(),
                     [&](const program::Output& output) {
                       return output.kind == program::OutputKind::kPartition && output.type.detail == choice.detail;
                     });
}

std::string joined(const std::vector<std::string>& words, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < limit; ++i) out += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > limit) out += ", … (" + std::to_string(words.size()) + " in all)";
  return out;
}

bool looks_like_version(std::string_view text) {
  bool digit_before = false;
  for (char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && !(c == '.' && digit_before)) return false;
    digit_before = is_digit;
  }
  return digit_before;
}

}  // namespace

Checked choice_value(Context& context, const Scope& scope, NodeId node, const Type& choice, const std::string& name) {
  const base::ChoiceSet& set = context.schema().choices[choice.detail];
  const auto found = std::find(set.values.begin(), set.values.end(), name);
  if (found != set.values.end()) {
    return literal(context, choice, Value::of(static_cast<std::int64_t>(found - set.values.begin())));
  }
  const Span place = span(context, scope, node);
  const bool is_tier = is_partition_choice(context, choice);
  auto report = is_tier ? context.report(Code::unknown_tier, place, {set.name, name})
                        : context.report(Code::unknown_choice_value, place, {name, set.name});
  if (const auto near = base::suggest(name, set.values)) {
    report.label(place, "did you mean `" + *near + "`?").fix(place, *near, base::Safety::changes_meaning);
  } else if (is_tier && name == "none") {
    report.help("customers without a tier are found with `" + set.name + " is missing`");
  }
  report.note((is_tier ? "its tiers: " : "its values: ") + joined(set.values, 12));
  return poison();
}

Checked convert(Context& context, const Scope& scope, NodeId node, Checked value, const Type& wanted) {
  if (!value.ok()) return value;
  if (wanted.kind == TypeKind::kNumber) return to_number(context, value);
  const Value* known = literal_value(context, value);
  if (known == nullptr) return value;
  if (value.type.kind == TypeKind::kText) {
    if (wanted.kind == TypeKind::kChoice) return choice_value(context, scope, node, wanted, std::string(known->text()));
    if (wanted.kind == TypeKind::kVersion) {
      if (looks_like_version(known->text())) return literal(context, wanted, *known);
      report_wrong_type(context, scope, node, value.type, "a version such as \"12.4\"");
      return poison();
    }
    return value;
  }
  if (value.type.kind == TypeKind::kList && wanted.kind == TypeKind::kList && value.type.element != wanted.element) {
    Value::List elements;
    const Value::List from = known->list();
    const Type element_from = element_type(value.type);
    const Type element_wanted = element_type(wanted);
    for (const Value& element : from) {
      Checked one = convert(context, scope, node, literal(context, element_from, element), element_wanted);
      if (!one.ok()) return poison();
      if (one.type.kind != element_wanted.kind) return value;
      elements.push_back(*literal_value(context, one));
    }
    return literal(context, wanted, Value{std::move(elements)});
  }
  return value;
}

std::optional<ExprId> follow_expr(Context& context, ExprId reference, ExprId inner) {
  const program::Expr expr = context.program.expr(reference);
  if (expr.kind == program::ExprKind::kField) return context.program.follow(expr.frame, expr.a, inner);
  if (expr.kind != program::ExprKind::kFollow) return std::nullopt;
  const auto deeper = follow_expr(context, context.program.args_of(reference)[0], inner);
  if (!deeper) return std::nullopt;
  return context.program.follow(expr.frame, expr.a, *deeper);
}

Checked key_of(Context& context, const Checked& reference) {
  const base::Table& table = context.table(reference.type.detail);
  if (table.key.size() != 1) return poison();
  const auto key =
      follow_expr(context, reference.expr, context.program.field(reference.type.detail, table.key.front()));
  return key ? checked(context, *key) : poison();
}

namespace {

// Two fields may list the same values: purchase.channel and visit.channel.
bool same_values(const Context& context, const Type& a, const Type& b) {
  if (a.detail == b.detail) return true;
  const base::ChoiceSet& first = context.program.schema.choices[a.detail];
  const base::ChoiceSet& second = context.program.schema.choices[b.detail];
  return first.values == second.values && first.ranked == second.ranked;
}

}  // namespace

ExprId lift(Context& context, const Scope& scope, const Scope& owner, ExprId expr) {
  if (&scope == &owner || scope.outer == nullptr) return expr;
  return context.program.follow(scope.frame, scope.owner_ref, lift(context, *scope.outer, owner, expr));
}

Unified unify(Context& context, const Scope& scope, NodeId a_node, Checked& a, NodeId b_node, Checked& b) {
  if (!a.ok() || !b.ok()) return Unified::reported;
  if (is_numeric(a.type) && is_numeric(b.type)) {
    if (a.type.kind != b.type.kind) {
      a = to_number(context, a);
      b = to_number(context, b);
    }
    return Unified::yes;
  }
  // A literal text stands for a choice's value or a version.
  const auto is_literal_text = [&](const Checked& value) {
    return value.type.kind == TypeKind::kText && literal_value(context, value) != nullptr;
  };
  if (is_literal_text(a) && a.type.kind != b.type.kind) a = convert(context, scope, a_node, a, b.type);
  if (is_literal_text(b) && a.ok() && a.type.kind != b.type.kind) b = convert(context, scope, b_node, b, a.type);
  if (!a.ok() || !b.ok()) return Unified::reported;
  // A reference is compared by its key with what is no reference.
  if (a.type.kind == TypeKind::kReference && b.type.kind != TypeKind::kReference) {
    if (Checked key = key_of(context, a); key.ok() && key.type.kind == b.type.kind) a = key;
  } else if (b.type.kind == TypeKind::kReference && a.type.kind != TypeKind::kReference) {
    if (Checked key = key_of(context, b); key.ok() && key.type.kind == a.type.kind) b = key;
  }
  if (a.type.kind != b.type.kind) return Unified::differ;
  switch (a.type.kind) {
    case TypeKind::kMoney:
      return a.type.detail == b.type.detail && a.type.detail != base::kNoDetail ? Unified::yes : Unified::differ;
    case TypeKind::kText:
      if (a.type.folded || b.type.folded) {
        a = folded(context, a);
        b = folded(context, b);
      }
      return Unified::yes;
    case TypeKind::kChoice: return same_values(context, a.type, b.type) ? Unified::yes : Unified::differ;
    case TypeKind::kReference: return a.type.detail == b.type.detail ? Unified::yes : Unified::differ;
    case TypeKind::kNumber:
    case TypeKind::kInteger:
    case TypeKind::kFlag:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kDistance:
    case TypeKind::kVersion: return Unified::yes;
    case TypeKind::kLocation:
    case TypeKind::kList: return Unified::differ;
  }
  return Unified::differ;
}

bool unify_all(Context& context, const Scope& scope, const std::vector<NodeId>& nodes, std::vector<Checked>& values) {
  if (std::any_of(values.begin(), values.end(), [](const Checked& value) { return !value.ok(); })) return false;
  bool any_number = false;
  std::size_t pattern = 0;  // the first that says what type is meant: a literal text can become others
  bool has_pattern = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    any_number = any_number || values[i].type.kind == TypeKind::kNumber;
    const bool is_flexible = values[i].type.kind == TypeKind::kText && literal_value(context, values[i]) != nullptr;
    if (!has_pattern && !is_flexible) {
      pattern = i;
      has_pattern = true;
    }
  }
  Type wanted = values[pattern].type;
  if (any_number && is_numeric(wanted)) wanted = kNumberType;
  bool is_folded = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = convert(context, scope, nodes[i], values[i], wanted);
    if (!values[i].ok()) return false;
    const Type& type = values[i].type;
    const bool is_same_choice =
        type.kind == TypeKind::kChoice && wanted.kind == TypeKind::kChoice && same_values(context, type, wanted);
    const bool same_detail =
        is_same_choice || (type.detail == wanted.detail &&
                           (type.kind != TypeKind::kMoney || type.detail != base::kNoDetail || i == pattern));
    if (type.kind == wanted.kind && same_detail && (type.kind != TypeKind::kList || type.element == wanted.element)) {
      is_folded = is_folded || type.folded;
      continue;
    }
    const bool is_unit =
        (has_unit(type) && (is_numeric(wanted) || has_unit(wanted))) || (has_unit(wanted) && is_numeric(type));
    if (is_unit) {
      report_not_comparable(context, scope, nodes[i], nodes[pattern], values[pattern], nodes[i], values[i]);
    } else {
      context.report(Code::wrong_type, span(context, scope, nodes[i]), {phrase(context, type), phrase(context, wanted)})
          .label(span(context, scope, nodes[pattern]), phrase(context, wanted) + " here");
    }
    return false;
  }
  if (is_folded) {
    for (Checked& value : values) value.type.folded = true;
  }
  return true;
}

}  // namespace seg::check
