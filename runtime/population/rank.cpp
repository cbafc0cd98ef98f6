#include "runtime/population/rank.h"

#include <algorithm>
#include <cmath>

#include "runtime/kernels/arithmetic.h"
#include "runtime/population/order.h"
#include "runtime/population/squares.h"

namespace seg::population {

using base::Int128;
using bytecode::PopulationFn;
using bytecode::RegType;

namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

void set(std::uint64_t* bits, std::uint64_t row) { bits[row / 64] |= 1ULL << row % 64; }

// Shares count in whole billionths, so that 10% of 30 is 3 and nothing else.
std::int64_t billionths(double share) { return static_cast<std::int64_t>(std::rint(share * kBillion)); }

// Rows of one group, from the lowest to the highest.
struct Span {
  const Entry* first = nullptr;
  std::uint64_t n = 0;
};

// What a figure is for one group.
struct Value {
  bool is_known = false;
  bool has_overflow = false;
  std::uint64_t bits = 0;
};
Value of_integer(std::int64_t value) { return {.is_known = true, .bits = static_cast<std::uint64_t>(value)}; }
Value of_number(double value) { return {.is_known = true, .bits = std::bit_cast<std::uint64_t>(value)}; }
Value of_overflow() { return {.has_overflow = true}; }

class Ranking {
 public:
  Ranking(const Input& input, const std::vector<Figure>& figures, unsigned num_threads)
      : input_(input),
        figures_(figures),
        groups_(make_groups(input)),
        entries_(make_order(input, groups_, num_threads)) {}

  void run() {
    std::vector<Span> spans(groups_.count);
    for (std::uint64_t begin = 0; begin < entries_.size();) {
      std::uint64_t end = begin;
      while (end < entries_.size() && entries_[end].group == entries_[begin].group) ++end;
      spans[entries_[begin].group] = {.first = &entries_[begin], .n = end - begin};
      begin = end;
    }
    for (const Figure& figure : figures_) {
      switch (figure.fn) {
        case PopulationFn::kTile:
        case PopulationFn::kPercentile:
        case PopulationFn::kRank:
          for (const Span& span : spans) ranks(figure, span);
          break;
        case PopulationFn::kTop:
        case PopulationFn::kBottom:
          for (const Span& span : spans) first_ones(figure, span);
          break;
        case PopulationFn::kCount:
        case PopulationFn::kSum:
        case PopulationFn::kAverage:
        case PopulationFn::kMinimum:
        case PopulationFn::kMaximum:
        case PopulationFn::kMedian:
        case PopulationFn::kQuantile:
        case PopulationFn::kDeviation: figure_of_groups(figure, spans); break;
      }
    }
  }

 private:
  // use(begin, end) for each run of equal values.
  template <class F>
  static void each_run(const Span& span, F use) {
    for (std::uint64_t begin = 0; begin < span.n;) {
      std::uint64_t end = begin + 1;
      while (end < span.n && span.first[end].key == span.first[begin].key) ++end;
      use(begin, end);
      begin = end;
    }
  }

  void ranks(const Figure& figure, const Span& span) const {
    if (figure.fn == PopulationFn::kTile && figure.n < 1) return;
    each_run(span, [&](std::uint64_t begin, std::uint64_t end) {
      std::uint64_t bits = 0;
      if (figure.fn == PopulationFn::kTile) {
        bits = 1 + static_cast<std::uint64_t>(static_cast<Int128>(figure.n) * static_cast<Int128>(begin) /
                                              static_cast<Int128>(span.n));
      } else if (figure.fn == PopulationFn::kRank) {
        bits = 1 + (span.n - end);
      } else if (span.n > 1) {
        bits = std::bit_cast<std::uint64_t>(static_cast<double>(begin) / static_cast<double>(span.n - 1));
      }
      for (std::uint64_t i = begin; i < end; ++i) {
        if (figure.result != nullptr) figure.result[span.first[i].row] = bits;
        if (figure.known != nullptr) set(figure.known, span.first[i].row);
      }
    });
  }

  // Whether one is among the first, with so many before it.
  static bool is_in(const Figure& figure, std::uint64_t before, std::uint64_t n) {
    if (!figure.n_is_share) return figure.n > 0 && before < static_cast<std::uint64_t>(figure.n);
    if (!(figure.share > 0)) return false;
    if (figure.share >= 1) return true;
    return static_cast<Int128>(before) * kBillion < static_cast<Int128>(billionths(figure.share)) * n;
  }

  bool is_same_tie(const Entry& a, const Entry& b) const {
    const bool known = is_set(input_.ties.known, a.row);
    if (known != is_set(input_.ties.known, b.row)) return false;
    return !known || key_at(input_.ties, a.row) == key_at(input_.ties, b.row);
  }

  void first_ones(const Figure& figure, const Span& span) const {
    if (figure.result == nullptr) return;
    each_run(span, [&](std::uint64_t begin, std::uint64_t end) {
      const std::uint64_t before = figure.fn == PopulationFn::kTop ? span.n - end : begin;
      for (std::uint64_t i = begin; i < end;) {
        std::uint64_t after = input_.has_ties ? i + 1 : end;
        while (after < end && is_same_tie(span.first[i], span.first[after])) ++after;
        if (!is_in(figure, before + (i - begin), span.n)) break;
        for (std::uint64_t k = i; k < after; ++k) set(figure.result, span.first[k].row);
        i = after;
      }
    });
  }

