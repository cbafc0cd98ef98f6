// CSV: parsed in blocks by several threads. Where a block begins is guessed (the next line end outside quotes, counted
// by quotes) and checked against where the block before it really ended.
#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>

#include <algorithm>

#include "runtime/io/csv_dialect.h"
#include "runtime/io/parallel.h"
#include "runtime/io/raw_file.h"
#include "runtime/io/text_source.h"

namespace seg::io {
namespace {

constexpr std::size_t kBlockBytes = 4u << 20;
constexpr std::size_t kMaxQuarantineText = 10'000;

struct Block {
  const char* begin = nullptr;
  const char* limit = nullptr;  // records that begin before it
  const char* end = nullptr;    // where the last of them really ended
  std::vector<TextColumn> columns;
  std::vector<std::uint32_t> row_of;   // index among the block's rows, rejected ones counted; empty: none rejected
  std::vector<std::uint32_t> line_of;  // line ends before it in the block
  std::vector<RejectedRow> rejected;   // rows and lines count from the block's beginning
  std::uint32_t num_rows = 0;          // with the rejected ones
  std::uint64_t num_lines = 0;
};

class CsvFile final : public RawFile {
 public:
  CsvFile(std::string path, CsvOptions options) : RawFile(std::move(path)), options_(std::move(options)) {}

  base::Status open() {
    auto source = read_source_text(path_, options_.encoding);
    if (!source.ok()) return std::move(source).status();
    source_ = std::move(source).value();
    num_bytes_ = source_.num_bytes;
    dialect_ = sniff_csv(source_.text, options_);
    for (const std::string& name : dialect_.columns) columns_.push_back({name, arrow::large_utf8()});
    return {};
  }

  bool decimal_comma(std::uint32_t column) const override {
    return column < dialect_.decimal_comma.size() && dialect_.decimal_comma[column];
  }
  bool is_untyped() const override { return true; }

