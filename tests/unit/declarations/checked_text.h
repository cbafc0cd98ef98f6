// A rule text checked for the unit tests: its program and its diagnostics as "S2101 S3001".
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/source.h"
#include "compiler/check/check.h"
#include "compiler/syntax/parse.h"

namespace seg::check {

struct CheckedText {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  std::deque<syntax::Tree> trees;
  CheckInput input;
  CheckResult result;

  std::string codes() const {
    std::string text;
    for (const base::Diagnostic& item : diagnostics.items()) {
      if (item.severity != base::Severity::error) continue;
      text += (text.empty() ? "" : " ") + std::string(base::info(item.code).id);
    }
    return text;
  }
  const program::Output* output(std::string_view name) const {
    for (const program::Output& output : result.program.outputs) {
      if (output.name == name) return &output;
    }
    return nullptr;
  }
};

inline constexpr std::string_view kShop = R"(
subject customer { key id: integer, city: text, country: text required, born: date, income: money }
event purchase of customer { at: time, amount: money, channel: choice of [web, shop] }
event visit of customer { at: time, minutes: number, channel: choice of [web, shop] }
)";

inline void check_text(CheckedText& checked, std::string_view rules,
                       const std::map<std::string, std::string>& files = {},
                       const std::vector<Settings::ParamValue>& params = {}) {
  const auto parsed = [&](const std::string& path, std::string_view text) {
    const base::SourceId source = checked.sources.add(path, std::string(text));
    syntax::ParseResult result = syntax::parse(source, checked.sources.text(source), checked.diagnostics);
    checked.trees.push_back(std::move(result.tree));
    return ParsedFile{.source = source, .tree = &checked.trees.back(), .has_errors = result.has_errors};
  };
  checked.input.schema = {parsed("schema.seg", kShop)};
  checked.input.rules = {parsed("rules/main.seg", rules)};
  checked.input.settings.currency = "EUR";
  checked.input.settings.params = params;
  checked.input.load = [&files](const std::string& path) -> base::Result<std::string> {
    const auto it = files.find(path);
    if (it == files.end()) return base::Status(base::Code::file_not_found, {path});
    return it->second;
  };
  checked.result = check(checked.input, checked.sources, checked.diagnostics);
}

}  // namespace seg::check
