// What nodes say: names, documentation, literal values, which operator.
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "compiler/syntax/tree.h"

namespace seg::syntax {
namespace {

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80u) return false;
  }
  return true;
}

std::string composed(std::string text) {
  if (is_ascii(text)) return text;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) std::abort();
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  nfc->normalizeUTF8(0, text, sink, nullptr, error);
  return U_FAILURE(error) ? text : out;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// The part after the opening quote, up to the closing one where there is one.
std::string decoded(std::string_view literal) {
  std::string out;
  for (std::size_t i = 1; i < literal.size(); ++i) {
    if (literal[i] == '"') break;
    if (literal[i] != '\\' || i + 1 >= literal.size()) {
      out += literal[i];
      continue;
    }
    const char escaped = literal[++i];
    if (escaped == 'n') {
      out += '\n';
    } else if (escaped == 't') {
      out += '\t';
    } else if (escaped == 'u' && i + 1 < literal.size() && literal[i + 1] == '{') {
      std::uint32_t value = 0;
      const char* begin = literal.data() + i + 2;
      const auto result = std::from_chars(begin, literal.data() + literal.size(), value, 16);
      append_utf8(out, value);
      i = static_cast<std::size_t>(result.ptr - literal.data());  // the closing brace
    } else {
      out += escaped;
    }
  }
  return composed(std::move(out));
}

