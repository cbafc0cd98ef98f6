// The registry of everything that the program can tell a user: stable code, name, severity, message.
// In: base/diagnostics.def. Out: `Code` and what is known about each. Vocabulary for all stages; no dependency.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace seg::base {

enum class Severity : std::uint8_t { error, warning, note };

namespace detail {
// "S2104" -> 2104; not four digits after an S does not compile.
consteval std::uint16_t number_of_code(const char* text) {
  if (text[0] != 'S' || text[5] != '\0') throw "a code is S and four digits";
  int number = 0;
  for (int i = 1; i < 5; ++i) {
    if (text[i] < '0' || text[i] > '9') throw "a code is S and four digits";
    number = number * 10 + (text[i] - '0');
  }
  return static_cast<std::uint16_t>(number);
}
}  // namespace detail

// The value is the code's number, so a row's place in the table means nothing: Code::unknown_field == Code{2104}.
enum class Code : std::uint16_t {
#define SEG_DIAGNOSTIC(code, name, severity, message, title) name = detail::number_of_code(#code),
#include "base/diagnostics.def"
#undef SEG_DIAGNOSTIC
};

struct CodeInfo {
  Code code;
  std::string_view id;       // "S2104"
  std::string_view name;     // "unknown-field", as `lints:` in seg.yaml and comments write it
  Severity severity;         // before the project file changes it
  std::string_view message;  // with holes
  std::string_view title;    // a few words, for lists and SARIF rules
  // Warnings and notes can be switched off or suppressed with a reason; errors can't.
  bool is_suppressible() const { return severity != Severity::error; }
};

const CodeInfo& info(Code code);
std::span<const CodeInfo> all_codes();  // by code
// By id ("S2104", "s2104") or name ("unknown-field", "unknown_field").
std::optional<Code> find_code(std::string_view id_or_name);

// What fills a hole: text, or a whole number.
class Arg {
 public:
  Arg(const char* text) : text_(text) {}             // NOLINT(google-explicit-constructor)
  Arg(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Arg(std::string_view text) : text_(text) {}        // NOLINT(google-explicit-constructor)
  template <class Integer, std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool> &&
                                                !std::is_same_v<Integer, char>,
                                            int> = 0>
  Arg(Integer number)  // NOLINT(google-explicit-constructor)
      : text_(std::to_string(number)), is_number_(true) {}

  const std::string& text() const { return text_; }
  bool is_number() const { return is_number_; }

 private:
  std::string text_;
  bool is_number_ = false;
};
using Args = std::vector<Arg>;

// Fills `{0}`, `{1}`, … and `{0:count}` (a number, written 41,207). A message whose arguments do not match its holes is
// a broken invariant: aborts with both. `{{` and `}}` are braces.
std::string format_message(std::string_view message, const Args& args);
// The number of arguments that a message needs, or none if it is malformed (a hole left out, an unknown kind of hole).
std::optional<std::size_t> num_holes(std::string_view message);

// 41207 -> "41,207", as counts are written everywhere.
std::string format_count(std::int64_t number);

}  // namespace seg::base
