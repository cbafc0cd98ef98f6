#include "tools/init/fields.h"

#include <algorithm>

#include "tools/init/name.h"
#include "tools/init/privacy.h"

namespace seg::init {
namespace {

using base::TypeKind;

// Whether the file's unmistakable dates put the month or the day first; none if they say nothing.
std::optional<bool> month_first_of(const io::Sample& sample) {
  bool any_month = false, any_day = false;
  for (const io::SampleColumn& column : sample.columns) {
    bool month = false, day = false, iso = false;
    for (const io::FormatFit& fit : column.formats) {
      const bool is_month = fit.format.starts_with("M/") || fit.format.starts_with("M-");
      iso = iso || fit.format.empty();
      month = month || is_month;
      day = day || fit.format.starts_with("d/") || fit.format.starts_with("d-");
    }
    if (iso || month == day) continue;
    any_month = any_month || month;
    any_day = any_day || day;
  }
  if (any_month == any_day) return std::nullopt;
  return any_month;
}

void pair_locations(const io::Sample& sample, FileGuess& guess) {
  const auto is_number = [&](std::size_t c) {
    const TypeKind kind = guess.columns[c].type.kind;
    return guess.columns[c].is_used && (kind == TypeKind::kNumber || kind == TypeKind::kInteger);
  };
  for (std::size_t a = 0; a < sample.columns.size(); ++a) {
    std::vector<std::string> prefix = words_of(sample.columns[a].name);
    if (!is_number(a) || !has_word({prefix.back()}, {"lat", "latitude", "breitengrad"})) continue;
    prefix.pop_back();
    if (sample.columns[a].least < -90 || sample.columns[a].greatest > 90) continue;
    for (std::size_t b = 0; b < sample.columns.size(); ++b) {
      std::vector<std::string> other = words_of(sample.columns[b].name);
      if (b == a || other.empty() || !is_number(b) ||
          !has_word({other.back()}, {"lon", "lng", "long", "longitude", "längengrad"})) {
        continue;
      }
      other.pop_back();
      if (other != prefix || sample.columns[b].least < -180 || sample.columns[b].greatest > 180) continue;
      guess.columns[a].pair = b;
      guess.columns[a].type = {};
      guess.columns[a].type.kind = TypeKind::kLocation;
      guess.columns[b].is_used = false;
      break;
    }
  }
}

const io::FormatFit* fit_of(const io::SampleColumn& column, const TypeGuess& type) {
  const auto fit = std::find_if(column.formats.begin(), column.formats.end(),
                                [&](const io::FormatFit& f) { return f.format == type.format; });
  return fit == column.formats.end() ? nullptr : &*fit;
}

}  // namespace

FileGuess guess_columns(const Input& input) {
  const io::Sample& sample = input.sample;
  FileGuess guess;
  const std::optional<bool> month_first = month_first_of(sample);
  std::vector<std::string> repeated;
  std::string order_format;  // of the first column whose order of day and month matters
  char separator = 0;
  for (const io::SampleColumn& column : sample.columns) {
    ColumnGuess& found = guess.columns.emplace_back();
    if (column.is_repeated) {
      found.is_used = false;
      if (std::find(repeated.begin(), repeated.end(), column.name) == repeated.end()) repeated.push_back(column.name);
      continue;
    }
    found.type = guess_type(column, sample, month_first);
    TypeGuess& type = found.type;
    found.is_used = type.is_usable;
    // Formats are tried one after another in all columns of a file: two orders would be mixed up.
    const auto order_of = [](const std::string& format) { return format.empty() ? ' ' : format[0]; };
    const bool has_order = type.format.starts_with("d/") || type.format.starts_with("M/") ||
                           type.format.starts_with("d-M-") || type.format.starts_with("M-");
    if (has_order && !order_format.empty() && order_of(order_format) != order_of(type.format)) {
      type = {};
      type.remark = "writes dates in another order than the columns before it: kept as text";
    } else if (has_order) {
      order_format = type.format;
    }
    if (type.list_separator != 0) {
      if (separator != 0 && separator != type.list_separator) {
        type = {};
        type.remark = "separates its elements by another sign than the columns before it: kept as text";
      } else {
        separator = type.list_separator;
      }
    }
    if (type.is_order_unclear) {
      guess.remarks.push_back("`" + column.name +
                              "` reads 03/04/2025 as 3 April (day first): no value says otherwise. If " +
                              "it is 4 March, change its format in seg.yaml");
    }
    if (!type.remark.empty()) {
      guess.remarks.push_back("`" + column.name + "` " + type.remark + (type.is_usable ? "" : ": left out"));
    }
  }
  for (const std::string& name : repeated) {
    guess.remarks.push_back("several columns are called `" + name + "`: left out, since which is meant can't be known");
  }
  pair_locations(sample, guess);
  return guess;
}

std::optional<std::int64_t> last_moment(const io::SampleColumn& column, const TypeGuess& type) {
  if (type.kind != TypeKind::kDate && type.kind != TypeKind::kTime) return std::nullopt;
  if (column.kind != io::SampleKind::kText) return column.last_time;
  const io::FormatFit* fit = fit_of(column, type);
  return fit == nullptr ? std::nullopt : std::optional(fit->last);
}

std::optional<std::int64_t> first_moment(const io::SampleColumn& column, const TypeGuess& type) {
  if (type.kind != TypeKind::kDate && type.kind != TypeKind::kTime) return std::nullopt;
  if (column.kind != io::SampleKind::kText) return column.first_time;
  const io::FormatFit* fit = fit_of(column, type);
  return fit == nullptr ? std::nullopt : std::optional(fit->first);
}

std::size_t find_time(const Input& input, const FileGuess& guess) {
  std::size_t best = kNoColumn;
  int best_score = 0;
  for (std::size_t c = 0; c < guess.columns.size(); ++c) {
    const io::SampleColumn& column = input.sample.columns[c];
    const TypeKind kind = guess.columns[c].type.kind;
    if (!guess.columns[c].is_used || (kind != TypeKind::kDate && kind != TypeKind::kTime)) continue;
    const std::vector<std::string> words = words_of(column.name);
    if (column.num_missing * 20 > column.num_rows) continue;  // what happened has a time
    if (names_birth(words)) continue;
    if (has_word(words, {"expires", "expiry", "expiration", "due", "end", "ends", "until", "valid"})) continue;
    int score = 10 + (kind == TypeKind::kTime ? 4 : 0) + (column.num_missing == 0 ? 6 : 0);
    if (has_word(words, {"at",          "timestamp", "datetime", "ordered", "order",    "purchased", "purchase",
                         "transaction", "visited",   "visit",    "event",   "occurred", "happened",  "sold",
                         "created",     "placed",    "date",     "datum",   "time",     "تاریخ",     "زمان"})) {
      score += 3;
    }
    if (has_word(words, {"updated", "modified", "changed", "shipped", "delivered", "delivery", "returned", "refunded",
                         "paid", "exported", "loaded", "imported"})) {
      score -= 6;
    }
    if (score > best_score) best = c, best_score = score;
  }
  return best;
}

}  // namespace seg::init
