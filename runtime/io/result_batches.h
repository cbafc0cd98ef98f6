// Results as Arrow record batches, layout by layout, some thousand rows at a time.
// In: Results. Out: a schema and batches. The writers of sink.cpp turn them into bytes; internal to runtime/io.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "runtime/io/sink.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace seg::io {

struct BatchStream {
  std::shared_ptr<arrow::Schema> schema;
  std::function<std::shared_ptr<arrow::RecordBatch>()> next;  // null at the end
};

BatchStream wide_batches(const Results& results);
BatchStream long_batches(const Results& results);
// The keys of a segment's members, or of those in tier `tier` of a partition.
BatchStream member_batches(const Results& results, const ResultColumn& column, std::uint32_t tier);

}  // namespace seg::io
