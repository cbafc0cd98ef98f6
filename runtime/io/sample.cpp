#include "runtime/io/sample.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>

#include <algorithm>
#include <filesystem>

#include "runtime/io/csv_dialect.h"
#include "runtime/io/parallel.h"
#include "runtime/io/raw_file.h"
#include "runtime/io/sample_column.h"
#include "runtime/io/text/glob.h"
#include "runtime/io/text_source.h"

namespace seg::io {
namespace {

using arrow::Type;

SampleKind kind_of(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::STRING:
    case Type::LARGE_STRING: return SampleKind::kText;
    case Type::DICTIONARY: return kind_of(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case Type::UINT8:
    case Type::INT8:
    case Type::UINT16:
    case Type::INT16:
    case Type::UINT32:
    case Type::INT32:
    case Type::UINT64:
    case Type::INT64: return SampleKind::kInteger;
    case Type::FLOAT:
    case Type::DOUBLE:
    case Type::DECIMAL128:
    case Type::DECIMAL256: return SampleKind::kNumber;
    case Type::BOOL: return SampleKind::kFlag;
    case Type::DATE32:
    case Type::DATE64: return SampleKind::kDate;
    case Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).timezone().empty() ? SampleKind::kTime
                                                                               : SampleKind::kZonedTime;
    case Type::DURATION: return SampleKind::kDuration;
    case Type::LIST:
    case Type::LARGE_LIST: return SampleKind::kList;
    default: return SampleKind::kOther;
  }
}

std::int64_t micros_of(std::int64_t value, arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND: return value * 1'000'000;
    case arrow::TimeUnit::MILLI: return value * 1'000;
    case arrow::TimeUnit::MICRO: return value;
    case arrow::TimeUnit::NANO: return value / 1'000;
  }
  return value;
}

template <class Array, class Take>
void each(const arrow::Array& array, ColumnSampler& sampler, const Take& take) {
  const auto& typed = static_cast<const Array&>(array);
  for (std::int64_t i = 0; i < typed.length(); ++i) {
    if (typed.IsNull(i)) {
      sampler.missing(1);
    } else {
      take(typed, i);
    }
  }
}

template <class Array>
void integers(const arrow::Array& array, ColumnSampler& sampler) {
  each<Array>(array, sampler,
              [&](const Array& a, std::int64_t i) { sampler.integer(static_cast<std::int64_t>(a.Value(i))); });
}

template <class Array>
void texts(const arrow::Array& array, ColumnSampler& sampler) {
  each<Array>(array, sampler, [&](const Array& a, std::int64_t i) { sampler.text(a.GetView(i), 1); });
}

std::string_view text_at(const arrow::Array& array, std::int64_t i) {
  if (array.type_id() == Type::STRING) return static_cast<const arrow::StringArray&>(array).GetView(i);
  return static_cast<const arrow::LargeStringArray&>(array).GetView(i);
}

bool is_text(const arrow::DataType& type) { return type.id() == Type::STRING || type.id() == Type::LARGE_STRING; }

// Each text of the dictionary once, with the number of its rows.
void dictionary(const arrow::DictionaryArray& array, ColumnSampler& sampler) {
  const arrow::Array& words = *array.dictionary();
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(words.length()));
  for (std::int64_t i = 0; i < array.length(); ++i) {
    const std::int64_t word = array.IsNull(i) ? -1 : array.GetValueIndex(i);
    if (word < 0 || word >= words.length() || words.IsNull(word)) {
      sampler.missing(1);
    } else {
      ++counts[static_cast<std::size_t>(word)];
    }
  }
  for (std::int64_t word = 0; word < words.length(); ++word) {
    const std::uint64_t count = counts[static_cast<std::size_t>(word)];
    if (count != 0) sampler.text(text_at(words, word), count);
  }
}

template <class Array>
void lists(const arrow::Array& array, ColumnSampler& sampler) {
  each<Array>(array, sampler, [&](const Array& a, std::int64_t i) {
    sampler.present();
    const arrow::Array& elements = *a.values();
    if (!is_text(*elements.type())) return;
    for (std::int64_t e = a.value_offset(i); e < a.value_offset(i + 1); ++e) {
      if (!elements.IsNull(e)) sampler.element(text_at(elements, e));
    }
  });
}

