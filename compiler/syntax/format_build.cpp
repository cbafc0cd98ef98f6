#include "compiler/syntax/format_build.h"

#include <algorithm>
#include <optional>

#include "compiler/syntax/format.h"

namespace seg::syntax {
namespace {

constexpr std::size_t kMaxFlatItems = 4;

bool is_comment(TokenKind kind) { return kind == TokenKind::kComment || kind == TokenKind::kDocComment; }
bool is_opening(TokenKind kind) { return kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket; }
bool is_closing(TokenKind kind) { return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket; }

enum class Gap { none, space, line, soft_line, hard_line };

// A token that the node owns, or a child.
struct Element {
  std::uint32_t first_token;
  std::uint32_t last_token;
  std::optional<NodeId> child;
};

class Builder {
 public:
  explicit Builder(const Tree& tree) : tree_(tree) {}

  Layout build() {
    const auto end = static_cast<std::uint32_t>(tree_.num_tokens());
    Layout out;
    emit_items(out, tree_.root(), 0, end, true);
    if (wrote_item_) out.hard_line();
    return out;
  }

 private:
  TokenKind kind(std::uint32_t token) const { return tree_.token(TokenId{token}).kind; }

  std::vector<Element> elements(NodeId n) const {
    std::vector<Element> out;
    const auto children = tree_.children(n);
    std::size_t next_child = 0;
    for (std::uint32_t t = tree_.node(n).first_token; t < tree_.node(n).end_token; ++t) {
      if (next_child < children.size() && t == tree_.node(children[next_child]).first_token) {
        const std::uint32_t last = tree_.node(children[next_child]).end_token - 1;
        out.push_back({t, last, children[next_child++]});
        t = last;
      } else if (!grammar::is_trivia(kind(t))) {
        out.push_back({t, t, std::nullopt});
      }
    }
    return out;
  }

  // ---- comments inside an item ----

  // The comments between the last token written and this one; each ends its line.
  bool emit_comments_before(Layout& out, std::uint32_t token) {
    bool any = false;
    bool line_ended = false;
    for (std::uint32_t t = next_unwritten_; t < token; ++t) {
      if (kind(t) == TokenKind::kLineEnd) line_ended = true;
      if (!is_comment(kind(t))) continue;
      if (line_ended || any) {
        out.hard_line();
        out.comment(comment_text(t));
      } else {
        out.comment("  " + comment_text(t));
      }
      any = true;
    }
    if (any) out.hard_line();
    return any;
  }

  std::string comment_text(std::uint32_t t) const {
    std::string_view text = tree_.text(TokenId{t});
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return std::string(text);
  }

  bool has_comment_between(std::uint32_t from, std::uint32_t to) const {
    for (std::uint32_t t = from; t < to; ++t) {
      if (is_comment(kind(t))) return true;
    }
    return false;
  }

  void emit_token(Layout& out, std::uint32_t t) {
    out.text(tree_.text(TokenId{t}));
    next_unwritten_ = t + 1;
  }

  void emit_gap(Layout& out, Gap gap, std::uint32_t token) {
    if (emit_comments_before(out, token)) return;
    switch (gap) {
      case Gap::none: break;
      case Gap::space: out.space(); break;
      case Gap::line: out.line(); break;
      case Gap::soft_line: out.soft_line(); break;
      case Gap::hard_line: out.hard_line(); break;
    }
  }

  // ---- nodes ----

  // A node's elements with the gaps between them. Brackets are groups of their own; from the first possible break
  // outside of them on, the rest of the node is indented.
  void emit_node(Layout& out, NodeId n) {
    if (is_if_chain(n)) {
      emit_if_chain(out, n);
      return;
    }
    const std::vector<Element> all = elements(n);
    out.begin_group();
    bool indented = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) {
        const Gap gap = gap_before(n, all, i);
        const bool breaks =
            gap == Gap::line || gap == Gap::hard_line || has_comment_between(next_unwritten_, all[i].first_token);
        if (breaks && !indented) {
          out.indent();
          indented = true;
        }
        emit_gap(out, gap, all[i].first_token);
      }
      if (all[i].child) {
        emit_node(out, *all[i].child);
        continue;
      }
      const TokenKind k = kind(all[i].first_token);
      if (k == TokenKind::kLeftBrace) {
        if (indented) {  // a block's brace stands where its declaration does
          out.outdent();
          indented = false;
        }
        emit_token(out, all[i].first_token);
        std::size_t close = i + 1;
        while (all[close].child || kind(all[close].first_token) != TokenKind::kRightBrace) ++close;
        emit_block(out, n, all[i].first_token, all[close].first_token);
        i = close;
      } else if (is_opening(k)) {
        i = emit_brackets(out, n, all, i);
      } else {
        emit_token(out, all[i].first_token);
      }
    }
    if (indented) out.outdent();
    out.end_group();
  }

