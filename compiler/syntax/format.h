// The one format of rule files.
// In: a tree without errors. Out: its text in canonical form, or none where that could not be written safely (errors in
// the tree; a result that would not read as the same tree with the same comments). Used by `seg fmt` and the language
// server.
//
// The form depends on the tree, the comments (beside something or on a line of their own) and single blank lines
// between items; never on how the text was spaced or broken. So any re-spacing and re-breaking of a file gives the same
// bytes.
#pragma once

#include <optional>
#include <string>

#include "compiler/syntax/tree.h"

namespace seg::syntax {

inline constexpr int kFormatWidth = 100;
inline constexpr int kFormatIndent = 4;

std::optional<std::string> format(const Tree& tree);

}  // namespace seg::syntax
