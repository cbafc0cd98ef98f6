// Valid sources to start from: the declarations of every .seg file of the repository that parses.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace seg::fuzz {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

// Each with its documentation and the comments inside it.
std::vector<std::string> read_declarations(const std::string& source_dir);

// A few declarations in a row, with comments and blank lines between some of them.
std::string make_source(const std::vector<std::string>& declarations, Random& random);

}  // namespace seg::fuzz
