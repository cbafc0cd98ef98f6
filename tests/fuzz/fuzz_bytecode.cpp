// Damaged bytecode with the checksum made right: refused, or run to its end without touching memory that is not its own
// (build with the asan-ubsan preset).
//
//   seg_fuzz_bytecode --cases 100000 --seed 1
//   seg_fuzz_bytecode --case 1234 --seed 1        one case again
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "compiler/bytecode/compile.h"
#include "runtime/bytecode/disassemble.h"
#include "runtime/bytecode/serialise.h"
#include "runtime/bytecode/verify.h"
#include "runtime/exec/run.h"
#include "tests/differential/random_data.h"
#include "tests/differential/random_program.h"

namespace {

using namespace seg;

// A module to damage, with data it was made for.
struct Sample {
  base::Binding binding;
  vector::Dataset dataset;
  bytecode::Module module;
  std::string bytes;
};

Sample make_sample(std::uint64_t seed) {
  differential::RandomSource random(seed);
  Sample sample;
  sample.binding = differential::random_binding(random);
  std::vector<differential::NamedExpr> named;
  const program::Program program = differential::random_program(sample.binding, random, named);
  for (const program::Param& param : program.params) sample.binding.params.push_back(param.value);
  sample.dataset = differential::random_dataset(program.schema, sample.binding, random);
  sample.module = bytecode::compile(program, {});
  sample.bytes = bytecode::serialise(sample.module);
  return sample;
}

// Bytes anywhere in the file: mostly refused when read.
std::string damage_bytes(const std::string& bytes, differential::RandomSource& random) {
  std::string damaged = bytes;
  for (std::uint32_t n = 1 + random.below(4); n > 0; --n) {
    const std::size_t at = 24 + random.below(static_cast<std::uint32_t>(damaged.size() - 24));
    switch (random.below(4)) {
      case 0: damaged[at] = static_cast<char>(random.below(256)); break;
      case 1: damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8))); break;
      case 2: damaged[at] = static_cast<char>(damaged[at] + (random.chance(50) ? 1 : -1)); break;
      default: damaged[at] = static_cast<char>(random.chance(50) ? 0 : 0xFF); break;
    }
  }
  if (random.chance(5)) damaged.resize(24 + random.below(static_cast<std::uint32_t>(damaged.size() - 24)));
  return damaged;
}

