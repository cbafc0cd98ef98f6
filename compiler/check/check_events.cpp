// Named events: selections (`events x = purchase where …`), several kinds as one, and rows grouped into one event.
// Selections stay filters of their table; the other two become derived tables of the schema, right after what they are
// made of, so that they nest in any way.
#include <algorithm>

#include "base/suggest.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"

namespace seg::check {

using base::Code;
using base::Column;
using base::ColumnId;
using base::Table;
using base::TableKind;
using base::Type;
using base::TypeKind;
using syntax::NodeKind;

namespace {

void report_unknown_event(Context& context, ModuleId module, const std::string& name, base::Span span) {
  if (context.modules[module].has_lost_names) return;
  const SymbolKind kinds[] = {SymbolKind::kTable, SymbolKind::kSelection};
  auto report = context.report(Code::unknown_event, span, {name});
  if (const auto near = base::suggest(name, symbol_names(context, module, kinds))) {
    report.label(span, "did you mean `" + *near + "`?").fix(span, *near, base::Safety::changes_meaning);
  }
}

// The rows that a name stands for; none: reported.
std::optional<NamedRows> rows_of(Context& context, const Symbol& symbol, NodeId node) {
  const syntax::Tree& tree = context.tree(symbol.file);
  if (tree.has_error(node)) return std::nullopt;
  const std::vector<std::string> path = path_names(tree, node);
  const base::Span span = tree.span(node);
  const std::optional<NamedRows> rows = find_rows(context, symbol.module, path, span);
  if (!rows || (!rows->is_bad && rows->num_names < path.size())) {
    report_unknown_event(context, symbol.module, tree.name(node), span);
    return std::nullopt;
  }
  if (rows->is_bad) return std::nullopt;
  return rows;
}

TableId owner_of(const Context& context, TableId table_id) {
  const Table& table = context.table(table_id);
  return table.owner == kNone ? kNone : table.columns[table.owner].type.detail;
}

// The kName or kPath that an event phrase begins with.
NodeId event_node(const syntax::Tree& tree, NodeId node) {
  while (!tree.is(node, NodeKind::kName) && !tree.is(node, NodeKind::kPath)) {
    if (tree.num_children(node) == 0) return syntax::kNoNode;
    node = tree.child(node, std::size_t{0});
  }
  return node;
}

bool same_choice(const base::ChoiceSet& a, const base::ChoiceSet& b) {
  return a.values == b.values && a.ranked == b.ranked;
}

bool same_type(const base::Schema& schema, const Type& a, const Type& b) {
  if (a == b) return true;
  Type other = b;
  other.detail = a.detail;
  const bool is_choice = a.kind == TypeKind::kChoice || (a.kind == TypeKind::kList && a.element == TypeKind::kChoice);
  return is_choice && a == other && same_choice(schema.choices[a.detail], schema.choices[b.detail]);
}

ColumnId find_column(const Table& table, std::string_view name) {
  for (ColumnId i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  return kNone;
}

TableId add_table(Context& context, SymbolId id, Table table) {
  const auto table_id = static_cast<TableId>(context.schema().tables.size());
  context.schema().tables.push_back(std::move(table));
  context.symbols[id].table = table_id;
  return table_id;
}

}  // namespace

bool check_events_select(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  const NodeId node = tree.last_child(symbol.node);
  if (node == syntax::kNoNode || tree.has_error(symbol.node)) return false;
  bool ok = true;
  for (NodeId child : tree.children(node)) {
    const NodeKind kind = tree.kind(child);
    if (kind != NodeKind::kWithSame && kind != NodeKind::kTimes && kind != NodeKind::kWithinGap) continue;
    context.report(Code::clause_of_many_events, tree.span(child), {tree.text(child)})
        .help("A named selection picks single events; write this where the selection is used.");
    ok = false;
  }
  if (!ok) return false;
  // The phrase stands in its owner's frame, so that `where` reaches the owner's fields.
  Scope scope{.module = symbol.module, .file = symbol.file};
  const NodeId event = event_node(tree, node);
  if (event != syntax::kNoNode) {
    const std::optional<NamedRows> rows = find_rows(context, symbol.module, path_names(tree, event), tree.span(event));
    if (rows && rows->is_bad) return false;
    if (rows) scope.frame = owner_of(context, rows->table);
  }
  const Selection selection = check_selection(context, scope, node);
  if (!selection.ok) return false;
  symbol.table = selection.table;
  symbol.value = selection.filter;
  if (selection.window) {
    const Table& table = context.table(selection.table);
    if (table.time != kNone) {
      const ExprId inside =
          context.program.in_window(context.program.field(selection.table, table.time), *selection.window);
      symbol.value = symbol.value == kNone ? inside
                                           : context.program.call(program::Fn::logical_and, {.kind = TypeKind::kFlag},
                                                                  {symbol.value, inside});
    }
  }
  return true;
}

bool check_events_union(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  std::vector<std::pair<NodeId, NamedRows>> parts;
  bool ok = true;
  bool is_first = true;
  for (NodeId child : tree.children(symbol.node)) {
    if (!tree.is(child, NodeKind::kName) && !tree.is(child, NodeKind::kPath)) continue;
    if (std::exchange(is_first, false)) continue;  // its own name
    if (const std::optional<NamedRows> rows = rows_of(context, symbol, child)) {
      parts.emplace_back(child, *rows);
    } else {
      ok = false;
    }
  }
  if (!ok || parts.empty()) return false;
  if (parts.size() == 1) {  // another name for one
    symbol.kind = SymbolKind::kSelection;
    symbol.table = parts[0].second.table;
    symbol.value = parts[0].second.filter;
    return true;
  }
  const TableId first_id = parts[0].second.table;
  const TableId owner = owner_of(context, first_id);
  Table table{.name = symbol.name, .kind = TableKind::kUnion};
  const auto name_of = [&](TableId part) { return context.table(part).name; };
  for (const auto& [node, rows] : parts) {
    if (owner_of(context, rows.table) == kNone) {
      const Symbol named{.kind = SymbolKind::kTable, .table = rows.table};
      context.report(Code::wrong_kind_of_name, tree.span(node), {tree.name(node), noun_of(context, named), "an event"});
      return false;
    }
    if (owner_of(context, rows.table) != owner) {
      context.report(Code::events_of_several_owners, tree.span(node), {name_of(first_id), name_of(rows.table)});
      return false;
    }
    const Table& first = context.table(first_id);
    const Table& part = context.table(rows.table);
    if (part.time == kNone || first.time == kNone || part.columns[part.time].type != first.columns[first.time].type) {
      context.report(Code::no_shared_time, tree.span(node), {first.name, part.name})
          .note("Events that become one kind are put in order by time: each has a time, or each has a date.");
      return false;
    }
    table.parts.push_back({.table = rows.table, .filter = rows.filter});
  }
  // The owner and the time of each part, whatever they are called; then the fields that all of them have.
  const auto add = [&](const std::string& name, const std::vector<ColumnId>& from) {
    Column column = context.table(parts[0].second.table).columns[from[0]];
    column.name = name;
    column.currency_column = kNone;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Column& other = context.table(parts[i].second.table).columns[from[i]];
      column.required = column.required && other.required;
      column.privacy = std::max(column.privacy, other.privacy);
      table.parts[i].columns.push_back(from[i]);
    }
    table.columns.push_back(column);
  };
  std::vector<ColumnId> owners;
  std::vector<ColumnId> times;
  bool one_time_name = true;
  for (const auto& [node, rows] : parts) {
    const Table& part = context.table(rows.table);
    owners.push_back(part.owner);
    times.push_back(part.time);
    const Table& first = context.table(first_id);
    one_time_name = one_time_name && part.columns[part.time].name == first.columns[first.time].name;
  }
  const Table first = context.table(first_id);
  table.owner = 0;
  add(first.columns[first.owner].name, owners);
  table.time = 1;
  add(one_time_name ? first.columns[first.time].name : "at", times);
  for (ColumnId i = 0; i < first.columns.size(); ++i) {
    const Column& column = first.columns[i];
    if (i == first.owner || i == first.time || find_column(table, column.name) != kNone) continue;
    std::vector<ColumnId> from{i};
    for (std::size_t p = 1; p < parts.size(); ++p) {
      const Table& part = context.table(parts[p].second.table);
      const ColumnId other = find_column(part, column.name);
      if (other == kNone || other == part.owner || other == part.time ||
          !same_type(context.schema(), column.type, part.columns[other].type) ||
          context.bad_columns.contains({parts[p].second.table, other})) {
        break;
      }
      from.push_back(other);
    }
    if (from.size() == parts.size() && !context.bad_columns.contains({first_id, i})) add(column.name, from);
  }
  for (Column& column : table.columns) {  // money by a column needs that column among the shared ones
    const ColumnId in_first = find_column(first, column.name);
    if (in_first == kNone || first.columns[in_first].currency_column == kNone) continue;
    column.currency_column = find_column(table, first.columns[first.columns[in_first].currency_column].name);
  }
  add_table(context, id, std::move(table));
  return true;
}

namespace {

// `amount: sum(amount)`, `items: count`: one aggregate of the rows that became the event.
bool add_aggregate_field(Context& context, const Symbol& symbol, TableId base_id, TableId table_id, NodeId node) {
  const syntax::Tree& tree = context.tree(symbol.file);
  const NodeId expr = tree.last_child(node);
  if (tree.has_error(node) || expr == syntax::kNoNode) return false;
  const std::string name = tree.name(node);
  if (find_column(context.table(table_id), name) != kNone) {
    context.report(Code::duplicate_name, tree.span(tree.name_node(node)), {name})
        .note("Grouped events have their owner, `at`, the fields they are grouped by, and these.");
    return false;
  }
  const auto refuse = [&] {
    context.report(Code::not_an_aggregate, tree.span(expr))
        .help(
            "Write one of `sum(x)`, `count`, `average(x)`, `minimum(x)`, `maximum(x)`, `median(x)`, `distinct(x)`, "
            "`first(x)`, `last(x)`, `most common(x)`, where x is a field of `" +
            context.table(base_id).name + "`.");
    return false;
  };
  const NodeId callee = tree.is(expr, NodeKind::kCall) ? tree.child(expr, std::size_t{0}) : expr;
  if (!tree.is(callee, NodeKind::kName)) return refuse();
  const std::optional<program::AggFn> fn = find_aggregate(tree.name(callee));
  if (!fn) return refuse();
  program::Aggregate aggregate{.fn = *fn, .frame = table_id, .child = base_id, .child_ref = program::kGroupRef};
  const Scope scope{.module = symbol.module, .file = symbol.file, .frame = base_id};
  Type type{.kind = TypeKind::kInteger};
  if (tree.is(expr, NodeKind::kCall)) {
    if (tree.num_children(expr) != 2) return refuse();
    NodeId argument = tree.child(expr, std::size_t{1});
    if (tree.is(argument, NodeKind::kSelect)) {
      const NodeId where = tree.child(argument, NodeKind::kWhere);
      if (where == syntax::kNoNode || tree.num_children(argument) != 2) return refuse();
      const Checked condition = check_condition(context, scope, tree.child(where, std::size_t{0}));
      if (!condition.ok()) return false;
      aggregate.filter = condition.expr;
      argument = tree.child(argument, std::size_t{0});
    }
    const Checked value = check_expression(context, scope, argument);
    if (!value.ok()) return false;
    const std::optional<Type> result = aggregate_type(*fn, value.type);
    if (!result) {
      context.report(
          Code::wrong_type, tree.span(argument),
          {type_phrase(context.schema(), value.type), "something that `" + tree.name(callee) + "` works on"});
      return false;
    }
    aggregate.value = value.expr;
    type = *result;
  } else if (*fn != program::AggFn::kCount) {
    return refuse();
  }
  const ExprId computed = context.program.aggregate(aggregate, type);
  Table& table = context.schema().tables[table_id];
  table.columns.push_back({.name = name, .type = type});
  table.group->computed.push_back(computed);
  return true;
}

}  // namespace

bool check_events_grouped(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  std::vector<NodeId> names;
  for (NodeId child : tree.children(symbol.node)) {
    if (tree.is(child, NodeKind::kName) || tree.is(child, NodeKind::kPath)) names.push_back(child);
  }
  if (names.size() < 3) return false;  // its name, the source, one field: the parser has said so
  const std::optional<NamedRows> rows = rows_of(context, symbol, names[1]);
  if (!rows) return false;
  const Table source = context.table(rows->table);
  if (source.owner == kNone || source.time == kNone) {
    context.report(Code::event_without_time, tree.span(names[1]), {source.name})
        .note("Rows are grouped into one event of their owner, at the earliest of their times.");
    return false;
  }
  Table table{.name = symbol.name, .kind = TableKind::kGrouped};
  table.group = base::Grouping{.base = rows->table, .filter = rows->filter};
  table.owner = 0;
  table.columns.push_back(source.columns[source.owner]);
  table.time = 1;
  table.columns.push_back(source.columns[source.time]);
  table.columns.back().name = "at";
  bool ok = true;
  for (std::size_t i = 2; i < names.size(); ++i) {
    const std::string name = tree.name(names[i]);
    const base::Span span = tree.span(names[i]);
    if (tree.is(names[i], NodeKind::kPath)) {
      not_yet(context, Code::construct_not_yet, span, "grouped by a field of another table");
      ok = false;
      continue;
    }
    const std::optional<ExprId> field = find_field(context, symbol.module, rows->table, name);
    if (!field) {
      auto report = context.report(Code::unknown_field, span, {source.name, name});
      if (const auto near = base::suggest(name, field_names(context, rows->table))) {
        report.label(span, "did you mean `" + *near + "`?").fix(span, *near, base::Safety::changes_meaning);
      }
      ok = false;
      continue;
    }
    if (*field == kNone) return false;
    const program::Expr& expr = context.program.expr(*field);
    if (expr.kind != program::ExprKind::kField) {
      not_yet(context, Code::construct_not_yet, span, "grouped by a field of another table");
      ok = false;
      continue;
    }
    if (expr.a == source.owner) continue;  // rows of one event have one owner as it is
    if (find_column(table, name) != kNone) {
      context.report(Code::duplicate_name, span, {name});
      ok = false;
      continue;
    }
    table.group->group_by.push_back(expr.a);
    table.key.push_back(static_cast<ColumnId>(table.columns.size()));
    table.columns.push_back(source.columns[expr.a]);
    table.columns.back().currency_column = kNone;
    table.columns.back().required = true;  // rows without it are in no group
  }
  if (!ok) return false;
  table.group->num_plain = static_cast<std::uint32_t>(table.columns.size());
  const TableId table_id = add_table(context, id, std::move(table));
  for (NodeId child : tree.children(symbol.node)) {
    if (!tree.is(child, NodeKind::kAggregateField)) continue;
    if (!add_aggregate_field(context, symbol, rows->table, table_id, child)) {
      const Table& made = context.table(table_id);
      context.bad_columns.insert({table_id, static_cast<ColumnId>(made.columns.size())});
      Table& changed = context.schema().tables[table_id];
      changed.columns.push_back({.name = tree.name(child), .type = {.kind = TypeKind::kInteger}});
      changed.group->computed.push_back(kNone);
    }
  }
  return true;
}

}  // namespace seg::check
