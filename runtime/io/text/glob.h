// Files that a pattern names: data sources and rule files.
// In: a path with `*`, `?`, `[a-z]` inside one name and `**` for any folders. Out: files, sorted by path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seg::io {

bool is_glob(std::string_view path);

// Hidden names are matched only by patterns that begin with a dot. A folder that can't be read has no files.
std::vector<std::string> expand_glob(const std::string& pattern);

// One name against one pattern without `/`.
bool matches_name(std::string_view pattern, std::string_view name);

}  // namespace seg::io
