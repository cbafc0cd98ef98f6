// Children into parents. The children of a parent are a contiguous run; only those whose bit is set count.
#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/exec/ops.h"
#include "runtime/kernels/arithmetic.h"
#include "runtime/kernels/calendar.h"

namespace seg::exec {

using bytecode::Op;
using bytecode::RegType;
using kernels::Int128;

namespace {

// The rows of the set bits in [begin, end).
template <class F>
inline void each_bit(const std::uint64_t* bits, std::uint64_t begin, std::uint64_t end, F use) {
  if (begin >= end) return;
  std::uint64_t word = begin / 64;
  const std::uint64_t last = (end - 1) / 64;
  std::uint64_t at = bits[word] & (~0ULL << begin % 64);
  for (;;) {
    if (word == last) at &= ~0ULL >> (63 - (end - 1) % 64);
    while (at != 0) {
      use(word * 64 + static_cast<std::uint64_t>(std::countr_zero(at)));
      at &= at - 1;
    }
    if (word == last) return;
    at = bits[++word];
  }
}

// Each parent's run: use(parent, begin, end) in positions of the morsel.
template <class F>
inline void each_parent(const Worker& w, std::uint16_t child_reg, F use) {
  const Rows& children = w.rows_of(child_reg);
  const std::uint64_t parents = w.rows(0).n;
  std::uint64_t begin = 0;
  for (std::uint64_t p = 0; p < parents; ++p) {
    const std::uint64_t end = children.starts[p + 1] - children.first;
    use(p, begin, end);
    begin = end;
  }
}

void set_bit(std::uint64_t* out, std::uint64_t at) { out[at / 64] |= 1ULL << at % 64; }

// Each set bit: use(parent, position). Filters leave few children to most aggregates, so that walking the bits costs
// less than a look at every parent's run.
template <class F>
inline void each_selected(Worker& w, std::uint16_t mask_reg, F use) {
  const std::uint32_t* parents = w.parents_of(mask_reg);
  each_bit(w.mask(mask_reg), 0, w.rows_of(mask_reg).n, [&](std::uint64_t k) { use(parents[k], k); });
}

template <class T>
T* out_filled(Worker& w, std::uint16_t reg, T value) {
  T* out = w.out<T>(reg);
  std::fill_n(out, w.rows(0).n, value);
  return out;
}

void count(Worker& w, Words i) {
  auto* out = out_filled<std::int64_t>(w, i->x, 0);
  each_selected(w, i->y, [&](std::uint32_t p, std::uint64_t) { ++out[p]; });
}

void exists(Worker& w, Words i) {
  std::uint64_t* out = w.out_mask(i->x);
  std::memset(out, 0, num_words(w.rows(0).n) * 8);
  each_selected(w, i->y, [&](std::uint32_t p, std::uint64_t) { set_bit(out, p); });
}

// Sums of the selected values in 64 bits; false: one of them does not fit on the way, and all are unspecified.
bool sum_narrow(Worker& w, std::uint16_t mask_reg, const std::int64_t* values, std::int64_t* out) {
  bool overflows = false;
  each_selected(w, mask_reg, [&](std::uint32_t p, std::uint64_t k) {
    overflows |= __builtin_add_overflow(out[p], values[k], &out[p]);
  });
  return !overflows;
}

void sum_integers(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const std::int64_t* values = w.in<std::int64_t>(i->z);
  auto* out = out_filled<std::int64_t>(w, i->x, 0);
  std::uint64_t* overflow = w.out_mask(i[1].x);
  std::memset(overflow, 0, num_words(w.rows(0).n) * 8);
  if (sum_narrow(w, i->y, values, out)) return;
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    Int128 sum = 0;
    each_bit(bits, begin, end, [&](std::uint64_t k) { sum += values[k]; });
    if (!kernels::to_int64(sum, out[p])) set_bit(overflow, p);
  });
}

// Billionths of the set rows; false: one of them is too large.
inline bool sum_billionths(const std::uint64_t* bits, const double* values, std::uint64_t begin, std::uint64_t end,
                           Int128& sum, std::uint64_t& n) {
  bool fits = true;
  // Below 9e9 a value's billionths fit 64 bits: the usual case needs no wide conversion.
  each_bit(bits, begin, end, [&](std::uint64_t k) {
    const double x = values[k];
    if (x > -9e9 && x < 9e9) {
      sum += static_cast<std::int64_t>(std::rint(x * kernels::kBillion));
    } else {
      Int128 part = 0;
      fits = kernels::to_billionths(x, part) && fits;
      sum += part;
    }
    ++n;
  });
  return fits;
}

