// JSON lines: one object per line, parsed in blocks by several threads. Objects inside objects become columns with
// dotted names (`address.city`); numbers keep the digits they are written with, so that money stays exact.
#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "runtime/io/parallel.h"
#include "runtime/io/raw_file.h"
#include "runtime/io/text_source.h"

namespace seg::io {
namespace {

constexpr std::size_t kBlockBytes = 4u << 20;
constexpr std::size_t kSniffedLines = 200;
constexpr std::size_t kMaxQuarantineText = 10'000;

// One column of a block. A value is a text; an array is a list of texts.
struct JsonColumn {
  TextColumn values;                    // of rows, or of all elements once the column has lists
  std::vector<std::int32_t> list_ends;  // of rows, once it has lists
  std::vector<bool> is_null;            // by row
  bool has_lists = false;
  bool is_seen = false;

  std::int64_t num_rows() const { return static_cast<std::int64_t>(is_null.size()); }

  // Until the first list every row is one value.
  void become_lists() {
    if (has_lists) return;
    has_lists = true;
    TextColumn elements;
    const auto array = std::move(values).finish();
    const auto& texts = static_cast<const arrow::LargeStringArray&>(*array);
    for (std::int64_t row = 0; row < num_rows(); ++row) {
      if (!is_null[static_cast<std::size_t>(row)]) elements.append(texts.GetView(row));
      list_ends.push_back(static_cast<std::int32_t>(elements.size()));
    }
    values = std::move(elements);
  }

  void add_value(std::string_view text) {
    values.append(text);
    if (has_lists) list_ends.push_back(static_cast<std::int32_t>(values.size()));
    is_null.push_back(false);
  }
  void add_list(const std::vector<std::string>& elements) {
    become_lists();
    for (const std::string& element : elements) values.append(element);
    list_ends.push_back(static_cast<std::int32_t>(values.size()));
    is_null.push_back(false);
  }
  void add_null() {
    if (has_lists) {
      list_ends.push_back(static_cast<std::int32_t>(values.size()));
    } else {
      values.append({});
    }
    is_null.push_back(true);
  }

  std::shared_ptr<arrow::Array> finish(bool as_lists) {
    if (as_lists) become_lists();
    const std::int64_t n = num_rows();
    std::vector<std::uint8_t> valid((is_null.size() + 7) / 8);
    for (std::size_t row = 0; row < is_null.size(); ++row) {
      if (!is_null[row]) valid[row / 8] |= static_cast<std::uint8_t>(1u << (row % 8));
    }
    auto bitmap = arrow::Buffer::FromVector(std::move(valid));
    const auto texts = std::move(values).finish();
    if (!as_lists) {
      auto data = texts->data()->Copy();
      data->buffers[0] = bitmap;
      data->null_count = arrow::kUnknownNullCount;
      return arrow::MakeArray(data);
    }
    list_ends.insert(list_ends.begin(), 0);
    return std::make_shared<arrow::ListArray>(arrow::list(arrow::large_utf8()), n,
                                              arrow::Buffer::FromVector(std::move(list_ends)), texts, bitmap);
  }
};

// What one record says of the wanted names.
struct Cell {
  bool is_there = false;
  bool is_list = false;
  std::string text;
  std::vector<std::string> elements;
};

class RecordReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  RecordReader(const std::unordered_map<std::string, std::uint32_t>& wanted, std::set<std::string>* names)
      : wanted_(wanted), names_(names), cells_(wanted.size()) {}

  void begin() {
    for (Cell& cell : cells_) cell = {};
    path_.clear();
    starts_.clear();
    list_depth_ = 0;
    target_ = nullptr;
    is_object_ = false;
  }
  bool is_object() const { return is_object_; }
  const std::vector<Cell>& cells() const { return cells_; }

