// Sums of squares of whole numbers below 2^98, exactly: what a standard deviation needs so that the order of values
// never matters. In: values one by one. Out: n * sum(v * v) - sum(v) * sum(v) as a double, rounded once.
#pragma once

#include <cstdint>

#include "base/value.h"

namespace seg::population {

// 320 bits, lowest first: room for 2^60 squares times their number.
struct Wide {
  std::uint64_t limbs[5] = {0, 0, 0, 0, 0};
};
void add(Wide& to, const Wide& what);
void subtract(Wide& from, const Wide& what);  // what <= from
Wide multiply(base::UInt128 a, base::UInt128 b);
Wide multiply(const Wide& a, std::uint64_t b);
double to_double(const Wide& a);  // to the nearest, ties to even

class Squares {
 public:
  void add(base::Int128 value);
  // n * n times the variance.
  double spread() const;
  std::uint64_t count() const { return n_; }

 private:
  std::uint64_t n_ = 0;
  base::Int128 sum_ = 0;
  Wide squares_;
};

}  // namespace seg::population
