#include "base/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace seg::base {
namespace {

Status read_failure(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) return Status(Code::file_not_found, {path});
  return Status(Code::file_not_readable, {path, std::strerror(error)});
}

// Length of the well-formed sequence at `at`, or 0 (table 3-7 of the Unicode standard).
std::size_t sequence_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  const unsigned lead = byte(at);
  const unsigned next = byte(at + 1);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return follows(at + 1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (lead == 0xe0 && next < 0xa0) return 0;
    if (lead == 0xed && next > 0x9f) return 0;
    return follows(at + 1) && follows(at + 2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (lead == 0xf0 && next < 0x90) return 0;
    if (lead == 0xf4 && next > 0x8f) return 0;
    return follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    // Eight ASCII bytes at a time: rule files are almost only that.
    std::uint64_t eight = 0;
    while (at + sizeof eight <= bytes.size()) {
      std::memcpy(&eight, bytes.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) != 0) break;
      at += sizeof eight;
    }
    if (at == bytes.size()) break;
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

Result<std::string> check_text(std::string bytes, const std::string& path) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.erase(0, 3);
  const std::optional<std::size_t> bad = find_invalid_utf8(bytes);
  if (!bad) return bytes;
  std::array<char, 3> hex{};
  std::snprintf(hex.data(), hex.size(), "%02X", static_cast<unsigned>(static_cast<unsigned char>(bytes[*bad])));
  const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
  Status failure = Status(Code::not_utf8, {hex.data()}).at(path, 0, "", line);
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    return std::move(failure)
        .note("the file looks like UTF-16, which some editors call \"Unicode\"")
        .help("save it as UTF-8");
  }
  return std::move(failure).help("save the file as UTF-8");
}

Result<std::string> read_text_file(const std::string& path, std::size_t max_size) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return read_failure(path, errno);
  struct stat about{};
  int error = ::fstat(descriptor, &about) != 0 ? errno : 0;
  if (error == 0 && S_ISDIR(about.st_mode)) error = EISDIR;
  std::string bytes;
  if (error == 0 && about.st_size > 0) {
    bytes.reserve(std::min(static_cast<std::size_t>(about.st_size), max_size) + 1);
  }
  std::array<char, 65536> piece{};
  while (error == 0 && bytes.size() <= max_size) {
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got == 0) break;
    if (got > 0) bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR) error = errno;
  }
  ::close(descriptor);
  if (error != 0) return read_failure(path, error);
  if (bytes.size() > max_size) {
    const std::size_t size = std::max(bytes.size(), static_cast<std::size_t>(std::max<off_t>(about.st_size, 0)));
    return Status(Code::file_too_large, {path, size, max_size});
  }
  return check_text(std::move(bytes), path);
}

}  // namespace seg::base
