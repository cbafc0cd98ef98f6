#include "runtime/io/text/glob.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace seg::io {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t slash = std::min(path.find('/', begin), path.size());
    if (slash > begin) parts.emplace_back(path.substr(begin, slash - begin));
    begin = slash + 1;
  }
  return parts;
}

// The names in a folder, sorted, hidden ones only on request.
std::vector<std::string> names_in(const fs::path& folder, bool with_hidden) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? fs::path(".") : folder, error), end; !error && it != end;
       it.increment(error)) {
    std::string name = it->path().filename().string();
    if (with_hidden || name[0] != '.') names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

void expand(const fs::path& folder, const std::vector<std::string>& parts, std::size_t part,
            std::vector<std::string>& files) {
  std::error_code error;
  if (part == parts.size()) {
    if (fs::is_regular_file(folder, error)) files.push_back(folder.string());
    return;
  }
  const std::string& pattern = parts[part];
  if (pattern == "**") {
    expand(folder, parts, part + 1, files);
    for (const std::string& name : names_in(folder, false)) {
      // Links to folders are not followed: they may lead in circles.
      if (fs::is_directory(fs::symlink_status(folder / name, error))) expand(folder / name, parts, part, files);
    }
  } else if (is_glob(pattern)) {
    for (const std::string& name : names_in(folder, pattern[0] == '.')) {
      if (matches_name(pattern, name)) expand(folder / name, parts, part + 1, files);
    }
  } else if (fs::exists(folder / pattern, error)) {
    expand(folder / pattern, parts, part + 1, files);
  }
}

}  // namespace

bool is_glob(std::string_view path) { return path.find_first_of("*?[") != std::string_view::npos; }

bool matches_name(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0;
  std::size_t star = std::string_view::npos, star_name = 0;
  while (n < name.size()) {
    bool fits = false;
    std::size_t width = 1;  // of the pattern's element
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '[') {
      const std::size_t close = pattern.find(']', p + 2);
      if (close != std::string_view::npos) {
        width = close - p + 1;
        std::string_view set = pattern.substr(p + 1, close - p - 1);
        const bool negated = set[0] == '!' || set[0] == '^';
        if (negated) set.remove_prefix(1);
        for (std::size_t i = 0; i < set.size(); ++i) {
          if (i + 2 < set.size() && set[i + 1] == '-') {
            fits = fits || (set[i] <= name[n] && name[n] <= set[i + 2]);
            i += 2;
          } else {
            fits = fits || set[i] == name[n];
          }
        }
        fits = fits != negated;
      } else {
        fits = name[n] == '[';
      }
    } else if (p < pattern.size()) {
      fits = pattern[p] == '?' || pattern[p] == name[n];
      // `?` is one character, not one byte of it.
      if (pattern[p] == '?') {
        while (n + 1 < name.size() && (static_cast<unsigned char>(name[n + 1]) & 0xC0) == 0x80) ++n;
      }
    }
    if (fits) {
      p += width;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string> expand_glob(const std::string& pattern) {
  std::vector<std::string> files;
  expand(pattern.starts_with('/') ? fs::path("/") : fs::path(), split_path(pattern), 0, files);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace seg::io
