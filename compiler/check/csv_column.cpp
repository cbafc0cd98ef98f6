#include "compiler/check/csv_column.h"

#include <algorithm>
#include <unordered_set>

namespace seg::check {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Reads records one by one; an unterminated quote sets `is_damaged`.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
    const std::string_view header = text_.substr(0, text_.find('\n'));
    for (char sign : {',', ';', '\t'}) {
      if (header.find(sign) != std::string_view::npos) {
        separator_ = sign;
        break;
      }
    }
  }

  bool next(std::vector<std::string>& fields) {
    fields.clear();
    if (at_ >= text_.size()) return false;
    ++record_;
    std::string field;
    bool was_quoted = false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"' && trimmed(field).empty() && !was_quoted) {
        field.clear();
        was_quoted = true;
        if (!read_quoted(field)) return false;
      } else if (c == separator_ || c == '\n') {
        add(fields, field, was_quoted);
        if (c == '\n') return true;
      } else if (c != '\r') {
        field += c;
      }
    }
    add(fields, field, was_quoted);
    return true;
  }

  bool is_damaged() const { return is_damaged_; }
  std::size_t record() const { return record_; }

 private:
  static void add(std::vector<std::string>& fields, std::string& field, bool& was_quoted) {
    fields.push_back(was_quoted ? field : std::string(trimmed(field)));
    field.clear();
    was_quoted = false;
  }

  bool read_quoted(std::string& field) {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c != '"') {
        field += c;
      } else if (at_ < text_.size() && text_[at_] == '"') {
        field += '"';
        ++at_;
      } else {
        return true;
      }
    }
    is_damaged_ = true;
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t record_ = 0;
  char separator_ = '\0';
  bool is_damaged_ = false;
};

}  // namespace

CsvColumn read_csv_column(std::string_view text, std::string_view column) {
  CsvColumn result;
  CsvReader reader(text);
  if (!reader.next(result.header)) {
    result.problem = reader.is_damaged() ? "a quote is never closed" : "it is empty";
    return result;
  }
  const auto found = std::find(result.header.begin(), result.header.end(), column);
  if (found == result.header.end()) return result;
  result.has_column = true;
  const auto index = static_cast<std::size_t>(found - result.header.begin());
  std::unordered_set<std::string> seen;
  std::vector<std::string> fields;
  while (reader.next(fields)) {
    if (fields.size() == 1 && fields[0].empty()) continue;  // a blank line
    if (fields.size() != result.header.size()) {
      result.problem = "record " + std::to_string(reader.record()) + " has " + std::to_string(fields.size()) +
                       " fields, the header " + std::to_string(result.header.size());
      return result;
    }
    const std::string value(trimmed(fields[index]));
    if (!value.empty() && seen.insert(value).second) result.values.push_back(value);
  }
  if (reader.is_damaged()) result.problem = "a quote is never closed";
  return result;
}

bool is_integer_text(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18 || (text.size() > 1 && text[0] == '0')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace seg::check
