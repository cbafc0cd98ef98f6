#include "tools/seg/explain_tree.h"

#include <algorithm>

#include "base/text_width.h"
#include "base/value_text.h"

namespace seg::tool {
namespace {

using base::value_text;
using program::ExprId;
using program::ExprKind;
using program::Fn;

// The clause's source on one line; a block shows only its head.
std::string clause_text(std::string_view source, bool is_block) {
  std::string text;
  for (const char c : source) {
    if (c == '{' && is_block) break;
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// `in each of last 3 months (…)`: in how many periods it holds, and in which.
std::string periods_read(const program::Program& program, reference::Interpreter& interpreter, ExprId id,
                         std::uint64_t row) {
  constexpr std::size_t kMostShown = 12;
  const program::Expr& e = program.expr(id);
  std::vector<ExprId> periods = program.args_of(id);
  const bool counts = e.fn == Fn::at_least || e.fn == Fn::at_most || e.fn == Fn::exactly;
  if (e.kind != ExprKind::kCall || (!counts && e.fn != Fn::logical_and)) return "";
  if (counts) periods.erase(periods.begin());
  std::size_t num_true = 0;
  std::string which;
  for (std::size_t i = 0; i < periods.size(); ++i) {
    const base::Value holds = interpreter.evaluate(periods[i], row);
    if (!holds.is_missing() && holds.flag()) ++num_true;
    if (i < kMostShown)
      which += (i == 0 ? "" : ", ") + value_text(holds, program.expr(periods[i]).type, program.schema);
  }
  if (periods.size() > kMostShown) which += ", …";
  return std::to_string(num_true) + " of " + std::to_string(periods.size()) + "; latest first: " + which;
}

// What was compared, unless it stands in the clause as a literal.
std::string values_read(const program::Program& program, reference::Interpreter& interpreter, ExprId id,
                        std::uint64_t row) {
  const program::Expr& e = program.expr(id);
  const auto show = [&](ExprId arg) {
    return value_text(interpreter.evaluate(arg, row), program.expr(arg).type, program.schema);
  };
  if (e.kind == ExprKind::kInWindow || e.kind == ExprKind::kRecursInWindow) return show(program.args_of(id)[0]);
  if (e.kind != ExprKind::kCall) return "";
  const std::vector<ExprId> args = program.args_of(id);
  switch (e.fn) {
    case Fn::logical_not: return values_read(program, interpreter, args[0], row);
    case Fn::eq:
    case Fn::ne:
    case Fn::lt:
    case Fn::le:
    case Fn::gt:
    case Fn::ge: {
      const bool is_literal = program.expr(args[1]).kind == ExprKind::kLiteral;
      return is_literal ? show(args[0]) : show(args[0]) + " against " + show(args[1]);
    }
    case Fn::points_per:
    case Fn::in_list:
    case Fn::is_missing:
    case Fn::is_known:
    case Fn::contains:
    case Fn::starts_with:
    case Fn::ends_with:
    case Fn::matches:
    case Fn::list_contains:
    case Fn::list_contains_any:
    case Fn::list_contains_all: return show(args[0]);
    default: return "";
  }
}

// `in segment X` leads to X's own clauses, a partition's tier to the conditions tried up to the one that held, a score
// to its lines.
std::vector<std::uint32_t> clauses_of_outputs(const program::Program& program, reference::Interpreter& interpreter,
                                              ExprId id, std::uint64_t row) {
  const program::Expr& e = program.expr(id);
  std::vector<std::uint32_t> clauses;
  for (const program::Output& output : program.outputs) {
    if (output.kind != program::OutputKind::kScore || output.root != id || output.clause == base::kNone) continue;
    return {output.clause};
  }
  if (e.kind == ExprKind::kMember && program.outputs[e.a].clause != base::kNone)
    clauses.push_back(program.outputs[e.a].clause);
  if (e.kind == ExprKind::kTier) {
    for (const program::Tier& tier : program.outputs[e.a].tiers) {
      if (tier.clause != base::kNone) clauses.push_back(tier.clause);
      if (tier.condition == base::kNone) break;
      const base::Value holds = interpreter.evaluate(tier.condition, row);
      if (!holds.is_missing() && holds.flag()) break;
    }
  }
  if (e.kind == ExprKind::kCall) {
    for (const ExprId arg : program.args_of(id)) {
      for (const std::uint32_t clause : clauses_of_outputs(program, interpreter, arg, row)) clauses.push_back(clause);
    }
  }
  return clauses;
}

}  // namespace

std::string explain_clause(const program::Program& program, reference::Interpreter& interpreter,
                           const base::SourceSet& sources, std::uint32_t clause_id, std::uint64_t row, int indent) {
  const program::Clause& clause = program.clauses[clause_id];
  const program::Expr& e = program.expr(clause.expr);
  const std::string value = value_text(interpreter.evaluate(clause.expr, row), e.type, program.schema);
  std::string line = std::string(static_cast<std::size_t>(indent) * 2, ' ') + value;
  line += std::string(static_cast<std::size_t>(std::max(1, 9 - base::num_cells(value))), ' ');
  line += base::isolated(clause_text(sources.text(clause.span), !clause.children.empty()));
  if (clause.children.empty()) {
    const bool is_regularity = sources.text(clause.span).starts_with("in ");
    std::string read = values_read(program, interpreter, clause.expr, row);
    if (read.empty() && is_regularity) read = periods_read(program, interpreter, clause.expr, row);
    if (!read.empty()) line += "   (" + read + ")";
  }
  line += "\n";
  std::vector<std::uint32_t> below = clause.children;
  if (below.empty()) below = clauses_of_outputs(program, interpreter, clause.expr, row);
  for (const std::uint32_t child : below) {
    line += explain_clause(program, interpreter, sources, child, row, indent + 1);
  }
  return line;
}

}  // namespace seg::tool