  // if A then B else if C then D else E: one arm a line, none deeper than the first.
  bool is_if_chain(NodeId n) const {
    return tree_.is(n, NodeKind::kIf) && tree_.num_children(n) == 3 &&
           tree_.is(tree_.child(n, std::size_t{2}), NodeKind::kIf);
  }

  void emit_if_chain(Layout& out, NodeId n) {
    out.begin_group();
    for (bool is_last = false; !is_last;) {
      const std::vector<Element> all = elements(n);
      const std::size_t other = all.size() - 2;  // `else`; before it `if A then B`, behind it the rest
      out.begin_group();
      for (std::size_t i = 0; i < other; ++i) {
        const bool is_then = !all[i].child && kind(all[i].first_token) == TokenKind::kThen;
        if (is_then) out.indent();
        if (i > 0) emit_gap(out, is_then ? Gap::line : Gap::space, all[i].first_token);
        emit_element(out, all[i]);
      }
      out.outdent();
      out.end_group();
      emit_gap(out, Gap::line, all[other].first_token);
      emit_element(out, all[other]);
      emit_gap(out, Gap::space, all[other + 1].first_token);
      n = *all[other + 1].child;
      is_last = !tree_.is(n, NodeKind::kIf);
    }
    emit_node(out, n);
    out.end_group();
  }

  void emit_element(Layout& out, const Element& element) {
    if (element.child) {
      emit_node(out, *element.child);
    } else {
      emit_token(out, element.first_token);
    }
  }

  // ( … ) or [ … ] of a node, from the opening bracket on. A comma behind the last is left out.
  std::size_t emit_brackets(Layout& out, NodeId n, const std::vector<Element>& all, std::size_t open) {
    out.begin_group();
    emit_token(out, all[open].first_token);
    out.indent();
    std::size_t i = open + 1;
    for (; all[i].child || !is_closing(kind(all[i].first_token)); ++i) {
      const bool is_comma = !all[i].child && kind(all[i].first_token) == TokenKind::kComma;
      if (is_comma && !all[i + 1].child && is_closing(kind(all[i + 1].first_token))) continue;
      const bool after_comma = i > open + 1 && !all[i - 1].child && kind(all[i - 1].first_token) == TokenKind::kComma;
      const Gap gap = i == open + 1 ? Gap::soft_line
                      : is_comma    ? Gap::none
                      : after_comma ? Gap::line
                                    : gap_before(n, all, i);
      emit_gap(out, gap, all[i].first_token);
      if (all[i].child) {
        emit_node(out, *all[i].child);
      } else {
        emit_token(out, all[i].first_token);
      }
    }
    // What closes stands at the depth of what opened, a comment before it still inside.
    const std::uint32_t close = all[i].first_token;
    if (has_comment_between(next_unwritten_, close)) {
      emit_last_comments(out, close);
      out.outdent();
      out.hard_line();
    } else {
      out.outdent();
      if (i > open + 1) out.soft_line();
    }
    emit_token(out, close);
    out.end_group();
    return i;
  }

  void emit_last_comments(Layout& out, std::uint32_t token) {
    bool line_ended = false;
    for (std::uint32_t t = next_unwritten_; t < token; ++t) {
      if (kind(t) == TokenKind::kLineEnd) line_ended = true;
      if (!is_comment(kind(t))) continue;
      if (line_ended) {
        out.hard_line();
        out.comment(comment_text(t));
      } else {
        out.comment("  " + comment_text(t));
      }
      line_ended = true;
    }
  }

  // ---- blanks and possible breaks between two elements of a node ----

