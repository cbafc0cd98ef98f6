// Memory of columns: uninitialised, aligned for vectors, counted against the budget.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace seg::io {

// At least `num_bytes`, readable up to the next 64 bytes.
std::shared_ptr<void> allocate_column(std::size_t num_bytes);

// What columns allocated this way and Arrow hold at the moment.
std::uint64_t memory_in_use();

}  // namespace seg::io
