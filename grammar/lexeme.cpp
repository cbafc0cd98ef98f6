#include "grammar/lexeme.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstring>

#include "grammar/lexical.hpp"

namespace seg::grammar {

CodePoint decode(const char* at, const char* end) {
  const auto byte = [&](int i) { return static_cast<unsigned char>(at[i]); };
  const auto left = end - at;
  const unsigned char first = byte(0);
  if (first < 0x80u) return {first, 1};
  if (first < 0xe0u && left >= 2) return {static_cast<char32_t>((first & 0x1fu) << 6 | (byte(1) & 0x3fu)), 2};
  if (first < 0xf0u && left >= 3) {
    return {static_cast<char32_t>((first & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu)), 3};
  }
  if (left >= 4) {
    return {static_cast<char32_t>((first & 0x07u) << 18 | (byte(1) & 0x3fu) << 12 | (byte(2) & 0x3fu) << 6 |
                                  (byte(3) & 0x3fu)),
            4};
  }
  return {0xfffd, 1};
}

bool is_word_start(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_XID_START) != 0;
}

bool is_word_continue(char32_t c) {
  if (c < 0x80) return is_word_start(c) || (c >= '0' && c <= '9');
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_XID_CONTINUE) != 0;
}

bool is_bidi_control(char32_t c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool is_invisible_control(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n' && c != '\r';
  return (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2064) || c == 0x00ad;
}

bool is_blank(char32_t c) {
  if (c < 0x80) return c == ' ' || c == '\t' || (is_invisible_control(c) && c != 0);
  return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000 || c == 0xfeff || is_bidi_control(c) || is_invisible_control(c);
}

const char* skip_blanks(const char* at, const char* end, bool lines) {
  while (at != end) {
    const char c = *at;
    if (c == ' ' || c == '\t') {
      ++at;
    } else if (c == '\n') {
      if (!lines) return at;
      ++at;
    } else if (c == '\r') {
      // Alone it is a control character among blanks.
      if (!lines && at + 1 != end && at[1] == '\n') return at;
      ++at;
    } else if (c == '#') {
      const void* line_end = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
      at = line_end == nullptr ? end : static_cast<const char*>(line_end);
      if (at != end && at[-1] == '\r') --at;
    } else if (static_cast<unsigned char>(c) < 0x80u) {
      if (!is_blank(static_cast<char32_t>(static_cast<unsigned char>(c)))) return at;
      ++at;
    } else {
      const CodePoint point = decode(at, end);
      if (!is_blank(point.value)) return at;
      at += point.size;
    }
  }
  return at;
}

namespace {

using Input = tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf_crlf, const char*>;

// Where a rule that matches at `at` ends, or null.
template <class Rule>
const char* match_end(const char* at, const char* end) {
  Input in(at, end, "");
  return tao::pegtl::parse<Rule>(in) ? in.current() : nullptr;
}

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80u) return false;
  }
  return true;
}

