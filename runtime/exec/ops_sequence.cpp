// Sequences: which rows begin one. From the last step to the first, the rows of each step that can go on to the end
// are found: everything that a step demands of the next one is an upper bound of its time, so that of the rows that can
// go on only the earliest after each row matters. Rows of a step are sorted by time once (they mostly are), and then a
// cursor runs along with the step before; tied steps are sorted by their ties and looked up.
#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/exec/ops.h"

namespace seg::exec {

using bytecode::Op;
using bytecode::RegType;

namespace {

using Moment = Worker::Moment;

constexpr std::int64_t kForever = INT64_MAX;

struct Times {  // instants, or days as the instants of a calendar without zones
  const std::int32_t* days = nullptr;
  const std::int64_t* instants = nullptr;
  std::int64_t at(std::uint64_t k) const { return days != nullptr ? days[k] * base::kMicrosPerDay : instants[k]; }
};

struct Step {
  bool is_negated = false;
  bool or_with = false;
  bool has_gap = false;
  std::int64_t gap = kForever;
  const std::uint64_t* mask = nullptr;
  Times times;
  const Rows* rows = nullptr;
  const std::uint64_t* has_ties = nullptr;  // of the step before; null: not tied
  const std::uint16_t* ties = nullptr;
  const std::uint16_t* ties_before = nullptr;
  std::size_t num_ties = 0;
  std::size_t cursor = 0;  // of what is not tied: the first row that is late enough
};

std::int64_t later(std::int64_t time, std::int64_t gap) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(time, gap, &sum) ? kForever : sum;
}

bool has_bit(const std::uint64_t* mask, std::uint64_t at) { return (mask[at / 64] >> (at % 64) & 1) != 0; }

class Matcher {
 public:
  Matcher(Worker& w, Words i) : w_(w) {
    const bytecode::Sequence& shape = w.module().sequences[i->z];
    const std::uint16_t* reg = w.pass().lists[i->y].data();
    first_.mask = w.mask(*reg++);
    first_.times = times(*reg);
    first_.rows = &w.rows_of(*reg++);
    if (shape.has_as_of) as_of_ = times(*reg++);
    steps_.reserve(shape.steps.size());
    for (const bytecode::SequenceStep& from : shape.steps) {
      Step step;
      step.is_negated = from.is_negated;
      step.or_with = from.or_with;
      step.num_ties = from.num_ties;
      if (from.gap != base::kNone) {
        const BoundConstant& gap = w.binder().constant(from.gap);
        step.has_gap = true;
        step.gap = gap.is_known ? gap.i64 : -1;
        if (first_.times.days != nullptr) step.gap -= step.gap % base::kMicrosPerDay;  // whole days
      }
      step.mask = w.mask(*reg++);
      step.times = times(*reg);
      step.rows = &w.rows_of(*reg++);
      if (from.num_ties != 0) step.has_ties = w.mask(*reg++);
      step.ties = reg;
      step.ties_before = reg + from.num_ties;
      reg += 2 * from.num_ties;
      steps_.push_back(step);
    }
    if (w.moments.size() < steps_.size() + 1) w.moments.resize(steps_.size() + 1);
  }

  // found(row of the first step, microseconds to the next one), for every row that begins a sequence.
  template <class F>
  void run(bool first_is_root, F found) {
    const std::uint64_t n = first_.rows->n;
    std::uint64_t parent = 0;
    for (std::uint64_t k = next_bit(0, n); k < n;) {
      std::uint64_t end = k + 1;
      if (first_is_root) {
        parent = k;
      } else {
        while (first_.rows->starts[parent + 1] - first_.rows->first <= k) ++parent;
        end = first_.rows->starts[parent + 1] - first_.rows->first;
      }
      match(parent, k, end, found);
      k = next_bit(end, n);
    }
  }

 private:
  Times times(std::uint16_t reg) const {
    if (w_.pass().registers[reg].type == RegType::kI32) return {.days = w_.in<std::int32_t>(reg)};
    return {.instants = w_.in<std::int64_t>(reg)};
  }

  std::uint64_t next_bit(std::uint64_t from, std::uint64_t n) const {
    if (from >= n) return n;
    std::uint64_t word = from / 64;
    std::uint64_t bits = first_.mask[word] & (~0ULL << from % 64);
    while (bits == 0) {
      if (++word * 64 >= n) return n;
      bits = first_.mask[word];
    }
    return std::min(n, word * 64 + static_cast<std::uint64_t>(std::countr_zero(bits)));
  }

  // The set rows of a run, by time.
  static void collect(const Step& step, std::uint64_t begin, std::uint64_t end, std::vector<Moment>& out) {
    out.clear();
    bool is_sorted = true;
    for (std::uint64_t k = begin; k < end; ++k) {
      if (!has_bit(step.mask, k)) continue;
      const std::int64_t time = step.times.at(k);
      is_sorted = is_sorted && (out.empty() || out.back().time <= time);
      out.push_back({.time = time, .at = static_cast<std::uint32_t>(k)});
    }
    if (!is_sorted) {
      std::sort(out.begin(), out.end(), [](const Moment& a, const Moment& b) { return a.time < b.time; });
    }
  }

