#include "tools/init/profile.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/value.h"
#include "runtime/io/convert_column.h"
#include "runtime/io/raw_file.h"
#include "tools/init/guess.h"

namespace seg::init {
namespace {

using base::TypeKind;

constexpr std::uint64_t kLookedAt = 300'000;  // rows, for types and values
constexpr std::uint32_t kFewTexts = 40;
constexpr std::size_t kMaxTexts = 20'000;

// The first kind that a column of this Arrow type can be.
std::optional<TypeKind> kind_of(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL: return TypeKind::kFlag;
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
    case arrow::Type::UINT64: return TypeKind::kInteger;
    case arrow::Type::HALF_FLOAT:
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64:
    case arrow::Type::DECIMAL128: return TypeKind::kNumber;
    case arrow::Type::DATE32:
    case arrow::Type::DATE64: return TypeKind::kDate;
    case arrow::Type::TIMESTAMP: return TypeKind::kTime;
    case arrow::Type::DURATION: return TypeKind::kDuration;
    case arrow::Type::STRUCT: return TypeKind::kLocation;
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST: return TypeKind::kList;
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW: return TypeKind::kText;
    case arrow::Type::DICTIONARY: return kind_of(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default: return std::nullopt;
  }
}

// One column, chunk by chunk.
class Profiler {
 public:
  Profiler(ColumnProfile& column, const io::FieldReading& reading, bool is_untyped)
      : column_(column), reading_(reading), is_untyped_(is_untyped) {}

  void add(const arrow::ChunkedArray& values) {
    std::vector<std::int64_t> integers;
    std::vector<std::byte> other;
    const auto n = static_cast<std::uint64_t>(values.length());
    const TypeKind kind = reading_.type.kind;
    const bool is_int64 = kind == TypeKind::kInteger || kind == TypeKind::kTime;
    if (is_int64) integers.resize(n);
    other.resize(is_int64 ? 0 : io::width_of(reading_.type, 0) * n);
    const io::Slice slice =
        io::convert_column(reading_, values, nullptr, is_int64 ? static_cast<void*>(integers.data()) : other.data());
    column_.num_rows += n;
    for (std::uint64_t row = 0; row < n; ++row) column_.num_missing += !slice.is_valid(row);
    if (kind == TypeKind::kInteger) {
      for (std::uint64_t row = 0; row < n; ++row) {
        if (slice.is_valid(row)) column_.integers.push_back(integers[row]);
      }
    } else if (kind == TypeKind::kTime) {
      for (std::uint64_t row = 0; row < n; ++row) {
        if (!slice.is_valid(row)) continue;
        const std::int64_t day = integers[row] / base::kMicrosPerDay;
        has_clock_ = has_clock_ || integers[row] % base::kMicrosPerDay != 0;
        column_.greatest_day = std::max(column_.greatest_day, day);
      }
    } else if (kind == TypeKind::kDate) {
      const auto* days = reinterpret_cast<const std::int32_t*>(other.data());
      for (std::uint64_t row = 0; row < n; ++row) {
        if (slice.is_valid(row)) column_.greatest_day = std::max<std::int64_t>(column_.greatest_day, days[row]);
      }
    } else if (kind == TypeKind::kText) {
      const vector::Dictionary& texts = slice.texts.dictionary();
      std::vector<bool> is_used(texts.size());
      for (std::uint64_t row = 0; row < n; ++row) {
        if (slice.is_valid(row)) is_used[slice.codes.at(row)] = true;
      }
      for (std::uint32_t code = 0; code < texts.size(); ++code) {
        if (is_used[code]) texts_.add(texts.at(code));
      }
    }
  }

