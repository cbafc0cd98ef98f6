// Ties modules to the project: `with purchase = order, purchase.amount = order.total`, and what a module `requires`.
#include <algorithm>

#include "base/suggest.h"
#include "compiler/check/declaration.h"

namespace seg::check {

using base::Code;
using base::TypeKind;
using syntax::NodeKind;

namespace {

// `order.product.price` among the rows of `order`: the field, read through references. None: reported.
std::optional<ExprId> field_path(Context& context, ModuleId module, TableId table, std::span<const std::string> names,
                                 base::Span span) {
  const std::optional<ExprId> field = find_field(context, module, table, names[0]);
  if (!field) {
    auto report = context.report(Code::unknown_field, span, {context.table(table).name, names[0]});
    if (const auto near = base::suggest(names[0], field_names(context, table))) {
      report.label(span, "did you mean `" + *near + "`?");
    }
    return std::nullopt;
  }
  if (*field == kNone || names.size() == 1) return field;
  const program::Expr& expr = context.program.expr(*field);
  if (expr.kind != program::ExprKind::kField || expr.type.kind != TypeKind::kReference) {
    context.report(Code::wrong_type, span, {type_phrase(context.schema(), expr.type), "a reference"})
        .note("Only a reference has fields of its own.");
    return std::nullopt;
  }
  const base::ColumnId column = expr.a;
  const std::optional<ExprId> inner = field_path(context, module, expr.type.detail, names.subspan(1), span);
  if (!inner || *inner == kNone) return inner;
  return context.program.follow(table, column, *inner);
}

class Binder {
 public:
  Binder(Context& context, const Use& use)
      : context_(context), use_(use), tree_(context.tree(use.file)), module_(context.modules[use.module]) {}

  void bind() {
    for (NodeId node : tree_.children(use_.node)) {
      if (tree_.is(node, NodeKind::kBinding) && left(node).size() == 1) bind_name(node);
    }
    for (NodeId node : tree_.children(use_.node)) {
      if (tree_.is(node, NodeKind::kBinding) && left(node).size() > 1) bind_field(node);
    }
    check_requirements();
  }

 private:
  std::vector<std::string> left(NodeId node) const { return path_names(tree_, tree_.child(node, std::size_t{0})); }

  // The `requires` of the module's files: (file, node).
  std::vector<std::pair<FileId, NodeId>> requirements() const {
    std::vector<std::pair<FileId, NodeId>> all;
    for (FileId file : module_.files) {
      const syntax::Tree& tree = context_.tree(file);
      for (NodeId node : tree.children(tree.root())) {
        if (tree.is(node, NodeKind::kRequires) && !tree.has_error(node)) all.emplace_back(file, node);
      }
    }
    return all;
  }

  bool is_required(std::span<const std::string> names) const {
    for (const auto& [file, node] : requirements()) {
      const std::vector<std::string> wanted =
          path_names(context_.tree(file), context_.tree(file).child(node, std::size_t{0}));
      if (wanted.size() >= names.size() && std::equal(names.begin(), names.end(), wanted.begin())) return true;
    }
    return names.size() == 1 && names[0] == "subject";
  }

  bool report_if_not_required(std::span<const std::string> names, base::Span span) {
    if (is_required(names)) return false;
    std::string text;
    std::vector<std::string> all;
    for (const auto& [file, node] : requirements()) {
      all.push_back(context_.tree(file).name(context_.tree(file).child(node, std::size_t{0})));
      text += (text.empty() ? "" : ", ") + all.back();
    }
    std::string name;
    for (const std::string& part : names) name += (name.empty() ? "" : ".") + part;
    auto report = context_.report(Code::unknown_binding, span, {module_.name, name});
    if (const auto near = base::suggest(name, all)) report.label(span, "did you mean `" + *near + "`?");
    if (!text.empty()) report.note("it requires " + text);
    return true;
  }

  void bind_name(NodeId node) {
    const std::vector<std::string> names = left(node);
    if (report_if_not_required(names, tree_.span(tree_.child(node, std::size_t{0})))) return;
    const NodeId right = tree_.child(node, std::size_t{1});
    const std::vector<std::string> path = path_names(tree_, right);
    const Found found = find_symbol(context_, use_.user, path, tree_.span(right));
    if (found.ambiguous) return;
    if (found.symbol == kNone || found.num_names < path.size()) {
      auto report = context_.report(Code::unknown_name, tree_.span(right), {tree_.name(right)});
      if (const auto near = base::suggest(tree_.name(right), symbol_names(context_, use_.user))) {
        report.label(tree_.span(right), "did you mean `" + *near + "`?")
            .fix(tree_.span(right), *near, base::Safety::changes_meaning);
      }
      module_.bound[names[0]] = add_bad_symbol(names[0], tree_.span(right));
      return;
    }
    ++context_.symbols[found.symbol].num_uses;
    module_.bound[names[0]] = found.symbol;
  }

  // Stands for what was bound to nothing: whatever uses it is poison.
  SymbolId add_bad_symbol(const std::string& name, base::Span span) {
    context_.symbols.push_back(
        {.kind = SymbolKind::kNotYet, .name = name, .module = use_.module, .span = span, .state = CheckState::kBad});
    return static_cast<SymbolId>(context_.symbols.size() - 1);
  }

