// Diagnostics for programs: the JSON of docs/reference/diagnostics_json.md.
// In: a list and the sources. Out: one JSON document that ends with a line end.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

std::string render_json(const DiagnosticList& diagnostics, const SourceSet& sources);

}  // namespace seg::base
