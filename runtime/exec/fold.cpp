#include "runtime/exec/fold.h"

#include <algorithm>
#include <bit>

#include "runtime/kernels/calendar.h"

namespace seg::exec {
namespace {

// A century of days: what has more began with an event at an impossible time.
constexpr std::uint64_t kMaxDays = 40'000;
constexpr std::int64_t kNever = INT64_MAX;

const std::int32_t* days_of(const KeptColumn& column) {
  return reinterpret_cast<const std::int32_t*>(column.words.data());
}

bool bit(const KeptColumn& column, std::uint64_t row) { return (column.words[row / 64] >> (row % 64) & 1) != 0; }

}  // namespace

Fold::Fold(const bytecode::Module& module, const std::vector<FoldedSticky>& stickies, std::vector<KeptColumn>& kept,
           const vector::Dataset& dataset, const RunOptions& options)
    : module_(module), kept_(kept), options_(options) {
  for (const FoldedSticky& folded : stickies) {
    One one{.sticky = &module.stickies[folded.sticky], .level = folded.level};
    const std::uint64_t rows = dataset.tables[module.outputs[one.sticky->output].table].num_rows;
    KeptColumn& state = kept[one.sticky->state];
    state.type = bytecode::RegType::kMask;
    state.num_rows = rows;
    state.words.assign((rows + 63) / 64 + 1, 0);
    one.entered.assign(rows, StickyState::kOutside);
    for (const StickyState& before : options.state) {
      if (before.output == one.sticky->output && before.entered.size() == rows) one.entered = before.entered;
    }
    for (std::uint64_t row = 0; row < rows; ++row) {
      if (one.entered[row] == StickyState::kOutside) continue;
      state.words[row / 64] |= std::uint64_t{1} << (row % 64);
      ++one.num_inside;
    }
    all_.push_back(std::move(one));
  }
  std::stable_sort(all_.begin(), all_.end(), [](const One& a, const One& b) { return a.level < b.level; });
}

void Fold::find_first(One& one) const {
  one.first = kNever;
  const KeptColumn& start = kept_[one.sticky->start];
  for (std::uint64_t row = 0; row < one.entered.size(); ++row) {
    if (bit(kept_[one.sticky->start_known], row)) one.first = std::min<std::int64_t>(one.first, days_of(start)[row]);
  }
  if (options_.state_day && one.first != kNever) {
    one.first = std::max(one.first, std::int64_t{*options_.state_day} + 1);
  }
}

// The next day on which any of them asks; kNever: none.
std::int64_t Fold::next_day(std::int64_t from) const {
  std::int64_t next = kNever;
  for (const One& one : all_) {
    if (one.first == kNever) continue;
    next = std::min(next, kernels::cadence_day(std::max(from, one.first), one.sticky->cadence, binding_.week_starts));
  }
  return next > last_ ? kNever : next;
}

base::Status Fold::run(const base::Binding& binding, const Evaluate& evaluate) {
  binding_ = binding;
  std::vector<std::uint32_t> columns;
  for (const One& one : all_) {
    columns.insert(columns.end(), {one.sticky->start, one.sticky->start_known});
    if (binding_.as_of.is_instant) columns.push_back(one.sticky->as_of_day);
  }
  SEG_RETURN_IF_FAILED(evaluate(binding_.as_of, columns));
  last_ = binding_.as_of.is_instant ? INT64_MIN : binding_.as_of.day;
  for (One& one : all_) {
    find_first(one);
    for (std::uint64_t row = 0; binding_.as_of.is_instant && row < one.entered.size(); ++row) {
      last_ = std::max<std::int64_t>(last_, std::int64_t{days_of(kept_[one.sticky->as_of_day])[row]} - 1);
    }
    if (one.sticky->stay == base::kNone) continue;
    const bytecode::Constant& stay = module_.constants[one.sticky->stay];
    const base::Value& value = !stay.is_param                        ? module_.values[stay.index]
                               : stay.index < binding_.params.size() ? binding_.params[stay.index]
                                                                     : module_.params[stay.index].value;
    if (!value.is_missing() && value.data.index() == 2) one.stay = value.integer();
  }
  for (std::int64_t day = next_day(INT32_MIN); day != kNever; day = next_day(day + 1)) {
    if (++num_expected_ > kMaxDays) return base::Status(base::Code::too_many_cadence_days, {kMaxDays});
  }
  for (std::int64_t day = next_day(INT32_MIN); day != kNever; day = next_day(day + 1)) {
    const auto is_due = [&](const One& one) {
      return one.first != kNever && day >= one.first &&
             kernels::cadence_day(day, one.sticky->cadence, binding_.week_starts) == day;
    };
    // Those of a level see what the ones before have become on the same day.
    for (std::size_t begin = 0, end = 0; begin < all_.size(); begin = end) {
      while (end < all_.size() && all_[end].level == all_[begin].level) ++end;
      columns.clear();
      for (std::size_t i = begin; i < end; ++i) {
        if (!is_due(all_[i])) continue;
        columns.push_back(all_[i].sticky->enter);
        if (all_[i].num_inside > 0) columns.push_back(all_[i].sticky->leave);
      }
      if (columns.empty()) continue;
      SEG_RETURN_IF_FAILED(evaluate({.is_instant = false, .day = static_cast<std::int32_t>(day)}, columns));
      for (std::size_t i = begin; i < end; ++i) {
        if (is_due(all_[i])) step(all_[i], day);
      }
    }
    ++num_days_;
  }
  return {};
}

void Fold::step(One& one, std::int64_t day) {
  const bytecode::Sticky& sticky = *one.sticky;
  KeptColumn& state = kept_[sticky.state];
  const bool can_leave = one.num_inside > 0;  // else nobody asked who would
  for (std::size_t k = 0; k * 64 < one.entered.size(); ++k) {
    const std::uint64_t inside = state.words[k];
    std::uint64_t changes = kept_[sticky.enter].words[k] & ~inside;
    if (can_leave) changes |= kept_[sticky.leave].words[k] & inside;
    for (; changes != 0; changes &= changes - 1) {
      const std::uint64_t row = k * 64 + static_cast<std::uint64_t>(std::countr_zero(changes));
      if (row >= one.entered.size()) break;
      // Not begun yet for this one, or its day is not over yet.
      if (!bit(kept_[sticky.start_known], row) || day < days_of(kept_[sticky.start])[row]) continue;
      if (binding_.as_of.is_instant && day >= days_of(kept_[sticky.as_of_day])[row]) continue;
      const bool is_inside = one.entered[row] != StickyState::kOutside;
      if (is_inside && (day - one.entered[row]) * base::kMicrosPerDay < one.stay) continue;
      one.entered[row] = is_inside ? StickyState::kOutside : static_cast<std::int32_t>(day);
      state.words[k] ^= std::uint64_t{1} << (row % 64);
      one.num_inside += is_inside ? ~std::uint64_t{0} : 1;
    }
  }
}

std::vector<StickyState> Fold::take_states() {
  std::vector<StickyState> states;
  for (One& one : all_) states.push_back({.output = one.sticky->output, .entered = std::move(one.entered)});
  return states;
}

}  // namespace seg::exec
