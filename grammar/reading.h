// What the rules of the grammar remember while they read one text.
// In: the text. Out: a record of tokens (without blanks and comments), nodes in post-order, mistakes and failures, of
// which compiler/syntax makes the tree and the diagnostics. The grammar only ever appends; what a rule recorded before
// it was given up is dropped when the next token arrives at or before its place ("stale"), so that rules need no undo.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "grammar/lexeme.h"

namespace seg::grammar {

enum class Expected : std::uint8_t {
#define SEG_EXPECTED(id, text) id,
#include "grammar/expectations.def"
#undef SEG_EXPECTED
};
std::string_view words_of(Expected expected);

struct TokenRecord {
  const char* begin;
  const char* end;
  TokenKind kind;
  MistakeKind mistake;
};

// The kind of node that passed-over text gets; compiler/syntax asserts that it is NodeKind::kError.
inline constexpr std::uint8_t kErrorNode = 1;

struct NodeRecord {
  std::uint32_t first_token;
  std::uint32_t end_token;
  std::uint32_t num_nodes;  // with everything below
  std::uint8_t kind;        // syntax::NodeKind
};

enum class FailureKind : std::uint8_t { expected, never_closed, never_opened, too_deep, unterminated, reserved_word };

// One thing that could not be read.
struct FailureRecord {
  FailureKind kind;
  const char* at;  // where it belongs in the text: for dropping what is stale
  Lexeme found;    // what stands where the reading stopped, or the bracket
  const char* furthest;
  std::vector<TokenKind> tokens;  // what could have stood there instead
  std::vector<Expected> groups;
};

class Reading {
 public:
  Reading(std::string_view text, int max_depth);

  // ---- lexemes ----
  // The next lexeme, line ends being blanks or not as the brackets around say.
  const Lexeme& next(const char* at) {
    Seen& seen = lines_are_blank_ ? across_lines_ : in_line_;
    return seen.at == at ? seen.lexeme : look(seen, at, lines_are_blank_);
  }
  // The next one beyond line ends, whatever the brackets say; and the next on this line.
  const Lexeme& next_beyond_lines(const char* at) {
    return across_lines_.at == at ? across_lines_.lexeme : look(across_lines_, at, true);
  }
  const Lexeme& next_on_line(const char* at) { return in_line_.at == at ? in_line_.lexeme : look(in_line_, at, false); }

  // ---- recording ----
  void take(const Lexeme& lexeme);
  void take_as(const Lexeme& lexeme, TokenKind kind);
  // A node over everything recorded from `begin` on; a wrapping node takes in the node before `begin` too.
  void make_node(std::uint8_t kind, const char* begin, const char* end);
  void wrap_node(std::uint8_t kind, const char* begin, const char* end);
  // The same, but a node of the same kind on the left is taken apart first: its children become this one's.
  void extend_node(std::uint8_t kind, const char* begin, const char* end);
  void drop_from(const char* at);

  // ---- failing ----
  // `failed`: the parse is given up (or, when recovering, the item); every rule fails at once.
  bool failed() const { return failed_; }
  void fail() { failed_ = true; }
  void missed(TokenKind kind, const char* at) {
    if (recovering_ && at >= furthest_) note_missed(kind, at);
  }
  void start_recovering();
  bool recovering() const { return recovering_; }
  // An item begins: what was expected before it no longer matters.
  void begin_item(const char* at);
  // Passes over an item that could not be read: records its tokens and a failure, gives the place behind it.
  const char* pass_over_item(const char* at, bool in_block, std::uint8_t error_node);
  // When recovering: a block ends without its brace at the text's end or before a declaration at a line's start.
  // In all of { … } also before a line that can only belong to the declaration around.
  bool ends_unclosed(const char* at, bool in_logic);
  void note_unclosed(const char* open_brace, const char* at);
  // A block has just ended there without its brace.
  bool is_unclosed_place(const char* at) {
    return unclosed_at_ != nullptr && unclosed_at_ == next_beyond_lines(at).begin;
  }

  // ---- what rules around set ----
  bool lines_are_blank() const { return lines_are_blank_; }
  struct Surroundings {
    bool lines_are_blank;
    bool then_belongs_to_if;
    bool scope_belongs_to_top;
  };
  Surroundings surroundings() const { return {lines_are_blank_, then_belongs_to_if_, scope_belongs_to_top_}; }
  void set_surroundings(Surroundings s) {
    lines_are_blank_ = s.lines_are_blank;
    then_belongs_to_if_ = s.then_belongs_to_if;
    scope_belongs_to_top_ = s.scope_belongs_to_top;
  }
  bool then_belongs_to_if() const { return then_belongs_to_if_; }
  bool scope_belongs_to_top() const { return scope_belongs_to_top_; }

  bool enter(const char* at);  // one deeper; false if that is too deep
  void leave() { --depth_; }

  bool begin_expecting(Expected expected, const char* at);
  void end_expecting(bool pushed) {
    if (pushed) groups_.pop_back();
  }

  const char* begin() const { return begin_; }
  const char* end() const { return end_; }

  std::vector<TokenRecord> tokens;
  std::vector<NodeRecord> nodes;
  std::vector<FailureRecord> failures;
  std::uint64_t num_rule_attempts = 0;

 private:
  struct Seen {
    const char* at = nullptr;
    Lexeme lexeme{};
  };
  struct Group {
    Expected expected;
    const char* at;
  };
  const Lexeme& look(Seen& seen, const char* at, bool lines);
  void note_missed(TokenKind kind, const char* at);
  std::uint32_t token_index(const char* at) const;
  void drop_nodes();
  bool starts_declaration(const char* at);
  bool is_line_start(const char* at) const;

  const char* begin_;
  const char* end_;
  Seen in_line_;
  Seen across_lines_;
  bool lines_are_blank_ = false;
  bool then_belongs_to_if_ = false;
  bool scope_belongs_to_top_ = false;
  bool failed_ = false;
  bool recovering_ = false;
  int depth_ = 0;
  int max_depth_;
  const char* too_deep_at_ = nullptr;
  const char* furthest_ = nullptr;
  const char* item_begin_ = nullptr;
  const char* unclosed_at_ = nullptr;  // reported already
  std::vector<TokenKind> missed_tokens_;
  std::vector<Expected> missed_groups_;
  std::vector<Group> groups_;
};

}  // namespace seg::grammar
