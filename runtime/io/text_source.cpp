#include "runtime/io/text_source.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/chunked_array.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>
#include <unicode/ucnv.h>

#include <cstring>

#include "runtime/io/raw_file.h"

namespace seg::io {
namespace {

bool has_high_bytes(const char* begin, std::size_t size) {
  unsigned char any = 0;
  for (std::size_t i = 0; i < size; ++i) any |= static_cast<unsigned char>(begin[i]);
  return any >= 0x80;
}

// The length of the UTF-8 sequence at `at`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(at);
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

// More sequences that only UTF-8 has than bytes that it can't have. One broken letter must not turn a file into
// another encoding: that would change all others.
bool is_mostly_utf8(std::string_view text) {
  constexpr std::size_t kBlock = 4096;
  std::uint64_t num_sequences = 0, num_bad = 0;
  for (std::size_t block = 0; block < text.size(); block += kBlock) {
    const std::size_t end = std::min(block + kBlock, text.size());
    if (!has_high_bytes(text.data() + block, end - block)) continue;
    for (std::size_t at = block; at < end;) {
      if (static_cast<unsigned char>(text[at]) < 0x80) {
        ++at;
        continue;
      }
      const std::size_t length = sequence_length(text, at);
      // The block may begin within a letter.
      if (length == 0 && !(at < block + 3 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)) ++num_bad;
      if (length != 0) ++num_sequences;
      at += std::max<std::size_t>(1, length);
    }
  }
  return num_bad <= num_sequences;
}

// UTF-16 without a mark: every second byte of plain Latin text is zero.
std::string utf16_without_mark(std::string_view text) {
  std::size_t even = 0, odd = 0;
  const std::size_t n = std::min<std::size_t>(text.size() & ~std::size_t{1}, 2000);
  for (std::size_t i = 0; i < n; i += 2) {
    even += text[i] == 0;
    odd += text[i + 1] == 0;
  }
  if (n >= 8 && odd > n / 4 && even == 0) return "UTF-16LE";
  if (n >= 8 && even > n / 4 && odd == 0) return "UTF-16BE";
  return {};
}

std::string sniff_encoding(std::string_view text, std::size_t& mark) {
  mark = 0;
  if (text.starts_with("\xEF\xBB\xBF")) return mark = 3, "UTF-8";
  if (text.starts_with("\xFF\xFE")) return mark = 2, "UTF-16LE";
  if (text.starts_with("\xFE\xFF")) return mark = 2, "UTF-16BE";
  if (std::string utf16 = utf16_without_mark(text); !utf16.empty()) return utf16;
  return is_mostly_utf8(text) ? "UTF-8" : "windows-1252";
}

base::Result<std::string> to_utf8(const std::string& path, std::string_view text, const std::string& encoding) {
  UErrorCode error = U_ZERO_ERROR;
  UConverter* from = ucnv_open(encoding.c_str(), &error);
  if (U_FAILURE(error)) {
    return base::Status(base::Code::wrong_setting, {"encoding", "`" + encoding + "`"})
        .at(path)
        .help("encodings are called like UTF-8, UTF-16, windows-1252, windows-1256");
  }
  UConverter* utf8 = ucnv_open("UTF-8", &error);
  std::string converted;
  std::vector<char> out(1u << 16);
  std::vector<UChar> pivot(1u << 12);
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* at = text.data();
  const char* end = text.data() + text.size();
  bool is_first = true;
  do {
    char* to = out.data();
    error = U_ZERO_ERROR;
    ucnv_convertEx(utf8, from, &to, out.data() + out.size(), &at, end, pivot.data(), &pivot_source, &pivot_target,
                   pivot.data() + pivot.size(), is_first, true, &error);
    is_first = false;
    converted.append(out.data(), static_cast<std::size_t>(to - out.data()));
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  ucnv_close(from);
  ucnv_close(utf8);
  if (U_FAILURE(error)) {
    return base::Status(base::Code::damaged_file, {path, "it is not " + encoding + " text"}).at(path);
  }
  if (converted.starts_with("\xEF\xBB\xBF")) converted.erase(0, 3);
  return converted;
}

base::Result<std::shared_ptr<arrow::Buffer>> read_bytes(const std::string& path, std::uint64_t& num_bytes) {
  auto file = arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ);
  if (!file.ok()) {
    // A pipe can't be mapped.
    return base::Status(base::Code::data_file_not_readable, {path, file.status().message()}).at(path);
  }
  const auto size = (*file)->GetSize();
  num_bytes = size.ok() ? static_cast<std::uint64_t>(*size) : 0;
  auto bytes = (*file)->ReadAt(0, static_cast<std::int64_t>(num_bytes));
  if (!bytes.ok()) return base::Status(base::Code::data_file_not_readable, {path, bytes.status().message()}).at(path);
  const auto& buffer = *bytes;
  if (buffer->size() < 2 || buffer->data()[0] != 0x1F || buffer->data()[1] != 0x8B) return buffer;
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP);
  if (!codec.ok()) return damaged(path, codec.status());
  auto stream = arrow::io::CompressedInputStream::Make(codec->get(), *file);
  if (!stream.ok()) return damaged(path, stream.status());
  std::string unpacked;
  while (true) {
    auto part = (*stream)->Read(1 << 20);
    if (!part.ok()) return damaged(path, part.status());
    if ((*part)->size() == 0) break;
    unpacked.append(reinterpret_cast<const char*>((*part)->data()), static_cast<std::size_t>((*part)->size()));
  }
  return std::shared_ptr<arrow::Buffer>(arrow::Buffer::FromString(std::move(unpacked)));
}

}  // namespace

