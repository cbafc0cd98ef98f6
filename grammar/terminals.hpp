// The smallest rules: one word, one sign, one name; and rules that set what holds inside them (brackets, depth,
// messages). Words end at Unicode word boundaries. Blanks before a token are passed by the token's rule.
#pragma once

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "grammar/reading.h"

namespace seg::grammar {

using namespace tao::pegtl;  // NOLINT(google-build-using-namespace)
using K = TokenKind;

// For rules of our own: what is below them, and how they match.
#define SEG_TERMINAL(name)                                                                              \
  using rule_t = name;                                                                                  \
  using subs_t = empty_list;                                                                            \
  template <apply_mode, rewind_mode, template <class...> class, template <class...> class, class Input> \
  static bool match(Input& in, Reading& r)

namespace detail {
template <class Input>
bool take(Input& in, Reading& r, const Lexeme lexeme, TokenKind kind) {
  in.bump(static_cast<std::size_t>(lexeme.end - in.current()));
  r.take_as(lexeme, kind);
  return true;
}
}  // namespace detail

// A word or sign.
template <TokenKind Kind>
struct token {
  SEG_TERMINAL(token) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next(in.current());
    if (lexeme.kind != Kind) {
      r.missed(Kind, lexeme.begin);
      return false;
    }
    return detail::take(in, r, lexeme, Kind);
  }
};

// A word or sign before which the line may be broken.
template <TokenKind Kind>
struct broken {
  SEG_TERMINAL(broken) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next_beyond_lines(in.current());
    if (lexeme.kind != Kind) {
      r.missed(Kind, r.next(in.current()).begin);
      return false;
    }
    return detail::take(in, r, lexeme, Kind);
  }
};

// Looks only; says nothing about what was expected.
template <TokenKind... Kinds>
struct at_token {
  SEG_TERMINAL(at_token) {
    const TokenKind kind = r.next(in.current()).kind;
    return ((kind == Kinds) || ...);
  }
};
template <TokenKind... Kinds>
struct at_broken {
  SEG_TERMINAL(at_broken) {
    const TokenKind kind = r.next_beyond_lines(in.current()).kind;
    return ((kind == Kinds) || ...);
  }
};

inline bool is_name(const Lexeme& lexeme) {
  return lexeme.kind == TokenKind::kIdentifier || (is_word(lexeme.kind) && !is_reserved(lexeme.kind));
}

// A name: any word that is not reserved.
struct name_token {
  SEG_TERMINAL(name_token) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next(in.current());
    if (!is_name(lexeme)) {
      r.missed(TokenKind::kIdentifier, lexeme.begin);
      return false;
    }
    return detail::take(in, r, lexeme, TokenKind::kIdentifier);
  }
};
struct at_name {
  SEG_TERMINAL(at_name) { return is_name(r.next(in.current())); }
};
// A word of a unit of time, on the line of its number.
struct time_unit_token {
  SEG_TERMINAL(time_unit_token) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next_on_line(in.current());
    if (!is_time_unit(lexeme.kind)) {
      r.missed(K::kDays, lexeme.begin);
      return false;
    }
    return detail::take(in, r, lexeme, lexeme.kind);
  }
  static bool is_time_unit(TokenKind kind) { return is_unit_word(kind) && !is_distance(kind); }
  static bool is_distance(TokenKind kind) {
    return kind == K::kKm || kind == K::kM || kind == K::kMile || kind == K::kMiles;
  }
};
// Any unit's word, on whatever line: never the name of an occasion.
struct at_unit_word {
  SEG_TERMINAL(at_unit_word) { return is_unit_word(r.next(in.current()).kind); }
};
struct at_time_unit {
  SEG_TERMINAL(at_time_unit) { return !r.failed() && time_unit_token::is_time_unit(r.next_on_line(in.current()).kind); }
};
struct distance_unit_token {
  SEG_TERMINAL(distance_unit_token) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next_on_line(in.current());
    if (!time_unit_token::is_distance(lexeme.kind)) return false;
    return detail::take(in, r, lexeme, lexeme.kind);
  }
};
// Three capitals, as ISO 4217 has them, on the line of their number.
struct currency_token {
  SEG_TERMINAL(currency_token) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next_on_line(in.current());
    if (lexeme.kind != K::kIdentifier) return false;
    if (lexeme.mistake != MistakeKind::foreign_sign) {
      if (lexeme.end - lexeme.begin != 3) return false;
      for (const char* p = lexeme.begin; p != lexeme.end; ++p) {
        if (*p < 'A' || *p > 'Z') return false;
      }
    }
    return detail::take(in, r, lexeme, K::kIdentifier);
  }
};

// After a sign such as `+` or `=`: the line may be broken here.
struct may_break {
  SEG_TERMINAL(may_break) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next_beyond_lines(in.current());
    in.bump(static_cast<std::size_t>(lexeme.begin - in.current()));
    return true;
  }
};

// ---- rules with a body ----------------------------------------------------------------------------------------------

