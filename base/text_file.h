// Reading a rule file, a schema or a project file.
// In: a path. Out: its text, valid UTF-8 without byte order mark, or a Status with the place of the first bad byte.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace seg::base {

inline constexpr std::size_t kMaxTextFileSize = 256u << 20;

Result<std::string> read_text_file(const std::string& path, std::size_t max_size = kMaxTextFileSize);
// The same checks for text that was read elsewhere (standard input, an editor).
Result<std::string> check_text(std::string bytes, const std::string& path);

// The offset of the first byte that is not UTF-8 (overlong forms, surrogates and values beyond U+10FFFF are not).
std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);

}  // namespace seg::base
