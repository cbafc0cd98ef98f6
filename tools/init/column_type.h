// Which type of the language a column is best read as: one that every value of it fits.
// In: a SampleColumn and its file. Out: a TypeGuess, with what people should look at. Part of `seg init`; references
// and keys are found later (reference.h), since they need the other tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/type.h"
#include "runtime/io/sample.h"

namespace seg::init {

struct TypeGuess {
  base::TypeKind kind = base::TypeKind::kText;
  bool is_usable = true;  // false: nothing that a rule could read
  bool is_folded = false;
  bool is_ranked = false;
  std::vector<std::string> choice;  // its values, for a ranked choice from lowest to highest
  base::TypeKind element = base::TypeKind::kText;
  char list_separator = 0;
  std::string format;                   // of dates and times in texts; empty: ISO 8601
  bool is_order_unclear = false;        // 03/04/2025: nothing says which is the day
  std::vector<std::string> null_words;  // to be read as missing, so that the others have this type
  std::string remark;                   // to look at; empty: nothing
};

// `has_month_first`: what other dates of the file show, if they show it.
TypeGuess guess_type(const io::SampleColumn& column, const io::Sample& file, std::optional<bool> has_month_first);

// Whether the column could be a key or a reference: whole numbers or texts.
bool is_key_like(const io::SampleColumn& column);
// As a type in a schema: `choice of [web, "in store"]`, `list of text`.
std::string type_text(const TypeGuess& guess);

// EUR of `price_eur`, `Umsatz (€)`; empty: the name doesn't say it.
std::string currency_of_name(std::string_view name);

}  // namespace seg::init
