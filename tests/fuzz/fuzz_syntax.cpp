// Laws of the parser and the formatter on random texts:
//   any text: the parser answers, the tree is lossless and well formed, what the formatter writes reads as the same
//   tree; a valid source, spaced and broken anew: it formats to the same bytes, which format to themselves and keep the
//   comments.
//
//   seg_fuzz_syntax --cases 100000 --seed 1
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/text_file.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "tests/fuzz/syntax_corpus.h"
#include "tests/fuzz/syntax_respace.h"

namespace seg::fuzz {
namespace {

using syntax::NodeId;
using syntax::ParseResult;
using syntax::TokenId;
using syntax::Tree;

[[noreturn]] void fail(const char* law, std::size_t number, const std::string& a, const std::string& b = {}) {
  std::printf("case %zu breaks a law: %s\n---- text ----\n%s\n", number, law, a.c_str());
  if (!b.empty()) std::printf("---- and ----\n%s\n", b.c_str());
  std::exit(1);
}

ParseResult parse(const std::string& text) {
  base::DiagnosticList diagnostics;
  return syntax::parse(base::SourceId{0}, text, diagnostics);
}

bool is_lossless(const Tree& tree, const std::string& text) {
  std::uint32_t at = 0;
  for (const Tree::Token& token : tree.tokens()) {
    if (token.begin != at || token.end <= token.begin) return false;
    at = token.end;
  }
  return at == text.size();
}

bool is_well_formed(const Tree& tree) {
  for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
    const NodeId n{i};
    const Tree::Node& node = tree.node(n);
    if (node.end_token > tree.num_tokens() || node.first_token > node.end_token) return false;
    if (node.first_token == node.end_token && n != tree.root()) return false;
    std::uint32_t at = node.first_token;
    for (const NodeId c : tree.children(n)) {
      if (tree.parent(c) != n || static_cast<std::uint32_t>(c) >= i) return false;
      if (tree.node(c).first_token < at || tree.node(c).end_token > node.end_token) return false;
      at = tree.node(c).end_token;
    }
  }
  return true;
}

// The tokens of the valid sources, to put into others.
std::vector<std::string> words_of(const std::vector<std::string>& declarations) {
  std::vector<std::string> out = {"(",    ")",      "[",    "]",        "{",     "}",    "\n", "==",  "&&",
                                  "\"",   "“",      "≥",    "۱۲",       "#",     ";",    ",",  "not", "if",
                                  "then", "\u202e", "\xff", "2026-1-1", "5,000", "true", "."};
  for (const std::string& declaration : declarations) {
    const ParseResult result = parse(declaration);
    for (const Tree::Token& token : result.tree.tokens())
      out.push_back(declaration.substr(token.begin, token.end - token.begin));
  }
  return out;
}

std::string mutate(std::string text, const std::vector<std::string>& words, Random& random) {
  const std::size_t num_changes = 1 + random.below(4);
  for (std::size_t i = 0; i < num_changes && !text.empty(); ++i) {
    const std::size_t at = random.below(text.size());
    switch (random.below(8)) {
      case 0: text[at] = static_cast<char>(random.below(256)); break;
      case 1: text.erase(at, 1 + random.below(6)); break;
      case 2: text.insert(at, text.substr(random.below(text.size()), random.below(30))); break;
      case 3: text.insert(at, words[random.below(words.size())]); break;
      case 4: text.insert(at, " " + words[random.below(words.size())] + " "); break;
      case 5: text.resize(at); break;
      default: {  // a whole token: gone, twice, or another
        const ParseResult result = parse(text);
        if (result.tree.num_tokens() == 0) break;
        const auto t = TokenId{static_cast<std::uint32_t>(random.below(result.tree.num_tokens()))};
        const base::Span span = result.tree.span(t);
        const std::string token = text.substr(span.begin, span.length());
        const std::string other = random.one_in(3)   ? ""
                                  : random.one_in(2) ? token + " " + token
                                                     : words[random.below(words.size())];
        text.replace(span.begin, span.length(), other);
      }
    }
  }
  return text;
}

void check_any_text(const std::string& text, std::size_t number) {
  const ParseResult result = parse(text);
  if (!is_lossless(result.tree, text)) fail("the tokens are the text", number, text);
  if (!is_well_formed(result.tree)) fail("children lie in their parents, in order", number, text);
  const auto formatted = syntax::format(result.tree);
  if (!result.has_errors && !formatted) fail("a source without errors can be formatted", number, text);
  if (!formatted) return;
  const ParseResult again = parse(*formatted);
  if (syntax::format(again.tree) != formatted) fail("formatting twice changes nothing", number, text, *formatted);
}

void check_respaced(const std::string& source, Random& random, std::size_t number) {
  const ParseResult plain = parse(source);
  const std::string text = add_comments(plain.tree, random);
  const ParseResult result = parse(text);
  if (result.has_errors) fail("comments behind items and between them change nothing", number, text);
  const auto expected = syntax::format(result.tree);
  if (!expected) fail("a source without errors can be formatted", number, text);
  for (int i = 0; i < 2; ++i) {
    const std::string variant = respace(result.tree, random);
    const ParseResult other = parse(variant);
    if (other.has_errors) fail("a re-spaced source can be read", number, text, variant);
    if (!same_tree(result.tree, other.tree)) fail("re-spacing keeps the tree", number, text, variant);
    const auto formatted = syntax::format(other.tree);
    if (formatted != expected) {
      std::printf("---- expected ----\n%s---- got ----\n%s", expected->c_str(),
                  formatted ? formatted->c_str() : "nothing\n");
      fail("re-spaced sources format to the same bytes", number, text, variant);
    }
  }
  const ParseResult again = parse(*expected);
  if (syntax::format(again.tree) != expected) fail("formatting twice changes nothing", number, text, *expected);
}

int run(std::size_t num_cases, std::uint64_t seed) {
  const std::vector<std::string> declarations = read_declarations(SEG_SOURCE_DIR);
  const std::vector<std::string> words = words_of(declarations);
  std::printf("%zu declarations, %zu cases, seed %llu\n", declarations.size(), num_cases,
              static_cast<unsigned long long>(seed));
  for (std::size_t i = 0; i < num_cases; ++i) {
    Random random(seed * 1'000'003 + i);
    const std::string source = make_source(declarations, random);
    if (i % 2 == 0) {
      check_any_text(mutate(source, words, random), i);
    } else {
      check_respaced(source, random, i);
    }
  }
  std::printf("every law held\n");
  return 0;
}

}  // namespace
}  // namespace seg::fuzz

int main(int argc, char** argv) {
  std::size_t num_cases = 2000;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--cases") == 0) num_cases = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  return seg::fuzz::run(num_cases, seed);
}
