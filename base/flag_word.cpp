#include "base/flag_word.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>

#include "base/fold.h"

namespace seg::base {
namespace {

constexpr std::size_t kLongestWord = 40;  // bytes

struct Row {
  std::string_view yes, no;
};

constexpr Row kRows[] = {
#define SEG_FLAG_WORDS(language, yes, no) {yes, no},
#include "base/flag_words.def"
#undef SEG_FLAG_WORDS
};
static_assert(sizeof(kRows) / sizeof(Row) <= 64);

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
using Words = std::unordered_map<std::string, FlagWord, TextHash, std::equal_to<>>;

void add(Words& words, std::string_view list, bool is_yes, std::size_t row) {
  while (!list.empty()) {
    const std::size_t blank = std::min(list.find(' '), list.size());
    FlagWord& word = words[fold(list.substr(0, blank))];
    word.is_yes = is_yes;
    word.languages |= std::uint64_t{1} << row;
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
}

const Words& all_words() {
  static const Words words = [] {
    Words out;
    for (std::size_t row = 0; row < std::size(kRows); ++row) {
      add(out, kRows[row].yes, true, row);
      add(out, kRows[row].no, false, row);
    }
    return out;
  }();
  return words;
}

}  // namespace

std::optional<FlagWord> flag_word(std::string_view text) {
  if (text.empty() || text.size() > kLongestWord) return std::nullopt;
  // It is asked for every row of a file: ASCII is folded by hand.
  char lower[kLongestWord];
  bool is_ascii = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    is_ascii = is_ascii && static_cast<unsigned char>(text[i]) < 0x80;
  }
  const auto found = is_ascii ? all_words().find(std::string_view(lower, text.size())) : all_words().find(fold(text));
  return found == all_words().end() ? std::nullopt : std::optional(found->second);
}

}  // namespace seg::base
