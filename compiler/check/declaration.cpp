// What all declarations share: whose they are, their properties, their output.
#include "compiler/check/declaration.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/suggest.h"
#include "compiler/check/expression.h"

namespace seg::check {

using base::Code;
using base::TypeKind;
using syntax::NodeKind;

bool check_declaration(Context& context, SymbolId id) {
  const Symbol& symbol = context.symbols[id];
  switch (symbol.kind) {
    case SymbolKind::kTable:
      switch (context.tree(symbol.file).kind(symbol.node)) {
        case NodeKind::kEventsUnion: return check_events_union(context, id);
        case NodeKind::kEventsGrouped: return check_events_grouped(context, id);
        default: return true;  // of the schema: check_schema() has set its state
      }
    case SymbolKind::kSelection: return check_events_select(context, id);
    case SymbolKind::kMetric: return check_metric(context, id);
    case SymbolKind::kScore: return check_score(context, id);
    case SymbolKind::kSegment: return check_segment(context, id);
    case SymbolKind::kSegments: return true;  // each of them is checked by itself
    case SymbolKind::kPartition: return check_partition(context, id);
    case SymbolKind::kParam: return check_param(context, id);
    case SymbolKind::kList: return check_list(context, id);
    case SymbolKind::kDefine: return true;  // checked where it is used
    case SymbolKind::kNotYet: return false;
  }
  return false;
}

namespace {
std::string rows_noun(const Context& context, const NamedRows& rows) {
  return rows.filter != kNone ? symbol_noun(SymbolKind::kSelection)
                              : noun_of(context, {.kind = SymbolKind::kTable, .table = rows.table});
}

// "a number", "text": what stands where a property's value belongs.
std::string literal_phrase(const syntax::Tree& tree, NodeId node) {
  const std::string_view name = syntax::kind_name(tree.kind(node));
  if (tree.is(node, NodeKind::kText)) return std::string(name);
  return (name.find_first_of("aeiou") == 0 ? "an " : "a ") + std::string(name);
}
}  // namespace

TableId frame_of(Context& context, const Symbol& symbol) {
  const syntax::Tree& tree = context.tree(symbol.file);
  if (const NodeId of = tree.child(symbol.node, NodeKind::kOf); of != syntax::kNoNode) {
    const NodeId name_node = tree.child(of, std::size_t{0});
    const base::Span span = tree.span(name_node);
    const std::string name = tree.name(name_node);
    const std::optional<NamedRows> rows = find_rows(context, symbol.module, path_names(tree, name_node), span);
    if (rows && rows->is_bad) return kNone;
    const bool is_one =
        rows && rows->filter == kNone &&
        (context.table(rows->table).kind == base::TableKind::kSubject ||
         (context.table(rows->table).kind == base::TableKind::kEntity && symbol.kind == SymbolKind::kMetric));
    if (is_one) return rows->table;
    if (rows) {
      context.report(Code::wrong_kind_of_name, span, {name, rows_noun(context, *rows), "a subject"})
          .note("Segments, partitions and scores are made of subjects; a metric may be of an entity too.");
      return kNone;
    }
    std::vector<std::string> subjects;
    for (const base::Table& table : context.schema().tables) {
      if (table.kind == base::TableKind::kSubject) subjects.push_back(table.name);
    }
    auto report = context.report(Code::unknown_subject, span, {name});
    if (const auto near = base::suggest(name, subjects)) {
      report.label(span, "did you mean `" + *near + "`?").fix(span, *near, base::Safety::changes_meaning);
    }
    return kNone;
  }
  TableId only = kNone;
  std::size_t num_subjects = 0;
  std::string names;
  for (TableId id = 0; id < context.schema().tables.size(); ++id) {
    if (context.table(id).kind != base::TableKind::kSubject) continue;
    names += (names.empty() ? "`" : ", `") + context.table(id).name + "`";
    if (num_subjects++ == 0) only = id;
  }
  // `use rfm with subject = household`: what a module's rules are about where a project has several.
  const auto& bound = context.modules[symbol.module].bound;
  if (const auto it = bound.find("subject"); it != bound.end()) return context.symbols[it->second].table;
  if (num_subjects > 1) {
    context.report(Code::which_subject, symbol.span, {symbol.name})
        .note("The project has several subjects: " + names + ".")
        .help("Write `" + symbol.name + " of " + names.substr(1, names.find('`', 1) - 1) + "`.");
    return kNone;
  }
  if (only == kNone) {
    if (std::exchange(context.reported_no_subject, true)) return kNone;
    context.report(Code::no_subject, symbol.span, {symbol.name})
        .help("Declare one in the schema: `subject customer { key id: integer … }`.");
  }
  return only;
}

std::string head_title(const syntax::Tree& tree, NodeId declaration) {
  const NodeId title = tree.child(declaration, NodeKind::kText);
  return title == syntax::kNoNode ? std::string() : tree.string_value(title);
}

program::OutputId add_output(Context& context, Symbol& symbol, program::OutputKind kind, program::Output output) {
  output.kind = kind;
  output.name = symbol.name;
  output.module = context.modules[symbol.module].name;
  output.span = symbol.span;
  output.frame = symbol.frame;
  output.doc = context.tree(symbol.file).doc(symbol.node);
  context.program.outputs.push_back(std::move(output));
  return static_cast<program::OutputId>(context.program.outputs.size() - 1);
}

std::uint32_t add_clause(Context& context, base::Span span, ExprId expr, std::vector<std::uint32_t> children) {
  std::erase(children, kNone);
  context.program.clauses.push_back({.span = span, .expr = expr, .children = std::move(children)});
  return static_cast<std::uint32_t>(context.program.clauses.size() - 1);
}

namespace {

// `title "Fans of {place}"` of generated segments.
void put_value(std::string& text, const std::string& name, const std::string& value) {
  const std::string hole = "{" + name + "}";
  for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size()))
    text.replace(at, hole.size(), value);
}

