// Sorting by digits, the lowest first: stable, so that a tie-break is sorted first, then the value, then the group.
#include "runtime/population/order.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <unordered_map>

namespace seg::population {

using bytecode::RegType;

namespace {

constexpr std::uint64_t kRowsOfThread = 1 << 18;  // fewer are not worth one

// use(thread, begin, end) over n things, cut at multiples of 64.
template <class F>
void in_parallel(std::uint64_t n, std::uint64_t threads, F use) {
  const std::uint64_t part = (n / threads / 64 + 1) * 64;
  std::vector<std::thread> pool;
  for (std::uint64_t t = 1; t < threads; ++t) {
    pool.emplace_back([&, t] { use(t, std::min(n, t * part), std::min(n, (t + 1) * part)); });
  }
  use(0, 0, std::min(n, part));
  for (std::thread& thread : pool) thread.join();
}

std::uint64_t threads_for(std::uint64_t n, unsigned num_threads) {
  return std::clamp<std::uint64_t>(n / kRowsOfThread, 1, std::max(num_threads, 1U));
}

using Counts = std::array<std::uint64_t, 256>;

// One digit: digit(entry) is 0 to 255.
template <class F>
void sort_digit(std::vector<Entry>& entries, std::vector<Entry>& spare, std::uint64_t threads, F digit) {
  std::vector<Counts> counts(threads, Counts{});
  in_parallel(entries.size(), threads, [&](std::uint64_t t, std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t i = begin; i < end; ++i) ++counts[t][digit(entries[i])];
  });
  std::uint64_t at = 0;
  for (std::size_t d = 0; d < 256; ++d) {
    for (Counts& of_thread : counts) {
      const std::uint64_t here = of_thread[d];
      if (here == entries.size()) return;  // all have it
      of_thread[d] = at;
      at += here;
    }
  }
  spare.resize(entries.size());
  in_parallel(entries.size(), threads, [&](std::uint64_t t, std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t i = begin; i < end; ++i) spare[counts[t][digit(entries[i])]++] = entries[i];
  });
  entries.swap(spare);
}

class Sorter {
 public:
  Sorter(std::vector<Entry>& entries, unsigned num_threads)
      : entries_(entries), threads_(threads_for(entries.size(), num_threads)) {}

  void by_key() {
    std::uint64_t differing = 0;
    for (const Entry& entry : entries_) differing |= entry.key ^ entries_.front().key;
    for (int shift = 0; shift < 64; shift += 8) {
      if ((differing >> shift & 0xFF) == 0) continue;
      sort_digit(entries_, spare_, threads_, [shift](const Entry& e) { return e.key >> shift & 0xFF; });
    }
  }

  void by_group(std::uint32_t num_groups) {
    for (int shift = 0; shift < 32 && (num_groups - 1) >> shift != 0; shift += 8) {
      sort_digit(entries_, spare_, threads_, [shift](const Entry& e) { return e.group >> shift & 0xFF; });
    }
  }

 private:
  std::vector<Entry>& entries_;
  std::vector<Entry> spare_;
  std::uint64_t threads_;
};

}  // namespace

std::uint64_t key_at(const Column& column, std::uint64_t row) {
  switch (column.type) {
    case RegType::kMask: return is_set(column.words, row) ? 1 : 0;
    case RegType::kI32: {
      std::int32_t value = 0;
      std::memcpy(&value, reinterpret_cast<const char*>(column.words) + row * 4, 4);
      return to_key(static_cast<std::int64_t>(value));
    }
    case RegType::kI64: return to_key(static_cast<std::int64_t>(column.words[row]));
    case RegType::kF64: return to_key(std::bit_cast<double>(column.words[row]));
  }
  return 0;
}

Groups make_groups(const Input& input) {
  Groups groups;
  if (input.per.empty()) return groups;
  groups.of_row.assign(input.num_rows, 0);
  for (const Column& part : input.per) {
    // A group of the parts so far and a value of this one make a new group.
    std::vector<std::unordered_map<std::uint64_t, std::uint32_t>> made(groups.count);
    std::uint32_t count = 0;
    for (std::uint64_t row = 0; row < input.num_rows; ++row) {
      std::uint32_t& group = groups.of_row[row];
      if (group == kNoGroup) continue;
      if (!is_set(part.known, row)) {
        group = kNoGroup;
        continue;
      }
      const auto [found, is_new] = made[group].emplace(key_at(part, row), count);
      if (is_new) ++count;
      group = found->second;
    }
    groups.count = std::max<std::uint32_t>(count, 1);
  }
  return groups;
}

std::vector<Entry> make_order(const Input& input, const Groups& groups, unsigned num_threads) {
  const std::uint64_t threads = threads_for(input.num_rows, num_threads);
  const auto each = [&](std::uint64_t begin, std::uint64_t end, auto use) {
    for (std::uint64_t row = begin; row < end; ++row) {
      if (is_set(input.value.known, row) && is_set(input.among, row) && groups.of(row) != kNoGroup) use(row);
    }
  };
  std::vector<std::uint64_t> first(threads + 1, 0);
  in_parallel(input.num_rows, threads, [&](std::uint64_t t, std::uint64_t begin, std::uint64_t end) {
    each(begin, end, [&](std::uint64_t) { ++first[t + 1]; });
  });
  for (std::size_t t = 0; t < threads; ++t) first[t + 1] += first[t];
  std::vector<Entry> entries(first.back());
  const bool has_ties = input.has_ties;
  in_parallel(input.num_rows, threads, [&](std::uint64_t t, std::uint64_t begin, std::uint64_t end) {
    std::uint64_t at = first[t];
    each(begin, end, [&](std::uint64_t row) {
      const std::uint64_t tie = !has_ties                  ? 0
                                : input.ties_highest_first ? ~key_at(input.ties, row)
                                                           : key_at(input.ties, row);
      entries[at++] = {.key = has_ties ? tie : key_at(input.value, row),
                       .row = static_cast<std::uint32_t>(row),
                       .group = groups.of(row)};
    });
  });
  if (entries.empty()) return entries;
  Sorter sorter(entries, num_threads);
  if (has_ties) {
    sorter.by_key();
    std::stable_partition(entries.begin(), entries.end(),
                          [&](const Entry& entry) { return is_set(input.ties.known, entry.row); });
    for (Entry& entry : entries) entry.key = key_at(input.value, entry.row);
  }
  sorter.by_key();
  sorter.by_group(groups.count);
  return entries;
}

}  // namespace seg::population
