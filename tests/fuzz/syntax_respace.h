// The same source, spaced and broken differently: what a formatter must bring to the same bytes.
// In: a tree without errors. Out: a text with the same tokens (separators between items apart), comments and blank
// lines between items, with blanks and line ends changed wherever the language allows it.
#pragma once

#include <string>

#include "compiler/syntax/tree.h"
#include "tests/fuzz/syntax_corpus.h"

namespace seg::fuzz {

std::string respace(const syntax::Tree& tree, Random& random);

// Comments put behind items and on lines of their own between them.
std::string add_comments(const syntax::Tree& tree, Random& random);

}  // namespace seg::fuzz