  Gap gap_before(NodeId n, const std::vector<Element>& all, std::size_t i) const {
    const Element& left = all[i - 1];
    const Element& right = all[i];
    const TokenKind l = kind(left.last_token);
    const TokenKind r = kind(right.first_token);
    const bool owns_left = !left.child;
    const bool owns_right = !right.child;
    if (const auto gap = break_before(n, left, right)) return *gap;
    switch (r) {
      case TokenKind::kRightParen:
      case TokenKind::kRightBracket:
      case TokenKind::kComma:
      case TokenKind::kSemicolon:
      case TokenKind::kDot:
      case TokenKind::kDotDot: return Gap::none;
      case TokenKind::kColon: return Gap::none;
      case TokenKind::kLeftParen:
        if (owns_right && (tree_.is(n, NodeKind::kCall) || tree_.is(n, NodeKind::kDefine) ||
                           tree_.is(n, NodeKind::kFunction) || tree_.is(n, NodeKind::kPoint))) {
          return Gap::none;
        }
        break;
      case TokenKind::kLeftBracket:
        if (owns_right && tree_.is(n, NodeKind::kIndex)) return Gap::none;
        break;
      default: break;
    }
    switch (l) {
      case TokenKind::kLeftParen:
      case TokenKind::kLeftBracket:
      case TokenKind::kDot:
      case TokenKind::kDotDot: return Gap::none;
      case TokenKind::kMinus:
      case TokenKind::kPlus:
        if (owns_left && (tree_.is(n, NodeKind::kNegate) || tree_.is(n, NodeKind::kPoints))) return Gap::none;
        break;
      default: break;
    }
    return Gap::space;
  }

  std::optional<Gap> break_before(NodeId n, const Element& left, const Element& right) const {
    const TokenKind l = kind(left.last_token);
    const TokenKind r = kind(right.first_token);
    const bool owns_left = !left.child;
    const bool owns_right = !right.child;
    const auto right_is = [&](NodeKind kind) { return right.child && tree_.is(*right.child, kind); };
    switch (tree_.kind(n)) {
      case NodeKind::kAnd:
        if (owns_right) return Gap::line;
        break;
      case NodeKind::kOr:
        if (owns_right) return Gap::line;
        break;
      case NodeKind::kOrIfMissing:
        if (owns_right && r == TokenKind::kOr) return Gap::line;
        break;
      case NodeKind::kCompare:
        // Before the operator, not between its words.
        if (owns_right && !owns_left) return has_block(*left.child) ? Gap::space : Gap::line;
        break;
      case NodeKind::kBetween:
      case NodeKind::kRange:
        if (owns_right && (r == TokenKind::kBetween || r == TokenKind::kAnd)) return Gap::line;
        break;
      case NodeKind::kBinary:
        if (owns_left) return Gap::line;
        break;
      case NodeKind::kIf:
        if (owns_right && (r == TokenKind::kThen || r == TokenKind::kElse)) return Gap::line;
        break;
      case NodeKind::kWithin:
      case NodeKind::kNear:
      case NodeKind::kFirstWithin:
        if (owns_right && r == TokenKind::kWithin) return Gap::line;
        break;
      case NodeKind::kSelect:
      case NodeKind::kSequence:
        if (right_is(NodeKind::kWhere) && has_block(tree_.child(*right.child, std::size_t{0}))) return Gap::space;
        // `exactly 3 times` begins with a word that could be a name: no break before it.
        if (right.child && !(right_is(NodeKind::kTimes) && r == TokenKind::kExactly)) return Gap::line;
        break;
      case NodeKind::kRankedChoiceType:
        if (owns_left && l == TokenKind::kLess) return Gap::line;
        break;
      case NodeKind::kAcross:
        if (owns_right) return Gap::line;
        break;
      case NodeKind::kRankScope:
      case NodeKind::kInTop:
        if (right_is(NodeKind::kAmong) || right_is(NodeKind::kTies)) return Gap::line;
        break;
      case NodeKind::kGridTier:
        if (owns_right && r == TokenKind::kOr) return Gap::line;
        break;
      case NodeKind::kTier:
      case NodeKind::kPoints:
        if (right_is(NodeKind::kWhen)) return Gap::line;
        break;
      case NodeKind::kSticky:
        if (right_is(NodeKind::kEnter) || right_is(NodeKind::kLeave) || right_is(NodeKind::kStay))
          return Gap::hard_line;
        break;
      case NodeKind::kMetric:
      case NodeKind::kParam:
      case NodeKind::kListValues:
      case NodeKind::kDefine:
      case NodeKind::kFunction:
      case NodeKind::kOccasion:
      case NodeKind::kEventsSelect:
      case NodeKind::kEventsUnion:
        if (owns_left && l == TokenKind::kEquals) return is_bulky(*right.child) ? Gap::space : Gap::line;
        if (owns_left && l == TokenKind::kComma) return Gap::line;
        break;
      case NodeKind::kUse:
        if (owns_left && l == TokenKind::kComma) return Gap::line;
        if (owns_right && r == TokenKind::kWith) return Gap::line;
        break;
      default: break;
    }
    return std::nullopt;
  }

