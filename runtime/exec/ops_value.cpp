// Constants, comparisons and arithmetic.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "runtime/exec/ops.h"
#include "runtime/kernels/arithmetic.h"

namespace seg::exec {

using bytecode::kAbsent;
using bytecode::Op;
using bytecode::RegType;

namespace {

void set_all(Worker& w, std::uint16_t reg, bool value) {
  const std::uint64_t n = w.rows_of(reg).n;
  std::uint64_t* out = w.out_mask(reg);
  std::memset(out, value ? 0xFF : 0, num_words(n) * 8);
  if (n != 0) out[num_words(n) - 1] &= tail_mask(n);
}

template <class T>
void compare_vectors(Worker& w, Words i, Compare op) {
  compare(op, w.in<T>(i->y), w.in<T>(i->z), w.rows_of(i->x).n, w.out_mask(i->x));
}

template <class T>
void compare_constant(Worker& w, Words i, Compare op, T constant) {
  compare(op, w.in<T>(i->y), constant, w.rows_of(i->x).n, w.out_mask(i->x));
}

template <class T, class L>
void one_of(Worker& w, Words i, const std::vector<L>& list) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const T* in = w.in<T>(i->y);
  std::uint64_t* out = w.out_mask(i->x);
  if constexpr (std::is_same_v<T, std::int32_t>) {  // choices: a set of bits
    if (std::all_of(list.begin(), list.end(), [](L one) { return one >= 0 && one < 64; })) {
      std::uint64_t bits = 0;
      for (const L& one : list) bits |= 1ULL << one;
      return test_bits(in, bits, n, out);
    }
  }
  if (list.size() <= 8) {
    fill_mask(n, out, [&](std::uint64_t k) {
      bool found = false;
      for (const L& one : list) found |= static_cast<L>(in[k]) == one;
      return found;
    });
  } else {
    fill_mask(n, out,
              [&](std::uint64_t k) { return std::binary_search(list.begin(), list.end(), static_cast<L>(in[k])); });
  }
}

void in_set(Worker& w, Words i) {
  const BoundPredicate& predicate = w.binder().predicate(i->z);
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* in = w.in<std::int32_t>(i->y);
  std::uint64_t* out = w.out_mask(i->x);
  switch (predicate.kind) {
    case BoundPredicate::Kind::kNobody: std::memset(out, 0, num_words(n) * 8); break;
    case BoundPredicate::Kind::kOne: compare(Compare::kEqual, in, predicate.code, n, out); break;
    case BoundPredicate::Kind::kFew: test_bits(in, predicate.bits, n, out); break;
    case BoundPredicate::Kind::kTable: {
      const std::uint8_t* table = predicate.table.data();
      const auto size = static_cast<std::uint32_t>(predicate.table.size());
      fill_mask(n, out, [&](std::uint64_t k) {
        const auto code = static_cast<std::uint32_t>(in[k]);
        return code < size && table[code] != 0;
      });
    }
  }
}

template <class T>
void in_window(Worker& w, Words i, const std::vector<T>& from, const std::vector<T>& to) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const T* in = w.in<T>(i->y);
  std::uint64_t* out = w.out_mask(i->x);
  if (i[1].x == kAbsent) {
    between(in, from[0], to[0], n, out);
    return;
  }
  const std::int32_t* zones = w.in<std::int32_t>(i[1].x);
  const std::uint64_t num_zones = from.size();
  fill_mask(n, out, [&](std::uint64_t k) {
    const auto zone = static_cast<std::uint32_t>(zones[k]) < num_zones ? static_cast<std::uint32_t>(zones[k]) : 0;
    return in[k] >= from[zone] && in[k] < to[zone];
  });
}

// -- arithmetic --

// Integers: what f makes of them, with overflow as a bit.
template <class F>
void checked(std::uint64_t n, std::uint64_t* overflow, F f) {
  for (std::uint64_t i = 0; i < n; i += 64) {
    const std::uint64_t rows = n - i < 64 ? n - i : 64;
    std::uint64_t word = 0;
    for (std::uint64_t j = 0; j < rows; ++j) word |= static_cast<std::uint64_t>(f(i + j) ? 0 : 1) << j;
    overflow[i / 64] = word;
  }
}

