// Values of columns as text: what CSV, JSON lines and the long layout show.
// In: a column and a row. Out: text that this library reads back as the same value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/type.h"
#include "runtime/vector/column.h"

namespace seg::io {

struct ValueColumn {
  const vector::Column* column = nullptr;
  base::Type type;
  const std::vector<std::string>* labels = nullptr;  // choice
  const vector::Column* referenced = nullptr;        // reference: the key of the other table
};

// The code of a text or choice, whatever its width.
std::uint32_t code_of_row(const vector::Column& column, std::uint64_t row);

// False where there is no value.
bool append_value(const ValueColumn& value, std::uint64_t row, std::string& text);

void append_number(double value, std::string& text);                         // shortest that reads back the same
void append_money(std::int64_t units, std::string& text);                    // 1/10000: 12.50, 0.0625
void append_date(std::int64_t day, std::string& text);                       // 2026-06-30
void append_time(std::int64_t micros, std::string& text);                    // 2026-06-30T18:00:00Z
void append_duration(std::int64_t micros, std::string& text);                // seconds: 90, 0.5
void append_csv(std::string_view value, char delimiter, std::string& text);  // quoted where it must be
void append_json(std::string_view value, std::string& text);                 // with its quotes

}  // namespace seg::io
