// The difference of two texts as a unified diff, for `seg fmt --diff`.
#pragma once

#include <string>
#include <string_view>

namespace seg::tool {

// Empty if they are equal.
std::string text_diff(std::string_view before, std::string_view after, const std::string& path);

}  // namespace seg::tool
