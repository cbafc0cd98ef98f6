#include "compiler/syntax/format.h"

#include <vector>

#include "compiler/syntax/format_build.h"
#include "compiler/syntax/parse.h"

namespace seg::syntax {
namespace {

std::string_view without_blanks_behind(std::string_view comment) {
  while (!comment.empty() && (comment.back() == ' ' || comment.back() == '\t' || comment.back() == '\r')) {
    comment.remove_suffix(1);
  }
  return comment;
}

std::vector<std::string_view> comments_of(const Tree& tree) {
  std::vector<std::string_view> out;
  for (const Tree::Token& token : tree.tokens()) {
    if (token.kind != TokenKind::kComment && token.kind != TokenKind::kDocComment) continue;
    out.push_back(without_blanks_behind(tree.text().substr(token.begin, token.end - token.begin)));
  }
  return out;
}

// A block that a declaration ended before its brace came has no kError node.
bool has_unclosed_block(const Tree& tree) {
  for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
    if (tree.has_token(NodeId{i}, TokenKind::kLeftBrace) && !tree.has_token(NodeId{i}, TokenKind::kRightBrace))
      return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> format(const Tree& tree) {
  if (tree.has_error(tree.root()) || has_unclosed_block(tree)) return std::nullopt;
  std::string out = build_layout(tree).render(kFormatWidth, kFormatIndent);
  // What is written must read as what was read; if it ever does not, the file stays as it is.
  base::DiagnosticList ignored;
  const ParseResult again = parse(base::kNoSource, out, ignored);
  if (again.has_errors || !same_tree(tree, again.tree) || comments_of(tree) != comments_of(again.tree)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace seg::syntax
