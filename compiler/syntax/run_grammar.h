// The border to PEGTL: runs the grammar over a text. In: a Reading. Out: the Reading, filled. Used by parse.cpp only.
#pragma once

#include "grammar/reading.h"

namespace seg::syntax {

// False if the text does not match; when recovering it always does.
bool run_grammar(grammar::Reading& reading);

}  // namespace seg::syntax
