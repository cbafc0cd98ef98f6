#include "runtime/io/value_format.h"

#include <charconv>
#include <cstdio>

#include "base/value.h"

namespace seg::io {
namespace {

using base::TypeKind;

void append_integer(std::int64_t value, std::string& text) {
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  text.append(buffer, result.ptr);
}

void append_padded(std::int64_t value, int width, std::string& text) {
  const std::string digits = std::to_string(value);
  text.append(static_cast<std::size_t>(std::max(0, width - static_cast<int>(digits.size()))), '0');
  text += digits;
}

// `fraction` of 10^digits behind the point, without zeros at its end but `min_digits`.
void append_fraction(std::uint64_t fraction, int digits, int min_digits, std::string& text) {
  std::string written = std::to_string(fraction);
  written.insert(0, static_cast<std::size_t>(digits) - written.size(), '0');
  while (static_cast<int>(written.size()) > min_digits && written.back() == '0') written.pop_back();
  if (!written.empty()) text += "." + written;
}

void append_scaled(std::int64_t value, std::uint64_t scale, int digits, int min_digits, std::string& text) {
  if (value < 0) text += '-';
  const std::uint64_t size = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  text += std::to_string(size / scale);
  append_fraction(size % scale, digits, min_digits, text);
}

}  // namespace

std::uint32_t code_of_row(const vector::Column& column, std::uint64_t row) {
  switch (column.storage) {
    case vector::Storage::kInt8: return static_cast<std::uint32_t>(column.as<std::int8_t>()[row]);
    case vector::Storage::kInt16: return static_cast<std::uint32_t>(column.as<std::int16_t>()[row]);
    case vector::Storage::kInt64: return static_cast<std::uint32_t>(column.as<std::int64_t>()[row]);
    default: return static_cast<std::uint32_t>(column.as<std::int32_t>()[row]);
  }
}

void append_number(double value, std::string& text) {
  char buffer[40];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  text.append(buffer, result.ptr);
}

void append_money(std::int64_t units, std::string& text) { append_scaled(units, base::kMoneyScale, 4, 2, text); }

void append_duration(std::int64_t micros, std::string& text) {
  append_scaled(micros, static_cast<std::uint64_t>(base::kMicrosPerSecond), 6, 0, text);
}

void append_date(std::int64_t day, std::string& text) {
  // Days to year, month, day: years begin in March, so that the leap day comes last.
  const std::int64_t z = day + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  append_padded(year_of_era + era * 400 + (month <= 2 ? 1 : 0), 4, text);
  text += '-';
  append_padded(month, 2, text);
  text += '-';
  append_padded(day_of_year - (153 * shifted + 2) / 5 + 1, 2, text);
}

void append_time(std::int64_t micros, std::string& text) {
  std::int64_t day = micros / base::kMicrosPerDay;
  std::int64_t rest = micros % base::kMicrosPerDay;
  if (rest < 0) --day, rest += base::kMicrosPerDay;
  append_date(day, text);
  const std::int64_t seconds = rest / base::kMicrosPerSecond;
  text += 'T';
  append_padded(seconds / 3'600, 2, text);
  text += ':';
  append_padded(seconds / 60 % 60, 2, text);
  text += ':';
  append_padded(seconds % 60, 2, text);
  append_fraction(static_cast<std::uint64_t>(rest % base::kMicrosPerSecond), 6, 0, text);
  text += 'Z';
}

bool append_value(const ValueColumn& value, std::uint64_t row, std::string& text) {
  const vector::Column& column = *value.column;
  if (!column.present(row)) return false;
  switch (value.type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: text += column.dictionary->at(code_of_row(column, row)); return true;
    case TypeKind::kChoice: {
      const std::uint32_t code = code_of_row(column, row);
      if (value.labels == nullptr || code >= value.labels->size()) return false;
      text += (*value.labels)[code];
      return true;
    }
    case TypeKind::kNumber:
    case TypeKind::kDistance: append_number(column.as<double>()[row], text); return true;
    case TypeKind::kInteger: append_integer(column.as<std::int64_t>()[row], text); return true;
    case TypeKind::kFlag:
      text += (column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1) != 0 ? "true" : "false";
      return true;
    case TypeKind::kDate: append_date(column.as<std::int32_t>()[row], text); return true;
    case TypeKind::kTime: append_time(column.as<std::int64_t>()[row], text); return true;
    case TypeKind::kDuration: append_duration(column.as<std::int64_t>()[row], text); return true;
    case TypeKind::kMoney: append_money(column.as<std::int64_t>()[row], text); return true;
    case TypeKind::kLocation: {
      const base::Location& place = column.as<base::Location>()[row];
      append_number(place.latitude, text);
      text += ", ";
      append_number(place.longitude, text);
      return true;
    }
    case TypeKind::kList: {
      ValueColumn element{column.elements.get(), value.type, value.labels, value.referenced};
      element.type.kind = value.type.element;
      const auto* offsets = column.as<std::uint32_t>();
      for (std::uint32_t i = offsets[row]; i < offsets[row + 1]; ++i) {
        if (i != offsets[row]) text += '|';
        append_value(element, i, text);
      }
      return true;
    }
    case TypeKind::kReference: {
      if (value.referenced == nullptr) return false;
      ValueColumn key{value.referenced, {}, nullptr, nullptr};
      key.type.kind = value.referenced->dictionary != nullptr ? TypeKind::kText : TypeKind::kInteger;
      return append_value(key, column.as<std::uint32_t>()[row], text);
    }
  }
  return false;
}

void append_csv(std::string_view value, char delimiter, std::string& text) {
  const bool has_signs =
      value.find_first_of("\"\r\n") != std::string_view::npos || value.find(delimiter) != std::string_view::npos;
  const bool has_edges = !value.empty() && (value.front() == ' ' || value.back() == ' ');
  if (!has_signs && !has_edges && !value.empty()) {
    text += value;
    return;
  }
  text += '"';
  for (const char c : value) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

void append_json(std::string_view value, std::string& text) {
  text += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      text += escape;
    } else {
      text += c;
    }
  }
  text += '"';
}

}  // namespace seg::io
