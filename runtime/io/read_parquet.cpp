// Parquet: a chunk is a row group. Any thread may read any column of any row group; each has a reader of its own over
// one memory map and one parsed footer.
#include <arrow/chunked_array.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include <cstring>
#include <mutex>

#include "runtime/io/raw_file.h"

namespace seg::io {
namespace {

void collect_leaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
  if (field.is_leaf()) leaves.push_back(field.column_index);
  for (const auto& child : field.children) collect_leaves(child, leaves);
}

class ParquetFile final : public RawFile {
 public:
  explicit ParquetFile(std::string path) : RawFile(std::move(path)) {}

  base::Status open() {
    auto opened = arrow::io::MemoryMappedFile::Open(path_, arrow::io::FileMode::READ);
    if (!opened.ok())
      return base::Status(base::Code::data_file_not_readable, {path_, opened.status().message()}).at(path_);
    source_ = *opened;
    num_bytes_ = static_cast<std::uint64_t>(source_->GetSize().ValueOr(0));
    SEG_RETURN_IF_FAILED(check_frame());
    try {
      metadata_ = parquet::ReadMetaData(source_);
    } catch (const std::exception& problem) {
      return damaged(path_, arrow::Status::Invalid(problem.what()));
    }
    auto reader = make_reader();
    if (!reader.ok()) return damaged(path_, reader.status());
    const auto& manifest = (*reader)->manifest();
    for (const auto& field : manifest.schema_fields) {
      columns_.push_back({field.field->name(), field.field->type()});
      leaves_.emplace_back();
      collect_leaves(field, leaves_.back());
    }
    std::uint64_t first_row = 0;
    for (int group = 0; group < metadata_->num_row_groups(); ++group) {
      const auto num_rows = static_cast<std::uint64_t>(metadata_->RowGroup(group)->num_rows());
      chunks_.push_back({first_row, num_rows, {}});
      first_row += num_rows;
    }
    return {};
  }

  // Texts are read as the dictionaries that the file stores.
  base::Status prepare(const std::vector<std::uint32_t>& columns, unsigned) override {
    const std::lock_guard lock(mutex_);
    for (const std::uint32_t column : columns) {
      for (const int leaf : leaves_[column]) {
        if (metadata_->schema()->Column(leaf)->physical_type() == parquet::Type::BYTE_ARRAY) {
          properties_.set_read_dictionary(leaf, true);
        }
      }
    }
    free_.clear();
    return {};
  }

  base::Result<std::shared_ptr<arrow::ChunkedArray>> read(std::size_t chunk, std::uint32_t column) override {
    std::unique_ptr<parquet::arrow::FileReader> reader;
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        reader = std::move(free_.back());
        free_.pop_back();
      }
    }
    if (reader == nullptr) {
      auto made = make_reader();
      if (!made.ok()) return damaged(path_, made.status());
      reader = std::move(*made);
    }
    auto table = read_group(*reader, static_cast<int>(chunk), leaves_[column]);
    if (!table.ok()) return damaged(path_, table.status()).at(path_, 0, columns_[column].name);
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(std::move(reader));
    }
    auto result = (*table)->column(0);
    if (static_cast<std::uint64_t>(result->length()) != chunks_[chunk].num_rows) {
      return damaged(path_, arrow::Status::Invalid("a column has fewer rows than its row group"))
          .at(path_, 0, columns_[column].name);
    }
    return result;
  }

  std::optional<TimeRange> times_of(std::size_t chunk, std::uint32_t column) override {
    if (leaves_[column].size() != 1) return std::nullopt;
    std::int64_t factor_up = 1, factor_down = 1;
    const arrow::DataType& type = *columns_[column].type;
    if (type.id() == arrow::Type::TIMESTAMP) {
      switch (static_cast<const arrow::TimestampType&>(type).unit()) {
        case arrow::TimeUnit::SECOND: factor_up = 1'000'000; break;
        case arrow::TimeUnit::MILLI: factor_up = 1'000; break;
        case arrow::TimeUnit::MICRO: break;
        case arrow::TimeUnit::NANO: factor_down = 1'000; break;
      }
    } else if (type.id() == arrow::Type::DATE32) {
      factor_up = 86'400'000'000;
    } else {
      return std::nullopt;
    }
    try {
      const auto statistics =
          metadata_->RowGroup(static_cast<int>(chunk))->ColumnChunk(leaves_[column][0])->statistics();
      if (statistics == nullptr || !statistics->HasMinMax()) return std::nullopt;
      std::int64_t least = 0, greatest = 0;
      if (statistics->physical_type() == parquet::Type::INT64) {
        const auto& typed = static_cast<const parquet::Int64Statistics&>(*statistics);
        least = typed.min();
        greatest = typed.max();
      } else if (statistics->physical_type() == parquet::Type::INT32) {
        const auto& typed = static_cast<const parquet::Int32Statistics&>(*statistics);
        least = typed.min();
        greatest = typed.max();
      } else {
        return std::nullopt;
      }
      TimeRange range;
      if (__builtin_mul_overflow(least, factor_up, &range.begin) ||
          __builtin_mul_overflow(greatest, factor_up, &range.end)) {
        return std::nullopt;
      }
      range.begin = range.begin / factor_down - 1;
      range.end = range.end / factor_down + 1;
      return range;
    } catch (const std::exception&) {
      return std::nullopt;  // then the row group is read
    }
  }

 private:
  // The two marks that a Parquet file begins and ends with: a copy that was cut off lacks the second.
  base::Status check_frame() {
    char head[4] = {}, tail[4] = {};
    if (num_bytes_ == 0) return damaged(path_, arrow::Status::Invalid("the file is empty"));
    const bool is_read = num_bytes_ >= 12 && source_->ReadAt(0, 4, head).ok() &&
                         source_->ReadAt(static_cast<std::int64_t>(num_bytes_) - 4, 4, tail).ok();
    if (is_read && std::memcmp(tail, "PARE", 4) == 0) {
      return base::Status(base::Code::data_file_not_readable, {path_, "it is encrypted"}).at(path_);
    }
    if (!is_read || std::memcmp(head, "PAR1", 4) != 0) {
      return damaged(path_, arrow::Status::Invalid("it does not begin as a Parquet file does"));
    }
    if (std::memcmp(tail, "PAR1", 4) != 0) {
      return damaged(path_, arrow::Status::Invalid("its end is missing"));
    }
    return {};
  }

  arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> make_reader() {
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(source_, parquet::default_reader_properties(), metadata_));
    return builder.properties(properties_)->Build();
  }

  static arrow::Result<std::shared_ptr<arrow::Table>> read_group(parquet::arrow::FileReader& reader, int group,
                                                                 const std::vector<int>& leaves) {
    try {
      return reader.ReadRowGroup(group, leaves);
    } catch (const std::exception& problem) {
      return arrow::Status::IOError(problem.what());
    }
  }

  std::shared_ptr<arrow::io::MemoryMappedFile> source_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  parquet::ArrowReaderProperties properties_ = parquet::ArrowReaderProperties(false);
  std::vector<std::vector<int>> leaves_;  // by column
  std::mutex mutex_;
  std::vector<std::unique_ptr<parquet::arrow::FileReader>> free_;
};

}  // namespace

base::Result<RawFilePtr> open_parquet(const std::string& path) {
  auto file = std::make_unique<ParquetFile>(path);
  SEG_RETURN_IF_FAILED(file->open());
  return RawFilePtr(std::move(file));
}

}  // namespace seg::io
