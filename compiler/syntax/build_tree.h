// From what the grammar recorded to the tree: blanks, line ends and comments are put between the tokens, nodes get
// their children and parents. In: a Reading after run_grammar. Out: the tree.
#pragma once

#include "base/source.h"
#include "compiler/syntax/tree.h"
#include "grammar/reading.h"

namespace seg::syntax {

Tree build_tree(base::SourceId source, const grammar::Reading& reading);
// A tree of one kError node over the whole text, for text that the grammar is not run on.
Tree build_error_tree(base::SourceId source, std::string_view text);

}  // namespace seg::syntax
