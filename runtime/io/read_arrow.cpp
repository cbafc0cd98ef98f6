// Arrow's own formats, file and stream: a chunk is a record batch. Files are mapped, so that columns that nobody needs
// are not read.
#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <cstring>

#include "runtime/io/raw_file.h"

namespace seg::io {
namespace {

// The same data with bytes instead of texts: Arrow stops checking at the first text that is no UTF-8, and with it the
// offsets around it. Such texts are bad rows, found later; offsets of a damaged file could lead anywhere.
std::shared_ptr<arrow::ArrayData> with_bytes(const arrow::ArrayData& data) {
  auto copy = data.Copy();
  for (auto& child : copy->child_data) child = with_bytes(*child);
  if (copy->dictionary != nullptr) copy->dictionary = with_bytes(*copy->dictionary);
  switch (data.type->id()) {
    case arrow::Type::STRING: copy->type = arrow::binary(); break;
    case arrow::Type::LARGE_STRING: copy->type = arrow::large_binary(); break;
    case arrow::Type::STRING_VIEW: copy->type = arrow::binary_view(); break;
    case arrow::Type::LIST: copy->type = arrow::list(copy->child_data[0]->type); break;
    case arrow::Type::LARGE_LIST: copy->type = arrow::large_list(copy->child_data[0]->type); break;
    case arrow::Type::FIXED_SIZE_LIST:
      copy->type = arrow::fixed_size_list(copy->child_data[0]->type,
                                          static_cast<const arrow::FixedSizeListType&>(*data.type).list_size());
      break;
    case arrow::Type::STRUCT: {
      arrow::FieldVector fields;
      for (int i = 0; i < data.type->num_fields(); ++i) {
        fields.push_back(data.type->field(i)->WithType(copy->child_data[static_cast<std::size_t>(i)]->type));
      }
      copy->type = arrow::struct_(fields);
      break;
    }
    case arrow::Type::DICTIONARY:
      copy->type =
          arrow::dictionary(static_cast<const arrow::DictionaryType&>(*data.type).index_type(), copy->dictionary->type);
      break;
    default: break;
  }
  return copy;
}

class ArrowFile final : public RawFile {
 public:
  explicit ArrowFile(std::string path) : RawFile(std::move(path)) {}

  base::Status open() {
    auto file = arrow::io::MemoryMappedFile::Open(path_, arrow::io::FileMode::READ);
    if (!file.ok()) return base::Status(base::Code::data_file_not_readable, {path_, file.status().message()}).at(path_);
    num_bytes_ = static_cast<std::uint64_t>((*file)->GetSize().ValueOr(0));
    const arrow::Status status = read_batches(*file);
    if (!status.ok()) return damaged(path_, status);
    return {};
  }

  base::Status prepare(const std::vector<std::uint32_t>& columns, unsigned) override {
    for (const auto& batch : batches_) {
      for (const std::uint32_t column : columns) {
        const auto& array = *batch->column(static_cast<int>(column));
        const arrow::Status status = arrow::MakeArray(with_bytes(*array.data()))->ValidateFull();
        if (!status.ok()) {
          return damaged(path_, status).at(path_, 0, columns_[column].name);
        }
      }
    }
    return {};
  }

  base::Result<std::shared_ptr<arrow::ChunkedArray>> read(std::size_t chunk, std::uint32_t column) override {
    return std::make_shared<arrow::ChunkedArray>(batches_[chunk]->column(static_cast<int>(column)));
  }

 private:
  arrow::Status read_batches(const std::shared_ptr<arrow::io::MemoryMappedFile>& file) {
    char magic[6] = {};
    ARROW_ASSIGN_OR_RAISE(const auto num_read, file->ReadAt(0, 6, magic));
    if (num_read == 0) return arrow::Status::Invalid("the file is empty");
    std::shared_ptr<arrow::Schema> schema;
    if (num_read == 6 && std::memcmp(magic, "ARROW1", 6) == 0) {
      ARROW_ASSIGN_OR_RAISE(const auto reader, arrow::ipc::RecordBatchFileReader::Open(file));
      schema = reader->schema();
      for (int i = 0; i < reader->num_record_batches(); ++i) {
        ARROW_ASSIGN_OR_RAISE(auto batch, reader->ReadRecordBatch(i));
        batches_.push_back(std::move(batch));
      }
    } else {
      ARROW_RETURN_NOT_OK(file->Seek(0));
      ARROW_ASSIGN_OR_RAISE(const auto reader, arrow::ipc::RecordBatchStreamReader::Open(file));
      schema = reader->schema();
      while (true) {
        std::shared_ptr<arrow::RecordBatch> batch;
        ARROW_RETURN_NOT_OK(reader->ReadNext(&batch));
        if (batch == nullptr) break;
        batches_.push_back(std::move(batch));
      }
    }
    for (const auto& field : schema->fields()) columns_.push_back({field->name(), field->type()});
    std::uint64_t first_row = 0;
    for (const auto& batch : batches_) {
      ARROW_RETURN_NOT_OK(batch->Validate());
      const auto num_rows = static_cast<std::uint64_t>(batch->num_rows());
      chunks_.push_back({first_row, num_rows, {}});
      first_row += num_rows;
    }
    return arrow::Status::OK();
  }

  std::vector<std::shared_ptr<arrow::RecordBatch>> batches_;
};

}  // namespace

base::Result<RawFilePtr> open_arrow(const std::string& path) {
  auto file = std::make_unique<ArrowFile>(path);
  SEG_RETURN_IF_FAILED(file->open());
  return RawFilePtr(std::move(file));
}

}  // namespace seg::io
