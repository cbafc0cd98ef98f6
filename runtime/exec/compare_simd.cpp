// Comparisons into masks with Highway: compiled once for each instruction set, chosen when first called.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/exec/compare_simd.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "runtime/exec/ops.h"

HWY_BEFORE_NAMESPACE();
namespace seg::exec::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 64 rows a word; `vector(i)` gives the mask of the lanes from i on, `scalar(i)` one row's.
template <class D, class Vector, class Scalar>
HWY_INLINE void fill(D d, std::uint64_t n, std::uint64_t* out, Vector vector, Scalar scalar) {
  const std::size_t lanes = hn::Lanes(d);
  std::uint64_t i = 0;
  for (; i + 64 <= n; i += 64) {
    std::uint64_t word = 0;
    if (lanes >= 8 && lanes <= 64) {
      std::uint8_t bytes[16] = {};
      for (std::size_t j = 0; j < 64; j += lanes) hn::StoreMaskBits(d, vector(i + j), bytes + j / 8);
      std::memcpy(&word, bytes, 8);
    } else {
      for (std::size_t j = 0; j < 64; j += lanes) {
        std::uint8_t bits[16] = {};
        hn::StoreMaskBits(d, vector(i + j), bits);
        word |= static_cast<std::uint64_t>(bits[0]) << j;
      }
    }
    out[i / 64] = word;
  }
  if (i < n) {
    std::uint64_t word = 0;
    for (std::uint64_t j = 0; i + j < n; ++j) word |= static_cast<std::uint64_t>(scalar(i + j) ? 1 : 0) << j;
    out[i / 64] = word;
  }
}

template <class T, class B, class SB>
HWY_INLINE void compare_all(Compare op, const T* a, std::uint64_t n, std::uint64_t* out, B other, SB scalar_other) {
  const hn::CappedTag<T, 64> d;
  switch (op) {
    case Compare::kEqual:
      fill(
          d, n, out, [&](std::uint64_t i) { return hn::Eq(hn::LoadU(d, a + i), other(d, i)); },
          [&](std::uint64_t i) { return a[i] == scalar_other(i); });
      break;
    case Compare::kLess:
      fill(
          d, n, out, [&](std::uint64_t i) { return hn::Lt(hn::LoadU(d, a + i), other(d, i)); },
          [&](std::uint64_t i) { return a[i] < scalar_other(i); });
      break;
    case Compare::kGreater:
      fill(
          d, n, out, [&](std::uint64_t i) { return hn::Gt(hn::LoadU(d, a + i), other(d, i)); },
          [&](std::uint64_t i) { return a[i] > scalar_other(i); });
      break;
  }
}

template <class T>
HWY_INLINE void with_vector(Compare op, const T* a, const T* b, std::uint64_t n, std::uint64_t* out) {
  compare_all(
      op, a, n, out, [b](auto d, std::uint64_t i) { return hn::LoadU(d, b + i); },
      [b](std::uint64_t i) { return b[i]; });
}
template <class T>
HWY_INLINE void with_constant(Compare op, const T* a, T b, std::uint64_t n, std::uint64_t* out) {
  compare_all(op, a, n, out, [b](auto d, std::uint64_t) { return hn::Set(d, b); }, [b](std::uint64_t) { return b; });
}
template <class T>
HWY_INLINE void between_all(const T* a, T from, T to, std::uint64_t n, std::uint64_t* out) {
  const hn::CappedTag<T, 64> d;
  const auto low = hn::Set(d, from);
  const auto high = hn::Set(d, to);
  fill(
      d, n, out,
      [&](std::uint64_t i) {
        const auto v = hn::LoadU(d, a + i);
        return hn::AndNot(hn::Lt(v, low), hn::Lt(v, high));
      },
      [&](std::uint64_t i) { return a[i] >= from && a[i] < to; });
}

