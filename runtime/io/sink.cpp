#include "runtime/io/sink.h"

#include <arrow/array.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/atomic_file.h"
#include "runtime/io/result_batches.h"
#include "runtime/io/value_format.h"

namespace seg::io {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Status;

// Where the bytes go: a file that appears whole, a plain file inside a folder that does, or standard output.
class Output {
 public:
  virtual ~Output() = default;
  virtual Status write(std::string_view bytes) = 0;
};

class AtomicOutput final : public Output {
 public:
  explicit AtomicOutput(base::AtomicFile& file) : file_(file) {}
  Status write(std::string_view bytes) override { return file_.write(bytes); }

 private:
  base::AtomicFile& file_;
};

class DescriptorOutput final : public Output {
 public:
  DescriptorOutput(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  Status write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return base::output_failure(name_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

 private:
  int descriptor_;
  std::string name_;
};

// Arrow's writers write here; the first failure is kept in our own words.
class ArrowOutput final : public arrow::io::OutputStream {
 public:
  explicit ArrowOutput(Output& output) : output_(output) {}
  arrow::Status Close() override { return is_closed_ = true, arrow::Status::OK(); }
  bool closed() const override { return is_closed_; }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Write(const void* data, std::int64_t size) override {
    if (!failure_.ok()) return arrow::Status::IOError("output");
    failure_ = output_.write({static_cast<const char*>(data), static_cast<std::size_t>(size)});
    position_ += size;
    return failure_.ok() ? arrow::Status::OK() : arrow::Status::IOError("output");
  }
  using arrow::io::OutputStream::Write;
  const Status& failure() const { return failure_; }

 private:
  Output& output_;
  Status failure_;
  std::int64_t position_ = 0;
  bool is_closed_ = false;
};

arrow::Status write_parquet(BatchStream& stream, const std::shared_ptr<ArrowOutput>& out) {
  const auto properties = parquet::WriterProperties::Builder().compression(parquet::Compression::SNAPPY)->build();
  // The Arrow schema goes with it, so that durations and dictionaries come back as they were.
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ARROW_ASSIGN_OR_RAISE(auto writer, parquet::arrow::FileWriter::Open(*stream.schema, arrow::default_memory_pool(), out,
                                                                      properties, arrow_properties));
  ARROW_RETURN_NOT_OK(writer->NewBufferedRowGroup());
  while (const auto batch = stream.next()) ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
  return writer->Close();
}

arrow::Status write_arrow(BatchStream& stream, const std::shared_ptr<ArrowOutput>& out, bool as_stream) {
  auto made =
      as_stream ? arrow::ipc::MakeStreamWriter(out, stream.schema) : arrow::ipc::MakeFileWriter(out, stream.schema);
  ARROW_ASSIGN_OR_RAISE(auto writer, std::move(made));
  while (const auto batch = stream.next()) ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
  return writer->Close();
}

// One value of a batch as text; false if it is null.
bool append_cell(const arrow::Array& array, std::int64_t row, std::string& text) {
  if (array.IsNull(row)) return false;
  switch (array.type_id()) {
    case arrow::Type::BOOL: text += static_cast<const arrow::BooleanArray&>(array).Value(row) ? "true" : "false"; break;
    case arrow::Type::INT64: text += std::to_string(static_cast<const arrow::Int64Array&>(array).Value(row)); break;
    case arrow::Type::DOUBLE: append_number(static_cast<const arrow::DoubleArray&>(array).Value(row), text); break;
    case arrow::Type::DATE32: append_date(static_cast<const arrow::Date32Array&>(array).Value(row), text); break;
    case arrow::Type::TIMESTAMP: append_time(static_cast<const arrow::TimestampArray&>(array).Value(row), text); break;
    case arrow::Type::DURATION:
      append_duration(static_cast<const arrow::DurationArray&>(array).Value(row), text);
      break;
    case arrow::Type::DECIMAL128: {
      const arrow::Decimal128 value(static_cast<const arrow::Decimal128Array&>(array).GetValue(row));
      append_money(static_cast<std::int64_t>(value.low_bits()), text);
      break;
    }
    case arrow::Type::STRUCT: {
      const auto& place = static_cast<const arrow::StructArray&>(array);
      append_cell(*place.field(0), row, text);
      text += ", ";
      append_cell(*place.field(1), row, text);
      break;
    }
    default: text += static_cast<const arrow::StringArray&>(array).GetView(row); break;
  }
  return true;
}

Status write_csv(BatchStream& stream, Output& out) {
  constexpr char kDelimiter = ',';
  std::string text;
  for (const auto& field : stream.schema->fields()) {
    if (!text.empty()) text += kDelimiter;
    append_csv(field->name(), kDelimiter, text);
  }
  text += '\n';
  std::string cell;
  while (const auto batch = stream.next()) {
    for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
      for (int column = 0; column < batch->num_columns(); ++column) {
        if (column != 0) text += kDelimiter;
        const arrow::Array& array = *batch->column(column);
        cell.clear();
        if (!append_cell(array, row, cell)) continue;
        const bool may_need_quotes = array.type_id() == arrow::Type::STRING || array.type_id() == arrow::Type::STRUCT;
        if (may_need_quotes) {
          append_csv(cell, kDelimiter, text);
        } else {
          text += cell;
        }
      }
      text += '\n';
    }
    SEG_RETURN_IF_FAILED(out.write(text));
    text.clear();
  }
  return out.write(text);
}

bool is_json_literal(arrow::Type::type type) {
  return type == arrow::Type::BOOL || type == arrow::Type::INT64 || type == arrow::Type::DOUBLE ||
         type == arrow::Type::DECIMAL128 || type == arrow::Type::DURATION;
}

Status write_json_lines(BatchStream& stream, Output& out) {
  std::vector<std::string> names;
  for (const auto& field : stream.schema->fields()) append_json(field->name(), names.emplace_back());
  std::string text, cell;
  while (const auto batch = stream.next()) {
    for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
      text += '{';
      for (int column = 0; column < batch->num_columns(); ++column) {
        if (column != 0) text += ',';
        text += names[static_cast<std::size_t>(column)] + ":";
        const arrow::Array& array = *batch->column(column);
        cell.clear();
        if (!append_cell(array, row, cell)) {
          text += "null";
        } else if (is_json_literal(array.type_id())) {
          text += cell;
        } else {
          append_json(cell, text);
        }
      }
      text += "}\n";
    }
    SEG_RETURN_IF_FAILED(out.write(text));
    text.clear();
  }
  return out.write(text);
}

Status write_stream(BatchStream stream, Format format, bool to_pipe, const std::string& path, Output& out) {
  if (format == Format::kCsv) return write_csv(stream, out);
  if (format == Format::kJsonLines) return write_json_lines(stream, out);
  const auto arrow_out = std::make_shared<ArrowOutput>(out);
  const arrow::Status status =
      format == Format::kParquet ? write_parquet(stream, arrow_out) : write_arrow(stream, arrow_out, to_pipe);
  if (!arrow_out->failure().ok()) return arrow_out->failure();
  if (!status.ok()) return Status(Code::output_not_writable, {path, status.message()});
  return {};
}

Format format_of(const SinkSpec& sink) {
  if (sink.format != Format::kByName) return sink.format;
  const std::string extension = fs::path(sink.path).extension().string();
  if (extension == ".pq") return Format::kParquet;
  return find_format(extension.empty() ? extension : extension.substr(1)).value_or(Format::kCsv);
}

std::string_view extension_of(Format format) {
  switch (format) {
    case Format::kParquet: return ".parquet";
    case Format::kJsonLines: return ".jsonl";
    case Format::kArrow: return ".arrow";
    case Format::kCsv:
    case Format::kByName: break;
  }
  return ".csv";
}

// --- a folder of members
// -----------------------------------------------------------------------------------------------

// Says that a folder is ours to replace.
constexpr const char* kMark = ".seg-members";

Status write_members(const Results& results, const ResultColumn& column, std::uint32_t tier, Format format,
                     const std::string& shown, const fs::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return base::output_failure(shown, errno);
  DescriptorOutput out(::fileno(file), shown);
  Status status = write_stream(member_batches(results, column, tier), format, false, shown, out);
  if (std::fclose(file) != 0 && status.ok()) status = base::output_failure(shown, errno);
  return status;
}

Status fill_folder(const Results& results, Format format, const std::string& shown, const fs::path& folder) {
  const std::string extension(extension_of(format));
  if (std::FILE* mark = std::fopen((folder / kMark).c_str(), "wb")) {
    std::fclose(mark);
  } else {
    return base::output_failure(shown, errno);
  }
  for (const ResultColumn& column : results.columns) {
    switch (column.kind) {
      case ResultKind::kSegment:
        SEG_RETURN_IF_FAILED(write_members(results, column, 0, format, shown, folder / (column.name + extension)));
        break;
      case ResultKind::kPartition:
        for (std::uint32_t tier = 0; tier < column.labels.size(); ++tier) {
          std::string label = column.labels[tier];
          std::replace(label.begin(), label.end(), '/', '_');
          SEG_RETURN_IF_FAILED(
              write_members(results, column, tier, format, shown, folder / (column.name + "." + label + extension)));
        }
        break;
      case ResultKind::kValue: break;  // has no members
    }
  }
  return {};
}

// The process that an unfinished folder's name ends with: `.NAME.123.tmp`, `.NAME.old.123.tmp`; 0: it is no such
// folder.
long writer_of(const std::string& name, const std::string& target) {
  const std::string prefix = "." + target + ".";
  const std::string_view suffix = ".tmp";
  if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() < prefix.size() + suffix.size()) return 0;
  std::string_view middle = std::string_view(name).substr(prefix.size(), name.size() - prefix.size() - suffix.size());
  if (middle.starts_with("old.")) middle.remove_prefix(4);
  long writer = 0;
  const auto [end, error] = std::from_chars(middle.data(), middle.data() + middle.size(), writer);
  return error == std::errc() && end == middle.data() + middle.size() ? writer : 0;
}

