// Values as people read them: "2,800 EUR", "35%", "2026-06-30", "missing".
#pragma once

#include <string>

#include "base/schema.h"
#include "base/value.h"

namespace seg::base {

// Times are shown in UTC.
std::string value_text(const Value& value, const Type& type, const Schema& schema);
std::string money_text(std::int64_t units, const std::string& currency);
// With thousands separators and as few decimals as say it, at most `max_decimals`.
std::string number_text(double number, int max_decimals = 4);

}  // namespace seg::base
