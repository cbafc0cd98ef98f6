// Finding each customer's events: stored in customer order (one look), or anywhere.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "runtime/events/cluster.h"

namespace {

using namespace seg;

constexpr std::uint64_t kEventsEach = 10;

// Arguments: events, threads.
void cluster(benchmark::State& state, bool is_sorted) {
  const auto num_rows = static_cast<std::uint64_t>(state.range(0));
  const std::uint64_t num_parents = num_rows / kEventsEach;
  std::mt19937_64 random(1);
  std::vector<std::uint32_t> parents(num_rows);
  for (std::uint32_t& parent : parents) parent = static_cast<std::uint32_t>(random() % num_parents);
  if (is_sorted) std::sort(parents.begin(), parents.end());
  const events::ClusterOptions options = {.num_threads = static_cast<unsigned>(state.range(1))};
  for (auto _ : state) {
    const auto clustering = events::cluster(parents.data(), num_rows, num_parents, options);
    if (!clustering.ok()) state.SkipWithError("no clustering");
    benchmark::DoNotOptimize(clustering);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(num_rows));
}
BENCHMARK_CAPTURE(cluster, in_customer_order, true)
    ->ArgsProduct({{100'000, 10'000'000}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cluster, shuffled, false)
    ->ArgsProduct({{100'000, 10'000'000}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
