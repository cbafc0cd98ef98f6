#include <algorithm>
#include <set>

#include "base/currency.h"
#include "base/suggest.h"
#include "compiler/syntax/report.h"

namespace seg::syntax {
namespace {

using base::Code;
using base::Span;
using grammar::Expected;
using grammar::FailureKind;
using grammar::FailureRecord;
using grammar::Lexeme;
using grammar::Reading;
using grammar::TokenRecord;

constexpr std::size_t kMaxNamed = 4;

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string found_words(const Lexeme& found) {
  switch (found.kind) {
    case TokenKind::kCount: return "the end of the file";
    case TokenKind::kLineEnd: return "the end of the line";
    case TokenKind::kTextLiteral: return "a text";
    default: return quoted({found.begin, static_cast<std::size_t>(found.end - found.begin)});
  }
}

std::string token_words(TokenKind kind) {
  const std::string words(grammar::spelling(kind));
  return words.find(' ') != words.npos || kind == TokenKind::kIdentifier ? words : quoted(words);
}

// "a value", "`)` or `,`", "an operator, `and` or the end of the line"
std::string expected_words(const FailureRecord& failure) {
  std::vector<std::string> all;
  const auto add = [&](std::string words) {
    if (!words.empty() && std::find(all.begin(), all.end(), words) == all.end()) all.push_back(std::move(words));
  };
  // The more telling ones first: operators and clauses could stand almost everywhere.
  const auto is_late = [](Expected e) {
    return e == Expected::operation || e == Expected::clause || e == Expected::line_end;
  };
  for (const Expected e : failure.groups) {
    if (!is_late(e)) add(std::string(words_of(e)));
  }
  const bool only_late = all.empty();
  if (all.size() < kMaxNamed) {
    for (const TokenKind kind : failure.tokens) {
      if (all.size() < kMaxNamed) add(token_words(kind));
    }
  }
  if (only_late) {
    for (const Expected e : failure.groups) {
      if (is_late(e) && all.size() < kMaxNamed) add(std::string(words_of(e)));
    }
  }
  if (all.empty()) return "something else";
  std::string out = all[0];
  for (std::size_t i = 1; i < all.size(); ++i) out += (i + 1 == all.size() ? " or " : ", ") + all[i];
  return out;
}

bool is_comparison(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEquals:
    case TokenKind::kNotEquals:
    case TokenKind::kLess:
    case TokenKind::kLessOrEqual:
    case TokenKind::kGreater:
    case TokenKind::kGreaterOrEqual:
    case TokenKind::kIs: return true;
    default: return false;
  }
}

class FailureReporter {
 public:
  FailureReporter(const Reading& reading, base::SourceId source, int max_depth, base::DiagnosticList& diagnostics)
      : reading_(reading), source_(source), max_depth_(max_depth), diagnostics_(diagnostics) {}

  void report(const FailureRecord& failure) {
    switch (failure.kind) {
      case FailureKind::expected: report_expected(failure); break;
      case FailureKind::never_closed:
        if (!seen_.insert(failure.found.begin).second) break;
        diagnostics_.report(Code::never_closed, span(failure.found), {text(failure.found)})
            .help("put the closing " + quoted(closing(failure.found.kind)) + " where it belongs");
        break;
      case FailureKind::never_opened: {
        const Lexeme bracket{TokenKind::kRightBrace, failure.furthest, failure.furthest + 1, {}};
        diagnostics_.report(Code::never_opened, span(bracket), {text(bracket)});
        break;
      }
      case FailureKind::too_deep:
        diagnostics_
            .report(Code::nested_too_deep, {source_, offset(failure.furthest), offset(failure.furthest) + 1},
                    {max_depth_})
            .help("give a part of it a name of its own: `metric`, `define` or `segment`");
        break;
      case FailureKind::unterminated: break;  // its text has its own diagnostic
      case FailureKind::reserved_word:
        diagnostics_.report(Code::reserved_word, span(failure.found), {text(failure.found)})
            .help("choose another name, or put a value in quotes: " +
                  quoted("\"" + std::string(text(failure.found)) + "\""));
        break;
    }
  }