std::int32_t to_number(std::string_view digits) {
  std::int32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

std::string Tree::name(NodeId n) const {
  if (n == kNoNode) return {};
  switch (kind(n)) {
    case NodeKind::kName:
    case NodeKind::kUnit:
    case NodeKind::kTypeName:
    case NodeKind::kPath:
    case NodeKind::kStepRef: break;
    case NodeKind::kNamedPeriod:
    case NodeKind::kInPopulation:
    case NodeKind::kOf:
    case NodeKind::kFor:
    case NodeKind::kAs: return num_children(n) == 0 ? std::string() : name(child(n, std::size_t{0}));
    default: return name(name_node(n));
  }
  std::string out;
  TokenKind before = TokenKind::kDot;
  for (std::uint32_t t = node(n).first_token; t < node(n).end_token; ++t) {
    const Token& it = tokens_[t];
    if (grammar::is_trivia(it.kind)) continue;
    if (before != TokenKind::kDot && it.kind != TokenKind::kDot) out += ' ';
    out += text(TokenId{t});
    before = it.kind;
  }
  return composed(std::move(out));
}

std::string Tree::doc(NodeId n) const {
  std::vector<std::string_view> lines;
  int num_line_ends = 0;
  for (std::uint32_t t = node(n).first_token; t-- > 0;) {
    const Token& it = tokens_[t];
    if (it.kind == TokenKind::kBlank) continue;
    if (it.kind == TokenKind::kLineEnd) {
      if (++num_line_ends > 1) break;  // a blank line between
      continue;
    }
    if (it.kind != TokenKind::kDocComment) break;
    num_line_ends = 0;
    std::string_view line = text(TokenId{t}).substr(2);
    if (line.starts_with(' ')) line.remove_prefix(1);
    lines.push_back(line);
  }
  std::string out;
  for (std::size_t i = lines.size(); i-- > 0;) {
    out += lines[i];
    if (i != 0) out += '\n';
  }
  return out;
}

std::string Tree::string_value(NodeId n) const {
  if (n == kNoNode) return {};
  if (is(n, NodeKind::kText)) return decoded(text(n));
  const NodeId text_node = child(n, NodeKind::kText);
  return text_node == kNoNode ? std::string() : decoded(text(text_node));
}

std::string Tree::digits(NodeId n) const {
  if (!is(n, NodeKind::kNumber) && !is(n, NodeKind::kPercent)) {
    const NodeId number = child(n, NodeKind::kNumber);
    return number == kNoNode ? std::string() : digits(number);
  }
  std::string out;
  for (const char c : text(n)) {
    if ((c >= '0' && c <= '9') || c == '.') out += c;
  }
  return out;
}

double Tree::number_value(NodeId n) const {
  std::string written = digits(n);
  // One rounding only: 15% is the double nearest to 0.15.
  if (is(n, NodeKind::kPercent)) written += "e-2";
  return std::strtod(written.c_str(), nullptr);
}

std::optional<std::int64_t> Tree::integer_value(NodeId n) const {
  if (is(n, NodeKind::kPercent)) return std::nullopt;
  const std::string written = digits(n);
  std::int64_t value = 0;
  const auto result = std::from_chars(written.data(), written.data() + written.size(), value);
  if (result.ec != std::errc() || result.ptr != written.data() + written.size() || written.empty()) return std::nullopt;
  return value;
}

Unit Tree::unit(NodeId n) const {
  if (!is(n, NodeKind::kUnit)) return unit(child(n, NodeKind::kUnit));
  switch (tokens_[node(n).first_token].kind) {
    case TokenKind::kSecond:
    case TokenKind::kSeconds: return Unit::second;
    case TokenKind::kMinute:
    case TokenKind::kMinutes: return Unit::minute;
    case TokenKind::kHour:
    case TokenKind::kHours: return Unit::hour;
    case TokenKind::kDay:
    case TokenKind::kDays: return Unit::day;
    case TokenKind::kWeek:
    case TokenKind::kWeeks: return Unit::week;
    case TokenKind::kMonth:
    case TokenKind::kMonths: return Unit::month;
    case TokenKind::kQuarter:
    case TokenKind::kQuarters: return Unit::quarter;
    case TokenKind::kYear:
    case TokenKind::kYears: return Unit::year;
    case TokenKind::kM: return Unit::meter;
    case TokenKind::kKm: return Unit::kilometer;
    case TokenKind::kMile:
    case TokenKind::kMiles: return Unit::mile;
    default: return Unit::currency;
  }
}

CalendarDay Tree::date_value(NodeId n) const {
  const std::string_view written = text(n);
  if (written.size() < 10) return {};
  return {to_number(written.substr(0, 4)), to_number(written.substr(5, 2)), to_number(written.substr(8, 2))};
}

int Tree::ordinal_value(NodeId n) const {
  return tokens_[node(n).first_token].kind == TokenKind::kLast ? -1 : to_number(text(n));
}

CompareOp Tree::compare_op(NodeId n) const {
  for (const TokenId t : own_tokens(n)) {
    switch (token(t).kind) {
      case TokenKind::kEquals: return CompareOp::eq;
      case TokenKind::kNotEquals: return CompareOp::ne;
      case TokenKind::kLess: return CompareOp::lt;
      case TokenKind::kLessOrEqual: return CompareOp::le;
      case TokenKind::kGreater: return CompareOp::gt;
      case TokenKind::kGreaterOrEqual: return CompareOp::ge;
      case TokenKind::kLeast: return CompareOp::ge;
      case TokenKind::kMost: return CompareOp::le;
      case TokenKind::kIs: return has_token(n, TokenKind::kNot) ? CompareOp::ne : CompareOp::eq;
      default: break;
    }
  }
  std::abort();
}

ArithmeticOp Tree::arithmetic_op(NodeId n) const {
  if (has_token(n, TokenKind::kPlus)) return ArithmeticOp::add;
  if (has_token(n, TokenKind::kMinus)) return ArithmeticOp::subtract;
  return has_token(n, TokenKind::kStar) ? ArithmeticOp::multiply : ArithmeticOp::divide;
}

TextTest Tree::text_test(NodeId n) const {
  if (has_token(n, TokenKind::kStarts)) return TextTest::starts_with;
  return has_token(n, TokenKind::kEnds) ? TextTest::ends_with : TextTest::matches;
}

ContainsMode Tree::contains_mode(NodeId n) const {
  if (has_token(n, TokenKind::kAny)) return ContainsMode::any_of;
  return has_token(n, TokenKind::kAll) ? ContainsMode::all_of : ContainsMode::one;
}

Quantifier Tree::quantifier(NodeId n) const {
  switch (tokens_[node(n).first_token].kind) {
    case TokenKind::kAny: return Quantifier::any;
    case TokenKind::kEvery: return Quantifier::every;
    default: return Quantifier::no;
  }
}

CountOp Tree::times_op(NodeId n) const {
  if (has_token(n, TokenKind::kLeast)) return CountOp::at_least;
  return has_token(n, TokenKind::kMost) ? CountOp::at_most : CountOp::exactly;
}

CountOp Tree::regularity_op(NodeId n) const { return has_token(n, TokenKind::kEach) ? CountOp::each : times_op(n); }

Modifier Tree::modifier(NodeId n) const {
  switch (tokens_[node(n).first_token].kind) {
    case TokenKind::kPersonal: return Modifier::personal;
    case TokenKind::kSensitive: return Modifier::sensitive;
    case TokenKind::kFolded: return Modifier::folded;
    case TokenKind::kRequired: return Modifier::required;
    case TokenKind::kKey: return Modifier::key;
    case TokenKind::kTime: return Modifier::time_zone;
    default: return Modifier::label;
  }
}

PartitionKind Tree::partition_kind(NodeId n) const {
  if (has_token(n, TokenKind::kRanked)) return PartitionKind::ranked;
  return has_token(n, TokenKind::kDisjoint) ? PartitionKind::disjoint : PartitionKind::first_match;
}

MissingRule Tree::missing_rule(NodeId n) const {
  if (has_token(n, TokenKind::kNever)) return MissingRule::never;
  if (has_token(n, TokenKind::kAny)) return MissingRule::when_any;
  return has_token(n, TokenKind::kAll) ? MissingRule::when_all : MissingRule::when_named;
}

TiesOrder Tree::ties_order(NodeId n) const {
  if (has_token(n, TokenKind::kEarliest)) return TiesOrder::earliest;
  if (has_token(n, TokenKind::kLatest)) return TiesOrder::latest;
  if (has_token(n, TokenKind::kHighest)) return TiesOrder::highest;
  return has_token(n, TokenKind::kLowest) ? TiesOrder::lowest : TiesOrder::none;
}

int Tree::points_sign(NodeId n) const { return has_token(n, TokenKind::kMinus) ? -1 : 1; }
bool Tree::is_negated(NodeId n) const { return has_token(n, TokenKind::kNot); }
bool Tree::since_first(NodeId n) const { return has_token(n, TokenKind::kFirst); }
bool Tree::in_bottom(NodeId n) const { return has_token(n, TokenKind::kBottom); }
bool Tree::is_full(NodeId n) const { return has_token(n, TokenKind::kFull); }

NodeId Tree::function_body(NodeId n) const {
  bool seen_type = false;
  for (const NodeId c : children(n)) {
    if (is_type(kind(c))) {
      seen_type = true;
    } else if (seen_type) {
      return is_expression(kind(c)) ? c : kNoNode;
    }
  }
  return kNoNode;
}

}  // namespace seg::syntax