#define SEG_AROUND(name)                                                                                      \
  using rule_t = name;                                                                                        \
  using subs_t = type_list<Rules...>;                                                                         \
  template <apply_mode A, rewind_mode M, template <class...> class Action, template <class...> class Control, \
            class Input>                                                                                      \
  static bool match(Input& in, Reading& r)
#define SEG_INNER() Control<seq<Rules...>>::template match<A, M, Action, Control>(in, r)

// One deeper.
template <class... Rules>
struct deeper {
  SEG_AROUND(deeper) {
    if (r.failed() || !r.enter(in.current())) return false;
    const bool matched = SEG_INNER();
    r.leave();
    return matched;
  }
};

// In ( ) and [ ] line ends are blanks, in { } they end items; `then`, `among` and `per` are nobody's.
template <bool LinesAreBlank, class... Rules>
struct within_brackets {
  SEG_AROUND(within_brackets) {
    const Reading::Surroundings before = r.surroundings();
    r.set_surroundings({LinesAreBlank, false, false});
    const bool matched = SEG_INNER();
    r.set_surroundings(before);
    return matched;
  }
};

// Between `if` and its `then`.
template <class... Rules>
struct before_then {
  SEG_AROUND(before_then) {
    const Reading::Surroundings before = r.surroundings();
    r.set_surroundings({before.lines_are_blank, true, before.scope_belongs_to_top});
    const bool matched = SEG_INNER();
    r.set_surroundings(before);
    return matched;
  }
};
struct then_is_free {
  SEG_TERMINAL(then_is_free) {
    (void)in;
    return !r.then_belongs_to_if();
  }
};

// The value of `in top 3 by`: what follows it, `among` or `per`, belongs to `in top`.
template <class... Rules>
struct before_scope {
  SEG_AROUND(before_scope) {
    const Reading::Surroundings before = r.surroundings();
    r.set_surroundings({before.lines_are_blank, before.then_belongs_to_if, true});
    const bool matched = SEG_INNER();
    r.set_surroundings(before);
    return matched;
  }
};
struct scope_is_free {
  SEG_TERMINAL(scope_is_free) {
    (void)in;
    return !r.scope_belongs_to_top();
  }
};

// Nothing else can stand here: if it does not match, the item can't be read.
template <class... Rules>
struct surely {
  SEG_AROUND(surely) {
    if (SEG_INNER()) return true;
    r.fail();
    return false;
  }
};

// What a message calls these rules.
template <Expected What, class... Rules>
struct expecting {
  SEG_AROUND(expecting) {
    if (!r.recovering()) return SEG_INNER();
    const bool pushed = r.begin_expecting(What, in.current());
    const bool matched = SEG_INNER();
    r.end_expecting(pushed);
    return matched;
  }
};

// ---- items ----------------------------------------------------------------------------------------------------------

// Where an item ends: the line's end, a separator, the closing brace, the text's end.
template <bool InBlock>
struct at_item_end {
  SEG_TERMINAL(at_item_end) {
    if (r.failed()) return false;
    if (r.is_unclosed_place(in.current())) return true;
    const Lexeme& lexeme = r.next(in.current());
    switch (lexeme.kind) {
      case K::kLineEnd:
      case K::kSemicolon:
      case K::kCount: return true;
      case K::kComma:
      case K::kRightBrace:
        if (InBlock) return true;
        break;
      default: break;
    }
    const bool pushed = r.begin_expecting(Expected::line_end, in.current());
    r.missed(K::kLineEnd, lexeme.begin);
    r.end_expecting(pushed);
    return false;
  }
};

template <bool InBlock>
struct item_separator {
  SEG_TERMINAL(item_separator) {
    if (r.failed()) return false;
    const Lexeme lexeme = r.next(in.current());
    if (lexeme.kind == K::kLineEnd) {
      in.bump(static_cast<std::size_t>(lexeme.end - in.current()));
      return true;
    }
    if (lexeme.kind == K::kSemicolon || (InBlock && lexeme.kind == K::kComma)) {
      return detail::take(in, r, lexeme, lexeme.kind);
    }
    return false;
  }
};

// A file; a declaration's block; all of { … } and its like, in which no line begins with `when` or `expect`.
enum class BlockKind : std::uint8_t { file, declaration, logic };

// One item and its end. What can't be read is passed over when recovering.
template <BlockKind Block, class... Rules>
struct item {
  static constexpr bool InBlock = Block != BlockKind::file;
  SEG_AROUND(item) {
    if (r.failed()) return false;
    const char* begin = in.current();
    const TokenKind kind = r.next(begin).kind;
    if (kind == K::kCount || (InBlock && kind == K::kRightBrace)) return false;
    if (InBlock && r.ends_unclosed(begin, Block == BlockKind::logic)) return false;
    r.begin_item(begin);
    const auto surroundings = r.surroundings();
    {
      auto mark = in.template mark<rewind_mode::required>();
      if (mark(Control<seq<Rules..., at_item_end<InBlock>>>::template match<A, M, Action, Control>(in, r))) return true;
    }
    if (!r.recovering()) {
      r.fail();
      return false;
    }
    r.set_surroundings(surroundings);
    const char* behind = r.pass_over_item(in.current(), InBlock, kErrorNode);
    in.bump(static_cast<std::size_t>(behind - in.current()));
    return true;
  }
};