void vectors_i32(Compare op, const std::int32_t* a, const std::int32_t* b, std::uint64_t n, std::uint64_t* out) {
  with_vector(op, a, b, n, out);
}
void vectors_i64(Compare op, const std::int64_t* a, const std::int64_t* b, std::uint64_t n, std::uint64_t* out) {
  with_vector(op, a, b, n, out);
}
void vectors_f64(Compare op, const double* a, const double* b, std::uint64_t n, std::uint64_t* out) {
  with_vector(op, a, b, n, out);
}
void constant_i32(Compare op, const std::int32_t* a, std::int32_t b, std::uint64_t n, std::uint64_t* out) {
  with_constant(op, a, b, n, out);
}
void constant_i64(Compare op, const std::int64_t* a, std::int64_t b, std::uint64_t n, std::uint64_t* out) {
  with_constant(op, a, b, n, out);
}
void constant_f64(Compare op, const double* a, double b, std::uint64_t n, std::uint64_t* out) {
  with_constant(op, a, b, n, out);
}
void between_i32(const std::int32_t* a, std::int32_t from, std::int32_t to, std::uint64_t n, std::uint64_t* out) {
  between_all(a, from, to, n, out);
}
void between_i64(const std::int64_t* a, std::int64_t from, std::int64_t to, std::uint64_t n, std::uint64_t* out) {
  between_all(a, from, to, n, out);
}

// Each lane shifts one half of the set by the low five bits of its code; codes from 64 on have no bit.
void bits_of(const std::uint32_t* codes, std::uint64_t bits, std::uint64_t n, std::uint64_t* out) {
  const hn::CappedTag<std::uint32_t, 64> d;
  const auto low = hn::Set(d, static_cast<std::uint32_t>(bits));
  const auto high = hn::Set(d, static_cast<std::uint32_t>(bits >> 32));
  const auto one = hn::Set(d, 1U);
  fill(
      d, n, out,
      [&](std::uint64_t i) {
        const auto code = hn::LoadU(d, codes + i);
        const auto half = hn::IfThenElse(hn::Lt(code, hn::Set(d, 32U)), low, high);
        const auto bit = hn::And(hn::Shr(half, hn::And(code, hn::Set(d, 31U))), one);
        return hn::And(hn::Eq(bit, one), hn::Lt(code, hn::Set(d, 64U)));
      },
      [&](std::uint64_t i) { return codes[i] < 64 && (bits >> codes[i] & 1) != 0; });
}

std::uint64_t count_any(const std::uint64_t* a, const std::uint64_t* b, const std::uint64_t* c, std::uint64_t words) {
  const hn::ScalableTag<std::uint64_t> d;
  const std::uint64_t lanes = hn::Lanes(d);
  auto sums = hn::Zero(d);
  std::uint64_t i = 0;
  for (; i + lanes <= words; i += lanes) {
    const auto any = hn::Or(hn::Or(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), hn::LoadU(d, c + i));
    sums = hn::Add(sums, hn::PopulationCount(any));
  }
  std::uint64_t count = hn::GetLane(hn::SumOfLanes(d, sums));
  for (; i < words; ++i) count += static_cast<std::uint64_t>(std::popcount(a[i] | b[i] | c[i]));
  return count;
}

}  // namespace seg::exec::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seg::exec {

HWY_EXPORT(vectors_i32);
HWY_EXPORT(vectors_i64);
HWY_EXPORT(vectors_f64);
HWY_EXPORT(constant_i32);
HWY_EXPORT(constant_i64);
HWY_EXPORT(constant_f64);
HWY_EXPORT(between_i32);
HWY_EXPORT(between_i64);
HWY_EXPORT(bits_of);
HWY_EXPORT(count_any);

void compare(Compare op, const std::int32_t* a, const std::int32_t* b, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(vectors_i32)(op, a, b, n, out);
}
void compare(Compare op, const std::int64_t* a, const std::int64_t* b, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(vectors_i64)(op, a, b, n, out);
}
void compare(Compare op, const double* a, const double* b, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(vectors_f64)(op, a, b, n, out);
}
void compare(Compare op, const std::int32_t* a, std::int32_t b, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(constant_i32)(op, a, b, n, out);
}
void compare(Compare op, const std::int64_t* a, std::int64_t b, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(constant_i64)(op, a, b, n, out);
}
void compare(Compare op, const double* a, double b, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(constant_f64)(op, a, b, n, out);
}
void between(const std::int32_t* a, std::int32_t from, std::int32_t to, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(between_i32)(a, from, to, n, out);
}
void between(const std::int64_t* a, std::int64_t from, std::int64_t to, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(between_i64)(a, from, to, n, out);
}
void test_bits(const std::int32_t* a, std::uint64_t bits, std::uint64_t n, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(bits_of)(reinterpret_cast<const std::uint32_t*>(a), bits, n, out);
}

std::uint64_t count_bits(const std::uint64_t* a, const std::uint64_t* b, const std::uint64_t* c, std::uint64_t words) {
  return HWY_DYNAMIC_DISPATCH(count_any)(a, b, c, words);
}

}  // namespace seg::exec
#endif
