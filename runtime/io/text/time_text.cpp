#include "runtime/io/text/time_text.h"

#include <algorithm>
#include <array>

namespace seg::io {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Between `min` and `max` digits at `at`, which moves behind them.
bool take_digits(std::string_view text, std::size_t& at, int min, int max, std::int64_t& value) {
  int num = 0;
  value = 0;
  while (num < max && at < text.size() && is_digit(text[at])) {
    value = value * 10 + (text[at++] - '0');
    ++num;
  }
  return num >= min;
}

bool take(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

// Parts of a second to microseconds; more than six digits are cut.
bool take_fraction(std::string_view text, std::size_t& at, std::int64_t& micros) {
  std::int64_t unit = kSecond / 10;
  bool any = false;
  for (micros = 0; at < text.size() && is_digit(text[at]); ++at, any = true) {
    micros += (text[at] - '0') * unit;
    unit /= 10;
  }
  return any;
}

// Z, +03:30, +0330, +03
bool take_zone(std::string_view text, std::size_t& at, std::int64_t& offset) {
  offset = 0;
  if (take(text, at, 'Z') || take(text, at, 'z')) return true;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
  const std::int64_t sign = text[at++] == '-' ? -1 : 1;
  std::int64_t hours = 0, minutes = 0;
  if (!take_digits(text, at, 2, 2, hours)) return false;
  const bool colon = take(text, at, ':');
  if ((colon || (at < text.size() && is_digit(text[at]))) && !take_digits(text, at, 2, 2, minutes)) return false;
  if (hours > 18 || minutes > 59) return false;
  offset = sign * (hours * 3600 + minutes * 60) * kSecond;
  return true;
}

bool is_clock_time(std::int64_t hour, std::int64_t minute, std::int64_t second) {
  return hour <= 23 && minute <= 59 && second <= 60;
}

// Midnight may be written 24:00, and a leap second :60; both are the next second's beginning.
std::int64_t clock_micros(std::int64_t hour, std::int64_t minute, std::int64_t second, std::int64_t micros) {
  return (hour * 3600 + minute * 60 + second) * kSecond + micros;
}

int take_month_name(std::string_view text, std::size_t& at, bool is_long) {
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    for (const std::string_view name : {kMonths[month], is_long ? kMonths[month] : kMonths[month].substr(0, 3)}) {
      if (text.size() - at < name.size()) continue;
      bool same = true;
      for (std::size_t i = 0; i < name.size(); ++i) same = same && lower(text[at + i]) == name[i];
      if (!same) continue;
      at += name.size();
      return static_cast<int>(month) + 1;
    }
  }
  return 0;
}

}  // namespace

std::optional<std::int32_t> day_number(std::int64_t year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  constexpr std::array<int, 12> kLengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > kLengths[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0)) return std::nullopt;
  // Years begin in March here, so that the leap day is the last one.
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int32_t>(era * 146'097 + day_of_era - 719'468);
}

std::optional<TextTime> parse_iso_time(std::string_view text) {
  TextTime time;
  std::size_t at = 0;
  std::int64_t year = 0, month = 0, day = 0;
  if (!take_digits(text, at, 4, 4, year)) return std::nullopt;
  const bool has_dashes = take(text, at, '-');
  if (!take_digits(text, at, 2, 2, month)) return std::nullopt;
  if (has_dashes && !take(text, at, '-')) return std::nullopt;
  if (!take_digits(text, at, 2, 2, day)) return std::nullopt;
  const auto number = day_number(year, static_cast<int>(month), static_cast<int>(day));
  if (!number) return std::nullopt;
  time.day = *number;
  if (at == text.size()) return time;

  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return std::nullopt;
  ++at;
  std::int64_t hour = 0, minute = 0, second = 0, micros = 0;
  if (!take_digits(text, at, 2, 2, hour) || !take(text, at, ':') || !take_digits(text, at, 2, 2, minute)) {
    return std::nullopt;
  }
  if (take(text, at, ':')) {
    if (!take_digits(text, at, 2, 2, second)) return std::nullopt;
    if ((take(text, at, '.') || take(text, at, ',')) && !take_fraction(text, at, micros)) return std::nullopt;
  }
  const bool is_end_of_day = hour == 24 && minute == 0 && second == 0 && micros == 0;
  if (!is_clock_time(hour, minute, second) && !is_end_of_day) return std::nullopt;
  time.has_time = true;
  time.micros = clock_micros(hour, minute, second, micros);
  if (at < text.size() && text[at] == ' ') ++at;  // 2026-06-30 18:00:00 +03:30
  if (at < text.size()) {
    if (text.substr(at) == "UTC") {
      at = text.size();
    } else if (!take_zone(text, at, time.offset)) {
      return std::nullopt;
    }
    time.has_zone = true;
  }
  if (at != text.size()) return std::nullopt;
  return time;
}

