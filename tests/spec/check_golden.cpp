// Golden tests of the checker: each tests/spec/check/**/*.seg is checked and what a person would read is compared with
// the .expected beside it. In: check_golden [--update] FOLDER [part of a case's path]. Out: the differences; exit
// code 1.
//
// A case is a rule file that stands alone; lines that begin with `#--` say more about it:
//   #-- file shared/regions.seg    the lines from here on are another file, for `use` and lists
//   #-- schema | rules NAME        … are a further file of the project
//   #-- no shop                    without the common schema, tests/spec/check/shop.schema.seg
//   #-- currency CHF | set NAME=VALUE | zone NAME | lint NAME=error|warning|off
//   #-- program                    the typed program is printed after the diagnostics
#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "base/render_human.h"
#include "compiler/check/check.h"
#include "compiler/check/context.h"
#include "compiler/syntax/parse.h"
#include "program/program.h"

namespace {

using namespace seg;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Part {
  std::string path;
  std::string text;
  bool is_schema = false;
};

struct Case {
  std::vector<Part> project;
  std::map<std::string, std::string> files;
  check::Settings settings{.currency = "EUR"};
  std::vector<std::pair<std::string, std::string>> lints;
  bool has_shop = true;
  bool shows_program = false;
};

Case read_case(const fs::path& path) {
  Case result;
  result.project.push_back({.path = path.filename().string()});
  std::string* current = &result.project[0].text;
  std::istringstream lines(read(path));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#--")) {
      *current += line + "\n";
      continue;
    }
    std::istringstream words(line.substr(3));
    std::string what;
    words >> what;
    std::string rest;
    std::getline(words >> std::ws, rest);
    const auto pair = [&] { return std::pair(rest.substr(0, rest.find('=')), rest.substr(rest.find('=') + 1)); };
    if (what == "file") {
      current = &result.files[rest];
    } else if (what == "schema" || what == "rules") {
      result.project.push_back({.path = rest, .is_schema = what == "schema"});
      current = &result.project.back().text;
    } else if (what == "no") {
      result.has_shop = false;
    } else if (what == "currency") {
      result.settings.currency = rest == "none" ? "" : rest;
    } else if (what == "set") {
      result.settings.params.push_back({.name = pair().first, .text = pair().second, .origin = "--set " + rest});
    } else if (what == "zone") {
      result.settings.time_zone = rest;
    } else if (what == "lint") {
      result.lints.push_back(pair());
    } else if (what == "program") {
      result.shows_program = true;
    } else {
      std::fprintf(stderr, "%s: unknown line %s\n", path.c_str(), line.c_str());
      std::exit(2);
    }
  }
  return result;
}

// The tables that the case adds to the shop's, and the rows of its tests.
std::string print_tables(const program::Program& program, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < program.schema.tables.size(); ++i) {
    const base::Table& table = program.schema.tables[i];
    text += table.name + ":";
    for (base::ColumnId c = 0; c < table.columns.size(); ++c) {
      const base::Column& column = table.columns[c];
      text += (c == 0 ? " " : ", ") + column.name + " is " + check::type_phrase(program.schema, column.type);
      if (c == table.owner) text += " owner";
      if (c == table.time) text += " time";
      if (c == table.zone) text += " zone";
      if (std::find(table.key.begin(), table.key.end(), c) != table.key.end()) text += " key";
      if (column.required) text += " required";
      if (column.type.folded) text += " folded";
      if (column.type.ranked) text += " ranked";
      if (column.privacy != base::Privacy::kPlain) {
        text += column.privacy == base::Privacy::kPersonal ? " personal" : " sensitive";
      }
      if (!column.label.empty()) text += " label " + column.label;
      if (column.currency_column != base::kNone) text += " by " + table.columns[column.currency_column].name;
    }
    for (const base::UnionPart& part : table.parts) {
      text += "; part " + program.schema.tables[part.table].name;
      if (part.filter != base::kNone) text += " where %" + std::to_string(part.filter);
    }
    if (table.group) {
      text += "; of " + program.schema.tables[table.group->base].name;
      if (table.group->filter != base::kNone) text += " where %" + std::to_string(table.group->filter);
      for (const std::uint32_t computed : table.group->computed) text += " %" + std::to_string(computed);
    }
    text += "\n";
  }
  return text;
}