  void bind_field(NodeId node) {
    const std::vector<std::string> names = left(node);
    const base::Span left_span = tree_.span(tree_.child(node, std::size_t{0}));
    if (names.size() != 2 || report_if_not_required(names, left_span)) {
      if (names.size() != 2) report_if_not_required(names, left_span);
      return;
    }
    const std::optional<NamedRows> rows = find_rows(context_, use_.module, {names.data(), 1}, left_span);
    if (!rows) {
      report_unmet(names[0], left_span);
      return;
    }
    if (rows->is_bad) return;
    const NodeId right = tree_.child(node, std::size_t{1});
    const base::Span right_span = tree_.span(right);
    const std::vector<std::string> path = path_names(tree_, right);
    std::size_t first = 0;
    const std::optional<NamedRows> named = find_rows(context_, use_.user, path, right_span);
    if (named && named->num_names < path.size()) {
      if (named->is_bad) return;
      if (named->table != rows->table) {
        module_.bound_fields[{rows->table, names[1]}] = kNone;
        context_
            .report(Code::binding_of_another_table, right_span, {tree_.name(right), context_.table(rows->table).name})
            .note("`" + names[0] + "` is `" + context_.table(rows->table).name + "` here.");
        return;
      }
      first = named->num_names;
    }
    const std::optional<ExprId> field =
        field_path(context_, use_.user, rows->table, std::span(path).subspan(first), right_span);
    module_.bound_fields[{rows->table, names[1]}] = field ? *field : kNone;
  }

  void report_unmet(const std::string& name, base::Span where) {
    context_.report(Code::module_requirement, where, {module_.name, name})
        .help("Say what it is here: `use " + module_.name + " with " + name + " = …`.");
  }

  void check_requirements() {
    const base::Span use_span = tree_.span(tree_.child(use_.node, std::size_t{0}));
    for (const auto& [file, node] : requirements()) {
      const syntax::Tree& tree = context_.tree(file);
      const NodeId what = tree.child(node, std::size_t{0});
      const std::vector<std::string> path = path_names(tree, what);
      const Found found = find_symbol(context_, use_.module, {path.data(), 1}, tree.span(what));
      if (found.symbol == kNone) {
        if (!found.ambiguous) report_unmet(path[0], use_span);
        module_.bound[path[0]] = add_bad_symbol(path[0], use_span);
        continue;
      }
      if (path.size() < 2) {
        const SymbolKind kind = context_.symbols[found.symbol].kind;
        const bool has_type = kind == SymbolKind::kParam || kind == SymbolKind::kMetric || kind == SymbolKind::kScore;
        if (has_type && check_symbol(context_, found.symbol, use_span)) {
          check_required_type(file, node, context_.symbols[found.symbol].type, use_span);
        }
        continue;
      }
      const std::optional<NamedRows> rows = find_rows(context_, use_.module, {path.data(), 1}, tree.span(what));
      if (!rows || rows->is_bad) continue;
      if (context_.modules[use_.module].bound_fields.contains({rows->table, path[1]}) &&
          context_.modules[use_.module].bound_fields[{rows->table, path[1]}] == kNone) {
        continue;  // reported where it was bound
      }
      const std::optional<ExprId> field = find_field(context_, use_.module, rows->table, path[1]);
      if (!field) {
        report_unmet(tree.name(what), use_span);
        module_.bound_fields[{rows->table, path[1]}] = kNone;
        continue;
      }
      if (*field != kNone) check_required_type(file, node, context_.program.expr(*field).type, use_span);
    }
  }

  void check_required_type(FileId file, NodeId node, const base::Type& type, base::Span use_span) {
    const syntax::Tree& tree = context_.tree(file);
    const NodeId type_node = tree.child_of_group(node, syntax::NodeGroup::Type);
    if (type_node == syntax::kNoNode) return;
    const std::string wanted(tree.is(type_node, NodeKind::kTypeName) ? tree.name(type_node)
                                                                     : std::string(tree.text(type_node)));
    const std::string_view seen = base::type_keyword(type.kind);
    if (wanted == seen || wanted == "any" || wanted.starts_with(seen) || wanted.find("choice") != std::string::npos)
      return;
    if (wanted == "number" && type.kind == TypeKind::kInteger) return;
    if (wanted == "time" && type.kind == TypeKind::kDate) return;
    if (type.kind == TypeKind::kReference && context_.table(type.detail).name == wanted) return;
    context_.report(Code::wrong_type, use_span, {type_phrase(context_.schema(), type), wanted})
        .label(tree.span(node), "module `" + module_.name + "` requires it here");
  }

  Context& context_;
  const Use& use_;
  const syntax::Tree& tree_;
  Module& module_;
};

}  // namespace

void bind_modules(Context& context) {
  // A module's own uses were listed before the use that loaded it, and need what that one binds.
  std::set<ModuleId> bound;
  for (auto use = context.uses.rbegin(); use != context.uses.rend(); ++use) {
    if (bound.insert(use->module).second) Binder(context, *use).bind();
  }
}

}  // namespace seg::check
