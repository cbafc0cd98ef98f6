// Diagnostics as GitLab's code quality report, shown in merge requests.
// In: a list and the sources. Out: one JSON document. Fingerprints stay when lines above are added, so that known
// findings stay known.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

std::string render_gitlab(const DiagnosticList& diagnostics, const SourceSet& sources);

}  // namespace seg::base