  void finish(std::uint64_t num_rows_of_file) {
    const std::uint64_t num_known = column_.num_rows - column_.num_missing;
    const bool is_whole = column_.num_rows == num_rows_of_file;
    std::sort(column_.integers.begin(), column_.integers.end());
    column_.integers.erase(std::unique(column_.integers.begin(), column_.integers.end()), column_.integers.end());
    column_.num_distinct = reading_.type.kind == TypeKind::kText ? texts_.size() : column_.integers.size();
    column_.is_unique = is_whole && column_.num_missing == 0 && num_known != 0 && column_.num_distinct == num_known;
    for (std::uint32_t code = 0; code < texts_.size() && code < kMaxTexts; ++code) {
      column_.texts.emplace_back(texts_.dictionary().at(code));
    }
    if (reading_.type.kind == TypeKind::kTime && !has_clock_ && num_known != 0) column_.type.kind = TypeKind::kDate;
    if (reading_.type.kind == TypeKind::kText) guess_type_of_texts(column_);
  }

  // Worth looking at all rows: a choice must list every value, and texts of a CSV file may be anything further down.
  bool must_see_all() const {
    return reading_.type.kind == TypeKind::kText && (is_untyped_ || texts_.size() <= kFewTexts);
  }

  // So far every value is different: likewise.
  bool may_be_unique() const {
    if (column_.num_missing != 0) return false;
    if (reading_.type.kind == TypeKind::kText) return texts_.size() == column_.num_rows;
    if (reading_.type.kind != TypeKind::kInteger) return false;
    std::vector<std::int64_t> sorted = column_.integers;
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  }

 private:
  ColumnProfile& column_;
  const io::FieldReading& reading_;
  bool is_untyped_;
  io::TextIndex texts_;
  bool has_clock_ = false;
};

}  // namespace

base::Result<FileProfile> profile_file(const std::string& path, unsigned num_threads) {
  auto opened = io::open_raw_file(path, io::Format::kByName, {});
  if (!opened.ok()) return std::move(opened).status();
  io::RawFile& raw = **opened;
  std::vector<std::uint32_t> all(raw.columns().size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  SEG_RETURN_IF_FAILED(raw.prepare(all, num_threads));

  FileProfile profile;
  profile.path = path;
  const std::filesystem::path file(path);
  profile.name = file.stem().string();
  if (file.extension() == ".gz") profile.name = file.stem().stem().string();
  for (const io::RawChunk& chunk : raw.chunks()) profile.num_rows += chunk.num_rows;
  const io::ZoneOffsets utc;
  const std::vector<io::TimeFormat> no_formats;
  for (std::uint32_t c = 0; c < raw.columns().size(); ++c) {
    ColumnProfile& column = profile.columns.emplace_back();
    column.name = raw.columns()[c].name;
    const auto kind = kind_of(*raw.columns()[c].type);
    io::FieldReading reading;
    reading.type.kind = kind.value_or(TypeKind::kText);
    reading.type.element = TypeKind::kText;
    reading.zone = &utc;
    reading.formats = &no_formats;
    column.type = reading.type;
    column.is_usable = kind && io::conversion_problem(*raw.columns()[c].type, reading).empty();
    if (!column.is_usable) continue;
    Profiler profiler(column, reading, raw.is_untyped());
    for (std::size_t chunk = 0; chunk < raw.chunks().size(); ++chunk) {
      if (column.num_rows >= kLookedAt && !profiler.must_see_all() && !profiler.may_be_unique()) break;
      auto values = raw.read(chunk, c);
      if (!values.ok()) return std::move(values).status();
      std::shared_ptr<arrow::ChunkedArray> part = *values;
      if (static_cast<std::uint64_t>(part->length()) > kLookedAt) {  // one row group may hold the whole file
        profiler.add(*part->Slice(0, static_cast<std::int64_t>(kLookedAt)));
        if (!profiler.must_see_all() && !profiler.may_be_unique()) break;
        part = part->Slice(static_cast<std::int64_t>(kLookedAt));
      }
      if (part->length() != 0) profiler.add(*part);
    }
    profiler.finish(profile.num_rows);
  }
  return profile;
}

}  // namespace seg::init
