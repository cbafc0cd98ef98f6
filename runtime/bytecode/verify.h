// Whether a module may be run. In: a module from anywhere. Out: what is wrong with it, empty if nothing is. A module
// that passes can be run on any dataset of its schema without touching memory that isn't its own.
#pragma once

#include <string>
#include <vector>

#include "runtime/bytecode/module.h"

namespace seg::bytecode {

std::vector<std::string> verify(const Module& module);

}  // namespace seg::bytecode