// Fields that keep the file readable, so that the verifier has to judge them and much of it is run.
void damage_module(bytecode::Module& module, differential::RandomSource& random) {
  const auto small = [&](std::size_t size) {
    return random.below(static_cast<std::uint32_t>(size) + (size == 0 || random.chance(20) ? 2U : 0U));
  };
  for (std::uint32_t n = 1 + random.below(3); n > 0; --n) {
    switch (random.below(10)) {
      case 0:
      case 1:
      case 2:
      case 3: {  // an operand, a tag, an opcode
        if (module.passes.empty()) break;
        bytecode::Pass& pass = module.passes[random.below(static_cast<std::uint32_t>(module.passes.size()))];
        if (pass.code.empty()) break;
        bytecode::Instruction& word = pass.code[random.below(static_cast<std::uint32_t>(pass.code.size()))];
        const auto operand = static_cast<std::uint16_t>(
            random.chance(5) ? 0xFFFF : random.below(static_cast<std::uint32_t>(pass.registers.size()) + 2));
        switch (random.below(5)) {
          case 0: word.x = operand; break;
          case 1: word.y = operand; break;
          case 2: word.z = operand; break;
          case 3: word.tag = static_cast<std::uint8_t>(random.below(5)); break;
          default: word.op = static_cast<bytecode::Op>(random.below(bytecode::kNumOps + 1)); break;
        }
        break;
      }
      case 4:
        if (module.columns.empty()) break;
        {
          bytecode::ColumnRef& column = module.columns[random.below(static_cast<std::uint32_t>(module.columns.size()))];
          if (random.chance(50)) column.column = small(20);
          if (random.chance(30)) column.table = small(module.schema.tables.size());
          if (random.chance(20)) column.kept_type = static_cast<bytecode::RegType>(random.below(4));
        }
        break;
      case 5:
        if (module.dictionaries.empty()) break;
        {
          bytecode::DictionaryRef& d =
              module.dictionaries[random.below(static_cast<std::uint32_t>(module.dictionaries.size()))];
          if (random.chance(50)) d.a = small(module.dictionaries.size());
          if (random.chance(50)) d.kind = static_cast<bytecode::DictionaryKind>(random.below(6));
          if (random.chance(20)) d.b = small(module.dictionaries.size());
        }
        break;
      case 6:
        if (!module.code_maps.empty()) {
          bytecode::CodeMap& map = module.code_maps[random.below(static_cast<std::uint32_t>(module.code_maps.size()))];
          map.kind = static_cast<bytecode::CodeMapKind>(random.below(5));
          map.from = small(module.dictionaries.size());
          if (random.chance(50)) map.to = small(module.dictionaries.size());
        }
        if (!module.predicates.empty()) {
          bytecode::Predicate& p =
              module.predicates[random.below(static_cast<std::uint32_t>(module.predicates.size()))];
          p.kind = static_cast<bytecode::PredicateKind>(random.below(9));
          p.constant = small(module.constants.size());
          if (random.chance(50)) p.dictionary = small(module.dictionaries.size());
        }
        break;
      case 7:
        if (!module.constants.empty()) {
          bytecode::Constant& c = module.constants[random.below(static_cast<std::uint32_t>(module.constants.size()))];
          c.index = small(module.values.size());
          if (random.chance(30)) c.type.kind = static_cast<base::TypeKind>(random.below(15));
        }
        if (!module.windows.empty()) {
          bytecode::BoundedWindow& w = module.windows[random.below(static_cast<std::uint32_t>(module.windows.size()))];
          w.window.kind = static_cast<base::WindowKind>(random.below(9));
          w.window.unit = static_cast<base::TimeUnit>(random.below(7));
          if (random.chance(30)) w.window.n = static_cast<std::int64_t>(random.between(-1, 1)) * 1'000'000'000'000;
          if (random.chance(30)) w.window.from_day = INT32_MIN;
        }
        break;
      case 8:
        if (!module.outputs.empty()) {
          bytecode::Output& o = module.outputs[random.below(static_cast<std::uint32_t>(module.outputs.size()))];
          if (random.chance(30)) o.kind = static_cast<bytecode::OutputKind>(random.below(4));
          if (random.chance(30)) o.dictionary = small(module.dictionaries.size());
          if (random.chance(30)) o.choices.clear();
          if (random.chance(20)) o.table = small(module.schema.tables.size());
        }
        if (!module.lookups.empty() && random.chance(50)) module.lookups[0].table = small(module.schema.tables.size());
        break;
      default: {
        if (module.passes.empty()) break;
        bytecode::Pass& pass = module.passes[random.below(static_cast<std::uint32_t>(module.passes.size()))];
        if (!pass.registers.empty() && random.chance(50)) {
          bytecode::Register& reg = pass.registers[random.below(static_cast<std::uint32_t>(pass.registers.size()))];
          if (random.chance(50)) reg.type = static_cast<bytecode::RegType>(random.below(4));
          reg.frame = static_cast<std::uint16_t>(small(pass.frames.size()));
        }
        if (!pass.frames.empty() && random.chance(30)) {
          bytecode::Frame& frame = pass.frames[random.below(static_cast<std::uint32_t>(pass.frames.size()))];
          frame.table = small(module.schema.tables.size());
          if (random.chance(30)) frame.reference = small(10);
        }
        if (!pass.lists.empty() && random.chance(50)) {
          auto& list = pass.lists[random.below(static_cast<std::uint32_t>(pass.lists.size()))];
          if (!list.empty()) list[0] = static_cast<std::uint16_t>(small(pass.registers.size()));
          if (random.chance(20)) list.clear();
        }
        if (!module.steps.empty() && random.chance(20)) {
          bytecode::Step& step = module.steps[random.below(static_cast<std::uint32_t>(module.steps.size()))];
          step.kind = static_cast<bytecode::StepKind>(random.below(4));
          step.index = small(module.schema.tables.size());
        }
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t cases = 2000;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--cases") == 0) cases = value;
    if (std::strcmp(argv[i], "--seed") == 0) seed = value;
    if (std::strcmp(argv[i], "--case") == 0) first = value, cases = 1;
  }
  std::uint64_t num_unreadable = 0;
  std::uint64_t num_refused = 0;
  std::uint64_t num_run = 0;
  std::uint64_t num_failed = 0;
  Sample sample;
  std::uint64_t sample_of = ~0ULL;
  for (std::uint64_t number = first; number < first + cases; ++number) {
    if (number / 50 != sample_of) {
      sample_of = number / 50;
      sample = make_sample(seed * 7919 + sample_of);
    }
    differential::RandomSource random(seed * 1'000'003 + number);
    std::string bytes;
    if (random.chance(30)) {
      bytes = damage_bytes(sample.bytes, random);
    } else {
      bytecode::Module module = sample.module;
      damage_module(module, random);
      bytes = bytecode::serialise(module);
    }
    const auto module = bytecode::deserialise(bytecode::with_right_checksum(bytes), "fuzz");
    if (!module.ok()) {
      ++num_unreadable;
      continue;
    }
    static_cast<void>(bytecode::disassemble(*module));
    if (!bytecode::verify(*module).empty()) {
      ++num_refused;
      continue;
    }
    exec::RunOptions options;
    options.morsel_rows = random.below(9);
    const auto results = exec::run(*module, sample.dataset, sample.binding, options);
    ++(results.ok() ? num_run : num_failed);
  }
  std::printf("%llu cases: %llu unreadable, %llu refused by the verifier, %llu run, %llu run and failed\n",
              static_cast<unsigned long long>(cases), static_cast<unsigned long long>(num_unreadable),
              static_cast<unsigned long long>(num_refused), static_cast<unsigned long long>(num_run),
              static_cast<unsigned long long>(num_failed));
  return 0;
}
