#include <doctest/doctest.h>

#include <set>
#include <string>

#include "runtime/bytecode/module.h"

using namespace seg::bytecode;

TEST_CASE("bytecode: every opcode's operands can be read, and fit two words") {
  std::set<std::string> names;
  for (int i = 0; i < kNumOps; ++i) {
    const OpInfo& info = op_info(static_cast<Op>(i));
    CHECK(names.insert(std::string(info.name)).second);
    CHECK_FALSE(info.effect.empty());
    CHECK(info.num_operands <= kMaxOperands);
    CHECK(info.num_words == (info.num_operands > 3 ? 2 : 1));
    bool uses_tag = false;
    for (int k = 0; k < info.num_operands; ++k) uses_tag = uses_tag || info.operands[k].type_is_tag;
    if (uses_tag) CHECK(info.tag == TagKind::type);
  }
}

TEST_CASE("bytecode: children are only read by their parents, parents by their children") {
  for (int i = 0; i < kNumOps; ++i) {
    const OpInfo& info = op_info(static_cast<Op>(i));
    bool child = false;
    bool parent = false;
    for (int k = 0; k < info.num_operands; ++k) {
      child = child || info.operands[k].role == FrameRole::kChild;
      parent = parent || info.operands[k].role == FrameRole::kParent;
      if (info.operands[k].role != FrameRole::kOwn) CHECK_FALSE(info.operands[k].written);
    }
    CHECK_FALSE((child && parent));
  }
}

TEST_CASE("bytecode: how types lie in registers") {
  using seg::base::TypeKind;
  CHECK(reg_type_of({.kind = TypeKind::kText}) == RegType::kI32);
  CHECK(reg_type_of({.kind = TypeKind::kMoney}) == RegType::kI64);
  CHECK(reg_type_of({.kind = TypeKind::kDistance}) == RegType::kF64);
  CHECK(reg_type_of({.kind = TypeKind::kFlag}) == RegType::kMask);
  CHECK(reg_type_name(RegType::kF64) == "f64");
}
