#include "runtime/events/cluster.h"

#include <doctest/doctest.h>

#include <vector>

#include "runtime/vector/column.h"

using namespace seg;

namespace {

// Every child in its parent's range, in file order.
void check_clustering(const std::vector<std::uint32_t>& parents, std::uint64_t num_parents,
                      std::uint64_t memory_budget) {
  auto result =
      events::cluster(parents.data(), parents.size(), num_parents, {.num_threads = 1, .memory_budget = memory_budget});
  REQUIRE(result.ok());
  const events::Clustering& clustering = result.value();
  REQUIRE(clustering.first.size() == num_parents + 1);
  std::uint64_t num_owned = 0;
  for (const std::uint32_t parent : parents) num_owned += parent < num_parents ? 1 : 0;
  CHECK(clustering.num_positions == num_owned);
  CHECK(clustering.first.back() == num_owned);
  for (std::uint64_t p = 0; p < num_parents; ++p) {
    std::uint64_t before = 0;
    for (std::uint64_t i = clustering.first[p]; i < clustering.first[p + 1]; ++i) {
      const std::uint64_t row = clustering.rows ? clustering.rows[i] : i;
      REQUIRE(parents[row] == p);
      if (i != clustering.first[p]) REQUIRE(row > before);
      before = row;
    }
  }
}

std::vector<std::uint32_t> scattered(std::uint64_t num_rows, std::uint32_t num_parents) {
  std::vector<std::uint32_t> parents(num_rows);
  for (std::uint64_t r = 0; r < num_rows; ++r) parents[r] = static_cast<std::uint32_t>(r * 2'654'435'761 % num_parents);
  return parents;
}

}  // namespace

TEST_CASE("rows in their parents' order are left where they are") {
  auto result = events::cluster(std::vector<std::uint32_t>{0, 0, 2, 2, 3}.data(), 5, 5, {});
  REQUIRE(result.ok());
  CHECK(result.value().rows == nullptr);
  CHECK(result.value().first == std::vector<std::uint64_t>{0, 2, 2, 4, 5, 5});
}

TEST_CASE("no rows, no parents") {
  check_clustering({}, 0, 0);
  check_clustering({}, 3, 0);
  check_clustering({vector::kNoRow}, 0, 0);
}

TEST_CASE("unsorted rows come together in file order") { check_clustering({3, 1, 3, 0, 1, 1}, 5, 0); }

TEST_CASE("rows without a parent have no position") {
  check_clustering({0, vector::kNoRow, 1, 7, 1}, 2, 0);
  check_clustering({vector::kNoRow, vector::kNoRow}, 2, 0);
}

TEST_CASE("one parent with everything") { check_clustering(std::vector<std::uint32_t>(5'000, 1), 3, 0); }

TEST_CASE("beyond the memory budget the result is the same") { check_clustering(scattered(50'000, 997), 997, 1'000); }

TEST_CASE("many rows go by stripes") { check_clustering(scattered(9'500'000, 100'003), 100'003, 0); }
