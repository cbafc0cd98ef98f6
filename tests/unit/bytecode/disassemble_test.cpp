// The disassembly of one program, whole: tests/unit/bytecode/sample.txt. SEG_UPDATE=1 writes it anew.
#include "runtime/bytecode/disassemble.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/bytecode/sample.h"

TEST_CASE("disassembly: as agreed") {
  const std::string path = std::string(SEG_SOURCE_DIR) + "/tests/unit/bytecode/sample.txt";
  const std::string text = seg::bytecode::disassemble(seg::test::sample_module());
  if (std::getenv("SEG_UPDATE") != nullptr) std::ofstream(path) << text;
  std::stringstream golden;
  golden << std::ifstream(path).rdbuf();
  CHECK(text == golden.str());
}

TEST_CASE("disassembly: of a damaged module says what is not there") {
  seg::bytecode::Module module = seg::test::sample_module();
  module.columns.clear();
  module.predicates.clear();
  module.passes[0].code[0].op = static_cast<seg::bytecode::Op>(250);
  const std::string text = seg::bytecode::disassemble(module);
  CHECK(text.find("column?") != std::string::npos);
  CHECK(text.find("\n  ?\n") != std::string::npos);
}
