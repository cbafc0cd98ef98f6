// Literals and signs as PEGTL rules: numbers, dates, times, texts. Words are in lexeme.cpp (Unicode properties).
// Rules are wider than what is right: what people paste is read too, and marked as a mistake (lexeme.cpp).
#pragma once

#include <tao/pegtl.hpp>

#include "grammar/lexeme.h"

namespace seg::grammar::lexical {

using namespace tao::pegtl;  // NOLINT(google-build-using-namespace)

// A decimal digit of any script.
struct digit {
  using rule_t = digit;
  using subs_t = empty_list;
  template <class Input>
  static bool match(Input& in) {
    if (in.empty()) return false;
    const char c = in.peek_char();
    if (c >= '0' && c <= '9') {
      in.bump_in_this_line(1);
      return true;
    }
    return static_cast<unsigned char>(c) >= 0xd9u && match_foreign(in);
  }
  template <class Input>
  static bool match_foreign(Input& in) {
    const CodePoint c = decode(in.current(), in.end());
    if (digit_value(c.value) < 0) return false;
    in.bump_in_this_line(static_cast<std::size_t>(c.size));
    return true;
  }
  static int digit_value(char32_t c);
};

// The end of a word, number or date: no letter, digit or `_` follows.
struct word_end {
  using rule_t = word_end;
  using subs_t = empty_list;
  template <class Input>
  static bool match(Input& in) {
    return in.empty() || !is_word_continue(decode(in.current(), in.end()).value);
  }
};

struct digits : plus<digit> {};
struct whole : seq<digits, star<one<'_'>, digits>> {};
struct decimal_point : sor<one<'.'>, utf8::one<0x066b>> {};
struct fraction : seq<decimal_point, digits> {};
struct number : seq<whole, opt<fraction>> {};
struct percent : seq<number, star<blank>, sor<one<'%'>, utf8::one<0x066a>>> {};
struct ordinal : seq<digits, sor<string<'s', 't'>, string<'n', 'd'>, string<'r', 'd'>, string<'t', 'h'>>, word_end> {};
// 1.000.000 or 1.000,50 (5,000 needs to know where it stands: lexeme.cpp)
struct grouped_number : seq<digits, plus<one<'.'>, digit, digit, digit>, one<','>, digits, word_end> {};
struct two_points : seq<digits, one<'.'>, digits, plus<one<'.'>, digits>> {};
// 300,50: one or two decimals; more could be the next item of a block.
struct decimal_comma : seq<digits, one<','>, digit, opt<digit>, not_at<digit>, word_end> {};
// 10days
struct glued_number : seq<number, not_at<word_end>> {};

struct two_digits : seq<digit, digit> {};
struct four_digits : seq<digit, digit, digit, digit> {};
struct date_separator : one<'-', '/'> {};
struct day : seq<four_digits, date_separator, digit, opt<digit>, date_separator, digit, opt<digit>> {};
struct date : seq<day, word_end> {};
struct zone : sor<one<'Z', 'z'>, seq<one<'+', '-'>, two_digits, one<':'>, two_digits>> {};
struct clock
    : seq<digit, opt<digit>, one<':'>, two_digits, opt<one<':'>, two_digits, opt<one<'.'>, digits>>, opt<zone>> {};
struct time : seq<day, sor<one<'T', 't'>, plus<blank>>, clock, word_end> {};

// Right ones, for telling them from the wide ones.
struct ascii_date : seq<rep<4, ascii::digit>, one<'-'>, rep<2, ascii::digit>, one<'-'>, rep<2, ascii::digit>> {};
struct ascii_clock : seq<rep<2, ascii::digit>, one<':'>, rep<2, ascii::digit>,
                         opt<one<':'>, rep<2, ascii::digit>, opt<one<'.'>, plus<ascii::digit>>>,
                         opt<sor<one<'Z'>, seq<one<'+', '-'>, rep<2, ascii::digit>, one<':'>, rep<2, ascii::digit>>>>> {
};
struct right_date : seq<ascii_date, eof> {};
struct right_time : seq<ascii_date, one<'T'>, ascii_clock, eof> {};

// A text ends on its line. An escape is a backslash and one more character, whatever it is.
struct text_character : sor<seq<one<'\\'>, not_one<'\n', '\r'>>, not_one<'"', '\\', '\n', '\r'>> {};
struct text : seq<one<'"'>, star<text_character>, one<'"'>> {};
struct open_text : seq<one<'"'>, star<sor<text_character, one<'\\'>>>> {};
template <char32_t Close>
struct quoted_until : seq<star<not_at<utf8::one<Close>>, not_one<'\n', '\r'>>, utf8::one<Close>> {};
struct curly_text
    : sor<seq<utf8::one<0x201c, 0x201d>, sor<quoted_until<0x201d>, quoted_until<0x201c>, quoted_until<U'"'>>>,
          seq<utf8::one<0x201e>, sor<quoted_until<0x201c>, quoted_until<0x201d>>>,
          seq<utf8::one<0x00ab>, quoted_until<0x00bb>>, seq<utf8::one<0x2018>, quoted_until<0x2019>>,
          seq<one<'\''>, quoted_until<U'\''>>, seq<one<'`'>, quoted_until<U'`'>>> {};
// Opened straight, closed curly.
struct half_curly_text : seq<one<'"'>, star<not_at<utf8::one<0x201d>>, not_one<'"', '\n', '\r'>>, utf8::one<0x201d>> {};

}  // namespace seg::grammar::lexical