  void figure_of_groups(const Figure& figure, const std::vector<Span>& spans) const {
    std::vector<Value> values;
    for (const Span& span : spans) values.push_back(figure_of(figure, span));
    const bool is_narrow = bytecode::population_result(bytecode_figure(figure), input_.value.type) == RegType::kI32;
    auto* narrow = reinterpret_cast<std::uint32_t*>(figure.result);
    for (std::uint64_t row = 0; row < input_.num_rows; ++row) {
      const std::uint32_t group = groups_.of(row);
      if (group == kNoGroup) continue;
      const Value& value = values[group];
      if (figure.known != nullptr && value.is_known) set(figure.known, row);
      if (figure.overflow != nullptr && value.has_overflow) set(figure.overflow, row);
      if (figure.result == nullptr) continue;
      if (is_narrow) {
        narrow[row] = static_cast<std::uint32_t>(value.bits);
      } else {
        figure.result[row] = value.bits;
      }
    }
  }

  static bytecode::PopulationFigure bytecode_figure(const Figure& figure) {
    return {.fn = figure.fn, .rounds = figure.rounds};
  }

  bool is_number() const { return input_.value.type == RegType::kF64; }
  Value value_at(const Span& span, std::uint64_t i) const {
    return is_number() ? of_number(to_number(span.first[i].key)) : of_integer(to_integer(span.first[i].key));
  }

  // The whole numbers that sums are made of; false: a number beyond ±1e20.
  template <class F>
  bool each_whole(const Span& span, F use) const {
    for (std::uint64_t i = 0; i < span.n; ++i) {
      Int128 part = 0;
      if (is_number()) {
        if (!kernels::to_billionths(to_number(span.first[i].key), part)) return false;
      } else {
        part = to_integer(span.first[i].key);
      }
      use(part);
    }
    return true;
  }

  Value figure_of(const Figure& figure, const Span& span) const {
    if (figure.fn == PopulationFn::kCount) return of_integer(static_cast<std::int64_t>(span.n));
    if (figure.fn == PopulationFn::kSum) return sum_of(span);
    if (span.n == 0) return {};
    switch (figure.fn) {
      case PopulationFn::kAverage: return average_of(figure, span);
      case PopulationFn::kMinimum: return value_at(span, 0);
      case PopulationFn::kMaximum: return value_at(span, span.n - 1);
      case PopulationFn::kMedian: return median_of(figure, span);
      case PopulationFn::kQuantile: {
        if (!(figure.share >= 0 && figure.share <= 1)) return {};
        const Int128 part = static_cast<Int128>(billionths(figure.share)) * static_cast<Int128>(span.n);
        const auto upto = static_cast<std::uint64_t>((part + kBillion - 1) / kBillion);
        return value_at(span, upto == 0 ? 0 : upto - 1);
      }
      case PopulationFn::kDeviation: return deviation_of(figure, span);
      default: return {};
    }
  }

  Value sum_of(const Span& span) const {
    Int128 sum = 0;
    if (!each_whole(span, [&](Int128 part) { sum += part; })) return of_overflow();
    double number = 0;
    std::int64_t whole = 0;
    if (is_number()) return kernels::sum_of_billionths(sum, number) ? of_number(number) : of_overflow();
    return kernels::to_int64(sum, whole) ? of_integer(whole) : of_overflow();
  }

  Value average_of(const Figure& figure, const Span& span) const {
    const auto n = static_cast<double>(span.n);
    if (is_number()) {
      const Value sum = sum_of(span);
      return sum.is_known ? of_number(std::bit_cast<double>(sum.bits) / n) : sum;
    }
    Int128 sum = 0;
    each_whole(span, [&](Int128 part) { sum += part; });
    if (!figure.rounds) return of_number(static_cast<double>(sum) / n);
    return of_integer(static_cast<std::int64_t>(kernels::divide_half_away(sum, static_cast<Int128>(span.n))));
  }

  Value median_of(const Figure& figure, const Span& span) const {
    const std::uint64_t low = span.first[(span.n - 1) / 2].key;
    const std::uint64_t high = span.first[span.n / 2].key;
    if (is_number()) return of_number((to_number(low) + to_number(high)) / 2);
    const std::int64_t a = to_integer(low);
    const std::int64_t b = to_integer(high);
    if (!figure.rounds) return of_number((static_cast<double>(a) + static_cast<double>(b)) / 2);
    return of_integer(static_cast<std::int64_t>(kernels::divide_half_away(static_cast<Int128>(a) + b, 2)));
  }

  Value deviation_of(const Figure& figure, const Span& span) const {
    Squares squares;
    if (!each_whole(span, [&](Int128 part) { squares.add(part); })) return of_overflow();
    const double whole = std::sqrt(squares.spread()) / static_cast<double>(span.n);
    if (is_number()) return of_number(whole / kernels::kBillion);
    std::int64_t rounded = 0;
    if (!figure.rounds) return of_number(whole);
    return kernels::to_int64(std::round(whole), rounded) ? of_integer(rounded) : of_overflow();
  }

  const Input& input_;
  const std::vector<Figure>& figures_;
  Groups groups_;
  std::vector<Entry> entries_;
};

}  // namespace

void rank(const Input& input, const std::vector<Figure>& figures, unsigned num_threads) {
  Ranking(input, figures, num_threads).run();
}

}  // namespace seg::population