void sum_numbers(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const double* values = w.in<double>(i->z);
  double* out = w.out<double>(i->x);
  std::uint64_t* overflow = w.out_mask(i[1].x);
  std::memset(overflow, 0, num_words(w.rows(0).n) * 8);
  const bool is_average = i->op == Op::average;
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    Int128 sum = 0;
    std::uint64_t n = 0;
    bool fits = sum_billionths(bits, values, begin, end, sum, n);
    fits = kernels::sum_of_billionths(sum, out[p]) && fits;
    if (is_average) out[p] /= static_cast<double>(n == 0 ? 1 : n);
    if (!fits) set_bit(overflow, p);
  });
}

void average_integers(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const std::int64_t* values = w.in<std::int64_t>(i->z);
  const std::uint64_t parents = w.rows(0).n;
  const bool rounds = i->op == Op::average_rounded;
  std::int64_t* whole = rounds ? w.out<std::int64_t>(i->x) : nullptr;
  double* number = rounds ? nullptr : w.out<double>(i->x);
  if (!rounds) std::memset(w.out_mask(i[1].x), 0, num_words(parents) * 8);
  w.integers.assign(parents, 0);
  w.words.assign(parents, 0);
  bool fits = sum_narrow(w, i->y, values, w.integers.data());
  each_selected(w, i->y, [&](std::uint32_t p, std::uint64_t) { ++w.words[p]; });
  // Twice a rest must fit as well.
  constexpr std::int64_t kHalf = std::int64_t{1} << 62;
  for (std::uint64_t p = 0; p < parents && fits; ++p) {
    const std::int64_t sum = w.integers[p];
    const std::int64_t n = w.words[p] == 0 ? 1 : static_cast<std::int64_t>(w.words[p]);
    if (!rounds) {
      number[p] = static_cast<double>(sum) / static_cast<double>(n);
    } else if (n == 1) {
      whole[p] = sum;
    } else {
      fits = sum > -kHalf && sum < kHalf;
      const std::int64_t quotient = sum / n;
      const std::int64_t rest = sum - quotient * n;
      const bool rounds_away = (rest < 0 ? -rest : rest) * 2 >= n;
      whole[p] = quotient + (!rounds_away ? 0 : sum < 0 ? -1 : 1);
    }
  }
  if (fits) return;
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    Int128 sum = 0;
    std::int64_t n = 0;
    each_bit(bits, begin, end, [&](std::uint64_t k) {
      sum += values[k];
      ++n;
    });
    n = n == 0 ? 1 : n;
    if (rounds) {
      kernels::to_int64(kernels::divide_half_away(sum, n), whole[p]);
    } else {
      number[p] = static_cast<double>(sum) / static_cast<double>(n);
    }
  });
}

template <class T>
void extreme(Worker& w, Words i) {
  const T* values = w.in<T>(i->z);
  T* out = out_filled<T>(w, i->x, T{});
  const bool is_least = i->op == Op::least;
  w.words.assign(num_words(w.rows(0).n), 0);  // parents that have one
  each_selected(w, i->y, [&](std::uint32_t p, std::uint64_t k) {
    const T value = values[k] + T{};  // -0.0 becomes 0.0: which of the two came first does not show
    const std::uint64_t bit = 1ULL << p % 64;
    const bool better = is_least ? value < out[p] : out[p] < value;
    if ((w.words[p / 64] & bit) == 0 || better) out[p] = value;
    w.words[p / 64] |= bit;
  });
}

// The selected values of a run, in `scratch`.
template <class T>
void collect(const std::uint64_t* bits, const T* values, std::uint64_t begin, std::uint64_t end,
             std::vector<T>& scratch) {
  scratch.clear();
  each_bit(bits, begin, end, [&](std::uint64_t k) { scratch.push_back(values[k] + T{}); });
}

template <class T>
std::vector<T>& scratch(Worker& w) {
  if constexpr (std::is_same_v<T, std::int32_t>) return w.small;
  if constexpr (std::is_same_v<T, std::int64_t>) return w.integers;
  if constexpr (std::is_same_v<T, double>) return w.numbers;
}

template <class T>
void median(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const T* values = w.in<T>(i->z);
  const bool rounds = i->op == Op::median_rounded;
  std::int64_t* whole = rounds ? w.out<std::int64_t>(i->x) : nullptr;
  double* number = rounds ? nullptr : w.out<double>(i->x);
  std::vector<T>& all = scratch<T>(w);
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    collect(bits, values, begin, end, all);
    if (all.empty()) all.push_back(T{});
    std::sort(all.begin(), all.end());
    const T low = all[(all.size() - 1) / 2];
    const T high = all[all.size() / 2];
    if (rounds) {
      kernels::to_int64(kernels::divide_half_away(static_cast<Int128>(low) + static_cast<Int128>(high), 2), whole[p]);
    } else {
      number[p] = (static_cast<double>(low) + static_cast<double>(high)) / 2;
    }
  });
}

