// The written project: what the checker says of it, whatever the columns are called, and that it is in the one format.
#include <doctest/doctest.h>

#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "tests/unit/init/written_files.h"
#include "tools/init/write_project.h"

namespace seg::init {
namespace {

const std::vector<std::string> kWords = {
#define SEG_KEYWORD(id, word, kind) word,
#include "grammar/keywords.def"
#undef SEG_KEYWORD
};

std::string one_format(const std::string& text) {
  base::DiagnosticList diagnostics;
  const syntax::ParseResult parsed = syntax::parse(base::SourceId{0}, text, diagnostics);
  REQUIRE_FALSE(parsed.has_errors);
  return syntax::format(parsed.tree).value_or("");
}

}  // namespace

TEST_CASE("every word of the language may be a column") {
  std::string names, row, other, events;
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    names += "," + kWords[i];
    row += "," + std::to_string(i) + ".5";
    other += "," + std::to_string(i + 3) + ".25";
    events += ",2025-01-" + std::to_string(10 + i % 20);
  }
  const WrittenFiles files(
      {{"customers.csv", "id" + names + "\n1" + row + "\n2" + other + "\n"},
       {"visits.csv", "customer_id" + names + "\n1" + events + "\n1" + events + "\n2" + events + "\n"}});
  const auto inputs = files.inputs();
  const auto proposal = propose(inputs, {});
  REQUIRE(proposal.has_value());
  CHECK(check_findings(*proposal, inputs) == "");
}

TEST_CASE("every word of the language may be a file, and a column of its subject") {
  for (const std::string& word : kWords) {
    const WrittenFiles files{{"customers.csv", "id," + word + "\n1,a\n2,b\n"},
                             {word + ".csv", "customer_id,at\n1,2025-01-02\n1,2025-01-03\n2,2025-02-03\n"}};
    const auto inputs = files.inputs();
    const auto proposal = propose(inputs, {});
    REQUIRE(proposal.has_value());
    CAPTURE(word);
    CHECK(check_findings(*proposal, inputs) == "");
  }
}

TEST_CASE("rules over subjects without events") {
  for (const char* literal :
       {"vip\nyes\nno", "tier\ngold\nsilver\ngold\nsilver\ngold\nsilver", "kind\na\nb\na\nb\na\nb", "price\n1.50\n2.50",
        "points\n5\n7", "weight\n1.5\n2.25", "word\nabc\ndef", "born\n2001-02-03\n2002-03-04"}) {
    const std::string column = literal;
    std::string text;
    int row = 0;
    for (std::size_t at = 0; at < column.size();) {
      const std::size_t end = std::min(column.find('\n', at), column.size());
      text += (row == 0 ? "id" : std::to_string(row)) + "," + column.substr(at, end - at) + "\n";
      ++row;
      at = end + 1;
    }
    const WrittenFiles files{{"customers.csv", text}};
    const auto inputs = files.inputs();
    const auto proposal = propose(inputs, {.currency = {}, .as_of = "2026-01-01"});
    REQUIRE(proposal.has_value());
    CAPTURE(column);
    CHECK(check_findings(*proposal, inputs) == "");
  }
}

TEST_CASE("the project is in the one format, and texts with signs come through") {
  const WrittenFiles files(
      {{"customers.csv",
        "id,\"a \"\"b\"\": c\",kind\n1,x,\"say \"\"hi\"\"\"\n2,y,back\\slash\n3,x,\"say \"\"hi\"\"\"\n"
        "4,y,back\\slash\n5,x,\"say \"\"hi\"\"\"\n6,y,back\\slash\n"}});
  const auto inputs = files.inputs();
  const auto proposal = propose(inputs, {.currency = {}, .as_of = "2026-01-01"});
  REQUIRE(proposal.has_value());
  CHECK(check_findings(*proposal, inputs) == "");
  for (const ProjectFile& file : write_project(*proposal, inputs, {"data/x y.csv"})) {
    if (file.path.ends_with(".seg")) CHECK(one_format(file.text) == file.text);
    if (file.path == "seg.yaml") {
      CHECK(file.text.find("path: \"data/x y.csv\"") != std::string::npos);
      CHECK(file.text.find(R"(a_b_c: "a \"b\": c")") != std::string::npos);
    }
  }
}

}  // namespace seg::init
