// Diagnostics for people, as design and documentation show them.
#include <doctest/doctest.h>

#include "base/render_human.h"
#include "tests/unit/base/sample_diagnostics.h"

using namespace seg::base;

namespace {

struct Case {
  SourceSet sources;
  DiagnosticList list;
  HumanOptions options{.shows_summary = false};
  SourceId add(std::string_view text, std::size_t line = 1) { return add_at_line(sources, "a.seg", line, text); }
  std::string render() const { return "\n" + render_human(list, sources, options); }
};

}  // namespace

TEST_CASE("a label, a note, the page") {
  Case one;
  const SourceId id = one.add("        incme > 50_000 EUR\n", 12);
  const Span span = find_span(one.sources, id, "incme");
  one.list.report(Code::unknown_field, span, {"customer", "incme"})
      .label(span, "did you mean `income`?")
      .note("fields of `customer` like it: income, income_band")
      .fix(span, "income");
  CHECK(one.render() == R"(
error S2104: `customer` has no field `incme`
   ┌─ a.seg:12:9
12 │         incme > 50_000 EUR
   │         ^^^^^ did you mean `income`?
   = fields of `customer` like it: income, income_band
   = more: seg explain S2104
)");
}

TEST_CASE("labels in two lines, a note of several lines") {
  Case one;
  const SourceId id = one.add("tier gold when a\ntier frequent when b\n", 5);
  const Span b = find_span(one.sources, id, "b");
  one.list.report(Code::tier_never_reached, b, {"frequent"})
      .label(b, "true as well")
      .label(find_span(one.sources, id, "a"), "true")
      .note("this customer is in both:\n  test {\n\n      x\n  }");
  CHECK(one.render() == R"(
warning S5103: tier `frequent` is never reached
   ┌─ a.seg:6:20
 5 │ tier gold when a
   │                - true
 6 │ tier frequent when b
   │                    ^ true as well
   = this customer is in both:
       test {

           x
       }
   = more: seg explain S5103
)");
}

TEST_CASE("several labels in one line hang below each other") {
  Case one;
  const SourceId id = one.add("a and b or c\n");
  const Span span = find_span(one.sources, id, "or");
  one.list.report(Code::and_beside_or, span)
      .label(span, "here")
      .label(find_span(one.sources, id, "and"), "and here")
      .label(find_span(one.sources, id, "a"), "first");
  CHECK(one.render() == R"(
error S1006: `and` beside `or` can be read in two ways
   ┌─ a.seg:1:9
 1 │ a and b or c
   │ - ---   ^^ here
   │ │ │
   │ │ and here
   │ first
   = more: seg explain S1006
)");
}

TEST_CASE("lines between: one is shown, more are a dot") {
  Case one;
  const SourceId id = one.add("a\nb\nc\nd\ne\nf\n", 98);
  const Span f = find_span(one.sources, id, "f");
  one.list.report(Code::never_true, f)
      .label(find_span(one.sources, id, "a"), "1")
      .label(find_span(one.sources, id, "c"), "2");
  CHECK(one.render() == R"(
warning S5101: this is never true
    ┌─ a.seg:103:1
 98 │ a
    │ - 1
 99 │ b
100 │ c
    │ - 2
    ·
103 │ f
    │ ^
    = more: seg explain S5101
)");
}

TEST_CASE("a label over several lines") {
  Case one;
  const SourceId id = one.add("  segment y {\n    a\n    b\n  }\n");
  const Span span = find_span(one.sources, id, "segment y {\n    a\n    b\n  }");
  one.list.report(Code::segment_without_condition, span, {"y"}).label(span, "no `when` up to here");
  CHECK(one.render() == R"(
error S4001: segment `y` has no `when`
   ┌─ a.seg:1:3
 1 │   segment y {
   │   ^^^^^^^^^^^
   ·
 4 │   }
   │   ^ no `when` up to here
   = more: seg explain S4001
)");
}

TEST_CASE("a label that ends with its line end stays in its line") {
  Case one;
  const SourceId id = one.add("abc\r\ndef\r\n");
  one.list.report(Code::never_true, {id, 0, 5});
  CHECK(one.render() == R"(
warning S5101: this is never true
   ┌─ a.seg:1:1
 1 │ abc
   │ ^^^
   = more: seg explain S5101
)");
}