  bool null() override { return true; }
  bool boolean(bool value) override { return put(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return put(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return put(text); }
  bool string(string_t& value) override { return put(value); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    if (list_depth_ == 0) {
      starts_.push_back(path_.size());
      if (starts_.size() == 1) is_object_ = true;
      if (starts_.size() > 1) path_ += '.';
    } else {
      ++list_depth_;  // objects in lists are passed over
    }
    return starts_.size() + list_depth_ < 200;
  }
  bool end_object() override {
    if (list_depth_ != 0) {
      --list_depth_;
    } else {
      path_.resize(starts_.back());
      starts_.pop_back();
    }
    return true;
  }
  bool key(string_t& name) override {
    if (list_depth_ != 0) return true;
    path_.resize(starts_.back() + (starts_.size() > 1 ? 1 : 0));
    path_ += name;
    if (names_ != nullptr) pending_name_ = true;
    const auto found = wanted_.find(path_);
    target_ = found == wanted_.end() ? nullptr : &cells_[found->second];
    return true;
  }
  bool start_array(std::size_t) override {
    if (starts_.empty()) return false;
    if (list_depth_++ == 0) {
      note_name();
      if (target_ != nullptr) target_->is_there = target_->is_list = true;
    }
    return list_depth_ < 200;
  }
  bool end_array() override {
    --list_depth_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

 private:
  bool put(const std::string& text) {
    if (starts_.empty()) return false;
    if (list_depth_ == 0) note_name();
    if (target_ == nullptr) return true;
    if (list_depth_ == 0) {
      target_->is_there = true;
      target_->is_list = false;
      target_->text = text;
    } else if (list_depth_ == 1) {
      target_->elements.push_back(text);
    }
    return true;
  }
  void note_name() {
    if (names_ != nullptr && pending_name_) names_->insert(path_);
    pending_name_ = false;
  }

  const std::unordered_map<std::string, std::uint32_t>& wanted_;
  std::set<std::string>* names_;
  std::vector<Cell> cells_;
  std::string path_;
  std::vector<std::size_t> starts_;  // where the path of each open object begins
  std::size_t list_depth_ = 0;
  Cell* target_ = nullptr;
  bool is_object_ = false;
  bool pending_name_ = false;
};

struct Block {
  std::string_view text;
  std::vector<JsonColumn> columns;
  std::vector<std::uint32_t> lines;   // of rows, in the block
  std::vector<std::uint32_t> row_of;  // among the block's records, rejected ones counted
  std::vector<RejectedRow> rejected;
  std::uint32_t num_records = 0;
  std::uint64_t num_lines = 0;
};

bool is_blank_line(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

class JsonLinesFile final : public RawFile {
 public:
  explicit JsonLinesFile(std::string path) : RawFile(std::move(path)) {}

  base::Status open() {
    auto source = read_source_text(path_, {});
    if (!source.ok()) return std::move(source).status();
    source_ = std::move(source).value();
    num_bytes_ = source_.num_bytes;
    std::set<std::string> names;
    const std::unordered_map<std::string, std::uint32_t> none;
    RecordReader reader(none, &names);
    std::string_view rest = source_.text;
    for (std::size_t i = 0; i < kSniffedLines && !rest.empty(); ++i) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      reader.begin();
      nlohmann::json::sax_parse(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(end), &reader);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    for (const std::string& name : names) add_column(name);
    return {};
  }

  bool is_untyped() const override { return true; }
  bool may_have_more_columns() const override { return true; }
  bool has_seen(std::uint32_t column) const override { return is_seen_[column]; }
  std::uint32_t add_column(const std::string& name) override {
    columns_.push_back({name, arrow::large_utf8()});
    is_seen_.push_back(false);
    return static_cast<std::uint32_t>(columns_.size() - 1);
  }

  base::Status prepare(const std::vector<std::uint32_t>& columns, unsigned num_threads) override {
    wanted_ = columns;
    std::sort(wanted_.begin(), wanted_.end());
    wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
    positions_.clear();
    for (std::uint32_t i = 0; i < wanted_.size(); ++i) positions_[columns_[wanted_[i]].name] = i;
    chunks_.clear();
    rejected_.clear();
    lines_.clear();
    std::vector<Block> blocks = split();
    parallel_for(blocks.size(), num_threads, [&](std::size_t i) { parse(blocks[i]); });
    store_.expect(columns, blocks.size());
    std::uint64_t first_row = 0, line = 1;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      Block& block = blocks[b];
      RawChunk chunk{first_row, block.lines.size(), {}};
      for (const std::uint32_t row : block.row_of) chunk.row_numbers.push_back(first_row + row + 1);
      chunks_.push_back(std::move(chunk));
      for (RejectedRow& rejected : block.rejected) {
        rejected.row += first_row;
        rejected.line += line;
        rejected_.push_back(std::move(rejected));
      }
      lines_.emplace_back(line, std::move(block.lines));
      first_row += block.num_records;
      line += block.num_lines;
    }
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const bool as_lists =
          std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) { return block.columns[i].has_lists; });
      for (std::size_t b = 0; b < blocks.size(); ++b) {
        is_seen_[wanted_[i]] = is_seen_[wanted_[i]] || blocks[b].columns[i].is_seen;
        store_.put(b, wanted_[i], blocks[b].columns[i].finish(as_lists));
      }
      if (as_lists) columns_[wanted_[i]].type = arrow::list(arrow::large_utf8());
    }
    return {};
  }

