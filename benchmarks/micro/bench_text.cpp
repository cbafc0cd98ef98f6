// What text functions cost per distinct value: they run over dictionaries, not over rows.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "runtime/kernels/text.h"

namespace {

using namespace seg;

const std::array<std::string, 8> kTexts = {
    "Lisbon", "Sollentuna", "São Tomé", "İstanbul",
    "تهران",  "كرمان",      "Երևան",    "a much longer product description, 500 g"};

template <class Function>
void over_texts(benchmark::State& state, Function function) {
  for (auto _ : state) {
    for (const std::string& text : kTexts) benchmark::DoNotOptimize(function(text));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kTexts.size()));
}
void lower(benchmark::State& state) {
  over_texts(state, [](const std::string& text) { return kernels::lower(text); });
}
void fold(benchmark::State& state) {
  over_texts(state, [](const std::string& text) { return kernels::fold(text); });
}
void contains(benchmark::State& state) {
  over_texts(state, [](const std::string& text) { return kernels::contains(text, "long"); });
}
void matches(benchmark::State& state) {
  const kernels::Pattern pattern("(long|on)\\b");
  over_texts(state, [&](const std::string& text) { return pattern.matches(text); });
}
void compare_versions(benchmark::State& state) {
  over_texts(state, [](const std::string&) { return kernels::compare_versions("12.4.1", "12.10"); });
}
BENCHMARK(lower);
BENCHMARK(fold);
BENCHMARK(contains);
BENCHMARK(matches);
BENCHMARK(compare_versions);

}  // namespace
