// The tree holds the whole text; the file of all constructs holds every kind of node and every word.
#include <set>

#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

const std::string& all_constructs() {
  static const std::string text = read_repository_file("tests/spec/all_constructs.seg");
  return text;
}

std::string written_back(const Tree& tree) {
  std::string out;
  for (std::uint32_t t = 0; t < tree.num_tokens(); ++t) out += tree.text(TokenId{t});
  return out;
}

TEST_CASE("the file of all constructs parses without a diagnostic") { CHECK(codes_of(all_constructs()) == ""); }

TEST_CASE("the tokens are the text") {
  CHECK(written_back(tree_of(all_constructs())) == all_constructs());
  const std::string windows = "segment a {\r\n\twhen b\t# c\r\n}\r\n";
  CHECK(written_back(tree_of(windows)) == windows);
  const std::string marked = "\xef\xbb\xbfmetric a = 1";
  CHECK(written_back(tree_of(marked)) == marked);
}

TEST_CASE("the tokens are the text after errors, too") {
  for (const char* text :
       {"metric a = (\nsegment b { when @ } }", "x y z", "\"", "segment a {", "\n\n#", "((", "a\0b"}) {
    base::DiagnosticList diagnostics;
    CHECK(written_back(parse_text(text, diagnostics).tree) == text);
  }
}

TEST_CASE("every kind of node is in the file of all constructs") {
  const Tree tree = tree_of(all_constructs());
  std::set<NodeKind> seen;
  for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) seen.insert(tree.kind(NodeId{i}));
  for (std::uint8_t k = 0; k < static_cast<std::uint8_t>(NodeKind::kCount); ++k) {
    const auto kind = static_cast<NodeKind>(k);
    if (kind == NodeKind::kError) continue;
    CHECK_MESSAGE(seen.contains(kind), kind_id(kind));
  }
}

TEST_CASE("every word of the language is in the file of all constructs, as a word") {
  const Tree tree = tree_of(all_constructs());
  std::set<TokenKind> seen;
  for (const Tree::Token& token : tree.tokens()) seen.insert(token.kind);
  for (std::uint8_t k = 0; k < static_cast<std::uint8_t>(TokenKind::kCount); ++k) {
    const auto kind = static_cast<TokenKind>(k);
    if (kind == TokenKind::kUnknown) continue;
    CHECK_MESSAGE(seen.contains(kind), grammar::spelling(kind));
  }
}

TEST_CASE("nodes lie in their parents, in order") {
  const Tree tree = tree_of(all_constructs());
  for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
    const NodeId n{i};
    std::uint32_t at = tree.node(n).first_token;
    for (const NodeId c : tree.children(n)) {
      CHECK(tree.parent(c) == n);
      CHECK(tree.node(c).first_token >= at);
      CHECK(tree.node(c).end_token <= tree.node(n).end_token);
      at = tree.node(c).end_token;
    }
  }
}

TEST_CASE("comments and line ends are tokens") {
  const std::string text = "# a\n## b\n### c\nmetric m = 1  # d\n";
  const Tree tree = tree_of(text);
  std::string comments;
  for (const Tree::Token& token : tree.tokens()) {
    if (token.kind == TokenKind::kComment) comments += 'c';
    if (token.kind == TokenKind::kDocComment) comments += 'd';
    if (token.kind == TokenKind::kLineEnd) comments += '.';
  }
  CHECK(comments == "c.d.c.c.");
}

}  // namespace
}  // namespace seg::syntax
