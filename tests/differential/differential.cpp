// VM = reference: random programs over random data give the same values, members and unknown counts whatever the batch
// size and the number of threads, before and after optimisation and a trip through a bytecode file; and in + out +
// unknown is the population.
//
//   seg_differential --cases 1000000 --threads 2        a million cases; prints how often each construct occurred, and
//   how
//                                                      often it was true, false and unknown
//   seg_differential --case 1234 --seed 1 --print       one case, with its program
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "compiler/bytecode/compile.h"
#include "compiler/optimize/optimize.h"
#include "reference/interpreter.h"
#include "runtime/bytecode/disassemble.h"
#include "runtime/bytecode/serialise.h"
#include "runtime/bytecode/verify.h"
#include "runtime/exec/run.h"
#include "tests/differential/constructs.h"
#include "tests/differential/random_data.h"
#include "tests/differential/random_program.h"

namespace {

using namespace seg;
using base::TypeKind;
using base::Value;

struct Tally {
  std::uint64_t num_true = 0, num_false = 0, num_unknown = 0, num_values = 0, num_missing = 0;
  differential::ConstructCounts constructs;

  void merge(const Tally& other) {
    num_true += other.num_true;
    num_false += other.num_false;
    num_unknown += other.num_unknown;
    num_values += other.num_values;
    num_missing += other.num_missing;
    constructs.merge(other.constructs);
  }
};

// The VM's value of a metric, score or partition.
Value read_result(const exec::OutputResult& result, const program::Output& output, std::uint64_t row) {
  const vector::Column& column = result.values;
  if (!column.present(row)) return Value::missing();
  switch (output.type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion:
      return Value::of(std::string(column.dictionary->at(static_cast<std::uint32_t>(column.as<std::int32_t>()[row]))));
    case TypeKind::kNumber:
    case TypeKind::kDistance: return Value::of(column.as<double>()[row]);
    case TypeKind::kChoice:
    case TypeKind::kDate: return Value::of(std::int64_t{column.as<std::int32_t>()[row]});
    case TypeKind::kFlag: return Value::of((column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1) != 0);
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return Value::of(column.as<std::int64_t>()[row]);
    case TypeKind::kLocation:
    case TypeKind::kList:
    case TypeKind::kReference: break;
  }
  return Value::missing();
}

std::string show(const Value& value) {
  switch (value.data.index()) {
    case 1: return value.flag() ? "yes" : "no";
    case 2: return std::to_string(value.integer());
    case 3: {
      char text[40];
      std::snprintf(text, sizeof text, "%.17g", value.number());
      return text;
    }
    case 4: return '"' + value.text() + '"';
    default: return "missing";
  }
}

bool same_value(const Value& a, const Value& b) {
  if (a.data.index() == 3 && b.data.index() == 3) return a.number() == b.number();  // 0 and -0 are one value
  return a == b;
}

struct Expected {
  std::vector<std::vector<Value>> values;  // by output, row
};

std::optional<std::string> compare(const program::Program& program, const Expected& expected,
                                   const exec::Results& results) {
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    const program::Output& output = program.outputs[o];
    const exec::OutputResult& result = results.outputs[o];
    std::uint64_t num_true = 0;
    std::uint64_t num_unknown = 0;
    for (std::uint64_t row = 0; row < expected.values[o].size(); ++row) {
      const Value& wanted = expected.values[o][row];
      Value got;
      if (output.kind == program::OutputKind::kSegment) {
        const bool member = !wanted.is_missing() && wanted.flag();
        num_true += member ? 1 : 0;
        num_unknown += wanted.is_missing() ? 1 : 0;
        if (result.is_member(row) == member) continue;
        got = Value::of(result.is_member(row));
      } else {
        got = read_result(result, output, row);
        if (same_value(wanted, got)) continue;
      }
      return "output " + output.name + " row " + std::to_string(row) + ": reference " + show(wanted) + ", VM " +
             show(got);
    }
    if (output.kind == program::OutputKind::kSegment &&
        (num_true != result.num_members || num_unknown != result.num_unknown)) {
      return "output " + output.name + ": reference " + std::to_string(num_true) + " members, " +
             std::to_string(num_unknown) + " unknown; VM " + std::to_string(result.num_members) + ", " +
             std::to_string(result.num_unknown);
    }
    std::uint64_t num_attributed = 0;
    for (const exec::MissingCount& count : result.missing) num_attributed += count.count;
    if (num_unknown != 0 && num_attributed == 0 && output.kind == program::OutputKind::kSegment) {
      return "output " + output.name + ": " + std::to_string(num_unknown) +
             " unknown, and no field is named as the reason";
    }
  }
  return std::nullopt;
}

constexpr std::size_t kMostFailures = 10;

struct Options {
  std::uint64_t cases = 2000, seed = 1, first = 0, threads = 1;
  bool print = false;
};

