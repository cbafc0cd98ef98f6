// Values written as text: numbers, money, flags, durations, places, dates, times, zones, patterns of file names.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "runtime/io/text/glob.h"
#include "runtime/io/text/time_text.h"
#include "runtime/io/text/value_text.h"
#include "runtime/io/text/zone_offsets.h"
#include "runtime/io/value_format.h"

namespace {

using namespace seg;
using namespace seg::io;

std::string integer(std::string_view text, bool comma = false) {
  std::int64_t value = 0;
  const Verdict verdict = parse_integer(text, comma, value);
  return verdict == Verdict::kValue      ? std::to_string(value)
         : verdict == Verdict::kMissing  ? "-"
         : verdict == Verdict::kTooLarge ? "large"
                                         : "bad";
}
std::string money(std::string_view text, bool comma = false) {
  std::int64_t value = 0;
  const Verdict verdict = parse_money(text, comma, value);
  return verdict == Verdict::kValue      ? std::to_string(value)
         : verdict == Verdict::kMissing  ? "-"
         : verdict == Verdict::kTooLarge ? "large"
                                         : "bad";
}
std::string number(std::string_view text, bool comma = false) {
  double value = 0;
  const Verdict verdict = parse_number(text, comma, value);
  std::string written;
  if (verdict == Verdict::kValue) append_number(value, written);
  return verdict == Verdict::kValue      ? written
         : verdict == Verdict::kMissing  ? "-"
         : verdict == Verdict::kTooLarge ? "large"
                                         : "bad";
}
std::string time(std::string_view text) {
  const auto parsed = parse_iso_time(text);
  if (!parsed) return "bad";
  std::string written;
  append_time(parsed->local() - parsed->offset, written);
  return written + (parsed->has_zone ? "" : "?");
}
std::string time(std::string_view text, std::string_view pattern) {
  const auto format = TimeFormat::create(pattern);
  REQUIRE(format);
  const auto parsed = format->parse(text);
  if (!parsed) return "bad";
  std::string written;
  append_time(parsed->local(), written);
  return written;
}

TEST_CASE("whole numbers") {
  CHECK(integer("42") == "42");
  CHECK(integer("-42") == "-42");
  CHECK(integer(" +42 ") == "42");
  CHECK(integer("1,234,567") == "1234567");
  CHECK(integer("1.234.567", true) == "1234567");
  CHECK(integer("12.0") == "12");
  CHECK(integer("1e3") == "1000");
  CHECK(integer("9223372036854775807") == "9223372036854775807");
  CHECK(integer("9223372036854775808") == "large");
  CHECK(integer("12.5") == "bad");
  CHECK(integer("12,34") == "bad");
  CHECK(integer("x") == "bad");
  CHECK(integer("") == "-");
  CHECK(integer("  ") == "-");
  CHECK(integer("NaN") == "-");
}

TEST_CASE("numbers") {
  CHECK(number("0.1") == "0.1");
  CHECK(number("1.5e-3") == "0.0015");
  CHECK(number("1,234.5") == "1234.5");
  CHECK(number("1.234,5", true) == "1234.5");
  CHECK(number("0,5", true) == "0.5");
  CHECK(number("1'234.5") == "1234.5");
  CHECK(number(".5") == "0.5");
  CHECK(number("inf") == "-");
  CHECK(number("nan") == "-");
  CHECK(number("1e999") == "large");
  CHECK(number("12 EUR") == "bad");
}

TEST_CASE("money is read from its digits, rounded half away from zero") {
  CHECK(money("12.5") == "125000");
  CHECK(money("0.00005") == "1");
  CHECK(money("-0.00005") == "-1");
  CHECK(money("0.00004999") == "0");
  CHECK(money("1.00015") == "10002");
  CHECK(money("1.234,56", true) == "12345600");
  CHECK(money("922337203685477.5807") == "9223372036854775807");
  CHECK(money("922337203685477.5808") == "large");
  CHECK(money("1e2") == "1000000");
  CHECK(money("12.5.3") == "bad");
  CHECK(money("") == "-");
}

TEST_CASE("flags") {
  const auto flag = [](std::string_view text) {
    bool value = false;
    const Verdict verdict = parse_flag(text, value);
    return verdict == Verdict::kValue ? (value ? "yes" : "no") : verdict == Verdict::kMissing ? "-" : "bad";
  };
  for (const char* yes : {"yes", "Yes", "TRUE", "true", "1", "y", "t"}) CHECK(flag(yes) == std::string("yes"));
  for (const char* no : {"no", "False", "0", "N", "f"}) CHECK(flag(no) == std::string("no"));
  CHECK(flag(" ") == std::string("-"));
  CHECK(flag("maybe") == std::string("bad"));
  CHECK(flag("2") == std::string("bad"));
}

TEST_CASE("durations") {
  const auto duration = [](std::string_view text, double unit = 1e6) -> std::int64_t {
    std::int64_t value = 0;
    return parse_duration(text, false, unit, value) == Verdict::kValue ? value : -1;
  };
  CHECK(duration("90") == 90'000'000);
  CHECK(duration("1.5", 60e6) == 90'000'000);
  CHECK(duration("1:30:00") == 5'400'000'000);
  CHECK(duration("1:30") == 5'400'000'000);
  CHECK(duration("PT1H30M") == 5'400'000'000);
  CHECK(duration("P1DT1S") == 86'401'000'000);
  CHECK(duration("P1W") == 604'800'000'000);
  CHECK(duration("P1M") == -1);
  CHECK(duration("1:75") == -1);
  CHECK(duration("soon") == -1);
}

TEST_CASE("places") {
  const auto place = [](std::string_view text) -> std::string {
    double latitude = 0, longitude = 0;
    const Verdict verdict = parse_location(text, latitude, longitude);
    if (verdict == Verdict::kMissing) return "-";
    if (verdict != Verdict::kValue) return "bad";
    std::string written;
    append_number(latitude, written);
    written += " ";
    append_number(longitude, written);
    return written;
  };
  CHECK(place("35.7, 51.42") == "35.7 51.42");
  CHECK(place("35.7 51.42") == "35.7 51.42");
  CHECK(place("(35.7;51.42)") == "35.7 51.42");
  CHECK(place("POINT(51.42 35.7)") == "35.7 51.42");
  CHECK(place("95, 10") == "bad");
  CHECK(place("35.7") == "bad");
  CHECK(place("") == "-");
}

TEST_CASE("ISO dates and times") {
  CHECK(time("2026-06-30") == "2026-06-30T00:00:00Z?");
  CHECK(time("20260630") == "2026-06-30T00:00:00Z?");
  CHECK(time("2026-06-30T18:05") == "2026-06-30T18:05:00Z?");
  CHECK(time("2026-06-30 18:05:09.25") == "2026-06-30T18:05:09.25Z?");
  CHECK(time("2026-06-30T18:05:09.123456789Z") == "2026-06-30T18:05:09.123456Z");
  CHECK(time("2026-06-30T18:05:00+03:30") == "2026-06-30T14:35:00Z");
  CHECK(time("2026-06-30 18:05:00 UTC") == "2026-06-30T18:05:00Z");
  CHECK(time("2026-06-30T24:00") == "2026-07-01T00:00:00Z?");
  CHECK(time("2024-02-29") == "2024-02-29T00:00:00Z?");
  CHECK(time("1899-12-31T23:00:00Z") == "1899-12-31T23:00:00Z");
  CHECK(time("2026-02-29") == "bad");
  CHECK(time("2026-13-01") == "bad");
  CHECK(time("2026-06-30T25:00") == "bad");
  CHECK(time("2026-06-30T18:05x") == "bad");
  CHECK(time("30.06.2026") == "bad");
}

TEST_CASE("declared formats") {
  CHECK(time("30.06.2026", "dd.MM.yyyy") == "2026-06-30T00:00:00Z");
  CHECK(time("3.6.26", "d.M.yy") == "2026-06-03T00:00:00Z");
  CHECK(time("6/30/71 2:05 PM", "M/d/yy h:mm a") == "1971-06-30T14:05:00Z");
  CHECK(time("12:05 am 1/1/2026", "h:mm a M/d/yyyy") == "2026-01-01T00:05:00Z");
  CHECK(time("30-Jun-2026", "dd-MMM-yyyy") == "2026-06-30T00:00:00Z");
  CHECK(time("30 september 2026 um 18 Uhr", "dd MMMM yyyy 'um' HH 'Uhr'") == "2026-09-30T18:00:00Z");
  CHECK(time("31.06.2026", "dd.MM.yyyy") == "bad");
  CHECK(time("30.06.26", "dd.MM.yyyy") == "bad");
  CHECK_FALSE(TimeFormat::create("DD.MM.YYYY"));
  CHECK_FALSE(TimeFormat::create("HH:mm"));
  CHECK_FALSE(TimeFormat::create("yyyy-MM-dd 'x"));
}

TEST_CASE("days there and back") {
  for (std::int32_t day = -700'000; day < 2'000'000; day += 37) {
    std::string written;
    append_date(day, written);
    const auto parsed = parse_iso_time(written);
    REQUIRE(parsed);
    REQUIRE(parsed->day == day);
  }
}

TEST_CASE("local times") {
  const auto berlin = ZoneOffsets::create("Europe/Berlin");
  REQUIRE(berlin);
  const auto utc = [&](const char* local) {
    std::string written;
    append_time(berlin->to_utc(parse_iso_time(local)->local()), written);
    return written;
  };
  CHECK(utc("2026-01-15T12:00") == "2026-01-15T11:00:00Z");
  CHECK(utc("2026-07-15T12:00") == "2026-07-15T10:00:00Z");
  CHECK(utc("2026-03-29T02:30") == "2026-03-29T01:30:00Z");  // skipped: as much later
  CHECK(utc("2026-03-29T03:00") == "2026-03-29T01:00:00Z");
  CHECK(utc("2026-10-25T02:30") == "2026-10-25T00:30:00Z");  // twice: the first
  CHECK(utc("2026-10-25T03:00") == "2026-10-25T02:00:00Z");
  for (std::int64_t instant = 1'700'000'000'000'000; instant < 1'800'000'000'000'000; instant += 3'601'000'000) {
    const std::int64_t local = berlin->to_local(instant);
    const std::int64_t back = berlin->to_utc(local);
    CHECK((back == instant || back == instant - 3'600'000'000));
  }
  CHECK_FALSE(ZoneOffsets::create("Europe/Berlim"));
  CHECK(ZoneOffsets::create("UTC")->is_utc());
}

TEST_CASE("texts in their normal form") {
  const auto normal = [](const std::string& text) -> std::string {
    std::string buffer;
    std::string_view view = text;
    switch (normalize_text(view, buffer)) {
      case Verdict::kValue: return std::string(view);
      case Verdict::kMissing: return "-";
      default: return "bad";
    }
  };
  CHECK(normal("Tehran") == "Tehran");
  CHECK(normal(" x ") == " x ");
  CHECK(normal("Cafe\u0301") == "Café");
  CHECK(normal("") == "-");
  CHECK(normal(" \t\u00A0\u2003") == "-");
  CHECK(normal("\xC3\x28") == "bad");
  CHECK(normal("\xED\xA0\x80") == "bad");
}

TEST_CASE("patterns of names") {
  CHECK(matches_name("*.csv", "a.csv"));
  CHECK_FALSE(matches_name("*.csv", "a.csv.gz"));
  CHECK(matches_name("a?c", "abc"));
  CHECK(matches_name("a?c", "aéc"));
  CHECK(matches_name("[a-c]x", "bx"));
  CHECK_FALSE(matches_name("[!a-c]x", "bx"));
  CHECK(matches_name("*2026*", "orders-2026-01.csv"));
  CHECK(matches_name("**", "x"));
}

}  // namespace
