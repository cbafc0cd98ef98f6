// Tests of texts and lists: contains, starts with, ends with, matches.
#include <re2/re2.h>

#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

// Any text, folded where one of the two is.
bool text_pair(Context& context, const Scope& scope, NodeId a_node, Checked& a, NodeId b_node, Checked& b) {
  for (auto [node, value] : {std::pair{a_node, &a}, std::pair{b_node, &b}}) {
    if (value->type.kind == TypeKind::kText) continue;
    if (value->type.kind == TypeKind::kReference) {
      if (Checked key = key_of(context, *value); key.ok() && key.type.kind == TypeKind::kText) {
        *value = key;
        continue;
      }
    }
    report_wrong_type(context, scope, node, value->type, "text");
    return false;
  }
  if (a.type.folded || b.type.folded) {
    a = folded(context, a);
    b = folded(context, b);
  }
  return true;
}

Checked check_matches(Context& context, const Scope& scope, NodeId node, NodeId pattern_node, const Checked& text,
                      const Checked& pattern) {
  const Value* known = literal_value(context, pattern);
  if (known == nullptr) {
    context.report(Code::not_a_literal, span(context, scope, pattern_node), {"a pattern"});
    return poison();
  }
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 compiled(known->text(), options);
  if (!compiled.ok()) {
    context.report(Code::bad_pattern, span(context, scope, pattern_node), {compiled.error()})
        .note(
            "patterns are RE2's: https://github.com/google/re2/wiki/Syntax; look-ahead and back-references are not "
            "among them");
    return poison();
  }
  (void)node;
  return call(context, Fn::matches, kFlagType, {text.expr, pattern.expr});
}

}  // namespace

Checked check_text_test(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId a_node = tree.child(node, 0);
  const NodeId b_node = tree.child(node, 1);
  Checked a = check_expression(context, scope, a_node);
  if (!a.ok()) return poison();
  Checked b = check_expression(context, scope, b_node, Expected::of(kTextType));
  if (!b.ok()) return poison();
  const bool is_pattern = tree.text_test(node) == syntax::TextTest::matches;
  if (is_pattern) {
    // A pattern reads the text as it is, also of folded fields.
    a.type.folded = false;
    b.type.folded = false;
  }
  if (!text_pair(context, scope, a_node, a, b_node, b)) return poison();
  switch (tree.text_test(node)) {
    case syntax::TextTest::starts_with: return call(context, Fn::starts_with, kFlagType, {a.expr, b.expr});
    case syntax::TextTest::ends_with: return call(context, Fn::ends_with, kFlagType, {a.expr, b.expr});
    case syntax::TextTest::matches: return check_matches(context, scope, node, b_node, a, b);
  }
  return poison();
}

Checked check_contains(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId a_node = tree.child(node, 0);
  const NodeId b_node = tree.child(node, 1);
  const syntax::ContainsMode mode = tree.contains_mode(node);
  Checked a = check_expression(context, scope, a_node);
  if (!a.ok()) return poison();
  const bool is_list = a.type.kind == TypeKind::kList;
  if (!is_list && a.type.kind != TypeKind::kText && a.type.kind != TypeKind::kReference) {
    return report_wrong_type(context, scope, a_node, a.type, "text or a list");
  }
  const Type element = is_list ? element_type(a.type) : kTextType;
  if (mode == syntax::ContainsMode::one) {
    Checked b = check_expression(context, scope, b_node, Expected::of(element));
    if (!b.ok()) return poison();
    if (!is_list) {
      if (b.type.kind == TypeKind::kList) {
        context.report(Code::wrong_type, span(context, scope, b_node), {phrase(context, b.type), "text"})
            .help("several texts are asked with `contains any of […]`");
        return poison();
      }
      if (!text_pair(context, scope, a_node, a, b_node, b)) return poison();
      return call(context, Fn::contains, kFlagType, {a.expr, b.expr});
    }
    b = convert(context, scope, b_node, b, element);
    if (!b.ok()) return poison();
    if (b.type.kind == TypeKind::kList) {
      context
          .report(Code::wrong_type, span(context, scope, b_node), {phrase(context, b.type), phrase(context, element)})
          .help("several values are asked with `contains any of […]` or `contains all of […]`");
      return poison();
    }
    if (b.type.kind != element.kind || b.type.detail != element.detail) {
      return report_wrong_type(context, scope, b_node, b.type, phrase(context, element));
    }
    if (a.type.folded || b.type.folded) {
      a = folded(context, a);
      b = folded(context, b);
    }
    return call(context, Fn::list_contains, kFlagType, {a.expr, b.expr});
  }
  const bool any = mode == syntax::ContainsMode::any_of;
  Checked b;
  if (tree.is(b_node, NodeKind::kName) && !is_value_name(context, scope, tree.name(b_node))) {
    // A declared list.
    const Found found = find_symbol(context, scope.module, tree.name(b_node), span(context, scope, b_node));
    if (found.ambiguous) return poison();
    if (found.symbol != kNone && context.symbols[found.symbol].kind == SymbolKind::kList) {
      if (!use_symbol(context, found.symbol, span(context, scope, b_node))) return poison();
      const Symbol& symbol = context.symbols[found.symbol];
      Value::List items;
      for (const ListItem& item : symbol.items) items.push_back(item.value);
      b = literal(context, list_type(symbol.type), Value{std::move(items)});
    }
  }
  if (!b.ok()) b = check_expression(context, scope, b_node, Expected::of(list_type(element)));
  if (!b.ok()) return poison();
  b = convert(context, scope, b_node, b, list_type(element));
  if (!b.ok()) return poison();
  if (b.type.kind != TypeKind::kList || b.type.element != element.kind || b.type.detail != element.detail) {
    return report_wrong_type(context, scope, b_node, b.type, phrase(context, list_type(element)));
  }
  if (literal_value(context, b) == nullptr) {
    context.report(Code::not_a_literal, span(context, scope, b_node), {"the list"});
    return poison();
  }
  if (literal_value(context, b)->list().empty()) {
    context.report(Code::empty_list, span(context, scope, b_node)).help("name at least one value: `[\"a\", \"b\"]`");
    return poison();
  }
  if (is_list) {
    if (a.type.folded || b.type.folded) {
      a = folded(context, a);
      b = folded(context, b);
    }
    return call(context, any ? Fn::list_contains_any : Fn::list_contains_all, kFlagType, {a.expr, b.expr});
  }
  // A text that contains one, or each, of several.
  std::vector<ExprId> tests;
  const Value::List texts = literal_value(context, b)->list();
  for (const Value& text : texts) {
    Checked left = a;
    Checked right = literal(context, kTextType, text);
    if (!text_pair(context, scope, a_node, left, b_node, right)) return poison();
    tests.push_back(call(context, Fn::contains, kFlagType, {left.expr, right.expr}).expr);
  }
  if (tests.size() == 1) return checked(context, tests.front());
  return call(context, any ? Fn::logical_or : Fn::logical_and, kFlagType, tests);
}

}  // namespace seg::check
