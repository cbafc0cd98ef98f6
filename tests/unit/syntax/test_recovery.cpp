// Many errors per file, one per cause; what stands beside an error is read.
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

// "3:5" of each diagnostic.
std::string places_of(std::string_view text) {
  base::SourceSet sources;
  const base::SourceId id = sources.add("t", std::string(text));
  base::DiagnosticList diagnostics;
  parse(id, sources.text(id), diagnostics);
  diagnostics.sort();
  std::string out;
  for (const auto& diagnostic : diagnostics.items()) {
    const base::Place place = sources.place(id, diagnostic.span().begin);
    if (!out.empty()) out += ' ';
    out += std::to_string(place.line) + ":" + std::to_string(place.column);
  }
  return out;
}

std::string kinds_of(std::string_view text) {
  base::DiagnosticList diagnostics;
  const ParseResult result = parse_text(text, diagnostics);
  std::string out;
  for (const NodeId n : result.tree.children(result.tree.root())) {
    if (!out.empty()) out += ' ';
    out += kind_id(result.tree.kind(n)).substr(1);
  }
  return out;
}

TEST_CASE("an item that can't be read is an error node among the others") {
  const std::string text = "segment a {\n    title \"A\"\n    when b >\n    expect c\n}\n";
  base::DiagnosticList diagnostics;
  const ParseResult result = parse_text(text, diagnostics);
  CHECK(result.has_errors);
  const Tree& tree = result.tree;
  const NodeId segment = tree.child(tree.root(), std::size_t{0});
  REQUIRE(tree.num_children(segment) == 4);
  CHECK(tree.is(tree.child(segment, std::size_t{2}), NodeKind::kError));
  CHECK(tree.text(tree.child(segment, std::size_t{2})) == "when b >");
  CHECK(tree.is(tree.child(segment, std::size_t{3}), NodeKind::kExpect));
  CHECK(tree.has_error(segment));
  CHECK_FALSE(tree.has_error(tree.child(segment, std::size_t{3})));
}

TEST_CASE("each declaration on its own") {
  CHECK(kinds_of("metric a = )\nmetric b = 1\nhello\nmetric c = 1 1\nmetric d = 2\n") ==
        "Error Metric Error Error Metric");
  CHECK(places_of("metric a = )\nmetric b = 1\nhello\nmetric c = 1 1\nmetric d = 2\n") == "1:12 3:1 4:14");
}

TEST_CASE("errors of several items of one line") {
  CHECK(places_of("segment s { when all of { a >, b, c <; d = = 1 } }") == "1:30 1:38 1:44");
}

TEST_CASE("errors in blocks in blocks") {
  CHECK(places_of("segment s {\n    when all of {\n        any of {\n            a >\n            b\n        }\n       "
                  " c <\n    }\n    expect\n}\n") == "4:16 7:12 9:11");
}

TEST_CASE("a missing brace does not reach beyond the next declaration") {
  CHECK(kinds_of("segment a {\n    when b\n\nsegment c {\n    when d\n}\nmetric e = 1\n") == "Segment Segment Metric");
  CHECK(places_of("segment a {\n    when b\n\nsegment c {\n    when d\n}\nmetric e = 1\n") == "1:11");
}

TEST_CASE("indentation tells which brace is missing") {
  CHECK(places_of(
            "segment a {\n    when all of {\n        any of {\n            b\n        c\n    }\n}\nmetric e = 1\n") ==
        "3:16");
  CHECK(places_of("segment a {\n    when all of {\n        b\n    expect c\n}\nmetric e = 1\n") == "2:17");
}

TEST_CASE("an unclosed bracket ends with its line") {
  CHECK(kinds_of("metric a = f(1\nmetric b = [1\nmetric c = 1\n") == "Error Error Metric");
  CHECK(places_of("metric a = f(1\nmetric b = [1\nmetric c = 1\n") == "1:13 2:12");
  CHECK(places_of("segment a {\n    tags [\"x\"\n    when b >\n    expect c\n}\n") == "2:10 3:13");
}

TEST_CASE("an unterminated text is one error, whatever it swallowed") {
  CHECK(codes_of("segment a {\n    tags [\"x, y]\n    when b\n}\n") == "S0020");
  CHECK(codes_of("metric a = f(\"x)\nmetric b = 1\n") == "S0020");
  CHECK(codes_of("segment a { title \"A }\nmetric b = 1\n").substr(0, 5) == "S0020");
}

TEST_CASE("pasted things are told beside other errors") {
  CHECK(codes_of("metric a = b == \nmetric c = d && e\n") == "S0023 S1001 S0023");
}

TEST_CASE("a line that goes on does not end an error") {
  CHECK(places_of("segment a {\n    when b >\n        and c\n        or d\n    expect e\n}\n") == "2:13");
}

TEST_CASE("the value that a broken line lacks is not an item") {
  CHECK(places_of("segment a {\n    when b =\n        \"x\"\n    expect c\n}\n") == "2:13");
}

TEST_CASE("a stray brace") {
  CHECK(codes_of("metric a = 1\n}\nmetric b = 1\n") == "S1003");
  CHECK(kinds_of("metric a = 1\n}\nmetric b = 1\n") == "Metric Error Metric");
}

TEST_CASE("fourteen errors, each once") {
  const std::string text = R"(metric = 5
metric a = sum(purchase.amount over last days)
metric b = 1 + * 2
segment one {
    title "One
    tags ["a" "b"]
    when all of {
        x > 3 > 2
        y in [1, 2
        spend >=
        days since last purchase > 60
        name starts "x"
    }
    expect size between 1% 5%
}
segment two {
    foo bar baz
}
partition p {
    tier b whenn y
    otherwise
}
segment four {
    when all of {
        x = 3
    expect size > 3
}
segment five {
    when x = 1 )
}
metric z = 3
)";
  CHECK(places_of(text) == "1:8 2:42 3:16 5:11 6:15 8:15 9:14 10:17 12:21 14:28 17:13 20:12 21:14 24:17 29:16");
}

TEST_CASE("errors in a text that is no rule at all end") {
  for (const char* text :
       {"}}}}", "))))", "((((", "{{{{", "\"", "\\", "= = =", ", , ,", "; ; ;", "#", "..", "-", "\x01\x02", "@@@@@@"}) {
    base::DiagnosticList diagnostics;
    const ParseResult result = parse_text(text, diagnostics);
    CHECK(result.tree.num_nodes() > 0);
  }
}

TEST_CASE("a file that is not UTF-8 is one error node") {
  const std::string text = "metric a = \xff\n";
  base::DiagnosticList diagnostics;
  const ParseResult result = parse_text(text, diagnostics);
  CHECK(codes_of(text) == "S0003");
  REQUIRE(result.tree.num_children(result.tree.root()) == 1);
  CHECK(result.tree.is(result.tree.child(result.tree.root(), std::size_t{0}), NodeKind::kError));
}

}  // namespace
}  // namespace seg::syntax
