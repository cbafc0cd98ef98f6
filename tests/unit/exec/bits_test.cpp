// Codes against sets of bits: whatever the length, vectors and the rest behind them say the same.
#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "runtime/exec/ops.h"

TEST_CASE("vm: a set of bits holds exactly its codes") {
  std::mt19937 random(5);
  const std::vector<std::int32_t> edges = {-1, 0,  1,  30, 31,  32,  33,        62,       63,
                                           64, 65, 95, 96, 127, 128, INT32_MAX, INT32_MIN};
  for (const std::uint64_t bits : {0ULL, 1ULL, ~0ULL, 0x8000'0000'8000'0001ULL, 0x0123'4567'89AB'CDEFULL}) {
    for (const std::size_t n : {1UL, 63UL, 64UL, 65UL, 300UL}) {
      std::vector<std::int32_t> codes(n);
      for (std::int32_t& code : codes) code = edges[random() % edges.size()];
      std::vector<std::uint64_t> out((n + 63) / 64, 0xABAB);
      seg::exec::test_bits(codes.data(), bits, n, out.data());
      for (std::size_t k = 0; k < out.size() * 64; ++k) {
        const bool expected = k < n && codes[k] >= 0 && codes[k] < 64 && (bits >> codes[k] & 1) != 0;
        REQUIRE((out[k / 64] >> k % 64 & 1) == (expected ? 1 : 0));
      }
    }
  }
}
