#include "compiler/analyze/report_conditions.h"

#include "compiler/analyze/implication.h"

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
    diagnostics.report(base::Code::never_true, place_of(program, clause, is_never_true))
        .note("whatever the data holds, its parts exclude each other")
        .help("is `or` meant, or a limit on the other side?");
  } else if (is_always_true(program, condition)) {
    diagnostics.report(base::Code::always_true, place_of(program, clause, is_always_true))
        .note("everyone is in, whatever the data holds");
  }
}

void report_tiers(const Program& program, const program::Output& partition, base::DiagnosticList& diagnostics) {
  for (std::size_t i = 0; i < partition.tiers.size(); ++i) {
    const program::Tier& tier = partition.tiers[i];
    if (tier.clause == base::kNone || tier.condition == base::kNone) continue;
    if (is_never_true(program, tier.condition)) {
      report_condition(program, tier.clause, tier.condition, diagnostics);
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) {
      const program::Tier& before = partition.tiers[j];
      if (before.condition == base::kNone || before.clause == base::kNone ||
          !implies(program, tier.condition, before.condition))
        continue;
      diagnostics.report(base::Code::tier_never_reached, program.clauses[tier.clause].span, {tier.name})
          .label(program.clauses[before.clause].span, "`" + before.name + "` takes them all")
          .help("put the narrower tier first");
      break;
    }
  }
}

}  // namespace

void report_conditions(const Program& program, base::DiagnosticList& diagnostics) {
  for (const program::Output& output : program.outputs) {
    if (output.kind == program::OutputKind::kSegment)
      report_condition(program, output.clause, output.root, diagnostics);
    if (output.kind == program::OutputKind::kPartition) report_tiers(program, output, diagnostics);
  }
}

}  // namespace seg::analyze