base::Result<SourceText> read_source_text(const std::string& path, const std::string& encoding) {
  SourceText source;
  auto bytes = read_bytes(path, source.num_bytes);
  if (!bytes.ok()) return std::move(bytes).status();
  std::string_view text(reinterpret_cast<const char*>((*bytes)->data()), static_cast<std::size_t>((*bytes)->size()));
  std::size_t mark = 0;
  source.encoding = sniff_encoding(text, mark);
  if (!encoding.empty() && mark == 0) source.encoding = encoding;
  text.remove_prefix(mark);
  UErrorCode error = U_ZERO_ERROR;
  const char* name = ucnv_getStandardName(source.encoding.c_str(), "IANA", &error);
  if (name != nullptr && std::strcmp(name, "UTF-8") == 0) {
    source.text = text;
    source.owner = std::move(bytes).value();
    return source;
  }
  auto converted = to_utf8(path, text, source.encoding);
  if (!converted.ok()) return std::move(converted).status();
  auto owner = std::make_shared<const std::string>(std::move(converted).value());
  source.text = *owner;
  source.owner = std::move(owner);
  return source;
}

std::shared_ptr<arrow::Array> TextColumn::finish() && {
  const std::int64_t length = size();
  auto array = std::make_shared<arrow::LargeStringArray>(length, arrow::Buffer::FromVector(std::move(offsets_)),
                                                         arrow::Buffer::FromString(std::move(bytes_)));
  offsets_ = {0};
  bytes_.clear();
  return array;
}

void ArrayStore::expect(const std::vector<std::uint32_t>& columns, std::size_t num_chunks) {
  const std::lock_guard lock(mutex_);
  chunks_.assign(num_chunks, {});
  for (auto& chunk : chunks_) {
    for (const std::uint32_t column : columns) ++chunk[column].num_uses;
  }
}

void ArrayStore::put(std::size_t chunk, std::uint32_t column, std::shared_ptr<arrow::Array> array) {
  const std::lock_guard lock(mutex_);
  chunks_[chunk][column].array = std::move(array);
}

std::shared_ptr<arrow::ChunkedArray> ArrayStore::take(std::size_t chunk, std::uint32_t column) {
  const std::lock_guard lock(mutex_);
  Entry& entry = chunks_[chunk][column];
  auto array = std::make_shared<arrow::ChunkedArray>(entry.array);
  if (--entry.num_uses == 0) entry.array = nullptr;
  return array;
}

}  // namespace seg::io
