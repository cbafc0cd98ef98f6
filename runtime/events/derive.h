// Derived tables: several event tables as one (union), and one event of several rows (grouped).
// In: the schema's description (base/schema.h), the tables they are made of, for each part the rows that are kept. Out:
// an ordinary TableData, to be read like one that was loaded; for groups also which group each base row belongs to.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/schema.h"
#include "base/status.h"
#include "runtime/vector/column.h"

namespace seg::events {

// Bit i: row i is kept. Null: every row.
using RowMask = const std::uint64_t*;

// Columns of the union by their types: texts get one dictionary of both, references stay rows, a column that a part
// lacks (kNone) or that is not loaded (kAbsent) is missing there. `wanted[c]`: column c is read (others stay kAbsent).
base::Result<vector::TableData> derive_union(const base::Schema& schema, base::TableId table,
                                             const vector::Dataset& dataset, const std::vector<RowMask>& kept,
                                             const std::vector<bool>& wanted);

struct Grouped {
  vector::TableData table;              // the first num_plain columns; the computed ones stay kAbsent
  std::vector<std::uint32_t> group_of;  // by base row: its row in `table`, or kNoRow
};
// Groups of rows with known owner and known group_by values; in the order of each group's first base row.
base::Result<Grouped> derive_grouped(const base::Schema& schema, base::TableId table, const vector::Dataset& dataset,
                                     RowMask kept, const std::vector<bool>& wanted);

}  // namespace seg::events
