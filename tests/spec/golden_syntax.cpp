// Golden cases of parser and formatter (tests/spec/README.md):
//   parse_errors/NAME.seg or NAME.gen  ->  NAME.expected: what `seg check` says of it, and the text after its safe
//   fixes format/NAME.seg                    ->  NAME.formatted
// golden_syntax FOLDER [--update]: compares, or writes what it got.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/render_human.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"

namespace {

namespace fs = std::filesystem;
using namespace seg;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Texts too long to keep: each line is a count, a blank, and what is repeated (\n is a line end).
std::string generate(const std::string& recipe) {
  std::istringstream lines(recipe);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    if (blank == line.npos) continue;
    std::string piece = line.substr(blank + 1);
    for (std::size_t at; (at = piece.find("\\n")) != piece.npos;) piece.replace(at, 2, "\n");
    for (long i = std::stol(line.substr(0, blank)); i > 0; --i) out += piece;
  }
  return out;
}

std::string with_fixes(std::string text, const base::DiagnosticList& diagnostics, int& num_fixes) {
  std::vector<base::Edit> edits;
  for (const base::Diagnostic& diagnostic : diagnostics.items()) {
    for (const base::Edit& edit : diagnostic.edits) {
      if (edit.safety == base::Safety::safe) edits.push_back(edit);
    }
  }
  std::sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.span.begin > b.span.begin; });
  for (const base::Edit& edit : edits) text.replace(edit.span.begin, edit.span.length(), edit.replacement);
  num_fixes = static_cast<int>(edits.size());
  return text;
}

std::string diagnose(const std::string& name, const std::string& text) {
  base::SourceSet sources;
  const base::SourceId id = sources.add(name, text);
  base::DiagnosticList diagnostics;
  syntax::parse(id, sources.text(id), diagnostics);
  diagnostics.sort();
  std::string out = base::render_human(diagnostics, sources);
  if (out.empty()) out = "nothing\n";
  int num_fixes = 0;
  const std::string fixed = with_fixes(text, diagnostics, num_fixes);
  if (num_fixes == 0) return out;
  out += "---- after fixes ----\n" + fixed;
  if (out.back() != '\n') out += '\n';
  base::DiagnosticList left;
  const auto again = syntax::parse(base::SourceId{0}, fixed, left);
  out += again.has_errors ? "---- errors are left ----\n" : "---- no errors ----\n";
  return out;
}

std::string reformat(const std::string& text) {
  base::DiagnosticList diagnostics;
  const auto result = syntax::parse(base::SourceId{0}, text, diagnostics);
  return syntax::format(result.tree).value_or("refused\n");
}

int compare(const fs::path& path, const std::string& got, bool updates) {
  const std::string expected = read(path);
  if (expected == got && fs::exists(path)) return 0;
  if (updates) {
    std::ofstream(path, std::ios::binary) << got;
    std::printf("wrote %s\n", path.string().c_str());
    return 0;
  }
  std::printf("%s differs\n---- expected ----\n%s---- got ----\n%s\n", path.string().c_str(), expected.c_str(),
              got.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path root = argc > 1 ? argv[1] : ".";
  const bool updates = argc > 2 && std::strcmp(argv[2], "--update") == 0;
  std::vector<fs::path> paths;
  for (const char* folder : {"parse_errors", "format"}) {
    for (const auto& entry : fs::directory_iterator(root / folder)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  int num_cases = 0;
  int num_failed = 0;
  for (const fs::path& path : paths) {
    const bool is_recipe = path.extension() == ".gen";
    if (path.extension() != ".seg" && !is_recipe) continue;
    ++num_cases;
    const std::string text = is_recipe ? generate(read(path)) : read(path);
    fs::path expected = path;
    if (path.parent_path().filename() == "format") {
      num_failed += compare(expected.replace_extension(".formatted"), reformat(text), updates);
    } else {
      num_failed += compare(expected.replace_extension(".expected"), diagnose(path.filename().string(), text), updates);
    }
  }
  std::printf("%d cases, %d failed\n", num_cases, num_failed);
  return num_failed == 0 ? 0 : 1;
}