std::string_view view(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

// ZWNJ holds Persian words together (`می‌خرد`): inside a word, between letters beyond ASCII.
const char* word_end(const char* at, const char* end) {
  while (at != end) {
    const auto c = static_cast<unsigned char>(*at);
    if (c < 0x80u) {
      if (!is_word_continue(c)) return at;
      ++at;
      continue;
    }
    const CodePoint point = decode(at, end);
    if (point.value == 0x200c) {
      const char* next = at + point.size;
      if (next == end || static_cast<unsigned char>(*next) < 0x80u || !is_word_continue(decode(next, end).value) ||
          static_cast<unsigned char>(at[-1]) < 0x80u) {
        return at;
      }
      at = next;
    } else if (is_word_continue(point.value)) {
      at += point.size;
    } else {
      return at;
    }
  }
  return at;
}

Lexeme scan_word(const char* at, const char* end) {
  const char* stop = word_end(at, end);
  const std::string_view word = view(at, stop);
  const TokenKind kind = find_word(word);
  if (kind != TokenKind::kIdentifier) return {kind, at, stop, MistakeKind::none};
  if (word == "true" || word == "True" || word == "TRUE") return {TokenKind::kYes, at, stop, MistakeKind::foreign_word};
  if (word == "false" || word == "False" || word == "FALSE") {
    return {TokenKind::kNo, at, stop, MistakeKind::foreign_word};
  }
  if (word == "AND") return {TokenKind::kAnd, at, stop, MistakeKind::foreign_word};
  if (word == "OR") return {TokenKind::kOr, at, stop, MistakeKind::foreign_word};
  if (word == "NOT") return {TokenKind::kNot, at, stop, MistakeKind::foreign_word};
  return {TokenKind::kIdentifier, at, stop, MistakeKind::none};
}

// 5,000,000: where it ends, or null.
const char* end_of_thousands(const char* at, const char* end) {
  const auto is_digit = [&](const char* p) { return p < end && *p >= '0' && *p <= '9'; };
  const char* p = at;
  while (is_digit(p)) ++p;
  if (p == at || p - at > 3) return nullptr;
  const char* stop = nullptr;
  while (p < end && *p == ',' && is_digit(p + 1) && is_digit(p + 2) && is_digit(p + 3) && !is_digit(p + 4)) {
    p += 4;
    stop = p;
  }
  if (stop != nullptr && stop + 1 < end && *stop == '.' && is_digit(stop + 1)) {
    ++stop;
    while (is_digit(stop)) ++stop;
  }
  return stop != nullptr && (stop == end || !is_word_continue(decode(stop, end).value)) ? stop : nullptr;
}

MistakeKind digits_mistake(const char* begin, const char* end) {
  return is_ascii(view(begin, end)) ? MistakeKind::none : MistakeKind::foreign_digits;
}

Lexeme scan_number(const char* at, const char* end, bool in_brackets) {
  const char* stop = match_end<lexical::number>(at, end);
  const char next = stop == end ? '\0' : *stop;
  // What follows decides; most numbers end at once.
  if (next == '-' || next == '/') {
    if (const char* day_end = match_end<lexical::day>(at, end)) {
      const auto year =
          digits_mistake(at, day_end) != MistakeKind::none ? 2000 : std::stoi(std::string(view(at, at + 4)));
      if (next == '-' || (year >= 1300 && year < 2200)) {
        if (const char* time_end = match_end<lexical::time>(at, end)) {
          const bool right = match_end<lexical::right_time>(at, time_end) != nullptr;
          return {TokenKind::kTimeLiteral, at, time_end, right ? MistakeKind::none : MistakeKind::malformed_date};
        }
        if (const char* date_end = match_end<lexical::date>(at, end)) {
          const bool right = match_end<lexical::right_date>(at, date_end) != nullptr;
          return {TokenKind::kDateLiteral, at, date_end, right ? MistakeKind::none : MistakeKind::malformed_date};
        }
      }
    }
    return {TokenKind::kNumberLiteral, at, stop, digits_mistake(at, stop)};
  }
  if (next == '%' || next == ' ' || next == '\t' || next == '\xd9') {
    if (const char* percent_end = match_end<lexical::percent>(at, end)) {
      MistakeKind mistake = digits_mistake(at, percent_end);
      if (mistake == MistakeKind::none && percent_end != stop + 1) mistake = MistakeKind::malformed_number;
      return {TokenKind::kPercentLiteral, at, percent_end, mistake};
    }
    return {TokenKind::kNumberLiteral, at, stop, digits_mistake(at, stop)};
  }
  if (next == ',' && !in_brackets) {
    if (const char* thousands_end = end_of_thousands(at, end)) {
      return {TokenKind::kNumberLiteral, at, thousands_end, MistakeKind::malformed_number};
    }
    if (const char* comma_end = match_end<lexical::decimal_comma>(at, end)) {
      return {TokenKind::kNumberLiteral, at, comma_end, MistakeKind::malformed_number};
    }
  }
  if (next == '.' || next == ',') {
    const char* grouped_end = match_end<lexical::two_points>(at, end);
    if (grouped_end == nullptr && next == ',' && !in_brackets)
      grouped_end = match_end<lexical::grouped_number>(at, end);
    if (grouped_end != nullptr) return {TokenKind::kNumberLiteral, at, grouped_end, MistakeKind::malformed_number};
  }
  if (stop != end && is_word_continue(decode(stop, end).value)) {
    if (const char* ordinal_end = match_end<lexical::ordinal>(at, end)) {
      return {TokenKind::kOrdinalLiteral, at, ordinal_end, digits_mistake(at, ordinal_end)};
    }
    const char* glued_end = word_end(stop, end);
    const std::string_view glued = view(stop, glued_end);
    const bool is_unit = is_unit_word(find_word(glued)) || (glued.size() == 3 && glued[0] >= 'A' && glued[0] <= 'Z' &&
                                                            glued[2] >= 'A' && glued[2] <= 'Z');
    return {TokenKind::kNumberLiteral, at, is_unit ? stop : glued_end, MistakeKind::malformed_number};
  }
  return {TokenKind::kNumberLiteral, at, stop, digits_mistake(at, stop)};
}

MistakeKind text_mistake(std::string_view text) {
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    const char escaped = text[++i];
    if (escaped == '"' || escaped == '\\' || escaped == 'n' || escaped == 't') continue;
    if (escaped == 'u' && i + 1 < text.size() && text[i + 1] == '{') {
      std::size_t close = i + 2;
      while (close < text.size() && std::strchr("0123456789abcdefABCDEF", text[close]) != nullptr && text[close] != 0) {
        ++close;
      }
      const std::size_t num_digits = close - (i + 2);
      if (num_digits >= 1 && num_digits <= 6 && close < text.size() && text[close] == '}') {
        const unsigned long value = std::stoul(std::string(text.substr(i + 2, num_digits)), nullptr, 16);
        if (value <= 0x10ffff && (value < 0xd800 || value > 0xdfff) && value != 0) continue;
      }
    }
    return MistakeKind::unknown_escape;
  }
  return MistakeKind::none;
}

