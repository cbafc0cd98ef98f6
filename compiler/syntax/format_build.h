// From the tree to the pieces of a layout: which blanks, which possible line breaks, where comments and blank lines go.
// In: a tree without errors. Out: the layout of the whole file. Used by format.cpp.
#pragma once

#include "compiler/syntax/format_layout.h"
#include "compiler/syntax/tree.h"

namespace seg::syntax {

Layout build_layout(const Tree& tree);

}  // namespace seg::syntax
