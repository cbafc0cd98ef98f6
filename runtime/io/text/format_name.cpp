#include "runtime/io/source.h"

namespace seg::io {

std::optional<Format> find_format(std::string_view name) {
  if (name == "parquet") return Format::kParquet;
  if (name == "csv" || name == "tsv") return Format::kCsv;
  if (name == "jsonl" || name == "ndjson" || name == "json") return Format::kJsonLines;
  if (name == "arrow" || name == "feather" || name == "ipc") return Format::kArrow;
  return std::nullopt;
}

}  // namespace seg::io
