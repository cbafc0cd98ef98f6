// Tables of the reference interpreter: rows of values, as plain as can be. A reference is the row number of the other
// table (int64).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/schema.h"
#include "base/value.h"
#include "runtime/vector/column.h"

namespace seg::reference {

using Row = std::vector<base::Value>;

struct Rows {
  std::vector<Row> rows;
  std::vector<std::vector<std::uint32_t>> grouped;  // of a kGrouped table: the base rows of each row
};

// The stored tables of a dataset as rows; derived tables stay empty (interpreter.cpp derives them).
std::vector<std::shared_ptr<Rows>> read_tables(const base::Schema& schema, const vector::Dataset& dataset);

// Order of values of one type, missing first: what `minimum`, ties and keys use. Versions compare part by part.
int compare_values(const base::Value& a, const base::Value& b, base::TypeKind kind);

}  // namespace seg::reference
