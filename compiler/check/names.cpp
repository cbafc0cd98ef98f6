// What names mean: symbols of modules, fields of tables, rows of events; checking on demand, and cycles.
#include <algorithm>
#include <utility>

#include "base/suggest.h"
#include "compiler/check/context.h"
#include "compiler/check/declaration.h"

namespace seg::check {

using base::Code;

namespace {

// "a -> b -> a", from where the cycle closes.
std::string cycle_text(const Context& context, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < context.active.size(); ++i) {
    text += "`" + context.symbols[context.active[i]].name + "` needs ";
  }
  return text + "`" + context.symbols[context.active[first]].name + "`";
}

void report_cycle(Context& context, SymbolId symbol, base::Span use) {
  const auto found = std::find(context.active.begin(), context.active.end(), symbol);
  const auto first = static_cast<std::size_t>(found - context.active.begin());
  auto report = context.report(Code::cycle, use, {context.symbols[symbol].name, cycle_text(context, first)});
  report.label(use, "here it is needed again");
  for (std::size_t i = first; i < context.active.size(); ++i) {
    const Symbol& member = context.symbols[context.active[i]];
    report.label(member.span, "`" + member.name + "`");
  }
  const syntax::Tree& tree = context.tree(context.symbols[symbol].file);
  const NodeId node = context.symbols[symbol].node;
  if (node != syntax::kNoNode && tree.child(node, syntax::NodeKind::kSticky) != syntax::kNoNode) {
    report.note("`enter when` is asked only of those outside, and `leave when` only of those inside.")
        .help("Leave out what asks whether they are in it.");
    return;
  }
  report.help("Take out one of these uses: something has to be known first.");
}

SymbolId find_in(const std::unordered_map<std::string, SymbolId>& map, std::string_view name) {
  const auto it = map.find(std::string(name));
  return it == map.end() ? kNone : it->second;
}

}  // namespace

Found find_symbol(Context& context, ModuleId module_id, std::string_view name, base::Span span) {
  const Module& module = context.modules[module_id];
  if (SymbolId id = find_in(module.own, name); id != kNone) return {.symbol = id, .num_names = 1};
  if (SymbolId id = find_in(module.bound, name); id != kNone) return {.symbol = id, .num_names = 1};
  Found found;
  const Import* from = nullptr;
  for (const Import& import : module.imports) {
    if (!import.is_open) continue;
    const SymbolId id = find_in(context.modules[import.module].own, name);
    if (id == kNone || id == found.symbol) continue;
    if (found.symbol == kNone) {
      found = {.symbol = id, .num_names = 1};
      from = &import;
      continue;
    }
    const std::string first = from->alias + "." + std::string(name);
    const std::string second = import.alias + "." + std::string(name);
    context.report(Code::ambiguous_name, span, {name})
        .label(context.symbols[found.symbol].span, "this one")
        .label(context.symbols[id].span, "or this one")
        .help("Say which: `" + first + "` or `" + second + "`.");
    return {.symbol = kNone, .num_names = 0, .ambiguous = true};
  }
  if (found.symbol != kNone) return found;
  if (SymbolId id = find_in(context.tables, name); id != kNone) return {.symbol = id, .num_names = 1};
  return {};
}

Found find_symbol(Context& context, ModuleId module, std::span<const std::string> path, base::Span span) {
  if (path.empty()) return {};
  const Found first = find_symbol(context, module, path[0], span);
  if (path.size() < 2 || first.ambiguous) return first;
  if (first.symbol !=
      kNone) {  // `purchase.amount`; what is no table has no names of its own, so a module may have them
    const SymbolKind kind = context.symbols[first.symbol].kind;
    if (kind == SymbolKind::kTable || kind == SymbolKind::kSelection) return first;
  }
  for (const Import& import : context.modules[module].imports) {
    if (import.alias != path[0]) continue;
    const SymbolId id = find_in(context.modules[import.module].own, path[1]);
    if (id != kNone) return {.symbol = id, .num_names = 2};
  }
  return first;
}

bool check_symbol(Context& context, SymbolId id, base::Span use) {
  Symbol& symbol = context.symbols[id];
  switch (symbol.state) {
    case CheckState::kGood: return true;
    case CheckState::kBad: return false;
    case CheckState::kActive: report_cycle(context, id, use); return false;
    case CheckState::kUnchecked: break;
  }
  // Walk (check.cpp) checks what a rule names before the rule; only a cycle can come this deep.
  constexpr std::size_t kDeepest = 300;
  if (context.active.size() >= kDeepest) {
    if (!std::exchange(context.reported_depth, true)) {
      context.report(Code::nested_too_deep, use, {kDeepest}).note("rules that use each other, one in the next");
    }
    symbol.state = CheckState::kBad;
    return false;
  }
  symbol.state = CheckState::kActive;
  context.active.push_back(id);
  const bool ok = check_declaration(context, id);
  context.active.pop_back();
  symbol.state = ok ? CheckState::kGood : CheckState::kBad;
  return ok;
}