template <class F>
void numbers(Worker& w, std::uint16_t to, std::uint16_t overflow_reg, F f) {
  const std::uint64_t n = w.rows_of(to).n;
  double* out = w.out<double>(to);
  for (std::uint64_t k = 0; k < n; ++k) out[k] = f(k);
  if (overflow_reg == kAbsent) return;
  checked(n, w.out_mask(overflow_reg), [&](std::uint64_t k) { return std::isfinite(out[k]); });
}

template <class F>
void integers(Worker& w, std::uint16_t to, std::uint16_t overflow_reg, F f) {
  std::int64_t* out = w.out<std::int64_t>(to);
  checked(w.rows_of(to).n, w.out_mask(overflow_reg), [&](std::uint64_t k) { return f(k, out[k]); });
}

void two_integers(Worker& w, Words i) {
  const std::int64_t* a = w.in<std::int64_t>(i->y);
  const std::int64_t* b = w.in<std::int64_t>(i->z);
  const auto each = [&](auto f) {
    integers(w, i->x, i[1].x, [&](std::uint64_t k, std::int64_t& out) { return !f(a[k], b[k], &out); });
  };
  if (i->op == Op::add) each([](auto x, auto y, auto* out) { return __builtin_add_overflow(x, y, out); });
  if (i->op == Op::subtract) each([](auto x, auto y, auto* out) { return __builtin_sub_overflow(x, y, out); });
  if (i->op == Op::multiply) each([](auto x, auto y, auto* out) { return __builtin_mul_overflow(x, y, out); });
}

void two_numbers(Worker& w, Words i) {
  const double* a = w.in<double>(i->y);
  const double* b = w.in<double>(i->z);
  if (i->op == Op::add) numbers(w, i->x, i[1].x, [&](std::uint64_t k) { return a[k] + b[k]; });
  if (i->op == Op::subtract) numbers(w, i->x, i[1].x, [&](std::uint64_t k) { return a[k] - b[k]; });
  if (i->op == Op::multiply) numbers(w, i->x, i[1].x, [&](std::uint64_t k) { return a[k] * b[k]; });
  if (i->op == Op::divide) {  // by zero: left out by whoever reads it
    numbers(w, i->x, i[1].x, [&](std::uint64_t k) { return a[k] / (b[k] == 0 ? 1.0 : b[k]); });
  }
}

template <class T>
void two_same(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const T* a = w.in<T>(i->y);
  const T* b = w.in<T>(i->z);
  T* out = w.out<T>(i->x);
  if (i->op == Op::minimum) {
    for (std::uint64_t k = 0; k < n; ++k) out[k] = b[k] < a[k] ? b[k] : a[k];
  } else {
    for (std::uint64_t k = 0; k < n; ++k) out[k] = a[k] < b[k] ? b[k] : a[k];
  }
}

template <class T>
void select(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::uint64_t* bits = w.mask(i->y);
  const T* a = w.in<T>(i->z);
  const T* b = w.in<T>(i[1].x);
  T* out = w.out<T>(i->x);
  for (std::uint64_t k = 0; k < n; k += 64) {
    const std::uint64_t rows = n - k < 64 ? n - k : 64;
    const std::uint64_t word = bits[k / 64];
    if (word == 0) {
      std::memcpy(out + k, b + k, rows * sizeof(T));
      continue;
    }
    for (std::uint64_t j = 0; j < rows; ++j) out[k + j] = (word >> j & 1) != 0 ? a[k + j] : b[k + j];
  }
}

void scaled(Worker& w, Words i) {
  const std::int64_t* a = w.in<std::int64_t>(i->y);
  const double* b = w.in<double>(i->z);
  if (i->op == Op::multiply_scaled) {
    integers(w, i->x, i[1].x,
             [&](std::uint64_t k, std::int64_t& out) { return kernels::multiply_scaled(a[k], b[k], out); });
  } else {
    integers(w, i->x, i[1].x, [&](std::uint64_t k, std::int64_t& out) {
      return kernels::divide_scaled(a[k], b[k] == 0 ? 1.0 : b[k], out);
    });
  }
}

