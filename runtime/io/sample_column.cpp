#include "runtime/io/sample_column.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "runtime/io/text/value_text.h"

namespace seg::io {
namespace {

constexpr std::size_t kMaxExamples = 200;

// FNV-1a, then mixed, so that near values lie far apart. Never 0.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15;
  hash ^= hash >> 29;
  return hash == 0 ? 1 : hash;
}

std::string digits_of(std::int64_t value) {
  std::array<char, 24> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), result.ptr};
}

int decimals_of(std::string_view digits) {
  if (digits.find_first_of("eE") != std::string_view::npos) return 20;
  const std::size_t point = digits.find('.');
  if (point == std::string_view::npos) return 0;
  while (digits.back() == '0') digits.remove_suffix(1);
  return static_cast<int>(digits.size() - point - 1);
}

bool has_leading_zero(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

// 12.4, 3.11.2: the number of parts, or 0.
int version_parts(std::string_view text) {
  int parts = 1;
  bool is_digit_due = true;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      is_digit_due = false;
    } else if (c == '.' && !is_digit_due) {
      ++parts;
      is_digit_due = true;
    } else {
      return 0;
    }
  }
  return is_digit_due || parts > 5 ? 0 : parts;
}

// Three groups of digits as days are written: two short ones and a year of two or four digits at either end.
bool has_shape_of_day(std::string_view text) {
  std::array<int, 3> sizes{};
  std::size_t group = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++sizes[group];
    } else if ((c == '.' || c == '/' || c == '-') && group < 2 && sizes[group] > 0) {
      ++group;
    } else if ((c == ' ' || c == 'T') && group == 2) {
      break;  // the time of day
    } else {
      return false;
    }
  }
  const auto is_short = [&](std::size_t i) { return sizes[i] == 1 || sizes[i] == 2; };
  return group == 2 && is_short(1) &&
         ((is_short(0) && (sizes[2] == 2 || sizes[2] == 4)) || (sizes[0] == 4 && is_short(2)));
}

const std::vector<std::string>& date_patterns() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> patterns;
    const std::array<std::string, 17> dates = {"d.M.yyyy",   "d/M/yyyy",   "M/d/yyyy",    "d-M-yyyy",    "M-d-yyyy",
                                               "yyyy/M/d",   "yyyy.M.d",   "yyyy-M-d",    "d.M.yy",      "d/M/yy",
                                               "M/d/yy",     "d MMM yyyy", "d MMMM yyyy", "MMM d, yyyy", "MMMM d, yyyy",
                                               "d-MMM-yyyy", "d-MMM-yy"};
    const std::array<std::string, 7> clocks = {"", " H:mm", " H:mm:ss", ", H:mm", ", H:mm:ss", " h:mm a", " h:mm:ss a"};
    for (const std::string& date : dates) {
      for (const std::string& clock : clocks) patterns.push_back(date + clock);
    }
    return patterns;
  }();
  return all;
}

}  // namespace

bool is_null_word(std::string_view text) {
  static constexpr std::string_view kWords[] = {"NULL", "null", "Null", "N/A",  "n/a",   "#N/A", "NA",
                                                "NaN",  "nan",  "None", "none", "-",     "--",   "\\N",
                                                "nil",  "NIL",  "n.a.", "?",    "#NULL!"};
  return std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

bool HashSet::insert(std::uint64_t hash) {
  if (is_full()) return false;
  if (size_ * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at] != 0) {
    if (slots_[at] == hash) return false;
    at = (at + 1) & mask;
  }
  slots_[at] = hash;
  ++size_;
  return true;
}

void HashSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t hash : old) {
    if (hash == 0) continue;
    std::size_t at = hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = hash;
  }
}

std::vector<std::uint64_t> HashSet::sorted() const {
  std::vector<std::uint64_t> all;
  all.reserve(size_);
  for (const std::uint64_t hash : slots_) {
    if (hash != 0) all.push_back(hash);
  }
  std::sort(all.begin(), all.end());
  return all;
}

