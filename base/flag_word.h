// Yes and no as people write them in files and lists, in the languages of base/flag_words.def.
// In: a text. Out: what it says, and in which languages. Readers of data, `seg init` and messages use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace seg::base {

struct FlagWord {
  bool is_yes = false;
  std::uint64_t languages = 0;  // a bit for each row of the table that has it
};

// None: the text is no such word.
std::optional<FlagWord> flag_word(std::string_view text);

}  // namespace seg::base
