#include <doctest/doctest.h>

#include <cmath>

#include "runtime/bytecode/disassemble.h"
#include "runtime/bytecode/serialise.h"
#include "runtime/bytecode/verify.h"
#include "tests/unit/bytecode/sample.h"

using namespace seg::bytecode;

TEST_CASE("bytecode: a module survives its file") {
  const Module module = seg::test::sample_module();
  const std::string bytes = serialise(module);
  const auto back = deserialise(bytes, "a.segb");
  REQUIRE(back.ok());
  CHECK(serialise(*back) == bytes);
  CHECK(disassemble(*back) == disassemble(module));
  CHECK(verify(*back).empty());
}

TEST_CASE("bytecode: the same program gives the same bytes") {
  CHECK(serialise(seg::test::sample_module()) == serialise(seg::test::sample_module()));
}

TEST_CASE("bytecode: values of every kind survive") {
  Module module;
  using seg::base::Value;
  module.values = {Value::missing(),
                   Value::of(true),
                   Value::of(std::int64_t{-5}),
                   Value::of(-0.0),
                   Value::of(std::string("é\0x", 4)),
                   Value{seg::base::Location{1.5, -2.5}},
                   Value{Value::List{Value::of(std::int64_t{1}), Value{Value::List{}}}}};
  const auto back = deserialise(serialise(module), "a.segb");
  REQUIRE(back.ok());
  CHECK(back->values == module.values);
  CHECK(std::signbit(back->values[3].number()));
}

TEST_CASE("bytecode: what is no bytecode is said to be none") {
  using seg::base::Code;
  CHECK(deserialise("", "x").status().code() == Code::not_bytecode);
  CHECK(deserialise("segment a { when yes }", "x").status().code() == Code::not_bytecode);
  std::string bytes = serialise(seg::test::sample_module());
  bytes[4] = 9;
  CHECK(deserialise(bytes, "x").status().code() == Code::bytecode_version);
}

TEST_CASE("bytecode: damage is found, wherever it is") {
  const std::string bytes = serialise(seg::test::sample_module());
  for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 97) {
    CHECK_FALSE(deserialise(std::string_view(bytes).substr(0, cut), "x").ok());
  }
  for (std::size_t at = 8; at < bytes.size(); at += 1 + bytes.size() / 211) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    CHECK_FALSE(deserialise(damaged, "x").ok());
  }
  CHECK_FALSE(deserialise(bytes + "x", "x").ok());
}

TEST_CASE("bytecode: a right checksum does not make sense of nonsense") {
  std::string bytes = serialise(seg::test::sample_module());
  CHECK(deserialise(with_right_checksum(bytes), "x").ok());
  bytes.resize(bytes.size() / 2);
  CHECK(deserialise(with_right_checksum(bytes), "x").status().code() == seg::base::Code::bytecode_damaged);
  // A count of four thousand million tables in a few bytes: refused, not allocated.
  std::string huge = serialise(Module{}).substr(0, 24) + "\xFF\xFF\xFF\xFF";
  CHECK_FALSE(deserialise(with_right_checksum(huge), "x").ok());
}
