// The lossless syntax tree of one source: what the parser makes and the checker, formatter and editors read.
// In: the text and what parse.h recorded. Out: read access to tokens (blanks and comments too) and to nodes.
// The text can be written back from the tokens, byte for byte. Nodes are kept in post-order; node_kinds.def says what
// each kind has below it. Everything here is a view of the tree and of the source's text, which must outlive it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "grammar/token_kind.h"

namespace seg::syntax {

using grammar::TokenKind;

enum class NodeKind : std::uint8_t {
#define SEG_NODE(kind, group, name) kind,
#include "compiler/syntax/node_kinds.def"
#undef SEG_NODE
  kCount
};

enum class NodeGroup : std::uint8_t { File, Error, Unit, Expression, Select, Clause, Period, Type, Item, Declaration };

NodeGroup group(NodeKind kind);
std::string_view kind_id(NodeKind kind);    // "kCompare", for dumps
std::string_view kind_name(NodeKind kind);  // "comparison", for messages
inline bool is_declaration(NodeKind kind) { return group(kind) == NodeGroup::Declaration; }
inline bool is_expression(NodeKind kind) { return group(kind) == NodeGroup::Expression; }
inline bool is_select(NodeKind kind) { return group(kind) == NodeGroup::Select; }
inline bool is_period(NodeKind kind) { return group(kind) == NodeGroup::Period; }
inline bool is_type(NodeKind kind) { return group(kind) == NodeGroup::Type; }
// How tightly the node holds its operands (operators.def); 100 for what is no operator.
int binding_power(NodeKind kind);

enum class NodeId : std::uint32_t {};
enum class TokenId : std::uint32_t {};
inline constexpr NodeId kNoNode = NodeId{0xffffffffu};
inline constexpr TokenId kNoToken = TokenId{0xffffffffu};

enum class CompareOp : std::uint8_t { eq, ne, lt, le, gt, ge };
enum class ArithmeticOp : std::uint8_t { add, subtract, multiply, divide };
enum class TextTest : std::uint8_t { starts_with, ends_with, matches };
enum class ContainsMode : std::uint8_t { one, any_of, all_of };
enum class Quantifier : std::uint8_t { any, every, no };
enum class CountOp : std::uint8_t { at_least, at_most, exactly, each };  // `each`: `in each of` only
enum class Unit : std::uint8_t {
  second,
  minute,
  hour,
  day,
  week,
  month,
  quarter,
  year,
  meter,
  kilometer,
  mile,
  currency
};
enum class Modifier : std::uint8_t { personal, sensitive, folded, required, key, time_zone, label };
enum class PartitionKind : std::uint8_t { first_match, ranked, disjoint };
enum class MissingRule : std::uint8_t { never, when_any, when_all, when_named };
enum class TiesOrder : std::uint8_t { none, earliest, latest, highest, lowest };

// A number as it was written: digits without separators, so that decimals stay exact.
struct CalendarDay {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;
  friend bool operator==(const CalendarDay&, const CalendarDay&) = default;
};

class Tree {
 public:
  struct Token {
    TokenKind kind;
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Node {
    NodeKind kind;
    std::uint32_t first_token;  // its first token that is no trivia
    std::uint32_t end_token;    // one past its last
    std::uint32_t first_child;  // into children_
    std::uint32_t num_children;
    NodeId parent;
  };

  Tree() = default;
  Tree(base::SourceId source, std::string_view text, std::vector<Token> tokens, std::vector<Node> nodes,
       std::vector<NodeId> children);

  base::SourceId source() const { return source_; }
  std::string_view text() const { return text_; }
  NodeId root() const { return NodeId{static_cast<std::uint32_t>(nodes_.size() - 1)}; }  // kFile; always there
  std::size_t num_nodes() const { return nodes_.size(); }
  std::size_t num_tokens() const { return tokens_.size(); }

  // ---- nodes ----
  NodeKind kind(NodeId n) const { return node(n).kind; }
  bool is(NodeId n, NodeKind kind) const { return node(n).kind == kind; }
  NodeId parent(NodeId n) const { return node(n).parent; }  // kNoNode for the root
  std::span<const NodeId> children(NodeId n) const {
    return {children_.data() + node(n).first_child, node(n).num_children};
  }
  std::size_t num_children(NodeId n) const { return node(n).num_children; }
  NodeId child(NodeId n, std::size_t index) const { return children(n)[index]; }
  // The first child of a kind, or kNoNode.
  NodeId child(NodeId n, NodeKind kind) const;
  NodeId child_of_group(NodeId n, NodeGroup wanted) const;
  // The last child: in declarations the expression after `=`.
  NodeId last_child(NodeId n) const;
  // True if the node or anything below it could not be read.
  bool has_error(NodeId n) const;

