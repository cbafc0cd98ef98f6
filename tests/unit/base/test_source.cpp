// Lines, columns and offsets: CR LF, tabs, Persian, combining marks, emoji.
#include <doctest/doctest.h>

#include "base/source.h"

using namespace seg::base;

namespace {
struct One {
  SourceSet sources;
  SourceId id;
  explicit One(std::string text) : id(sources.add("a.seg", std::move(text))) {}
  Place at(std::uint32_t offset, ColumnUnit unit = ColumnUnit::grapheme) const {
    return sources.place(id, offset, unit);
  }
};
}  // namespace

TEST_CASE("an empty text has one empty line") {
  const One one("");
  CHECK(one.sources.num_lines(one.id) == 1);
  CHECK(one.at(0) == Place{1, 1});
  CHECK(one.sources.line_span(one.id, 1) == Span{one.id, 0, 0});
}

TEST_CASE("lines and columns count from 1") {
  const One one("ab\ncd\n");
  CHECK(one.at(0) == Place{1, 1});
  CHECK(one.at(1) == Place{1, 2});
  CHECK(one.at(2) == Place{1, 3});  // the line end
  CHECK(one.at(3) == Place{2, 1});
  CHECK(one.at(6) == Place{3, 1});
  CHECK(one.sources.num_lines(one.id) == 3);
}

TEST_CASE("CR LF is one line end") {
  const One one("ab\r\ncd\r\n");
  CHECK(one.sources.text(one.sources.line_span(one.id, 1)) == "ab");
  CHECK(one.sources.text(one.sources.line_span(one.id, 2)) == "cd");
  CHECK(one.at(2) == Place{1, 3});
  CHECK(one.at(3) == Place{1, 3});  // between CR and LF
  CHECK(one.at(4) == Place{2, 1});
}

TEST_CASE("a CR alone ends no line") {
  const One one("a\rb");
  CHECK(one.sources.num_lines(one.id) == 1);
}

TEST_CASE("a tab is one column") {
  const One one("\t\tx");
  CHECK(one.at(2) == Place{1, 3});
}

TEST_CASE("columns of Persian text") {
  const One one("شهر = x");  // three letters of two bytes
  CHECK(one.at(6) == Place{1, 4});
  CHECK(one.at(9) == Place{1, 7});
  CHECK(one.at(9, ColumnUnit::utf8) == Place{1, 10});
  CHECK(one.at(9, ColumnUnit::utf16) == Place{1, 7});
}

TEST_CASE("a combining mark belongs to the letter before it") {
  const One one("e\u0301x");
  CHECK(one.at(3) == Place{1, 2});
  CHECK(one.at(1) == Place{1, 1});  // inside the grapheme
  CHECK(one.at(3, ColumnUnit::code_point) == Place{1, 3});
}

TEST_CASE("emoji are one grapheme, two UTF-16 units and more bytes") {
  const One one("😀x👨‍👩‍👧y");
  CHECK(one.at(4) == Place{1, 2});
  CHECK(one.at(4, ColumnUnit::utf16) == Place{1, 3});
  CHECK(one.at(4, ColumnUnit::code_point) == Place{1, 2});
  CHECK(one.at(5 + 18) == Place{1, 4});
  CHECK(one.at(5 + 18, ColumnUnit::utf16) == Place{1, 12});
}

TEST_CASE("an offset beyond the end is the end") {
  const One one("ab");
  CHECK(one.at(99) == Place{1, 3});
}

TEST_CASE("offsets of places, and back") {
  const One one("ab\r\nشهر 😀z\n\tq");
  for (const ColumnUnit unit : {ColumnUnit::grapheme, ColumnUnit::code_point, ColumnUnit::utf16, ColumnUnit::utf8}) {
    for (const std::uint32_t offset : {0u, 1u, 2u, 4u, 6u, 10u, 11u, 15u, 16u, 17u, 18u}) {
      CAPTURE(offset);
      CHECK(one.sources.offset(one.id, one.at(offset, unit), unit) == offset);
    }
  }
}

TEST_CASE("places beyond a line or a text are clamped") {
  const One one("ab\ncd");
  CHECK(one.sources.offset(one.id, {1, 99}, ColumnUnit::utf16) == 2);
  CHECK(one.sources.offset(one.id, {9, 1}, ColumnUnit::utf16) == 5);
  CHECK(one.sources.offset(one.id, {0, 0}, ColumnUnit::utf16) == 0);
  CHECK(one.sources.offset(one.id, {1, 99}, ColumnUnit::grapheme) == 2);
}

TEST_CASE("a UTF-16 column inside a surrogate pair goes to the next character") {
  const One one("😀x");
  CHECK(one.sources.offset(one.id, {1, 2}, ColumnUnit::utf16) == 4);
}

TEST_CASE("texts stay where they are while others are added") {
  SourceSet sources;
  const SourceId first = sources.add("first.seg", "short");
  const std::string_view text = sources.text(first);
  for (int i = 0; i < 1000; ++i) sources.add("other.seg", "text");
  CHECK(sources.text(first).data() == text.data());
  CHECK(sources.find("first.seg") == first);
  CHECK(sources.find("nowhere.seg") == kNoSource);
}

TEST_CASE("spans are joined") {
  const SourceId a{0};
  CHECK(join({a, 2, 4}, {a, 8, 9}) == Span{a, 2, 9});
  CHECK(join({a, 8, 9}, {a, 2, 4}) == Span{a, 2, 9});
  CHECK(join({}, {a, 2, 4}) == Span{a, 2, 4});
  CHECK(join({a, 2, 4}, {}) == Span{a, 2, 4});
  CHECK_FALSE(join({}, {}).is_somewhere());
}

TEST_CASE("the text of a span") {
  const One one("segment vip");
  CHECK(one.sources.text(Span{one.id, 8, 11}) == "vip");
  CHECK(one.sources.text(Span{}).empty());
}
