// Mutated rule files never crash the checker: mutate_rules FOLDER COUNT [SEED]. In: every .seg below FOLDER. Each round
// puts a project of them together, cuts, doubles and swaps pieces of its texts, and parses and checks it. A broken
// invariant or a sanitizer's finding ends the process, which says the seed of the round.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "base/render_human.h"
#include "compiler/check/check.h"
#include "compiler/syntax/parse.h"

namespace {

using namespace seg;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Words, numbers and signs with the blanks behind them: what a slip of the hand moves.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (is_word(text[i])) {
      while (end < text.size() && is_word(text[end])) ++end;
    }
    while (end < text.size() && (text[end] == ' ' || text[end] == '\n')) ++end;
    pieces.push_back(text.substr(i, end - i));
    i = end;
  }
  return pieces;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }

  std::string mutate(const std::string& text, const std::vector<std::string>& words) {
    std::vector<std::string> pieces = pieces_of(text);
    for (std::size_t i = 0, n = below(4); i < n && !pieces.empty(); ++i) {
      const std::size_t at = below(pieces.size());
      const auto place = pieces.begin() + static_cast<std::ptrdiff_t>(at);
      switch (below(5)) {
        case 0: pieces.erase(place); break;
        case 1: pieces.insert(place, pieces[at]); break;
        case 2: std::swap(pieces[at], pieces[below(pieces.size())]); break;
        case 3: pieces[at] = words[below(words.size())]; break;
        default: pieces.insert(place, words[below(words.size())]); break;
      }
    }
    std::string result;
    for (const std::string& piece : pieces) result += piece;
    return result;
  }

 private:
  std::mt19937_64 random_;
};

std::uint64_t last_seed = 0;

// What to repeat: `mutate_rules FOLDER 1 SEED`.
void say_seed(int signal) {
  std::fprintf(stderr, "died of signal %d in the round with seed %llu\n", signal,
               static_cast<unsigned long long>(last_seed));
  std::_Exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::signal(SIGABRT, say_seed);
  std::signal(SIGSEGV, say_seed);
  std::vector<std::string> texts;
  std::vector<std::string> names;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (entry.path().extension() == ".seg") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::string schema;
  std::vector<std::string> words;
  for (const auto& path : paths) {
    const std::string text = read(path);
    if (path.string().ends_with("schema.seg")) {
      schema += text;
    } else {
      texts.push_back(text);
      names.push_back(path.string());
    }
    for (std::string& piece : pieces_of(text)) words.push_back(std::move(piece));
  }
  if (texts.empty()) return 2;
  const auto count = std::strtoull(argv[2], nullptr, 10);
  const auto first = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  std::size_t num_right = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    last_seed = seed;
    Mutator mutator(seed);
    base::SourceSet sources;
    base::DiagnosticList diagnostics;
    std::deque<syntax::Tree> trees;
    check::CheckInput input;
    input.settings.currency = "USD";
    input.load = [](const std::string& path) -> base::Result<std::string> {
      if (!std::filesystem::exists(path)) return base::Status(base::Code::file_not_found, {path});
      return read(path);
    };
    const auto add = [&](const std::string& name, const std::string& text) {
      const base::SourceId source = sources.add(name, text);
      syntax::ParseResult parsed = syntax::parse(source, sources.text(source), diagnostics);
      trees.push_back(std::move(parsed.tree));
      input.rules.push_back({.source = source, .tree = &trees.back(), .has_errors = parsed.has_errors});
    };
    add("schema.seg", mutator.below(4) == 0 ? mutator.mutate(schema, words) : schema);
    // The whole project with one file mutated (little is wrong), or some files of it (much is).
    const bool is_whole = mutator.below(2) == 0;
    const std::size_t changed = mutator.below(texts.size());
    for (std::size_t i = 0, n = is_whole ? texts.size() : 1 + mutator.below(3); i < n; ++i) {
      const std::size_t which = is_whole ? i : mutator.below(texts.size());
      const std::string& text = texts[which];
      const std::string mutated = !is_whole || i == changed ? mutator.mutate(text, words) : text;
      if (argc > 3 && count == 1) std::printf("%s\n", mutated.c_str());
      add(names[which], mutated);
    }
    num_right += check::check(input, sources, diagnostics).ok ? 1 : 0;
    if (argc > 3 && count == 1) std::printf("%s", base::render_human(diagnostics, sources).c_str());
  }
  std::printf("%llu mutated projects, %zu of them right\n", static_cast<unsigned long long>(count), num_right);
  return 0;
}
