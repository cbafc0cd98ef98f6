// Tests in rule files: the rows they give (given_rows.h) and their expectations, conditions of one of the given
// subjects.
#include <array>

#include "base/suggest.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"
#include "compiler/check/given_rows.h"

namespace seg::check {

using base::Code;
using base::Table;
using base::TableKind;
using base::TypeKind;
using syntax::NodeKind;

namespace {

class TestChecker {
 public:
  TestChecker(Context& context, FileId file, NodeId node)
      : context_(context),
        tree_(context.tree(file)),
        scope_{.module = context.files[file].module, .file = file},
        node_(node),
        given_(context_, scope_, test_) {}

  void check() {
    const NodeId name = tree_.child(node_, NodeKind::kText);
    test_.name = name == syntax::kNoNode ? std::string() : tree_.string_value(name);
    test_.span = name == syntax::kNoNode ? tree_.span(node_) : tree_.span(name);
    if (tree_.has_error(node_) || !read_as_of()) return;
    for (NodeId child : tree_.children(node_)) {
      if (tree_.is(child, NodeKind::kGivenRow)) given_.add_row(child);
    }
    std::size_t num_expectations = 0;
    for (NodeId child : tree_.children(node_)) {
      if (tree_.is(child, NodeKind::kExpect)) {
        ++num_expectations;
        add_expectation(child);
      } else if (tree_.is(child, NodeKind::kParam)) {
        add_param(child);
      } else if (tree_.is(child, NodeKind::kProperty)) {
        context_.report(Code::unknown_property, tree_.span(child), {"a test", tree_.name(child)})
            .note("A test has rows of the data model, `customer { … }`, and expectations, `expect …`.");
        ok_ = false;
      }
    }
    if (num_expectations == 0 && ok_ && given_.ok()) {
      context_.report(Code::test_without_expectation, test_.span, {test_.name}).help("Add `expect …`.");
    }
    if (ok_ && given_.ok()) context_.program.tests.push_back(std::move(test_));
  }

 private:
  base::DiagnosticBuilder error(Code code, base::Span span, const base::Args& args) {
    ok_ = false;
    return context_.report(code, span, args);
  }

  const Table& table(TableId id) const { return context_.table(id); }

  bool read_as_of() {
    for (NodeId child : tree_.children(node_)) {
      switch (tree_.kind(child)) {
        case NodeKind::kDate: test_.as_of.day = day_number(tree_.date_value(child)); return true;
        case NodeKind::kTime: {
          const std::optional<Constant> value =
              check_constant(context_, scope_, child, Expected::of({.kind = TypeKind::kTime}));
          if (!value) return false;
          test_.as_of.is_instant = true;
          test_.as_of.instant = value->value.integer();
          test_.as_of.day = day_number(tree_.date_value(child));
          return true;
        }
        case NodeKind::kCalendarDate:
          not_yet(context_, Code::no_calendars_yet, tree_.span(child), std::string(tree_.text(child)));
          return false;
        default: break;
      }
    }
    return false;
  }

  // ---- params ----

  // `param vip_spend = 100 EUR`: the value that the param has in this test.
  void add_param(NodeId node) {
    const NodeId name_node = tree_.name_node(node);
    if (tree_.has_error(node) || name_node == syntax::kNoNode || tree_.num_children(node) < 2) {
      ok_ = false;
      return;
    }
    const std::string name = tree_.name(name_node);
    const base::Span span = tree_.span(name_node);
    const Found found = find_symbol(context_, scope_.module, name, span);
    if (found.ambiguous) {
      ok_ = false;
      return;
    }
    if (found.symbol == kNone || context_.symbols[found.symbol].kind != SymbolKind::kParam) {
      auto report = error(Code::unknown_param, span, {name});
      constexpr std::array kParams = {SymbolKind::kParam};
      if (found.symbol != kNone) {
        report.note("`" + name + "` is " + noun_of(context_, context_.symbols[found.symbol]) + ".");
      } else if (const auto near = base::suggest(name, symbol_names(context_, scope_.module, kParams))) {
        report.label(span, "did you mean `" + *near + "`?").fix(span, *near, base::Safety::changes_meaning);
      }
      report.help("A test gives another value to a param that the rules declare.");
      return;
    }
    if (!use_symbol(context_, found.symbol, span)) {
      ok_ = false;
      return;
    }
    const Symbol& symbol = context_.symbols[found.symbol];
    for (const auto& [param, value] : test_.params) {
      if (param == symbol.param) error(Code::duplicate_clause, span, {"param " + name}).help("Keep one of them.");
    }
    const NodeId value_node = tree_.child(node, std::size_t{1});
    const std::optional<Constant> value = check_constant(context_, scope_, value_node, Expected::of(symbol.type));
    if (!value) {
      ok_ = false;
    } else if (value->type != symbol.type) {
      error(Code::wrong_type, tree_.span(value_node),
            {type_phrase(context_.schema(), value->type), type_phrase(context_.schema(), symbol.type)})
          .label(symbol.span, "the param's own value says its type");
    } else {
      test_.params.emplace_back(symbol.param, value->value);
    }
  }

