// What is reached through something else: lookups `climate[city].zone`, fields of references, segments, defines.
#include <utility>

#include "base/suggest.h"
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

// `climate[city].zone`
Checked check_lookup(Context& context, const Scope& scope, NodeId node, NodeId index,
                     const std::vector<std::string>& names) {
  const Tree& tree = context.tree(scope);
  const NodeId table_node = tree.child(index, 0);
  const std::vector<std::string> table_names = path_names(tree, table_node);
  const Span place = span(context, scope, table_node);
  const auto rows = find_rows(context, scope.module, table_names, place);
  if (!rows) {
    if (context.modules[scope.module].has_lost_names) return poison();
    const std::string name = tree.name(table_node);
    auto report = context.report(Code::unknown_lookup, place, {name});
    std::vector<std::string> lookups;
    for (const base::Table& table : context.schema().tables) {
      if (table.kind == base::TableKind::kLookup) lookups.push_back(table.name);
    }
    if (const auto near = base::suggest(name, lookups)) {
      report.label(place, "did you mean `" + *near + "`?").fix(place, *near, base::Safety::changes_meaning);
    }
    return poison();
  }
  if (rows->is_bad) return poison();
  const base::Table table = context.table(rows->table);  // a copy: tables may move while the key is checked
  if (table.kind != base::TableKind::kLookup) {
    context.report(Code::wrong_kind_of_name, place, {table.name, table_noun(table.kind), "a lookup table"})
        .help("`[…]` reads a row of a `lookup` by its key; references are followed with a dot: `product.category`");
    return poison();
  }
  if (table.key.size() != 1)
    return not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, index));
  const base::Column& key = table.columns[table.key.front()];
  const NodeId key_node = tree.child(index, 1);
  Checked key_value = check_expression(context, scope, key_node, Expected::of(key.type));
  key_value = convert(context, scope, key_node, key_value, key.type);
  if (!key_value.ok()) return poison();
  if (key_value.type.kind == TypeKind::kReference) key_value = key_of(context, key_value);
  if (!key_value.ok() || key_value.type.kind != key.type.kind ||
      (key.type.kind == TypeKind::kChoice && key.type.detail != key_value.type.detail)) {
    context
        .report(Code::wrong_type, span(context, scope, key_node),
                {key_value.ok() ? phrase(context, key_value.type) : "a reference", phrase(context, key.type)})
        .note("`" + table.name + "` is read by its key `" + key.name + "`");
    return poison();
  }
  const auto field = find_field(context, scope.module, rows->table, names.front());
  if (!field) {
    auto report = context.report(Code::unknown_field, span(context, scope, node), {table.name, names.front()});
    if (const auto near = base::suggest(names.front(), field_names(context, rows->table))) {
      report.help("did you mean `" + *near + "`?");
    }
    return poison();
  }
  if (*field == kNone) return poison();
  const program::Expr column = context.program.expr(*field);
  if (names.size() > 1 || column.kind != program::ExprKind::kField) {
    return not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
  }
  return checked(context, context.program.lookup(scope.frame, rows->table, column.a, {key_value.expr}));
}

}  // namespace

Checked check_part(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const auto children = tree.children(node);
  const NodeId base_node = children[0];
  std::vector<std::string> names;
  for (std::size_t i = 1; i < children.size(); ++i) names.push_back(tree.name(children[i]));
  if (tree.is(base_node, NodeKind::kIndex)) return check_lookup(context, scope, node, base_node, names);
  if (tree.is(base_node, NodeKind::kCall) && tree.name(tree.child(base_node, 0)) == "nearest") {
    return not_yet(context, scope, node, Code::no_places_yet, "nearest");
  }
  const Checked value = check_expression(context, scope, base_node, expected);
  if (!value.ok()) return poison();
  if (value.type.kind != TypeKind::kReference) {
    context.report(Code::unknown_field, span(context, scope, node), {excerpt(context, scope, base_node), names.front()})
        .note("it is " + phrase(context, value.type) + "; only what refers to another table has fields");
    return poison();
  }
  return not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
}

