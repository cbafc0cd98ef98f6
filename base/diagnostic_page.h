// The page of a diagnostic: what `seg explain S2104` prints.
// In: a code. Out: Markdown, embedded into the program from docs/reference/diagnostics/. Target seg_base_pages.
#pragma once

#include <string>

#include "base/diagnostic_code.h"

namespace seg::base {

// Empty if there is no page (a test sees to it that each code has one).
std::string diagnostic_page(Code code);

}  // namespace seg::base
