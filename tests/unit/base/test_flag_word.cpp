#include <doctest/doctest.h>

#include <string>
#include <unordered_map>

#include "base/flag_word.h"

using seg::base::flag_word;

TEST_CASE("yes and no of several languages, in any case and with or without accents") {
  for (const char* yes : {"yes", "Y", "TRUE", "1", "ja", "Oui", "SÍ", "si", "sim", "tak", "Да", "بله", "بلي", "Այո"}) {
    CAPTURE(yes);
    REQUIRE(flag_word(yes));
    CHECK(flag_word(yes)->is_yes);
  }
  for (const char* no : {"no", "n", "False", "0", "Nein", "non", "NÃO", "nej", "НЕТ", "خیر", "خير", "ոչ"}) {
    CAPTURE(no);
    REQUIRE(flag_word(no));
    CHECK_FALSE(flag_word(no)->is_yes);
  }
  for (const char* other : {"", " ", "maybe", "2", "yess", "opted_in", "vielleicht"}) CHECK_FALSE(flag_word(other));
  CHECK_FALSE(flag_word(std::string(1000, 'y')));
}

TEST_CASE("yes and no of one language share a bit; of two languages they do not") {
  CHECK((flag_word("ja")->languages & flag_word("nein")->languages) != 0);
  CHECK((flag_word("si")->languages & flag_word("no")->languages) != 0);
  CHECK((flag_word("ja")->languages & flag_word("non")->languages) == 0);
  CHECK((flag_word("da")->languages & flag_word("no")->languages) == 0);
}

TEST_CASE("no word of the table means yes in one language and no in another") {
  std::unordered_map<std::string, bool> seen;
  const auto look = [&](std::string_view list, bool is_yes) {
    while (!list.empty()) {
      const std::size_t blank = std::min(list.find(' '), list.size());
      const auto [it, is_new] = seen.emplace(list.substr(0, blank), is_yes);
      CAPTURE(it->first);
      CHECK((is_new || it->second == is_yes));
      CHECK(flag_word(it->first)->is_yes == is_yes);
      list.remove_prefix(std::min(blank + 1, list.size()));
    }
  };
#define SEG_FLAG_WORDS(language, yes, no) look(yes, true), look(no, false);
#include "base/flag_words.def"
#undef SEG_FLAG_WORDS
}