Checked check_in_segment(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId name_node = tree.last_child(node);
  const std::vector<std::string> names = path_names(tree, name_node);
  const Span place = span(context, scope, name_node);
  const Found found = find_symbol(context, scope.module, names, place);
  if (found.ambiguous) return poison();
  const std::string name = tree.name(name_node);
  if (found.symbol == kNone) {
    if (context.modules[scope.module].has_lost_names) return poison();
    auto report = context.report(Code::unknown_segment, place, {name});
    const SymbolKind kinds[] = {SymbolKind::kSegment};
    if (const std::string there = name_in_module(context, scope.module, names); !there.empty()) {
      report.label(place, "did you mean `" + there + "`?");
    } else if (const auto near = base::suggest(name, symbol_names(context, scope.module, kinds))) {
      report.label(place, "did you mean `" + *near + "`?").fix(place, *near, base::Safety::changes_meaning);
    }
    return poison();
  }
  const SymbolKind kind = context.symbols[found.symbol].kind;
  if (kind != SymbolKind::kSegment || found.num_names != names.size()) {
    if (kind == SymbolKind::kNotYet) return poison();
    auto report = context.report(Code::wrong_kind_of_name, place,
                                 {name, noun(context, context.symbols[found.symbol]), "a segment"});
    if (kind == SymbolKind::kPartition) report.help("a tier is asked with `" + names.front() + " is …`");
    if (kind == SymbolKind::kList) report.help("a list is asked without `segment`: `city in " + name + "`");
    if (kind == SymbolKind::kDefine) report.help("a definition is used by its name alone: `" + name + "`");
    return poison();
  }
  if (!use_symbol(context, found.symbol, place)) return poison();
  const Symbol& segment = context.symbols[found.symbol];
  const ExprId member = context.program.member(segment.output);
  Checked result;
  const NodeId who = tree.num_children(node) > 1 ? tree.child(node, 0) : syntax::kNoNode;
  if (who != syntax::kNoNode && !(tree.is(who, NodeKind::kName) && tree.name(who) == scope.row_name)) {
    // `account in segment big`: of what a reference leads to.
    const Checked row = check_expression(context, scope, who);
    if (!row.ok()) return poison();
    if (row.type.kind != TypeKind::kReference || row.type.detail != segment.frame) {
      return report_wrong_type(context, scope, who, row.type,
                               "a reference to `" + context.table(segment.frame).name + "`");
    }
    const auto followed = follow_expr(context, row.expr, member);
    if (!followed) return not_yet(context, scope, node, Code::construct_not_yet, excerpt(context, scope, node));
    result = checked(context, *followed);
    // A reference that is missing is in no segment: segments are sets.
    result = call(context, Fn::is_true, kFlagType, {result.expr});
  } else {
    const auto reached = reach(context, scope, member);
    if (!reached) {
      auto report = context.report(Code::out_of_reach, place,
                                   {name, context.table(segment.frame).name,
                                    scope.frame == kNone ? "constants" : "`" + context.table(scope.frame).name + "`"});
      if (scope.frame == kNone) report.note("here only values that are the same for everyone can stand");
      return poison();
    }
    result = checked(context, *reached);
    if (*reached != member) result = call(context, Fn::is_true, kFlagType, {result.expr});
  }
  return tree.is_negated(node) ? logical_not(context, result) : result;
}

Checked inline_define(Context& context, const Scope& scope, NodeId node, SymbolId define,
                      const std::vector<NodeId>& argument_nodes) {
  const Span place = span(context, scope, node);
  if (!use_symbol(context, define, place)) return poison();
  const Symbol& symbol = context.symbols[define];
  const Tree& body_tree = context.tree(symbol.file);
  std::vector<NodeId> parameters;
  for (NodeId child : body_tree.children(symbol.node)) {
    if (body_tree.is(child, NodeKind::kParameter)) parameters.push_back(child);
  }
  if (parameters.size() != argument_nodes.size()) {
    const auto values = [](std::size_t n) { return n == 1 ? std::string("1 value") : std::to_string(n) + " values"; };
    context
        .report(Code::wrong_arguments, place,
                {symbol.name, values(parameters.size()), std::to_string(argument_nodes.size())})
        .label(symbol.span, "defined here");
    return poison();
  }
  std::vector<Argument> arguments;
  bool ok = true;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Argument argument;
    argument.name = body_tree.name(parameters[i]);
    argument.scope = &scope;
    argument.node = argument_nodes[i];
    const Tree& tree = context.tree(scope);
    const NodeKind kind = tree.kind(argument_nodes[i]);
    if (syntax::is_select(kind)) {
      argument.is_rows = true;
    } else if ((kind == NodeKind::kName || kind == NodeKind::kPath) &&
               !is_value_name(context, scope, path_names(tree, argument_nodes[i]).front())) {
      const std::vector<std::string> names = path_names(tree, argument_nodes[i]);
      const auto rows = find_rows(context, scope.module, names, span(context, scope, argument_nodes[i]));
      argument.is_rows = rows && !rows->is_bad;
    }
    if (!argument.is_rows) {
      argument.value = check_expression(context, scope, argument_nodes[i]);
      ok = ok && argument.value.ok();
    }
    arguments.push_back(std::move(argument));
  }
  if (!ok) return poison();
  constexpr std::size_t kMostInlined = 100'000;
  if (context.num_inlined == kMostInlined) {
    context.report(Code::inlined_too_often, place, {symbol.name, static_cast<std::int64_t>(kMostInlined)})
        .note("a `define` is put in place wherever it is named, and each of those wherever it is named in turn")
        .help("make a `metric` of what is used often: it is computed once");
  }
  if (context.num_inlined++ >= kMostInlined) return poison();
  constexpr std::size_t kDeepest = 100;
  if (context.inline_depth >= kDeepest) {
    if (!std::exchange(context.reported_depth, true)) {
      context.report(Code::nested_too_deep, place, {kDeepest})
          .note("definitions that name each other, one in the next");
    }
    return poison();
  }
  if (!enter_define(context, define, place)) return poison();
  ++context.inline_depth;
  Scope body = scope;
  body.module = symbol.module;
  body.file = symbol.file;
  body.arguments = &arguments;
  const std::size_t errors_before = context.diagnostics.num_errors();
  Checked result = check_expression(context, body, body_tree.last_child(symbol.node));
  --context.inline_depth;
  leave_define(context);
  // A mistake in the body is said once, not at each use.
  if (!result.ok() && context.diagnostics.num_errors() > errors_before)
    context.symbols[define].state = CheckState::kBad;
  return result;
}

}  // namespace seg::check