  // ---- expectations ----

  // The names of given subjects that an expectation speaks of: `ana in segment x`, `ana.spend > 3`.
  void find_named(NodeId node, std::vector<std::pair<NodeId, std::uint32_t>>& found) const {
    const bool is_path = tree_.is(node, NodeKind::kPath);
    if (is_path || tree_.is(node, NodeKind::kName)) {
      const std::string name = is_path ? tree_.name(tree_.child(node, std::size_t{0})) : tree_.name(node);
      const NodeId parent = tree_.parent(node);
      const bool is_who = is_path || (tree_.is(parent, NodeKind::kInSegment) && tree_.num_children(parent) == 2 &&
                                      tree_.child(parent, std::size_t{0}) == node);
      for (std::uint32_t i = 0; i < test_.rows.size() && is_who; ++i) {
        if (test_.rows[i].name == name && table(test_.rows[i].table).kind == TableKind::kSubject) {
          found.emplace_back(node, i);
        }
      }
      return;
    }
    for (NodeId child : tree_.children(node)) find_named(child, found);
  }

  void add_expectation(NodeId node) {
    const NodeId expr = tree_.child(node, std::size_t{0});
    std::vector<std::pair<NodeId, std::uint32_t>> named;
    find_named(expr, named);
    std::uint32_t row = kNone;
    if (named.empty()) {
      const std::optional<std::uint32_t> only = only_subject(tree_.span(expr));
      if (!only) return;
      row = *only;
    } else {
      row = named[0].second;
      for (const auto& [other, other_row] : named) {
        if (other_row == row) continue;
        error(Code::test_several_rows, tree_.span(other), {})
            .label(tree_.span(named[0].first), "and this is another")
            .help("Write one `expect` for each.");
        return;
      }
    }
    Scope scope = scope_;
    scope.frame = test_.rows[row].table;
    const std::string name = test_.rows[row].name;
    if (!named.empty()) scope.row_name = name;
    const Checked condition = check_condition(context_, scope, expr);
    if (!condition.ok()) {
      ok_ = false;
      return;
    }
    test_.expectations.push_back(
        {.span = tree_.span(expr), .row = row, .condition = condition.expr, .clause = condition.clause});
  }

  std::optional<std::uint32_t> only_subject(base::Span span) {
    std::vector<std::uint32_t> rows;
    TableId first_subject = kNone;
    for (TableId id = 0; id < context_.schema().tables.size(); ++id) {
      if (table(id).kind != TableKind::kSubject) continue;
      if (first_subject == kNone) first_subject = id;
      for (std::uint32_t row : given_.rows_of(id)) rows.push_back(row);
    }
    if (rows.size() == 1) return rows[0];
    if (first_subject == kNone) {
      ok_ = false;
      return std::nullopt;
    }
    return given_.only_row(rows.empty() ? first_subject : test_.rows[rows[0]].table, span);
  }

  Context& context_;
  const syntax::Tree& tree_;
  Scope scope_;
  NodeId node_;
  program::TestCase test_;
  GivenRows given_;
  bool ok_ = true;
};

}  // namespace

void check_tests(Context& context) {
  for (FileId file = 0; file < context.files.size(); ++file) {
    if (context.files[file].module != kProjectModule) continue;
    const syntax::Tree& tree = context.tree(file);
    for (NodeId node : tree.children(tree.root())) {
      if (tree.is(node, NodeKind::kTest)) TestChecker(context, file, node).check();
    }
  }
}

}  // namespace seg::check