bool use_symbol(Context& context, SymbolId id, base::Span use) {
  ++context.symbols[id].num_uses;
  return check_symbol(context, id, use);
}

bool enter_define(Context& context, SymbolId define, base::Span use) {
  ++context.symbols[define].num_uses;
  if (std::find(context.active.begin(), context.active.end(), define) != context.active.end()) {
    report_cycle(context, define, use);
    return false;
  }
  context.active.push_back(define);
  return true;
}

void leave_define(Context& context) { context.active.pop_back(); }

std::optional<ExprId> find_field(Context& context, ModuleId module, TableId table, std::string_view name) {
  const auto& bound = context.modules[module].bound_fields;
  if (!bound.empty()) {
    const auto it = bound.find({table, std::string(name)});
    if (it != bound.end()) return it->second;
  }
  const auto& columns = context.table(table).columns;
  for (base::ColumnId i = 0; i < columns.size(); ++i) {
    if (columns[i].name != name) continue;
    return context.bad_columns.contains({table, i}) ? kNone : context.program.field(table, i);
  }
  return std::nullopt;
}

std::vector<std::string> field_names(const Context& context, TableId table) {
  std::vector<std::string> names;
  for (const base::Column& column : context.table(table).columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> symbol_names(const Context& context, ModuleId module_id, std::span<const SymbolKind> kinds) {
  std::vector<std::string> names;
  const auto add = [&](const std::unordered_map<std::string, SymbolId>& map) {
    for (const auto& [name, id] : map) {
      const SymbolKind kind = context.symbols[id].kind;
      if (kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) names.push_back(name);
    }
  };
  const Module& module = context.modules[module_id];
  add(module.own);
  add(module.bound);
  add(context.tables);
  for (const Import& import : module.imports) {
    if (import.is_open) add(context.modules[import.module].own);
  }
  std::sort(names.begin(), names.end());  // maps have no order; of equally near names the first is suggested
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string name_in_module(const Context& context, ModuleId module, std::span<const std::string> path) {
  for (const Import& import : context.modules[module].imports) {
    const auto& own = context.modules[import.module].own;
    if (!import.is_open && find_in(own, path[0]) != kNone) return import.alias + "." + path[0];
    if (import.alias != path[0] || path.size() < 2) continue;
    std::vector<std::string> names;
    for (const auto& [name, id] : own) names.push_back(name);
    std::sort(names.begin(), names.end());
    if (const auto near = base::suggest(path[1], names)) return import.alias + "." + *near;
  }
  return {};
}

std::optional<NamedRows> find_rows(Context& context, ModuleId module, std::span<const std::string> path,
                                   base::Span span) {
  const Found found = find_symbol(context, module, path, span);
  if (found.ambiguous) return NamedRows{.num_names = path.size(), .is_bad = true};
  if (found.symbol == kNone) return std::nullopt;
  const SymbolKind kind = context.symbols[found.symbol].kind;
  if (kind == SymbolKind::kNotYet) return NamedRows{.num_names = found.num_names, .is_bad = true};
  if (kind != SymbolKind::kTable && kind != SymbolKind::kSelection) return std::nullopt;
  NamedRows rows{.num_names = found.num_names};
  rows.is_bad = !use_symbol(context, found.symbol, span);
  const Symbol& symbol = context.symbols[found.symbol];
  rows.table = symbol.table;
  rows.filter = symbol.value;
  return rows;
}

base::ColumnId reference_to(const Context& context, TableId child, TableId frame) {
  const base::Table& table = context.table(child);
  const auto refers = [&](base::ColumnId column) {
    const base::Type& type = table.columns[column].type;
    return type.kind == base::TypeKind::kReference && type.detail == frame;
  };
  if (table.owner != kNone && refers(table.owner)) return table.owner;
  for (base::ColumnId i = 0; i < table.columns.size(); ++i) {
    if (refers(i)) return i;
  }
  return program::kWholeTable;
}

std::vector<std::string> path_names(const syntax::Tree& tree, NodeId node) {
  std::vector<std::string> names;
  if (tree.is(node, syntax::NodeKind::kPath)) {
    for (NodeId part : tree.children(node)) names.push_back(tree.name(part));
  } else {
    names.push_back(tree.name(node));
  }
  return names;
}

std::optional<ExprId> reach(Context& context, const Scope& scope, ExprId expr) {
  const TableId frame = context.program.expr(expr).frame;
  if (frame == kNone || frame == scope.frame) return expr;
  if (scope.outer == nullptr || scope.owner_ref == kNone || scope.owner_ref == program::kWholeTable ||
      scope.owner_ref == program::kGroupRef) {
    return std::nullopt;
  }
  const std::optional<ExprId> outer = reach(context, *scope.outer, expr);
  if (!outer) return std::nullopt;
  return context.program.follow(scope.frame, scope.owner_ref, *outer);
}

}  // namespace seg::check
