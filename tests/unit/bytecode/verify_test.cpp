// What the verifier refuses, one damage at a time.
#include "runtime/bytecode/verify.h"

#include <doctest/doctest.h>

#include <functional>

#include "tests/unit/bytecode/sample.h"

using namespace seg::bytecode;

namespace {

bool is_refused(const std::function<void(Module&)>& damage) {
  Module module = seg::test::sample_module();
  REQUIRE(verify(module).empty());
  damage(module);
  return !verify(module).empty();
}

// The first instruction with this opcode, and its pass.
Instruction& find(Module& module, Op op, Pass** in = nullptr) {
  for (Pass& pass : module.passes) {
    for (Instruction& word : pass.code) {
      if (word.op != op) continue;
      if (in != nullptr) *in = &pass;
      return word;
    }
  }
  FAIL("no such instruction");
  return module.passes[0].code[0];
}

}  // namespace

TEST_CASE("verifier: registers") {
  CHECK(is_refused([](Module& m) { find(m, Op::and_).y = 60'000; }));
  CHECK(is_refused([](Module& m) { find(m, Op::and_).x = kAbsent; }));
  CHECK(is_refused([](Module& m) {  // read before it is written
    Pass* pass = nullptr;
    Instruction& word = find(m, Op::and_, &pass);
    pass->registers.push_back(pass->registers[word.y]);
    word.y = static_cast<std::uint16_t>(pass->registers.size() - 1);
  }));
  CHECK(is_refused([](Module& m) {
    Instruction& word = find(m, Op::and_);
    word.y = word.x;
  }));
  CHECK(is_refused([](Module& m) {  // of another type
    Pass* pass = nullptr;
    find(m, Op::and_, &pass);
    for (Register& reg : pass->registers) reg.type = RegType::kI64;
  }));
  CHECK(is_refused([](Module& m) { m.passes[0].registers[0].frame = 99; }));
  CHECK(is_refused([](Module& m) { m.passes[0].registers[0].type = static_cast<RegType>(7); }));
}

TEST_CASE("verifier: frames") {
  CHECK(is_refused([](Module& m) {  // a child's register among the parent's
    Pass* pass = nullptr;
    const Instruction& word = find(m, Op::sum, &pass);
    pass->registers[word.x].frame = pass->registers[word.y].frame;
  }));
  CHECK(is_refused([](Module& m) {
    Pass* pass = nullptr;
    find(m, Op::sum, &pass);
    pass->frames[1].reference = 2;  // no reference column
  }));
  CHECK(is_refused([](Module& m) {
    Pass* pass = nullptr;
    find(m, Op::sum, &pass);
    pass->frames[1].table = 77;
  }));
  CHECK(is_refused([](Module& m) { m.passes[0].frames.clear(); }));
  CHECK(is_refused([](Module& m) {
    Pass* pass = nullptr;
    find(m, Op::sum, &pass);
    pass->frames[1].reference = kWholeTable;
  }));
}

TEST_CASE("verifier: instructions") {
  CHECK(is_refused([](Module& m) { m.passes[0].code[0].op = static_cast<Op>(250); }));
  CHECK(is_refused([](Module& m) { m.passes[0].code[0].op = Op::more; }));
  CHECK(is_refused([](Module& m) { find(m, Op::load).tag = 0; }));
  CHECK(is_refused([](Module& m) { find(m, Op::load).tag = 9; }));
  CHECK(is_refused([](Module& m) { find(m, Op::and_).tag = 1; }));
  CHECK(is_refused([](Module& m) {  // half of the last one is cut off
    for (Pass& pass : m.passes) {
      while (!pass.code.empty() && pass.code.back().op != Op::more) pass.code.pop_back();
      if (!pass.code.empty()) pass.code.pop_back();
    }
  }));
  CHECK(is_refused([](Module& m) {
    Pass* pass = nullptr;
    const Instruction* word = &find(m, Op::sum, &pass);
    pass->code[static_cast<std::size_t>(word - pass->code.data()) + 1].op = Op::zero;
  }));
}

TEST_CASE("verifier: operands inside their pools") {
  CHECK(is_refused([](Module& m) { m.columns.clear(); }));
  CHECK(is_refused([](Module& m) { m.predicates.clear(); }));
  CHECK(is_refused([](Module& m) { m.windows.clear(); }));
  CHECK(is_refused([](Module& m) { m.lookups.clear(); }));
  CHECK(is_refused([](Module& m) { m.dictionaries.clear(); }));
  CHECK(is_refused([](Module& m) { m.code_maps.clear(); }));
  CHECK(is_refused([](Module& m) { m.constants.clear(); }));
  CHECK(is_refused([](Module& m) { m.values.clear(); }));
  CHECK(is_refused([](Module& m) { m.params.clear(); }));
  CHECK(is_refused([](Module& m) { m.missing_sources[0].output = 99; }));
  CHECK(is_refused([](Module& m) { m.outputs[0].table = 99; }));
  CHECK(is_refused([](Module& m) { m.outputs[1].dictionary = 999; }));
}

TEST_CASE("verifier: pools that name each other") {
  CHECK(is_refused([](Module& m) {  // a dictionary made of itself
    for (DictionaryRef& d : m.dictionaries) {
      if (d.kind == DictionaryKind::kMap) d.a = static_cast<std::uint32_t>(&d - m.dictionaries.data());
    }
  }));
  CHECK(is_refused([](Module& m) { m.predicates[0].kind = static_cast<PredicateKind>(99); }));
  CHECK(is_refused([](Module& m) { m.windows[0].window.unit = static_cast<seg::base::TimeUnit>(99); }));
  CHECK(is_refused([](Module& m) { m.windows[0].window.n = INT64_MAX; }));
  CHECK(is_refused([](Module& m) { m.lookups[0].dictionaries.push_back(0); }));
  CHECK(is_refused([](Module& m) {
    for (CodeMap& map : m.code_maps) map.kind = CodeMapKind::kMap, std::swap(map.from, map.to);
  }));
}

TEST_CASE("verifier: columns of their frame's table") {
  CHECK(is_refused([](Module& m) {
    Pass* pass = nullptr;
    const Instruction& word = find(m, Op::load, &pass);
    m.columns[word.y].table = (m.columns[word.y].table + 1) % 3;
    m.columns[word.y].column = 0;
  }));
  CHECK(is_refused([](Module& m) { m.columns[0].column = 500; }));
  CHECK(is_refused([](Module& m) { find(m, Op::keep_bits).y = 0; }));
}

TEST_CASE("verifier: steps") {
  CHECK(is_refused([](Module& m) { m.steps.pop_back(); }));
  CHECK(is_refused([](Module& m) { m.steps.push_back(m.steps.back()); }));
  CHECK(is_refused([](Module& m) { std::swap(m.steps.front(), m.steps.back()); }));
  CHECK(is_refused([](Module& m) { m.steps[0].kind = static_cast<StepKind>(9); }));
  CHECK(is_refused([](Module& m) {
    for (Step& step : m.steps) {
      if (step.kind == StepKind::kDeriveUnion) step.kept_masks.pop_back();
    }
  }));
  CHECK(is_refused([](Module& m) {
    for (Step& step : m.steps) {
      if (step.kind == StepKind::kDeriveGrouped) step.kept_masks[0] = 0;
    }
  }));
}

TEST_CASE("verifier: outputs") {
  CHECK(is_refused([](Module& m) { find(m, Op::emit_segment).x = 99; }));
  CHECK(is_refused([](Module& m) { m.outputs[0].kind = OutputKind::kMetric; }));
  CHECK(is_refused([](Module& m) {  // given twice
    Pass* pass = nullptr;
    const Instruction word = find(m, Op::emit_segment, &pass);
    pass->code.push_back(word);
  }));
}

TEST_CASE("verifier: schema") {
  CHECK(is_refused([](Module& m) { m.schema.tables[0].key = {99}; }));
  CHECK(is_refused([](Module& m) { m.schema.tables[1].owner = 99; }));
  CHECK(is_refused([](Module& m) { m.schema.tables[1].time = 0; }));
  CHECK(is_refused([](Module& m) { m.schema.tables[1].columns[0].type.detail = 99; }));
  CHECK(is_refused([](Module& m) { m.schema.tables[0].columns[0].type.kind = static_cast<seg::base::TypeKind>(77); }));
  CHECK(is_refused([](Module& m) { m.schema.tables[seg::test::kContact].parts[0].columns[1] = 2; }));
  CHECK(is_refused([](Module& m) { m.schema.tables[seg::test::kBasket].group->group_by = {2}; }));
  CHECK(is_refused([](Module& m) { m.schema.tables[seg::test::kBasket].group->base = 99; }));
  CHECK(is_refused([](Module& m) { m.schema.tables.pop_back(); }));
}

TEST_CASE("verifier: sequences") {
  const auto damage_list = [](const std::function<void(std::vector<std::uint16_t>&, Pass&)>& damage) {
    return is_refused([&](Module& m) {
      Pass* pass = nullptr;
      const Instruction& word = find(m, Op::sequence, &pass);
      std::vector<std::uint16_t> list = pass->lists[word.y];
      damage(list, *pass);
      pass->lists[word.y] = list;
    });
  };
  using List = std::vector<std::uint16_t>;
  CHECK(damage_list([](List& list, Pass&) { list.pop_back(); }));
  CHECK(damage_list([](List& list, Pass&) { list.clear(); }));
  CHECK(damage_list([](List& list, Pass&) { list.push_back(list.back()); }));
  CHECK(damage_list([](List& list, Pass&) { std::swap(list[0], list[1]); }));
  CHECK(damage_list([](List& list, Pass&) { list[1] = 60'000; }));
  CHECK(damage_list([](List& list, Pass&) { list[3] = list[1], list[4] = list[0]; }));
  CHECK(damage_list([](List& list, Pass& pass) {  // the last step's time in another frame than its mask
    pass.registers.push_back(pass.registers[list.back()]);
    pass.registers.back().frame = 0;
    list.back() = static_cast<std::uint16_t>(pass.registers.size() - 1);
  }));
  CHECK(is_refused([](Module& m) { find(m, Op::sequence).z = 99; }));
  CHECK(is_refused([](Module& m) { m.sequences[0].steps.clear(); }));
  CHECK(is_refused([](Module& m) { m.sequences[0].has_as_of = false; }));
  CHECK(is_refused([](Module& m) { m.sequences[0].steps[0].num_ties = 60'000; }));
  CHECK(is_refused([](Module& m) { m.sequences[0].steps[1].gap = 77'777; }));
  CHECK(is_refused([](Module& m) {  // siblings of another owner
    for (Pass& pass : m.passes) {
      for (Frame& frame : pass.frames) {
        if (frame.via != seg::base::kNone) frame.via = 0xFFFF;
      }
    }
  }));
}
