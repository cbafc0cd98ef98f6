#include "base/diagnostic_page.h"

#include <utility>
#include <vector>

namespace seg::base {

// Made by seg_embed() in base/CMakeLists.txt: file name and text of every page.
const std::vector<std::pair<std::string_view, std::string_view>>& diagnostic_page_files();

std::string diagnostic_page(Code code) {
  const std::string name = std::string(info(code).id) + ".md";
  for (const auto& [path, text] : diagnostic_page_files()) {
    if (path == name) return std::string(text);
  }
  return {};
}

}  // namespace seg::base
