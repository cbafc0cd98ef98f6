// Diagnostics as a JUnit report, which every CI system can show: a test case per file, failed by its errors.
// In: a list and the sources. Out: XML. Warnings and notes do not fail a case; they are its output.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

struct JunitOptions {
  std::string suite = "seg check";
};

std::string render_junit(const DiagnosticList& diagnostics, const SourceSet& sources, const JunitOptions& options = {});

// Text as it may stand in XML 1.0, in attributes as well; characters that XML can't hold are U+FFFD.
std::string xml_escaped(std::string_view text);

}  // namespace seg::base