TEST_CASE("the end of a file, and an empty place") {
  Case one;
  const SourceId id = one.add("a {\n");
  one.list.report(Code::never_closed, {id, 4, 4}, {"{"}).label({id, 2, 3}, "opened here");
  CHECK(one.render() == R"(
error S1002: this `{` is never closed
   ┌─ a.seg:2:1
 1 │ a {
   │   - opened here
 2 │
   │ ^
   = more: seg explain S1002
)");
}

TEST_CASE("tabs, wide characters and combining marks keep carets in place") {
  Case one;
  const SourceId id = one.add("\ta\t日本 e\u0301 😀 x\n");
  const Span x = find_span(one.sources, id, "x");
  one.list.report(Code::never_true, x).label(find_span(one.sources, id, "日本"), "");
  CHECK(one.render() ==
        "\nwarning S5101: this is never true\n   ┌─ a.seg:1:11\n"
        " 1 │     a   日本 e\u0301 😀 x\n"
        "   │         ----      ^\n"
        "   = more: seg explain S5101\n");
}

TEST_CASE("right-to-left text is isolated, in messages and in lines") {
  Case one;
  const SourceId id = one.add("when شهر is \"تهران بزرگ\"\n");
  const Span span = find_span(one.sources, id, "\"تهران بزرگ\"");
  one.list.report(Code::unknown_choice_value, span, {"تهران بزرگ", "شهر"})
      .label(find_span(one.sources, id, "شهر"), "این");
  CHECK(one.render() ==
        "\nerror S3007: `\u2068تهران بزرگ\u2069` is not a value of `\u2068شهر\u2069`\n"
        "   ┌─ a.seg:1:13\n"
        " 1 │ \u2066when \u2068شهر\u2069 is \"\u2068تهران بزرگ\u2069\"\u2069\n"
        "   │      ---    ^^^^^^^^^^^^\n"
        "   │      │\n"
        "   │      \u2068این\u2069\n"
        "   = more: seg explain S3007\n");
}

TEST_CASE("a line that begins with right-to-left text does not turn the line around") {
  Case one;
  const SourceId id = one.add("شهر is x\n");
  one.list.report(Code::never_true, find_span(one.sources, id, "x"));
  CHECK(one.render().find(" 1 │ \u2066\u2068شهر\u2069 is x\u2069\n") != std::string::npos);
}

TEST_CASE("invisible and control characters are shown by name and do nothing to the terminal") {
  Case one;
  const SourceId id = one.add("a \u202e b \x1b[31m\n");
  one.list.report(Code::bidi_control, {id, 2, 5}, {"202E"}).note("\x1b]0;title\x07");
  const std::string text = one.render();
  CHECK(text.find(" 1 │ a <U+202E> b <U+001B>[31m\n   │   ^^^^^^^^\n") != std::string::npos);
  CHECK(text.find("= <U+001B>]0;title<U+0007>\n") != std::string::npos);
}

TEST_CASE("a long line is cut around its label") {
  Case one;
  one.options.num_columns = 45;
  const SourceId id = one.add(std::string(500, 'a') + " incme " + std::string(500, 'b') + "\n");
  one.list.report(Code::never_true, find_span(one.sources, id, "incme"));
  CHECK(one.render() == R"(
warning S5101: this is never true
   ┌─ a.seg:1:502
 1 │ …aaaaaaaa incme bbbbbbbbbbbbbbbbbbbbbbb…
   │           ^^^^^
   = more: seg explain S5101
)");
}

TEST_CASE("a label longer than the room that there is") {
  Case one;
  one.options.num_columns = 45;
  const SourceId id = one.add("xx " + std::string(500, 'a') + " yy\n");
  one.list.report(Code::never_true, {id, 3, 503});
  const std::string text = one.render();
  CHECK(text.find("…\n") != std::string::npos);
  CHECK(text.find("^^^^^") != std::string::npos);
  CHECK(text.size() < 400);
}

TEST_CASE("a file that is one line of megabytes takes no time") {
  Case one;
  std::string text(20u << 20, 'x');
  text.insert(15u << 20, " شهر incme ");
  const SourceId id = one.sources.add("a.seg", std::move(text));
  const Span incme = find_span(one.sources, id, "incme");
  one.list.report(Code::never_true, {id, incme.begin, incme.end}).label({id, 1, 2}, "far before");
  const std::string rendered = one.render();
  CHECK(rendered.find(" incme xxxx") != std::string::npos);
  CHECK(rendered.find("^^^^^") != std::string::npos);
  CHECK(rendered.size() < 1000);
}

TEST_CASE("labels in two files") {
  Case one;
  const SourceId a = one.sources.add("a.seg", "segment x {}\n");
  const SourceId b = one.sources.add("b.seg", "\nsegment x {}\n");
  one.list.report(Code::duplicate_name, find_span(one.sources, b, "x"), {"x"})
      .label(find_span(one.sources, a, "x"), "the first one");
  CHECK(one.render() == R"(
error S2002: `x` is there twice
   ┌─ b.seg:2:9
 2 │ segment x {}
   │         ^
   ┌─ a.seg:1:9
 1 │ segment x {}
   │         - the first one
   = more: seg explain S2002
)");
}

TEST_CASE("a place in data") {
  Case one;
  one.list.report(Code::time_not_parsed)
      .data("data/orders.csv", 1207, "ordered_at", 1208)
      .note("a date is like 2026-06-30");
  one.list.report(Code::not_utf8, {"E9"}).data("rules.seg", 0, "", 7);
  one.list.report(Code::no_as_of);
  CHECK(one.render() == R"(
error S6105: this value is not a date or time
   ┌─ data/orders.csv, row 1,207 (line 1,208), column `ordered_at`
   = a date is like 2026-06-30
   = more: seg explain S6105

error S0003: this is not UTF-8 text (byte 0xE9)
   ┌─ rules.seg:7
   = more: seg explain S0003

error S7006: this run has no as-of date
   = more: seg explain S7006
)");
}

TEST_CASE("the page is named once per code; what was left out is counted") {
  Case one;
  one.list = DiagnosticList(2);
  for (int i = 0; i < 5; ++i) one.list.report(Code::no_as_of);
  CHECK(one.render() == R"(
error S7006: this run has no as-of date
   = more: seg explain S7006

error S7006: this run has no as-of date
   = 3 more like these are not shown
)");
}

TEST_CASE("edits that nothing else speaks of are described") {
  Case one;
  const SourceId id = one.add("a == b\n");
  const Span sign = find_span(one.sources, id, "==");
  one.list.report(Code::foreign_sign, sign, {"==", "="}).fix(sign, "=");
  one.list.report(Code::never_true, sign).fix({id, 0, 0}, "not ").fix({id, 0, 2}, "", Safety::changes_meaning);
  const std::string text = one.render();
  CHECK(text.find("= fix: write `=` for `==`\n") != std::string::npos);
  CHECK(text.find("= fix: insert `not `\n") != std::string::npos);
  CHECK(text.find("= fix: remove `a ` (changes the meaning: shown, never applied by --fix)\n") != std::string::npos);
}

TEST_CASE("colours only if asked for") {
  Case one;
  const SourceId id = one.add("abc\n");
  one.list.report(Code::never_true, {id, 0, 3}).label({id, 0, 3}, "x");
  CHECK(one.render().find('\x1b') == std::string::npos);
  one.options.has_color = true;
  const std::string text = one.render();
  CHECK(text.find("\x1b[1;33mwarning S5101\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[1;33m^^^\x1b[0m") != std::string::npos);
}

TEST_CASE("the summary") {
  DiagnosticList list;
  CHECK(render_summary(list).empty());
  list.report(Code::no_as_of);
  CHECK(render_summary(list) == "1 error");
  list.report(Code::never_true);
  list.report(Code::never_true);
  CHECK(render_summary(list) == "1 error, 2 warnings");
  CHECK(render_human(list, SourceSet{}).ends_with("\n\n1 error, 2 warnings\n"));
  CHECK(render_human(DiagnosticList{}, SourceSet{}).empty());
}

TEST_CASE("no list of places breaks the renderer") {
  SourceSet sources;
  const SourceId id = sources.add("a.seg", "a\tb\r\nشهر \"x😀\"\n\n{ é \xff\n end");
  const auto size = static_cast<std::uint32_t>(sources.text(id).size());
  for (std::uint32_t begin = 0; begin <= size; ++begin) {
    for (std::uint32_t end = begin; end <= size; ++end) {
      DiagnosticList list;
      list.report(Code::never_true, {id, begin, end}).label({id, begin, end}, "a").label({id, end, end}, "b");
      CHECK(render_human(list, sources, {.num_columns = 8}).size() > 40);
    }
  }
}
