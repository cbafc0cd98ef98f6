// The rows that a test in a rule file describes, as a dataset.
#pragma once

#include "program/program.h"
#include "runtime/vector/column.h"

namespace seg::tool {

struct TestData {
  vector::Dataset dataset;
  std::vector<std::uint64_t> row_of;  // by index in TestCase::rows: its row in its table
};

TestData make_test_data(const base::Schema& schema, const program::TestCase& test);

}  // namespace seg::tool
