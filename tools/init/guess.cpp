#include "tools/init/guess.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "runtime/io/text/time_text.h"
#include "runtime/io/text/value_text.h"

namespace seg::init {
namespace {

using base::TypeKind;
using io::Verdict;

constexpr std::array<std::string_view, 16> kDateFormats = {
    "dd.MM.yyyy", "d.M.yyyy", "dd.MM.yy",   "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy",    "M/d/yyyy",   "dd/MM/yy",
    "MM/dd/yy",   "M/d/yy",   "dd-MM-yyyy", "MM-dd-yyyy", "yyyy/MM/dd", "dd-MMM-yyyy", "d MMM yyyy", "d MMMM yyyy"};
constexpr std::array<std::string_view, 5> kClocks = {"", " HH:mm", " HH:mm:ss", " h:mm a", " h:mm:ss a"};

// Words of the language that can't be names.
constexpr std::array<std::string_view, 26> kReserved = {
    "and",   "or", "not", "is",   "in",  "if",  "then", "else",  "where", "with",    "over",    "within", "across",
    "among", "of", "by",  "when", "did", "any", "all",  "every", "no",    "between", "missing", "known",  "yes"};

// Scales in words, lowest first.
const std::vector<std::vector<std::string_view>> kScales = {
    {"very low", "low", "medium", "high", "very high"},
    {"low", "middle", "high"},
    {"low", "mid", "high"},
    {"low", "normal", "high", "critical"},
    {"bronze", "silver", "gold", "platinum", "diamond"},
    {"basic", "standard", "premium"},
    {"free", "basic", "plus", "pro", "enterprise"},
    {"xs", "s", "m", "l", "xl", "xxl"},
    {"small", "medium", "large"},
    {"none", "primary", "secondary", "bachelor", "master", "doctorate"},
    {"never", "rarely", "sometimes", "often", "always"}};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return result;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Accepts>
bool all_of(const std::vector<std::string>& texts, const Accepts& accepts) {
  return std::all_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return accepts(std::string_view(text)); });
}

bool all_parse(const std::vector<std::string>& texts, std::string_view pattern, bool& any_midnight_free) {
  const auto format = io::TimeFormat::create(pattern);
  if (!format) return false;
  return all_of(texts, [&](std::string_view text) {
    const auto time = format->parse(io::trimmed(text));
    if (time && time->micros != 0) any_midnight_free = true;
    return time.has_value();
  });
}

bool guess_times(ColumnProfile& column) {
  const auto set = [&](bool has_time, std::string format) {
    column.type.kind = has_time ? TypeKind::kTime : TypeKind::kDate;
    column.format = std::move(format);
    std::vector<io::TimeFormat> formats;
    if (auto made = io::TimeFormat::create(column.format)) formats.push_back(std::move(*made));
    for (const std::string& text : column.texts) {
      if (const auto time = io::parse_time(io::trimmed(text), formats)) {
        column.greatest_day = std::max<std::int64_t>(column.greatest_day, time->day);
      }
    }
    return true;
  };
  bool has_time = false;
  // Eight digits in a row are rather a number than a day.
  const bool is_iso = all_of(column.texts, [&](std::string_view text) {
    const auto time = io::parse_iso_time(io::trimmed(text));
    if (time && time->has_time) has_time = true;
    return time && text.find('-') != std::string_view::npos;
  });
  if (is_iso) return set(has_time, {});
  for (const std::string_view clock : kClocks) {
    std::string found;
    for (const std::string_view date : kDateFormats) {
      const std::string pattern = std::string(date) + std::string(clock);
      bool has_clock_time = false;
      if (!all_parse(column.texts, pattern, has_clock_time)) continue;
      if (found.empty()) {
        found = pattern;
      } else if (found[0] != date[0] && found.size() == pattern.size()) {
        column.is_ambiguous = true;  // dd/MM and MM/dd both fit
      }
    }
    if (!found.empty()) return set(!clock.empty(), found);
  }
  return false;
}

// The number that a band begins with: "15-24K" 15000, "Under 15K" below 15000, "65+" 65.
struct Band {
  double from = 0;
  bool is_range = false;  // says that it is a band, not just a number
};

