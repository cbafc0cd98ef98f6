#include "runtime/io/text/value_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/flag_word.h"
#include "base/text_file.h"
#include "base/value.h"

namespace seg::io {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_ascii(std::string_view text) {
  unsigned char any = 0;
  for (const char c : text) any |= static_cast<unsigned char>(c);
  return any < 0x80;
}

// A written number in pieces: sign, the digits before and behind the decimal sign without their grouping.
struct Digits {
  bool is_negative = false;
  std::array<char, 48> text{};  // digits, then '.', then digits
  std::size_t size = 0;
  std::size_t point = 0;  // where '.' stands, or size
};

// Removes grouping and turns the decimal sign into '.'. False if this isn't a plain decimal number.
bool read_digits(std::string_view text, bool decimal_comma, Digits& digits) {
  const char decimal = decimal_comma ? ',' : '.';
  const char group = decimal_comma ? '.' : ',';
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) digits.is_negative = text[at++] == '-';
  std::size_t since_group = 0;
  bool is_grouped = false, has_point = false, has_digit = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (digits.size + 1 >= digits.text.size()) return false;
    if (is_digit(c)) {
      digits.text[digits.size++] = c;
      ++since_group;
      has_digit = true;
    } else if (c == decimal && !has_point) {
      if (is_grouped && since_group != 3) return false;
      has_point = true;
      digits.point = digits.size;
      digits.text[digits.size++] = '.';
    } else if ((c == group || c == '\'' || c == ' ') && !has_point && has_digit) {
      if (is_grouped ? since_group != 3 : since_group > 3) return false;
      is_grouped = true;
      since_group = 0;
    } else {
      return false;
    }
  }
  if (is_grouped && !has_point && since_group != 3) return false;
  if (!has_point) digits.point = digits.size;
  return has_digit;
}

bool is_not_a_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !std::isfinite(value);
}

}  // namespace

base::Code code_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNotParsed: return base::Code::value_not_parsed;
    case Verdict::kTimeNotParsed: return base::Code::time_not_parsed;
    case Verdict::kTooLarge: return base::Code::value_out_of_range;
    case Verdict::kNotInChoice: return base::Code::value_not_in_choice;
    case Verdict::kNotUtf8: return base::Code::data_not_utf8;
    case Verdict::kValue:
    case Verdict::kMissing: break;
  }
  std::fprintf(stderr, "verdict %d has no code\n", static_cast<int>(verdict));
  std::abort();
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank(std::string_view text) {
  std::int32_t at = 0;
  const auto size = static_cast<std::int32_t>(text.size());
  while (at < size) {
    if (static_cast<unsigned char>(text[static_cast<std::size_t>(at)]) < 0x80) {
      if (!is_space(text[static_cast<std::size_t>(at)])) return false;
      ++at;
      continue;
    }
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0 || !u_isUWhiteSpace(c)) return false;
  }
  return true;
}

Verdict normalize_text(std::string_view& text, std::string& buffer) {
  if (is_blank(text)) return Verdict::kMissing;
  if (is_ascii(text)) return Verdict::kValue;
  if (base::find_invalid_utf8(text)) return Verdict::kNotUtf8;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) {
    std::fprintf(stderr, "ICU has no NFC data: %s\n", u_errorName(error));
    std::abort();
  }
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (nfc->isNormalizedUTF8(piece, error)) return Verdict::kValue;
  buffer.clear();
  icu::StringByteSink<std::string> sink(&buffer);
  nfc->normalizeUTF8(0, piece, sink, nullptr, error);
  text = buffer;
  return Verdict::kValue;
}

