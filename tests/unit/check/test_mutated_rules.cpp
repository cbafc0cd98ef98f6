// Law: whatever stands in a rule, the checker either lowers it or says what is wrong; it never crashes (the program's
// builders abort on a wrong frame) and never refuses in silence. Conditions of the golden cases, with tokens taken out,
// doubled, exchanged, and put inside other phrases. SEG_CASES=100000 for a longer run.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/check/checked_rule.h"

namespace {

// The rules of the LOWERS(…) tests beside this file: these are right.
void add_right_conditions(std::vector<std::string>& conditions) {
  for (const char* topic : {"aggregate", "arithmetic", "comparison", "dates", "event_phrase", "logic", "text_list"}) {
    std::ifstream in(std::string(SEG_SOURCE_DIR) + "/tests/unit/check/test_lower_" + topic + ".cpp");
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("LOWERS(\"")) continue;
      std::string rule;
      for (std::size_t i = 8; i < line.size() && line[i] != '"'; ++i) {
        if (line[i] == '\\') ++i;
        rule += line[i];
      }
      conditions.push_back(std::move(rule));
    }
  }
}

std::vector<std::string> golden_conditions() {
  std::vector<std::string> paths;
  const std::string folder = std::string(SEG_SOURCE_DIR) + "/tests/spec/check/expressions";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".seg") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> conditions;
  for (const std::string& path : paths) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      const std::size_t when = line.find("    when ");
      if (when == 0 && line.back() != '{') conditions.push_back(line.substr(9));
    }
  }
  add_right_conditions(conditions);
  return conditions;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> tokens;
  std::string token;
  bool in_quotes = false;
  for (char c : text) {
    if (c == '"') in_quotes = !in_quotes;
    const bool is_part = in_quotes || c == '"' || c == '_' || c == '.' || std::isalnum(static_cast<unsigned char>(c));
    if (is_part) token += c;
    if (is_part) continue;
    if (!token.empty()) tokens.push_back(std::exchange(token, ""));
    if (c != ' ') tokens.emplace_back(1, c);
  }
  if (!token.empty()) tokens.push_back(token);
  return tokens;
}

constexpr const char* kAround[] = {
    "%",
    "did purchase where %",
    "count(purchase where %) > 2",
    "every device where %",
    "not %",
    "(%) and vip",
    "any customer where %",
    "did purchase where amount > 1 EUR and (%)",
    "sum(purchase.amount where %) > 3 EUR",
    "if % then 1 else 2",
    "all of { vip, % }",
    "d(%)",
    "active(%)",
    "(%) is missing",
    "any depot where %",
    "first (purchase where %) within last 3 days",
    "days since last (call where %) > 3",
    "max_of(%, %) > 3",
    "(%) or if missing 3 > 2",
    "share(purchase where % out of purchase) > 3",
    "% in [1, 2]",
    "did purchase over first 3 days after (%)",
};

constexpr const char* kRules =
    "define d(x) = x\n"
    "define active(e) = did e over last 30 days\n"
    "events basket = purchase grouped by quantity { amount: sum(amount), items: count }\n";

std::string put_into(const std::string& around, const std::string& inner) {
  std::string out;
  for (char c : around) out += c == '%' ? inner : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("mutated rules are lowered or refused with a reason") {
  const std::vector<std::string> conditions = golden_conditions();
  REQUIRE(conditions.size() > 100);
  std::vector<std::string> tokens;
  for (const std::string& condition : conditions) {
    for (std::string& token : split(condition)) tokens.push_back(std::move(token));
  }
  std::mt19937_64 random(20260630);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const char* cases = std::getenv("SEG_CASES");
  const int num_cases = cases == nullptr ? 1500 : std::atoi(cases);
  int num_lowered = 0;
  for (int i = 0; i < num_cases; ++i) {
    std::vector<std::string> parts = split(conditions[below(conditions.size())]);
    for (std::size_t edits = below(4); edits > 0 && !parts.empty(); --edits) {
      const auto at = static_cast<std::ptrdiff_t>(below(parts.size()));
      switch (below(4)) {
        case 0: parts.erase(parts.begin() + at); break;
        case 1: parts[static_cast<std::size_t>(at)] = tokens[below(tokens.size())]; break;
        case 2: parts.insert(parts.begin() + at, tokens[below(tokens.size())]); break;
        default: std::swap(parts[static_cast<std::size_t>(at)], parts[below(parts.size())]);
      }
    }
    std::string condition;
    for (const std::string& part : parts) condition += (condition.empty() ? "" : " ") + part;
    for (std::size_t depth = below(3); depth > 0; --depth)
      condition = put_into(kAround[below(std::size(kAround))], condition);
    const seg::check_test::CheckedRule seen = below(5) == 0 ? seg::check_test::check_account(condition, kRules)
                                                            : seg::check_test::check_when(condition, kRules);
    CAPTURE(condition);
    CHECK((!seen.codes.empty() || !seen.text.empty()));  // both: read in spite of a slip
    num_lowered += seen.codes.empty() ? 1 : 0;
  }
  MESSAGE(num_cases << " rules, " << num_lowered << " lowered");
}
