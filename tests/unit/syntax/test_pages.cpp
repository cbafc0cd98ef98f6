// The pages of the syntax diagnostics: what a page calls wrong is reported with its code, what it calls right is read.
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

struct Snippet {
  bool is_right;
  std::string text;
};

void replace_first(std::string& text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  if (at != text.npos) text.replace(at, what.size(), by);
}

std::vector<Snippet> snippets_of(const std::string& page) {
  std::vector<Snippet> out;
  for (std::size_t at = 0; (at = page.find("```seg ", at)) != page.npos;) {
    const std::size_t line_end = page.find('\n', at);
    const std::size_t close = page.find("\n```", line_end);
    std::string text = page.substr(line_end + 1, close - line_end);
    // What a page can't show as it is.
    replace_first(text, "<U+202E>", "\u202e");
    std::string many;
    for (int i = 0; i < 300; ++i) many += "not ";
    replace_first(text, "…", many + "a");
    out.push_back({page.substr(at + 7, line_end - at - 7) == "right", text});
    at = close + 4;
  }
  return out;
}

// A page shows as little as it can: a file, lines of a segment, a condition, a value, lines of a test or of a subject.
std::vector<std::string> readings_of(const std::string& text) {
  return {text,
          "segment s {\n" + text + "}\n",
          "segment s {\nwhen all of {\n" + text + "}\n}\n",
          "metric m = " + text,
          "subject s {\n" + text + "}\n",
          "partition p {\n" + text + "}\n",
          "test \"t\" as of 2026-06-30 {\n" + text + "}\n"};
}

TEST_CASE("the pages of the syntax diagnostics tell the truth") {
  int num_snippets = 0;
  for (const base::CodeInfo& info : base::all_codes()) {
    if (static_cast<int>(info.code) >= 1100 || info.code == base::Code::and_beside_or) continue;  // the checker's
    const std::string page = read_repository_file("docs/reference/diagnostics/" + std::string(info.id) + ".md");
    REQUIRE_MESSAGE(!page.empty(), info.id);
    for (const Snippet& snippet : snippets_of(page)) {
      ++num_snippets;
      bool holds = false;
      for (const std::string& reading : readings_of(snippet.text)) {
        const std::string codes = codes_of(reading);
        holds = holds || (snippet.is_right ? codes.empty() : codes.find(info.id) != codes.npos);
      }
      CHECK_MESSAGE(holds, info.id << (snippet.is_right ? " right: " : " wrong: ") << snippet.text);
    }
  }
  CHECK(num_snippets >= 30);
}

}  // namespace
}  // namespace seg::syntax
