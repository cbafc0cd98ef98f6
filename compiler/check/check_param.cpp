// Params: one plain value with its type, and the values that the project file or the command line put in its place.
#include "base/suggest.h"
#include "compiler/check/check.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"
#include "compiler/syntax/parse.h"

namespace seg::check {

using base::Code;
using syntax::NodeKind;

namespace {

std::string full_name(const Context& context, const Symbol& symbol) {
  const std::string& module = context.modules[symbol.module].name;
  return module.empty() ? symbol.name : module + "." + symbol.name;
}

// The value in place of the default. It is read as a rule would be, from a source of its own.
bool override_value(Context& context, Symbol& symbol, const Settings::ParamValue& given) {
  const base::SourceId source = context.sources.add(given.origin, "param " + symbol.name + " = " + given.text + "\n");
  syntax::ParseResult parsed = syntax::parse(source, context.sources.text(source), context.diagnostics);
  if (parsed.has_errors) return false;
  context.own_trees.push_back(std::move(parsed.tree));
  const syntax::Tree& tree = context.own_trees.back();
  context.files.push_back({.source = source, .module = symbol.module, .tree = &tree});
  const auto file = static_cast<FileId>(context.files.size() - 1);
  const NodeId param = tree.child(tree.root(), NodeKind::kParam);
  if (param == syntax::kNoNode) return false;
  NodeId expr = syntax::kNoNode;
  for (NodeId child : tree.children(param)) {
    if (syntax::is_expression(tree.kind(child)) && child != tree.name_node(param))
      expr = expr == syntax::kNoNode ? child : expr;
  }
  if (expr == syntax::kNoNode) return false;
  const Scope scope{.module = symbol.module, .file = file};
  const std::optional<Constant> value = check_constant(context, scope, expr, Expected::of(symbol.type));
  if (!value) return false;
  if (value->type != symbol.type) {
    context
        .report(Code::wrong_type, tree.span(expr),
                {type_phrase(context.schema(), value->type), type_phrase(context.schema(), symbol.type)})
        .label(symbol.span, "the param's own value says its type");
    return false;
  }
  context.program.params[symbol.param].value = value->value;
  return true;
}

}  // namespace

bool check_param(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  if (tree.has_error(symbol.node) || tree.num_children(symbol.node) < 2) return false;
  const NodeId expr = tree.child(symbol.node, std::size_t{1});
  const Scope scope{.module = symbol.module, .file = symbol.file};
  const std::optional<Constant> value = check_constant(context, scope, expr);
  if (!value) return false;
  symbol.type = value->type;
  symbol.param = static_cast<std::uint32_t>(context.program.params.size());
  program::Param param{.name = full_name(context, symbol),
                       .type = value->type,
                       .value = value->value,
                       .doc = tree.doc(symbol.node),
                       .span = symbol.span};
  if (tree.num_children(symbol.node) > 2) {
    const NodeId why = tree.child(symbol.node, std::size_t{2});
    if (tree.is(why, NodeKind::kText)) param.doc = tree.string_value(why);
  }
  context.program.params.push_back(std::move(param));
  bool ok = true;
  for (const Settings::ParamValue& given : context.input.settings.params) {
    if (given.name == full_name(context, symbol)) ok = override_value(context, symbol, given) && ok;
  }
  return ok;
}

void check_param_overrides(Context& context) {
  std::vector<std::string> names;
  for (const Symbol& symbol : context.symbols) {
    if (symbol.kind == SymbolKind::kParam) names.push_back(full_name(context, symbol));
  }
  for (const Settings::ParamValue& given : context.input.settings.params) {
    if (std::find(names.begin(), names.end(), given.name) != names.end()) continue;
    auto report = context.diagnostics.report(Code::unknown_param, {given.name});
    report.note("given by " + given.origin);
    if (const auto near = base::suggest(given.name, names)) report.help("did you mean `" + *near + "`?");
  }
}

}  // namespace seg::check
