#include "compiler/syntax/report.h"

namespace seg::syntax {
namespace {

using base::Code;

// Whether a Gregorian day exists.
bool exists(CalendarDay day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day.month < 1 || day.month > 12 || day.day < 1) return false;
  const bool is_leap = (day.year % 4 == 0 && day.year % 100 != 0) || day.year % 400 == 0;
  return day.day <= kDays[day.month - 1] + (day.month == 2 && is_leap ? 1 : 0);
}

bool clock_exists(std::string_view text) {
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  if (text.size() < 16 || two(11) > 23 || two(14) > 59) return false;
  return text.size() < 19 || text[16] != ':' || two(17) <= 59;
}

void report_day(const Tree& tree, NodeId n, base::DiagnosticList& diagnostics) {
  const std::string_view text = tree.text(n);
  // A malformed one has its own diagnostic.
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || text.find_first_not_of("0123456789-") < 10) return;
  const NodeId parent = tree.parent(n);
  const CalendarDay day = tree.date_value(n);
  // The days of other calendars are counted where the calendar is known.
  const bool is_foreign = parent != kNoNode && tree.is(parent, NodeKind::kCalendarDate);
  const bool right = is_foreign ? day.month >= 1 && day.month <= 12 && day.day >= 1 && day.day <= 31 : exists(day);
  if (!right || (tree.is(n, NodeKind::kTime) && text[10] == 'T' && !clock_exists(text))) {
    diagnostics.report(Code::impossible_date, tree.span(n), {text});
  }
}

// where, with same, times, within: the order in which clauses are read.
int clause_rank(NodeKind kind) {
  switch (kind) {
    case NodeKind::kWhere: return 1;
    case NodeKind::kWithSame: return 2;
    case NodeKind::kTimes: return 3;
    case NodeKind::kWithinGap: return 4;
    case NodeKind::kOver: return 5;
    default: return 0;
  }
}

std::string_view clause_word(const Tree& tree, NodeId n) {
  switch (tree.kind(n)) {
    case NodeKind::kWhere: return "where";
    case NodeKind::kWithSame: return "with same";
    case NodeKind::kTimes:
      return tree.times_op(n) == CountOp::at_least  ? "at least … times"
             : tree.times_op(n) == CountOp::at_most ? "at most … times"
                                                    : "exactly … times";
    case NodeKind::kWithinGap: return "within";
    default: return "over";
  }
}

void report_clause_order(const Tree& tree, NodeId select, base::DiagnosticList& diagnostics) {
  NodeId before = kNoNode;
  for (const NodeId c : tree.children(select)) {
    const int rank = clause_rank(tree.kind(c));
    if (rank == 0) continue;
    if (before != kNoNode) {
      const int rank_before = clause_rank(tree.kind(before));
      if (rank < rank_before || (rank == rank_before && tree.kind(c) != NodeKind::kWithSame)) {
        auto diagnostic =
            diagnostics.report(Code::clause_order, tree.span(c), {clause_word(tree, c), clause_word(tree, before)});
        if (rank == rank_before) diagnostic.help("this clause can stand once");
        diagnostic.note("the order is: where, with same, at least … times, within, over");
      }
    }
    before = c;
  }
}

}  // namespace

void report_tree(const Tree& tree, base::DiagnosticList& diagnostics) {
  for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
    const NodeId n{i};
    switch (tree.kind(n)) {
      case NodeKind::kDate:
      case NodeKind::kTime: report_day(tree, n, diagnostics); break;
      case NodeKind::kSelect: report_clause_order(tree, n, diagnostics); break;
      default: break;
    }
  }
}

}  // namespace seg::syntax