Lexeme scan_text(const char* at, const char* end) {
  if (const char* stop = match_end<lexical::text>(at, end)) {
    return {TokenKind::kTextLiteral, at, stop, text_mistake(view(at, stop))};
  }
  if (const char* stop = match_end<lexical::half_curly_text>(at, end)) {
    return {TokenKind::kTextLiteral, at, stop, MistakeKind::curly_quotes};
  }
  return {TokenKind::kTextLiteral, at, match_end<lexical::open_text>(at, end), MistakeKind::unterminated_text};
}

struct ForeignSign {
  std::string_view text;
  TokenKind kind;
};
// Longer ones first.
constexpr ForeignSign kForeignSigns[] = {
    {"===", TokenKind::kEquals},
    {"!==", TokenKind::kNotEquals},
    {"==", TokenKind::kEquals},
    {":=", TokenKind::kEquals},
    {"<>", TokenKind::kNotEquals},
    {"=>", TokenKind::kGreaterOrEqual},
    {"=<", TokenKind::kLessOrEqual},
    {"&&", TokenKind::kAnd},
    {"&", TokenKind::kAnd},
    {"||", TokenKind::kOr},
    {"|", TokenKind::kOr},
    {"!", TokenKind::kNot},
    {"\u2260", TokenKind::kNotEquals},
    {"\u2265", TokenKind::kGreaterOrEqual},
    {"\u2264", TokenKind::kLessOrEqual},
    {"\u00d7", TokenKind::kStar},
    {"\u00f7", TokenKind::kSlash},
    {"\u2212", TokenKind::kMinus},
    {"\u2013", TokenKind::kMinus},
    {"\u060c", TokenKind::kComma},
    {"\u061b", TokenKind::kSemicolon},
    {"\u2192", TokenKind::kArrow},
};

struct CurrencySign {
  std::string_view text;
  std::string_view code;
  bool is_sure = true;  // false: several currencies have it
};
constexpr CurrencySign kCurrencySigns[] = {
    {"\u20ac", "EUR"}, {"\u00a3", "GBP"}, {"$", "USD", false}, {"\u00a5", "JPY", false}, {"\ufdfc", "IRR"}};

struct Sign {
  std::string_view text;
  TokenKind kind;
};
constexpr Sign kSigns[] = {
#define SEG_SIGN(id, text) {text, TokenKind::id},
#define SEG_BINDING(node, power, text)
#include "grammar/operators.def"
#undef SEG_BINDING
#undef SEG_SIGN
};