// Items up to the closing brace or the text's end.
template <BlockKind Block, class... Rules>
struct items : star<sor<item_separator<Block != BlockKind::file>, item<Block, Rules...>>> {};

// The brace of a block; when recovering, a declaration at the start of a line ends the block as well.
template <BlockKind Block>
struct close_block {
  SEG_TERMINAL(close_block) {
    if (r.failed()) return false;
    const Lexeme& lexeme = r.next(in.current());
    if (lexeme.kind == K::kRightBrace) return detail::take(in, r, lexeme, K::kRightBrace);
    if (r.ends_unclosed(in.current(), Block == BlockKind::logic)) {
      // The innermost brace still open; Reading finds the one to blame.
      int depth = 0;
      for (std::size_t i = r.tokens.size(); i > 0; --i) {
        const TokenRecord& t = r.tokens[i - 1];
        if (t.kind == K::kRightBrace) ++depth;
        if (t.kind == K::kLeftBrace && depth-- == 0) {
          r.note_unclosed(t.begin, in.current());
          return true;
        }
      }
    }
    r.missed(K::kRightBrace, lexeme.begin);
    return false;
  }
};

template <BlockKind Block, class... Rules>
struct block_of
    : seq<token<K::kLeftBrace>, surely<within_brackets<false, items<Block, Rules...>, close_block<Block>>>> {};
template <class... Rules>
struct block : block_of<BlockKind::declaration, Rules...> {};
template <class... Rules>
struct logic_block : block_of<BlockKind::logic, Rules...> {};

// ( … ) and [ … ]
template <class... Rules>
struct parens : seq<token<K::kLeftParen>, surely<within_brackets<true, Rules..., token<K::kRightParen>>>> {};
template <class... Rules>
struct brackets : seq<token<K::kLeftBracket>, surely<within_brackets<true, Rules..., token<K::kRightBracket>>>> {};

// a, b, c and one `,` behind the last
template <class... Rules>
struct comma_list : seq<Rules..., star<token<K::kComma>, Rules...>, opt<token<K::kComma>>> {};
// Outside brackets: the line may be broken after a comma.
template <class... Rules>
struct open_comma_list : seq<Rules..., star<token<K::kComma>, may_break, Rules...>> {};

#undef SEG_AROUND

}  // namespace seg::grammar

namespace tao::pegtl {

template <class Name, seg::grammar::TokenKind Kind>
struct analyze_traits<Name, seg::grammar::token<Kind>> : analyze_any_traits<> {};
template <class Name, seg::grammar::TokenKind Kind>
struct analyze_traits<Name, seg::grammar::broken<Kind>> : analyze_any_traits<> {};
template <class Name, seg::grammar::TokenKind... Kinds>
struct analyze_traits<Name, seg::grammar::at_token<Kinds...>> : analyze_opt_traits<> {};
template <class Name, seg::grammar::TokenKind... Kinds>
struct analyze_traits<Name, seg::grammar::at_broken<Kinds...>> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::name_token> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::at_name> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::time_unit_token> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::at_unit_word> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::at_time_unit> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::distance_unit_token> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::currency_token> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::may_break> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::then_is_free> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, seg::grammar::scope_is_free> : analyze_opt_traits<> {};
template <class Name, bool InBlock>
struct analyze_traits<Name, seg::grammar::at_item_end<InBlock>> : analyze_opt_traits<> {};
template <class Name, bool InBlock>
struct analyze_traits<Name, seg::grammar::item_separator<InBlock>> : analyze_any_traits<> {};
template <class Name, seg::grammar::BlockKind Block>
struct analyze_traits<Name, seg::grammar::close_block<Block>> : analyze_any_traits<> {};
template <class Name, class... Rules>
struct analyze_traits<Name, seg::grammar::deeper<Rules...>> : analyze_seq_traits<Rules...> {};
template <class Name, bool Lines, class... Rules>
struct analyze_traits<Name, seg::grammar::within_brackets<Lines, Rules...>> : analyze_seq_traits<Rules...> {};
template <class Name, class... Rules>
struct analyze_traits<Name, seg::grammar::before_then<Rules...>> : analyze_seq_traits<Rules...> {};
template <class Name, class... Rules>
struct analyze_traits<Name, seg::grammar::before_scope<Rules...>> : analyze_seq_traits<Rules...> {};
template <class Name, class... Rules>
struct analyze_traits<Name, seg::grammar::surely<Rules...>> : analyze_seq_traits<Rules...> {};
template <class Name, seg::grammar::Expected What, class... Rules>
struct analyze_traits<Name, seg::grammar::expecting<What, Rules...>> : analyze_seq_traits<Rules...> {};
// An item that can't be read is passed over, so it always moves on.
template <class Name, seg::grammar::BlockKind Block, class... Rules>
struct analyze_traits<Name, seg::grammar::item<Block, Rules...>> : analyze_seq_traits<Rules...> {};

}  // namespace tao::pegtl
