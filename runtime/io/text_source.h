// The bytes of a text file as UTF-8, and the columns of texts that its reader makes of them. Used by the CSV and JSON
// lines readers.
// In: a path, an encoding or none. Out: text without byte order mark; Arrow arrays of the columns that were asked for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace arrow {
class Array;
class ChunkedArray;
}  // namespace arrow

namespace seg::io {

struct SourceText {
  std::string_view text;
  std::shared_ptr<const void> owner;
  std::uint64_t num_bytes = 0;  // of the file
  std::string encoding;         // that it was in
};

// `encoding` empty: by byte order mark, else UTF-8 if it mostly is, else windows-1252. Gzip is unpacked.
base::Result<SourceText> read_source_text(const std::string& path, const std::string& encoding);

// Texts of one column, one after another.
class TextColumn {
 public:
  void append(std::string_view text) {
    bytes_.append(text);
    end();
  }
  std::string& bytes() { return bytes_; }  // to append in pieces; then end()
  void end() { offsets_.push_back(static_cast<std::int64_t>(bytes_.size())); }
  std::int64_t size() const { return static_cast<std::int64_t>(offsets_.size()) - 1; }
  std::shared_ptr<arrow::Array> finish() &&;

 private:
  std::vector<std::int64_t> offsets_ = {0};
  std::string bytes_;
};

// Arrays by chunk and column; each is let go when it has been taken as often as it was asked for.
class ArrayStore {
 public:
  void expect(const std::vector<std::uint32_t>& columns, std::size_t num_chunks);
  void put(std::size_t chunk, std::uint32_t column, std::shared_ptr<arrow::Array> array);
  std::shared_ptr<arrow::ChunkedArray> take(std::size_t chunk, std::uint32_t column);

 private:
  struct Entry {
    std::shared_ptr<arrow::Array> array;
    std::uint32_t num_uses = 0;
  };
  std::mutex mutex_;
  std::vector<std::map<std::uint32_t, Entry>> chunks_;
};

}  // namespace seg::io
