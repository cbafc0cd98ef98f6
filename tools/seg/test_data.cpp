#include "tools/seg/test_data.h"

#include <vector>

#include "runtime/vector/column_of_values.h"

namespace seg::tool {

using base::TypeKind;
using base::Value;

TestData make_test_data(const base::Schema& schema, const program::TestCase& test) {
  TestData data;
  data.dataset.tables.resize(schema.tables.size());
  for (const program::TestRow& row : test.rows) data.row_of.push_back(data.dataset.tables[row.table].num_rows++);
  for (base::TableId t = 0; t < schema.tables.size(); ++t) {
    const base::Table& table = schema.tables[t];
    std::vector<std::vector<Value>> values(table.columns.size(), std::vector<Value>(data.dataset.tables[t].num_rows));
    for (std::size_t r = 0; r < test.rows.size(); ++r) {
      const program::TestRow& row = test.rows[r];
      if (row.table != t) continue;
      for (const auto& [column, value] : row.values) {
        const bool is_reference = table.columns[column].type.kind == TypeKind::kReference && !value.is_missing();
        values[column][data.row_of[r]] =
            is_reference ? Value::of(static_cast<std::int64_t>(data.row_of[static_cast<std::size_t>(value.integer())]))
                         : value;
      }
      if (row.owner_row != base::kNone) {
        values[table.owner][data.row_of[r]] = Value::of(static_cast<std::int64_t>(data.row_of[row.owner_row]));
      }
    }
    for (base::ColumnId c = 0; c < table.columns.size(); ++c) {
      data.dataset.tables[t].columns.push_back(vector::column_of_values(table.columns[c].type, values[c]));
    }
  }
  return data;
}

}  // namespace seg::tool