  // What has brackets or braces of its own to break in: it begins on the line of the `=`.
  bool is_bulky(NodeId n) const {
    switch (tree_.kind(n)) {
      case NodeKind::kList:
      case NodeKind::kSelect: return true;
      case NodeKind::kCall: {
        Layout alone;
        Builder other(tree_);
        other.next_unwritten_ = tree_.node(n).first_token;
        other.emit_node(alone, n);
        return !alone.fits(kFormatWidth - kFormatIndent);
      }
      default: return has_block(n);
    }
  }

  bool has_block(NodeId n) const {
    switch (tree_.kind(n)) {
      case NodeKind::kAllOf:
      case NodeKind::kAnyOf:
      case NodeKind::kNoneOf:
      case NodeKind::kAtLeastOf:
      case NodeKind::kAtMostOf:
      case NodeKind::kExactlyOf: return true;
      case NodeKind::kCall:
      case NodeKind::kParen:
      case NodeKind::kSelect:
      case NodeKind::kWhere:
      case NodeKind::kQuantified:
      case NodeKind::kDid:
      case NodeKind::kNot: {
        const auto below = tree_.children(n);
        return std::any_of(below.begin(), below.end(), [&](NodeId c) { return has_block(c); });
      }
      default: return false;
    }
  }

  // ---- blocks ----

  void emit_block(Layout& out, NodeId n, std::uint32_t open, std::uint32_t close) {
    if (auto flat = flat_block(n, open, close)) {
      out.append(std::move(*flat));
      next_unwritten_ = close + 1;
      return;
    }
    out.indent();
    emit_items(out, n, open + 1, close, false);
    out.outdent();
    out.hard_line();
    emit_token(out, close);
  }

  bool has_blank_line_between(std::uint32_t from, std::uint32_t to) const {
    int num_line_ends = 0;
    for (std::uint32_t t = from; t < to; ++t) {
      if (kind(t) == TokenKind::kBlank) continue;
      num_line_ends = kind(t) == TokenKind::kLineEnd ? num_line_ends + 1 : 0;
      if (num_line_ends > 1) return true;
    }
    return false;
  }

  // The items between two tokens, in braces or of the file: each on its line.
  void emit_items(Layout& out, NodeId n, std::uint32_t from, std::uint32_t to, bool is_file) {
    const auto children = items_between(n, from, to);
    std::size_t next_child = 0;
    bool line_ended = is_file;            // since the last item or comment
    int num_line_ends = 0;                // likewise
    bool first = true;                    // nothing written yet
    bool after_bulky = false;             // the last item was written on several lines
    std::vector<std::uint32_t> comments;  // on lines of their own, before the next item
    std::vector<bool> blank_before;       // for each of them
    bool item_blank = false;

    const auto flush_comments = [&] {
      for (std::size_t i = 0; i < comments.size(); ++i) {
        if (!first || !is_file) {
          if (blank_before[i] && !first) out.blank_line();
          out.hard_line();
        }
        out.comment(comment_text(comments[i]));
        first = false;
        wrote_item_ = true;
      }
      comments.clear();
      blank_before.clear();
    };

    for (std::uint32_t t = from; t < to; ++t) {
      const bool starts_item = next_child < children.size() && t == tree_.node(children[next_child]).first_token;
      if (!starts_item && kind(t) == TokenKind::kLineEnd) {
        ++num_line_ends;
        line_ended = true;
        continue;
      }
      if (!starts_item && !is_comment(kind(t))) continue;  // blanks, separators
      const bool blank = num_line_ends > 1;
      num_line_ends = 0;
      if (!starts_item) {
        if (!line_ended) {
          out.comment("  " + comment_text(t));  // beside what was written last
        } else {
          comments.push_back(t);
          blank_before.push_back(blank);
        }
        line_ended = true;
        num_line_ends = 0;
        // The comment's own line end follows; it is not a blank line's.
        continue;
      }
      const NodeId item = children[next_child++];
      item_blank = blank;
      Layout body;
      next_unwritten_ = t;
      emit_node(body, item);
      const bool is_bulky_item = is_file && is_set_apart(item);
      if (is_file && !first) {
        bool any_blank = item_blank;
        for (const bool b : blank_before) any_blank = any_blank || b;
        if (after_bulky || (is_bulky_item && !any_blank)) {
          if (comments.empty()) {
            item_blank = true;
          } else {
            blank_before[0] = true;
          }
        }
      }
      flush_comments();
      if (!first || !is_file) {
        if (item_blank && !first) out.blank_line();
        out.hard_line();
      }
      out.append(std::move(body));
      first = false;
      wrote_item_ = true;
      after_bulky = is_bulky_item;
      t = tree_.node(item).end_token - 1;
      next_unwritten_ = t + 1;
      line_ended = false;
    }
    if (is_file && after_bulky && !comments.empty()) blank_before[0] = true;
    flush_comments();
    next_unwritten_ = to;
  }

