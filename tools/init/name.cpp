#include "tools/init/name.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/fold.h"
#include "grammar/lexeme.h"

namespace seg::init {
namespace {

void append(std::string& text, UChar32 c) {
  char bytes[U8_MAX_LENGTH];
  std::int32_t size = 0;
  UBool failed = false;
  U8_APPEND(reinterpret_cast<std::uint8_t*>(bytes), size, U8_MAX_LENGTH, c, failed);
  if (!failed) text.append(bytes, static_cast<std::size_t>(size));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view word) { return !word.empty() && std::all_of(word.begin(), word.end(), is_digit); }

constexpr std::string_view kReserved[] = {
#define SEG_KEYWORD(id, word, kind) SEG_KEYWORD_##kind(word)
#define SEG_KEYWORD_reserved(word) word,
#define SEG_KEYWORD_free(word)
#define SEG_KEYWORD_unit(word)
#include "grammar/keywords.def"
#undef SEG_KEYWORD_unit
#undef SEG_KEYWORD_free
#undef SEG_KEYWORD_reserved
#undef SEG_KEYWORD
};

constexpr std::string_view kWords[] = {
#define SEG_KEYWORD(id, word, kind) word,
#include "grammar/keywords.def"
#undef SEG_KEYWORD
};

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  UChar32 before = 0;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  const auto size = static_cast<std::int32_t>(name.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(name.data(), at, size, c);
    const bool is_part = c > 0 && c != '_' && grammar::is_word_continue(static_cast<char32_t>(c));
    if (!is_part) {
      end_word();
      before = 0;
      continue;
    }
    // customerId, and the last letter of IDNumber before a small one.
    UChar32 next = 0;
    std::int32_t ahead = at;
    if (ahead < size) U8_NEXT(name.data(), ahead, size, next);
    const bool is_new = before != 0 && u_isupper(c) && (u_islower(before) || (u_isupper(before) && u_islower(next)));
    if (is_new) end_word();
    append(word, u_tolower(c));
    before = c;
  }
  end_word();
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "_") + word;
  return text;
}

bool has_word(const std::vector<std::string>& words, std::initializer_list<std::string_view> any) {
  const auto is_ascii = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  };
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    if (std::find(any.begin(), any.end(), word) != any.end()) return true;
    if (is_ascii(word)) return false;
    // preço, Nº: without accents and signs.
    const std::string plain = base::fold(word);
    return std::any_of(any.begin(), any.end(), [&](std::string_view known) {
      return known == plain || (!is_ascii(known) && base::fold(known) == plain);
    });
  });
}

std::string singular(std::string_view word) {
  std::string text(word);
  const auto ends = [&](std::string_view tail) { return text.size() > tail.size() + 1 && text.ends_with(tail); };
  if (ends("ies")) return text.substr(0, text.size() - 3) + "y";
  if (ends("sses") || ends("xes") || ends("ches") || ends("shes")) return text.substr(0, text.size() - 2);
  if (ends("ss") || ends("us") || ends("is")) return text;
  if (ends("s")) return text.substr(0, text.size() - 1);
  if (ends("ها")) return text.substr(0, text.size() - std::string_view("ها").size());
  return text;
}

std::vector<std::string> words_of_file(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t wildcard = name.find_first_of("*?[");
  if (wildcard == 0 && path.find('/') != std::string_view::npos) {  // orders/*.parquet is called by its folder
    path = path.substr(0, path.rfind('/'));
    name = path.substr(path.rfind('/') + 1);
  } else {
    name = name.substr(0, std::min(name.find('.', 1), wildcard));
  }
  std::vector<std::string> words = words_of(name);
  while (words.size() > 1 && is_number(words.back())) words.pop_back();
  if (words.empty()) words = {"table"};
  words.back() = singular(words.back());
  if (words.back().empty()) words.back() = "table";
  return words;
}

bool is_reserved(std::string_view word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

bool is_word_of_language(std::string_view word) {
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

std::string identifier_of(const std::vector<std::string>& words) {
  std::string name = joined(words);
  if (name.empty()) name = "value";
  if (!grammar::is_word_start(grammar::decode(name.data(), name.data() + name.size()).value)) name = "n_" + name;
  if (is_reserved(name)) name += "_value";
  return name;
}

bool is_plain_word(std::string_view text) {
  if (text.empty() || is_digit(text[0])) return false;
  std::string lower;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!is_letter && !is_digit(c) && c != '_') return false;
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return !is_word_of_language(lower);
}

std::string NameSet::unique(const std::string& name) {
  std::string candidate = name;
  for (int number = 2; !taken_.insert(candidate).second; ++number) candidate = name + "_" + std::to_string(number);
  return candidate;
}

}  // namespace seg::init
