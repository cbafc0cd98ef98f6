// The currencies of ISO 4217: what may stand after an amount and after `money in`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace seg::base {

std::span<const std::string_view> currency_codes();  // in alphabetical order
bool is_currency_code(std::string_view text);
// The code that someone means by `eur`, `Euros`, `dollars`; none: the text means no currency, or may mean several.
std::optional<std::string> currency_of_word(std::string_view word);

}  // namespace seg::base
