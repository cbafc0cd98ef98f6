// The codes of ISO 4217, for suggestions; currency_index() is in context.h.
#pragma once

#include <string_view>
#include <vector>

namespace seg::check {

std::vector<std::string_view> currency_codes();  // in alphabetical order

}  // namespace seg::check
