// A module as readable text: the pools, then each pass, one instruction a line with its frame, operands and what they
// name. For `seg disasm`, golden tests and bug reports.
#pragma once

#include <string>

#include "runtime/bytecode/module.h"

namespace seg::bytecode {

std::string disassemble(const Module& module);

}  // namespace seg::bytecode
