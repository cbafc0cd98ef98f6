// What dates and windows cost per row.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "runtime/kernels/arithmetic.h"
#include "runtime/kernels/calendar.h"

namespace {

using namespace seg;

constexpr std::size_t kRows = 2048;  // about what lies in the first cache

std::vector<std::int32_t> random_days() {
  std::mt19937 random(1);
  std::vector<std::int32_t> days(kRows);
  for (std::int32_t& day : days) day = static_cast<std::int32_t>(random() % 30'000) - 10'000;  // 1942 to 2024
  return days;
}

void ages(benchmark::State& state) {
  const auto days = random_days();
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const std::int32_t day : days) sum += kernels::years_between(day, 20'633);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(ages);

void civil_days(benchmark::State& state) {
  const auto days = random_days();
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const std::int32_t day : days) sum += kernels::civil_of(day).month;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(civil_days);

// Instants of two years: the zone changes its clock four times in them.
void local_days(benchmark::State& state, const char* zone_name) {
  const kernels::TimeZone& zone = *kernels::TimeZone::find(zone_name);
  std::mt19937_64 random(1);
  std::vector<std::int64_t> instants(kRows);
  std::vector<std::int32_t> days(kRows);
  const std::uint64_t range = 730ULL * 86'400'000'000ULL;
  for (std::int64_t& instant : instants)
    instant = 1'700'000'000'000'000LL + static_cast<std::int64_t>(random() % range);
  for (auto _ : state) {
    zone.local_days(instants.data(), days.data(), kRows);
    benchmark::DoNotOptimize(days.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK_CAPTURE(local_days, utc, "UTC");
BENCHMARK_CAPTURE(local_days, new_york, "America/New_York");

void exact_sum_of_numbers(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<double> values(kRows);
  for (double& value : values) value = static_cast<double>(random() % 100'000) / 100;
  for (auto _ : state) {
    kernels::Int128 sum = 0;
    for (const double value : values) {
      kernels::Int128 billionths = 0;
      if (kernels::to_billionths(value, billionths)) sum += billionths;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(exact_sum_of_numbers);

void money_times_number(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<std::int64_t> values(kRows);
  for (std::int64_t& value : values) value = random() % 10'000'000;
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const std::int64_t value : values) {
      std::int64_t product = 0;
      if (kernels::multiply_scaled(value, 0.19, product)) sum += product;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(money_times_number);

}  // namespace
