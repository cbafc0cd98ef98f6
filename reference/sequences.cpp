// Sequences: a search through all choices of rows, one for each step.
#include <algorithm>

#include "base/value.h"
#include "reference/interpreter.h"

namespace seg::reference {

using base::kNone;
using base::Value;

// When a row was: an instant; among dates only, days as the days of a calendar without zones.
std::int64_t Interpreter::moment(const program::Sequence& sequence, base::TableId table, std::uint32_t row) {
  if (sequence.in_days) {
    return tables_[table]->rows[row][program_.schema.tables[table].time].integer() * base::kMicrosPerDay;
  }
  std::int64_t instant = 0;
  time_of(table, row, instant);
  return instant;
}

// From `row` of `table`, the last step that happened, on: can each step from `i` on be had? Rows of negated steps
// before that did not let the next one be later than `bound`. `next`: of the earliest row that is found for step i.
bool Interpreter::completes(const program::Sequence& sequence, std::size_t i, base::TableId table, std::uint32_t row,
                            std::int64_t bound, std::uint64_t owner, std::int64_t& next) {
  if (i == sequence.steps.size()) return bound == INT64_MAX;
  const program::SequenceStep& step = sequence.steps[i];
  const std::int64_t from = moment(sequence, table, row);
  std::int64_t until = INT64_MAX;
  if (step.gap != kNone) {
    const Value gap = evaluate(step.gap, 0);
    const std::int64_t unit = sequence.in_days ? base::kMicrosPerDay : 1;
    if (gap.is_missing() || __builtin_add_overflow(from, gap.integer() / unit * unit, &until)) return false;
  }
  bool is_last = step.negated;  // no step that happens comes after it
  for (std::size_t k = i; k < sequence.steps.size(); ++k) is_last = is_last && sequence.steps[k].negated;
  bool found = false;
  for (std::uint32_t child : children(step.rows, owner)) {
    const base::Type flag{.kind = base::TypeKind::kFlag};
    if (!selected(step.rows, child)) continue;
    const std::int64_t at = moment(sequence, step.rows.child, child);
    if (at < from || (at == from && !step.or_with) || at > until) continue;
    bool tied = true;
    for (std::size_t k = 0; k < step.ties.size(); ++k) {
      const Value a = evaluate(step.ties[k], child);
      const Value b = evaluate(step.ties_before[k], row);
      tied = tied && !a.is_missing() && !b.is_missing() &&
             call_function(program::Fn::eq, flag, program_.expr(step.ties[k]).type, {a, b}).flag();
    }
    if (!tied) continue;
    if (step.negated) {
      bound = std::min(bound, at);
      continue;
    }
    std::int64_t after = 0;
    if (at > bound || !completes(sequence, i + 1, step.rows.child, child, INT64_MAX, owner, after)) continue;
    if (!found || at < next) next = at;
    found = true;
  }
  if (!step.negated) return found;
  if (is_last && step.gap != kNone) {  // its gap has passed
    const LocalCalendar& calendar = calendar_of(table, row);
    if (until > (sequence.in_days ? calendar.as_of_day() * base::kMicrosPerDay : calendar.as_of_end())) return false;
  }
  return completes(sequence, i + 1, table, row, bound, owner, next);
}

Value Interpreter::evaluate_sequence(const program::Sequence& sequence, std::uint32_t row) {
  const program::Aggregate& first = sequence.first;
  const std::uint32_t outer = step_one_;
  step_one_ = row;
  const Value& owner = tables_[first.child]->rows[row][first.child_ref];
  std::int64_t next = 0;
  const bool begins = selected(first, row) && !owner.is_missing() &&
                      completes(sequence, 0, first.child, row, INT64_MAX,
                                owner.is_missing() ? 0 : static_cast<std::uint64_t>(owner.integer()), next);
  step_one_ = outer;
  if (!sequence.elapsed) return Value::of(begins);
  return begins ? Value::of(next - moment(sequence, first.child, row)) : Value::missing();
}

}  // namespace seg::reference
