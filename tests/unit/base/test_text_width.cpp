// Cells, printable text and isolates.
#include <doctest/doctest.h>

#include "base/text_width.h"

using namespace seg::base;

TEST_CASE("cells") {
  CHECK(num_cells("") == 0);
  CHECK(num_cells("abc") == 3);
  CHECK(num_cells("日本") == 4);
  CHECK(num_cells("e\u0301") == 1);
  CHECK(num_cells("شهر") == 3);
  CHECK(num_cells("می\u200cخواهم") == 7);  // the joiner takes no room
  CHECK(num_cells("😀") == 2);
  CHECK(num_cells("👨‍👩‍👧") == 2);
  CHECK(num_cells("🇩🇪") == 2);
  CHECK(num_cells("❤\ufe0f") == 2);
  CHECK(num_cells("│") == 1);
}

TEST_CASE("tabs go to the next multiple") {
  CHECK(num_cells("\t") == 4);
  CHECK(num_cells("a\t") == 4);
  CHECK(num_cells("abcd\t") == 8);
  CHECK(num_cells("日\tx") == 5);
}

TEST_CASE("printable text") {
  CHECK(printable("plain é 日本") == "plain é 日本");
  CHECK(printable("a\tb") == "a    b");
  CHECK(printable("\x1b[0m") == "<U+001B>[0m");
  CHECK(printable("a\u202eb") == "a<U+202E>b");
  CHECK(printable("می\u200cخواهم") == "می\u200cخواهم");
  CHECK(printable("bad \xff byte") == "bad \ufffd byte");
  CHECK(printable("two\nlines") == "two\nlines");
}

TEST_CASE("isolates") {
  CHECK(isolated("plain") == "plain");
  CHECK(isolated("`شهر` is") == "`\u2068شهر\u2069` is");
  CHECK(isolated("تهران بزرگ") == "\u2068تهران بزرگ\u2069");
  CHECK(isolated("شهر = \"تهران\"") == "\u2068شهر\u2069 = \"\u2068تهران\u2069\"");
  CHECK(isolated("مشتری_خوب 3 x") == "\u2068مشتری_خوب\u2069 3 x");
  CHECK(isolated("עברית") == "\u2068עברית\u2069");
  CHECK(has_right_to_left("a شهر"));
  CHECK_FALSE(has_right_to_left("a é 日本"));
}