// Codes below 64: a set of bits for each parent. False: there are others.
bool distinct_codes(Worker& w, Words i) {
  const std::int32_t* codes = w.in<std::int32_t>(i->z);
  auto* out = out_filled<std::int64_t>(w, i->x, 0);
  w.words.assign(w.rows(0).n, 0);
  std::uint32_t all = 0;
  each_selected(w, i->y, [&](std::uint32_t p, std::uint64_t k) {
    const auto code = static_cast<std::uint32_t>(codes[k]);
    all |= code;
    const std::uint64_t bit = 1ULL << code % 64;
    out[p] += (w.words[p] & bit) == 0 ? 1 : 0;
    w.words[p] |= bit;
  });
  return all < 64;
}

template <class T>
void distinct(Worker& w, Words i) {
  if constexpr (std::is_same_v<T, std::int32_t>) {
    if (distinct_codes(w, i)) return;
  }
  const std::uint64_t* bits = w.mask(i->y);
  const T* values = w.in<T>(i->z);
  std::int64_t* out = w.out<std::int64_t>(i->x);
  std::vector<T>& all = scratch<T>(w);
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    collect(bits, values, begin, end, all);
    if (all.size() > 1) {
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
    }
    out[p] = static_cast<std::int64_t>(all.size());
  });
}

template <class T>
void most_common(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const T* values = w.in<T>(i->z);
  T* out = w.out<T>(i->x);
  std::vector<T>& all = scratch<T>(w);
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    collect(bits, values, begin, end, all);
    std::sort(all.begin(), all.end());
    T best{};
    std::size_t most = 0;
    for (std::size_t k = 0; k < all.size();) {
      std::size_t after = k;
      while (after < all.size() && all[after] == all[k]) ++after;
      if (after - k > most) {
        most = after - k;
        best = all[k];
      }
      k = after;
    }
    out[p] = best;
  });
}

// -1, 0, 1: row a before row b by the registers of a list, one after another.
int order_of(const Worker& w, const std::vector<std::uint16_t>& list, std::uint64_t a, std::uint64_t b) {
  for (std::uint16_t reg : list) {
    int order = 0;
    const auto by = [&](auto x, auto y) { order = x < y ? -1 : y < x ? 1 : 0; };
    switch (w.pass().registers[reg].type) {
      case RegType::kMask: by(w.mask(reg)[a / 64] >> (a % 64) & 1, w.mask(reg)[b / 64] >> (b % 64) & 1); break;
      case RegType::kI32: by(w.in<std::int32_t>(reg)[a], w.in<std::int32_t>(reg)[b]); break;
      case RegType::kI64: by(w.in<std::int64_t>(reg)[a], w.in<std::int64_t>(reg)[b]); break;
      case RegType::kF64: by(w.in<double>(reg)[a], w.in<double>(reg)[b]); break;
    }
    if (order != 0) return order;
  }
  return 0;
}

void pick(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const std::vector<std::uint16_t>& list = w.pass().lists[i->z];
  const int better = i->tag == 0 ? -1 : 1;
  std::int32_t* out = w.out<std::int32_t>(i->x);
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    std::int64_t best = -1;
    each_bit(bits, begin, end, [&](std::uint64_t k) {
      if (best < 0 || order_of(w, list, k, static_cast<std::uint64_t>(best)) == better)
        best = static_cast<std::int64_t>(k);
    });
    out[p] = static_cast<std::int32_t>(best);
  });
}

template <class T>
void take(Worker& w, Words i) {
  const std::uint64_t n = w.rows(0).n;
  const std::uint64_t children = w.rows_of(i->z).n;
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  const T* values = w.in<T>(i->z);
  T* out = w.out<T>(i->x);
  for (std::uint64_t p = 0; p < n; ++p) {
    const auto row = static_cast<std::uint32_t>(rows[p]);
    out[p] = row < children ? values[row] : T{};
  }
}

void take_bits(Worker& w, Words i) {
  const std::uint64_t children = w.rows_of(i->z).n;
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  const std::uint64_t* bits = w.mask(i->z);
  fill_mask(w.rows(0).n, w.out_mask(i->x), [&](std::uint64_t p) {
    const auto row = static_cast<std::uint32_t>(rows[p]);
    return row < children && (bits[row / 64] >> (row % 64) & 1) != 0;
  });
}

