// Lists: values written out, or a column of a CSV file. Words in a list are texts; where the list is compared with a
// choice, the expression's check turns them into its values.
#include <map>

#include "base/suggest.h"
#include "compiler/check/check.h"
#include "compiler/check/csv_column.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"

namespace seg::check {

using base::Code;
using base::Type;
using base::TypeKind;
using syntax::NodeKind;

namespace {

base::Value as_number(const base::Value& integer) { return base::Value::of(static_cast<double>(integer.integer())); }

bool check_values(Context& context, Symbol& symbol) {
  const syntax::Tree& tree = context.tree(symbol.file);
  const NodeId node = tree.last_child(symbol.node);
  const Scope scope{.module = symbol.module, .file = symbol.file};
  if (!tree.is(node, NodeKind::kList)) {
    context.report(Code::wrong_type, tree.span(node), {"one value", "a list"})
        .help("Values stand between brackets: `[\"Tehran\", \"Karaj\"]`.");
    return false;
  }
  return read_list(context, scope, node, symbol.items, symbol.type);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

bool check_file(Context& context, Symbol& symbol) {
  const syntax::Tree& tree = context.tree(symbol.file);
  NodeId path_node = syntax::kNoNode;
  for (NodeId child : tree.children(symbol.node)) {  // [title] "file" column name
    if (tree.is(child, NodeKind::kText)) path_node = child;
  }
  const NodeId column_node = tree.last_child(symbol.node);
  if (tree.is(column_node, NodeKind::kText)) {  // column "Shop city": the file is the text before it
    for (NodeId child : tree.children(symbol.node)) {
      if (child != column_node && tree.is(child, NodeKind::kText)) path_node = child;
    }
  }
  if (path_node == syntax::kNoNode || path_node == column_node) return false;
  symbol.type = {.kind = TypeKind::kText};
  if (!context.input.load) return true;
  const std::string path =
      folder_of(context.sources.path(context.files[symbol.file].source)) + tree.string_value(path_node);
  base::Result<std::string> text = context.input.load(path);
  if (!text.ok()) {
    context.diagnostics.report(text.status()).label(tree.span(path_node), "named here");
    return false;
  }
  const std::string column =
      tree.is(column_node, NodeKind::kText) ? tree.string_value(column_node) : tree.name(column_node);
  CsvColumn read = read_csv_column(*text, column);
  if (!read.problem.empty()) {
    context.report(Code::list_file_damaged, tree.span(path_node), {path, read.problem});
    return false;
  }
  if (!read.has_column) {
    auto report = context.report(Code::list_column, tree.span(column_node), {path, column});
    if (const auto near = base::suggest(column, read.header)) {
      report.label(tree.span(column_node), "did you mean `" + *near + "`?");
    }
    std::string names;
    for (const std::string& name : read.header) names += (names.empty() ? "" : ", ") + name;
    report.note("its columns: " + names);
    return false;
  }
  // A column of whole numbers is a list of whole numbers, so that it can be compared with keys.
  bool all_integers = !read.values.empty();
  for (const std::string& value : read.values) all_integers = all_integers && is_integer_text(value);
  if (all_integers) symbol.type = {.kind = TypeKind::kInteger};
  for (std::string& value : read.values) {
    symbol.items.push_back(
        {.value = all_integers ? base::Value::of(std::int64_t{std::stoll(value)}) : base::Value::of(std::move(value)),
         .span = tree.span(path_node)});
  }
  return true;
}

}  // namespace

bool read_list(Context& context, const Scope& scope, NodeId list, std::vector<ListItem>& items, Type& type) {
  const syntax::Tree& tree = context.tree(scope.file);
  bool ok = true;
  for (NodeId child : tree.children(list)) {
    if (tree.is(child, NodeKind::kError)) {
      ok = false;
      continue;
    }
    Constant item;
    if (tree.is(child, NodeKind::kName)) {
      const std::string word = tree.name(child);
      item = {.value = base::Value::of(word), .type = {.kind = TypeKind::kText}};
    } else {
      std::optional<Constant> value = check_constant(context, scope, child);
      if (!value) {
        ok = false;
        continue;
      }
      item = std::move(*value);
    }
    if (item.type.kind == TypeKind::kList) {
      context.report(Code::list_element, tree.span(child), {type_phrase(context.schema(), item.type)});
      ok = false;
      continue;
    }
    if (items.empty()) {
      type = item.type;
    } else if (item.type.kind == TypeKind::kNumber && type.kind == TypeKind::kInteger) {
      type = item.type;
      for (ListItem& known : items) known.value = as_number(known.value);
    } else if (item.type.kind == TypeKind::kInteger && type.kind == TypeKind::kNumber) {
      item.value = as_number(item.value);
    } else if (item.type != type) {
      context
          .report(Code::mixed_list, tree.span(child),
                  {type_phrase(context.schema(), item.type), type_phrase(context.schema(), type)})
          .label(items.front().span, "the first");
      ok = false;
      continue;
    }
    items.push_back({.value = std::move(item.value), .span = tree.span(child)});
  }
  return ok;
}

bool check_list(Context& context, SymbolId id) {
  Symbol& symbol = context.symbols[id];
  const syntax::Tree& tree = context.tree(symbol.file);
  if (tree.has_error(symbol.node)) return false;
  return tree.is(symbol.node, NodeKind::kListFile) ? check_file(context, symbol) : check_values(context, symbol);
}

}  // namespace seg::check