  // -1, 0, 1 by registers of two lists.
  int order(const std::uint16_t* list, std::uint64_t a, const std::uint16_t* other, std::uint64_t b,
            std::size_t n) const {
    for (std::size_t k = 0; k < n; ++k) {
      int order = 0;
      const auto by = [&](auto x, auto y) { order = x < y ? -1 : y < x ? 1 : 0; };
      switch (w_.pass().registers[list[k]].type) {
        case RegType::kI32: by(w_.in<std::int32_t>(list[k])[a], w_.in<std::int32_t>(other[k])[b]); break;
        case RegType::kI64: by(w_.in<std::int64_t>(list[k])[a], w_.in<std::int64_t>(other[k])[b]); break;
        case RegType::kF64: by(w_.in<double>(list[k])[a], w_.in<double>(other[k])[b]); break;
        case RegType::kMask: break;
      }
      if (order != 0) return order;
    }
    return 0;
  }

  void sort_by_ties(const Step& step, std::vector<Moment>& rows) const {
    if (step.num_ties == 0) return;
    std::sort(rows.begin(), rows.end(), [&](const Moment& a, const Moment& b) {
      const int by_ties = order(step.ties, a.at, step.ties, b.at, step.num_ties);
      return by_ties != 0 ? by_ties < 0 : a.time < b.time;
    });
  }

  // When the first row of a step is after (with `or with`: at) the time of `row`, tied to it. Rows without ties are
  // asked for from the latest to the earliest.
  std::int64_t next_after(Step& step, const std::vector<Moment>& rows, const Moment& row) const {
    const auto is_late = [&](const Moment& of) { return of.time > row.time || (step.or_with && of.time == row.time); };
    if (step.num_ties == 0) {
      while (step.cursor > 0 && is_late(rows[step.cursor - 1])) --step.cursor;
      return step.cursor < rows.size() ? rows[step.cursor].time : kForever;
    }
    if (!has_bit(step.has_ties, row.at)) return kForever;
    const auto found = std::partition_point(rows.begin(), rows.end(), [&](const Moment& of) {
      const int by_ties = order(step.ties, of.at, step.ties_before, row.at, step.num_ties);
      return by_ties != 0 ? by_ties < 0 : !is_late(of);
    });
    if (found == rows.end() || order(step.ties, found->at, step.ties_before, row.at, step.num_ties) != 0) {
      return kForever;
    }
    return found->time;
  }

  // Can a row of the step before `from` go on to the end? Then when the next step is (or, before negated last ones, its
  // own time), else kForever.
  std::int64_t next_of(std::size_t from, const Moment& row) {
    std::int64_t bound = kForever;
    for (std::size_t s = from; s < steps_.size(); ++s) {
      Step& step = steps_[s];
      const std::int64_t limit = step.has_gap ? later(row.time, step.gap) : kForever;
      const std::int64_t next = next_after(step, w_.moments[s], row);
      if (!step.is_negated) return next <= std::min(limit, bound) ? next : kForever;
      if (next <= limit) bound = std::min(bound, next);
      // Of the last steps: one that is in the way, or a gap that has not passed.
      if (step.has_gap && trailing_ <= s && limit > as_of_now_) return kForever;
    }
    return bound == kForever ? row.time : kForever;
  }

  template <class F>
  void match(std::uint64_t parent, std::uint64_t begin, std::uint64_t end, F found) {
    trailing_ = steps_.size();
    while (trailing_ > 0 && steps_[trailing_ - 1].is_negated) --trailing_;
    if (trailing_ < steps_.size()) as_of_now_ = as_of_.at(begin);
    for (std::size_t s = steps_.size(); s-- > 0;) {
      Step& step = steps_[s];
      std::vector<Moment>& rows = w_.moments[s];
      const std::uint64_t from = step.rows->starts[parent] - step.rows->first;
      const std::uint64_t to = step.rows->starts[parent + 1] - step.rows->first;
      collect(step, from, to, rows);
      if (!step.is_negated) keep_going(s + 1, rows);
      if (!step.is_negated && rows.empty()) return;
      sort_by_ties(step, rows);
      step.cursor = rows.size();
    }
    std::vector<Moment>& firsts = w_.moments[steps_.size()];
    collect(first_, begin, end, firsts);
    for (std::size_t k = firsts.size(); k-- > 0;) {
      const std::int64_t next = next_of(0, firsts[k]);
      if (next != kForever) found(firsts[k].at, next - firsts[k].time);
    }
  }

  // Of a step's rows those that can go on with step `from`; their order stays.
  void keep_going(std::size_t from, std::vector<Moment>& rows) {
    std::size_t kept = rows.size();
    for (std::size_t k = rows.size(); k-- > 0;) {
      if (next_of(from, rows[k]) != kForever) rows[--kept] = rows[k];
    }
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(kept));
  }

  Worker& w_;
  Step first_;
  std::vector<Step> steps_;
  Times as_of_;
  std::size_t trailing_ = 0;  // the first of the negated last steps
  std::int64_t as_of_now_ = 0;
};

}  // namespace

void run_sequence(Worker& w, Words i) {
  Matcher matcher(w, i);
  const bool first_is_root = w.pass().registers[i->x].frame == 0;
  const std::uint64_t n = w.rows_of(i->x).n;
  const bool is_elapsed = i->op == Op::elapsed;
  std::uint64_t* begins = w.out_mask(is_elapsed ? i[1].x : i->x);
  std::int64_t* duration = is_elapsed ? w.out<std::int64_t>(i->x) : nullptr;
  std::memset(begins, 0, num_words(n) * 8);
  if (is_elapsed) std::memset(duration, 0, n * 8);
  matcher.run(first_is_root, [&](std::uint32_t row, std::int64_t to_next) {
    begins[row / 64] |= 1ULL << row % 64;
    if (is_elapsed) duration[row] = to_next;
  });
}

}  // namespace seg::exec
