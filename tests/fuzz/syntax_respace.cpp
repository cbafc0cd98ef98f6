#include "tests/fuzz/syntax_respace.h"

#include <vector>

namespace seg::fuzz {
namespace {

using syntax::NodeId;
using syntax::NodeKind;
using syntax::TokenId;
using syntax::TokenKind;
using syntax::Tree;

// A token that is no blank, with what the language says about the gap before it.
struct Place {
  std::uint32_t token;
  NodeId owner = syntax::kNoNode;
  bool between_items = false;  // the gap before it ends an item, or follows `{`, or precedes `}`
  bool is_first_item = false;  // follows `{` or begins the file
  bool is_close = false;       // is the `}` of a block, or the text's end
  bool in_block = false;       // items here may be separated by commas as well
  bool in_brackets = false;    // line ends are blanks
  bool may_break = false;      // a line end may stand before it
};

class Respacer {
 public:
  Respacer(const Tree& tree, Random& random) : tree_(tree), random_(random) {
    owners_.assign(tree.num_tokens(), syntax::kNoNode);
    item_starts_.assign(tree.num_tokens() + 1, false);
    for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
      const NodeId n{i};
      for (const TokenId t : tree.own_tokens(n)) owners_[static_cast<std::uint32_t>(t)] = n;
    }
    mark_items(tree.root(), 0, static_cast<std::uint32_t>(tree.num_tokens()));
    for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
      const NodeId n{i};
      const TokenId open = tree.find_token(n, TokenKind::kLeftBrace);
      if (open == syntax::kNoToken) continue;
      mark_items(n, static_cast<std::uint32_t>(open),
                 static_cast<std::uint32_t>(tree.find_token(n, TokenKind::kRightBrace)));
    }
  }

  std::string respace() {
    std::string out;
    std::vector<TokenKind> open;  // brackets around
    std::uint32_t last = 0;       // one past the last token written
    TokenKind before = TokenKind::kCount;
    NodeId owner_before = syntax::kNoNode;
    for (std::uint32_t t = 0; t <= tree_.num_tokens(); ++t) {
      const bool at_end = t == tree_.num_tokens();
      if (!at_end && grammar::is_trivia(kind(t))) continue;
      // Separators between items are written anew.
      if (!at_end && is_item_separator(t, open)) continue;
      Place place{t};
      place.owner = at_end ? syntax::kNoNode : owners_[t];
      place.in_block = !open.empty();
      place.in_brackets = !open.empty() && open.back() != TokenKind::kLeftBrace;
      place.is_close = at_end || kind(t) == TokenKind::kRightBrace;
      place.is_first_item = before == TokenKind::kLeftBrace || before == TokenKind::kCount;
      place.between_items = place.is_close || item_starts_[t];
      place.may_break =
          place.in_brackets || (!at_end && breaks_before(t, place.owner)) || breaks_after(before, owner_before);
      if (!at_end && is_unit(t)) place.may_break = false;
      out += gap(place, last, t, before);
      if (at_end) break;
      out += tree_.text(TokenId{t});
      switch (kind(t)) {
        case TokenKind::kLeftBrace:
        case TokenKind::kLeftParen:
        case TokenKind::kLeftBracket: open.push_back(kind(t)); break;
        case TokenKind::kRightBrace:
        case TokenKind::kRightParen:
        case TokenKind::kRightBracket: open.pop_back(); break;
        default: break;
      }
      before = kind(t);
      owner_before = owners_[t];
      last = t + 1;
    }
    return out;
  }

  std::string add_comments() {
    std::string out;
    for (std::uint32_t t = 0; t < tree_.num_tokens(); ++t) {
      // Before an item that begins its line.
      if (item_starts_[t] && begins_line(t) && random_.one_in(6)) {
        const std::string indent(random_.below(9), ' ');
        out += "# own line\n" + indent;
        if (random_.one_in(3)) out += "#two\n" + indent;
      }
      const bool ends_item = kind(t) == TokenKind::kLineEnd && t > 0 && !grammar::is_trivia(kind(t - 1));
      if (ends_item && random_.one_in(6)) out += random_.one_in(2) ? " # behind it" : "#glued";
      out += tree_.text(TokenId{t});
    }
    return out;
  }

