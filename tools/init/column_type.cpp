#include "tools/init/column_type.h"

#include <algorithm>
#include <set>

#include "base/flag_word.h"
#include "tools/init/name.h"
#include "tools/init/ranking.h"

namespace seg::init {
namespace {

using base::TypeKind;
using io::SampleColumn;
using io::SampleKind;

constexpr std::size_t kMaxChoice = 12;
constexpr std::size_t kMaxRanked = 30;

bool names_money(const std::vector<std::string>& words) {
  if (has_word(words,
               {"count",   "items",      "quantity", "qty",   "number", "num", "points", "days",   "rate",  "pct",
                "percent", "percentage", "share",    "score", "rank",   "id",  "index",  "factor", "weeks", "units"})) {
    return false;
  }
  return has_word(
      words,
      {"price",    "amount", "total",  "revenue", "spend",    "spent", "sales",    "cost",     "costs",   "fee",
       "fees",     "income", "salary", "balance", "discount", "disc",  "tax",      "vat",      "payment", "paid",
       "turnover", "margin", "profit", "refund",  "value",    "sum",   "subtotal", "shipping", "budget",  "umsatz",
       "betrag",   "preis",  "summe",  "rabatt",  "montant",  "prix",  "importe",  "precio",   "valor",   "preco",
       "eur",      "usd",    "gbp",    "chf",     "مبلغ",     "قیمت",  "هزینه",    "درآمد",    "تخفیف",   "جمع"});
}

bool names_flag(const std::vector<std::string>& words) {
  return has_word(words,
                  {"is",       "has",        "flag",     "consent",   "opt",     "optin",      "active",   "enabled",
                   "member",   "subscribed", "verified", "confirmed", "deleted", "newsletter", "returned", "cancelled",
                   "canceled", "churned",    "vip",      "blocked",   "allowed", "gdpr",       "gift",     "paid"});
}

bool names_date(const std::vector<std::string>& words) {
  return has_word(words, {"date", "day", "at", "on", "dob", "birthday", "datum", "time", "timestamp", "since", "until",
                          "from", "to", "fecha", "تاریخ"});
}

bool names_number_text(const std::vector<std::string>& words) {
  return has_word(words, {"zip", "zipcode", "postal", "postcode", "plz", "phone", "mobile", "tel", "telephone", "fax",
                          "iban", "barcode", "ssn", "passport"});
}

bool names_place(const std::vector<std::string>& words) {
  return has_word(words, {"city", "town", "village", "place", "district", "municipality", "region", "province", "state",
                          "county", "ort", "stadt", "bundesland", "ville", "ciudad", "cidade", "شهر", "استان"});
}

// Texts of these come new with every row, or may at any time: no list of them is complete.
bool is_open_ended(const std::vector<std::string>& words) {
  return names_place(words) || names_number_text(words) ||
         has_word(words,
                  {"id",      "code", "name",  "email",       "mail",    "address", "street", "url",     "link",
                   "comment", "note", "notes", "description", "title",   "message", "text",   "subject", "country",
                   "land",    "sku",  "upc",   "product",     "company", "نام",     "کشور"});
}

bool is_month_first(std::string_view format) { return format.starts_with("M/") || format.starts_with("M-"); }

constexpr std::int64_t kYear = 31'556'952'000'000;

// The format to take of those that fit; none if they aren't dates of this calendar.
std::optional<io::FormatFit> choose_format(const SampleColumn& column, std::optional<bool> has_month_first,
                                           TypeGuess& guess) {
  std::vector<io::FormatFit> fits;
  bool is_foreign = false;
  for (const io::FormatFit& fit : column.formats) {
    if (fit.first < -170 * kYear) {  // before 1800: 1404/05/12 is a Persian date
      is_foreign = true;
      continue;
    }
    if (fit.last > 8'000 * kYear) continue;
    fits.push_back(fit);
  }
  if (fits.empty()) {
    if (is_foreign) {
      guess.remark =
          "holds dates of another calendar (years before 1800): kept as text, since dates in data are Gregorian";
    }
    return std::nullopt;
  }
  if (fits.front().format.empty()) return fits.front();
  const auto with_order = [&](bool month_first) {
    return std::find_if(fits.begin(), fits.end(),
                        [&](const io::FormatFit& fit) { return is_month_first(fit.format) == month_first; });
  };
  const auto day = with_order(false), month = with_order(true);
  if (day != fits.end() && month != fits.end()) {
    if (!has_month_first) guess.is_order_unclear = true;
    return has_month_first.value_or(false) ? *month : *day;
  }
  return fits.front();
}

// Elements separated by one of `|;,` that come again and again.
char find_separator(const SampleColumn& column, const std::vector<std::string>& words) {
  if (has_word(words, {"address", "street", "name", "description", "comment", "note", "message", "url"})) return 0;
  for (const char separator : {'|', ';', ','}) {
    std::set<std::string> distinct;
    std::size_t num_elements = 0, num_lists = 0, longest = 0;
    bool is_tidy = true;
    for (const std::string& example : column.examples) {
      std::string_view rest = example;
      std::size_t parts = 0;
      while (true) {
        const std::size_t end = std::min(rest.find(separator), rest.size());
        std::string_view part = rest.substr(0, end);
        // A blank behind the separator would become part of the element.
        if (parts != 0 && (part.empty() || part.front() == ' ')) is_tidy = false;
        longest = std::max(longest, part.size());
        distinct.emplace(part);
        ++parts;
        if (end == rest.size()) break;
        rest.remove_prefix(end + 1);
      }
      num_elements += parts;
      num_lists += parts > 1;
    }
    const bool is_common = num_lists >= 2 && num_lists * 5 >= column.examples.size();
    const bool is_repeating = distinct.size() * 10 <= num_elements * (separator == ',' ? 5 : 9);
    if (is_common && is_repeating && is_tidy && longest <= 30) return separator;
  }
  return 0;
}

bool is_surely_null(std::string_view text) {
  static constexpr std::string_view kWords[] = {"NULL", "null", "Null", "N/A", "n/a",
                                                "#N/A", "NaN",  "nan",  "\\N", "#NULL!"};
  return std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

void guess_choice(const SampleColumn& column, const io::Sample& file, const std::vector<std::string>& words,
                  TypeGuess& guess) {
  if (file.num_looked_at != file.num_rows || column.values.empty() || !column.has_all_values) return;
  std::vector<std::string> values;
  std::uint64_t num_rows = 0;
  const auto add = [&](const io::ValueCount& value) {
    values.push_back(value.text);
    num_rows += value.num_rows;
  };
  for (const io::ValueCount& value : column.values) add(value);
  const auto plain_order = ranked(values);
  // "NULL" is nothing anywhere; "none" and "-" only where the others have an order without them.
  std::vector<io::ValueCount> words_for_nothing, words_for_something;
  for (const io::ValueCount& word : column.null_words) {
    (file.is_csv && is_surely_null(word.text) ? words_for_nothing : words_for_something).push_back(word);
  }
  for (const io::ValueCount& word : words_for_something) add(word);
  if (plain_order && file.is_csv && !ranked(values)) {
    words_for_nothing = column.null_words;
    for (const io::ValueCount& word : words_for_something) num_rows -= word.num_rows;
    values.resize(column.values.size());
  }
  for (const io::ValueCount& word : words_for_nothing) guess.null_words.push_back(word.text);
  const bool is_short = std::all_of(values.begin(), values.end(), [](const std::string& value) {
    return value.size() <= 60 && value.find_first_of("\n\r\t") == std::string::npos;
  });
  if (!is_short || values.size() > kMaxRanked || num_rows < 2 * values.size()) return;
  if (auto order = ranked(values)) {
    guess.kind = TypeKind::kChoice;
    guess.is_ranked = true;
    guess.choice = std::move(*order);
    return;
  }
  if (is_open_ended(words) || values.size() > kMaxChoice || values.size() < 2 || num_rows < 3 * values.size()) return;
  std::sort(values.begin(), values.end());
  guess.kind = TypeKind::kChoice;
  guess.choice = std::move(values);
}

TypeGuess guess_number(const SampleColumn& column, const std::vector<std::string>& words, bool is_whole) {
  TypeGuess guess;
  guess.kind = is_whole ? TypeKind::kInteger : TypeKind::kNumber;
  const bool is_zero_one = is_whole && column.num_distinct == 2 && column.least == 0 && column.greatest == 1;
  if (is_zero_one && (names_flag(words) || column.kind == SampleKind::kFlag)) guess.kind = TypeKind::kFlag;
  // A lone "value" may be anything; with two decimals it is money.
  const bool is_weak = words.size() == 1 && has_word(words, {"value", "sum"}) && column.max_decimals != 2;
  const bool is_money = names_money(words) && !is_weak && column.max_decimals <= 4 && guess.kind != TypeKind::kFlag &&
                        column.name.find('%') == std::string::npos;
  if (is_money) guess.kind = TypeKind::kMoney;
  return guess;
}

// Yes and no of one language, in any case: `Ja`, `nein`, `JA`. Some are words of another matter as well: NO and SI may
// be countries, da and no languages.
bool is_yes_or_no(const SampleColumn& column, const std::vector<std::string>& words) {
  constexpr std::uint64_t kMostSpellings = 6;
  const std::uint64_t n = column.num_distinct;
  if (column.num_distinct_flags != n || n > kMostSpellings || column.num_distinct_numbers != 0) return false;
  if (names_place(words) ||
      has_word(words, {"country", "land", "lang", "language", "locale", "sprache", "langue", "idioma", "taal"})) {
    return false;
  }
  std::uint64_t languages = ~std::uint64_t{0};
  for (const io::ValueCount& value : column.values) {
    const auto word = base::flag_word(value.text);
    if (!word) return false;
    languages &= word->languages;
  }
  return languages != 0;
}

TypeGuess guess_text(const SampleColumn& column, const io::Sample& file, std::optional<bool> has_month_first) {
  TypeGuess guess;
  const std::vector<std::string> words = words_of(column.name);
  const std::uint64_t n = column.num_distinct;
  const auto take_null_words = [&] {
    for (const io::ValueCount& word : column.null_words) guess.null_words.push_back(word.text);
  };
  // Only a CSV source can say which texts mean nothing.
  const bool can_convert = column.null_words.empty() || file.is_csv;
  if (n == 0) {
    guess.is_usable = false;
    guess.remark = "has no values";
    return guess;
  }
  if (!column.is_untyped && column.num_distinct_numbers == n && has_word(words, {"id"})) return guess;
  if (can_convert && column.has_all_values) {
    if (is_yes_or_no(column, words)) {
      guess.kind = TypeKind::kFlag;
      take_null_words();
      return guess;
    }
    if (column.num_distinct_versions == n && (has_word(words, {"version", "ver"}) ||
                                              (column.num_distinct_long_versions * 2 > n && column.formats.empty()))) {
      guess.kind = TypeKind::kVersion;
      take_null_words();
      return guess;
    }
    const bool is_whole = column.num_distinct_integers == n;
    const bool is_compact_date = is_whole && names_date(words) && !column.formats.empty() &&
                                 column.formats.front().format.empty() && column.num_distinct_leading_zeros == 0;
    if (!is_compact_date && column.num_distinct_numbers == n && column.num_distinct_leading_zeros == 0 &&
        !names_number_text(words)) {
      // Bands that happen to be lone numbers stay numbers.
      TypeGuess number = guess_number(column, words, is_whole);
      for (const io::ValueCount& word : column.null_words) number.null_words.push_back(word.text);
      return number;
    }
    if (column.num_distinct_numbers != n || is_compact_date) {
      if (const auto fit = choose_format(column, has_month_first, guess)) {
        guess.kind = fit->has_time ? TypeKind::kTime : TypeKind::kDate;
        guess.format = fit->format;
        take_null_words();
        return guess;
      }
    }
  }
  if (column.is_untyped) {
    guess.list_separator = find_separator(column, words);
    if (guess.list_separator != 0) {
      guess.kind = TypeKind::kList;
      return guess;
    }
  }
  guess_choice(column, file, words, guess);
  const std::uint64_t num_others = n - column.num_distinct_numbers;
  const bool is_mixed = n >= 10 && column.num_distinct_numbers * 10 >= n * 8 && column.num_distinct_numbers < n;
  if (is_mixed && guess.kind == TypeKind::kText) {
    guess.remark = "is mixed: " + std::to_string(column.num_distinct_numbers) + " different numbers and " +
                   std::to_string(num_others) + (num_others == 1 ? " other text" : " other texts") +
                   "; kept as text until they are put right";
  }
  if (guess.kind == TypeKind::kText && guess.remark.empty() && column.num_distinct_days * 10 >= n * 8) {
    guess.remark =
        "looks like dates, but not all of its values can be read as such (a day that does not exist, or two ways of "
        "writing); "
        "kept as text, so it can't be the time of an event until they are put right";
  }
  guess.is_folded = guess.kind == TypeKind::kText && names_place(words);
  return guess;
}

}  // namespace

TypeGuess guess_type(const SampleColumn& column, const io::Sample& file, std::optional<bool> has_month_first) {
  TypeGuess guess;
  const std::vector<std::string> words = words_of(column.name);
  const bool is_empty = column.num_missing == column.num_rows && column.null_words.empty();
  if (is_empty) {
    guess.is_usable = false;
    guess.remark = "has no values";
    return guess;
  }
  switch (column.kind) {
    case SampleKind::kText: return guess_text(column, file, has_month_first);
    case SampleKind::kInteger: return guess_number(column, words, true);
    case SampleKind::kNumber: return guess_number(column, words, column.num_distinct_integers == column.num_distinct);
    case SampleKind::kFlag: guess.kind = TypeKind::kFlag; return guess;
    case SampleKind::kDate: guess.kind = TypeKind::kDate; return guess;
    case SampleKind::kTime: guess.kind = column.has_clock ? TypeKind::kTime : TypeKind::kDate; return guess;
    case SampleKind::kZonedTime: guess.kind = TypeKind::kTime; return guess;
    case SampleKind::kDuration: guess.kind = TypeKind::kDuration; return guess;
    case SampleKind::kList:
      guess.kind = TypeKind::kList;
      switch (column.element) {
        case SampleKind::kText: guess.element = TypeKind::kText; return guess;
        case SampleKind::kInteger: guess.element = TypeKind::kInteger; return guess;
        case SampleKind::kNumber: guess.element = TypeKind::kNumber; return guess;
        case SampleKind::kDate: guess.element = TypeKind::kDate; return guess;
        case SampleKind::kFlag:
        case SampleKind::kTime:
        case SampleKind::kZonedTime:
        case SampleKind::kDuration:
        case SampleKind::kList:
        case SampleKind::kOther: break;
      }
      break;
    case SampleKind::kOther: break;
  }
  guess.is_usable = false;
  guess.remark = "is of a kind that rules can't read; left out";
  return guess;
}

bool is_key_like(const SampleColumn& column) {
  if (column.num_distinct == 0 || !column.has_all_values || column.is_repeated) return false;
  if (column.kind == SampleKind::kInteger) return true;
  if (column.kind == SampleKind::kNumber) return column.num_distinct_integers == column.num_distinct;
  if (column.kind != SampleKind::kText || column.max_length > 200) return false;
  return !column.is_untyped || column.formats.empty() || column.num_distinct_integers == column.num_distinct;
}

std::string type_text(const TypeGuess& guess) {
  if (guess.kind == TypeKind::kList) return "list of " + std::string(base::type_keyword(guess.element));
  if (guess.kind != TypeKind::kChoice) return std::string(base::type_keyword(guess.kind));
  std::string text = guess.is_ranked ? "ranked choice of [" : "choice of [";
  for (std::size_t i = 0; i < guess.choice.size(); ++i) {
    if (i != 0) text += guess.is_ranked ? " < " : ", ";
    if (is_plain_word(guess.choice[i])) {
      text += guess.choice[i];
      continue;
    }
    text += '"';
    for (const char c : guess.choice[i]) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "]";
}

std::string currency_of_name(std::string_view name) {
  for (const std::string& word : words_of(name)) {
    for (const std::string_view code : {"eur", "usd", "gbp", "chf", "irr", "jpy", "sek", "pln", "try", "inr"}) {
      if (word != code) continue;
      std::string upper;
      for (const char c : code) upper += static_cast<char>(c - 32);
      return upper;
    }
  }
  if (name.find("€") != std::string_view::npos) return "EUR";
  if (name.find("£") != std::string_view::npos) return "GBP";
  if (name.find('$') != std::string_view::npos) return "USD";
  return {};
}

}  // namespace seg::init
