// Every lexical form, right and pasted: what it is read as, and the edit for it.
#include "grammar/lexeme.h"
#include "tests/unit/syntax/tree_shape.h"

namespace seg::grammar {
namespace {

struct Scanned {
  TokenKind kind;
  std::string text;
  MistakeKind mistake;
  std::string replacement;
};

Scanned scanned(const std::string& text, bool in_brackets = false) {
  const char* end = text.data() + text.size();
  const Lexeme lexeme = scan(skip_blanks(text.data(), end, false), end, in_brackets);
  return {lexeme.kind, std::string(lexeme.begin, lexeme.end), lexeme.mistake, explain_mistake(lexeme).replacement};
}

void check_right(const std::string& text, TokenKind kind) {
  const Scanned got = scanned(text + " rest");
  CHECK_MESSAGE(got.kind == kind, text);
  CHECK_MESSAGE(got.text == text, text);
  CHECK_MESSAGE(got.mistake == MistakeKind::none, text);
}

void check_pasted(const std::string& text, TokenKind kind, MistakeKind mistake, const std::string& replacement) {
  const Scanned got = scanned(text + " rest");
  CHECK_MESSAGE(got.kind == kind, text);
  CHECK_MESSAGE(got.text == text, text);
  CHECK_MESSAGE(got.mistake == mistake, text);
  CHECK_MESSAGE(got.replacement == replacement, text);
}

TEST_CASE("numbers") {
  for (const char* text : {"0", "12", "1_000", "1_000_000.50", "0.5", "007"})
    check_right(text, TokenKind::kNumberLiteral);
  for (const char* text : {"15%", "0.1%", "1_0%"}) check_right(text, TokenKind::kPercentLiteral);
  for (const char* text : {"1st", "2nd", "3rd", "4th"}) check_right(text, TokenKind::kOrdinalLiteral);
  CHECK(scanned("4..5").text == "4");
  CHECK(scanned("1.amount").text == "1");
}

TEST_CASE("dates and times") {
  check_right("2026-06-30", TokenKind::kDateLiteral);
  for (const char* text : {"2026-06-30T18:00", "2026-06-30T18:00:30", "2026-06-30T18:00:30.25", "2026-06-30T18:00Z",
                           "2026-06-30T18:00+02:00", "2026-06-30T18:00:30-11:30"}) {
    check_right(text, TokenKind::kTimeLiteral);
  }
  CHECK(scanned("12-6-30").text == "12");
  CHECK(scanned("1000/10/5").text == "1000");
  CHECK(scanned("2026-06").text == "2026");
}

TEST_CASE("texts") {
  for (const char* text : {R"("")", R"("a b")", R"("a\"b")", R"("\\")", R"("\n\t\u{e9}")", "\"\u201cx\u201d\""}) {
    check_right(text, TokenKind::kTextLiteral);
  }
}

TEST_CASE("names") {
  for (const char* text : {"a", "_a", "a_1", "spend_12m", "Größe", "مشتری", "顧客", "می\u200cخرد"}) {
    check_right(text, TokenKind::kIdentifier);
  }
}

TEST_CASE("signs: the longer one where one begins like another") {
  check_right("..", TokenKind::kDotDot);
  check_right("->", TokenKind::kArrow);
  check_right("<=", TokenKind::kLessOrEqual);
  check_right(">=", TokenKind::kGreaterOrEqual);
  check_right("!=", TokenKind::kNotEquals);
  for (const char* text : {".", "=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", "{", "}", ",", ";", ":"}) {
    CHECK(scanned(std::string(text) + " rest").text == text);
  }
}

TEST_CASE("pasted signs") {
  const auto sign = [](const char* text, TokenKind kind, const char* replacement) {
    check_pasted(text, kind, MistakeKind::foreign_sign, replacement);
  };
  sign("==", TokenKind::kEquals, "=");
  sign("===", TokenKind::kEquals, "=");
  sign(":=", TokenKind::kEquals, "=");
  sign("<>", TokenKind::kNotEquals, "!=");
  sign("!==", TokenKind::kNotEquals, "!=");
  sign("≠", TokenKind::kNotEquals, "!=");
  sign("≥", TokenKind::kGreaterOrEqual, ">=");
  sign("=>", TokenKind::kGreaterOrEqual, ">=");
  sign("≤", TokenKind::kLessOrEqual, "<=");
  sign("=<", TokenKind::kLessOrEqual, "<=");
  sign("&&", TokenKind::kAnd, "and");
  sign("&", TokenKind::kAnd, "and");
  sign("||", TokenKind::kOr, "or");
  sign("|", TokenKind::kOr, "or");
  sign("!", TokenKind::kNot, "not");
  sign("×", TokenKind::kStar, "*");
  sign("÷", TokenKind::kSlash, "/");
  sign("−", TokenKind::kMinus, "-");
  sign("–", TokenKind::kMinus, "-");
  sign("،", TokenKind::kComma, ",");
  sign("؛", TokenKind::kSemicolon, ";");
  sign("→", TokenKind::kArrow, "->");
  sign("€", TokenKind::kIdentifier, "EUR");
  sign("£", TokenKind::kIdentifier, "GBP");
  sign("$", TokenKind::kIdentifier, "USD");
  sign("€500", TokenKind::kNumberLiteral, "500 EUR");
  sign("$1_000.5", TokenKind::kNumberLiteral, "1_000.5 USD");
}

TEST_CASE("pasted words") {
  const auto word = [](const char* text, TokenKind kind, const char* replacement) {
    check_pasted(text, kind, MistakeKind::foreign_word, replacement);
  };
  word("true", TokenKind::kYes, "yes");
  word("TRUE", TokenKind::kYes, "yes");
  word("false", TokenKind::kNo, "no");
  word("False", TokenKind::kNo, "no");
  word("AND", TokenKind::kAnd, "and");
  word("OR", TokenKind::kOr, "or");
  word("NOT", TokenKind::kNot, "not");
  CHECK(scanned("IN").kind == TokenKind::kIdentifier);  // India
}

TEST_CASE("pasted quotes") {
  const auto text = [](const char* pasted, const char* replacement) {
    check_pasted(pasted, TokenKind::kTextLiteral, MistakeKind::curly_quotes, replacement);
  };
  text("“a”", "\"a\"");
  text("”a”", "\"a\"");
  text("„a“", "\"a\"");
  text("«a»", "\"a\"");
  text("‘a’", "\"a\"");
  text("'a'", "\"a\"");
  text("`a`", "\"a\"");
  text("\"a”", "\"a\"");
  text("'5\" b'", "\"5\\\" b\"");
  text("'a\\\"b'", "\"a\\\"b\"");
}

TEST_CASE("digits of other scripts") {
  check_pasted("۱۲", TokenKind::kNumberLiteral, MistakeKind::foreign_digits, "12");
  check_pasted("٣", TokenKind::kNumberLiteral, MistakeKind::foreign_digits, "3");
  check_pasted("१२", TokenKind::kNumberLiteral, MistakeKind::foreign_digits, "12");
  check_pasted("۲٫۵", TokenKind::kNumberLiteral, MistakeKind::foreign_digits, "2.5");
  check_pasted("۱۵٪", TokenKind::kPercentLiteral, MistakeKind::foreign_digits, "15%");
  check_pasted("۱۵%", TokenKind::kPercentLiteral, MistakeKind::foreign_digits, "15%");
  check_pasted("۴th", TokenKind::kOrdinalLiteral, MistakeKind::foreign_digits, "4th");
}

TEST_CASE("malformed numbers") {
  const auto number = [](const char* text, const char* replacement) {
    check_pasted(text, TokenKind::kNumberLiteral, MistakeKind::malformed_number, replacement);
  };
  number("5,000", "5_000");
  number("1,234,567.89", "1_234_567.89");
  number("1.000.000", "1_000_000");
  number("1.000,50", "1_000.50");
  number("300,50", "300.50");
  number("0,5", "0.5");
  number("30k", "30_000");
  number("1.00.000", "");
  number("12abc", "");
  number("1__0", "");
  number("0x1F", "");
  number("1e6", "");
  check_pasted("15 %", TokenKind::kPercentLiteral, MistakeKind::malformed_number, "15%");
  CHECK(scanned("33.334, b").mistake == MistakeKind::none);  // found by fuzzing
  CHECK(scanned("1234,500").text == "1234");                 // thousands would be 1,234,500
  // In brackets these are two numbers.
  CHECK(scanned("5,000", true).text == "5");
  CHECK(scanned("5,50", true).text == "5");
  CHECK(scanned("5,0000").text == "5");
  const Scanned glued = scanned("10days");
  CHECK(glued.text == "10");
  CHECK(glued.replacement == "10 ");
  CHECK(scanned("20EUR").replacement == "20 ");
}

TEST_CASE("malformed dates") {
  const auto date = [](const char* text, TokenKind kind, const char* replacement) {
    check_pasted(text, kind, MistakeKind::malformed_date, replacement);
  };
  date("2026-1-1", TokenKind::kDateLiteral, "2026-01-01");
  date("2026/06/30", TokenKind::kDateLiteral, "2026-06-30");
  date("2026/6/3", TokenKind::kDateLiteral, "2026-06-03");
  date("۱۴۰۵/۴/۹", TokenKind::kDateLiteral, "1405-04-09");
  date("2026-06-30 18:00", TokenKind::kTimeLiteral, "2026-06-30T18:00");
  date("2026-6-3T9:05", TokenKind::kTimeLiteral, "2026-06-03T09:05");
  date("2026-06-30t18:00z", TokenKind::kTimeLiteral, "2026-06-30T18:00Z");
}

TEST_CASE("texts that go wrong") {
  CHECK(scanned("\"abc").mistake == MistakeKind::unterminated_text);
  CHECK(scanned("\"abc\nd\"").text == "\"abc");
  CHECK(scanned("\"abc\\").mistake == MistakeKind::unterminated_text);
  CHECK(scanned(R"("\d")").mistake == MistakeKind::unknown_escape);
  CHECK(scanned(R"("\d")").replacement == R"("\\d")");
  for (const char* text :
       {R"("\u")", R"("\u{}")", R"("\u{110000}")", R"("\u{d800}")", R"("\u{12345678}")", R"("\u{e9")"}) {
    CHECK_MESSAGE(scanned(text).mistake == MistakeKind::unknown_escape, text);
  }
}

TEST_CASE("every replacement is right") {
  for (const char* text : {"==", "≥", "&&", "true", "“a”", "'5\" b'", "۱۲", "5,000", "15 %", "2026-1-1",
                           "2026/6/3 9:05", "€500", "«»", R"("\d")"}) {
    const Scanned wrong = scanned(text);
    REQUIRE_MESSAGE(wrong.mistake != MistakeKind::none, text);
    CHECK_MESSAGE(scanned(wrong.replacement).mistake == MistakeKind::none, text);
    CHECK_MESSAGE(scanned(wrong.replacement).kind == wrong.kind, text);
  }
}

TEST_CASE("blanks") {
  const auto skipped = [](const std::string& text, bool lines) {
    return static_cast<std::size_t>(skip_blanks(text.data(), text.data() + text.size(), lines) - text.data());
  };
  CHECK(skipped(" \t a", false) == 3);
  CHECK(skipped("\u00a0\u3000\ufeff"
                "a",
                false) == 8);
  CHECK(skipped("# c\n a", false) == 3);
  CHECK(skipped("# c\r\n a", false) == 3);
  CHECK(skipped("# c\n # d\n\n a", true) == 11);
  CHECK(skipped("\r\na", false) == 0);
  CHECK(skipped("", true) == 0);
  CHECK(skipped("#", true) == 1);
}

TEST_CASE("text that is no lexeme") {
  CHECK(scanned("").kind == TokenKind::kCount);
  CHECK(scanned("\nx").kind == TokenKind::kLineEnd);
  CHECK(scanned("\r\nx").text == "\r\n");
  CHECK(scanned("@").kind == TokenKind::kUnknown);
  CHECK(scanned("\U0001F600").text == "\U0001F600");
  CHECK(scanned(std::string(1, '\0')).kind == TokenKind::kUnknown);
}

}  // namespace
}  // namespace seg::grammar