  // From the first to the last token of the node, without blanks around it.
  base::Span span(NodeId n) const;
  std::string_view text(NodeId n) const;

  // ---- what nodes say ----
  // The declared name of a declaration, field, tier, parameter (its first kName child), as a node.
  NodeId name_node(NodeId n) const { return child(n, NodeKind::kName); }
  // A kName's name (words joined by one blank), a kPath's with dots ("purchase.amount", "step 1.amount"), a kUnit's or
  // kTypeName's word; of a declaration or item: the name of name_node(). Empty if there is none.
  std::string name(NodeId n) const;
  // The `##` lines right above a declaration or item, without `##` and one blank, joined by line feeds.
  std::string doc(NodeId n) const;
  // The decoded value of a kText (of a declaration: of its first kText child, which is the title). Escapes: \" \\ \n \t
  // \u{…}.
  std::string string_value(NodeId n) const;

  // kNumber, kPercent (15% is 0.15); of kDuration, kDistance, kMoney: of their number.
  double number_value(NodeId n) const;
  // Digits and at most one point, no separators: "1000.50"; of a kPercent "15". Same nodes as number_value().
  std::string digits(NodeId n) const;
  // None if there is a fraction, a percent sign or it does not fit.
  std::optional<std::int64_t> integer_value(NodeId n) const;
  // kUnit, or a node with one as child. A currency is Unit::currency: name() of the kUnit has its code.
  Unit unit(NodeId n) const;
  // kDate, kCalendarDate, kTime (its day). Whether the day exists is checked by the parser for kDate and kTime
  // (Gregorian).
  CalendarDay date_value(NodeId n) const;
  int ordinal_value(NodeId n) const;  // kOrdinal; -1: last

  CompareOp compare_op(NodeId n) const;
  ArithmeticOp arithmetic_op(NodeId n) const;
  TextTest text_test(NodeId n) const;
  ContainsMode contains_mode(NodeId n) const;
  Quantifier quantifier(NodeId n) const;
  CountOp times_op(NodeId n) const;       // kTimes
  CountOp regularity_op(NodeId n) const;  // kRegularity
  Modifier modifier(NodeId n) const;
  PartitionKind partition_kind(NodeId n) const;
  MissingRule missing_rule(NodeId n) const;
  TiesOrder ties_order(NodeId n) const;
  int points_sign(NodeId n) const;       // kPoints: 1 or -1
  bool is_negated(NodeId n) const;       // the node owns `not`: kIsMissing, kIsKnown, kIn, kInSegment, kThen, kDid
  bool since_first(NodeId n) const;      // kSinceEvent: `first`, else `last`
  bool in_bottom(NodeId n) const;        // kInTop
  bool is_full(NodeId n) const;          // kLastPeriod, kPreviousPeriod, kNextPeriod: `full`
  NodeId function_body(NodeId n) const;  // kFunction: the expression after `=`, or kNoNode

  // ---- tokens ----
  const Token& token(TokenId t) const { return tokens_[static_cast<std::uint32_t>(t)]; }
  std::string_view text(TokenId t) const;
  base::Span span(TokenId t) const;
  std::span<const Token> tokens() const { return tokens_; }
  // First token of a node and the one past its last; blanks and comments inside are among them.
  TokenId first_token(NodeId n) const { return TokenId{node(n).first_token}; }
  TokenId end_token(NodeId n) const { return TokenId{node(n).end_token}; }
  // A token that the node itself owns, that is none of its children's: has_token(n, TokenKind::kNot).
  bool has_token(NodeId n, TokenKind kind) const { return find_token(n, kind) != kNoToken; }
  TokenId find_token(NodeId n, TokenKind kind) const;
  // The tokens that the node itself owns, in order, without trivia.
  std::vector<TokenId> own_tokens(NodeId n) const;

  const Node& node(NodeId n) const { return nodes_[static_cast<std::uint32_t>(n)]; }

 private:
  base::SourceId source_ = base::kNoSource;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<Node> nodes_;
  std::vector<NodeId> children_;
};

// The tree as indented text, a node per line: `kCompare "a > 3"`. For tests and `seg check --dump-tree`.
std::string dump(const Tree& tree);

// The same kinds of nodes over the same tokens, blanks, line ends and separators between items apart.
bool same_tree(const Tree& a, const Tree& b);

}  // namespace seg::syntax
