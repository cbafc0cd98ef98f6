#include "tests/unit/io/arrow_files.h"

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/json/from_string.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <doctest/doctest.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

namespace seg::io::testing {

std::shared_ptr<arrow::Table> make_table(const std::vector<ArrowColumn>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const ArrowColumn& column : columns) {
    auto array = arrow::json::ArrayFromJSONString(column.type, column.json);
    REQUIRE_MESSAGE(array.ok(), array.status().ToString());
    fields.push_back(arrow::field(column.name, column.type));
    arrays.push_back(*array);
  }
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

void write_table(const arrow::Table& table, const std::string& path, long rows_per_group) {
  auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  if (path.ends_with(".parquet")) {
    const auto properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    const auto status = parquet::arrow::WriteTable(table, arrow::default_memory_pool(), out, rows_per_group,
                                                   parquet::default_writer_properties(), properties);
    REQUIRE_MESSAGE(status.ok(), status.ToString());
  } else {
    auto writer = (path.ends_with(".arrows") ? arrow::ipc::MakeStreamWriter(out, table.schema())
                                             : arrow::ipc::MakeFileWriter(out, table.schema()))
                      .ValueOrDie();
    REQUIRE(writer->WriteTable(table, rows_per_group).ok());
    REQUIRE(writer->Close().ok());
  }
  REQUIRE(out->Close().ok());
}

std::shared_ptr<arrow::Table> read_table(const std::string& path) {
  auto in = arrow::io::ReadableFile::Open(path).ValueOrDie();
  if (path.ends_with(".parquet")) {
    auto reader = parquet::arrow::OpenFile(in, arrow::default_memory_pool()).ValueOrDie();
    return reader->ReadTable().ValueOrDie();
  }
  return arrow::ipc::RecordBatchFileReader::Open(in).ValueOrDie()->ToTable().ValueOrDie();
}

}  // namespace seg::io::testing
