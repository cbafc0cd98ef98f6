#include "grammar/reading.h"

#include <algorithm>

namespace seg::grammar {

std::string_view words_of(Expected expected) {
  switch (expected) {
#define SEG_EXPECTED(id, text) \
  case Expected::id: return text;
#include "grammar/expectations.def"
#undef SEG_EXPECTED
  }
  return "";
}

Reading::Reading(std::string_view text, int max_depth)
    : begin_(text.data()),
      end_(text.data() + text.size()),
      max_depth_(max_depth),
      furthest_(begin_),
      item_begin_(begin_) {}

const Lexeme& Reading::look(Seen& seen, const char* at, bool lines) {
  seen.at = at;
  seen.lexeme = scan(skip_blanks(at, end_, lines), end_, lines_are_blank_);
  return seen.lexeme;
}

void Reading::drop_nodes() {
  while (!nodes.empty() && nodes.back().end_token > tokens.size()) nodes.pop_back();
}

void Reading::drop_from(const char* at) {
  if (!tokens.empty() && tokens.back().begin >= at) {
    do tokens.pop_back();
    while (!tokens.empty() && tokens.back().begin >= at);
    drop_nodes();
  }
  while (!failures.empty() && failures.back().at >= at) failures.pop_back();
}

void Reading::take(const Lexeme& lexeme) { take_as(lexeme, lexeme.kind); }

void Reading::take_as(const Lexeme& lexeme, TokenKind kind) {
  drop_from(lexeme.begin);
  tokens.push_back({lexeme.begin, lexeme.end, kind, lexeme.mistake});
}

// The first token that begins at or after `at`: close to the end of the list.
std::uint32_t Reading::token_index(const char* at) const {
  std::size_t step = 1;
  std::size_t high = tokens.size();
  std::size_t low = high;
  while (low > 0 && tokens[low - 1].begin >= at) {
    high = low;
    low = low > step ? low - step : 0;
    step *= 2;
  }
  const auto first = std::lower_bound(tokens.begin() + static_cast<std::ptrdiff_t>(low),
                                      tokens.begin() + static_cast<std::ptrdiff_t>(high), at,
                                      [](const TokenRecord& token, const char* place) { return token.begin < place; });
  return static_cast<std::uint32_t>(first - tokens.begin());
}

void Reading::make_node(std::uint8_t kind, const char* begin, const char* end) {
  drop_from(end);
  const std::uint32_t first = token_index(begin);
  const auto end_token = static_cast<std::uint32_t>(tokens.size());
  std::uint32_t num_nodes = 1;
  for (std::size_t i = nodes.size(); i > 0 && nodes[i - 1].first_token >= first; i -= nodes[i - 1].num_nodes) {
    num_nodes += nodes[i - 1].num_nodes;
  }
  nodes.push_back({first, end_token, num_nodes, kind});
}

void Reading::wrap_node(std::uint8_t kind, const char* begin, const char* end) {
  drop_from(end);
  const std::uint32_t first = token_index(begin);
  std::uint32_t num_nodes = 1;
  std::size_t i = nodes.size();
  while (i > 0 && nodes[i - 1].first_token >= first) {
    num_nodes += nodes[i - 1].num_nodes;
    i -= nodes[i - 1].num_nodes;
  }
  // The operand on the left is the last whole node before.
  const NodeRecord& left = nodes[i - 1];
  nodes.push_back({left.first_token, static_cast<std::uint32_t>(tokens.size()), num_nodes + left.num_nodes, kind});
}

void Reading::extend_node(std::uint8_t kind, const char* begin, const char* end) {
  drop_from(end);
  const std::uint32_t first = token_index(begin);
  std::size_t i = nodes.size();
  while (i > 0 && nodes[i - 1].first_token >= first) i -= nodes[i - 1].num_nodes;
  if (nodes[i - 1].kind == kind) {
    const NodeRecord left = nodes[i - 1];
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(i - 1));
    nodes.push_back({left.first_token, static_cast<std::uint32_t>(tokens.size()),
                     static_cast<std::uint32_t>(nodes.size() - (i - left.num_nodes)) + 1, kind});
    return;
  }
  wrap_node(kind, begin, end);
}

