#include "tools/init/reference.h"

#include <algorithm>
#include <tuple>

#include "tools/init/column_type.h"
#include "tools/init/name.h"

namespace seg::init {
namespace {

using Words = std::vector<std::string>;

bool is_key_word(const std::string& word) {
  return has_word({word}, {"id",  "key", "no",    "nr",   "nro", "number", "num",    "code",   "sku",
                           "upc", "ean", "uuid",  "guid", "pk",  "ref",    "nummer", "numero", "codigo",
                           "cod", "kod", "номер", "код",  "կոդ", "համար",  "کد",     "شناسه",  "شماره"});
}

// The file is about what the words name: customers.csv, customers_export.csv.
bool is_file_of(const Words& stem, const Words& file) {
  if (stem.empty() || file.size() < stem.size() || !std::equal(stem.begin(), stem.end(), file.begin())) return false;
  return std::all_of(file.begin() + static_cast<std::ptrdiff_t>(stem.size()), file.end(), [](const std::string& word) {
    return has_word({word}, {"export", "list", "liste", "data", "daten", "all", "table", "master", "dump", "full"});
  });
}

// A key but for a few rows, exported twice or without a value: the name has to say that it is meant as one.
bool is_nearly_unique(const io::SampleColumn& column) {
  constexpr double kLeast = 0.8;
  return column.has_all_values && column.num_distinct >= 3 &&
         static_cast<double>(column.num_distinct) >= kLeast * static_cast<double>(column.num_rows);
}

// How much a unique column looks like the key of its table; 0: not at all.
int key_score(const Input& input, std::size_t position) {
  const io::SampleColumn& column = input.sample.columns[position];
  if (!is_key_like(column)) return 0;
  if (!is_unique(column)) {
    const Words own = words_of(column.name);
    const bool is_meant = is_generic_key(own) || is_file_of(stem_of(column.name), words_of_file(input.path));
    return is_meant && is_nearly_unique(column) ? 4 : 0;
  }
  if (column.kind == io::SampleKind::kNumber && column.max_decimals > 0) return 0;
  const Words words = words_of(column.name);
  const Words file = words_of_file(input.path);
  const Words stem = stem_of(column.name);
  int score = 0;
  if (is_generic_key(words)) score = 10;
  if (score == 0 && has_key_word(words)) score = 6;
  if (!stem.empty() && (joined(stem) == joined(file) || names_subject(stem))) score = 9;
  if (score == 0 && joined(words) == joined(file)) score = 5;
  if (score == 0 && has_word(words, {"email", "mail"})) score = 2;
  // A column without a telling name: the first one, or one of whole numbers in a table of some size.
  if (score == 0 && position == 0 && column.num_distinct >= 2) score = 3;
  return score;
}

// How alike a column's name is to the key of another table.
int likeness_of(const std::string& column, bool is_number, const Input& target, const std::string& key) {
  const Words words = words_of(column), key_words = words_of(key);
  const Words file = words_of_file(target.path);
  const Words key_stem = stem_of(key);
  Words stem = stem_of(column);
  if (stem.empty()) stem = words;
  if (words == key_words) return is_generic_key(words) ? 0 : 3;
  Words full = file;
  full.insert(full.end(), key_words.begin(), key_words.end());
  if (words == full || (stem == file && !is_generic_key(words)) || (!key_stem.empty() && stem == key_stem)) return 3;
  // billing_customer_id, the last words decide; `cust`, an abbreviation.
  const auto ends_with = [](const Words& some, const Words& tail) {
    return !tail.empty() && some.size() > tail.size() && std::equal(tail.rbegin(), tail.rend(), some.rbegin());
  };
  if (ends_with(stem, file) || ends_with(stem, key_stem)) return 2;
  if (stem.size() == 1 && stem[0].size() >= 3) {
    for (const Words& whole : {file, key_stem}) {
      if (whole.empty()) continue;
      const std::string& last = whole.back();
      if (last.size() < 3) continue;
      // `campaigns` beside whole numbers is how many.
      if (last.starts_with(stem[0]) || (stem[0].starts_with(last) && !is_number)) return 2;
    }
  }
  return 0;
}

}  // namespace

std::vector<std::string> stem_of(const std::string& column) {
  Words words = words_of(column);
  if (words.size() == 1) {  // customerid, kundennr
    for (const std::string_view tail : {"id", "nr", "no", "key", "code"}) {
      if (words[0].size() > tail.size() + 3 && words[0].ends_with(tail)) {
        const std::string rest = words[0].substr(0, words[0].size() - tail.size());
        if (names_subject({rest}) || rest == "order" || rest == "product" || rest == "item" || rest == "account")
          return {rest};
      }
    }
    return {};
  }
  if (is_key_word(words.back())) {
    words.pop_back();
    return words;
  }
  if (is_key_word(words.front())) {  // کد مشتری, id_cliente
    words.erase(words.begin());
    return words;
  }
  return {};
}

bool has_key_word(const Words& words) { return std::any_of(words.begin(), words.end(), is_key_word); }

// A `sku` is one of a product in every table; an `id` may be anybody's.
bool is_generic_key(const Words& words) {
  return words.size() == 1 && is_key_word(words[0]) && !has_word(words, {"sku", "upc", "ean"});
}

bool names_subject(const Words& words) {
  if (words.empty()) return false;
  static constexpr std::string_view kSubjects[] = {
      "customer", "client",    "household", "person",   "user",    "member",  "subscriber", "patient", "guest",
      "buyer",    "shopper",   "contact",   "consumer", "visitor", "donor",   "player",     "student", "lead",
      "cust",     "passenger", "account",   "kunde",    "kunden",  "cliente", "klient",     "usuario", "utilisateur",
      "müşteri",  "مشتری",     "کاربر",     "خانوار",   "عضو",     "مشترک"};
  const std::string last = singular(words.back());
  return std::find(std::begin(kSubjects), std::end(kSubjects), last) != std::end(kSubjects) ||
         std::find(std::begin(kSubjects), std::end(kSubjects), words.back()) != std::end(kSubjects);
}

bool is_unique(const io::SampleColumn& column) {
  return column.num_missing == 0 && column.num_rows > 0 && column.has_all_values &&
         column.num_distinct == column.num_rows;
}

double share_found(const io::SampleColumn& some, const io::SampleColumn& all) {
  if (some.hashes.empty()) return 0;
  std::size_t found = 0;
  auto at = all.hashes.begin();
  for (const std::uint64_t hash : some.hashes) {
    while (at != all.hashes.end() && *at < hash) ++at;
    if (at == all.hashes.end()) break;
    found += *at == hash;
  }
  return static_cast<double>(found) / static_cast<double>(some.hashes.size());
}

std::vector<std::size_t> find_keys(const std::vector<Input>& inputs) {
  std::vector<std::size_t> keys;
  for (const Input& input : inputs) {
    std::size_t best = kNoColumn;
    int best_score = 0;
    for (std::size_t c = 0; c < input.sample.columns.size(); ++c) {
      const int score = key_score(input, c);
      if (score > best_score) best = c, best_score = score;
    }
    keys.push_back(best);
  }
  return keys;
}

std::vector<Link> find_links(const std::vector<Input>& inputs, const std::vector<std::size_t>& keys) {
  std::vector<Link> links;
  for (std::size_t t = 0; t < inputs.size(); ++t) {
    const auto& columns = inputs[t].sample.columns;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!is_key_like(columns[c])) continue;
      std::optional<Link> best;
      for (std::size_t target = 0; target < inputs.size(); ++target) {
        if (target == t || keys[target] == kNoColumn) continue;
        const io::SampleColumn& key = inputs[target].sample.columns[keys[target]];
        // A key of texts is met by numbers only where both are texts in their files.
        if (key.kind == io::SampleKind::kText && columns[c].kind != io::SampleKind::kText && !key.is_untyped) continue;
        const int likeness = likeness_of(columns[c].name, columns[c].num_distinct_numbers == columns[c].num_distinct,
                                         inputs[target], key.name);
        Link link{t, c, target, likeness, share_found(columns[c], key), share_found(key, columns[c])};
        const bool by_name = likeness >= 2 && link.found >= 0.5;
        // A survey of some of the customers: few values are found, but its keys are.
        const bool is_part = likeness == 3 && link.reached >= 0.5;
        // Unlike names: only texts that all are keys, and not a handful of words.
        const bool by_values = likeness == 0 && link.found == 1 && columns[c].num_distinct >= 20 &&
                               columns[c].kind == io::SampleKind::kText && columns[c].num_distinct_numbers == 0;
        if (!by_name && !is_part && !by_values) continue;
        // Its own key rather than a smaller table of the same people; two tables of one key refer to the larger one.
        const auto rank = [&](const Link& l) {
          const bool is_home = stem_of(columns[c].name) == words_of_file(inputs[l.target].path);
          return std::tuple(l.likeness, is_home, l.found, inputs[l.target].sample.num_rows);
        };
        if (!best || rank(link) > rank(*best)) best = link;
      }
      if (best) links.push_back(*best);
    }
  }
  return links;
}

}  // namespace seg::init