void points(Worker& w, Words i) {
  const double* a = w.in<double>(i->y);
  const double* b = w.in<double>(i->z);
  const double* cap = i[1].x == kAbsent ? nullptr : w.in<double>(i[1].x);
  numbers(w, i->x, kAbsent, [&](std::uint64_t k) {
    const double all = a[k] * b[k];
    if (!std::isfinite(all)) return 0.0;
    if (cap == nullptr) return all;
    const double most = std::fabs(cap[k]);
    return all < -most ? -most : all > most ? most : all;
  });
}

}  // namespace

void run_constant(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  switch (i->op) {
    case Op::constant: {
      const BoundConstant& constant = w.binder().constant(i->y);
      const auto type = static_cast<RegType>(i->tag);
      if (type == RegType::kI32) std::fill_n(w.out<std::int32_t>(i->x), n, constant.i32);
      if (type == RegType::kI64) std::fill_n(w.out<std::int64_t>(i->x), n, constant.i64);
      if (type == RegType::kF64) std::fill_n(w.out<double>(i->x), n, constant.f64);
      break;
    }
    case Op::constant_bits: set_all(w, i->x, w.binder().constant(i->y).flag); break;
    case Op::constant_known: set_all(w, i->x, w.binder().constant(i->y).is_known); break;
    default: {  // as_of_day, as_of_end
      const std::vector<kernels::BoundAsOf>& as_of = w.binder().as_of();
      const std::int32_t* zones = i->y == kAbsent ? nullptr : w.in<std::int32_t>(i->y);
      const auto at = [&](std::uint64_t k) -> const kernels::BoundAsOf& {
        const std::uint32_t zone = zones == nullptr ? 0 : static_cast<std::uint32_t>(zones[k]);
        return as_of[zone < as_of.size() ? zone : 0];
      };
      if (i->op == Op::as_of_day) {
        std::int32_t* out = w.out<std::int32_t>(i->x);
        for (std::uint64_t k = 0; k < n; ++k) out[k] = at(k).day;
      } else {
        std::int64_t* out = w.out<std::int64_t>(i->x);
        for (std::uint64_t k = 0; k < n; ++k) out[k] = at(k).instant;
      }
    }
  }
}

void run_compare(Worker& w, Words i) {
  const auto type = static_cast<RegType>(i->tag);
  switch (i->op) {
    case Op::equal:
    case Op::less: {
      const Compare op = i->op == Op::equal ? Compare::kEqual : Compare::kLess;
      if (type == RegType::kI32) compare_vectors<std::int32_t>(w, i, op);
      if (type == RegType::kI64) compare_vectors<std::int64_t>(w, i, op);
      if (type == RegType::kF64) compare_vectors<double>(w, i, op);
      break;
    }
    case Op::equal_c:
    case Op::less_c:
    case Op::greater_c: {
      const Compare op = i->op == Op::equal_c  ? Compare::kEqual
                         : i->op == Op::less_c ? Compare::kLess
                                               : Compare::kGreater;
      const BoundConstant& constant = w.binder().constant(i->z);
      if (type == RegType::kI32) compare_constant<std::int32_t>(w, i, op, constant.i32);
      if (type == RegType::kI64) compare_constant<std::int64_t>(w, i, op, constant.i64);
      if (type == RegType::kF64) compare_constant<double>(w, i, op, constant.f64);
      break;
    }
    case Op::one_of: {
      const BoundConstant& constant = w.binder().constant(i->z);
      if (type == RegType::kI32) one_of<std::int32_t>(w, i, constant.whole);
      if (type == RegType::kI64) one_of<std::int64_t>(w, i, constant.whole);
      if (type == RegType::kF64) one_of<double>(w, i, constant.numbers);
      break;
    }
    case Op::in_set: in_set(w, i); break;
    default: {  // in_window
      const BoundIntervals& window = w.binder().window(i->z);
      if (type == RegType::kI64) in_window<std::int64_t>(w, i, window.from, window.to);
      if (type == RegType::kI32) in_window<std::int32_t>(w, i, window.from_day, window.to_day);
      if (type == RegType::kF64) set_all(w, i->x, false);
    }
  }
}