  base::Result<std::shared_ptr<arrow::ChunkedArray>> read(std::size_t chunk, std::uint32_t column) override {
    return store_.take(chunk, column);
  }

  std::uint64_t line_of(std::size_t chunk, std::uint64_t row) const override {
    return lines_[chunk].first + lines_[chunk].second[row];
  }

 private:
  std::vector<Block> split() const {
    std::vector<Block> blocks;
    std::string_view rest = source_.text;
    while (!rest.empty()) {
      std::size_t end = rest.size();
      if (kBlockBytes < rest.size()) end = std::min(rest.find('\n', kBlockBytes), rest.size() - 1) + 1;
      blocks.emplace_back().text = rest.substr(0, end);
      rest.remove_prefix(end);
    }
    return blocks;
  }

  void parse(Block& block) const {
    block.columns.resize(wanted_.size());
    RecordReader reader(positions_, nullptr);
    std::string_view rest = block.text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::uint64_t line_number = block.num_lines++;
      if (is_blank_line(line)) continue;
      const std::uint32_t record = block.num_records++;
      reader.begin();
      const bool is_read = nlohmann::json::sax_parse(line.begin(), line.end(), &reader);
      if (!is_read || !reader.is_object()) {
        if (block.rejected.empty()) {
          for (std::uint32_t i = 0; i < record; ++i) block.row_of.push_back(i);
        }
        block.rejected.push_back(
            {record + 1, line_number, base::Code::not_json, {}, std::string(line.substr(0, kMaxQuarantineText))});
        continue;
      }
      for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const Cell& cell = reader.cells()[i];
        JsonColumn& column = block.columns[i];
        column.is_seen = column.is_seen || cell.is_there;
        if (!cell.is_there) {
          column.add_null();
        } else if (cell.is_list) {
          column.add_list(cell.elements);
        } else {
          column.add_value(cell.text);
        }
      }
      block.lines.push_back(static_cast<std::uint32_t>(line_number));
      if (!block.rejected.empty()) block.row_of.push_back(record);
    }
  }

  SourceText source_;
  std::vector<bool> is_seen_;  // by column
  std::vector<std::uint32_t> wanted_;
  std::unordered_map<std::string, std::uint32_t> positions_;  // by name: in wanted_
  ArrayStore store_;
  std::vector<std::pair<std::uint64_t, std::vector<std::uint32_t>>> lines_;  // by chunk: first line, lines behind it
};

}  // namespace

base::Result<RawFilePtr> open_json_lines(const std::string& path) {
  auto file = std::make_unique<JsonLinesFile>(path);
  SEG_RETURN_IF_FAILED(file->open());
  return RawFilePtr(std::move(file));
}

}  // namespace seg::io
