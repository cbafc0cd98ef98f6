#include "runtime/io/raw_file.h"
namespace seg::io {
base::Result<RawFilePtr> open_csv(const std::string& path, const CsvOptions&) {
  return base::Status(base::Code::unknown_format, {path}).at(path);
}
base::Result<RawFilePtr> open_json_lines(const std::string& path) {
  return base::Status(base::Code::unknown_format, {path}).at(path);
}
base::Result<RawFilePtr> open_arrow(const std::string& path) {
  return base::Status(base::Code::unknown_format, {path}).at(path);
}
}  // namespace seg::io