void Reading::note_missed(TokenKind kind, const char* at) {
  if (at > furthest_) {
    furthest_ = at;
    missed_tokens_.clear();
    missed_groups_.clear();
  }
  // A group of rules that began right here speaks for all in it: the outermost.
  for (const Group& group : groups_) {
    if (group.at != at) continue;
    if (std::find(missed_groups_.begin(), missed_groups_.end(), group.expected) == missed_groups_.end()) {
      missed_groups_.push_back(group.expected);
    }
    return;
  }
  if (std::find(missed_tokens_.begin(), missed_tokens_.end(), kind) == missed_tokens_.end()) {
    missed_tokens_.push_back(kind);
  }
}

bool Reading::begin_expecting(Expected expected, const char* at) {
  if (!recovering_) return false;
  groups_.push_back({expected, next(at).begin});
  return true;
}

bool Reading::enter(const char* at) {
  if (depth_ >= max_depth_) {
    if (too_deep_at_ == nullptr) too_deep_at_ = next(at).begin;
    failed_ = true;
    return false;
  }
  ++depth_;
  return true;
}

void Reading::start_recovering() {
  recovering_ = true;
  failed_ = false;
  tokens.clear();
  nodes.clear();
  failures.clear();
  depth_ = 0;
  too_deep_at_ = nullptr;
  lines_are_blank_ = false;
  then_belongs_to_if_ = false;
}

void Reading::begin_item(const char* at) {
  item_begin_ = at;
  furthest_ = at;
  missed_tokens_.clear();
  missed_groups_.clear();
}

bool Reading::is_line_start(const char* at) const { return at == begin_ || at[-1] == '\n'; }

// A declaration's word at the very start of a line, followed by what can follow it.
bool Reading::starts_declaration(const char* at) {
  if (!is_line_start(at)) return false;
  const Lexeme word = scan(at, end_, false);
  switch (word.kind) {
    case TokenKind::kEntity:
    case TokenKind::kSubject:
    case TokenKind::kEvent:
    case TokenKind::kEvents:
    case TokenKind::kRecords:
    case TokenKind::kLookup:
    case TokenKind::kZones:
    case TokenKind::kUse:
    case TokenKind::kModule:
    case TokenKind::kRequires:
    case TokenKind::kParam:
    case TokenKind::kList:
    case TokenKind::kMetric:
    case TokenKind::kDefine:
    case TokenKind::kScore:
    case TokenKind::kSegment:
    case TokenKind::kSegments:
    case TokenKind::kPartition:
    case TokenKind::kRanked:
    case TokenKind::kDisjoint:
    case TokenKind::kOccasion:
    case TokenKind::kModel:
    case TokenKind::kPersona:
    case TokenKind::kPlan:
    case TokenKind::kTest:
    case TokenKind::kFunction: break;
    default: return false;
  }
  const Lexeme after = scan(skip_blanks(word.end, end_, false), end_, false);
  if (after.kind == TokenKind::kTextLiteral) return word.kind == TokenKind::kTest || word.kind == TokenKind::kUse;
  return (after.kind == TokenKind::kIdentifier || is_word(after.kind)) && !is_reserved(after.kind);
}

namespace {

struct OpenBracket {
  Lexeme lexeme;
  std::size_t indent;
};

std::size_t indent_of_line(const char* begin, const char* at) {
  const char* line = at;
  while (line != begin && line[-1] != '\n') --line;
  std::size_t indent = 0;
  while (line[indent] == ' ' || line[indent] == '\t') ++indent;
  return indent;
}

bool is_first_on_line(const char* begin, const char* at) {
  while (at != begin && (at[-1] == ' ' || at[-1] == '\t')) --at;
  return at == begin || at[-1] == '\n';
}

bool is_literal(TokenKind kind) {
  return kind == TokenKind::kNumberLiteral || kind == TokenKind::kPercentLiteral || kind == TokenKind::kTextLiteral ||
         kind == TokenKind::kDateLiteral || kind == TokenKind::kTimeLiteral;
}

TokenKind closing_of(TokenKind open) {
  switch (open) {
    case TokenKind::kLeftParen: return TokenKind::kRightParen;
    case TokenKind::kLeftBracket: return TokenKind::kRightBracket;
    default: return TokenKind::kRightBrace;
  }
}

bool is_opening(TokenKind kind) {
  return kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
}

bool is_closing(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace;
}

// A line that begins so goes on with the item before it.
bool continues_item(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAnd:
    case TokenKind::kOr:
    case TokenKind::kOver:
    case TokenKind::kWhere:
    case TokenKind::kThen:
    case TokenKind::kWithin:
    case TokenKind::kWith:
    case TokenKind::kElse:
    case TokenKind::kIs:
    case TokenKind::kBetween:
    case TokenKind::kAcross:
    case TokenKind::kAmong:
    case TokenKind::kBy:
    case TokenKind::kEquals:
    case TokenKind::kNotEquals:
    case TokenKind::kLess:
    case TokenKind::kLessOrEqual:
    case TokenKind::kGreater:
    case TokenKind::kGreaterOrEqual:
    case TokenKind::kStar:
    case TokenKind::kSlash: return true;
    default: return false;
  }
}

