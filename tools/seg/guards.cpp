#include "tools/seg/guards.h"

#include <cstdio>
#include <map>

#include "base/diagnostic_code.h"
#include "tools/seg/plural.h"
#include "tools/seg/run_table.h"

namespace seg::tool {
namespace {

bool is_within(const program::Guard& guard, std::uint64_t found, std::uint64_t num_rows) {
  if (guard.is_share && num_rows == 0) return false;  // there is no share of nobody
  const double value =
      guard.is_share ? static_cast<double>(found) / static_cast<double>(num_rows) : static_cast<double>(found);
  const bool is_low = guard.above_least ? value <= guard.least : value < guard.least;
  const bool is_high = guard.below_most ? value >= guard.most : value > guard.most;
  return !is_low && !is_high;
}

// "expect size > 3" on one line, without its first word.
std::string expectation_text(std::string_view source) {
  std::string text;
  for (const char c : source) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) text += c;
    if (is_blank && !text.empty() && text.back() != ' ') text += ' ';
  }
  constexpr std::string_view kWord = "expect ";
  return text.starts_with(kWord) ? text.substr(kWord.size()) : text;
}

std::string found_text(const program::Program& program, const GuardFinding& finding) {
  const std::string& subject = program.schema.tables[program.outputs[finding.output].frame].name;
  if (finding.num_rows == 0) return "there is no " + subject + " at all";
  char share[32];
  std::snprintf(share, sizeof share, "%.4g%%",
                100.0 * static_cast<double>(finding.found) / static_cast<double>(finding.num_rows));
  return base::format_count(static_cast<std::int64_t>(finding.found)) + " of " +
         base::format_count(static_cast<std::int64_t>(finding.num_rows)) + " " +
         (finding.num_rows == 1 ? subject : plural_of(subject)) + ", " + share;
}

}  // namespace

std::vector<GuardFinding> check_guards(const program::Program& program, const exec::Results& results,
                                       const base::SourceSet& sources) {
  std::vector<GuardFinding> findings;
  for (const program::OutputId o : outputs_as_written(program)) {
    const program::Output& output = program.outputs[o];
    const exec::OutputResult& result = results.outputs[o];
    if (!result.is_wanted) continue;
    for (const program::Guard& guard : output.guards) {
      GuardFinding finding{.output = o, .name = output.name, .expect = {}, .span = guard.span};
      finding.expect = expectation_text(sources.text(guard.span));
      finding.num_rows = result.num_rows;
      finding.found = result.num_members;
      if (guard.tier != base::kNone) {
        const program::Tier& tier = output.tiers[guard.tier];
        finding.name += "." + tier.name;
        finding.found = tier.choice < result.tier_counts.size() ? result.tier_counts[tier.choice] : 0;
      }
      finding.holds = is_within(guard, finding.found, finding.num_rows);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

void report_guards(const program::Program& program, const std::vector<GuardFinding>& findings, bool is_written,
                   base::DiagnosticList& diagnostics) {
  constexpr std::size_t kShown = 5;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<const GuardFinding*>> by_place;
  std::vector<const GuardFinding*> first;
  for (const GuardFinding& finding : findings) {
    if (finding.holds) continue;
    auto& same = by_place[{static_cast<std::uint32_t>(finding.span.source), finding.span.begin}];
    if (same.empty()) first.push_back(&finding);
    same.push_back(&finding);
  }
  for (const GuardFinding* finding : first) {
    const auto& same = by_place[{static_cast<std::uint32_t>(finding->span.source), finding->span.begin}];
    auto report = diagnostics.report(base::Code::guard_failed, finding->span, {finding->name});
    report.label(finding->span, "this does not hold");
    for (std::size_t i = 0; i < same.size() && i < kShown; ++i) {
      report.note((same.size() == 1 ? "found: " : "`" + same[i]->name + "`: ") + found_text(program, *same[i]));
    }
    if (same.size() > kShown) report.note("and " + std::to_string(same.size() - kShown) + " more");
    if (finding == first.back() && !is_written) {
      report.help("Nothing was written. If the results are right all the same: `--no-guards`.");
    }
  }
}

}  // namespace seg::tool
