// Where a diagnostic is, for formats that want a file and lines: from its primary label, else from its place in data.
// In: a diagnostic and the sources. Out: plain values. Shared by the machine-readable renderers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

// Lines and columns from 1; 0 is unknown. Columns count UTF-16 code units, the end is the column after the last one.
struct FilePlace {
  std::string path;  // empty: nowhere
  std::uint32_t begin_line = 0;
  std::uint32_t begin_column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
};

FilePlace file_place(const SourceSet& sources, Span span);
FilePlace file_place(const SourceSet& sources, const Diagnostic& diagnostic);

std::string_view severity_name(Severity severity);

// What is said beside the message, a line each: row and column of data, the primary label, notes, help.
std::vector<std::string> remarks(const Diagnostic& diagnostic);
// The message, and the remarks below it.
std::string full_text(const Diagnostic& diagnostic);

}  // namespace seg::base