// Lines that begin so are items of their own, so a bracket still open above them was never closed.
bool begins_item(const Lexeme& word, const Lexeme& after) {
  const bool name_follows = after.kind == TokenKind::kIdentifier || (is_word(after.kind) && !is_reserved(after.kind));
  switch (word.kind) {
    case TokenKind::kWhen: return true;
    case TokenKind::kExpect: return name_follows || after.kind == TokenKind::kIn || after.kind == TokenKind::kNot;
    case TokenKind::kTier:
    case TokenKind::kOtherwise: return name_follows;
    default: return false;
  }
}

}  // namespace

bool Reading::ends_unclosed(const char* at, bool in_logic) {
  if (!recovering_ || failed_) return false;
  const Lexeme lexeme = next_beyond_lines(at);
  if (lexeme.kind == TokenKind::kCount || starts_declaration(lexeme.begin)) return true;
  return in_logic && is_first_on_line(begin_, lexeme.begin) &&
         begins_item(lexeme, scan(skip_blanks(lexeme.end, end_, false), end_, false));
}

void Reading::note_unclosed(const char* open_brace, const char* at) {
  const char* place = next_beyond_lines(at).begin;
  if (unclosed_at_ == place) return;
  unclosed_at_ = place;
  // Which brace has none is seen by indentation: the first whose closing brace begins a line at another depth.
  const char* declaration = open_brace;
  while (declaration != begin_ && !starts_declaration(declaration)) --declaration;
  std::vector<OpenBracket> open;
  Lexeme blamed{TokenKind::kLeftBrace, open_brace, open_brace + 1, MistakeKind::none};
  for (const char* p = skip_blanks(declaration, end_, true); p < place;) {
    const Lexeme lexeme = scan(p, end_, true);
    // A text without its closing quote swallowed the brace; that is told already.
    if (lexeme.mistake == MistakeKind::unterminated_text && std::find(lexeme.begin, lexeme.end, '}') != lexeme.end) {
      return;
    }
    if (lexeme.kind == TokenKind::kLeftBrace) {
      open.push_back({lexeme, indent_of_line(begin_, lexeme.begin)});
    } else if (lexeme.kind == TokenKind::kRightBrace && !open.empty()) {
      if (is_first_on_line(begin_, lexeme.begin) && indent_of_line(begin_, lexeme.begin) != open.back().indent) {
        blamed = open.back().lexeme;
        break;
      }
      open.pop_back();
    }
    p = skip_blanks(lexeme.end, end_, true);
  }
  failures.push_back({FailureKind::never_closed, open_brace, blamed, place, {}, {}});
}

