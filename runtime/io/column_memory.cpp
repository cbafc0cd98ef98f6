#include "runtime/io/column_memory.h"

#include <arrow/memory_pool.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace seg::io {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;
std::atomic<std::uint64_t> bytes_of_columns = 0;

}  // namespace

std::shared_ptr<void> allocate_column(std::size_t num_bytes) {
  const std::size_t size = (num_bytes + 63) / 64 * 64 + 64;
  const bool is_large = size >= 2 * kLargePage;
  const std::size_t alignment = is_large ? kLargePage : 64;
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded);
  if (memory == nullptr) {
    std::fprintf(stderr, "no memory for a column of %zu bytes\n", num_bytes);
    std::abort();
  }
#ifdef MADV_HUGEPAGE
  if (is_large) ::madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  if (!is_large) std::memset(memory, 0, rounded);
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