// Days since the sibling before, among the set rows of each run. Whole tables (one run) too.
void gap(Worker& w, Words i) {
  const Rows& rows = w.rows_of(i->x);
  const std::uint64_t* bits = w.mask(i->y);
  const std::int32_t* days = w.in<std::int32_t>(i->z);
  const std::vector<std::uint16_t>& list = w.pass().lists[i[1].x];
  std::int64_t* out = w.out<std::int64_t>(i->x);
  std::uint64_t* has = w.out_mask(i[1].y);
  std::memset(out, 0, rows.n * 8);
  std::memset(has, 0, num_words(rows.n) * 8);
  if (rows.starts == nullptr) return;  // a root has no siblings
  each_parent(w, i->x, [&](std::uint64_t, std::uint64_t begin, std::uint64_t end) {
    w.order.clear();
    each_bit(bits, begin, end, [&](std::uint64_t k) { w.order.push_back(static_cast<std::uint32_t>(k)); });
    std::stable_sort(w.order.begin(), w.order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return order_of(w, list, a, b) < 0; });
    for (std::size_t k = 1; k < w.order.size(); ++k) {
      out[w.order[k]] = std::int64_t{days[w.order[k]]} - days[w.order[k - 1]];
      set_bit(has, w.order[k]);
    }
  });
}

// The longest run of calendar units, or the one that goes on.
void streak(Worker& w, Words i) {
  const std::uint64_t* bits = w.mask(i->y);
  const std::int32_t* days = w.in<std::int32_t>(i->z);
  const bool is_current = i[1].x != bytecode::kAbsent;
  const std::int32_t* as_of = is_current ? w.in<std::int32_t>(i[1].x) : nullptr;
  const auto unit = static_cast<base::TimeUnit>(i->tag);
  const auto number = [&](std::int32_t day) { return kernels::unit_number(day, unit, w.binder().week_starts()); };
  std::int64_t* out = w.out<std::int64_t>(i->x);
  std::vector<std::int64_t>& all = w.integers;
  each_parent(w, i->y, [&](std::uint64_t p, std::uint64_t begin, std::uint64_t end) {
    all.clear();
    each_bit(bits, begin, end, [&](std::uint64_t k) { all.push_back(number(days[k])); });
    std::sort(all.begin(), all.end());
    const std::int64_t now = is_current ? number(as_of[p]) : 0;
    std::int64_t best = 0;
    std::int64_t run = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const bool is_next = k > 0 && all[k] == all[k - 1] + 1;
      if (k == 0 || all[k] != all[k - 1]) run = is_next ? run + 1 : 1;
      if (!is_current || all[k] == now || all[k] == now - 1) best = is_current ? run : std::max(best, run);
    }
    out[p] = best;
  });
}

}  // namespace

void run_aggregate(Worker& w, Words i) {
  const auto type = static_cast<RegType>(i->tag);
  const auto typed = [&](auto i32, auto i64, auto f64) {
    if (type == RegType::kI32) i32();
    if (type == RegType::kI64) i64();
    if (type == RegType::kF64) f64();
  };
  switch (i->op) {
    case Op::count: count(w, i); break;
    case Op::exists: exists(w, i); break;
    case Op::sum: type == RegType::kF64 ? sum_numbers(w, i) : sum_integers(w, i); break;
    case Op::average: type == RegType::kF64 ? sum_numbers(w, i) : average_integers(w, i); break;
    case Op::average_rounded: average_integers(w, i); break;
    case Op::least:
    case Op::greatest:
      typed([&] { extreme<std::int32_t>(w, i); }, [&] { extreme<std::int64_t>(w, i); }, [&] { extreme<double>(w, i); });
      break;
    case Op::median: type == RegType::kF64 ? median<double>(w, i) : median<std::int64_t>(w, i); break;
    case Op::median_rounded: median<std::int64_t>(w, i); break;
    case Op::distinct:
      typed([&] { distinct<std::int32_t>(w, i); }, [&] { distinct<std::int64_t>(w, i); },
            [&] { distinct<double>(w, i); });
      break;
    case Op::most_common:
      typed([&] { most_common<std::int32_t>(w, i); }, [&] { most_common<std::int64_t>(w, i); },
            [&] { most_common<double>(w, i); });
      break;
    case Op::pick: pick(w, i); break;
    case Op::take:
      typed([&] { take<std::int32_t>(w, i); }, [&] { take<std::int64_t>(w, i); }, [&] { take<double>(w, i); });
      break;
    case Op::take_bits: take_bits(w, i); break;
    case Op::streak: streak(w, i); break;
    default: gap(w, i); break;
  }
}

}  // namespace seg::exec