Verdict parse_integer(std::string_view text, bool decimal_comma, std::int64_t& value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  auto [stop, error] = std::from_chars(begin, end, value);
  if (error == std::errc() && stop == end) return Verdict::kValue;
  text = trimmed(text);
  if (is_blank(text)) return Verdict::kMissing;
  if (is_not_a_number(text)) return Verdict::kMissing;
  Digits digits;
  if (!read_digits(text, decimal_comma, digits)) {
    double number = 0;  // 1e6
    const Verdict verdict = parse_number(text, decimal_comma, number);
    if (verdict != Verdict::kValue) return verdict;
    if (number != std::floor(number)) return Verdict::kNotParsed;
    if (std::abs(number) > 9.2e18) return Verdict::kTooLarge;
    value = static_cast<std::int64_t>(number);
    return Verdict::kValue;
  }
  for (std::size_t i = digits.point + 1; i < digits.size; ++i) {
    if (digits.text[i] != '0') return Verdict::kNotParsed;  // 12.5
  }
  std::string whole = digits.is_negative ? "-" : "";
  whole.append(digits.text.data(), digits.point);
  if (digits.point == 0) whole += '0';
  const auto result = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  return result.ec == std::errc() ? Verdict::kValue : Verdict::kTooLarge;
}

Verdict parse_number(std::string_view text, bool decimal_comma, double& value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (!decimal_comma) {
    auto [stop, error] = std::from_chars(begin, end, value);
    if (error == std::errc() && stop == end) return std::isfinite(value) ? Verdict::kValue : Verdict::kMissing;
  }
  text = trimmed(text);
  if (is_blank(text)) return Verdict::kMissing;
  if (is_not_a_number(text)) return Verdict::kMissing;
  Digits digits;
  if (read_digits(text, decimal_comma, digits)) {
    std::from_chars(digits.text.data(), digits.text.data() + digits.size, value);
    if (digits.is_negative) value = -value;
    return Verdict::kValue;
  }
  std::string plain(text);
  if (decimal_comma) {
    for (char& c : plain) {
      if (c == ',') c = '.';
    }
  }
  const char* from = plain.data() + (plain[0] == '+' ? 1 : 0);
  const auto result = std::from_chars(from, plain.data() + plain.size(), value);
  if (result.ptr != plain.data() + plain.size()) return Verdict::kNotParsed;
  if (result.ec == std::errc::result_out_of_range) return Verdict::kTooLarge;
  return result.ec == std::errc() ? Verdict::kValue : Verdict::kNotParsed;
}

Verdict parse_money(std::string_view text, bool decimal_comma, std::int64_t& value) {
  text = trimmed(text);
  if (is_blank(text)) return Verdict::kMissing;
  Digits digits;
  if (!read_digits(text, decimal_comma, digits)) {
    double number = 0;
    const Verdict verdict = parse_number(text, decimal_comma, number);
    return verdict == Verdict::kValue ? money_of(number, value) : verdict;
  }
  std::int64_t units = 0;
  std::size_t scale = 0;  // digits behind the point taken so far
  for (std::size_t i = 0; i < digits.size && scale < 4; ++i) {
    if (i == digits.point) continue;
    if (__builtin_mul_overflow(units, 10, &units) || __builtin_add_overflow(units, digits.text[i] - '0', &units)) {
      return Verdict::kTooLarge;
    }
    if (i > digits.point) ++scale;
  }
  for (; scale < 4; ++scale) {
    if (__builtin_mul_overflow(units, 10, &units)) return Verdict::kTooLarge;
  }
  const std::size_t next = digits.point + 5;
  if (next < digits.size && digits.text[next] >= '5' && __builtin_add_overflow(units, 1, &units)) {
    return Verdict::kTooLarge;
  }
  value = digits.is_negative ? -units : units;
  return Verdict::kValue;
}

Verdict parse_flag(std::string_view text, bool& value) {
  text = trimmed(text);
  if (is_blank(text)) return Verdict::kMissing;
  const auto word = base::flag_word(text);
  if (!word) return Verdict::kNotParsed;
  value = word->is_yes;
  return Verdict::kValue;
}

