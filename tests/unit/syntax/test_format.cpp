// The formatter's rules, and when it refuses. Whole files are golden cases in tests/spec/format.
#include "compiler/syntax/format.h"
#include "compiler/syntax/format_layout.h"
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

std::string formatted(const std::string& text) {
  base::DiagnosticList diagnostics;
  return format(parse_text(text, diagnostics).tree).value_or("refused");
}

TEST_CASE("one blank between words, none inside brackets") {
  CHECK(formatted("metric   a=f( b ,c )+d [ e ] . g") == "metric a = f(b, c) + d[e].g\n");
  CHECK(formatted("metric a = - b * ( - c )") == "metric a = -b * (-c)\n");
  CHECK(formatted("define f ( a:text ) = a") == "define f(a: text) = a\n");
  CHECK(formatted("metric a = count(b)per(c,d)") == "metric a = count(b) per (c, d)\n");
}

TEST_CASE("the text ends with one line end") {
  CHECK(formatted("metric a = 1") == "metric a = 1\n");
  CHECK(formatted("metric a = 1\n\n\n") == "metric a = 1\n");
  CHECK(formatted("") == "");
  CHECK(formatted("\n\n") == "");
  CHECK(formatted("# a") == "# a\n");
}

TEST_CASE("separators become line ends") {
  CHECK(formatted("segment a { title \"A\"; when b, expect c; }") ==
        "segment a {\n    title \"A\"\n    when b\n    expect c\n}\n");
  CHECK(formatted("metric a = 1;metric b = 2") == "metric a = 1\nmetric b = 2\n");
}

TEST_CASE("blocks stand between blank lines") {
  CHECK(formatted("metric a = 1\nsegment b { when c }\nmetric d = 2") ==
        "metric a = 1\n\nsegment b {\n    when c\n}\n\nmetric d = 2\n");
}

TEST_CASE("a comment stays with what it stands by") {
  CHECK(formatted("metric a = 1# x\n# y\nsegment b { when c }# z") ==
        "metric a = 1  # x\n\n# y\nsegment b {\n    when c\n}  # z\n");
  CHECK(formatted("metric a = b   # x\n  and c") == "metric a =\n    b  # x\n        and c\n");
  CHECK(formatted("list a = [ # x\n b ]") == "list a = [  # x\n    b\n]\n");
  CHECK(formatted("list a = [b # x\n]") == "list a = [\n    b  # x\n]\n");
  CHECK(formatted("segment a {} # x") == "segment a {}  # x\n");
  CHECK(formatted("segment a { # x\n}") == "segment a {  # x\n}\n");
}

TEST_CASE("no line is broken because of the comment behind it") {
  const std::string text = "metric a = b and c and d  # " + std::string(120, 'x') + "\n";
  CHECK(formatted(text) == text);
}

TEST_CASE("it refuses what it can't read") {
  CHECK(formatted("metric a = ") == "refused");
  CHECK(formatted("segment a { when b") == "refused");
  CHECK(formatted("metric a = b == c") == "refused");
  CHECK(formatted("metric a = \xff") == "refused");
}

TEST_CASE("layout: a group is broken as a whole or not at all") {
  const auto render = [](int width) {
    Layout layout;
    layout.begin_group();
    layout.text("aaa");
    layout.indent();
    layout.line();
    layout.text("bbb");
    layout.line();
    layout.text("ccc");
    layout.outdent();
    layout.end_group();
    return layout.render(width, 2);
  };
  CHECK(render(11) == "aaa bbb ccc");
  CHECK(render(10) == "aaa\n  bbb\n  ccc");
}

TEST_CASE("layout: what follows a group must fit, too") {
  const auto render = [](int width) {
    Layout layout;
    layout.begin_group();
    layout.text("f(");
    layout.indent();
    layout.soft_line();
    layout.text("a");
    layout.outdent();
    layout.soft_line();
    layout.text(")");
    layout.end_group();
    layout.text("tail");
    return layout.render(width, 2);
  };
  CHECK(render(8) == "f(a)tail");
  CHECK(render(7) == "f(\n  a\n)tail");
}

TEST_CASE("layout: a hard line end breaks every group around it") {
  Layout layout;
  layout.begin_group();
  layout.text("a");
  layout.line();
  layout.begin_group();
  layout.text("b");
  layout.hard_line();
  layout.text("c");
  layout.end_group();
  layout.end_group();
  CHECK(layout.render(100, 4) == "a\nb\nc");
  CHECK(layout.has_hard_line());
}

TEST_CASE("layout: width counts characters, not bytes") {
  Layout layout;
  layout.begin_group();
  layout.text("éé");
  layout.line();
  layout.text("éé");
  layout.end_group();
  CHECK(layout.render(5, 4) == "éé éé");
  CHECK(layout.fits(5));
  CHECK_FALSE(layout.fits(4));
}

}  // namespace
}  // namespace seg::syntax
