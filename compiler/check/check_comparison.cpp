// Comparisons: = < at least, between, in a list, is missing.
#include <algorithm>

#include "base/fold.h"
#include "base/suggest.h"
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

std::string_view spelled(Fn fn) {
  switch (fn) {
    case Fn::eq: return "=";
    case Fn::ne: return "!=";
    case Fn::lt: return "<";
    case Fn::le: return "<=";
    case Fn::gt: return ">";
    default: return ">=";
  }
}

bool is_order(Fn fn) { return fn != Fn::eq && fn != Fn::ne; }

Fn function_of(syntax::CompareOp op) {
  switch (op) {
    case syntax::CompareOp::eq: return Fn::eq;
    case syntax::CompareOp::ne: return Fn::ne;
    case syntax::CompareOp::lt: return Fn::lt;
    case syntax::CompareOp::le: return Fn::le;
    case syntax::CompareOp::gt: return Fn::gt;
    case syntax::CompareOp::ge: return Fn::ge;
  }
  return Fn::eq;
}

void report_no_order(Context& context, const Scope& scope, NodeId node, Fn fn, const Type& type) {
  const Span place = span(context, scope, node);
  if (type.kind != TypeKind::kChoice) {
    context
        .report(Code::no_such_operation, place,
                {std::string(spelled(fn)), phrase(context, type), phrase(context, type)})
        .note("only what has an order can be compared so");
    return;
  }
  const base::ChoiceSet& set = context.schema().choices[type.detail];
  for (const program::Output& output : context.program.outputs) {
    if (output.kind == program::OutputKind::kPartition && output.type.detail == type.detail) {
      context.report(Code::unranked_partition_comparison, place, {output.name})
          .label(output.span, "no `ranked partition`")
          .help("ask for its tiers by name, `" + output.name + " in [" + set.values.front() +
                ", …]`, or declare it as a `ranked partition`");
      return;
    }
  }
  auto report = context.report(Code::unranked_comparison, place, {set.name});
  if (set.values.size() >= 2) {
    report.help("name the values, `in [" + set.values[0] + ", " + set.values[1] +
                "]`, or give them an order: `ranked choice of [" + set.values[0] + " < " + set.values[1] + " …]`");
  }
}

// A bare word or a list of them means nothing without the other side.
bool depends_on_other_side(const Tree& tree, NodeId node) {
  return tree.is(node, NodeKind::kName) || tree.is(node, NodeKind::kList);
}

// `currency of amount is CHF`
bool is_currency_word(const Tree& tree, NodeId a_node, NodeId b_node) {
  if (!tree.is(a_node, NodeKind::kPartOf) || tree.name(tree.child(a_node, 0)) != "currency") return false;
  if (!tree.is(b_node, NodeKind::kName)) return false;
  const std::string_view word = tree.text(b_node);
  return word.size() == 3 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

NodeId without_parens(const Tree& tree, NodeId node) {
  while (tree.is(node, NodeKind::kParen) && tree.num_children(node) == 1) node = tree.child(node, 0);
  return node;
}

// `income is unknown`, `city = null`: what isn't there has no value to compare with.
bool report_missing_word(Context& context, const Scope& scope, NodeId node, NodeId a_node, const Checked& a,
                         NodeId b_node) {
  const Tree& tree = context.tree(scope);
  const bool is_text = tree.is(b_node, NodeKind::kText) && a.type.kind == TypeKind::kChoice;
  if (!tree.is(b_node, NodeKind::kName) && !is_text) return false;
  const std::string word = is_text ? tree.string_value(b_node) : tree.name(b_node);
  constexpr std::string_view kWords[] = {"unknown", "null", "nil", "none", "empty", "blank", "undefined", "na"};
  std::string lower = word;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (std::find(std::begin(kWords), std::end(kWords), lower) == std::end(kWords)) return false;
  if (!is_text && is_value_name(context, scope, word)) return false;
  const Span place = span(context, scope, b_node);
  const auto report = [&]() {
    if (a.type.kind != TypeKind::kChoice) return context.report(Code::unknown_name, place, {word});
    return context.report(Code::unknown_choice_value, place, {word, context.schema().choices[a.type.detail].name});
  };
  if (a.type.kind == TypeKind::kChoice) {
    const base::ChoiceSet& set = context.schema().choices[a.type.detail];
    if (std::find(set.values.begin(), set.values.end(), word) != set.values.end()) return false;
    if (base::suggest(word, set.values) || set.name.find('.') == std::string::npos) return false;
  }
  const bool is_not = tree.compare_op(node) == syntax::CompareOp::ne;
  const std::size_t sign = tree.text().find_first_not_of(" \t\r\n", span(context, scope, a_node).end);
  const std::string text = is_not ? "is known" : "is missing";
  report()
      .label(place, "did you mean `" + excerpt(context, scope, a_node) + " " + text + "`?")
      .note(
          "what is not in the data is missing, and a comparison with it is unknown; `is missing` and `is known` ask "
          "for it")
      .fix({place.source, static_cast<std::uint32_t>(sign), place.end}, text, base::Safety::changes_meaning);
  return true;
}

}  // namespace

