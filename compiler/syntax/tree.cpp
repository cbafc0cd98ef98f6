#include "compiler/syntax/tree.h"

#include <algorithm>
#include <cstdlib>

namespace seg::syntax {

NodeGroup group(NodeKind kind) {
  switch (kind) {
#define SEG_NODE(kind, group, name) \
  case NodeKind::kind: return NodeGroup::group;
#include "compiler/syntax/node_kinds.def"
#undef SEG_NODE
    case NodeKind::kCount: break;
  }
  std::abort();
}

std::string_view kind_id(NodeKind kind) {
  switch (kind) {
#define SEG_NODE(kind, group, name) \
  case NodeKind::kind: return #kind;
#include "compiler/syntax/node_kinds.def"
#undef SEG_NODE
    case NodeKind::kCount: break;
  }
  std::abort();
}

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
#define SEG_NODE(kind, group, name) \
  case NodeKind::kind: return name;
#include "compiler/syntax/node_kinds.def"
#undef SEG_NODE
    case NodeKind::kCount: break;
  }
  std::abort();
}

int binding_power(NodeKind kind) {
  switch (kind) {
#define SEG_SIGN(id, text)
#define SEG_BINDING(node, power, text) \
  case NodeKind::node: return power;
#include "grammar/operators.def"
#undef SEG_BINDING
#undef SEG_SIGN
    default: return 100;
  }
}

Tree::Tree(base::SourceId source, std::string_view text, std::vector<Token> tokens, std::vector<Node> nodes,
           std::vector<NodeId> children)
    : source_(source),
      text_(text),
      tokens_(std::move(tokens)),
      nodes_(std::move(nodes)),
      children_(std::move(children)) {}

NodeId Tree::child(NodeId n, NodeKind kind) const {
  for (const NodeId c : children(n)) {
    if (node(c).kind == kind) return c;
  }
  return kNoNode;
}

NodeId Tree::child_of_group(NodeId n, NodeGroup wanted) const {
  for (const NodeId c : children(n)) {
    if (group(node(c).kind) == wanted) return c;
  }
  return kNoNode;
}

NodeId Tree::last_child(NodeId n) const { return num_children(n) == 0 ? kNoNode : children(n).back(); }

bool Tree::has_error(NodeId n) const {
  if (is(n, NodeKind::kError)) return true;
  const auto below = children(n);
  return std::any_of(below.begin(), below.end(), [&](NodeId c) { return has_error(c); });
}

base::Span Tree::span(NodeId n) const {
  const Node& it = node(n);
  if (it.first_token == it.end_token) return {source_, 0, 0};
  return {source_, tokens_[it.first_token].begin, tokens_[it.end_token - 1].end};
}

base::Span Tree::span(TokenId t) const { return {source_, token(t).begin, token(t).end}; }

std::string_view Tree::text(NodeId n) const {
  const base::Span s = span(n);
  return text_.substr(s.begin, s.length());
}

std::string_view Tree::text(TokenId t) const { return text_.substr(token(t).begin, token(t).end - token(t).begin); }

std::vector<TokenId> Tree::own_tokens(NodeId n) const {
  std::vector<TokenId> own;
  const auto below = children(n);
  std::size_t next_child = 0;
  for (std::uint32_t t = node(n).first_token; t < node(n).end_token; ++t) {
    if (next_child < below.size() && t == node(below[next_child]).first_token) {
      t = node(below[next_child++]).end_token - 1;
      continue;
    }
    if (!grammar::is_trivia(tokens_[t].kind)) own.push_back(TokenId{t});
  }
  return own;
}

TokenId Tree::find_token(NodeId n, TokenKind kind) const {
  const auto below = children(n);
  std::size_t next_child = 0;
  for (std::uint32_t t = node(n).first_token; t < node(n).end_token; ++t) {
    if (next_child < below.size() && t == node(below[next_child]).first_token) {
      t = node(below[next_child++]).end_token - 1;
      continue;
    }
    if (tokens_[t].kind == kind) return TokenId{t};
  }
  return kNoToken;
}

namespace {

void dump_node(const Tree& tree, NodeId n, int depth, std::string& out) {
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
  out += kind_id(tree.kind(n));
  if (tree.num_children(n) == 0) {
    out += " \"";
    out += tree.text(n);
    out += '"';
  } else {
    for (const TokenId t : tree.own_tokens(n)) {
      const std::string_view word = tree.text(t);
      if (word == "(" || word == ")" || word == "," || word == "{" || word == "}" || word == ";") continue;
      out += ' ';
      out += word;
    }
  }
  out += '\n';
  for (const NodeId c : tree.children(n)) dump_node(tree, c, depth + 1, out);
}

// What a formatter may add or leave out between items and behind the last of a list.
bool is_separator(TokenKind kind) { return kind == TokenKind::kComma || kind == TokenKind::kSemicolon; }

bool same_node(const Tree& a, NodeId x, const Tree& b, NodeId y) {
  if (a.kind(x) != b.kind(y) || a.num_children(x) != b.num_children(y)) return false;
  const auto own_of = [](const Tree& tree, NodeId n) {
    std::vector<std::string_view> words;
    for (const TokenId t : tree.own_tokens(n)) {
      if (!is_separator(tree.token(t).kind)) words.push_back(tree.text(t));
    }
    return words;
  };
  if (own_of(a, x) != own_of(b, y)) return false;
  for (std::size_t i = 0; i < a.num_children(x); ++i) {
    if (!same_node(a, a.child(x, i), b, b.child(y, i))) return false;
  }
  return true;
}

}  // namespace

std::string dump(const Tree& tree) {
  std::string out;
  dump_node(tree, tree.root(), 0, out);
  return out;
}

bool same_tree(const Tree& a, const Tree& b) { return same_node(a, a.root(), b, b.root()); }

}  // namespace seg::syntax