 private:
  void report_expected(const FailureRecord& failure) {
    const Lexeme& found = failure.found;
    if (found.kind == TokenKind::kUnknown) {
      diagnostics_.report(Code::unexpected_character, span(found), {text(found)});
      return;
    }
    if (is_comparison(found.kind) && compares_before(failure)) {
      diagnostics_.report(Code::chained_comparison, span(found))
          .help("write two comparisons with `and`, or `x between A and B`");
      return;
    }
    if (found.kind == TokenKind::kWhere || found.kind == TokenKind::kWith || found.kind == TokenKind::kThen) {
      if (find_before(failure, TokenKind::kOver) != nullptr) {
        diagnostics_.report(Code::clause_order, span(found), {text(found), "over"})
            .note(
                "the order is: where, with same, at least … times, within, over; `over` stands once, behind the last "
                "step");
        return;
      }
    }
    Span place = span(found);
    if (found.kind == TokenKind::kLineEnd || found.kind == TokenKind::kCount) {
      // Behind the last token, not behind a comment.
      const char* at = found.begin;
      for (std::size_t i = reading_.tokens.size(); i-- > 0;) {
        if (reading_.tokens[i].end <= found.begin) {
          at = reading_.tokens[i].end;
          break;
        }
      }
      place = {source_, offset(at), offset(at)};
    }
    auto diagnostic = diagnostics_.report(Code::expected, place, {expected_words(failure), found_words(found)});
    suggest_first_word(failure, diagnostic);
    explain(failure, diagnostic);
  }

  // Rules that a marketer can't guess from what is expected.
  void explain(const FailureRecord& failure, base::DiagnosticBuilder& diagnostic) const {
    const Lexeme& found = failure.found;
    const TokenRecord* before = last_before(failure);
    if (before == nullptr) return;
    if (found.kind == TokenKind::kLineEnd &&
        (is_comparison(before->kind) || before->kind == TokenKind::kAnd || before->kind == TokenKind::kOr)) {
      diagnostic.help("a line is broken before a comparison, `and` or `or`, not behind it");
    }
    if (found.kind == TokenKind::kMinus && before->kind == TokenKind::kIdentifier && before->end == found.begin) {
      diagnostic.help("the words of a name are joined with `_`");
    }
    explain_currency(found, *before, diagnostic);
    if (found.kind == TokenKind::kThen && find_before(failure, TokenKind::kIf) != nullptr) {
      diagnostic.help("between `if` and its `then` a sequence stands in brackets: `if (did A then B) then …`");
    }
    if (found.kind == TokenKind::kWhere && find_before(failure, TokenKind::kSince) != nullptr) {
      diagnostic.help(
          "in a phrase with a value the event and its `where` stand in brackets: "
          "`days since last (call where length > 8)`");
    }
    static constexpr std::string_view kPeriodStarts[] = {"last", "previous", "this"};
    const bool begins_period =
        std::find(std::begin(kPeriodStarts), std::end(kPeriodStarts), text(found)) != std::end(kPeriodStarts);
    if (begins_period && before->kind != TokenKind::kOver && before->kind != TokenKind::kWithin) {
      diagnostic.help("a period stands behind `over`: " + quoted("over " + std::string(text(found)) + " …"))
          .fix({source_, offset(found.begin), offset(found.begin)}, "over ", base::Safety::changes_meaning);
    }
    const TokenRecord* clause = before == reading_.tokens.data() ? nullptr : before - 1;
    if (clause != nullptr && before->kind == TokenKind::kIdentifier &&
        (clause->kind == TokenKind::kOver || clause->kind == TokenKind::kWithin ||
         clause->kind == TokenKind::kDuring)) {
      static constexpr std::string_view kPeriodWords[] = {"last", "previous", "next", "this", "first"};
      const std::string_view word(before->begin, static_cast<std::size_t>(before->end - before->begin));
      if (const auto near = base::suggest(word, std::span<const std::string_view>(kPeriodWords))) {
        const Span place{source_, offset(before->begin), offset(before->end)};
        diagnostic.label(place, "did you mean " + quoted(*near) + "?").fix(place, *near, base::Safety::changes_meaning);
      }
    }
  }

  // `300 eur`, `300 euros`, `EUR 300`
  void explain_currency(const Lexeme& found, const TokenRecord& before, base::DiagnosticBuilder& diagnostic) const {
    const std::string_view left(before.begin, static_cast<std::size_t>(before.end - before.begin));
    if (before.kind == TokenKind::kNumberLiteral && found.kind == TokenKind::kIdentifier) {
      const auto code = base::currency_of_word(text(found));
      if (!code) return;
      diagnostic.label(span(found), "did you mean " + quoted(*code) + "?")
          .note("a currency is named by its code of three capitals: " + quoted(std::string(left) + " " + *code))
          .fix(span(found), *code);
    }
    if (before.kind == TokenKind::kIdentifier && found.kind == TokenKind::kNumberLiteral) {
      const auto code = base::currency_of_word(left);
      if (!code) return;
      const std::string amount = std::string(text(found)) + " " + *code;
      diagnostic.help("the currency stands behind the number: " + quoted(amount))
          .fix({source_, offset(before.begin), offset(found.end)}, amount);
    }
  }

