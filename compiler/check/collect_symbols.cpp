// Makes a symbol of every declaration of every module, so that names can be found before anything is checked.
#include "compiler/check/declaration.h"

namespace seg::check {

using base::Code;
using base::TableKind;
using syntax::NodeKind;

namespace {

struct Declared {
  SymbolKind kind = SymbolKind::kNotYet;
  std::optional<TableKind> table;  // of the schema
  Code refusal = Code::declaration_not_yet;
  std::string_view refused;  // the construct's name, if this version refuses it
};

std::optional<Declared> declared(const syntax::Tree& tree, NodeId node) {
  const auto symbol = [](SymbolKind kind) { return Declared{.kind = kind}; };
  const auto table = [](TableKind kind) { return Declared{.kind = SymbolKind::kTable, .table = kind}; };
  const auto refused = [](std::string_view construct, Code code = Code::declaration_not_yet) {
    return Declared{.kind = SymbolKind::kNotYet, .refusal = code, .refused = construct};
  };
  switch (tree.kind(node)) {
    case NodeKind::kSubject: return table(TableKind::kSubject);
    case NodeKind::kEntity: return table(TableKind::kEntity);
    case NodeKind::kEvent: return table(TableKind::kEvent);
    case NodeKind::kRecords: return table(TableKind::kRecords);
    case NodeKind::kLookup: return table(TableKind::kLookup);
    case NodeKind::kEventsSelect: return symbol(SymbolKind::kSelection);
    case NodeKind::kEventsUnion: return symbol(SymbolKind::kTable);
    case NodeKind::kEventsGrouped: return symbol(SymbolKind::kTable);
    case NodeKind::kMetric: return symbol(SymbolKind::kMetric);
    case NodeKind::kScore: return symbol(SymbolKind::kScore);
    case NodeKind::kSegment: return symbol(SymbolKind::kSegment);
    case NodeKind::kParam: return symbol(SymbolKind::kParam);
    case NodeKind::kListValues: return symbol(SymbolKind::kList);
    case NodeKind::kListFile: return symbol(SymbolKind::kList);
    case NodeKind::kDefine: return symbol(SymbolKind::kDefine);
    case NodeKind::kPartition:
    case NodeKind::kGrid:
    case NodeKind::kPartitionByValue: return symbol(SymbolKind::kPartition);
    case NodeKind::kSegmentsForEach: return symbol(SymbolKind::kSegments);
    case NodeKind::kModel: return refused("model");
    case NodeKind::kPersona: return refused("persona");
    case NodeKind::kPlan: return refused("plan");
    case NodeKind::kFunction: return refused("function");
    case NodeKind::kZones: return refused("zones", Code::no_places_yet);
    case NodeKind::kOccasion: return refused("occasion", Code::no_calendars_yet);
    default: return std::nullopt;  // use, module, requires, test: no names; errors
  }
}

base::Span head_span(const syntax::Tree& tree, NodeId node) {
  const NodeId name = tree.name_node(node);
  if (name == syntax::kNoNode) return tree.span(tree.first_token(node));
  return base::join(tree.span(tree.first_token(node)), tree.span(name));
}

void add_symbol(Context& context, FileId file, NodeId node, const Declared& what) {
  const syntax::Tree& tree = context.tree(file);
  const ModuleId module = context.files[file].module;
  if (!what.refused.empty()) not_yet(context, what.refusal, head_span(tree, node), what.refused);
  const NodeId name_node = tree.name_node(node);
  if (name_node == syntax::kNoNode) return;
  Symbol symbol{.kind = what.kind,
                .name = tree.name(name_node),
                .module = module,
                .file = file,
                .node = node,
                .span = tree.span(name_node)};
  if (symbol.name.empty()) return;
  auto& own = context.modules[module].own;
  const auto known = own.find(symbol.name);
  if (known != own.end()) {
    context.report(Code::duplicate_name, symbol.span, {symbol.name})
        .label(context.symbols[known->second].span, "first here")
        .help(
            "Give one of the two another name: those of tables, metrics, segments, params and lists of a project are "
            "all different.");
    return;
  }
  const auto id = static_cast<SymbolId>(context.symbols.size());
  if (what.table) {
    symbol.table = static_cast<TableId>(context.schema().tables.size());
    context.schema().tables.push_back({.name = symbol.name, .kind = *what.table});
  }
  const bool is_rows = symbol.kind == SymbolKind::kTable || symbol.kind == SymbolKind::kSelection;
  if (is_rows && (what.table || module == kProjectModule)) context.tables.emplace(symbol.name, id);
  own.emplace(symbol.name, id);
  context.symbols.push_back(std::move(symbol));
}

}  // namespace

void collect_symbols(Context& context) {
  for (FileId file = 0; file < context.files.size(); ++file) {
    const syntax::Tree& tree = context.tree(file);
    for (NodeId node : tree.children(tree.root())) {
      const bool is_library_function =
          tree.is(node, NodeKind::kFunction) && context.files[file].module == kProjectModule + 1;
      if (is_library_function) continue;
      if (const std::optional<Declared> what = declared(tree, node)) add_symbol(context, file, node, *what);
    }
  }
}

void not_yet(Context& context, Code code, base::Span span, std::string_view construct) {
  context.report(code, span, {construct});
}

}  // namespace seg::check