std::optional<std::string> run_case(std::uint64_t number, const Options& options, Tally& tally) {
  differential::RandomSource random(options.seed * 1'000'003 + number);
  base::Binding binding = differential::random_binding(random);
  std::vector<differential::NamedExpr> named;
  const program::Program program = differential::random_program(binding, random, named);
  for (const program::Param& param : program.params)
    binding.params.push_back(random.chance(50) ? Value::of(random.between(0, 9)) : param.value);
  const vector::Dataset dataset = differential::random_dataset(program.schema, binding, random);
  if (options.print) std::printf("%s", program::print(program).c_str());

  Expected expected;
  reference::Interpreter interpreter(program, dataset, binding);
  for (const program::Output& output : program.outputs) {
    std::vector<Value>& values = expected.values.emplace_back();
    for (std::uint64_t row = 0; row < dataset.tables[output.frame].num_rows; ++row) {
      values.push_back(interpreter.evaluate(output.root, row));
      const Value& value = values.back();
      if (output.kind != program::OutputKind::kSegment) {
        ++(value.is_missing() ? tally.num_missing : tally.num_values);
      } else {
        ++(value.is_missing() ? tally.num_unknown : value.flag() ? tally.num_true : tally.num_false);
      }
    }
  }

  tally.constructs.add(program, named, dataset, interpreter, random);

  const std::vector<std::uint32_t> batches = {1, 2, 7, 64, 1000, 0};
  for (const bool optimised : {false, true}) {
    program::Program shaped = program;
    if (optimised) optimize::optimize(shaped);
    const bytecode::Module compiled = bytecode::compile(shaped, {});
    if (options.print) std::printf("%s", bytecode::disassemble(compiled).c_str());
    const auto problems = bytecode::verify(compiled);
    if (!problems.empty()) return "the verifier refuses what the compiler made: " + problems.front();
    auto module = bytecode::deserialise(bytecode::serialise(compiled), "case");
    if (!module.ok()) return "a bytecode file could not be read back: " + module.status().message();
    exec::RunOptions run;
    run.morsel_rows = random.pick(batches);
    run.num_threads = 1 + random.below(3);
    auto results = exec::run(module.value(), dataset, binding, run);
    if (!results.ok()) return "the run failed: " + results.status().message();
    if (auto difference = compare(program, expected, results.value())) {
      return *difference + (optimised ? " (optimised" : " (not optimised") + ", batches of " +
             std::to_string(run.morsel_rows) + ")";
    }
  }
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const auto value = [&] { return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0; };
    if (std::strcmp(argv[i], "--cases") == 0) {
      options.cases = value();
    } else if (std::strcmp(argv[i], "--seed") == 0) {
      options.seed = value();
    } else if (std::strcmp(argv[i], "--threads") == 0) {
      options.threads = std::max<std::uint64_t>(1, value());
    } else if (std::strcmp(argv[i], "--case") == 0) {
      options.first = value();
      options.cases = 1;
    } else if (std::strcmp(argv[i], "--print") == 0) {
      options.print = true;
    } else {
      std::fprintf(stderr, "usage: seg_differential [--cases N] [--seed S] [--case K] [--threads N] [--print]\n");
      return 2;
    }
  }
  // Each case is its number's alone, so that any number of threads gives the same counts.
  std::mutex mutex;
  Tally tally;
  std::map<std::uint64_t, std::string> failures;
  std::atomic<std::uint64_t> next = options.first;
  const auto began = std::chrono::steady_clock::now();
  const auto work = [&] {
    Tally own;
    for (;;) {
      const std::uint64_t number = next.fetch_add(1);
      if (number >= options.first + options.cases) break;
      auto failure = run_case(number, options, own);
      if (!failure) continue;
      const std::lock_guard lock(mutex);
      failures[number] = std::move(*failure);
      if (failures.size() >= kMostFailures) next = options.first + options.cases;
    }
    const std::lock_guard lock(mutex);
    tally.merge(own);
  };
  std::vector<std::thread> threads;
  for (std::uint64_t t = 1; t < options.threads; ++t) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;

  const auto n = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  for (const auto& [number, failure] : failures) {
    std::printf("case %llu seed %llu: %s\n", n(number), n(options.seed), failure.c_str());
  }
  std::uint64_t num_never = 0;
  if (options.cases > 1) num_never = tally.constructs.print();
  std::printf("conditions: %llu true, %llu false, %llu unknown; values: %llu known, %llu missing\n", n(tally.num_true),
              n(tally.num_false), n(tally.num_unknown), n(tally.num_values), n(tally.num_missing));
  std::printf("%llu cases, %llu differ; %llu constructs never occurred; %.0f cases a second\n", n(options.cases),
              n(failures.size()), n(num_never), static_cast<double>(options.cases) / took.count());
  return failures.empty() ? 0 : 1;
}