void put_value_of_each(Context& context, const Symbol& symbol, program::Output& output) {
  const syntax::Tree& tree = context.tree(symbol.file);
  const std::string name = each_name(tree, symbol.node);
  const std::string before = output.title;
  for (std::string* text : {&output.title, &output.description, &output.owner, &output.purpose})
    put_value(*text, name, symbol.each_text);
  for (std::string& tag : output.tags) put_value(tag, name, symbol.each_text);
  // Reports of thousands that all have one title help nobody.
  if (!before.empty() && output.title == before) output.title += ": " + symbol.each_text;
  output.group = context.symbols[symbol.generated_by].name;
  output.in_group = symbol.each_index;
}

}  // namespace

std::string each_name(const syntax::Tree& tree, NodeId segments) {
  NodeId found = syntax::kNoNode;  // the second name: the first is the declaration's own
  for (NodeId child : tree.children(segments)) {
    if (!tree.is(child, NodeKind::kName) || child == tree.name_node(segments)) continue;
    found = child;
    break;
  }
  return found == syntax::kNoNode ? std::string() : tree.name(found);
}

void read_properties(Context& context, Symbol& symbol, program::Output& output) {
  static const std::vector<std::string> kKnown = {"title", "description", "owner", "purpose", "tags", "since"};
  const syntax::Tree& tree = context.tree(symbol.file);
  std::set<std::string> seen;
  for (NodeId node : tree.children(symbol.node)) {
    if (!tree.is(node, NodeKind::kProperty) || tree.has_error(node)) continue;
    const NodeId name_node = tree.name_node(node);
    const std::string name = tree.name(node);
    const base::Span span = tree.span(name_node);
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      symbol.has_bad_property = true;
      auto report = context.report(Code::unknown_property, span, {symbol_noun(symbol.kind), name});
      if (const auto near = base::suggest(name, kKnown)) {
        report.label(span, "did you mean `" + *near + "`?").fix(span, *near, base::Safety::changes_meaning);
      }
      report.note("properties: title, description, owner, purpose, tags, since");
      continue;
    }
    if (!seen.insert(name).second) {
      context.report(Code::duplicate_clause, span, {name}).help("Keep one of them.");
      continue;
    }
    const NodeId value_node = tree.last_child(node);
    const bool is_text = tree.is(value_node, NodeKind::kText);
    const auto wrong = [&](std::string_view needed) {
      symbol.has_bad_property = true;
      context.report(Code::wrong_type, tree.span(value_node), {literal_phrase(tree, value_node), needed});
    };
    if (name == "tags") {
      std::vector<NodeId> tags;
      if (tree.is(value_node, NodeKind::kList)) {
        tags.assign(tree.children(value_node).begin(), tree.children(value_node).end());
      } else {
        tags.push_back(value_node);
      }
      for (NodeId tag : tags) {
        if (tree.is(tag, NodeKind::kText)) {
          output.tags.push_back(tree.string_value(tag));
        } else if (tree.is(tag, NodeKind::kName)) {
          output.tags.push_back(tree.name(tag));
        } else {
          context.report(Code::wrong_type, tree.span(tag), {literal_phrase(tree, tag), "text"});
        }
      }
    } else if (name == "since") {
      if (!tree.is(value_node, NodeKind::kDate)) wrong("a date");
    } else if (!is_text) {
      wrong("text");
    } else if (name == "title") {
      output.title = tree.string_value(value_node);
    } else if (name == "description") {
      output.description = tree.string_value(value_node);
    } else if (name == "owner") {
      output.owner = tree.string_value(value_node);
    } else {
      output.purpose = tree.string_value(value_node);
    }
  }
  if (symbol.generated_by != kNone) put_value_of_each(context, symbol, output);
}

}  // namespace seg::check
