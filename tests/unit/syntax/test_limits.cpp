// The grammar itself: no cycles, bounded work per byte, bounded depth.
#ifdef __SANITIZE_ADDRESS__
#include <pthread.h>
#endif

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze.hpp>

#include "grammar/file.hpp"
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

TEST_CASE("the grammar has no cycle without progress") { CHECK(tao::pegtl::analyze<grammar::file>() == 0); }

// Every construct that has brackets or recurses without: what comes before and behind the inner one.
struct Nesting {
  const char* name;
  const char* open;
  const char* close;
};
constexpr Nesting kNestings[] = {
    {"brackets", "(", ")"},
    {"list", "[", "]"},
    {"call", "f(", ")"},
    {"call with two arguments", "f(a, ", ")"},
    {"call with where", "count(a where ", ")"},
    {"call with sequence", "count(a then (", "))"},
    {"share", "share(a where b out of a where ", ")"},
    {"lookup", "a[", "]"},
    {"all of", "all of { ", " }"},
    {"any of after and", "a and any of { ", " }"},
    {"at least of", "at least 2 of { a, ", " }"},
    {"did in brackets", "did (a where ", ")"},
    {"any in brackets", "any (a where ", ")"},
    {"no in brackets", "no (a where ", ")"},
    {"first in brackets", "first (a where ", ") within last 3 days"},
    {"days since in brackets", "days since last (a where ", ")"},
    {"time from in brackets", "time from (a where ", ") to b"},
    {"regularity", "in each of last 3 months (", ")"},
    {"per in brackets", "f(x) per (", ")"},
    {"across", "median(x where ", " across everyone)"},
    {"in list", "a in [", "]"},
    {"contains", "a contains any of [", "]"},
    {"at least of as comparison", "a at least (", ")"},
    {"not", "not ", ""},
    {"minus", "- ", ""},
    {"if in condition", "if ", " then b else c"},
    {"if in else", "if a then b else ", ""},
    {"any without brackets", "any a where ", ""},
    {"did without brackets", "did a where ", ""},
    {"days since date", "days since (", ")"},
    {"part of", "month of (", ")"},
    {"not in brackets", "not (", ")"},
};

// Address sanitizer makes frames ten times as large: there, and only there, deep texts are read on a larger stack.
template <class Function>
void with_room(Function function) {
#ifdef __SANITIZE_ADDRESS__
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64u << 20);
  pthread_t thread;
  REQUIRE(pthread_create(
              &thread, &attributes,
              [](void* argument) -> void* {
                (*static_cast<Function*>(argument))();
                return nullptr;
              },
              &function) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
#else
  function();
#endif
}

std::string nested(const Nesting& nesting, int depth, const std::string& core) {
  std::string text = "metric m = ";
  for (int i = 0; i < depth; ++i) text += nesting.open;
  text += core;
  for (int i = 0; i < depth; ++i) text += nesting.close;
  return text;
}

double attempts_per_byte(const std::string& text) {
  base::DiagnosticList diagnostics;
  return static_cast<double>(parse_text(text, diagnostics).num_rule_attempts) / static_cast<double>(text.size());
}

TEST_CASE("rule attempts per byte stay bounded, 16 deep") {
  for (const Nesting& nesting : kNestings) {
    const std::string text = nested(nesting, 16, "a");
    CHECK_MESSAGE(codes_of(text) == "", text);
    const double attempts = attempts_per_byte(text);
    CHECK_MESSAGE(attempts <= 100, nesting.name << ": " << attempts);
    // Twice as deep is no more work per byte.
    CHECK_MESSAGE(attempts_per_byte(nested(nesting, 32, "a")) < attempts * 1.3 + 1, nesting.name);
  }
}

TEST_CASE("a mistake in the innermost costs no more") {
  for (const Nesting& nesting : kNestings) {
    const std::string text = nested(nesting, 16, "a @");
    CHECK_MESSAGE(codes_of(text) != "", text);
    const double attempts = attempts_per_byte(text);
    CHECK_MESSAGE(attempts <= 200, nesting.name << ": " << attempts);  // read twice
  }
}

TEST_CASE("nesting beyond the limit is a diagnostic") {
  for (const Nesting& nesting : kNestings) {
    std::string codes;
    with_room([&] { codes = codes_of(nested(nesting, 90, "a")); });
    CHECK_MESSAGE(codes == "", nesting.name);
    with_room([&] { codes = codes_of(nested(nesting, 10'000, "a")); });
    CHECK_MESSAGE(codes.substr(0, 5) == "S1004", nesting.name << ": " << codes);
  }
}

TEST_CASE("after a nesting too deep the next declaration is read") {
  const std::string text = nested(kNestings[0], 10'000, "1") + "\nmetric b = 1\n";
  base::DiagnosticList diagnostics;
  const ParseResult result = parse_text(text, diagnostics);
  CHECK(diagnostics.items().size() == 1);
  REQUIRE(result.tree.num_children(result.tree.root()) == 2);
  CHECK(result.tree.is(result.tree.child(result.tree.root(), std::size_t{1}), NodeKind::kMetric));
}

TEST_CASE("long rows of operators are read, very long ones refused") {
  const auto row = [](int length) {
    std::string text = "metric m = 1";
    for (int i = 0; i < length; ++i) text += " + 1";
    return text;
  };
  CHECK(codes_of(row(1'000)) == "");
  CHECK(codes_of(row(100'000)) == "S1004");
  std::string conditions = "metric m = a";
  for (int i = 0; i < 100'000; ++i) conditions += " and a";
  CHECK(codes_of(conditions) == "");  // one node
}

TEST_CASE("types nest to a limit, too") {
  const auto type = [](int depth) {
    std::string text = "entity e { a: ";
    for (int i = 0; i < depth; ++i) text += "list of ";
    return text + "text }";
  };
  std::string codes;
  with_room([&] { codes = codes_of(type(100)); });
  CHECK(codes == "");
  with_room([&] { codes = codes_of(type(1'000)); });
  CHECK(codes == "S1004");
}

TEST_CASE("a file that is too large is refused at once") {
  const std::string text(kMaxFileSize + 1, '#');
  CHECK(codes_of(text) == "S0004");
  CHECK(codes_of(text.substr(1)) == "");
}

TEST_CASE("brackets that never close cost no more than linear work") {
  for (const char* open : {"(", "[", "f(", "all of {", "any (a where ", "f(x) per ("}) {
    std::string text = "metric m = ";
    for (int i = 0; i < 150; ++i) text += open;
    CHECK_MESSAGE(attempts_per_byte(text) < 300, open);
  }
}

}  // namespace
}  // namespace seg::syntax
