// Children by parent: where the rows of each parent lie. In: a reference column (row numbers of the parent). Out: for
// each parent a contiguous range of positions, and, if the rows do not already lie in that order, the row at each
// position. The VM walks parents and children together by it; grouped tables and "all events of a product" use it too.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "runtime/vector/column.h"

namespace seg::events {

struct Clustering {
  // The children of parent p stand at positions [first[p], first[p + 1]).
  std::vector<std::uint64_t> first;
  // The child row at each position, in file order within a parent; null: position and row are the same (each row has a
  // parent and parents never descend).
  std::shared_ptr<const std::uint32_t[]> rows;
  std::uint64_t num_positions = 0;
};

struct ClusterOptions {
  unsigned num_threads = 1;
  std::uint64_t memory_budget = 0;  // bytes for temporaries and the result; 0: no limit
};

// Rows whose parent is kNoRow belong to nobody and have no position; other numbers at or above num_parents too.
base::Result<Clustering> cluster(const std::uint32_t* parents, std::uint64_t num_rows, std::uint64_t num_parents,
                                 const ClusterOptions& options);

}  // namespace seg::events
