#include "runtime/kernels/text.h"

#include <re2/re2.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/fold.h"

namespace seg::kernels {
namespace {

// Positions of the first and behind the last character that is not white space; equal if there is none.
struct Core {
  std::int32_t begin = 0;
  std::int32_t end = 0;
};

Core core_of(std::string_view text) {
  Core core;
  const auto size = static_cast<std::int32_t>(text.size());
  const char* bytes = text.data();
  bool found = false;
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t start = i;
    UChar32 code = 0;
    U8_NEXT(bytes, i, size, code);
    if (code >= 0 && u_isUWhiteSpace(code)) continue;
    if (!found) core.begin = start;
    found = true;
    core.end = i;
  }
  return core;
}

// The digits at the front of a version's part, without leading zeros; `part` loses all its leading digits.
std::string_view take_number(std::string_view& part) {
  const std::size_t end = std::min(part.find_first_not_of("0123456789"), part.size());
  std::string_view digits = part.substr(0, end);
  part.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

int sign_of(int order) { return order < 0 ? -1 : (order > 0 ? 1 : 0); }

}  // namespace

std::string lower(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return out;
  }
  icu::UnicodeString unicode =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  unicode.toLower(icu::Locale::getRoot());
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  std::string out;
  nfc->normalize(unicode, error).toUTF8String(out);
  return out;
}

std::string trim(std::string_view text) {
  const Core core = core_of(text);
  return std::string(
      text.substr(static_cast<std::size_t>(core.begin), static_cast<std::size_t>(core.end - core.begin)));
}

std::string fold(std::string_view text) { return base::fold(text); }

std::int64_t length(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

bool is_blank(std::string_view text) {
  const Core core = core_of(text);
  return core.begin == core.end;
}

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::size_t a_end = std::min(a.find('.'), a.size());
    const std::size_t b_end = std::min(b.find('.'), b.size());
    std::string_view left = a.substr(0, a_end);
    std::string_view right = b.substr(0, b_end);
    a.remove_prefix(std::min(a_end + 1, a.size()));
    b.remove_prefix(std::min(b_end + 1, b.size()));
    const std::string_view n = take_number(left);
    const std::string_view m = take_number(right);
    if (n.size() != m.size()) return n.size() < m.size() ? -1 : 1;
    if (n != m) return sign_of(n.compare(m));
    if (left != right) return sign_of(left.compare(right));
  }
  return 0;
}

struct Pattern::Compiled {
  explicit Compiled(std::string_view pattern)
      : expression(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet) {}
  RE2 expression;
};

Pattern::Pattern(std::string_view pattern) : compiled_(std::make_unique<Compiled>(pattern)) {}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;

bool Pattern::is_valid() const { return compiled_->expression.ok(); }

bool Pattern::matches(std::string_view text) const {
  return is_valid() && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->expression);
}

}  // namespace seg::kernels