std::optional<Band> band_of(const std::string& value) {
  const std::string text = lower(value);
  Band band;
  std::size_t at = 0;
  while (at < text.size() && !is_digit(text[at])) ++at;
  if (at == text.size()) return std::nullopt;
  const std::string before = text.substr(0, at);
  std::string digits;
  while (at < text.size() && (is_digit(text[at]) || text[at] == ',' || text[at] == '.')) {
    if (text[at] != ',') digits += text[at];
    ++at;
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), band.from);
  const std::string after = text.substr(at);
  // "15-24K": the letter behind the second number is meant for both.
  const auto scale = [](std::string_view rest) {
    for (const char c : rest) {
      if (c == 'k') return 1e3;
      if (c == 'm') return 1e6;
      if (!is_digit(c) && c != '-' && c != ' ' && c != '.' && c != ',') break;
    }
    return 1.0;
  };
  band.from *= scale(after);
  const auto has = [](const std::string& where, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return where.find(word) != std::string::npos; });
  };
  const bool is_below =
      has(before, {"under", "less", "below", "up to", "<"}) || has(after, {"or less", "and under", "and below"});
  const bool is_above =
      has(after, {"+", "or more", "and over", "and more", "or older"}) || has(before, {"over", "more than", ">"});
  if (is_below) band.from -= 0.5;
  const bool is_between = after.find('-') != std::string::npos || has(after, {" to ", "–"});
  band.is_range = is_below || is_above || is_between;
  return band;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (c == '_') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

bool has_any(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has_word(name, word); });
}

// The share of texts for which it holds, if there are any.
template <class Holds>
double share(const std::vector<std::string>& texts, const Holds& holds) {
  if (texts.empty()) return 0;
  return static_cast<double>(std::count_if(texts.begin(), texts.end(), holds)) / static_cast<double>(texts.size());
}

bool looks_like_email(const std::string& text) {
  const std::size_t at = text.find('@');
  return at != std::string::npos && at != 0 && text.find('.', at) != std::string::npos &&
         text.find(' ') == std::string::npos;
}

bool looks_like_phone(const std::string& text) {
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  const bool only_signs = text.find_first_not_of("+0123456789 ()-/.") == std::string::npos;
  return only_signs && digits >= 8 && digits <= 15 && (text[0] == '+' || text[0] == '0' || text[0] == '(') &&
         text.find("..") == std::string::npos;
}

}  // namespace

namespace {

void guess_type(ColumnProfile& column) {
  if (column.texts.empty()) return;
  const auto has_leading_zero = [](std::string_view text) {
    return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
  };
  const auto is_digits = [](std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); };
  column.has_leading_zeros =
      std::any_of(column.texts.begin(), column.texts.end(), has_leading_zero) && all_of(column.texts, is_digits);
  if (guess_times(column)) return;
  const auto is_word_flag = [](std::string_view text) {
    bool flag = false;
    return !is_digit(text[0]) && io::parse_flag(text, flag) == Verdict::kValue;
  };
  if (column.texts.size() <= 6 && all_of(column.texts, is_word_flag)) {
    column.type.kind = TypeKind::kFlag;
    return;
  }
  for (const bool comma : {false, true}) {
    std::int64_t integer = 0;
    double number = 0;
    if (!column.has_leading_zeros && all_of(column.texts, [&](std::string_view text) {
          return io::parse_integer(text, comma, integer) == Verdict::kValue;
        })) {
      column.type.kind = TypeKind::kInteger;
      for (const std::string& text : column.texts) {
        io::parse_integer(text, comma, integer);
        column.integers.push_back(integer);
      }
      std::sort(column.integers.begin(), column.integers.end());
      return;
    }
    const bool has_number_zeros = std::any_of(column.texts.begin(), column.texts.end(), [&](std::string_view text) {
      return has_leading_zero(text) && text.find_first_of(",.") == std::string_view::npos;
    });
    if (!has_number_zeros && all_of(column.texts, [&](std::string_view text) {
          return io::parse_number(text, comma, number) == Verdict::kValue;
        })) {
      column.type.kind = TypeKind::kNumber;
      return;
    }
  }
  double latitude = 0, longitude = 0;
  if (all_of(column.texts,
             [&](std::string_view text) { return io::parse_location(text, latitude, longitude) == Verdict::kValue; })) {
    column.type.kind = TypeKind::kLocation;
    return;
  }
  if (share(column.texts, [](const std::string& text) { return text.find('|') != std::string::npos; }) > 0.3) {
    column.type.kind = TypeKind::kList;
    column.type.element = TypeKind::kText;
  }
}

}  // namespace

void guess_type_of_texts(ColumnProfile& column) {
  // What people write where there is nothing: it must not turn numbers into texts, nor be a value of a choice.
  constexpr std::array<std::string_view, 10> kNullTexts = {"n/a", "N/A", "NA", "NULL", "null",
                                                           "-",   "--",  "?",  "#N/A", "NaN"};
  std::vector<std::string> texts, nulls;
  for (const std::string& text : column.texts) {
    const bool is_null = std::find(kNullTexts.begin(), kNullTexts.end(), io::trimmed(text)) != kNullTexts.end();
    (is_null ? nulls : texts).push_back(text);
  }
  if (texts.empty()) return;
  std::vector<std::string> all = std::move(column.texts);
  column.texts = std::move(texts);
  guess_type(column);
  constexpr std::size_t kFew = 40;
  if (column.type.kind == TypeKind::kText && all.size() > kFew) {
    column.texts = std::move(all);  // names and the like: `NA` may be one
  } else {
    column.num_distinct -= std::min<std::uint64_t>(column.num_distinct, nulls.size());
    column.null_texts = std::move(nulls);
  }
}