Lexeme scan_sign(const char* at, const char* end) {
  const std::string_view rest = view(at, end);
  const char c = *at;
  if (static_cast<unsigned char>(c) >= 0x80u || std::strchr("=!<:&|", c) != nullptr) {
    for (const ForeignSign& sign : kForeignSigns) {
      if (!rest.starts_with(sign.text)) continue;
      if (sign.text == "!" && rest.starts_with("!=")) continue;
      return {sign.kind, at, at + sign.text.size(), MistakeKind::foreign_sign};
    }
  }
  for (const Sign& sign : kSigns) {
    if (rest.starts_with(sign.text)) return {sign.kind, at, at + sign.text.size(), MistakeKind::none};
  }
  for (const CurrencySign& sign : kCurrencySigns) {
    if (!rest.starts_with(sign.text)) continue;
    const char* stop = at + sign.text.size();
    // €500: read as its number.
    if (const char* number_end = match_end<lexical::number>(stop, end)) {
      return {TokenKind::kNumberLiteral, at, number_end, MistakeKind::foreign_sign};
    }
    return {TokenKind::kIdentifier, at, stop, MistakeKind::foreign_sign};
  }
  if (const char* stop = match_end<lexical::curly_text>(at, end)) {
    return {TokenKind::kTextLiteral, at, stop, MistakeKind::curly_quotes};
  }
  return {TokenKind::kUnknown, at, at + decode(at, end).size, MistakeKind::none};
}

}  // namespace

int lexical::digit::digit_value(char32_t c) { return u_charDigitValue(static_cast<UChar32>(c)); }

Lexeme scan(const char* at, const char* end, bool in_brackets) {
  if (at == end) return {TokenKind::kCount, at, at, MistakeKind::none};
  const char c = *at;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return scan_word(at, end);
  if (c >= '0' && c <= '9') return scan_number(at, end, in_brackets);
  if (c == '\n') return {TokenKind::kLineEnd, at, at + 1, MistakeKind::none};
  if (c == '\r') return {TokenKind::kLineEnd, at, at + 2, MistakeKind::none};
  if (c == '"') return scan_text(at, end);
  if (static_cast<unsigned char>(c) >= 0x80u) {
    const CodePoint point = decode(at, end);
    if (is_word_start(point.value)) return scan_word(at, end);
    if (lexical::digit::digit_value(point.value) >= 0) return scan_number(at, end, in_brackets);
  }
  return scan_sign(at, end);
}

namespace {

// Digits of any script as ASCII, the Arabic decimal point and percent sign too.
std::string with_ascii_digits(std::string_view text) {
  std::string out;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const CodePoint point = decode(at, end);
    const int value = point.value < 0x80 ? -1 : lexical::digit::digit_value(point.value);
    if (value >= 0) {
      out += static_cast<char>('0' + value);
    } else if (point.value == 0x066b) {
      out += '.';
    } else if (point.value == 0x066a) {
      out += '%';
    } else {
      out.append(at, static_cast<std::size_t>(point.size));
    }
    at += point.size;
  }
  return out;
}

// 2026/6/3 -> 2026-06-03, 2026-06-03 9:05 -> 2026-06-03T09:05.
std::string right_date(std::string_view text) {
  const std::string ascii = with_ascii_digits(text);
  std::string out;
  std::string digits;
  const auto flush = [&] {
    if (digits.size() == 1) out += '0';
    out += digits;
    digits.clear();
  };
  std::size_t num_separators = 0;
  for (std::size_t i = 0; i < ascii.size(); ++i) {
    const char c = ascii[i];
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c == ' ' || c == '\t' || c == 'T' || c == 't') {
      if (!digits.empty()) {
        flush();
        out += 'T';
      }
    } else if ((c == '-' || c == '/') && num_separators < 2) {
      ++num_separators;
      flush();
      out += '-';
    } else {
      flush();
      out += c == 'z' ? 'Z' : c;
      if (c == '.') {  // fractions of a second stay as they are
        while (i + 1 < ascii.size() && ascii[i + 1] >= '0' && ascii[i + 1] <= '9') out += ascii[++i];
      }
    }
  }
  flush();
  return out;
}

std::string right_text(std::string_view inner) {
  std::string out = "\"";
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '"') out += '\\';
    out += inner[i];
    if (inner[i] == '\\' && i + 1 < inner.size()) out += inner[++i];
  }
  out += '"';
  return out;
}