void observe(const arrow::Array& array, ColumnSampler& sampler) {
  switch (array.type_id()) {
    case Type::STRING: return texts<arrow::StringArray>(array, sampler);
    case Type::LARGE_STRING: return texts<arrow::LargeStringArray>(array, sampler);
    case Type::DICTIONARY: {
      const auto& typed = static_cast<const arrow::DictionaryArray&>(array);
      if (is_text(*typed.dictionary()->type())) return dictionary(typed, sampler);
      break;
    }
    case Type::UINT8: return integers<arrow::UInt8Array>(array, sampler);
    case Type::INT8: return integers<arrow::Int8Array>(array, sampler);
    case Type::UINT16: return integers<arrow::UInt16Array>(array, sampler);
    case Type::INT16: return integers<arrow::Int16Array>(array, sampler);
    case Type::UINT32: return integers<arrow::UInt32Array>(array, sampler);
    case Type::INT32: return integers<arrow::Int32Array>(array, sampler);
    case Type::UINT64: return integers<arrow::UInt64Array>(array, sampler);
    case Type::INT64: return integers<arrow::Int64Array>(array, sampler);
    case Type::FLOAT:
      return each<arrow::FloatArray>(array, sampler,
                                     [&](const auto& a, std::int64_t i) { sampler.number(a.Value(i)); });
    case Type::DOUBLE:
      return each<arrow::DoubleArray>(array, sampler,
                                      [&](const auto& a, std::int64_t i) { sampler.number(a.Value(i)); });
    case Type::DECIMAL128:
      return each<arrow::Decimal128Array>(array, sampler,
                                          [&](const auto& a, std::int64_t i) { sampler.decimal(a.FormatValue(i)); });
    case Type::BOOL:
      return each<arrow::BooleanArray>(array, sampler,
                                       [&](const auto& a, std::int64_t i) { sampler.flag(a.Value(i)); });
    case Type::DATE32:
      return each<arrow::Date32Array>(array, sampler, [&](const auto& a, std::int64_t i) {
        sampler.time(a.Value(i) * std::int64_t{86'400'000'000});
      });
    case Type::DATE64:
      return each<arrow::Date64Array>(array, sampler,
                                      [&](const auto& a, std::int64_t i) { sampler.time(a.Value(i) * 1'000); });
    case Type::TIMESTAMP: {
      const auto unit = static_cast<const arrow::TimestampType&>(*array.type()).unit();
      return each<arrow::TimestampArray>(
          array, sampler, [&](const auto& a, std::int64_t i) { sampler.time(micros_of(a.Value(i), unit)); });
    }
    case Type::LIST: return lists<arrow::ListArray>(array, sampler);
    case Type::LARGE_LIST: return lists<arrow::LargeListArray>(array, sampler);
    default: break;
  }
  const std::int64_t num_missing = array.null_count();
  if (num_missing != 0) sampler.missing(static_cast<std::uint64_t>(num_missing));
  for (std::int64_t i = num_missing; i < array.length(); ++i) sampler.present();
}

// Chunks from all over the file, about `limit` rows of them.
std::vector<std::size_t> choose_chunks(const std::vector<RawChunk>& chunks, std::uint64_t limit) {
  std::uint64_t num_rows = 0;
  for (const RawChunk& chunk : chunks) num_rows += chunk.num_rows;
  std::vector<std::size_t> chosen;
  std::uint64_t taken = 0, passed = 0;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    passed += chunks[c].num_rows;
    // As far into the allowed rows as into the file.
    const bool is_due = num_rows <= limit || static_cast<double>(taken) * static_cast<double>(num_rows) <
                                                 static_cast<double>(passed) * static_cast<double>(limit);
    if (!is_due || (num_rows > limit && taken >= limit)) continue;
    chosen.push_back(c);
    taken += chunks[c].num_rows;
  }
  return chosen;
}

base::Status look_into(RawFile& file, std::vector<ColumnSampler>& samplers, const std::vector<std::uint32_t>& positions,
                       const SampleLimits& limits, Sample& sample) {
  std::vector<std::uint32_t> wanted;
  for (const std::uint32_t position : positions) {
    if (position < file.columns().size()) wanted.push_back(position);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  SEG_RETURN_IF_FAILED(file.prepare(wanted, limits.num_threads));
  for (const RawChunk& chunk : file.chunks()) sample.num_rows += chunk.num_rows;
  if (!file.rejected().empty() && sample.num_rejected == 0) sample.first_rejected = file.rejected().front().row;
  sample.num_rejected += file.rejected().size();
  const std::uint64_t left = limits.num_rows - std::min(limits.num_rows, sample.num_looked_at);
  const std::vector<std::size_t> chunks = choose_chunks(file.chunks(), std::max<std::uint64_t>(left, 1));
  for (const std::size_t c : chunks) sample.num_looked_at += file.chunks()[c].num_rows;
  std::vector<base::Status> failures(samplers.size());
  parallel_for(samplers.size(), limits.num_threads, [&](std::size_t i) {
    const std::uint32_t position = positions[i];
    for (const std::size_t c : chunks) {
      if (position >= file.columns().size()) {
        samplers[i].missing(file.chunks()[c].num_rows);
        continue;
      }
      auto column = file.read(c, position);
      if (!column.ok()) {
        failures[i] = std::move(column).status();
        return;
      }
      for (const auto& array : (*column)->chunks()) observe(*array, samplers[i]);
    }
  });
  for (base::Status& failure : failures) SEG_RETURN_IF_FAILED(std::move(failure));
  return {};
}

}  // namespace

base::Result<Sample> sample_files(const std::string& path, const SampleLimits& limits) {
  Sample sample;
  std::error_code error;
  const bool is_file = std::filesystem::exists(path, error);
  sample.paths = is_glob(path) && !is_file ? expand_glob(path) : std::vector<std::string>{path};
  if (sample.paths.empty() || (!is_file && !is_glob(path))) {
    return base::Status(base::Code::data_file_not_readable, {path, "there is no such file"}).at(path);
  }
  std::vector<ColumnSampler> samplers;
  std::vector<std::string> names;
  for (const std::string& file_path : sample.paths) {
    auto opened = open_raw_file(file_path, Format::kByName, {});
    if (!opened.ok()) return std::move(opened).status();
    RawFile& file = **opened;
    const bool is_first = samplers.empty();
    if (is_first) {
      sample.decimal_comma = file.is_untyped() && !file.columns().empty();
      for (std::uint32_t c = 0; c < file.columns().size(); ++c) {
        names.push_back(file.columns()[c].name);
        const bool is_comma = file.decimal_comma(c);
        sample.decimal_comma = sample.decimal_comma && is_comma;
        samplers.emplace_back(names.back(), file.is_untyped(), is_comma, limits);
      }
      // What the file's own sniffing took it for; a format with more columns than it shows is no CSV.
      sample.is_csv = file.is_untyped() && !file.may_have_more_columns();
      if (sample.is_csv) {
        if (auto text = read_source_text(file_path, {}); text.ok()) {
          sample.encoding = text->encoding;
          const CsvDialect dialect = sniff_csv(text->text, {});
          sample.delimiter = dialect.delimiter;
          sample.has_header = dialect.has_header;
        }
      }
    }
    std::vector<std::uint32_t> positions;
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::uint32_t position = 0;
      if (is_first) {
        position = static_cast<std::uint32_t>(i);
      } else {
        while (position < file.columns().size() && file.columns()[position].name != names[i]) ++position;
      }
      positions.push_back(position);
    }
    SEG_RETURN_IF_FAILED(look_into(file, samplers, positions, limits, sample));
    if (!is_first) continue;
    for (std::size_t i = 0; i < samplers.size(); ++i) {  // lists of JSON lines are known only now
      const arrow::DataType& type = *file.columns()[i].type;
      SampleKind element = SampleKind::kText;
      if (type.id() == Type::LIST) element = kind_of(*static_cast<const arrow::ListType&>(type).value_type());
      if (type.id() == Type::LARGE_LIST)
        element = kind_of(*static_cast<const arrow::LargeListType&>(type).value_type());
      samplers[i].set_kind(kind_of(type), element);
    }
  }
  for (std::size_t i = 0; i < samplers.size(); ++i) {
    SampleColumn& column = sample.columns.emplace_back(std::move(samplers[i]).finish());
    column.is_repeated = std::count(names.begin(), names.end(), names[i]) > 1;
  }
  return sample;
}

}  // namespace seg::io
