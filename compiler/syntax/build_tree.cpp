#include "compiler/syntax/build_tree.h"

#include <algorithm>
#include <cstring>

namespace seg::syntax {
namespace {

using Token = Tree::Token;
using Node = Tree::Node;

// Cuts what lies between two tokens into blanks, line ends and comments.
class GapFiller {
 public:
  GapFiller(const char* begin, std::vector<Token>& tokens) : begin_(begin), tokens_(tokens) {}

  void fill(const char* at, const char* end) {
    while (at != end) {
      const char* from = at;
      TokenKind kind = TokenKind::kBlank;
      if (*at == '\n') {
        kind = TokenKind::kLineEnd;
        ++at;
      } else if (*at == '\r' && at + 1 != end && at[1] == '\n') {
        kind = TokenKind::kLineEnd;
        at += 2;
      } else if (*at == '#') {
        const void* line_end = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        at = line_end == nullptr ? end : static_cast<const char*>(line_end);
        if (at != end && at[-1] == '\r') --at;
        const bool is_doc = at - from >= 2 && from[1] == '#' && (at - from == 2 || from[2] != '#');
        kind = is_doc ? TokenKind::kDocComment : TokenKind::kComment;
      } else {
        while (at != end && *at != '\n' && *at != '#' && !(*at == '\r' && at + 1 != end && at[1] == '\n')) ++at;
      }
      tokens_.push_back({kind, offset(from), offset(at)});
    }
  }

 private:
  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - begin_); }

  const char* begin_;
  std::vector<Token>& tokens_;
};

}  // namespace

Tree build_tree(base::SourceId source, const grammar::Reading& reading) {
  const char* begin = reading.begin();
  const auto offset = [&](const char* at) { return static_cast<std::uint32_t>(at - begin); };

  std::vector<Token> tokens;
  tokens.reserve(reading.tokens.size() * 2 + 8);
  std::vector<std::uint32_t> token_index(reading.tokens.size());  // among all tokens
  GapFiller gaps(begin, tokens);
  const char* at = begin;
  for (std::size_t i = 0; i < reading.tokens.size(); ++i) {
    const grammar::TokenRecord& token = reading.tokens[i];
    gaps.fill(at, token.begin);
    token_index[i] = static_cast<std::uint32_t>(tokens.size());
    tokens.push_back({token.kind, offset(token.begin), offset(token.end)});
    at = token.end;
  }
  gaps.fill(at, reading.end());

  const std::size_t num_records = reading.nodes.size();
  std::vector<Node> nodes(num_records + 1);
  std::vector<NodeId> children(num_records);
  std::size_t num_children_given = 0;
  // The children of a node are found from the last to the first: each lies right before the nodes of the next.
  const auto give_children = [&](std::uint32_t n, std::uint32_t num_below) {
    Node& node = nodes[n];
    node.first_child = static_cast<std::uint32_t>(num_children_given);
    for (std::uint32_t left = num_below; left > 0;) {
      const std::uint32_t c = n - 1 - (num_below - left);
      children[num_children_given++] = NodeId{c};
      nodes[c].parent = NodeId{n};
      left -= reading.nodes[c].num_nodes;
    }
    node.num_children = static_cast<std::uint32_t>(num_children_given) - node.first_child;
    std::reverse(children.begin() + node.first_child,
                 children.begin() + static_cast<std::ptrdiff_t>(num_children_given));
  };
  for (std::uint32_t n = 0; n < num_records; ++n) {
    const grammar::NodeRecord& record = reading.nodes[n];
    nodes[n] = {static_cast<NodeKind>(record.kind),
                token_index[record.first_token],
                token_index[record.end_token - 1] + 1,
                0,
                0,
                kNoNode};
    give_children(n, record.num_nodes - 1);
  }
  const auto root = static_cast<std::uint32_t>(num_records);
  nodes[root] = {NodeKind::kFile, 0, static_cast<std::uint32_t>(tokens.size()), 0, 0, kNoNode};
  give_children(root, root);
  return Tree(source, {begin, static_cast<std::size_t>(reading.end() - begin)}, std::move(tokens), std::move(nodes),
              std::move(children));
}

Tree build_error_tree(base::SourceId source, std::string_view text) {
  std::vector<Token> tokens;
  std::vector<Node> nodes;
  std::vector<NodeId> children;
  if (!text.empty()) {
    tokens.push_back({TokenKind::kUnknown, 0, static_cast<std::uint32_t>(text.size())});
    nodes.push_back({NodeKind::kError, 0, 1, 0, 0, NodeId{1}});
    children.push_back(NodeId{0});
  }
  const auto num_below = static_cast<std::uint32_t>(nodes.size());
  nodes.push_back({NodeKind::kFile, 0, static_cast<std::uint32_t>(tokens.size()), 0, num_below, kNoNode});
  return Tree(source, text, std::move(tokens), std::move(nodes), std::move(children));
}

}  // namespace seg::syntax