  std::vector<NodeId> items_between(NodeId n, std::uint32_t from, std::uint32_t to) const {
    std::vector<NodeId> out;
    for (const NodeId c : tree_.children(n)) {
      if (tree_.node(c).first_token >= from && tree_.node(c).end_token <= to) out.push_back(c);
    }
    return out;
  }

  // A declaration with a block stands between blank lines.
  bool is_set_apart(NodeId n) const {
    const TokenId brace = tree_.find_token(n, TokenKind::kLeftBrace);
    if (brace == kNoToken) return false;
    const auto open = static_cast<std::uint32_t>(brace);
    const auto close = static_cast<std::uint32_t>(tree_.find_token(n, TokenKind::kRightBrace));
    Builder other(tree_);
    return !other.flat_block(n, open, close).has_value();
  }

  // A short block of short items on one line: `{ a: text, b: date }`.
  std::optional<Layout> flat_block(NodeId n, std::uint32_t open, std::uint32_t close) {
    const auto children = items_between(n, open, close);
    Layout out;
    if (!has_comment_between(open, close) && children.empty()) {
      out.text("}");
      return out;
    }
    if (has_comment_between(open, close)) return std::nullopt;
    for (std::size_t i = 1; i < children.size(); ++i) {
      if (has_blank_line_between(tree_.node(children[i - 1]).end_token, tree_.node(children[i]).first_token)) {
        return std::nullopt;
      }
    }
    const bool is_row = tree_.is(n, NodeKind::kGivenRow);
    if (!is_row && children.size() > kMaxFlatItems) return std::nullopt;
    const bool is_logic = is_expression(tree_.kind(n));
    if (!is_row && !is_logic && !is_short_declaration(tree_.kind(n))) return std::nullopt;
    out.space();
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (is_logic && !is_short_condition(children[i])) return std::nullopt;
      if (i > 0) {
        out.text(",");
        out.space();
      }
      next_unwritten_ = tree_.node(children[i]).first_token;
      emit_node(out, children[i]);
    }
    out.text(" }");
    // The whole item must fit on its line; its head is measured as it stands in the text, token by token.
    if (out.has_hard_line() || !out.fits(kFormatWidth - width_of_head(n, open))) return std::nullopt;
    return out;
  }

  // The width of the node up to its brace, on one line, with the indent of the blocks around it.
  int width_of_head(NodeId n, std::uint32_t open) const {
    int width = 0;
    for (std::uint32_t t = tree_.node(n).first_token; t <= open; ++t) {
      if (grammar::is_trivia(kind(t))) continue;
      width += static_cast<int>(tree_.text(TokenId{t}).size()) + 1;
    }
    for (NodeId p = tree_.parent(n); p != kNoNode; p = tree_.parent(p)) {
      if (!tree_.is(p, NodeKind::kFile) && tree_.has_token(p, TokenKind::kLeftBrace)) width += kFormatIndent;
    }
    return width;
  }

  static bool is_short_declaration(NodeKind kind) {
    switch (kind) {
      case NodeKind::kEntity:
      case NodeKind::kEvent:
      case NodeKind::kRecords:
      case NodeKind::kLookup:
      case NodeKind::kEventsGrouped: return true;
      default: return false;
    }
  }

  bool is_short_condition(NodeId n) const {
    switch (tree_.kind(n)) {
      case NodeKind::kName:
      case NodeKind::kPath:
      case NodeKind::kInSegment: return true;
      case NodeKind::kNot: return is_short_condition(tree_.child(n, std::size_t{0}));
      default: return false;
    }
  }

  const Tree& tree_;
  std::uint32_t next_unwritten_ = 0;
  bool wrote_item_ = false;
};

}  // namespace

Layout build_layout(const Tree& tree) { return Builder(tree).build(); }

}  // namespace seg::syntax
