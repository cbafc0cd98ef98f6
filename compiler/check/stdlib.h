// The standard library's files, embedded in the program: path below stdlib/ and text. Made by stdlib/CMakeLists.txt.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace seg::check {

// "functions/….seg" declare functions, seen everywhere; "NAME.seg" is the module of `use NAME`.
const std::vector<std::pair<std::string_view, std::string_view>>& stdlib_files();

}  // namespace seg::check
