// Diagnostics as SARIF 2.1.0, the OASIS standard that code hosts and editors read.
// In: a list, the sources and what the tool is called. Out: one JSON document, valid also where files did not parse.
#pragma once

#include <functional>
#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

struct SarifOptions {
  std::string tool_version = "0.0.0";
  // The page of a code in Markdown (diagnostic_page of base/diagnostic_page.h); without it rules have no help.
  std::function<std::string(Code)> page;
};

std::string render_sarif(const DiagnosticList& diagnostics, const SourceSet& sources, const SarifOptions& options = {});

}  // namespace seg::base
