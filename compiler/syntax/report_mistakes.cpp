#include <cstring>
#include <vector>

#include "compiler/syntax/report.h"

namespace seg::syntax {
namespace {

using base::Code;
using base::Span;
using grammar::Lexeme;
using grammar::Mistake;
using grammar::MistakeKind;
using grammar::Reading;
using grammar::TokenRecord;

// `a&&b` -> `a and b`
std::string padded(const Reading& reading, const TokenRecord& token, std::string replacement) {
  if (!grammar::is_word(token.kind)) return replacement;
  const auto is_word_byte = [](char c) {
    return grammar::is_word_continue(static_cast<unsigned char>(c)) || (c & 0x80);
  };
  if (token.begin != reading.begin() && is_word_byte(token.begin[-1])) replacement.insert(0, " ");
  if (token.end != reading.end() && is_word_byte(*token.end)) replacement += ' ';
  return replacement;
}

// Every escape of a text that is none.
void report_escapes(const Reading& reading, const TokenRecord& token, base::SourceId source,
                    base::DiagnosticList& diagnostics) {
  for (const char* p = token.begin + 1; p + 1 < token.end; ++p) {
    if (*p != '\\') continue;
    const char* escape = p++;
    if (std::strchr("\"\\nt", *p) != nullptr) continue;
    const char* close = p + 1;
    if (*p == 'u' && *close == '{') {
      while (close + 1 < token.end && *close != '}') ++close;
      // A right one is told from a wrong one by reading a text with nothing else in it.
      const std::string alone = "\"" + std::string(escape, close + 1) + "\"";
      if (grammar::scan(alone.data(), alone.data() + alone.size(), false).mistake == MistakeKind::none) {
        p = close;
        continue;
      }
    }
    const char* escape_end = p + 1;
    while (escape_end < token.end && (static_cast<unsigned char>(*escape_end) & 0xc0u) == 0x80u) ++escape_end;
    const auto offset = static_cast<std::uint32_t>(escape - reading.begin());
    diagnostics
        .report(Code::unknown_escape, {source, offset, static_cast<std::uint32_t>(escape_end - reading.begin())},
                {std::string_view(escape, static_cast<std::size_t>(escape_end - escape))})
        .help("the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{1F600}`; a backslash itself is written `\\\\`")
        .fix({source, offset, offset}, "\\");
  }
}

}  // namespace

void report_mistakes(const Reading& reading, base::SourceId source, base::DiagnosticList& diagnostics) {
  std::vector<bool> in_error(reading.tokens.size(), false);
  for (const grammar::NodeRecord& node : reading.nodes) {
    if (node.kind != grammar::kErrorNode) continue;
    for (std::uint32_t t = node.first_token; t < node.end_token; ++t) in_error[t] = true;
  }
  for (std::size_t i = 0; i < reading.tokens.size(); ++i) {
    const TokenRecord& token = reading.tokens[i];
    if (token.mistake == MistakeKind::none) continue;
    // `spend-12m`: in text that could not be read a number may be part of something else.
    if (token.mistake == MistakeKind::malformed_number && in_error[i]) continue;
    const Span span{source, static_cast<std::uint32_t>(token.begin - reading.begin()),
                    static_cast<std::uint32_t>(token.end - reading.begin())};
    const std::string_view text(token.begin, static_cast<std::size_t>(token.end - token.begin));
    const Mistake mistake = grammar::explain_mistake(Lexeme{token.kind, token.begin, token.end, token.mistake});
    const std::string replacement =
        mistake.replacement.empty() ? std::string() : padded(reading, token, mistake.replacement);
    switch (token.mistake) {
      case MistakeKind::none: break;
      case MistakeKind::foreign_sign:
        if (!mistake.is_sure) {
          diagnostics.report(Code::foreign_sign, span, {text, mistake.replacement})
              .note("several currencies have this sign: write the code of yours behind the number")
              .fix(span, mistake.replacement, base::Safety::changes_meaning);
        } else {
          diagnostics.report(Code::foreign_sign, span, {text, mistake.replacement}).fix(span, replacement);
        }
        break;
      case MistakeKind::foreign_word:
        diagnostics.report(Code::foreign_word, span, {text, mistake.replacement}).fix(span, replacement);
        break;
      case MistakeKind::foreign_digits:
        diagnostics.report(Code::foreign_digits, span, {text, mistake.replacement}).fix(span, replacement);
        break;
      case MistakeKind::curly_quotes: diagnostics.report(Code::curly_quotes, span).fix(span, replacement); break;
      case MistakeKind::unterminated_text:
        diagnostics.report(Code::unterminated_text, span)
            .help("a text ends on the line on which it begins; a line end in it is written `\\n`");
        break;
      case MistakeKind::unknown_escape: report_escapes(reading, token, source, diagnostics); break;
      case MistakeKind::malformed_number: {
        auto diagnostic = diagnostics.report(Code::malformed_number, span, {text});
        if (replacement.empty()) {
          diagnostic.help("digits with `_` between them and a point before the fraction: `1_000_000`, `0.5`, `15%`");
        } else if (replacement.ends_with(' ')) {
          diagnostic.help("a blank stands between a number and its unit").fix(span, replacement);
        } else {
          diagnostic.help("it is written `" + replacement + "`").fix(span, replacement);
        }
        break;
      }
      case MistakeKind::malformed_date:
        diagnostics.report(Code::malformed_date, span, {text})
            .help("a date is written `2026-06-30`, a time `2026-06-30T18:00`")
            .fix(span, replacement);
        break;
    }
  }
}

}  // namespace seg::syntax
