#include "base/text_width.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace seg::base {
namespace {

UChar32 next_code_point(std::string_view text, std::int32_t& at) {
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(text.data()), at, static_cast<std::int32_t>(text.size()), c);
  return c;
}

bool is_bidi_control(UChar32 c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool is_invisible_control(UChar32 c) { return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029; }

// "<U+202E>": what would else be invisible or act on the terminal.
std::string visible_name(UChar32 c) {
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "<U+%04X>", static_cast<unsigned>(c));
  return name.data();
}

int cells_of(UChar32 c) {
  if (is_bidi_control(c) || is_invisible_control(c)) return static_cast<int>(visible_name(c).size());
  const auto category = static_cast<UCharCategory>(u_charType(c));
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

enum class Direction { left, right, neutral, joining };

Direction direction_of(UChar32 c) {
  switch (u_charDirection(c)) {
    case U_RIGHT_TO_LEFT:
    case U_RIGHT_TO_LEFT_ARABIC: return Direction::right;
    case U_LEFT_TO_RIGHT: return Direction::left;
    case U_EUROPEAN_NUMBER:
    case U_ARABIC_NUMBER:
    case U_DIR_NON_SPACING_MARK:
    case U_BOUNDARY_NEUTRAL: return Direction::joining;
    default: break;
  }
  // Between words of one phrase or one name; other punctuation belongs to the language around it.
  return c == ' ' || c == '_' || c == '-' || c == 0x060c || c == 0x200c ? Direction::joining : Direction::neutral;
}

}  // namespace

std::vector<Grapheme> graphemes(std::string_view text, int tab_width) {
  std::vector<Grapheme> result;
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), error));
  UText* utext = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &error);
  if (U_FAILURE(error)) std::abort();
  breaks->setText(utext, error);
  int column = 0;
  std::int32_t begin = breaks->first();
  for (std::int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next()) {
    int num_cells = 0;
    if (text[static_cast<std::size_t>(begin)] == '\t') {
      num_cells = tab_width - column % tab_width;
    } else {
      bool is_emoji = false;
      for (std::int32_t at = begin; at < end;) {
        const UChar32 c = next_code_point(text, at);
        // A cluster is as wide as its widest part: flags and joined emoji take two cells, not four or eight.
        const int cells = cells_of(c);
        num_cells = is_bidi_control(c) || is_invisible_control(c) ? num_cells + cells : std::max(num_cells, cells);
        is_emoji = is_emoji || c == 0xfe0f || u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR);
      }
      if (is_emoji) num_cells = 2;
    }
    column += num_cells;
    result.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), num_cells});
  }
  utext_close(utext);
  return result;
}

int num_cells(std::string_view text) {
  int sum = 0;
  for (const Grapheme& grapheme : graphemes(text)) sum += grapheme.num_cells;
  return sum;
}

std::string printable(std::string_view text) {
  std::string result;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t begin = at;
    const UChar32 c = next_code_point(text, at);
    if (c == '\t') {
      result += "    ";
    } else if (is_bidi_control(c) || (is_invisible_control(c) && c != '\n')) {
      result += visible_name(c);
    } else if (c == 0xfffd) {
      result += "\xef\xbf\xbd";
    } else {
      result += text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
  }
  return result;
}

bool has_right_to_left(std::string_view text) {
  for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) {
    if (direction_of(next_code_point(text, at)) == Direction::right) return true;
  }
  return false;
}

std::string isolated(std::string_view text) {
  std::string result;
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t copied = 0;
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t begin = at;
    if (direction_of(next_code_point(text, at)) != Direction::right) continue;
    // The run ends after its last right-to-left character or the marks upon it.
    std::int32_t end = at;
    for (std::int32_t ahead = at; ahead < length;) {
      const UChar32 c = next_code_point(text, ahead);
      const Direction direction = direction_of(c);
      if (direction == Direction::left || direction == Direction::neutral) break;
      if (direction == Direction::right || (u_charType(c) == U_NON_SPACING_MARK && ahead > end)) end = ahead;
    }
    result += text.substr(static_cast<std::size_t>(copied), static_cast<std::size_t>(begin - copied));
    result += "\xe2\x81\xa8";
    result += text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    result += "\xe2\x81\xa9";
    copied = at = end;
  }
  result += text.substr(static_cast<std::size_t>(copied));
  return result;
}

}  // namespace seg::base