 private:
  TokenKind kind(std::uint32_t t) const { return tree_.token(TokenId{t}).kind; }

  void mark_items(NodeId n, std::uint32_t from, std::uint32_t to) {
    for (const NodeId c : tree_.children(n)) {
      if (tree_.node(c).first_token >= from && tree_.node(c).end_token <= to)
        item_starts_[tree_.node(c).first_token] = true;
    }
  }

  bool begins_line(std::uint32_t t) const {
    while (t > 0 && kind(t - 1) == TokenKind::kBlank) --t;
    return t == 0 || kind(t - 1) == TokenKind::kLineEnd;
  }

  bool is_item_separator(std::uint32_t t, const std::vector<TokenKind>& open) const {
    if (kind(t) == TokenKind::kSemicolon) return true;
    if (kind(t) != TokenKind::kComma || open.empty() || open.back() != TokenKind::kLeftBrace) return false;
    return tree_.has_token(owners_[t], TokenKind::kLeftBrace) && !tree_.is(owners_[t], NodeKind::kMissingRule);
  }

  bool is_unit(std::uint32_t t) const { return owners_[t] != syntax::kNoNode && tree_.is(owners_[t], NodeKind::kUnit); }

  // Words before which a line may end outside of brackets.
  bool breaks_before(std::uint32_t t, NodeId owner) const {
    if (owner == syntax::kNoNode) return false;
    const NodeKind of = tree_.kind(owner);
    const bool is_first = static_cast<std::uint32_t>(tree_.own_tokens(owner).front()) == t;
    switch (kind(t)) {
      case TokenKind::kAnd:
      case TokenKind::kOver:
      case TokenKind::kWhere:
      case TokenKind::kElse:
      case TokenKind::kWithin:
      case TokenKind::kIs:
      case TokenKind::kAmong:
      case TokenKind::kEnter:
      case TokenKind::kLeave:
      case TokenKind::kStay: return true;
      case TokenKind::kThen: return of == NodeKind::kThen || of == NodeKind::kIf;
      case TokenKind::kOr:
        return of == NodeKind::kOr || of == NodeKind::kGridTier || (of == NodeKind::kOrIfMissing && is_or_if(t));
      case TokenKind::kWith: return of == NodeKind::kWithSame || of == NodeKind::kTies || of == NodeKind::kUse;
      case TokenKind::kAt: return of == NodeKind::kCompare || (of == NodeKind::kTimes && is_first);
      case TokenKind::kBetween: return true;
      case TokenKind::kEquals: return of != NodeKind::kBinding;
      case TokenKind::kNotEquals:
      case TokenKind::kLess:
      case TokenKind::kLessOrEqual:
      case TokenKind::kGreater:
      case TokenKind::kGreaterOrEqual: return of == NodeKind::kCompare;
      case TokenKind::kWhen: {
        if (of != NodeKind::kWhen) return false;
        const NodeKind around = tree_.kind(tree_.parent(owner));
        return around == NodeKind::kTier || around == NodeKind::kPoints;
      }
      default: return false;
    }
  }

  bool is_or_if(std::uint32_t t) const { return kind(t) == TokenKind::kOr; }

  static bool is_declaration(const Tree& tree, NodeId n) {
    return n != syntax::kNoNode && syntax::is_declaration(tree.kind(n));
  }

  bool breaks_after(TokenKind before, NodeId owner) const {
    if (owner == syntax::kNoNode) return false;
    const NodeKind of = tree_.kind(owner);
    switch (before) {
      case TokenKind::kPlus:
      case TokenKind::kMinus:
      case TokenKind::kStar:
      case TokenKind::kSlash: return of == NodeKind::kBinary;
      case TokenKind::kEquals: return is_declaration(tree_, owner) || of == NodeKind::kBinding;
      case TokenKind::kComma:
        return of == NodeKind::kUse || of == NodeKind::kEventsUnion || of == NodeKind::kEventsGrouped ||
               of == NodeKind::kMissingRule;
      default: return false;
    }
  }