ColumnSampler::ColumnSampler(std::string name, bool is_untyped, bool decimal_comma, const SampleLimits& limits)
    : decimal_comma_(decimal_comma), max_values_(limits.num_values), distinct_(limits.num_distinct) {
  column_.name = std::move(name);
  column_.is_untyped = is_untyped;
  for (const std::string& pattern : date_patterns()) {
    if (auto parser = TimeFormat::create(pattern)) candidates_.push_back({pattern, std::move(*parser), {}, false});
  }
}

bool ColumnSampler::count_hash(std::uint64_t hash, std::uint64_t num_rows) {
  column_.num_rows += num_rows;
  const bool was_full = distinct_.is_full();
  const bool is_new = distinct_.insert(hash);
  if (was_full) column_.has_all_values = false;
  return is_new || was_full;
}

bool ColumnSampler::count(std::string_view text, std::uint64_t num_rows) {
  const bool is_new = count_hash(hash_of(text), num_rows);
  if (has_values_) {
    values_[std::string(text)] += num_rows;
    if (values_.size() > max_values_) {
      has_values_ = false;
      values_.clear();
    }
  }
  if (is_new) add_example(text);
  return is_new;
}

// The first values, then ever fewer of the later ones in their place.
void ColumnSampler::add_example(std::string_view text) {
  if (column_.examples.size() < kMaxExamples) {
    column_.examples.emplace_back(text);
  } else if (const std::uint64_t n = distinct_.size(); n % (n / 32) == 0) {
    column_.examples[n % kMaxExamples] = text;
  }
}

void ColumnSampler::judge_number(double value, int decimals) {
  column_.least = num_numbers_ == 0 ? value : std::min(column_.least, value);
  column_.greatest = num_numbers_ == 0 ? value : std::max(column_.greatest, value);
  column_.max_decimals = std::max(column_.max_decimals, decimals);
  ++num_numbers_;
}

void ColumnSampler::integer(std::int64_t value) {
  if (!count(digits_of(value), 1)) return;
  ++column_.num_distinct_integers;
  ++column_.num_distinct_numbers;
  column_.num_distinct_flags += value == 0 || value == 1;
  judge_number(static_cast<double>(value), 0);
}

void ColumnSampler::number(double value) {
  if (!std::isfinite(value)) return missing(1);
  std::array<char, 40> text{};
  // Whole numbers look like integers: a column of them with gaps is often stored in binary.
  const bool is_whole = value == std::floor(value) && std::abs(value) < 9e15;
  const auto result = is_whole ? std::to_chars(text.data(), text.data() + text.size(), static_cast<std::int64_t>(value))
                               : std::to_chars(text.data(), text.data() + text.size(), value);
  const std::string_view digits(text.data(), static_cast<std::size_t>(result.ptr - text.data()));
  if (!count(digits, 1)) return;
  column_.num_distinct_integers += is_whole;
  ++column_.num_distinct_numbers;
  // 0.1 + 0.2 was meant to have one decimal.
  int decimals = is_whole ? 0 : decimals_of(digits);
  for (int d = 1; d <= 4 && decimals > 4; ++d) {
    const double scaled = value * std::pow(10, d);
    if (std::abs(scaled - std::round(scaled)) < 1e-6) decimals = d;
  }
  judge_number(value, decimals);
}

void ColumnSampler::decimal(std::string_view digits) {
  if (!count(digits, 1)) return;
  const int decimals = decimals_of(digits);
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  column_.num_distinct_integers += decimals == 0;
  ++column_.num_distinct_numbers;
  judge_number(value, decimals);
}

void ColumnSampler::flag(bool value) {
  if (count(value ? "yes" : "no", 1)) ++column_.num_distinct_flags;
}

void ColumnSampler::time(std::int64_t micros) {
  constexpr std::int64_t kDay = 86'400'000'000;
  const bool is_first = column_.num_rows == column_.num_missing;
  column_.first_time = is_first ? micros : std::min(column_.first_time, micros);
  column_.last_time = is_first ? micros : std::max(column_.last_time, micros);
  column_.has_clock = column_.has_clock || micros % kDay != 0;
  has_values_ = false;
  count_hash(hash_of(digits_of(micros)), 1);
}