// What a killed run left behind. Only folders that bear our mark, whose process is gone, and which nobody has touched
// for an hour: on a shared disk another machine's processes are not seen from here.
void remove_abandoned(const fs::path& target) {
  constexpr auto kAge = std::chrono::hours(1);
  std::error_code error;
  const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::vector<fs::path> abandoned;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error)) {
    const long writer = writer_of(it->path().filename().string(), target.filename().string());
    if (writer <= 0 || writer == ::getpid() || it->is_symlink(error) || !it->is_directory(error)) continue;
    const bool is_gone = ::kill(static_cast<pid_t>(writer), 0) != 0 && errno == ESRCH;
    const auto touched = fs::last_write_time(it->path(), error);
    if (error || !is_gone || fs::file_time_type::clock::now() - touched < kAge) continue;
    if (fs::exists(it->path() / kMark, error)) abandoned.push_back(it->path());
  }
  for (const fs::path& folder : abandoned) fs::remove_all(folder, error);
}

Status write_folder(const Results& results, const SinkSpec& sink) {
  fs::path target = fs::path(sink.path);
  if (!target.has_filename()) target = target.parent_path();  // written with a slash at its end
  std::error_code error;
  const bool is_there = fs::exists(target, error);
  if (is_there) {
    if (!fs::is_directory(target, error))
      return Status(Code::output_not_writable, {sink.path, "it is a file, not a folder"});
    if (!fs::is_empty(target, error) && !fs::exists(target / kMark, error)) {
      return Status(Code::output_not_writable, {sink.path, "the folder holds other files"})
          .help("name a new folder, or one that seg wrote before");
    }
  }
  const std::string suffix = "." + std::to_string(::getpid()) + ".tmp";
  const fs::path beside = target.parent_path() / ("." + target.filename().string() + suffix);
  const fs::path old = target.parent_path() / ("." + target.filename().string() + ".old" + suffix);
  fs::remove_all(beside, error);
  if (::mkdir(beside.c_str(), 0777) != 0) return base::output_failure(sink.path, errno);
  Status status = fill_folder(results, format_of({"", sink.format, sink.layout}), sink.path, beside);
  if (status.ok()) {
    if (is_there && ::rename(target.c_str(), old.c_str()) != 0) {
      status = base::output_failure(sink.path, errno);
    } else if (::rename(beside.c_str(), target.c_str()) != 0) {
      status = base::output_failure(sink.path, errno);
      if (is_there) ::rename(old.c_str(), target.c_str());
    }
  }
  fs::remove_all(beside, error);
  fs::remove_all(old, error);
  if (status.ok()) remove_abandoned(target);
  return status;
}

}  // namespace

Status write(const Results& results, const SinkSpec& sink) {
  if (sink.layout == Layout::kFolder) return write_folder(results, sink);
  BatchStream stream = sink.layout == Layout::kLong ? long_batches(results) : wide_batches(results);
  const Format format = format_of(sink);
  if (sink.path == "-") {
    DescriptorOutput out(STDOUT_FILENO, "standard output");
    return write_stream(std::move(stream), format, true, "standard output", out);
  }
  auto file = base::AtomicFile::create(sink.path);
  if (!file.ok()) return std::move(file).status();
  AtomicOutput out(*file);
  SEG_RETURN_IF_FAILED(write_stream(std::move(stream), format, false, sink.path, out));
  return file->commit();
}

}  // namespace seg::io
