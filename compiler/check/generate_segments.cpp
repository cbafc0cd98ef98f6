// `segments NAME for each VALUE in LIST { … }`: one segment for each entry of the list or value of the choice. Each is
// a symbol of its own, NAME_value, whose body is checked with VALUE standing for the entry: no later stage knows of it.
#include <algorithm>
#include <map>

#include "base/value_text.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"
#include "grammar/lexeme.h"

namespace seg::check {

using base::Code;
using base::Type;
using base::TypeKind;
using base::Value;
using syntax::NodeKind;

namespace {

// Text as it is, other values as people read them.
std::string text_of(const Context& context, const Value& value, const Type& type) {
  if (type.kind == TypeKind::kText || type.kind == TypeKind::kVersion) return value.text();
  return base::value_text(value, type, context.program.schema);
}

// "New York" -> "New_York", "-5" -> "minus_5": what can't stand in a name becomes `_`.
std::string name_part(const std::string& text) {
  std::string out;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const grammar::CodePoint point = grammar::decode(at, end);
    if (grammar::is_word_continue(point.value)) {
      out.append(at, static_cast<std::size_t>(point.size));
    } else if (point.value == '-' && out.empty()) {
      out += "minus_";
    } else if (point.value != ',' && !out.empty() && out.back() != '_') {  // 1,000 is 1000
      out += '_';
    }
    at += point.size;
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() ? "_" : out;
}

class Generator {
 public:
  Generator(Context& context, SymbolId id)
      : context_(context), id_(id), tree_(context.tree(context.symbols[id].file)) {}

  void generate() {
    Symbol& group = context_.symbols[id_];
    group.state = CheckState::kBad;
    const NodeId list = list_node();
    if (list == syntax::kNoNode || tree_.has_error(list)) return;
    group.frame = frame_of(context_, group);
    if (group.frame == kNone || !read_values(list)) return;
    group.state = CheckState::kGood;
    if (items_.empty()) {
      context_.report(Code::nothing_generated, group.span, {group.name, "`" + std::string(tree_.text(list)) + "`"})
          .label(tree_.span(list), "no entries");
    }
    for (const ListItem& item : items_) add(item);
  }

 private:
  // After the VALUE's name.
  NodeId list_node() const {
    bool is_after_value = false;
    for (NodeId child : tree_.children(context_.symbols[id_].node)) {
      if (is_after_value && syntax::is_expression(tree_.kind(child))) return child;
      if (tree_.is(child, NodeKind::kName) && child != tree_.name_node(context_.symbols[id_].node)) {
        is_after_value = true;
      }
    }
    return syntax::kNoNode;
  }

  bool read_values(NodeId node) {
    const Symbol& group = context_.symbols[id_];
    Scope scope{.module = group.module, .file = group.file};
    if (tree_.is(node, NodeKind::kList)) return read_list(context_, scope, node, items_, type_);
    if (tree_.is(node, NodeKind::kName) || tree_.is(node, NodeKind::kPath)) {
      const Found found = find_symbol(context_, group.module, path_names(tree_, node), tree_.span(node));
      if (found.ambiguous) return false;
      if (found.symbol != kNone && context_.symbols[found.symbol].kind == SymbolKind::kList) {
        if (!use_symbol(context_, found.symbol, tree_.span(node))) return false;
        items_ = context_.symbols[found.symbol].items;
        type_ = context_.symbols[found.symbol].type;
        return true;
      }
    }
    scope.frame = group.frame;
    const Checked value = check_expression(context_, scope, node);
    if (!value.ok()) return false;
    type_ = value.type;
    if (type_.kind == TypeKind::kChoice) {
      const std::size_t num_values = context_.schema().choices[type_.detail].values.size();
      for (std::size_t i = 0; i < num_values; ++i)
        items_.push_back({.value = Value::of(static_cast<std::int64_t>(i)), .span = tree_.span(node)});
      return true;
    }
    context_.report(Code::nothing_to_go_through, tree_.span(node), {type_phrase(context_.schema(), type_)})
        .help(
            "Make a list of the values: `list places = [\"…\", \"…\"]`, or `list places from \"places.csv\" column …`.")
        .help("Or let the data say them: `partition … by value of " + std::string(tree_.text(node)) + "`.");
    return false;
  }

  void add(const ListItem& item) {
    const std::string text = text_of(context_, item.value, type_);
    Symbol symbol{.kind = SymbolKind::kSegment,
                  .name = context_.symbols[id_].name + "_" + name_part(text),
                  .module = context_.symbols[id_].module,
                  .file = context_.symbols[id_].file,
                  .node = context_.symbols[id_].node,
                  .span = context_.symbols[id_].span,
                  .value = context_.program.literal(type_, item.value),
                  .type = type_,
                  .generated_by = id_,
                  .each_index = num_added_++,
                  .each_text = text};
    auto& own = context_.modules[symbol.module].own;
    if (const auto known = own.find(symbol.name); known != own.end()) {
      const Symbol& other = context_.symbols[known->second];
      if (other.generated_by != id_) {
        context_.report(Code::duplicate_name, symbol.span, {symbol.name})
            .label(other.span, "first here")
            .label(item.span, "made for this entry")
            .help("Give one of the two another name.");
      } else if (other.each_text != text) {  // an entry that is there twice makes one segment
        context_.report(Code::generated_twice, item.span, {other.each_text, text, symbol.name})
            .note("What can't stand in a name becomes `_`.")
            .help("Take one of the two out of the list, or write its segment by itself.");
      }
      return;
    }
    own.emplace(symbol.name, static_cast<SymbolId>(context_.symbols.size()));
    context_.symbols.push_back(std::move(symbol));
  }

  Context& context_;
  const SymbolId id_;
  const syntax::Tree& tree_;
  std::vector<ListItem> items_;
  Type type_;
  std::uint32_t num_added_ = 0;
};

}  // namespace

void generate_segments(Context& context) {
  const auto num_symbols = static_cast<SymbolId>(context.symbols.size());
  for (SymbolId id = 0; id < num_symbols; ++id) {
    if (context.symbols[id].kind == SymbolKind::kSegments) Generator(context, id).generate();
  }
}

}  // namespace seg::check
