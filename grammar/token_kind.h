// The kinds of tokens: what a rule file's text is cut into.
// In: keywords.def, operators.def. Out: `TokenKind`, used by the grammar's rules, the tree, the checker and the
// formatter.
#pragma once

#include <cstdint>
#include <string_view>

namespace seg::grammar {

enum class TokenKind : std::uint8_t {
  // Between the others; no node owns these.
  kBlank,       // spaces, tabs and a byte order mark
  kLineEnd,     // LF or CR LF
  kComment,     // # …
  kDocComment,  // ## …
  // Literals.
  kNumberLiteral,   // 12, 1_000, 0.5
  kPercentLiteral,  // 15%
  kOrdinalLiteral,  // 4th
  kDateLiteral,     // 2026-06-30
  kTimeLiteral,     // 2026-06-30T18:00
  kTextLiteral,     // "…"
  kIdentifier,      // a name; also a free word where it is one
  kUnknown,         // text inside a kError node that is no token
// Words where they have their meaning: kAnd, kOr …
#define SEG_KEYWORD(id, text, word_class) id,
#include "grammar/keywords.def"
#undef SEG_KEYWORD
// Signs: kPlus, kLeftParen …
#define SEG_SIGN(id, text) id,
#define SEG_BINDING(node, power, text)
#include "grammar/operators.def"
#undef SEG_BINDING
#undef SEG_SIGN
  kCount
};

inline bool is_trivia(TokenKind kind) { return kind <= TokenKind::kDocComment; }

// The word or sign, or for the other kinds what a message calls them ("a number").
std::string_view spelling(TokenKind kind);
bool is_word(TokenKind kind);
bool is_reserved(TokenKind kind);
bool is_unit_word(TokenKind kind);

// The kind of a word's text, reserved or free; kIdentifier if it is none of the language's.
TokenKind find_word(std::string_view text);

}  // namespace seg::grammar
