// What went wrong while reading, as diagnostics.
// In: a Reading after run_grammar and the tree made of it. Out: diagnostics S00xx (characters, literals) and S10xx
// (syntax).
#pragma once

#include "base/diagnostic.h"
#include "compiler/syntax/tree.h"
#include "grammar/reading.h"

namespace seg::syntax {

// What could not be read: one per cause.
void report_failures(const grammar::Reading& reading, base::SourceId source, int max_depth,
                     base::DiagnosticList& diagnostics);
// Pasted signs, quotes and digits, malformed literals: each with its edit.
void report_mistakes(const grammar::Reading& reading, base::SourceId source, base::DiagnosticList& diagnostics);
// Invisible characters, names that are not in composed form.
void report_characters(const Tree& tree, base::DiagnosticList& diagnostics);
// What the grammar lets through so that a tree is there: days that do not exist, clauses out of order.
void report_tree(const Tree& tree, base::DiagnosticList& diagnostics);

}  // namespace seg::syntax
