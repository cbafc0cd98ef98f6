// Diagnostics for people: source lines with labels, notes, ways out.
// In: a list and the sources. Out: text for a terminal or a golden file. Nothing is printed here.
#pragma once

#include <cstddef>
#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

struct HumanOptions {
  bool has_color = false;
  int num_columns = 120;      // longer source lines are cut around their labels
  bool shows_summary = true;  // the last line: "2 errors, 1 warning"
};

std::string render_human(const DiagnosticList& diagnostics, const SourceSet& sources, const HumanOptions& options = {});

// "2 errors, 1 warning"; empty when there is nothing.
std::string render_summary(const DiagnosticList& diagnostics);

}  // namespace seg::base
