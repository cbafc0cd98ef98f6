#include "runtime/population/squares.h"

#include <bit>
#include <cmath>

namespace seg::population {

using base::Int128;
using base::UInt128;

void add(Wide& to, const Wide& what) {
  UInt128 carry = 0;
  for (int i = 0; i < 5; ++i) {
    carry += static_cast<UInt128>(to.limbs[i]) + what.limbs[i];
    to.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

void subtract(Wide& from, const Wide& what) {
  std::uint64_t borrow = 0;
  for (int i = 0; i < 5; ++i) {
    const UInt128 taken = static_cast<UInt128>(what.limbs[i]) + borrow;
    borrow = from.limbs[i] < taken ? 1 : 0;
    from.limbs[i] -= static_cast<std::uint64_t>(taken);
  }
}

Wide multiply(const Wide& a, std::uint64_t b) {
  Wide product;
  UInt128 carry = 0;
  for (int i = 0; i < 5; ++i) {
    carry += static_cast<UInt128>(a.limbs[i]) * b;
    product.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return product;
}

Wide multiply(UInt128 a, UInt128 b) {
  Wide wide;
  wide.limbs[0] = static_cast<std::uint64_t>(a);
  wide.limbs[1] = static_cast<std::uint64_t>(a >> 64);
  Wide product = multiply(wide, static_cast<std::uint64_t>(b));
  const Wide high = multiply(wide, static_cast<std::uint64_t>(b >> 64));
  Wide shifted;
  for (int i = 1; i < 5; ++i) shifted.limbs[i] = high.limbs[i - 1];
  add(product, shifted);
  return product;
}

double to_double(const Wide& a) {
  int top = 4;
  while (top > 0 && a.limbs[top] == 0) --top;
  const int zeros = std::countl_zero(a.limbs[top]);
  if (zeros == 64) return 0;
  // The highest 64 bits; whatever is below only breaks ties, so that its lowest bit stands for all of it.
  std::uint64_t bits = a.limbs[top] << zeros;
  bool has_rest = false;
  if (top > 0) {
    if (zeros > 0) bits |= a.limbs[top - 1] >> (64 - zeros);
    has_rest = (a.limbs[top - 1] << zeros) != 0;
    for (int i = 0; i < top - 1; ++i) has_rest = has_rest || a.limbs[i] != 0;
  }
  return std::ldexp(static_cast<double>(bits | (has_rest ? 1U : 0U)), 64 * top - zeros);
}

void Squares::add(Int128 value) {
  const auto size = static_cast<UInt128>(value < 0 ? -value : value);
  population::add(squares_, multiply(size, size));
  sum_ += value;
  ++n_;
}

double Squares::spread() const {
  Wide spread = multiply(squares_, n_);
  const auto size = static_cast<UInt128>(sum_ < 0 ? -sum_ : sum_);
  subtract(spread, multiply(size, size));
  return to_double(spread);
}

}  // namespace seg::population
