// Guesses from names and values: types in texts, orders of bands, personal fields, money, words for tables.
// In: texts. Out: what they most likely are. Internal to tools/init.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/schema.h"
#include "tools/init/profile.h"

namespace seg::init {

// The type that all of a column's distinct texts can be read as; fills format and remarks of the profile.
void guess_type_of_texts(ColumnProfile& column);

// "Under 15K" < "15-24K" < … < "250K+"; "low" < "high". Empty if the values have no evident order.
std::vector<std::string> guess_order(const std::vector<std::string>& values);

base::Privacy guess_privacy(const ColumnProfile& column, bool is_of_subject);
bool is_money_name(std::string_view name);
bool is_person_name(std::string_view name);  // customer, household, client, …

std::string to_identifier(std::string_view name);             // OrderDate -> order_date, never a reserved word
std::string singular(std::string_view name);                  // orders -> order, categories -> category
bool has_word(std::string_view name, std::string_view word);  // among the words of a snake_case name

}  // namespace seg::init
