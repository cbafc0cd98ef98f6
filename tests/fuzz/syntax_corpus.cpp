#include "tests/fuzz/syntax_corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/syntax/parse.h"

namespace seg::fuzz {

std::vector<std::string> read_declarations(const std::string& source_dir) {
  std::vector<std::string> paths;
  for (const char* folder : {"/tests/spec", "/stdlib", "/examples"}) {
    if (!std::filesystem::exists(source_dir + folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir + folder)) {
      if (entry.path().extension() == ".seg") paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    base::DiagnosticList diagnostics;
    const syntax::ParseResult result = syntax::parse(base::SourceId{0}, source, diagnostics);
    if (result.has_errors) continue;
    const syntax::Tree& tree = result.tree;
    for (const syntax::NodeId n : tree.children(tree.root())) {
      std::string declaration;
      const std::string doc = tree.doc(n);
      if (!doc.empty()) declaration += "## " + doc.substr(0, doc.find('\n')) + "\n";
      declaration += tree.text(n);
      out.push_back(std::move(declaration));
    }
  }
  return out;
}

std::string make_source(const std::vector<std::string>& declarations, Random& random) {
  std::string out;
  if (random.one_in(4)) out += "# top\n";
  if (random.one_in(8)) out += "\n";
  const std::size_t num_declarations = 1 + random.below(3);
  for (std::size_t i = 0; i < num_declarations; ++i) {
    if (i > 0) {
      out += random.one_in(3) ? "\n\n" : "\n";
      if (random.one_in(5)) out += random.one_in(2) ? "# between\n" : "# between\n\n# and more   \n";
    }
    out += declarations[random.below(declarations.size())];
    if (random.one_in(6)) out += "  # behind";
  }
  if (!random.one_in(5)) out += "\n";
  if (random.one_in(6)) out += "\n# last";
  return out;
}

}  // namespace seg::fuzz