Verdict parse_duration(std::string_view text, bool decimal_comma, double unit, std::int64_t& value) {
  text = trimmed(text);
  double number = 0;
  const Verdict verdict = parse_number(text, decimal_comma, number);
  if (verdict == Verdict::kValue) return micros_of(number, unit, value);
  if (verdict != Verdict::kNotParsed) return verdict;

  const bool is_negative = text.front() == '-';
  if (is_negative) text.remove_prefix(1);
  double micros = 0;
  if (text.starts_with('P')) {
    bool in_time = false;
    std::string_view rest = text.substr(1);
    if (rest.empty()) return Verdict::kNotParsed;
    while (!rest.empty()) {
      if (rest.front() == 'T' && !in_time) {
        in_time = true;
        rest.remove_prefix(1);
        if (rest.empty()) return Verdict::kNotParsed;
        continue;
      }
      double count = 0;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
      if (error != std::errc() || end == rest.data() + rest.size()) return Verdict::kNotParsed;
      double seconds = 0;
      if (*end == 'W' && !in_time) seconds = 7 * 86'400;
      if (*end == 'D' && !in_time) seconds = 86'400;
      if (*end == 'H' && in_time) seconds = 3'600;
      if (*end == 'M' && in_time) seconds = 60;
      if (*end == 'S' && in_time) seconds = 1;
      if (seconds == 0) return Verdict::kNotParsed;  // months and years have no fixed length
      micros += count * seconds * base::kMicrosPerSecond;
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    }
  } else {  // hours:minutes, hours:minutes:seconds
    double parts[3] = {0, 0, 0};
    int num_parts = 0;
    std::string_view rest = text;
    while (true) {
      if (num_parts == 3 || rest.empty() || !is_digit(rest.front())) return Verdict::kNotParsed;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), parts[num_parts++]);
      if (error != std::errc()) return Verdict::kNotParsed;
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
      if (rest.empty()) break;
      if (rest.front() != ':') return Verdict::kNotParsed;
      rest.remove_prefix(1);
    }
    if (num_parts < 2 || parts[1] >= 60 || parts[2] >= 60) return Verdict::kNotParsed;
    micros = (parts[0] * 3600 + parts[1] * 60 + parts[2]) * base::kMicrosPerSecond;
  }
  return micros_of(is_negative ? -micros : micros, 1, value);
}

bool is_location(double latitude, double longitude) {
  return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
}

Verdict parse_location(std::string_view text, double& latitude, double& longitude) {
  text = trimmed(text);
  if (is_blank(text)) return Verdict::kMissing;
  const bool is_point = text.size() > 5 && (text.starts_with("POINT") || text.starts_with("point"));
  if (is_point) {
    text = trimmed(text.substr(5));
    if (!text.starts_with('(') || !text.ends_with(')')) return Verdict::kNotParsed;
    text = trimmed(text.substr(1, text.size() - 2));
  } else if ((text.starts_with('(') && text.ends_with(')')) || (text.starts_with('[') && text.ends_with(']'))) {
    text = trimmed(text.substr(1, text.size() - 2));
  }
  double first = 0, second = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), first);
  if (error != std::errc()) return Verdict::kNotParsed;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const std::size_t before = text.size();
  text = trimmed(text);
  if (text.starts_with(',') || text.starts_with(';')) {
    text = trimmed(text.substr(1));
  } else if (text.size() == before) {
    return Verdict::kNotParsed;
  }
  auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), second);
  if (problem != std::errc() || stop != text.data() + text.size()) return Verdict::kNotParsed;
  latitude = is_point ? second : first;
  longitude = is_point ? first : second;
  return is_location(latitude, longitude) ? Verdict::kValue : Verdict::kTooLarge;
}

Verdict money_of(double value, std::int64_t& money) {
  if (!std::isfinite(value)) return Verdict::kMissing;
  const double units = std::round(value * base::kMoneyScale);
  if (!(units > -9.2233720368547e18 && units < 9.2233720368547e18)) return Verdict::kTooLarge;
  money = static_cast<std::int64_t>(units);
  return Verdict::kValue;
}

Verdict micros_of(double value, double unit, std::int64_t& micros) {
  if (!std::isfinite(value)) return Verdict::kMissing;
  const double exact = std::round(value * unit);
  if (!(exact > -9.2233720368547e18 && exact < 9.2233720368547e18)) return Verdict::kTooLarge;
  micros = static_cast<std::int64_t>(exact);
  return Verdict::kValue;
}

}  // namespace seg::io
