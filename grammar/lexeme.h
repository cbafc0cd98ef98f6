// The next word, sign or literal of a text, and what is wrong with it.
// In: a place in the text (UTF-8, checked before). Out: its kind and where it ends. The rules of the grammar ask for it
// (reading.h); what is pasted from elsewhere (`==`, `≥`, curly quotes, Persian digits, `2026-1-1`) is read as what it
// must have meant and carries a mistake with the text to put there instead.
#pragma once

#include <string>
#include <string_view>

#include "grammar/token_kind.h"

namespace seg::grammar {

enum class MistakeKind : std::uint8_t {
  none,
  foreign_sign,       // == && ≥ ×
  foreign_word,       // true, AND
  foreign_digits,     // ۱۲
  curly_quotes,       // “…” '…'
  unterminated_text,  // no closing quote on the line
  unknown_escape,     // "\q"
  malformed_number,   // 1.000.000, 5,000, 10days
  malformed_date,     // 2026-1-1, 2026/06/30
};

struct Mistake {
  MistakeKind kind = MistakeKind::none;
  std::string replacement;  // of the whole lexeme; empty: there is none
  bool is_sure = true;      // false: it may mean something else as well
};

struct Lexeme {
  TokenKind kind;  // kLineEnd at a line's end; kCount at the text's end; kUnknown for a character without meaning
  const char* begin;
  const char* end;
  MistakeKind mistake;
};

// A code point of valid UTF-8.
struct CodePoint {
  char32_t value;
  int size;
};
CodePoint decode(const char* at, const char* end);

bool is_word_start(char32_t c);
bool is_word_continue(char32_t c);
// Space, tab, the blanks of Unicode, a byte order mark, and invisible characters that are reported elsewhere.
bool is_blank(char32_t c);
bool is_bidi_control(char32_t c);
// Controls and invisible format characters that have no place outside texts and comments.
bool is_invisible_control(char32_t c);

// Past blanks; with `lines`, past line ends and comments too; without, a comment is passed if its line ends after it.
const char* skip_blanks(const char* at, const char* end, bool lines);
// `at` must be past blanks. In brackets `5,000` are two numbers, elsewhere it is a mistake.
Lexeme scan(const char* at, const char* end, bool in_brackets);
// What is wrong with a lexeme that has a mistake.
Mistake explain_mistake(const Lexeme& lexeme);

}  // namespace seg::grammar