std::string print_value(const base::Value& value) {
  if (const auto* v = std::get_if<bool>(&value.data)) return *v ? "yes" : "no";
  if (const auto* v = std::get_if<std::int64_t>(&value.data)) return std::to_string(*v);
  if (const auto* v = std::get_if<double>(&value.data)) return std::to_string(*v);
  if (const auto* v = std::get_if<std::string>(&value.data)) return '"' + *v + '"';
  if (const auto* v = std::get_if<base::Value::List>(&value.data)) {
    std::string text = "[";
    for (const base::Value& element : *v) text += (text.size() > 1 ? ", " : "") + print_value(element);
    return text + "]";
  }
  return "missing";
}

std::string print_tests(const program::Program& program) {
  std::string text;
  for (const program::TestCase& test : program.tests) {
    text += "test " + test.name + " as of " +
            (test.as_of.is_instant ? "instant " + std::to_string(test.as_of.instant)
                                   : "day " + std::to_string(test.as_of.day)) +
            "\n";
    for (std::size_t i = 0; i < test.rows.size(); ++i) {
      const program::TestRow& row = test.rows[i];
      const base::Table& table = program.schema.tables[row.table];
      text += "  " + std::to_string(i) + " " + table.name + (row.name.empty() ? "" : " " + row.name) + ":";
      for (const auto& [column, value] : row.values) {
        text += " " + table.columns[column].name + "=" + print_value(value);
      }
      text += "\n";
    }
    for (const program::Expectation& expectation : test.expectations) {
      text += "  expect of " + std::to_string(expectation.row) + " %" + std::to_string(expectation.condition) + "\n";
    }
  }
  return text;
}

std::string run(const fs::path& path, const std::string& shop) {
  const Case what = read_case(path);
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  for (const auto& [name, level] : what.lints) {
    const auto code = base::find_code(name);
    if (!code) std::exit(2);
    diagnostics.set_severity(*code, level == "off"     ? std::optional<base::Severity>()
                                    : level == "error" ? base::Severity::error
                                                       : base::Severity::warning);
  }
  std::deque<syntax::Tree> trees;
  check::CheckInput input{.settings = what.settings};
  const auto add = [&](const std::string& file, const std::string& text, bool is_schema) {
    const base::SourceId source = sources.add(file, text);
    syntax::ParseResult parsed = syntax::parse(source, sources.text(source), diagnostics);
    trees.push_back(std::move(parsed.tree));
    (is_schema ? input.schema : input.rules)
        .push_back({.source = source, .tree = &trees.back(), .has_errors = parsed.has_errors});
  };
  if (what.has_shop) add("shop.schema.seg", shop, true);
  for (const Part& part : what.project) add(part.path, part.text, part.is_schema);
  input.load = [&](const std::string& file) -> base::Result<std::string> {
    const auto it = what.files.find(file);
    if (it == what.files.end()) return base::Status(base::Code::file_not_found, {file});
    return it->second;
  };
  const check::CheckResult result = check::check(input, sources, diagnostics);
  std::string text = base::render_human(diagnostics, sources);
  if (text.empty()) text = "fine\n";
  if (what.shows_program) {
    const std::size_t num_shop_tables = what.has_shop ? 8 : 0;
    text += "\n" + print_tables(result.program, num_shop_tables) + program::print(result.program) +
            print_tests(result.program);
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  bool updates = false;
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--update") {
      updates = true;
    } else {
      arguments.emplace_back(argv[i]);
    }
  }
  if (arguments.empty()) return 2;
  const fs::path folder = arguments[0];
  const std::string shop = read(folder / "shop.schema.seg");
  std::vector<fs::path> cases;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().string();
    if (!name.ends_with(".seg") || name.ends_with(".schema.seg")) continue;
    if (arguments.size() > 1 && name.find(arguments[1]) == std::string::npos) continue;
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  int num_different = 0;
  for (const fs::path& path : cases) {
    fs::path expected = path;
    expected.replace_extension(".expected");
    const std::string seen = run(path, shop);
    if (updates) {
      std::ofstream(expected, std::ios::binary) << seen;
    } else if (const std::string wanted = fs::exists(expected) ? read(expected) : std::string(); wanted != seen) {
      ++num_different;
      std::printf("--- %s\n%s+++ seen\n%s\n", expected.c_str(), wanted.c_str(), seen.c_str());
    }
  }
  std::printf("%zu cases, %d different\n", cases.size(), num_different);
  return num_different == 0 ? 0 : 1;
}