void ColumnSampler::present() {
  ++column_.num_rows;
  has_values_ = false;
}

void ColumnSampler::element(std::string_view text) {
  const std::uint64_t num_rows = column_.num_rows;
  has_values_ = true;
  count(text, 1);
  column_.num_rows = num_rows;
}

void ColumnSampler::text(std::string_view value, std::uint64_t num_rows) {
  if (is_blank(value)) return missing(num_rows);
  value = trimmed(value);
  if (column_.is_untyped && is_null_word(value)) {
    const auto known = std::find_if(column_.null_words.begin(), column_.null_words.end(),
                                    [&](const ValueCount& word) { return word.text == value; });
    if (known == column_.null_words.end()) {
      column_.null_words.push_back({std::string(value), num_rows});
    } else {
      known->num_rows += num_rows;
    }
    return missing(num_rows);
  }
  std::string buffer;
  if (normalize_text(value, buffer) == Verdict::kNotUtf8) return missing(num_rows);
  if (count(value, num_rows)) judge_text(value);
}

void ColumnSampler::judge_text(std::string_view text) {
  column_.max_length = std::max(column_.max_length, text.size());
  double number = 0;
  std::int64_t integer = 0;
  bool flag = false;
  column_.num_distinct_flags += parse_flag(text, flag) == Verdict::kValue;
  if (text.find_first_of("0123456789") == std::string_view::npos) {
    candidates_.clear();
    is_iso_ = false;
    return;
  }
  column_.num_distinct_leading_zeros += has_leading_zero(text);
  if (parse_number(text, decimal_comma_, number) == Verdict::kValue) {
    ++column_.num_distinct_numbers;
    column_.num_distinct_integers += parse_integer(text, decimal_comma_, integer) == Verdict::kValue;
    std::string plain;
    for (const char c : text) {
      if ((c >= '0' && c <= '9') || c == 'e' || c == 'E') plain += c;
      if (c == (decimal_comma_ ? ',' : '.')) plain += '.';
    }
    judge_number(number, decimals_of(plain));
  }
  const int parts = version_parts(text);
  column_.num_distinct_versions += parts >= 2;
  const bool is_day = has_shape_of_day(text);
  column_.num_distinct_long_versions += parts >= 3 && !is_day;
  column_.num_distinct_days += is_day;
  judge_time(text);
}

void ColumnSampler::judge_time(std::string_view text) {
  const auto note = [](FormatFit& fit, const TextTime& time, bool is_first) {
    fit.first = is_first ? time.local() : std::min(fit.first, time.local());
    fit.last = is_first ? time.local() : std::max(fit.last, time.local());
    fit.has_time = fit.has_time || time.has_time;
    fit.has_zone = fit.has_zone || time.has_zone;
  };
  if (is_iso_) {
    const auto time = parse_iso_time(text);
    is_iso_ = time.has_value();
    if (time) note(iso_, *time, !has_iso_), has_iso_ = true;
  }
  std::erase_if(candidates_, [&](Candidate& candidate) {
    const auto time = candidate.parser.parse(text);
    if (!time) return true;
    note(candidate.fit, *time, !candidate.has_value);
    candidate.has_value = true;
    return false;
  });
}

SampleColumn ColumnSampler::finish() && {
  column_.num_distinct = distinct_.size();
  column_.hashes = distinct_.sorted();
  if (has_values_) {
    for (const auto& [text, num_rows] : values_) column_.values.push_back({text, num_rows});
    std::sort(column_.values.begin(), column_.values.end(), [](const ValueCount& a, const ValueCount& b) {
      return a.num_rows != b.num_rows ? a.num_rows > b.num_rows : a.text < b.text;
    });
  }
  const auto add_format = [&](const std::string& format, FormatFit fit) {
    fit.format = format;
    column_.formats.push_back(std::move(fit));
  };
  if (is_iso_ && has_iso_) add_format("", iso_);
  for (const Candidate& candidate : candidates_) {
    if (candidate.has_value) add_format(candidate.format, candidate.fit);
  }
  return std::move(column_);
}

}  // namespace seg::io