std::vector<std::string> guess_order(const std::vector<std::string>& values) {
  if (values.size() < 2) return {};
  for (const auto& scale : kScales) {
    std::map<std::size_t, std::string> placed;
    for (const std::string& value : values) {
      const auto found = std::find(scale.begin(), scale.end(), lower(io::trimmed(value)));
      if (found != scale.end()) placed[static_cast<std::size_t>(found - scale.begin())] = value;
    }
    if (placed.size() != values.size()) continue;
    std::vector<std::string> ordered;
    for (auto& [place, value] : placed) ordered.push_back(value);
    return ordered;
  }
  if (values.size() < 3) return {};
  std::map<double, std::string> placed;
  bool any_range = false;
  for (const std::string& value : values) {
    const auto band = band_of(value);
    if (!band) return {};
    any_range = any_range || band->is_range;
    if (!placed.emplace(band->from, value).second) return {};
  }
  if (!any_range) return {};
  std::vector<std::string> ordered;
  for (auto& [from, value] : placed) ordered.push_back(value);
  return ordered;
}

base::Privacy guess_privacy(const ColumnProfile& column, bool is_of_subject) {
  const std::string name = to_identifier(column.name);
  if (has_any(name, {"religion", "religious", "health", "diagnosis", "ethnicity", "ethnic", "race", "political",
                     "party", "union", "sexual", "orientation", "biometric", "disability"})) {
    return base::Privacy::kSensitive;
  }
  if (has_any(name, {"email",    "mail",     "phone",     "mobile",    "tel",        "telephone",    "fax",
                     "birth",    "birthday", "birthdate", "dob",       "geburtstag", "geburtsdatum", "ssn",
                     "passport", "iban",     "ip",        "firstname", "lastname",   "surname",      "forename",
                     "nachname", "vorname",  "street",    "strasse",   "address",    "adresse"})) {
    // `consent_email` is a permission, not an address.
    if (column.type.kind != TypeKind::kFlag) return base::Privacy::kPersonal;
  }
  if (is_of_subject &&
      has_any(name, {"name", "age", "gender", "sex", "income", "salary", "marital", "married", "kids", "children",
                     "home", "location", "lat", "latitude", "lon", "lng", "longitude", "household", "education"})) {
    return base::Privacy::kPersonal;
  }
  if (column.type.kind == TypeKind::kText &&
      (share(column.texts, looks_like_email) > 0.5 || share(column.texts, looks_like_phone) > 0.8)) {
    return base::Privacy::kPersonal;
  }
  return base::Privacy::kPlain;
}

bool is_money_name(std::string_view name) {
  return has_any(name, {"amount", "price",    "sales",  "revenue", "cost",    "total",    "spend", "spent",
                        "disc",   "discount", "income", "salary",  "balance", "turnover", "fee",   "tax",
                        "paid",   "payment",  "umsatz", "betrag",  "preis",   "summe"});
}

bool is_person_name(std::string_view name) {
  return has_any(name, {"customer", "household", "client", "user", "member", "person", "subscriber", "cust", "buyer",
                        "shopper", "kunde", "kunden", "patient", "donor", "player", "guest", "contact", "consumer"});
}

bool has_word(std::string_view name, std::string_view word) {
  const auto words = words_of(name);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string to_identifier(std::string_view name) {
  std::string result;
  char previous = '_';
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_word = is_upper || (c >= 'a' && c <= 'z') || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    if (!is_word) {
      if (!result.empty() && result.back() != '_') result += '_';
    } else {
      const bool begins_word = is_upper && ((previous >= 'a' && previous <= 'z') || is_digit(previous));
      if (begins_word && result.back() != '_') result += '_';
      result += is_upper ? static_cast<char>(c + 32) : c;
    }
    previous = c;
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (result.empty() || is_digit(result[0])) result = "field_" + result;
  if (std::find(kReserved.begin(), kReserved.end(), result) != kReserved.end()) result += "_field";
  return result;
}

std::string singular(std::string_view name) {
  std::string result(name);
  const auto ends = [&](std::string_view ending) {
    return result.size() > ending.size() + 1 && result.ends_with(ending);
  };
  if (ends("ies")) {
    result.replace(result.size() - 3, 3, "y");
  } else if (ends("ches") || ends("shes") || ends("sses") || ends("xes")) {
    result.resize(result.size() - 2);
  } else if (ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
    result.pop_back();
  }
  return result;
}

}  // namespace seg::init
