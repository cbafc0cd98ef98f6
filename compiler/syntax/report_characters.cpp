#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdio>

#include "compiler/syntax/report.h"

namespace seg::syntax {
namespace {

using base::Code;
using base::Span;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x7fu && (c >= ' ' || c == '\n' || c == '\t' || c == '\r');
  });
}

std::string hex(char32_t c) {
  char out[12];
  std::snprintf(out, sizeof out, "%04X", static_cast<unsigned>(c));
  return out;
}

void report_in_token(const Tree& tree, const Tree::Token& token, base::DiagnosticList& diagnostics) {
  const std::string_view text = tree.text();
  const bool is_prose = token.kind == TokenKind::kComment || token.kind == TokenKind::kDocComment ||
                        token.kind == TokenKind::kTextLiteral;
  const char* end = text.data() + token.end;
  for (const char* at = text.data() + token.begin; at != end;) {
    const grammar::CodePoint c = grammar::decode(at, end);
    const auto offset = static_cast<std::uint32_t>(at - text.data());
    const Span span{tree.source(), offset, offset + static_cast<std::uint32_t>(c.size)};
    at += c.size;
    if (grammar::is_bidi_control(c.value)) {
      if (is_prose) {
        diagnostics.report(Code::bidi_control_in_text, span, {hex(c.value)});
      } else {
        diagnostics.report(Code::bidi_control, span, {hex(c.value)}).fix(span, "");
      }
    } else if (!is_prose && (grammar::is_invisible_control(c.value) || c.value == '\r')) {
      // ZWNJ inside a word holds it together; a line end is a token of its own.
      if (token.kind == TokenKind::kLineEnd || (c.value == 0x200c && token.kind == TokenKind::kIdentifier)) continue;
      diagnostics.report(Code::control_character, span, {hex(c.value)}).fix(span, "");
    } else if (is_prose && c.value < 0x20 && c.value != '\t') {
      diagnostics.report(Code::control_character, span, {hex(c.value)}).fix(span, "");
    }
  }
}

void report_composition(const Tree& tree, const Tree::Token& token, base::DiagnosticList& diagnostics) {
  const std::string_view text = tree.text().substr(token.begin, token.end - token.begin);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) return;
  const bool is_composed = nfc->isNormalizedUTF8(text, error) != 0;
  if (is_composed || U_FAILURE(error)) return;
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed);
  nfc->normalizeUTF8(0, text, sink, nullptr, error);
  const Span span{tree.source(), token.begin, token.end};
  diagnostics.report(Code::not_nfc, span, {text}).fix(span, composed);
}

}  // namespace

void report_characters(const Tree& tree, base::DiagnosticList& diagnostics) {
  if (is_plain(tree.text())) return;
  for (const Tree::Token& token : tree.tokens()) {
    const std::string_view text = tree.text().substr(token.begin, token.end - token.begin);
    if (is_plain(text) && text.find('\r') == text.npos) continue;
    report_in_token(tree, token, diagnostics);
    if (token.kind == TokenKind::kIdentifier) report_composition(tree, token, diagnostics);
  }
}

}  // namespace seg::syntax
