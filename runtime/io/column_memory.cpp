#include "runtime/io/column_memory.h"

#include <arrow/memory_pool.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace seg::io {
namespace {

std::atomic<std::uint64_t> bytes_of_columns = 0;

}  // namespace

std::shared_ptr<void> allocate_column(std::size_t num_bytes) {
  const std::size_t size = (num_bytes + 63) / 64 * 64 + 64;
  // Ordinary pages, not large ones: where a machine has to clear large pages first (virtual machines do), asking for
  // them cost more than they gave (docs/performance.md).
  void* memory = std::aligned_alloc(64, size);
  if (memory == nullptr) {
    std::fprintf(stderr, "no memory for a column of %zu bytes\n", num_bytes);
    std::abort();
  }
  constexpr std::size_t kSmall = std::size_t{4} << 20;
  if (size < kSmall) std::memset(memory, 0, size);
  bytes_of_columns += size;
  return {memory, [size](void* freed) {
            std::free(freed);
            bytes_of_columns -= size;
          }};
}

std::uint64_t memory_in_use() {
  return bytes_of_columns +
         static_cast<std::uint64_t>(std::max<std::int64_t>(0, arrow::default_memory_pool()->bytes_allocated()));
}

}  // namespace seg::io
