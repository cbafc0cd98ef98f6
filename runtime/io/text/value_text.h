// Values written as text: numbers, money, flags, durations, places, and texts themselves in their normal form.
// In: the text of one cell. Out: the value, or a verdict that says why there is none. The loader calls these once per
// distinct text where the source has dictionaries, else once per cell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostic_code.h"

namespace seg::io {

// What became of one cell. Verdicts from kNotParsed on are findings about its row.
enum class Verdict : std::uint8_t {
  kValue,
  kMissing,
  kNotParsed,      // S6104
  kTimeNotParsed,  // S6105
  kTooLarge,       // S6106
  kNotInChoice,    // S6107
  kNotUtf8,        // S6103
};
inline bool is_bad(Verdict verdict) { return verdict >= Verdict::kNotParsed; }
base::Code code_of(Verdict verdict);  // only of bad ones

std::string_view trimmed(std::string_view text);
// Empty, or nothing but blanks (those of Unicode too).
bool is_blank(std::string_view text);

// The text in NFC, in `text` itself or in `buffer`, which `text` then views. Blank: kMissing.
Verdict normalize_text(std::string_view& text, std::string& buffer);

// Blanks around a value are passed over, a blank text is missing; so is NaN. Digits may be grouped by threes.
Verdict parse_integer(std::string_view text, bool decimal_comma, std::int64_t& value);
Verdict parse_number(std::string_view text, bool decimal_comma, double& value);
// In 1/10000 of the currency's unit, rounded half away from zero, from the decimal digits themselves.
Verdict parse_money(std::string_view text, bool decimal_comma, std::int64_t& value);
// yes, no, true, false, y, n, t, f, 1, 0; in any case
Verdict parse_flag(std::string_view text, bool& value);
// Microseconds: a number of `unit` microseconds, 1:30:00, ISO 8601 without months and years (P1DT2H, PT15M).
Verdict parse_duration(std::string_view text, bool decimal_comma, double unit, std::int64_t& value);
// "35.70, 51.42", "35.70 51.42", "POINT(51.42 35.70)" (x first, as GIS programs write it)
Verdict parse_location(std::string_view text, double& latitude, double& longitude);
bool is_location(double latitude, double longitude);

// From binary numbers; not finite: missing.
Verdict money_of(double value, std::int64_t& money);
Verdict micros_of(double value, double unit, std::int64_t& micros);

}  // namespace seg::io