std::optional<TimeFormat> TimeFormat::create(std::string_view pattern) {
  TimeFormat format;
  bool has_year = false, has_month = false, has_day = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      const std::size_t close = pattern.find('\'', i + 1);
      if (close == std::string_view::npos) return std::nullopt;
      for (std::size_t j = i + 1; j < close; ++j) format.items_.push_back({0, pattern[j]});
      if (close == i + 1) format.items_.push_back({0, '\''});
      i = close + 1;
      continue;
    }
    if (!is_letter(c) || c == 'T') {  // T between date and time is common enough to stand without quotes
      format.items_.push_back({0, c});
      ++i;
      continue;
    }
    if (std::string_view("yMdHhmsSaXZ").find(c) == std::string_view::npos) return std::nullopt;
    std::size_t end = i;
    while (end < pattern.size() && pattern[end] == c) ++end;
    format.items_.push_back({c, static_cast<int>(end - i)});
    has_year = has_year || c == 'y';
    has_month = has_month || c == 'M';
    has_day = has_day || c == 'd';
    i = end;
  }
  if (!has_year || !has_month || !has_day) return std::nullopt;
  return format;
}

std::optional<TextTime> TimeFormat::parse(std::string_view text) const {
  TextTime time;
  std::size_t at = 0;
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
  bool is_pm = false, has_half = false;
  for (const Item& item : items_) {
    const int count = item.count;
    const int min = count >= 2 ? 2 : 1;
    switch (item.letter) {
      case 0:
        if (!take(text, at, static_cast<char>(count))) return std::nullopt;
        break;
      case 'y':
        if (count == 2) {
          if (!take_digits(text, at, 2, 2, year)) return std::nullopt;
          year += year < 70 ? 2000 : 1900;
        } else if (!take_digits(text, at, 4, 4, year)) {
          return std::nullopt;
        }
        break;
      case 'M':
        if (count >= 3) {
          month = take_month_name(text, at, count > 3);
          if (month == 0) return std::nullopt;
        } else if (!take_digits(text, at, min, 2, month)) {
          return std::nullopt;
        }
        break;
      case 'd':
        if (!take_digits(text, at, min, 2, day)) return std::nullopt;
        break;
      case 'H':
      case 'h':
        if (!take_digits(text, at, min, 2, hour)) return std::nullopt;
        time.has_time = true;
        break;
      case 'm':
        if (!take_digits(text, at, min, 2, minute)) return std::nullopt;
        break;
      case 's':
        if (!take_digits(text, at, min, 2, second)) return std::nullopt;
        break;
      case 'S':
        if (!take_fraction(text, at, micros)) return std::nullopt;
        break;
      case 'a':
        if (text.size() - at < 2 || lower(text[at + 1]) != 'm') return std::nullopt;
        is_pm = lower(text[at]) == 'p';
        if (!is_pm && lower(text[at]) != 'a') return std::nullopt;
        has_half = true;
        at += 2;
        break;
      default:  // X, Z
        if (!take_zone(text, at, time.offset)) return std::nullopt;
        time.has_zone = true;
        break;
    }
  }
  if (at != text.size()) return std::nullopt;
  if (has_half) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (is_pm ? 12 : 0);
  }
  if (!is_clock_time(hour, minute, second)) return std::nullopt;
  const auto number = day_number(year, static_cast<int>(month), static_cast<int>(day));
  if (!number) return std::nullopt;
  time.day = *number;
  time.micros = clock_micros(hour, minute, second, micros);
  return time;
}

std::optional<TextTime> parse_time(std::string_view text, const std::vector<TimeFormat>& formats) {
  for (const TimeFormat& format : formats) {
    if (const auto time = format.parse(text)) return time;
  }
  return parse_iso_time(text);
}

}  // namespace seg::io
