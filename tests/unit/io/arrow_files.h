// Parquet and Arrow files for the tests, made of columns written as JSON.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace arrow {
class DataType;
class Table;
}  // namespace arrow

namespace seg::io::testing {

struct ArrowColumn {
  std::string name;
  std::shared_ptr<arrow::DataType> type;
  std::string json;  // "[1, null, 3]"
};

std::shared_ptr<arrow::Table> make_table(const std::vector<ArrowColumn>& columns);
// By the extension: .parquet, .arrow (file), .arrows (stream).
void write_table(const arrow::Table& table, const std::string& path, long rows_per_group = 1 << 20);
std::shared_ptr<arrow::Table> read_table(const std::string& path);

}  // namespace seg::io::testing
