// Typed program -> bytecode. In: a program (checked, optimised). Out: a module that runtime/exec runs.
#pragma once

#include <cstdint>
#include <vector>

#include "program/program.h"
#include "runtime/bytecode/module.h"

namespace seg::bytecode {

struct CompileOptions {
  std::vector<program::OutputId> outputs;  // wanted ones; empty: all. Module outputs keep the program's ids either way
};

Module compile(const program::Program& program, const CompileOptions& options);

}  // namespace seg::bytecode