Checked compare(Context& context, const Scope& scope, NodeId node, Fn fn, NodeId a_node, Checked a, NodeId b_node,
                Checked b) {
  switch (unify(context, scope, a_node, a, b_node, b)) {
    case Unified::reported: return poison();
    case Unified::differ: report_not_comparable(context, scope, node, a_node, a, b_node, b); return poison();
    case Unified::yes: break;
  }
  if (is_order(fn) && !is_ordered(a.type)) {
    report_no_order(context, scope, node, fn, a.type);
    return poison();
  }
  // A flag compared with yes or no is the flag itself.
  if (a.type.kind == TypeKind::kFlag) {
    const Value* known = literal_value(context, b);
    const Checked& other = known != nullptr ? a : b;
    if (known == nullptr) known = literal_value(context, a);
    if (known != nullptr) {
      const bool wanted = known->flag() == (fn == Fn::eq);
      return wanted ? other : logical_not(context, other);
    }
  }
  return call(context, fn, kFlagType, {a.expr, b.expr});
}

Checked check_comparison(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId a_node = tree.child(node, 0);
  const NodeId b_node = tree.child(node, 1);
  const Checked a = check_expression(context, scope, a_node);
  if (!a.ok()) {
    if (!depends_on_other_side(tree, b_node)) check_expression(context, scope, b_node);
    return poison();
  }
  const Fn fn = function_of(tree.compare_op(node));
  if (!is_order(fn) && report_missing_word(context, scope, node, a_node, a, b_node)) return poison();
  Checked b;
  if (is_currency_word(tree, a_node, b_node)) {
    b = literal(context, kTextType, Value::of(tree.name(b_node)));
  } else {
    b = check_expression(context, scope, b_node, Expected::of(a.type));
  }
  if (!b.ok()) return poison();
  return compare(context, scope, node, fn, a_node, a, b_node, b);
}

Checked check_between(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId x_node = tree.child(node, 0);
  const NodeId low_node = tree.child(node, 1);
  const NodeId high_node = tree.child(node, 2);
  const Checked x = check_expression(context, scope, x_node);
  if (!x.ok()) return poison();
  const Checked low = check_expression(context, scope, low_node, Expected::of(x.type));
  const Checked high = check_expression(context, scope, high_node, Expected::of(x.type));
  if (!low.ok() || !high.ok()) return poison();
  const Value* low_value = literal_value(context, low);
  const Value* high_value = literal_value(context, high);
  if (low_value != nullptr && high_value != nullptr && low.type == high.type) {
    const bool is_empty =
        (std::holds_alternative<std::int64_t>(low_value->data) && low_value->integer() > high_value->integer()) ||
        (std::holds_alternative<double>(low_value->data) && low_value->number() > high_value->number());
    if (is_empty) {
      context
          .report(Code::nothing_between, span(context, scope, node),
                  {excerpt(context, scope, low_node), excerpt(context, scope, high_node)})
          .help("the lower one comes first: `between " + excerpt(context, scope, high_node) + " and " +
                excerpt(context, scope, low_node) + "`");
      return poison();
    }
  }
  const Checked from = compare(context, scope, node, Fn::ge, x_node, x, low_node, low);
  if (!from.ok()) return poison();
  const Checked to = compare(context, scope, node, Fn::le, x_node, x, high_node, high);
  if (!to.ok()) return poison();
  return call(context, Fn::logical_and, kFlagType, {from.expr, to.expr});
}

