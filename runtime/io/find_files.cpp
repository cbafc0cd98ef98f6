#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/suggest.h"
#include "runtime/io/table_load.h"
#include "runtime/io/text/glob.h"

namespace seg::io {
namespace {

namespace fs = std::filesystem;

std::string decode_percent(const std::string& text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

// year=2026 in the folders of a path.
std::vector<std::pair<std::string, std::string>> partitions_of(const std::string& path) {
  std::vector<std::pair<std::string, std::string>> partitions;
  for (const fs::path& part : fs::path(path).parent_path()) {
    const std::string name = part.string();
    const std::size_t equals = name.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    std::string value = decode_percent(name.substr(equals + 1));
    if (value == "__HIVE_DEFAULT_PARTITION__") value.clear();  // how Hive writes a missing value
    partitions.emplace_back(name.substr(0, equals), std::move(value));
  }
  return partitions;
}

// What data tools leave beside the data: _SUCCESS, _metadata, .crc, hidden files.
bool is_beside_data(const std::string& name) { return name.empty() || name[0] == '.' || name[0] == '_'; }

void walk(const fs::path& folder, std::vector<std::string>& files) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!is_beside_data(it->path().filename().string())) entries.push_back(it->path());
  }
  std::sort(entries.begin(), entries.end());
  for (const fs::path& entry : entries) {
    if (fs::is_directory(fs::symlink_status(entry, error))) {
      walk(entry, files);
    } else if (fs::is_regular_file(entry, error)) {
      files.push_back(entry.string());
    }
  }
}

void report_not_found(const std::string& source, const std::string& path, base::DiagnosticList& diagnostics) {
  auto finding = diagnostics.report(base::Code::data_file_not_found, {source, path});
  finding.data(path);
  if (is_glob(path)) {
    finding.note("no file matches the pattern");
    return;
  }
  std::error_code error;
  const fs::path folder = fs::path(path).parent_path();
  if (!fs::is_directory(folder.empty() ? fs::path(".") : folder, error)) {
    finding.note("there is no folder `" + folder.string() + "` either");
    return;
  }
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder.empty() ? fs::path(".") : folder, error), end; !error && it != end;
       it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::string name = fs::path(path).filename().string();
  if (const auto near = base::suggest(name, names)) {
    finding.help("did you mean `" + *near + "`?");
    return;
  }
  for (const std::string& other : names) {  // the same name with another extension
    if (fs::path(other).stem() == fs::path(name).stem()) {
      finding.help("did you mean `" + other + "`?");
      return;
    }
  }
}

}  // namespace

std::vector<FoundFile> find_files(const std::string& source, const std::vector<std::string>& paths,
                                  base::DiagnosticList& diagnostics) {
  std::vector<FoundFile> found;
  for (const std::string& path : paths) {
    std::vector<std::string> files;
    std::error_code error;
    if (is_glob(path) && !fs::exists(path, error)) {
      files = expand_glob(path);
    } else if (fs::is_directory(path, error)) {
      walk(path, files);
    } else if (fs::exists(path, error) || error == std::errc::permission_denied) {
      files.push_back(path);
    }
    if (files.empty()) report_not_found(source, path, diagnostics);
    for (std::string& file : files) {
      auto partitions = partitions_of(file);
      found.push_back({std::move(file), std::move(partitions)});
    }
  }
  return found;
}

}  // namespace seg::io
