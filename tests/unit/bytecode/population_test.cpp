// Populations in bytecode: what the verifier refuses, and that they survive a file.
#include <doctest/doctest.h>

#include <functional>

#include "compiler/bytecode/compile.h"
#include "runtime/bytecode/disassemble.h"
#include "runtime/bytecode/serialise.h"
#include "runtime/bytecode/verify.h"
#include "tests/unit/exec/world.h"

using namespace seg::bytecode;

namespace {

Module ranked_module() {
  using namespace seg::test;
  World w;
  seg::program::PopulationArgs args;
  args.value = w.field(seg::test::kCustomer, "age");
  args.n = w.literal(kInteger, whole(5));
  seg::program::Population tile;
  w.metric("fifth", w.program.population(seg::test::kCustomer, tile, args, kInteger));
  args.per = {w.field(seg::test::kCustomer, "city")};
  args.ties = w.field(seg::test::kCustomer, "age");
  seg::program::Population top;
  top.fn = seg::program::PopulationFn::kTop;
  w.segment("best", w.program.population(seg::test::kCustomer, top, args, kFlag));
  return compile(w.program, {});
}

bool is_refused(const std::function<void(Module&)>& damage) {
  Module module = ranked_module();
  REQUIRE(verify(module).empty());
  REQUIRE(module.populations.size() == 2);
  damage(module);
  return !verify(module).empty();
}

}  // namespace

TEST_CASE("populations survive their file") {
  const Module module = ranked_module();
  const auto back = deserialise(serialise(module), "a.segb");
  REQUIRE(back.ok());
  CHECK(disassemble(*back) == disassemble(module));
  CHECK(disassemble(module).find("ties by lowest") != std::string::npos);
}

TEST_CASE("verifier: populations") {
  const auto wide = [](Module& m) -> Population& { return m.populations[m.populations[0].per.empty() ? 1 : 0]; };
  const auto plain = [](Module& m) -> Population& { return m.populations[m.populations[0].per.empty() ? 0 : 1]; };
  CHECK(is_refused([&](Module& m) { plain(m).table = 99; }));
  CHECK(is_refused([&](Module& m) { plain(m).table = seg::test::kOrder; }));
  CHECK(is_refused([&](Module& m) { plain(m).value.value = 9999; }));
  CHECK(is_refused([&](Module& m) { plain(m).value.value = plain(m).value.known; }));
  CHECK(is_refused([&](Module& m) { plain(m).value.known = plain(m).value.value; }));
  CHECK(is_refused([&](Module& m) { plain(m).value.value = plain(m).figures[0].result; }));  // read before written
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].result = plain(m).value.value; }));  // kept already
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].known = plain(m).figures[0].result; }));
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].n = seg::base::kNone; }));
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].n = 9999; }));
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].fn = PopulationFn::kQuantile; }));
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].fn = static_cast<PopulationFn>(99); }));
  CHECK(is_refused([&](Module& m) { plain(m).figures[0].fn = PopulationFn::kPercentile; }));
  CHECK(is_refused([&](Module& m) { wide(m).ties.value = 9999; }));
  CHECK(is_refused([&](Module& m) { wide(m).per[0].value = 9999; }));
  CHECK(is_refused([&](Module& m) { wide(m).among = wide(m).value.value; }));
  CHECK(is_refused([](Module& m) {
    for (Step& step : m.steps) {
      if (step.kind == StepKind::kPopulation) step.index = 99;
    }
  }));
  CHECK(is_refused(
      [](Module& m) { std::erase_if(m.steps, [](const Step& s) { return s.kind == StepKind::kPopulation; }); }));
}