namespace {

// x in [a, b]: one test for literals, else several comparisons.
Checked in_values(Context& context, const Scope& scope, NodeId node, NodeId x_node, Checked x,
                  const std::vector<NodeId>& nodes, std::vector<Checked> values) {
  bool any_number = false;
  for (const Checked& value : values) any_number = any_number || value.type.kind == TypeKind::kNumber;
  if (any_number) x = to_number(context, x);
  std::vector<ExprId> tests;
  Value::List list;
  Checked left;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Checked a = x;
    Checked b = values[i];
    switch (unify(context, scope, x_node, a, nodes[i], b)) {
      case Unified::reported: return poison();
      case Unified::differ: report_not_comparable(context, scope, nodes[i], x_node, a, nodes[i], b); return poison();
      case Unified::yes: break;
    }
    left = a;
    const Value* known = literal_value(context, b);
    if (known != nullptr) {
      if (std::find(list.begin(), list.end(), *known) == list.end()) list.push_back(*known);
    } else {
      tests.push_back(call(context, Fn::eq, kFlagType, {a.expr, b.expr}).expr);
    }
  }
  if (!list.empty()) {
    Type element = left.type;
    element.folded = false;  // its texts are folded already
    const Checked literals = literal(context, list_type(element), Value{std::move(list)});
    const Checked test = call(context, Fn::in_list, kFlagType, {left.expr, literals.expr});
    if (tests.empty()) return test;
    tests.insert(tests.begin(), test.expr);
  }
  (void)node;
  return tests.size() == 1 ? checked(context, tests.front()) : call(context, Fn::logical_or, kFlagType, tests);
}

// x in NAME, where NAME is a declared list.
Checked in_declared_list(Context& context, const Scope& scope, NodeId node, NodeId x_node, Checked x, NodeId list_node,
                         SymbolId id) {
  if (!use_symbol(context, id, span(context, scope, list_node))) return poison();
  const Symbol& symbol = context.symbols[id];
  if (symbol.items.empty()) {
    context.report(Code::empty_list, span(context, scope, list_node)).label(symbol.span, "this list has no entries");
    return poison();
  }
  if (x.type.kind == TypeKind::kReference) {
    if (Checked key = key_of(context, x); key.ok()) x = key;
  }
  if (x.type.kind == TypeKind::kText && x.type.folded) x = folded(context, x);
  if (symbol.type.kind == TypeKind::kNumber) x = to_number(context, x);
  std::vector<ExprId> tests;
  Value::List values;
  Type element = symbol.type;
  for (const ListItem& item : symbol.items) {
    if (symbol.type.kind == TypeKind::kText && x.type.kind == TypeKind::kChoice) {
      const base::ChoiceSet& set = context.schema().choices[x.type.detail];
      const auto found = std::find(set.values.begin(), set.values.end(), item.value.text());
      if (found == set.values.end()) {
        context
            .report(Code::unknown_choice_value, item.span.is_somewhere() ? item.span : span(context, scope, list_node),
                    {item.value.text(), set.name})
            .label(span(context, scope, node), "the list is used here");
        return poison();
      }
      element = x.type;
      values.push_back(Value::of(static_cast<std::int64_t>(found - set.values.begin())));
    } else if (symbol.type.kind == TypeKind::kText && x.type.kind == TypeKind::kText && x.type.folded) {
      values.push_back(Value::of(base::fold(item.value.text())));
    } else if (symbol.type.kind == TypeKind::kText && x.type.kind == TypeKind::kVersion) {
      element = x.type;
      values.push_back(item.value);
    } else if (symbol.type.kind == TypeKind::kInteger && x.type.kind == TypeKind::kNumber) {
      element = kNumberType;
      values.push_back(Value::of(static_cast<double>(item.value.integer())));
    } else {
      values.push_back(item.value);
    }
  }
  element.folded = false;
  const bool same = element.kind == x.type.kind &&
                    (element.kind != TypeKind::kMoney || element.detail == x.type.detail) &&
                    element.kind != TypeKind::kList;
  if (!same) {
    Checked first = literal(context, symbol.type, symbol.items.front().value);
    report_not_comparable(context, scope, node, x_node, x, list_node, first);
    return poison();
  }
  const Checked list = literal(context, list_type(element), Value{std::move(values)});
  return call(context, Fn::in_list, kFlagType, {x.expr, list.expr});
}

}  // namespace

namespace {

Checked report_unknown_list(Context& context, const Scope& scope, NodeId node) {
  if (context.modules[scope.module].has_lost_names) return poison();
  const std::string name = context.tree(scope).name(node);
  const Span place = span(context, scope, node);
  auto report = context.report(Code::unknown_list, place, {name});
  const SymbolKind kinds[] = {SymbolKind::kList};
  if (const auto near = base::suggest(name, symbol_names(context, scope.module, kinds))) {
    report.label(place, "did you mean `" + *near + "`?").fix(place, *near, base::Safety::changes_meaning);
  } else {
    report.help("one value stands in brackets or after `is`: `[\"" + name + "\"]`");
  }
  return poison();
}

}  // namespace

