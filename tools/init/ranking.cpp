#include "tools/init/ranking.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>

namespace seg::init {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// The numbers of a band's name and the words around them: "$15K - 24K" -> {15000, 24000}, "-".
struct Band {
  std::vector<double> numbers;
  std::string words;
};

Band read_band(std::string_view text) {
  Band band;
  const std::string value = lower(text);
  bool is_gap = false;
  for (std::size_t at = 0; at < value.size();) {
    if (value[at] < '0' || value[at] > '9') {
      const char c = value[at++];
      is_gap = is_gap || c == ' ' || c == '$';
      if (c == ' ' || c == '$') continue;
      if (is_gap && !band.words.empty()) band.words += ' ';
      is_gap = false;
      band.words += c;
      continue;
    }
    std::string digits;
    while (at < value.size()) {
      const bool is_digit = value[at] >= '0' && value[at] <= '9';
      const bool is_group = value[at] == ',' && at + 3 < value.size() && value[at + 1] >= '0' && value[at + 1] <= '9' &&
                            value[at + 2] >= '0' && value[at + 2] <= '9' && value[at + 3] >= '0' &&
                            value[at + 3] <= '9';
      const bool is_point = value[at] == '.' && at + 1 < value.size() && value[at + 1] >= '0' && value[at + 1] <= '9' &&
                            digits.find('.') == std::string::npos;
      if (!is_digit && !is_group && !is_point) break;
      if (!is_group) digits += value[at];
      ++at;
    }
    double number = std::strtod(digits.c_str(), nullptr);
    if (at < value.size() && (value[at] == 'k' || value[at] == 'm')) {
      const bool is_unit = at + 1 == value.size() || !(value[at + 1] >= 'a' && value[at + 1] <= 'z');
      if (is_unit) number *= value[at++] == 'k' ? 1e3 : 1e6;
    }
    band.numbers.push_back(number);
    if (is_gap && !band.words.empty()) band.words += ' ';
    is_gap = false;
    band.words += '#';
  }
  // "15-24K": the unit belongs to both.
  if (band.numbers.size() == 2 && band.numbers[0] < band.numbers[1] / 100 && band.numbers[1] >= 1000) {
    band.numbers[0] *= band.numbers[1] >= 1e6 ? 1e6 : 1e3;
  }
  return band;
}

// Where a band begins; none if the text is no band. `is_range`: not a lone number.
std::optional<double> lower_edge(std::string_view text, bool& is_range) {
  const Band band = read_band(text);
  const std::string& words = band.words;
  is_range = true;
  const auto is_one_of = [&](std::initializer_list<std::string_view> all) {
    return std::find(all.begin(), all.end(), words) != all.end();
  };
  if (band.numbers.size() == 2 && band.numbers[0] <= band.numbers[1] &&
      is_one_of({"#-#", "#- #", "# -#", "# - #", "# to #", "#–#", "# – #", "#—#", "from # to #", "#..#",
                 "between # and #"})) {
    return band.numbers[0];
  }
  if (band.numbers.size() != 1) return std::nullopt;
  if (is_one_of({"#+", "# +", ">#", "> #", ">=#", ">= #", "≥#", "≥ #", "over #", "above #", "more than #", "from #",
                 "# and over", "# and above", "# and more", "# or more", "# or older", "# and older", "# plus"})) {
    return band.numbers[0];
  }
  // Below everything else that begins at the same number.
  if (is_one_of({"<#", "< #", "<=#", "<= #", "≤#", "≤ #", "under #", "below #", "less than #", "up to #", "to #",
                 "# or less", "# and under", "# and younger", "# and below"})) {
    return -1e18 + band.numbers[0];
  }
  is_range = false;
  if (words == "#") return band.numbers[0];
  return std::nullopt;
}

std::optional<std::vector<std::string>> ranked_bands(const std::vector<std::string>& values) {
  std::vector<std::pair<double, std::string>> bands;
  bool any_range = false;
  for (const std::string& value : values) {
    bool is_range = false;
    const auto edge = lower_edge(value, is_range);
    if (!edge) return std::nullopt;
    any_range = any_range || is_range;
    bands.emplace_back(*edge, value);
  }
  std::sort(bands.begin(), bands.end());
  for (std::size_t i = 1; i < bands.size(); ++i) {
    if (bands[i].first == bands[i - 1].first) return std::nullopt;
  }
  if (!any_range) return std::nullopt;
  std::vector<std::string> out;
  for (auto& band : bands) out.push_back(std::move(band.second));
  return out;
}

// Lowest first. Words of one step stand together.
const std::vector<std::vector<std::string_view>>& scales() {
  static const std::vector<std::vector<std::string_view>> all = {
      {"none", "very low", "low", "medium", "high", "very high"},
      {"very low", "low", "moderate", "high", "very high"},
      {"low", "normal", "high", "urgent", "critical"},
      {"low", "med", "high"},
      {"minor", "medium", "major", "critical"},
      {"small", "medium", "large", "extra large"},
      {"xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"},
      {"basic", "bronze", "silver", "gold", "platinum", "diamond"},
      {"free", "basic", "standard", "plus", "premium", "enterprise"},
      {"never", "rarely", "sometimes", "often", "always"},
      {"never", "occasionally", "regularly", "daily"},
      {"none", "primary", "secondary", "bachelor", "master", "doctorate"},
      {"very poor", "poor", "fair", "good", "very good", "excellent"},
      {"bad", "fair", "good", "excellent"},
      {"beginner", "intermediate", "advanced", "expert"},
      {"strongly disagree", "disagree", "neutral", "agree", "strongly agree"},
      {"very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"},
      {"niedrig", "mittel", "hoch"},
      {"klein", "mittel", "groß"},
      {"کم", "متوسط", "زیاد"},
      {"برنزی", "نقره‌ای", "طلایی", "پلاتین"},
      {"برنزی", "نقره ای", "طلایی", "پلاتینی"},
  };
  return all;
}

std::optional<std::vector<std::string>> ranked_words(const std::vector<std::string>& values) {
  for (const auto& scale : scales()) {
    std::vector<std::pair<std::size_t, std::string>> found;
    std::set<std::size_t> steps;
    for (const std::string& value : values) {
      std::string word = lower(value);
      std::replace(word.begin(), word.end(), '_', ' ');
      const auto step = std::find(scale.begin(), scale.end(), word);
      if (step == scale.end()) break;
      const auto rank = static_cast<std::size_t>(step - scale.begin());
      if (steps.insert(rank).second) found.emplace_back(rank, value);
    }
    if (found.size() != values.size()) continue;
    std::sort(found.begin(), found.end());
    std::vector<std::string> out;
    for (auto& step : found) out.push_back(std::move(step.second));
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> ranked(const std::vector<std::string>& values) {
  if (values.size() < 2) return std::nullopt;
  if (auto bands = ranked_bands(values)) return bands;
  return ranked_words(values);
}

}  // namespace seg::init
