#include "compiler/analyze/report_conditions.h"

#include <algorithm>
#include <set>

#include "compiler/analyze/implication.h"
#include "compiler/analyze/tiers.h"

namespace seg::analyze {
namespace {

using program::Program;

// The innermost clause that alone makes the condition what it is.
template <class Is>
base::Span place_of(const Program& program, std::uint32_t clause_id, Is is) {
  const program::Clause& clause = program.clauses[clause_id];
  for (const std::uint32_t child : clause.children) {
    if (program.clauses[child].expr != base::kNone && is(program, program.clauses[child].expr))
      return place_of(program, child, is);
  }
  return clause.span;
}

void report_condition(const Program& program, std::uint32_t clause, program::ExprId condition,
                      base::DiagnosticList& diagnostics) {
  if (clause == base::kNone || condition == base::kNone) return;
  if (is_never_true(program, condition)) {
    auto report = diagnostics.report(base::Code::never_true, place_of(program, clause, is_never_true));
    if (const std::string limits = limits_of_rank(program, condition); !limits.empty()) {
      report.note(limits);
    } else {
      report.note("whatever the data holds, its parts exclude each other")
          .help("is `or` meant, or a limit on the other side?");
    }
  } else if (is_always_true(program, condition)) {
    diagnostics.report(base::Code::always_true, place_of(program, clause, is_always_true))
        .note("everyone is in, whatever the data holds");
  }
}

using CanBeMissing = std::function<bool(program::ExprId)>;

// Tiers that nobody can reach, whether by those before them or by themselves: indices of tiers.
std::set<std::size_t> unreached(const Program& program, const program::Output& partition,
                                const CanBeMissing& can_be_missing) {
  TierQuestion question{.can_be_missing = can_be_missing};
  std::vector<std::size_t> tiers;
  for (std::size_t i = 0; i < partition.tiers.size(); ++i) {
    if (partition.tiers[i].condition == base::kNone) continue;
    question.conditions.push_back(partition.tiers[i].condition);
    tiers.push_back(i);
  }
  const TierProof proof = prove_tiers(program, question);
  std::set<std::size_t> found;
  for (std::size_t i = 0; proof.is_decided && i < tiers.size(); ++i) {
    if (!proof.is_reached[i]) found.insert(tiers[i]);
  }
  return found;
}

bool can_hold(const Program& program, program::ExprId condition, const CanBeMissing& can_be_missing) {
  const TierProof proof = prove_tiers(program, {.conditions = {condition}, .can_be_missing = can_be_missing});
  return !proof.is_decided || proof.is_reached[0];
}

void report_tiers(const Program& program, const program::Output& partition, const CanBeMissing& can_be_missing,
                  base::DiagnosticList& diagnostics) {
  const std::set<std::size_t> never = unreached(program, partition, can_be_missing);
  for (std::size_t i = 0; i < partition.tiers.size(); ++i) {
    const program::Tier& tier = partition.tiers[i];
    if (tier.clause == base::kNone || tier.condition == base::kNone) continue;
    if (is_never_true(program, tier.condition)) {
      report_condition(program, tier.clause, tier.condition, diagnostics);
      continue;
    }
    bool is_reported = false;
    for (std::size_t j = 0; j < i && !is_reported; ++j) {
      const program::Tier& before = partition.tiers[j];
      if (before.condition == base::kNone || before.clause == base::kNone ||
          !implies(program, tier.condition, before.condition))
        continue;
      diagnostics.report(base::Code::tier_never_reached, program.clauses[tier.clause].span, {tier.name})
          .label(program.clauses[before.clause].span, "`" + before.name + "` takes them all")
          .help("put the narrower tier first");
      is_reported = true;
    }
    if (is_reported || !never.contains(i)) continue;
    if (can_hold(program, tier.condition, can_be_missing)) {
      diagnostics.report(base::Code::tier_never_reached, program.clauses[tier.clause].span, {tier.name})
          .note("the tiers before it take everyone that it could")
          .help("put the narrower tiers first, or take this one out");
    } else {
      diagnostics.report(base::Code::never_true, program.clauses[tier.clause].span)
          .note("no value that can be meets it");
    }
  }
}

}  // namespace

void report_conditions(const Program& program, const CanBeMissing& can_be_missing, base::DiagnosticList& diagnostics) {
  std::set<std::string> reported;  // groups of generated segments: one says it of all
  for (const program::Output& output : program.outputs) {
    if (output.kind == program::OutputKind::kSegment && !reported.contains(output.group)) {
      const std::size_t before = diagnostics.num_warnings();
      report_condition(program, output.clause, output.root, diagnostics);
      if (diagnostics.num_warnings() != before && !output.group.empty()) reported.insert(output.group);
    }
    if (output.kind == program::OutputKind::kPartition) report_tiers(program, output, can_be_missing, diagnostics);
  }
}

}  // namespace seg::analyze
