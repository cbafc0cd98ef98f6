// Dates and times written as text.
// In: a text and the formats that the source declares. Out: a day, or a local time or instant. ISO 8601 is always
// understood: 2026-06-30, 2026-06-30T18:00, 2026-06-30 18:00:05.25, with Z or +03:30 behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seg::io {

// Days since 1970 of a day of the Gregorian calendar; none if there is no such day.
std::optional<std::int32_t> day_number(std::int64_t year, int month, int day);

struct TextTime {
  std::int32_t day = 0;     // as written
  std::int64_t micros = 0;  // since that day's midnight, as written
  bool has_time = false;    // not only a date
  bool has_zone = false;    // then `offset` is known
  std::int64_t offset = 0;  // microseconds east of UTC

  std::int64_t local() const { return day * std::int64_t{86'400'000'000} + micros; }
};

// Letters of a format: yyyy yy · MM M MMM (Jan) MMMM (January) · dd d · HH H · hh h with a (am, pm) · mm · ss · S
// (parts of a second) · XXX (zone). Everything else stands for itself, letters between single quotes.
class TimeFormat {
 public:
  // None if it isn't a format: an unknown letter, no day, month or year.
  static std::optional<TimeFormat> create(std::string_view pattern);
  std::optional<TextTime> parse(std::string_view text) const;

 private:
  struct Item {
    char letter;  // 0: the literal `count`
    int count;
  };
  std::vector<Item> items_;
};

std::optional<TextTime> parse_iso_time(std::string_view text);

// The formats in their order, then ISO.
std::optional<TextTime> parse_time(std::string_view text, const std::vector<TimeFormat>& formats);

}  // namespace seg::io
