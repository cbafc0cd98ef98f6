#include "runtime/exec/worker.h"

#include <algorithm>

namespace seg::exec {

Worker::Worker(const bytecode::Module& module, const bytecode::Pass& pass, const Binder& binder,
               std::vector<OutputBuffers>& outputs)
    : module_(module),
      pass_(pass),
      binder_(binder),
      outputs_(outputs),
      rows_(pass.frames.size()),
      capacity_(pass.frames.size(), 0),
      parents_of_(pass.frames.size()),
      own_(pass.registers.size(), nullptr),
      at_(pass.registers.size(), nullptr),
      memory_(pass.frames.size()),
      counts_(module.outputs.size()),
      missing_(module.missing_sources.size(), 0) {}

void Worker::set_rows(std::size_t frame, const Rows& rows) {
  rows_[frame] = rows;
  parents_of_[frame].clear();
  if (rows.n <= capacity_[frame] && capacity_[frame] != 0) return;
  const std::uint64_t capacity = (std::max<std::uint64_t>(rows.n + rows.n / 4, 64) + 63) / 64 * 64;
  capacity_[frame] = capacity;
  const auto bytes_of = [&](bytecode::RegType type) -> std::uint64_t {
    switch (type) {
      case bytecode::RegType::kMask: return (capacity / 8 + 63) / 64 * 64;
      case bytecode::RegType::kI32: return capacity * 4;
      case bytecode::RegType::kI64:
      case bytecode::RegType::kF64: return capacity * 8;
    }
    return 0;
  };
  std::uint64_t total = 64;
  for (const bytecode::Register& reg : pass_.registers) {
    if (reg.frame == frame) total += bytes_of(reg.type);
  }
  memory_[frame].reset(new std::byte[total]);  // not initialised: pages that nobody writes are never touched
  auto* next = memory_[frame].get();
  next += (64 - reinterpret_cast<std::uintptr_t>(next) % 64) % 64;
  for (std::size_t r = 0; r < pass_.registers.size(); ++r) {
    if (pass_.registers[r].frame != frame) continue;
    own_[r] = next;
    next += bytes_of(pass_.registers[r].type);
  }
}

const std::uint32_t* Worker::parents_of(std::uint16_t child_reg) {
  const std::uint16_t frame = pass_.registers[child_reg].frame;
  std::vector<std::uint32_t>& parents = parents_of_[frame];
  const Rows& children = rows_[frame];
  if (parents.empty()) {
    parents.resize(children.n);
    for (std::uint64_t p = 0; p < rows_[0].n; ++p) {
      std::fill(parents.begin() + static_cast<std::ptrdiff_t>(children.starts[p] - children.first),
                parents.begin() + static_cast<std::ptrdiff_t>(children.starts[p + 1] - children.first),
                static_cast<std::uint32_t>(p));
    }
  }
  return parents.data();
}

}  // namespace seg::exec
