// Diagnostics as the workflow commands by which a GitHub action annotates files: one line each.
// In: a list and the sources. Out: lines for standard output.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

std::string render_github(const DiagnosticList& diagnostics, const SourceSet& sources);

}  // namespace seg::base
