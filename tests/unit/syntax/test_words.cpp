// The language's words: reserved ones are never names, all others always can be.
#include <map>
#include <set>

#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

std::vector<TokenKind> words() {
  return {
#define SEG_KEYWORD(id, text, word_class) TokenKind::id,
#include "grammar/keywords.def"
#undef SEG_KEYWORD
  };
}

std::string with_name(std::string pattern, std::string_view name) {
  for (std::size_t at; (at = pattern.find('@')) != pattern.npos;) pattern.replace(at, 1, name);
  return pattern;
}

// Each with `@` for the name.
const char* const kPlaces[] = {
    "metric @ = 1",
    "metric m = @",
    "metric m = @ + 1",
    "metric m = 1 + @ * 2",
    "metric m = -@",
    "metric m = @.b",
    "metric m = a.@",
    "metric m = @ > 3",
    "metric m = a = @",
    "metric m = a is @ and b",
    "metric m = @ is missing",
    "metric m = @ in [1]",
    "metric m = a in @",
    "metric m = a in [@, b]",
    "metric m = @ between 1 and 2",
    "metric m = a between @ and b",
    "metric m = @ or if missing b",
    "metric m = not @",
    "metric m = @ and b or @",
    "metric m = (@)",
    "metric m = if @ then @ else @",
    "metric m = all of { @, b }",
    "metric m = f(@)",
    "metric m = f(@, b)",
    "metric m = @ contains @",
    "metric m = @ starts with \"x\"",
    "metric m = a at least @",
    "metric m = did @",
    "metric m = did @ over last 3 days",
    "metric m = did @ where @ > 3",
    "metric m = did @ where @ then @",
    "metric m = any @ where @",
    "metric m = every @ where @",
    "metric m = count(@ where b)",
    "metric m = count(a where @ over last 3 days)",
    "metric m = sum(@.b over last 3 days)",
    "metric m = days since last @",
    "metric m = days since @ > 3",
    "metric m = in segment @",
    "metric m = not in segment @",
    "metric m = in top 3 by @",
    "metric m = f(x) per @",
    "metric m = month of @",
    "metric m = a[@]",
    "metric m = d within last 3 days and @",
    "segment @ { when a }",
    "segment s of @ { when a }",
    "segment s { when @ }",
    "segment s {\n    when a\n    expect @ > 3\n}",
    "segment s { @ \"text\" }",
    "entity @ { key id: text }",
    "entity e { @: text }",
    "entity e { key @: text }",
    "entity e { a: @ }",
    "entity e { a: choice of [@, b] }",
    "event @ of c { at: time }",
    "event e of @ { at: time }",
    "events e = @ where a",
    "events e = a, @",
    "events e = a grouped by @ { @: sum(@) }",
    "param @ = 1",
    "list @ = [a]",
    "define @(a) = a",
    "define f(@) = @",
    "score @ { +1 when a }",
    "score s { +1 when @ }",
    "partition @ { tier a when b }",
    "partition p { tier @ when b }",
    "partition p { tier a when @\n otherwise b }",
    "use @",
    "use a with @ = @",
    "test \"t\" as of 2026-06-30 { customer { @ 1 } }",
    "test \"t\" as of 2026-06-30 { customer @ { a 1 } }",
};

// What a free word can't be: it would be read as something else there, and the language says so.
const std::map<std::string, std::set<std::string>> kExceptions = {
    {"metric m = a in @", {"segment"}},                              // `a in segment x`
    {"segment s { @ \"text\" }", {"expect"}},                        // an expectation
    {"test \"t\" as of 2026-06-30 { customer @ { a 1 } }", {"on"}},  // a date follows
};

TEST_CASE("every word of the table is found, with its class") {
  for (const TokenKind kind : words()) {
    CHECK(grammar::find_word(grammar::spelling(kind)) == kind);
    CHECK(grammar::is_word(kind));
  }
  CHECK(grammar::find_word("spend") == TokenKind::kIdentifier);
  CHECK(grammar::find_word("") == TokenKind::kIdentifier);
}

TEST_CASE("the reserved words are those of the language reference") {
  std::set<std::string> reserved;
  for (const TokenKind kind : words()) {
    if (grammar::is_reserved(kind)) reserved.insert(std::string(grammar::spelling(kind)));
  }
  CHECK(reserved == std::set<std::string>{"and",  "or",      "not",     "is",    "in",     "if",     "then",
                                          "else", "where",   "with",    "over",  "within", "across", "among",
                                          "of",   "by",      "when",    "did",   "any",    "all",    "every",
                                          "no",   "between", "missing", "known", "yes"});
}

TEST_CASE("a reserved word is never a name") {
  for (const TokenKind kind : words()) {
    if (!grammar::is_reserved(kind)) continue;
    const std::string text = "metric " + std::string(grammar::spelling(kind)) + " = 1\n";
    CHECK_MESSAGE(codes_of(text) == "S1005", text);
  }
}

TEST_CASE("every other word is a name wherever a name can stand") {
  std::string misread;
  for (const char* pattern : kPlaces) {
    const std::string plain = with_name(pattern, "zzz");
    const std::string expected = declaration(plain);
    for (const TokenKind kind : words()) {
      if (grammar::is_reserved(kind)) continue;
      const std::string word(grammar::spelling(kind));
      const std::string text = with_name(pattern, word);
      base::DiagnosticList diagnostics;
      const ParseResult result = parse_text(text, diagnostics);
      std::string got =
          result.has_errors ? "error" : shape(result.tree, result.tree.child(result.tree.root(), std::size_t{0}));
      if (got == with_name(expected, word)) continue;
      std::string wanted = expected;
      for (std::size_t at; (at = wanted.find("zzz")) != wanted.npos;) wanted.replace(at, 3, word);
      if (got == wanted) continue;
      const auto exception = kExceptions.find(pattern);
      if (exception != kExceptions.end() && exception->second.contains(word)) continue;
      misread += word + " in `" + pattern + "`: " + got + "\n";
    }
  }
  CHECK(misread == "");
}

TEST_CASE("words end at Unicode word boundaries") {
  CHECK(expression("andé") == "andé");
  CHECK(expression("notهمه") == "notهمه");
  CHECK(expression("in_a") == "in_a");
  CHECK(expression("مشتری.خرید") == "(Path مشتری خرید)");
  CHECK(expression("می\u200cخرد") == "می\u200cخرد");
}

}  // namespace
}  // namespace seg::syntax
