// A loop over independent tasks on some threads: row groups, blocks of a text file, columns.
// In: the number of tasks and what to do with each. Tasks start in their order; the call returns when all are done.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace seg::io {

// `task(i)` for every i below `num_tasks`.
template <class Task>
void parallel_for(std::size_t num_tasks, unsigned num_threads, const Task& task) {
  const std::size_t num_workers = std::min<std::size_t>(std::max(1u, num_threads), num_tasks);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < num_tasks; i = next.fetch_add(1)) task(i);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < num_workers; ++i) others.emplace_back(work);
  work();
  for (std::thread& thread : others) thread.join();
}

}  // namespace seg::io
