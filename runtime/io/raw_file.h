// One data file as its format gives it: named columns of Arrow arrays, in chunks that threads can take one by one.
// In: a path and options. Out: columns as Arrow arrays, untouched by the schema. `load` asks for the columns that it
// needs and converts them (convert_column.h). One implementation per format: read_parquet.cpp, read_csv.cpp,
// read_json_lines.cpp, read_arrow.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "runtime/io/source.h"

namespace arrow {
class ChunkedArray;
class DataType;
class Status;
}  // namespace arrow

namespace seg::io {

struct RawColumn {
  std::string name;
  std::shared_ptr<arrow::DataType> type;
};

// Rows that are read together: a row group, a block of a text file, a record batch.
struct RawChunk {
  std::uint64_t first_row = 0;  // rows of the file before it
  std::uint64_t num_rows = 0;
  std::vector<std::uint64_t> row_numbers;  // from 1; empty: they follow first_row without gaps
};

// A row that the format itself couldn't read; it is in no chunk.
struct RejectedRow {
  std::uint64_t row = 0;  // from 1
  std::uint64_t line = 0;
  base::Code code{};
  base::Args args;
  std::string text;  // for the quarantine file
};

class RawFile {
 public:
  explicit RawFile(std::string path) : path_(std::move(path)) {}
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  virtual ~RawFile() = default;

  const std::string& path() const { return path_; }
  const std::vector<RawColumn>& columns() const { return columns_; }
  const std::vector<RawChunk>& chunks() const { return chunks_; }
  const std::vector<RejectedRow>& rejected() const { return rejected_; }
  std::uint64_t num_bytes() const { return num_bytes_; }

  // Gets ready to read these columns, each as often as it is named; chunks and rejected rows are known after it.
  virtual base::Status prepare(const std::vector<std::uint32_t>& columns, unsigned num_threads) = 0;
  // From any thread, for columns that were prepared.
  virtual base::Result<std::shared_ptr<arrow::ChunkedArray>> read(std::size_t chunk, std::uint32_t column) = 0;
  // The least and the greatest value of a column of times in microseconds, where the file says it without being read.
  virtual std::optional<TimeRange> times_of(std::size_t /*chunk*/, std::uint32_t /*column*/) { return std::nullopt; }
  // Of a text file: where the row stands.
  virtual std::uint64_t line_of(std::size_t /*chunk*/, std::uint64_t /*row*/) const { return 0; }
  // Values are texts whose numbers are written so.
  virtual bool decimal_comma(std::uint32_t /*column*/) const { return false; }
  // Values are texts whatever they mean, and lists are texts with separators.
  virtual bool is_untyped() const { return false; }
  // Columns may appear that columns() doesn't know (JSON lines).
  virtual bool may_have_more_columns() const { return false; }
  virtual std::uint32_t add_column(const std::string& /*name*/) { return 0; }
  virtual bool has_seen(std::uint32_t /*column*/) const { return true; }

 protected:
  std::string path_;
  std::vector<RawColumn> columns_;
  std::vector<RawChunk> chunks_;
  std::vector<RejectedRow> rejected_;
  std::uint64_t num_bytes_ = 0;
};

using RawFilePtr = std::unique_ptr<RawFile>;
base::Result<RawFilePtr> open_parquet(const std::string& path);
base::Result<RawFilePtr> open_csv(const std::string& path, const CsvOptions& options);
base::Result<RawFilePtr> open_json_lines(const std::string& path);
base::Result<RawFilePtr> open_arrow(const std::string& path);
// By the declared format, else by extension, else by the first bytes.
base::Result<RawFilePtr> open_raw_file(const std::string& path, Format format, const CsvOptions& csv);

// Why a file can't be opened or read, in words: no such file, no permission, a folder.
base::Status input_failure(const std::string& path, int error);
// What Arrow says of a file that turned out not to be what it should.
base::Status damaged(const std::string& path, const arrow::Status& status);

}  // namespace seg::io
