#include "base/fold.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace seg::base {

const std::vector<std::pair<std::string_view, std::string_view>>& fold_table_files();  // generated

namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Parses hexadecimal at the front of `line` and drops it with the one character that follows.
std::uint32_t take_hex(std::string_view& line) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value, 16);
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (!line.empty()) line.remove_prefix(1);
  return value;
}

using FoldTable = std::unordered_map<std::uint32_t, std::string>;

FoldTable read_table(std::string_view text) {
  FoldTable table;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line[0] == '#') continue;
    const bool is_range = line.find('-') != std::string_view::npos;
    const std::uint32_t first = take_hex(line);
    if (is_range) {
      const std::uint32_t last = take_hex(line);
      const std::uint32_t image = take_hex(line);
      for (std::uint32_t code = first; code <= last; ++code) append_utf8(table[code], image + (code - first));
    } else {
      std::string& image = table[first];
      while (!line.empty()) append_utf8(image, take_hex(line));
    }
  }
  return table;
}

}  // namespace

std::string fold(std::string_view text) {
  static const FoldTable table = read_table(fold_table_files().front().second);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += static_cast<char>(lead >= 'A' && lead <= 'Z' ? lead + ('a' - 'A') : lead);
      ++i;
      continue;
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::uint32_t code = lead & (0x3F >> (size - 1));
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (const auto found = table.find(code); found != table.end()) {
      out += found->second;
    } else {
      out += text.substr(i, size);
    }
    i += size;
  }
  return out;
}

}  // namespace seg::base
