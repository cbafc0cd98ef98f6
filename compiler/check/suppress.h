// Warnings that a comment switches off with a reason:
//
//   # allow leaves-out-never: new customers get a mail of their own
//   segment lapsed { … }
//
// holds for the whole declaration, item or line that follows; at the end of a line for that line. In: the diagnostics
// so far. Out: those that no comment allows; comments that name no diagnostic or give no reason are reported.
#pragma once

#include "compiler/check/context.h"

namespace seg::check {

void suppress(Context& context);

}  // namespace seg::check
