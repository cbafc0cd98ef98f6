#include "base/value_text.h"

#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/diagnostic_code.h"

namespace seg::base {
namespace {

std::string day_text(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

std::string time_text(std::int64_t instant) {
  std::int64_t day = instant / kMicrosPerDay;
  if (instant % kMicrosPerDay < 0) --day;
  const std::int64_t second = (instant - day * kMicrosPerDay) / kMicrosPerSecond;
  char text[16];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02dZ", static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return day_text(day) + text;
}

std::string duration_text(std::int64_t micros) {
  const double hours = static_cast<double>(micros) / static_cast<double>(kMicrosPerHour);
  if (std::fabs(hours) >= 48) return number_text(hours / 24, 2) + " days";
  return number_text(hours, 2) + " hours";
}

}  // namespace

std::string number_text(double number, int max_decimals) {
  if (std::fabs(number) >= 1e15) {
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", number);
    return text;
  }
  char decimals[64];
  std::snprintf(decimals, sizeof decimals, "%.*f", max_decimals, std::fabs(number));
  std::string text = decimals;
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > 3; at -= 3) text.insert(at - 3, ",");
  return (number < 0 && text != "0" ? "-" : "") + text;
}

std::string money_text(std::int64_t units, const std::string& currency) {
  const bool negative = units < 0;
  const auto size = negative ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
  std::string text = format_count(static_cast<std::int64_t>(size / kMoneyScale));
  if (const std::uint64_t rest = size % kMoneyScale; rest != 0) {
    char decimals[8];
    std::snprintf(decimals, sizeof decimals, ".%04d", static_cast<int>(rest));
    text += decimals;
    text.erase(std::max(text.find_last_not_of('0') + 1, text.find('.') + 3));
  }
  return (negative ? "-" : "") + text + (currency.empty() ? "" : " " + currency);
}

std::string value_text(const Value& value, const Type& type, const Schema& schema) {
  if (value.is_missing()) return type.kind == TypeKind::kFlag ? "unknown" : "missing";
  switch (type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: return "\"" + value.text() + "\"";
    case TypeKind::kNumber: return number_text(value.number());
    case TypeKind::kInteger: return format_count(value.integer());
    case TypeKind::kFlag: return value.flag() ? "yes" : "no";
    case TypeKind::kDate: return day_text(value.integer());
    case TypeKind::kTime: return time_text(value.integer());
    case TypeKind::kDuration: return duration_text(value.integer());
    case TypeKind::kDistance: return number_text(value.number() / 1000, 3) + " km";
    case TypeKind::kMoney:
      return money_text(value.integer(), type.detail < schema.currencies.size() ? schema.currencies[type.detail] : "");
    case TypeKind::kLocation:
      return "point(" + number_text(value.location().latitude) + ", " + number_text(value.location().longitude) + ")";
    case TypeKind::kChoice: {
      const auto index = static_cast<std::size_t>(value.integer());
      return type.detail < schema.choices.size() && index < schema.choices[type.detail].values.size()
                 ? schema.choices[type.detail].values[index]
                 : std::to_string(index);
    }
    case TypeKind::kList: {
      std::string text;
      for (const Value& element : value.list()) {
        text += (text.empty() ? "" : ", ") + value_text(element, {.kind = type.element, .detail = type.detail}, schema);
      }
      return "[" + text + "]";
    }
    case TypeKind::kReference:
      return schema.tables[type.detail].name + " in row " + std::to_string(value.integer() + 1);
  }
  return "";
}

}  // namespace seg::base