  std::string blanks(std::size_t least) {
    static const char* const kBlanks[] = {" ", "  ", "\t", "     ", "\u00a0"};
    std::string out;
    if (least == 0 && random_.one_in(2)) return out;
    const std::size_t n = 1 + random_.below(2);
    for (std::size_t i = 0; i < n; ++i) out += kBlanks[random_.below(random_.one_in(8) ? 5 : 4)];
    return out;
  }
  std::string line_end() {
    std::string out = random_.one_in(4) ? " \t" : "";  // may stand behind a comment
    return out + (random_.one_in(8) ? "\r\n" : "\n") + (random_.one_in(2) ? blanks(0) : "");
  }
  // At least two, with nothing but blanks between.
  std::string blank_line() {
    std::string out = line_end() + line_end();
    while (random_.one_in(3)) out += line_end();
    return out;
  }

  std::string gap(const Place& place, std::uint32_t from, std::uint32_t to, TokenKind before) {
    bool line_ended = place.is_first_item && before == TokenKind::kCount;
    int num_line_ends = 0;
    bool any_comment = false;
    std::string out;
    for (std::uint32_t t = from; t < to; ++t) {
      if (kind(t) == TokenKind::kLineEnd) {
        ++num_line_ends;
        line_ended = true;
      }
      if (kind(t) != TokenKind::kComment && kind(t) != TokenKind::kDocComment) continue;
      if (any_comment) {
        out += num_line_ends > 1 && place.between_items ? blank_line() : line_end();
      } else if (line_ended && !(place.is_first_item && before == TokenKind::kCount)) {
        out += num_line_ends > 1 && place.between_items && !place.is_first_item ? blank_line() : line_end();
      } else {
        out += blanks(0);
      }
      out += tree_.text(TokenId{t});
      any_comment = true;
      num_line_ends = 0;
    }
    const bool blank = num_line_ends > 1;
    if (any_comment) {
      const bool at_end = to == tree_.num_tokens();
      if (at_end && random_.one_in(2)) return out;
      return out + (blank && place.between_items && !place.is_close ? blank_line() : line_end());
    }
    if (place.between_items) return item_gap(place, blank);
    if (place.may_break && random_.one_in(3)) {
      std::string breaks = line_end();
      while (random_.one_in(4)) breaks += line_end();
      return breaks;
    }
    return blanks(may_touch(before, kind(to)) ? 0 : 1);
  }

  std::string item_gap(const Place& place, bool blank) {
    if (place.is_close) {
      std::string out = !place.is_first_item && place.in_block && random_.one_in(6) ? "," : "";
      if (random_.one_in(2)) out += line_end();
      return out + blanks(0);
    }
    if (place.is_first_item) return (random_.one_in(2) ? line_end() : std::string()) + blanks(0);
    if (blank) return (random_.one_in(6) ? ";" : "") + blank_line();
    switch (random_.below(4)) {
      case 0: return ";" + blanks(0);
      case 1: return place.in_block ? "," + blanks(1) : line_end();
      case 2: return ";" + line_end();
      default: return line_end();
    }
  }

  static bool is_bracket_or_comma(TokenKind k) {
    switch (k) {
      case TokenKind::kLeftParen:
      case TokenKind::kRightParen:
      case TokenKind::kLeftBracket:
      case TokenKind::kRightBracket:
      case TokenKind::kLeftBrace:
      case TokenKind::kRightBrace: return true;
      default: return false;
    }
  }
  static bool may_touch(TokenKind a, TokenKind b) {
    return is_bracket_or_comma(a) || is_bracket_or_comma(b) || b == TokenKind::kComma;
  }

  const Tree& tree_;
  Random& random_;
  std::vector<NodeId> owners_;
  std::vector<bool> item_starts_;
};

}  // namespace

std::string respace(const Tree& tree, Random& random) { return Respacer(tree, random).respace(); }
std::string add_comments(const Tree& tree, Random& random) { return Respacer(tree, random).add_comments(); }

}  // namespace seg::fuzz
