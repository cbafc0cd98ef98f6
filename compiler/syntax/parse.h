// Reads the text of a rule file (schema, rules, stdlib module) into a syntax tree.
// In: a source's text. Out: a tree, always, and diagnostics for what could not be read (S00xx, S10xx).
// First stage of the compiler. The text must outlive the tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/diagnostic.h"
#include "base/source.h"
#include "compiler/syntax/tree.h"

namespace seg::syntax {

inline constexpr std::size_t kMaxFileSize = 16u << 20;  // bytes
inline constexpr int kMaxDepth = 200;  // brackets, blocks, `not`, unary minus and `if` inside each other

struct ParseResult {
  Tree tree;
  bool has_errors = false;              // kError nodes, or errors in the text itself
  std::uint64_t num_rule_attempts = 0;  // of the grammar: tests bound them per byte
};

ParseResult parse(base::SourceId source, std::string_view text, base::DiagnosticList& diagnostics);

}  // namespace seg::syntax
