#include "runtime/io/csv_dialect.h"

#include <algorithm>
#include <map>

#include "runtime/io/text/time_text.h"
#include "runtime/io/text/value_text.h"

namespace seg::io {
namespace {

constexpr std::size_t kSampleBytes = 256u << 10;
constexpr std::size_t kSampleRecords = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Records of the sample, without one that the sample's end may have cut off and without blank lines.
std::vector<std::vector<std::string>> sample_records(std::string_view text, char delimiter, char quote) {
  std::vector<std::vector<std::string>> records;
  const CsvParser parser(delimiter, quote);
  const bool is_whole = text.size() <= kSampleBytes;
  const char* at = text.data();
  const char* end = at + std::min(text.size(), kSampleBytes);
  std::vector<CsvField> fields;
  std::string buffer;
  std::uint64_t num_lines = 0;
  while (at < end && records.size() < kSampleRecords) {
    const bool is_closed = parser.parse(at, end, fields, num_lines);
    if (!is_closed || (at == end && !is_whole)) break;
    if (fields.size() == 1 && fields[0].begin == fields[0].end) continue;
    std::vector<std::string>& record = records.emplace_back();
    for (const CsvField& field : fields) record.emplace_back(unquote(field, quote, buffer));
  }
  return records;
}

// How well a separator explains the sample: the share of records with the most common number of fields, if that is
// more than one; more fields decide between equals.
double score(std::string_view text, char delimiter, char quote) {
  std::map<std::size_t, std::size_t> counts;
  const auto records = sample_records(text, delimiter, quote);
  for (const auto& record : records) ++counts[record.size()];
  std::size_t fields = 0, most = 0;
  for (const auto& [num_fields, num_records] : counts) {
    if (num_records > most || (num_records == most && num_fields > fields)) fields = num_fields, most = num_records;
  }
  if (fields < 2 || records.empty()) return 0;
  return static_cast<double>(most) / static_cast<double>(records.size()) +
         static_cast<double>(std::min<std::size_t>(fields, 100)) * 1e-4;
}

bool is_number_or_date(const std::string& text) {
  double number = 0;
  if (is_blank(text)) return false;
  if (parse_number(text, false, number) == Verdict::kValue || parse_number(text, true, number) == Verdict::kValue)
    return true;
  return parse_iso_time(trimmed(text)).has_value();
}

// 12,5 or 1.234,50 against 12.5 or 1,234.50; a lone group of three digits says nothing.
int decimal_sign(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  std::size_t last = std::string_view::npos, num_commas = 0, num_points = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',' || text[i] == '.') {
      last = i;
      num_commas += text[i] == ',';
      num_points += text[i] == '.';
    } else if (!is_digit(text[i])) {
      return 0;
    }
  }
  if (last == std::string_view::npos || last == 0 || last + 1 == text.size()) return 0;
  const bool is_mixed = num_commas != 0 && num_points != 0;
  if (!is_mixed && num_commas + num_points > 1) return 0;               // groups only, or a date
  if (!is_mixed && text.size() - last - 1 == 3 && last <= 3) return 0;  // 1.234
  return text[last] == ',' ? -1 : 1;
}

}  // namespace

std::string_view unquote(const CsvField& field, char quote, std::string& buffer) {
  if (!field.has_quotes) return {field.begin, static_cast<std::size_t>(field.end - field.begin)};
  const char* begin = field.begin + 1;
  const char* close = std::find(begin, field.end, quote);
  if (close + 1 == field.end)
    return {begin, static_cast<std::size_t>(close - begin)};  // the usual case: nothing inside
  buffer.clear();
  bool is_inside = true;
  for (const char* at = begin; at < field.end; ++at) {
    if (*at != quote) {
      buffer += *at;
    } else if (is_inside && at + 1 < field.end && at[1] == quote) {
      buffer += *at++;
    } else if (is_inside) {
      is_inside = false;
    } else {
      buffer += *at;
    }
  }
  return buffer;
}

CsvDialect sniff_csv(std::string_view text, const CsvOptions& options) {
  CsvDialect dialect;
  dialect.quote = options.quote;
  std::uint64_t line = 1;
  if (text.starts_with("sep=") && text.size() > 5 && (text[5] == '\n' || text[5] == '\r')) {  // Excel's own remark
    dialect.delimiter = text[4];
    dialect.begin = text[5] == '\r' && text.size() > 6 && text[6] == '\n' ? 7 : 6;
    line = 2;
  } else if (!options.delimiter) {
    double best = 0;
    for (const char delimiter : {',', ';', '\t', '|'}) {
      const double found = score(text, delimiter, dialect.quote);
      if (found > best) best = found, dialect.delimiter = delimiter;
    }
  }
  if (options.delimiter) dialect.delimiter = *options.delimiter;

  const std::string_view body = text.substr(dialect.begin);
  const auto records = sample_records(body, dialect.delimiter, dialect.quote);
  if (records.empty()) {
    dialect.data_begin = text.size();
    return dialect;
  }
  const std::vector<std::string>& first = records[0];
  dialect.has_header = options.header.value_or(std::none_of(first.begin(), first.end(), is_number_or_date));

  std::vector<int> commas(first.size()), points(first.size());
  int all_commas = 0, all_points = 0;
  for (std::size_t r = dialect.has_header ? 1 : 0; r < records.size(); ++r) {
    for (std::size_t c = 0; c < std::min(records[r].size(), first.size()); ++c) {
      const int sign = decimal_sign(records[r][c]);
      commas[c] += sign < 0;
      points[c] += sign > 0;
      all_commas += sign < 0;
      all_points += sign > 0;
    }
  }
  for (std::size_t c = 0; c < first.size(); ++c) {
    const bool is_comma = commas[c] == points[c] ? all_commas > all_points : commas[c] > points[c];
    dialect.decimal_comma.push_back(options.decimal_comma.value_or(is_comma));
  }

  for (std::size_t i = 0; i < first.size(); ++i) {
    std::string name = dialect.has_header ? std::string(trimmed(first[i])) : std::string();
    std::string_view normal = name;
    std::string buffer;
    if (normalize_text(normal, buffer) == Verdict::kValue) {
      dialect.columns.emplace_back(normal);
    } else {
      dialect.columns.push_back("column" + std::to_string(i + 1));
    }
  }
  // Behind the header, which blank lines may stand before.
  const char* at = body.data();
  const char* end = body.data() + body.size();
  const CsvParser parser(dialect.delimiter, dialect.quote);
  std::vector<CsvField> fields;
  std::uint64_t num_lines = 0;
  if (dialect.has_header) {
    do {
      parser.parse(at, end, fields, num_lines);
      line += num_lines;
    } while (at < end && fields.size() == 1 && fields[0].begin == fields[0].end);
  }
  dialect.data_begin = static_cast<std::size_t>(at - text.data());
  dialect.data_line = line;
  return dialect;
}

}  // namespace seg::io
