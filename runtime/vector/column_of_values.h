// A column from values one by one: for the few rows of a rule's test and for tests of the runtime; data files have
// their own, faster way (runtime/io). In: a type and a value for each row. Out: a Column that owns its data.
#pragma once

#include <vector>

#include "base/type.h"
#include "base/value.h"
#include "runtime/vector/column.h"

namespace seg::vector {

struct ColumnLayout {
  Storage codes = Storage::kInt32;    // of texts and versions: kInt8, kInt16 or kInt32
  Storage choices = Storage::kInt32;  // likewise
  bool has_odd_gaps = false;          // slots of missing values hold something odd, as real sources may; else 0
};

// References are row numbers, dates days, times, money and durations as base/value.h has them.
Column column_of_values(const base::Type& type, const std::vector<base::Value>& values,
                        const ColumnLayout& layout = {});

}  // namespace seg::vector
