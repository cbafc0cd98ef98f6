#include "base/diagnostic_code.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace seg::base {
namespace {

constexpr std::size_t kNumCodes = 0
#define SEG_DIAGNOSTIC(code, name, severity, message, title) +1
#include "base/diagnostics.def"
#undef SEG_DIAGNOSTIC
    ;

constexpr std::array<CodeInfo, kNumCodes> sorted_table() {
  std::array<CodeInfo, kNumCodes> table = {{
#define SEG_DIAGNOSTIC(code, name, severity, message, title) \
  CodeInfo{Code::name, #code, #name, Severity::severity, message, title},
#include "base/diagnostics.def"
#undef SEG_DIAGNOSTIC
  }};
  std::sort(table.begin(), table.end(), [](const CodeInfo& a, const CodeInfo& b) { return a.code < b.code; });
  return table;
}

constexpr std::array<CodeInfo, kNumCodes> kTable = sorted_table();

consteval bool codes_are_unique() {
  for (std::size_t i = 1; i < kTable.size(); ++i) {
    if (kTable[i - 1].code == kTable[i].code) return false;
  }
  return true;
}
static_assert(codes_are_unique(), "two rows of base/diagnostics.def have one code");

// Names are written with `-` for people; the table has identifiers.
struct NamedTable {
  std::vector<std::string> names;
  std::vector<CodeInfo> infos;
};

const NamedTable& named_table() {
  static const NamedTable named = [] {
    NamedTable made;
    made.infos.assign(kTable.begin(), kTable.end());
    made.names.reserve(made.infos.size());
    for (CodeInfo& row : made.infos) {
      std::string name(row.name);
      std::replace(name.begin(), name.end(), '_', '-');
      made.names.push_back(std::move(name));
      row.name = made.names.back();
    }
    return made;
  }();
  return named;
}

[[noreturn]] void broken_message(std::string_view message, const Args& args) {
  std::fprintf(stderr,
               "diagnostic message and arguments do not match: \"%.*s\" with %zu:", static_cast<int>(message.size()),
               message.data(), args.size());
  for (const Arg& arg : args) std::fprintf(stderr, " [%s]", arg.text().c_str());
  std::fputc('\n', stderr);
  std::abort();
}

struct Hole {
  std::size_t index = 0;
  bool is_count = false;
  std::size_t length = 0;  // with its braces
};

// The hole at `begin`, where a `{` stands.
std::optional<Hole> parse_hole(std::string_view message, std::size_t begin) {
  const std::size_t end = message.find('}', begin);
  if (end == std::string_view::npos || end == begin + 1) return std::nullopt;
  std::string_view inside = message.substr(begin + 1, end - begin - 1);
  Hole hole;
  hole.length = end - begin + 1;
  if (inside.ends_with(":count")) {
    hole.is_count = true;
    inside.remove_suffix(6);
  }
  if (inside.size() != 1 || inside[0] < '0' || inside[0] > '9') return std::nullopt;
  hole.index = static_cast<std::size_t>(inside[0] - '0');
  return hole;
}

std::string group_digits(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace

std::span<const CodeInfo> all_codes() { return named_table().infos; }

const CodeInfo& info(Code code) {
  const std::span<const CodeInfo> table = all_codes();
  const auto found = std::lower_bound(table.begin(), table.end(), code,
                                      [](const CodeInfo& row, Code wanted) { return row.code < wanted; });
  if (found == table.end() || found->code != code) {
    std::fprintf(stderr, "no diagnostic has the code %u\n", static_cast<unsigned>(code));
    std::abort();
  }
  return *found;
}

std::optional<Code> find_code(std::string_view id_or_name) {
  std::string wanted(id_or_name);
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  if (!wanted.empty() && wanted[0] == 's' && wanted.size() == 5 &&
      std::isdigit(static_cast<unsigned char>(wanted[1]))) {
    wanted[0] = 'S';
  }
  for (const CodeInfo& row : all_codes()) {
    if (row.id == wanted || row.name == wanted) return row.code;
  }
  return std::nullopt;
}

std::optional<std::size_t> num_holes(std::string_view message) {
  std::array<bool, 10> seen{};
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c != '{' && c != '}') continue;
    if (i + 1 < message.size() && message[i + 1] == c) {
      ++i;
      continue;
    }
    if (c == '}') return std::nullopt;
    const std::optional<Hole> hole = parse_hole(message, i);
    if (!hole) return std::nullopt;
    seen[hole->index] = true;
    i += hole->length - 1;
  }
  const auto first_unseen = std::find(seen.begin(), seen.end(), false);
  if (std::find(first_unseen, seen.end(), true) != seen.end()) return std::nullopt;
  return static_cast<std::size_t>(first_unseen - seen.begin());
}

std::string format_message(std::string_view message, const Args& args) {
  if (num_holes(message) != args.size()) broken_message(message, args);
  std::string text;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '{' && message[i + 1] != '{') {
      const Hole hole = *parse_hole(message, i);
      const Arg& arg = args[hole.index];
      if (hole.is_count && !arg.is_number()) broken_message(message, args);
      text += hole.is_count ? group_digits(arg.text()) : arg.text();
      i += hole.length - 1;
      continue;
    }
    text += c;
    if (c == '{' || c == '}') ++i;
  }
  return text;
}

std::string format_count(std::int64_t number) { return group_digits(std::to_string(number)); }

}  // namespace seg::base
