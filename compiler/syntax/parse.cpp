#include "compiler/syntax/parse.h"

#include <algorithm>
#include <cstdio>

#include "base/text_file.h"
#include "compiler/syntax/build_tree.h"
#include "compiler/syntax/report.h"
#include "compiler/syntax/run_grammar.h"

namespace seg::syntax {
namespace {

using base::Code;

// Operators in a row nest without brackets: `1 + 1 + 1 …`. What walks the tree may recurse this deep.
constexpr std::uint32_t kMaxHeight = 2000;

const grammar::NodeRecord* find_too_high(const grammar::Reading& reading) {
  std::vector<std::uint32_t> heights(reading.nodes.size());
  for (std::size_t n = 0; n < reading.nodes.size(); ++n) {
    std::uint32_t height = 1;
    for (std::size_t left = reading.nodes[n].num_nodes - 1, c = n; left > 0;) {
      c = n - 1 - (reading.nodes[n].num_nodes - 1 - left);
      height = std::max(height, heights[c] + 1);
      left -= reading.nodes[c].num_nodes;
    }
    heights[n] = height;
    if (height > kMaxHeight) return &reading.nodes[n];
  }
  return nullptr;
}

}  // namespace

ParseResult parse(base::SourceId source, std::string_view text, base::DiagnosticList& diagnostics) {
  const std::size_t num_errors_before = diagnostics.num_errors();
  if (text.size() > kMaxFileSize) {
    diagnostics.report(Code::file_too_large, {source, 0, 0}, {"this text", text.size(), kMaxFileSize})
        .help(
            "cut it into several files; long lists of values go into a CSV file: `list NAME from \"file.csv\" column "
            "x`");
    return {build_error_tree(source, {}), true, 0};
  }
  if (const auto bad = base::find_invalid_utf8(text)) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%02X", static_cast<unsigned>(static_cast<unsigned char>(text[*bad])));
    const auto at = static_cast<std::uint32_t>(*bad);
    diagnostics.report(Code::not_utf8, {source, at, at + 1}, {hex}).help("save the file as UTF-8");
    return {build_error_tree(source, text), true, 0};
  }
  grammar::Reading reading(text, kMaxDepth);
  // First without noting what could stand where: that is needed only for messages.
  if (!run_grammar(reading)) {
    reading.start_recovering();
    run_grammar(reading);
  }
  if (const grammar::NodeRecord* node = find_too_high(reading)) {
    const auto at = static_cast<std::uint32_t>(reading.tokens[node->first_token].begin - text.data());
    diagnostics.report(Code::nested_too_deep, {source, at, at + 1}, {kMaxHeight});
    return {build_error_tree(source, text), true, reading.num_rule_attempts};
  }
  Tree tree = build_tree(source, reading);
  report_failures(reading, source, kMaxDepth, diagnostics);
  report_mistakes(reading, source, diagnostics);
  report_characters(tree, diagnostics);
  report_tree(tree, diagnostics);
  return {std::move(tree), diagnostics.num_errors() != num_errors_before, reading.num_rule_attempts};
}

}  // namespace seg::syntax