  const TokenRecord* last_before(const FailureRecord& failure) const {
    const auto after = std::lower_bound(reading_.tokens.begin(), reading_.tokens.end(), failure.found.begin,
                                        [](const TokenRecord& t, const char* at) { return t.begin < at; });
    return after == reading_.tokens.begin() ? nullptr : &*(after - 1);
  }

  // A word before the place, in the same item and brackets.
  const TokenRecord* find_before(const FailureRecord& failure, TokenKind kind) const {
    int depth = 0;
    for (const TokenRecord* t = last_before(failure); t != nullptr && t->begin >= failure.at; --t) {
      switch (t->kind) {
        case TokenKind::kRightParen:
        case TokenKind::kRightBracket:
        case TokenKind::kRightBrace: ++depth; break;
        case TokenKind::kLeftParen:
        case TokenKind::kLeftBracket:
        case TokenKind::kLeftBrace:
          if (depth-- == 0) return nullptr;
          break;
        case TokenKind::kAnd:
        case TokenKind::kOr:
          if (depth == 0) return nullptr;
          break;
        default:
          if (depth == 0 && t->kind == kind) return t;
      }
      if (t == reading_.tokens.data()) break;
    }
    return nullptr;
  }

  // `segmnt x {`, `whn x > 3`: the item's first word is close to one that an item begins with.
  void suggest_first_word(const FailureRecord& failure, base::DiagnosticBuilder& diagnostic) const {
    static constexpr std::string_view kFirstWords[] = {
        "when",     "expect",   "tier",   "otherwise", "entity",   "subject",   "event",
        "events",   "records",  "lookup", "zones",     "use",      "param",     "list",
        "metric",   "define",   "score",  "segment",   "segments", "partition", "ranked",
        "disjoint", "occasion", "model",  "persona",   "plan",     "test",      "function"};
    const auto first = std::lower_bound(reading_.tokens.begin(), reading_.tokens.end(), failure.at,
                                        [](const TokenRecord& t, const char* at) { return t.begin < at; });
    if (first == reading_.tokens.end() || first->kind != TokenKind::kIdentifier) return;
    const std::string_view word(first->begin, static_cast<std::size_t>(first->end - first->begin));
    if (const auto near = base::suggest(word, std::span<const std::string_view>(kFirstWords))) {
      const Span place{source_, offset(first->begin), offset(first->end)};
      diagnostic.label(place, "did you mean " + quoted(*near) + "?").fix(place, *near, base::Safety::changes_meaning);
    }
  }

  // A comparison stands before the place, in the same item and brackets.
  bool compares_before(const FailureRecord& failure) const {
    const auto first = std::lower_bound(reading_.tokens.begin(), reading_.tokens.end(), failure.at,
                                        [](const TokenRecord& t, const char* at) { return t.begin < at; });
    std::vector<bool> seen{false};
    for (auto t = first; t != reading_.tokens.end() && t->begin < failure.found.begin; ++t) {
      switch (t->kind) {
        case TokenKind::kLeftParen:
        case TokenKind::kLeftBracket:
        case TokenKind::kLeftBrace: seen.push_back(false); break;
        case TokenKind::kRightParen:
        case TokenKind::kRightBracket:
        case TokenKind::kRightBrace:
          if (seen.size() > 1) seen.pop_back();
          break;
        case TokenKind::kAnd:
        case TokenKind::kOr:
        case TokenKind::kThen:
        case TokenKind::kElse:
        case TokenKind::kComma:
        case TokenKind::kWhere: seen.back() = false; break;
        default:
          if (is_comparison(t->kind)) seen.back() = true;
      }
    }
    return seen.back();
  }

  static std::string_view closing(TokenKind open) {
    switch (open) {
      case TokenKind::kLeftParen: return ")";
      case TokenKind::kLeftBracket: return "]";
      default: return "}";
    }
  }

  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - reading_.begin()); }
  Span span(const Lexeme& lexeme) const { return {source_, offset(lexeme.begin), offset(lexeme.end)}; }
  std::string_view text(const Lexeme& lexeme) const {
    return {lexeme.begin, static_cast<std::size_t>(lexeme.end - lexeme.begin)};
  }

  const Reading& reading_;
  base::SourceId source_;
  int max_depth_;
  base::DiagnosticList& diagnostics_;
  std::set<const char*> seen_;
};

}  // namespace

void report_failures(const Reading& reading, base::SourceId source, int max_depth, base::DiagnosticList& diagnostics) {
  FailureReporter reporter(reading, source, max_depth, diagnostics);
  for (const FailureRecord& failure : reading.failures) reporter.report(failure);
}

}  // namespace seg::syntax