void run_arithmetic(Worker& w, Words i) {
  const auto type = static_cast<RegType>(i->tag);
  const std::uint64_t n = w.rows_of(i->x).n;
  switch (i->op) {
    case Op::add:
    case Op::subtract:
    case Op::multiply:
      if (type == RegType::kI64) {
        two_integers(w, i);
      } else if (type == RegType::kF64) {
        two_numbers(w, i);
      } else {  // the verifier refuses it
        std::memset(w.out<std::int32_t>(i->x), 0, n * 4);
        set_all(w, i[1].x, false);
      }
      break;
    case Op::divide: two_numbers(w, i); break;
    case Op::negate:
    case Op::absolute:
      if (type == RegType::kF64) {
        const double* a = w.in<double>(i->y);
        if (i->op == Op::negate) numbers(w, i->x, i->z, [&](std::uint64_t k) { return -a[k]; });
        if (i->op == Op::absolute) numbers(w, i->x, i->z, [&](std::uint64_t k) { return std::fabs(a[k]); });
      } else if (type == RegType::kI64) {
        const std::int64_t* a = w.in<std::int64_t>(i->y);
        const bool is_negate = i->op == Op::negate;
        integers(w, i->x, i->z, [&](std::uint64_t k, std::int64_t& out) {
          if (!is_negate && a[k] >= 0) return out = a[k], true;
          return !__builtin_sub_overflow(std::int64_t{0}, a[k], &out);
        });
      } else {
        std::memset(w.out<std::int32_t>(i->x), 0, n * 4);
        set_all(w, i->z, false);
      }
      break;
    case Op::minimum:
    case Op::maximum:
      if (type == RegType::kI32) two_same<std::int32_t>(w, i);
      if (type == RegType::kI64) two_same<std::int64_t>(w, i);
      if (type == RegType::kF64) two_same<double>(w, i);
      break;
    case Op::to_number: {
      const std::int64_t* a = w.in<std::int64_t>(i->y);
      numbers(w, i->x, kAbsent, [&](std::uint64_t k) { return static_cast<double>(a[k]); });
      break;
    }
    case Op::multiply_scaled:
    case Op::divide_scaled: scaled(w, i); break;
    case Op::round_number: {
      const double* a = w.in<double>(i->y);
      const auto digits = static_cast<std::int8_t>(i->tag);
      const double scale = std::pow(10.0, digits);
      numbers(w, i->x, i->z, [&](std::uint64_t k) { return std::round(a[k] * scale) / scale; });
      break;
    }
    case Op::round_money: {
      const std::int64_t* a = w.in<std::int64_t>(i->y);
      const auto digits = static_cast<std::int8_t>(i->tag);
      integers(w, i->x, i->z,
               [&](std::uint64_t k, std::int64_t& out) { return kernels::round_money(a[k], digits, out); });
      break;
    }
    case Op::floor_number:
    case Op::ceil_number: {
      const double* a = w.in<double>(i->y);
      if (i->op == Op::floor_number) numbers(w, i->x, kAbsent, [&](std::uint64_t k) { return std::floor(a[k]); });
      if (i->op == Op::ceil_number) numbers(w, i->x, kAbsent, [&](std::uint64_t k) { return std::ceil(a[k]); });
      break;
    }
    case Op::floor_money:
    case Op::ceil_money: {
      const std::int64_t* a = w.in<std::int64_t>(i->y);
      const bool is_floor = i->op == Op::floor_money;
      integers(w, i->x, i->z, [&](std::uint64_t k, std::int64_t& out) {
        return is_floor ? kernels::floor_money(a[k], out) : kernels::ceil_money(a[k], out);
      });
      break;
    }
    case Op::points: points(w, i); break;
    case Op::select:
      if (type == RegType::kI32) select<std::int32_t>(w, i);
      if (type == RegType::kI64) select<std::int64_t>(w, i);
      if (type == RegType::kF64) select<double>(w, i);
      break;
    default: {  // bit_value
      const std::uint64_t* bits = w.mask(i->y);
      std::int64_t* out = w.out<std::int64_t>(i->x);
      for (std::uint64_t k = 0; k < n; ++k) out[k] = static_cast<std::int64_t>(bits[k / 64] >> (k % 64) & 1);
    }
  }
}

}  // namespace seg::exec