std::string doubled_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != '\\' || i + 1 >= text.size()) continue;
    const char escaped = text[i + 1];
    if (escaped == '"' || escaped == '\\' || escaped == 'n' || escaped == 't') {
      out += escaped;
      ++i;
    } else {
      out += '\\';
    }
  }
  return out;
}

std::string right_number(std::string_view text, TokenKind kind) {
  if (kind == TokenKind::kPercentLiteral) {
    std::string out;
    for (const char c : text) {
      if (c != ' ' && c != '\t') out += c;
    }
    return out;
  }
  const std::size_t num_commas = static_cast<std::size_t>(std::count(text.begin(), text.end(), ','));
  const std::size_t num_points = static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
  const bool is_decimal = num_commas == 1 && text.size() - text.find(',') <= 3;
  if (num_commas > 0 && !is_decimal && text.find_first_not_of("0123456789,.") == text.npos &&
      (num_points == 0 || (num_points == 1 && text.find('.') > text.rfind(',')))) {
    std::string out(text);
    std::replace(out.begin(), out.end(), ',', '_');
    return out;
  }
  const auto is_digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
  };
  // 300,50; 1.000,50; 1.000.000: a comma before the fraction, points between thousands.
  if (num_commas <= 1 && (num_commas == 1 || num_points >= 2)) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string out;
    bool is_grouped = comma == text.size() || is_digits(text.substr(comma + 1));
    for (std::size_t from = 0; from <= comma;) {
      const std::size_t to = std::min(text.find('.', from), comma);
      const std::string_view group = text.substr(from, to - from);
      is_grouped =
          is_grouped && is_digits(group) && (from == 0 ? num_points == 0 || group.size() <= 3 : group.size() == 3);
      out += (from == 0 ? "" : "_") + std::string(group);
      from = to + 1;
    }
    if (is_grouped) return out + (comma == text.size() ? "" : "." + std::string(text.substr(comma + 1)));
  }
  // 30k
  if (text.size() >= 2 && (text.back() == 'k' || text.back() == 'K') && is_digits(text.substr(0, text.size() - 1))) {
    return std::string(text.substr(0, text.size() - 1)) + "_000";
  }
  if (num_commas == 0 && num_points == 0 && text.find_first_not_of("0123456789_") == text.npos && text.back() != '_' &&
      text.find("__") == text.npos) {
    return std::string(text) + " ";  // 10days
  }
  if (num_points == 1 && text.find_first_not_of("0123456789_.") == text.npos) return std::string(text) + " ";
  return {};
}

}  // namespace

Mistake explain_mistake(const Lexeme& lexeme) {
  const std::string_view text = view(lexeme.begin, lexeme.end);
  switch (lexeme.mistake) {
    case MistakeKind::none: return {};
    case MistakeKind::foreign_sign:
      for (const CurrencySign& sign : kCurrencySigns) {
        if (!text.starts_with(sign.text)) continue;
        const std::string number = with_ascii_digits(text.substr(sign.text.size()));
        return {lexeme.mistake, number.empty() ? std::string(sign.code) : number + " " + std::string(sign.code),
                sign.is_sure};
      }
      return {lexeme.mistake, std::string(spelling(lexeme.kind))};
    case MistakeKind::foreign_word: return {lexeme.mistake, std::string(spelling(lexeme.kind))};
    case MistakeKind::foreign_digits: return {lexeme.mistake, with_ascii_digits(text)};
    case MistakeKind::curly_quotes: {
      const char* end = lexeme.end;
      const char* inner = lexeme.begin + decode(lexeme.begin, end).size;
      const char* inner_end = end - 1;
      while ((static_cast<unsigned char>(*inner_end) & 0xc0u) == 0x80u) --inner_end;
      return {lexeme.mistake, right_text(view(inner, inner_end))};
    }
    case MistakeKind::unterminated_text: return {lexeme.mistake, ""};
    case MistakeKind::unknown_escape: return {lexeme.mistake, doubled_escapes(text)};
    case MistakeKind::malformed_number: return {lexeme.mistake, right_number(text, lexeme.kind)};
    case MistakeKind::malformed_date: return {lexeme.mistake, right_date(text)};
  }
  return {};
}

}  // namespace seg::grammar
