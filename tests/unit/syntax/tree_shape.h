// What the tests of the syntax share: short ways to parse a text and to write a tree down.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/syntax/parse.h"

namespace seg::syntax {

inline ParseResult parse_text(std::string_view text, base::DiagnosticList& diagnostics) {
  return parse(base::SourceId{0}, text, diagnostics);
}

// The text must outlive the tree.
inline Tree tree_of(std::string_view text) {
  base::DiagnosticList diagnostics;
  ParseResult result = parse_text(text, diagnostics);
  for (const auto& diagnostic : diagnostics.items()) MESSAGE(text << ": " << diagnostic.message);
  CHECK_FALSE(result.has_errors);
  return std::move(result.tree);
}

// (Compare a > 3): kinds without their k; names, numbers and the like by their text; words the node owns between.
inline std::string shape(const Tree& tree, NodeId n) {
  if (tree.num_children(n) == 0) {
    switch (tree.kind(n)) {
      case NodeKind::kName:
      case NodeKind::kNumber:
      case NodeKind::kPercent:
      case NodeKind::kText:
      case NodeKind::kUnit:
      case NodeKind::kDate:
      case NodeKind::kTime: return std::string(tree.text(n));
      default: return "(" + std::string(kind_id(tree.kind(n)).substr(1)) + ")";
    }
  }
  std::string out = "(" + std::string(kind_id(tree.kind(n)).substr(1));
  for (const NodeId c : tree.children(n)) out += " " + shape(tree, c);
  return out + ")";
}

// The shape of an expression.
inline std::string expression(const std::string& text) {
  const std::string source = "metric m = " + text + "\n";
  const Tree tree = tree_of(source);
  const NodeId metric = tree.child(tree.root(), std::size_t{0});
  return shape(tree, tree.last_child(metric));
}

// The shape of the first declaration.
inline std::string declaration(const std::string& text) {
  const Tree tree = tree_of(text);
  if (tree.num_children(tree.root()) == 0) return "nothing";
  return shape(tree, tree.child(tree.root(), std::size_t{0}));
}

// The codes reported, in order of place: "S1001 S0023".
inline std::string codes_of(std::string_view text) {
  base::DiagnosticList diagnostics;
  parse_text(text, diagnostics);
  diagnostics.sort();
  std::string out;
  for (const auto& diagnostic : diagnostics.items()) {
    if (!out.empty()) out += ' ';
    out += base::info(diagnostic.code).id;
  }
  return out;
}

inline std::string read_repository_file(const std::string& path) {
  std::ifstream file(std::string(SEG_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace seg::syntax
