// Names: what people call columns and files, as words, and as identifiers of the language.
// In: any text. Out: words in lower case; identifiers that are no reserved word. Part of `seg init`.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace seg::init {

// "Customer ID", "customerId", "CUSTOMER-ID" -> {"customer", "id"}. Letters of any script; digits stay with the word
// before them.
std::vector<std::string> words_of(std::string_view name);
// The words joined with "_": equal for all spellings of one name.
std::string joined(const std::vector<std::string>& words);
bool has_word(const std::vector<std::string>& words, std::initializer_list<std::string_view> any);

// "orders" -> "order", "categories" -> "category"; English endings, and the Persian plural.
std::string singular(std::string_view word);
// "data/orders_2025.csv" -> {"order"}: the words of a file's name, the last one singular, without numbers at the end.
std::vector<std::string> words_of_file(std::string_view path);

// A name that the language takes: words joined with "_", a word before digits, "_value" behind a reserved word.
std::string identifier_of(const std::vector<std::string>& words);
bool is_reserved(std::string_view word);
bool is_word_of_language(std::string_view word);
// A plain identifier that isn't any word of the language: a choice's value may stand without quotes.
bool is_plain_word(std::string_view text);

// Gives each name once: a second `total` becomes `total_2`.
class NameSet {
 public:
  std::string unique(const std::string& name);
  void reserve(const std::string& name) { taken_.insert(name); }
  bool has(const std::string& name) const { return taken_.count(name) != 0; }

 private:
  std::set<std::string> taken_;
};

}  // namespace seg::init
