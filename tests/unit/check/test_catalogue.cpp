// The standard library's functions: each declaration agrees with the table of natives, each example holds, and the
// reference page is what they say. SEG_UPDATE=1 writes the page.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "compiler/check/catalogue_examples.h"
#include "compiler/check/expression.h"
#include "reference/interpreter.h"
#include "runtime/vector/column.h"

namespace {

using namespace seg;

struct Native {
  std::string name;
  bool is_strict;
};

std::vector<Native> natives() {
  constexpr bool strict = true;
  constexpr bool special = false;
  return {
#define SEG_FN(name, arity, missing, doc) {#name, missing},
#include "program/functions.def"
#undef SEG_FN
  };
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("functions of the standard library: declared as the natives are") {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  const auto functions = check::declared_functions(sources, diagnostics);
  CHECK(diagnostics.empty());
  CHECK(functions.size() > 20);
  std::set<std::string> documented;
  for (const check::DeclaredFunction& function : functions) {
    CAPTURE(function.name);
    if (function.has_doc) documented.insert(function.name);
    CHECK(documented.contains(function.name));  // the first of its overloads says what it is for
    if (function.native.empty()) continue;
    std::string words = function.native;
    const bool is_aggregate = words == "streak" || check::find_aggregate(words).has_value();
    const auto all = natives();
    const auto native =
        std::find_if(all.begin(), all.end(), [&](const Native& n) { return n.name == function.native; });
    CHECK((native != all.end() || is_aggregate));
    if (is_aggregate) continue;
    CHECK(function.has_example);
    if (native != all.end()) CHECK(function.missing_when_any == native->is_strict);
  }
}

TEST_CASE("functions of the standard library: every example holds") {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  const check::FunctionExamples examples = check::check_function_examples(sources, diagnostics);
  for (const base::Diagnostic& item : diagnostics.items()) FAIL_CHECK(item.message);
  CHECK(examples.examples.size() > 25);
  const vector::Dataset dataset;
  base::Binding binding;
  binding.as_of.day = 20634;  // 2026-06-30
  reference::Interpreter interpreter(examples.program, dataset, binding);
  for (const check::FunctionExample& example : examples.examples) {
    CAPTURE(example.text);
    REQUIRE(example.condition != base::kNone);
    CHECK(interpreter.evaluate(example.condition, 0) == base::Value::of(true));
  }
}

TEST_CASE("docs/reference/functions.md is what the declarations say") {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  const std::string page = check::functions_page(sources, diagnostics);
  const std::string path = std::string(SEG_SOURCE_DIR) + "/docs/reference/functions.md";
  if (std::getenv("SEG_UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << page;
  CHECK(read(path) == page);
}