Checked check_in(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId x_node = tree.child(node, 0);
  const NodeId list_node = without_parens(tree, tree.child(node, 1));
  Checked x = check_expression(context, scope, x_node);
  if (!x.ok()) return poison();
  Checked result;
  if (tree.is(list_node, NodeKind::kList)) {
    const auto elements = tree.children(list_node);
    const std::vector<NodeId> nodes(elements.begin(), elements.end());
    if (nodes.empty()) {
      context.report(Code::empty_list, span(context, scope, list_node))
          .help("name at least one value: `[\"a\", \"b\"]`");
      return poison();
    }
    std::vector<Checked> values;
    bool ok = true;
    for (NodeId element : nodes) {
      values.push_back(check_expression(context, scope, element, Expected::of(x.type)));
      ok = ok && values.back().ok();
    }
    if (!ok) return poison();
    result = in_values(context, scope, node, x_node, x, nodes, std::move(values));
  } else {
    const bool is_name = tree.is(list_node, NodeKind::kName) || tree.is(list_node, NodeKind::kPath);
    if (is_name && !is_value_name(context, scope, path_names(tree, list_node).front())) {
      const std::vector<std::string> names = path_names(tree, list_node);
      const Found found = find_symbol(context, scope.module, names, span(context, scope, list_node));
      if (found.ambiguous) return poison();
      if (found.symbol != kNone && context.symbols[found.symbol].kind == SymbolKind::kList) {
        result = in_declared_list(context, scope, node, x_node, x, list_node, found.symbol);
        return tree.is_negated(node) ? logical_not(context, result) : result;
      }
      if (found.symbol != kNone && context.symbols[found.symbol].kind == SymbolKind::kSegment) {
        context
            .report(Code::wrong_kind_of_name, span(context, scope, list_node),
                    {tree.name(list_node), "a segment", "a list"})
            .help("members are asked with `in segment " + tree.name(list_node) + "`");
        return poison();
      }
      if (found.symbol == kNone && names.size() == 1) return report_unknown_list(context, scope, list_node);
    }
    Checked list = check_expression(context, scope, list_node);
    if (!list.ok()) return poison();
    if (list.type.kind != TypeKind::kList) {
      auto report =
          context.report(Code::wrong_type, span(context, scope, list_node), {phrase(context, list.type), "a list"});
      if (literal_value(context, list) != nullptr) {
        const std::string brackets = "[" + std::string(tree.text(list_node)) + "]";
        report.help("a list stands in brackets: `" + brackets + "`").fix(span(context, scope, list_node), brackets);
      }
      return poison();
    }
    Type element = element_type(list.type);
    x = convert(context, scope, x_node, x, element);
    if (!x.ok()) return poison();
    if (x.type.kind != element.kind || (x.type.kind == TypeKind::kChoice && x.type.detail != element.detail)) {
      context.report(Code::not_comparable, span(context, scope, node),
                     {phrase(context, x.type), phrase(context, list.type)});
      return poison();
    }
    if (x.type.folded || list.type.folded) {
      x = folded(context, x);
      list = folded(context, list);
    }
    result = call(context, Fn::list_contains, kFlagType, {list.expr, x.expr});
  }
  return tree.is_negated(node) ? logical_not(context, result) : result;
}

Checked check_is_missing(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId operand = tree.child(node, 0);
  if (tree.is(operand, NodeKind::kName) && !is_value_name(context, scope, tree.name(operand))) {
    const std::vector<std::string> names{tree.name(operand)};
    const auto rows = find_rows(context, scope.module, names, span(context, scope, operand));
    if (rows && !rows->is_bad) {
      context
          .report(Code::many_values, span(context, scope, operand),
                  {names[0], scope.frame == kNone ? "row" : context.table(scope.frame).name})
          .help("is there any: `any " + names[0] + "`; is there none: `no " + names[0] + "`");
      return poison();
    }
  }
  const Checked value = check_expression(context, scope, tree.child(node, 0));
  if (!value.ok()) return poison();
  const bool asks_missing = tree.is(node, NodeKind::kIsMissing) != tree.is_negated(node);
  return call(context, asks_missing ? Fn::is_missing : Fn::is_known, kFlagType, {value.expr});
}

}  // namespace seg::check
