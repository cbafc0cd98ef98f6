#include "runtime/io/raw_file.h"

#include <arrow/status.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace seg::io {
namespace {

// What is behind the last dot, in lower case; of `.csv.gz` what is before `.gz`.
std::string extension_of(std::string path) {
  for (char& c : path) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  if (path.ends_with(".gz")) path.resize(path.size() - 3);
  const std::size_t slash = path.rfind('/');
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
  return path.substr(dot + 1);
}

Format format_by_extension(const std::string& path) {
  const std::string extension = extension_of(path);
  if (extension == "parquet" || extension == "pq") return Format::kParquet;
  if (extension == "csv" || extension == "tsv" || extension == "txt" || extension == "tab") return Format::kCsv;
  if (extension == "jsonl" || extension == "ndjson" || extension == "json") return Format::kJsonLines;
  if (extension == "arrow" || extension == "feather" || extension == "ipc" || extension == "arrows") {
    return Format::kArrow;
  }
  return Format::kByName;
}

Format format_by_first_bytes(const std::string& path) {
  std::array<char, 8> bytes{};
  std::size_t size = 0;
  if (std::FILE* file = std::fopen(path.c_str(), "rb")) {
    size = std::fread(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }
  if (size >= 4 && std::memcmp(bytes.data(), "PAR1", 4) == 0) return Format::kParquet;
  if (size >= 6 && std::memcmp(bytes.data(), "ARROW1", 6) == 0) return Format::kArrow;
  if (size >= 4 && std::memcmp(bytes.data(), "\xff\xff\xff\xff", 4) == 0) return Format::kArrow;
  if (size >= 1 && bytes[0] == '{') return Format::kJsonLines;
  return Format::kByName;
}

}  // namespace

base::Status input_failure(const std::string& path, int error) {
  switch (error) {
    case EACCES:
    case EPERM: return base::Status(base::Code::data_file_not_readable, {path, "no permission"}).at(path);
    case EISDIR: return base::Status(base::Code::data_file_not_readable, {path, "it is a folder"}).at(path);
    case ENOENT: return base::Status(base::Code::data_file_not_readable, {path, "it is not there any more"}).at(path);
    default: return base::Status(base::Code::data_file_not_readable, {path, std::strerror(error)}).at(path);
  }
}

base::Status damaged(const std::string& path, const arrow::Status& status) {
  if (status.IsOutOfMemory()) return base::Status(base::Code::out_of_memory, {"memory"}).at(path);
  std::string reason = status.message();
  reason = reason.substr(0, std::min<std::size_t>({reason.find('\n'), 200, reason.size()}));
  return base::Status(base::Code::damaged_file, {path, reason})
      .at(path)
      .help("get the file again from where it comes from; a copy may have been cut off");
}

base::Result<RawFilePtr> open_raw_file(const std::string& path, Format format, const CsvOptions& csv) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return input_failure(path, errno);
  if (S_ISDIR(about.st_mode)) return input_failure(path, EISDIR);
  if (std::FILE* file = std::fopen(path.c_str(), "rb")) {
    std::fclose(file);
  } else {
    return input_failure(path, errno);
  }
  if (format == Format::kByName) format = format_by_extension(path);
  if (format == Format::kByName) format = format_by_first_bytes(path);
  switch (format) {
    case Format::kParquet: return open_parquet(path);
    case Format::kCsv: return open_csv(path, csv);
    case Format::kJsonLines: return open_json_lines(path);
    case Format::kArrow: return open_arrow(path);
    case Format::kByName: break;
  }
  return base::Status(base::Code::unknown_format, {path})
      .at(path)
      .help("say what it is in seg.yaml: `format: parquet`, `csv`, `jsonl` or `arrow`");
}

}  // namespace seg::io