const char* Reading::pass_over_item(const char* at, bool in_block, std::uint8_t error_node) {
  failed_ = false;
  const Lexeme start = next_beyond_lines(at);
  const char* furthest = std::max(furthest_, start.begin);
  FailureRecord failure{FailureKind::expected, start.begin, {}, furthest, missed_tokens_, missed_groups_};
  if (too_deep_at_ != nullptr) {
    failure.kind = FailureKind::too_deep;
    failure.furthest = too_deep_at_;
    too_deep_at_ = nullptr;
  }
  drop_from(start.begin);
  const auto first_token = static_cast<std::uint32_t>(tokens.size());

  std::vector<OpenBracket> open;
  const char* p = start.begin;
  const char* behind = p;  // behind the last token passed over
  bool unclosed = false;
  while (true) {
    const char* line_place = skip_blanks(p, end_, false);
    Lexeme lexeme = scan(line_place, end_, !open.empty());
    if (lexeme.kind == TokenKind::kLineEnd) {
      const Lexeme beyond = scan(skip_blanks(line_place, end_, true), end_, !open.empty());
      const bool is_declaration = starts_declaration(beyond.begin);
      // A line that begins with a literal is the value that the line before lacks.
      const bool is_lost_value = furthest == line_place && is_literal(beyond.kind);
      if (open.empty() && (is_declaration || (!continues_item(beyond.kind) && !is_lost_value))) break;
      const Lexeme after = scan(skip_blanks(beyond.end, end_, false), end_, true);
      if (is_declaration ||
          (!open.empty() && open.back().lexeme.kind != TokenKind::kLeftBrace && begins_item(beyond, after))) {
        unclosed = !open.empty();
        break;
      }
      p = beyond.begin;
      lexeme = beyond;
    }
    if (lexeme.kind == TokenKind::kCount) {
      unclosed = !open.empty();
      break;
    }
    if (open.empty() && lexeme.begin != start.begin &&
        (lexeme.kind == TokenKind::kSemicolon ||
         (in_block && lexeme.kind == TokenKind::kComma &&
          !is_literal(scan(skip_blanks(lexeme.end, end_, true), end_, true).kind)))) {
      break;
    }
    if (is_opening(lexeme.kind)) {
      open.push_back({lexeme, 0});
    } else if (is_closing(lexeme.kind)) {
      if (!open.empty() && closing_of(open.back().lexeme.kind) == lexeme.kind) {
        open.pop_back();
      } else if (lexeme.kind == TokenKind::kRightBrace && !open.empty()) {
        unclosed = true;  // a `(` or `[` before it
        break;
      } else if (lexeme.kind == TokenKind::kRightBrace && in_block) {
        break;
      } else if (failure.kind == FailureKind::expected && lexeme.begin <= furthest) {
        failure.kind = FailureKind::never_opened;
        failure.furthest = lexeme.begin;
      }
    }
    take_as(lexeme, lexeme.kind == TokenKind::kCount ? TokenKind::kUnknown : lexeme.kind);
    if (lexeme.mistake == MistakeKind::unterminated_text && failure.kind != FailureKind::too_deep &&
        furthest >= lexeme.begin) {
      failure.kind = FailureKind::unterminated;  // what follows from it is not told
      behind = p = lexeme.end;
      // The brackets that it swallowed are unknown: the item ends with this line.
      open.clear();
      continue;
    }
    behind = p = lexeme.end;
  }
  if (unclosed && failure.kind != FailureKind::too_deep && failure.kind != FailureKind::unterminated) {
    // Go back to the end of the line of the bracket that is never closed.
    OpenBracket bracket = open.front();
    for (const OpenBracket& other : open) {
      if (other.lexeme.kind != TokenKind::kLeftBrace) {
        bracket = other;
        break;
      }
    }
    if (furthest > bracket.lexeme.begin) {
      failure.kind = FailureKind::never_closed;
      failure.found = bracket.lexeme;
    }
    if (bracket.lexeme.kind != TokenKind::kLeftBrace) {
      const char* line_end = bracket.lexeme.end;
      while (line_end != end_ && *line_end != '\n') ++line_end;
      while (tokens.size() > first_token + 1 && tokens.back().begin >= line_end) tokens.pop_back();
      // A brace that closes the block around stays for it.
      behind = tokens.back().end;
    }
  }
  if (failure.kind != FailureKind::never_closed) {
    failure.found = scan(skip_blanks(failure.furthest, end_, false), end_, false);
    const auto expects = [&](Expected e) {
      return std::find(missed_groups_.begin(), missed_groups_.end(), e) != missed_groups_.end();
    };
    // `by: text` among fields is meant as a name, too.
    const bool is_field_name = (expects(Expected::field) || expects(Expected::line)) &&
                               scan(skip_blanks(failure.found.end, end_, false), end_, false).kind == TokenKind::kColon;
    if (failure.kind == FailureKind::expected && is_reserved(failure.found.kind) &&
        (expects(Expected::name) || is_field_name)) {
      failure.kind = FailureKind::reserved_word;
    }
  }
  if (tokens.size() > first_token) {
    nodes.push_back({first_token, static_cast<std::uint32_t>(tokens.size()), 1, error_node});
  }
  failures.push_back(std::move(failure));
  in_line_.at = across_lines_.at = nullptr;
  return behind;
}

}  // namespace seg::grammar