  base::Status prepare(const std::vector<std::uint32_t>& columns, unsigned num_threads) override {
    wanted_ = columns;
    std::sort(wanted_.begin(), wanted_.end());
    wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
    chunks_.clear();
    rejected_.clear();
    lines_.clear();
    std::vector<Block> blocks = split(num_threads);
    parallel_for(blocks.size(), num_threads, [&](std::size_t i) { parse(blocks[i]); });
    for (std::size_t i = 1; i < blocks.size(); ++i) {
      if (blocks[i].begin == blocks[i - 1].end) continue;
      // A quote inside a plain value misled the guess: this block begins elsewhere.
      Block moved;
      moved.begin = blocks[i - 1].end;
      moved.limit = std::max(blocks[i].limit, moved.begin);
      blocks[i] = std::move(moved);
      parse(blocks[i]);
    }
    store_.expect(columns, blocks.size());
    std::uint64_t first_row = 0, line = dialect_.data_line;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      Block& block = blocks[b];
      RawChunk chunk;
      chunk.first_row = first_row;
      chunk.num_rows = block.line_of.size();
      for (const std::uint32_t row : block.row_of) chunk.row_numbers.push_back(first_row + row + 1);
      chunks_.push_back(std::move(chunk));
      for (RejectedRow& rejected : block.rejected) {
        rejected.row += first_row;
        rejected.line += line;
        rejected_.push_back(std::move(rejected));
      }
      lines_.push_back({line, std::move(block.line_of)});
      for (std::size_t i = 0; i < wanted_.size(); ++i) {
        store_.put(b, wanted_[i], std::move(block.columns[i]).finish());
      }
      first_row += block.num_rows;
      line += block.num_lines;
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
  std::vector<Block> split(unsigned num_threads) const {
    const char* begin = source_.text.data() + dialect_.data_begin;
    const char* end = source_.text.data() + source_.text.size();
    std::vector<Block> blocks;
    const auto size = static_cast<std::size_t>(end - begin);
    if (size == 0) return blocks;
    const std::size_t num_blocks = (size + kBlockBytes - 1) / kBlockBytes;
    std::vector<std::size_t> num_quotes(num_blocks);
    parallel_for(num_blocks, num_threads, [&](std::size_t b) {
      const char* from = begin + b * kBlockBytes;
      num_quotes[b] = static_cast<std::size_t>(std::count(from, std::min(from + kBlockBytes, end), dialect_.quote));
    });
    const char* start = begin;
    bool is_inside = false;
    for (std::size_t b = 0; b < num_blocks; ++b) {
      is_inside = is_inside != (num_quotes[b] % 2 != 0);
      const char* limit = std::min(begin + (b + 1) * kBlockBytes, end);
      bool inside = is_inside;
      while (limit < end) {  // to the next line end outside quotes
        if (*limit == dialect_.quote) {
          inside = !inside;
        } else if (!inside && *limit == '\n') {
          ++limit;
          break;
        }
        ++limit;
      }
      if (limit <= start) continue;  // the block before reached beyond this one
      Block& block = blocks.emplace_back();
      block.begin = start;
      block.limit = limit;
      start = limit;
    }
    return blocks;
  }

  void parse(Block& block) const {
    const CsvParser parser(dialect_.delimiter, dialect_.quote);
    const char* file_end = source_.text.data() + source_.text.size();
    const std::size_t num_columns = columns_.size();
    std::vector<CsvField> fields;
    std::string buffer;
    std::uint64_t num_lines = 0;
    block.columns.resize(wanted_.size());
    const char* at = block.begin;
    while (at < block.limit) {
      const char* begin = at;
      const bool is_closed = parser.parse(at, file_end, fields, num_lines);
      const std::uint64_t line = block.num_lines;
      block.num_lines += num_lines;
      if (is_closed && fields.size() == 1 && fields[0].begin == fields[0].end) continue;  // a blank line
      const std::uint32_t row = block.num_rows++;
      if (!is_closed || fields.size() != num_columns) {
        reject(block, row, line, is_closed, fields.size(), {begin, static_cast<std::size_t>(at - begin)});
        continue;
      }
      for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const std::string_view text = unquote(fields[wanted_[i]], dialect_.quote, buffer);
        block.columns[i].append(is_null(text) ? std::string_view() : text);
      }
      block.line_of.push_back(static_cast<std::uint32_t>(line));
      if (!block.row_of.empty() || !block.rejected.empty()) block.row_of.push_back(row);
    }
    block.end = at;
  }

  void reject(Block& block, std::uint32_t row, std::uint64_t line, bool is_closed, std::size_t num_fields,
              std::string_view text) const {
    if (block.rejected.empty()) {  // so far the rows were numbered without gaps
      for (std::uint32_t i = 0; i < row; ++i) block.row_of.push_back(i);
    }
    RejectedRow rejected;
    rejected.row = row + 1;
    rejected.line = line;
    rejected.code = is_closed ? base::Code::wrong_number_of_fields : base::Code::unterminated_quote;
    if (is_closed) rejected.args = {num_fields, columns_.size()};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    rejected.text = text.substr(0, kMaxQuarantineText);
    block.rejected.push_back(std::move(rejected));
  }

  bool is_null(std::string_view text) const {
    return !options_.null_texts.empty() &&
           std::find(options_.null_texts.begin(), options_.null_texts.end(), text) != options_.null_texts.end();
  }

  CsvOptions options_;
  SourceText source_;
  CsvDialect dialect_;
  std::vector<std::uint32_t> wanted_;
  ArrayStore store_;
  std::vector<std::pair<std::uint64_t, std::vector<std::uint32_t>>> lines_;  // by chunk: first line, lines behind it
};

}  // namespace

base::Result<RawFilePtr> open_csv(const std::string& path, const CsvOptions& options) {
  auto file = std::make_unique<CsvFile>(path, options);
  SEG_RETURN_IF_FAILED(file->open());
  return RawFilePtr(std::move(file));
}

}  // namespace seg::io
