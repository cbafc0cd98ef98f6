// Modules as bytes and back. The format: "SEGB", version, length, checksum, then the module field by field, little
// endian. Reading is bounded by the input's size, whatever it says; what it accepts still has to pass verify().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "runtime/bytecode/module.h"

namespace seg::bytecode {

std::string serialise(const Module& module);

// `path` is for messages. Not bytecode, another version, a wrong checksum, or bytes that make no module: a failure.
base::Result<Module> deserialise(std::string_view bytes, const std::string& path);

// The checksum of a whole file's bytes, and a copy of them in which it is right: for fuzzing.
std::string with_right_checksum(std::string bytes);

}  // namespace seg::bytecode
