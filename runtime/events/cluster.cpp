#include "runtime/events/cluster.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace seg::events {
namespace {

base::Status temporary_failure(const std::string& path, int error) {
  if (error == ENOSPC) return base::Status(base::Code::disk_full, {path});
  return base::Status(base::Code::output_not_writable, {path, std::strerror(error)});
}

// Room for `num_rows` row numbers: memory, or beyond the budget an unnamed file that the system pages in and out.
base::Result<std::shared_ptr<std::uint32_t[]>> make_rows(std::uint64_t num_rows, std::uint64_t memory_budget) {
  const std::uint64_t bytes = num_rows * sizeof(std::uint32_t);
  if (memory_budget == 0 || bytes <= memory_budget) {
    return std::shared_ptr<std::uint32_t[]>(new std::uint32_t[num_rows]);
  }
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/seg-rows-XXXXXX";
  const int file = ::mkstemp(path.data());
  if (file < 0) return temporary_failure(path, errno);
  ::unlink(path.c_str());
  // posix_fallocate: a full disk is an answer here, not a bus error later.
  if (const int error = ::posix_fallocate(file, 0, static_cast<off_t>(bytes)); error != 0) {
    ::close(file);
    return temporary_failure(path, error);
  }
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int error = errno;
  ::close(file);
  if (memory == MAP_FAILED) return temporary_failure(path, error);
  return std::shared_ptr<std::uint32_t[]>(static_cast<std::uint32_t*>(memory),
                                          [bytes](std::uint32_t* rows) { ::munmap(rows, bytes); });
}

}  // namespace

base::Result<Clustering> cluster(const std::uint32_t* parents, std::uint64_t num_rows, std::uint64_t num_parents,
                                 const ClusterOptions& options) {
  Clustering clustering;
  clustering.first.assign(num_parents + 1, 0);
  bool is_clustered = true;
  std::uint32_t before = 0;
  for (std::uint64_t r = 0; r < num_rows; ++r) {
    const std::uint32_t parent = parents[r];
    if (parent >= num_parents) {
      is_clustered = false;
      continue;
    }
    is_clustered = is_clustered && parent >= before;
    before = parent;
    ++clustering.first[parent + 1];
  }
  for (std::uint64_t p = 0; p < num_parents; ++p) clustering.first[p + 1] += clustering.first[p];
  clustering.num_positions = clustering.first[num_parents];
  if (is_clustered) return clustering;

  auto rows = make_rows(clustering.num_positions, options.memory_budget);
  if (!rows.ok()) return rows.status();
  std::uint32_t* const out = rows.value().get();
  // Counting sort. Parents in stripes whose positions fit the cache, one stripe after the other: random writes over all
  // positions cost more than reading the parents again.
  constexpr std::uint64_t kStripePositions = 1 << 20;
  std::vector<std::uint64_t> next(clustering.first.begin(), clustering.first.end() - 1);
  if (clustering.num_positions <= 8 * kStripePositions) {
    for (std::uint64_t r = 0; r < num_rows; ++r) {
      if (parents[r] < num_parents) out[next[parents[r]]++] = static_cast<std::uint32_t>(r);
    }
  } else {
    // First by stripe (sequential appends), then within each stripe.
    const std::uint64_t num_stripes = clustering.num_positions / kStripePositions + 1;
    const auto stripe_of = [&](std::uint32_t parent) { return clustering.first[parent] / kStripePositions; };
    std::vector<std::uint64_t> begin(num_stripes + 1, 0);
    for (std::uint64_t p = 0; p < num_parents; ++p) {
      begin[stripe_of(static_cast<std::uint32_t>(p)) + 1] += clustering.first[p + 1] - clustering.first[p];
    }
    for (std::uint64_t s = 0; s < num_stripes; ++s) begin[s + 1] += begin[s];
    auto by_stripe = make_rows(clustering.num_positions, options.memory_budget);
    if (!by_stripe.ok()) return by_stripe.status();
    std::uint32_t* const staged = by_stripe.value().get();
    std::vector<std::uint64_t> at(begin.begin(), begin.end() - 1);
    for (std::uint64_t r = 0; r < num_rows; ++r) {
      if (parents[r] < num_parents) staged[at[stripe_of(parents[r])]++] = static_cast<std::uint32_t>(r);
    }
    for (std::uint64_t i = 0; i < clustering.num_positions; ++i) out[next[parents[staged[i]]]++] = staged[i];
  }
  clustering.rows = std::move(rows.value());
  return clustering;
}

}  // namespace seg::events
