// Results out: who is in which segment, which tier, what value, as Parquet, CSV, JSON lines or Arrow.
// In: the subject's key columns and one ResultColumn for each output, both passive columns. Out: a file, a folder with
// one file of members for each segment, or standard output. A file or folder appears whole or not at all.
//
//   wide   a row for each customer: the key column(s) under their own names, then a column for each output:
//          segments a flag (in or not; a member is someone for whom the condition is true), partitions their tier as
//          text, metrics and scores their value in its own type; null where there is none.
//   long   a row for each membership or value: `output`, `key`, `value`, the last as text. Segments: only members,
//   value
//          null. Partitions: the tier. Metrics and scores: known values only. (A key of several fields: their own
//          names.)
//   folder NAME.EXT for each segment and NAME.TIER.EXT for each tier: the key column(s) of the members.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/schema.h"
#include "base/status.h"
#include "runtime/io/source.h"
#include "runtime/vector/column.h"

namespace seg::io {

enum class ResultKind : std::uint8_t { kSegment, kPartition, kValue };

struct KeyColumn {
  std::string name;
  base::TypeKind type = base::TypeKind::kInteger;  // or text
  const vector::Column* column = nullptr;
};

struct ResultColumn {
  std::string name;
  ResultKind kind = ResultKind::kSegment;
  std::span<const std::uint64_t> members;  // kSegment: bit i is set if customer i is in
  vector::Column column;                   // kPartition: tier indices (kInt8, kInt16, kInt32); kValue: as `type` says
  base::Type type;  // kValue: number, integer, money, flag, date, time, duration, distance, text, choice, …
  std::vector<std::string> labels;  // kPartition: tiers; choice: its values
  KeyColumn referenced;             // a reference: the key of the table it refers to
};

struct Results {
  std::uint64_t num_rows = 0;
  std::vector<KeyColumn> keys;
  std::vector<ResultColumn> columns;
};

enum class Layout : std::uint8_t { kWide, kLong, kFolder };

struct SinkSpec {
  std::string path;  // `-`: standard output; kFolder: a folder that is made, or replaced if it holds earlier results
  Format format = Format::kByName;  // kByName: by the extension; else CSV
  Layout layout = Layout::kWide;
};

base::Status write(const Results& results, const SinkSpec& sink);

}  // namespace seg::io
