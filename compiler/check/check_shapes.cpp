// What only the shape of the tree shows: `and` beside `or` without brackets, which people read in two ways.
#include "compiler/check/declaration.h"

namespace seg::check {

using syntax::NodeKind;

namespace {

// The node's text on one line, cut where it is long.
std::string excerpt(const syntax::Tree& tree, NodeId node) {
  constexpr std::size_t kLongest = 32;
  std::string text;
  bool blank = false;
  for (char c : tree.text(node)) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      blank = true;
      continue;
    }
    if (blank && !text.empty()) text += ' ';
    blank = false;
    text += c;
  }
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string join(const std::vector<std::string>& parts, std::string_view word) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " " + std::string(word) + " ") + part;
  return parts.size() > 1 ? "(" + text + ")" : text;
}

void check_or(Context& context, const syntax::Tree& tree, NodeId node) {
  NodeId first_and = syntax::kNoNode;
  // `a and b or c`: read by its `and`s first, and by its `or`s first.
  std::string by_and;
  std::vector<std::vector<std::string>> by_or{{}};
  for (NodeId child : tree.children(node)) {
    std::vector<std::string> parts;
    if (tree.is(child, NodeKind::kAnd)) {
      if (first_and == syntax::kNoNode) first_and = child;
      for (NodeId part : tree.children(child)) parts.push_back(excerpt(tree, part));
    } else {
      parts.push_back(excerpt(tree, child));
    }
    by_and += (by_and.empty() ? "" : " or ") + join(parts, "and");
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) by_or.emplace_back();
      by_or.back().push_back(parts[i]);
    }
  }
  if (first_and == syntax::kNoNode) return;
  std::string second;
  for (const auto& group : by_or) second += (second.empty() ? "" : " and ") + join(group, "or");
  auto report = context.report(base::Code::and_beside_or, tree.span(node));
  report.note("either  " + by_and).note("or      " + second);
  report.help("Set the brackets that you mean, or use `all of { }` and `any of { }`.");
}

}  // namespace

void check_shapes(Context& context) {
  for (const File& file : context.files) {
    const syntax::Tree& tree = *file.tree;
    for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
      if (tree.is(NodeId{i}, NodeKind::kOr)) check_or(context, tree, NodeId{i});
    }
  }
}

}  // namespace seg::check
