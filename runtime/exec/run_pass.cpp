// Morsels on several threads. A thread takes ranges of whole mask words, so that no two write the same word, and cuts
// them into morsels that fit the cache.
#include <algorithm>
#include <new>
#include <string>
#include <thread>

#include "runtime/exec/run_state.h"

namespace seg::exec {

namespace {

constexpr std::uint64_t kRangeRows = 2048;  // of the root, taken by a thread at once

}  // namespace

base::Result<const events::Clustering*> Run::clustering(const bytecode::Pass& pass, std::size_t frame) {
  const bytecode::Frame& child = pass.frames[frame];
  base::TableId root = pass.frames[0].table;
  if (child.via != base::kNone) root = module_.schema.tables[root].columns[child.via].type.detail;  // by their owner
  const auto key = std::make_tuple(child.table, child.reference, root);
  if (const auto it = clusterings_.find(key); it != clusterings_.end()) return it->second.get();
  const std::uint64_t parents = rows_of(root);
  const std::uint64_t children = rows_of(child.table);
  const base::TracedPart span(options_.trace, "cluster", [&] { return module_.schema.tables[child.table].name; });
  auto made = std::make_unique<events::Clustering>();
  if (child.reference == bytecode::kWholeTable) {
    made->first = {0, children};
    made->first.resize(parents + 1, children);
    made->num_positions = children;
  } else {
    const std::uint32_t* references = nullptr;
    if (child.reference == bytecode::kGroupRef) {
      const auto group = groups_.find(root);
      if (group != groups_.end() && group->second.size() == children) references = group->second.data();
    } else if (child.reference < dataset_.tables[child.table].columns.size()) {
      const vector::Column& column = dataset_.tables[child.table].columns[child.reference];
      if (column.storage == vector::Storage::kRow && column.num_rows >= children)
        references = column.as<std::uint32_t>();
    }
    if (references == nullptr) {
      made->first.assign(parents + 1, 0);
    } else {
      base::Result<events::Clustering> clustered =
          events::cluster(references, children, parents,
                          {.num_threads = options_.num_threads, .memory_budget = options_.memory_budget});
      if (!clustered.ok()) return std::move(clustered).status();
      *made = std::move(*clustered);
    }
  }
  const events::Clustering* result = made.get();
  clusterings_[key] = std::move(made);
  return result;
}

base::Status Run::run_pass(std::uint32_t index) {
  const bytecode::Pass& pass = module_.passes[index];
  const std::vector<bool>& live = live_[index];
  if (std::find(live.begin(), live.end(), true) == live.end()) return {};
  const std::uint64_t rows = rows_of(pass.frames[0].table);
  allocate_kept(pass, live, rows);
  allocate_outputs(pass, live, rows);
  std::vector<const events::Clustering*> children(pass.frames.size(), nullptr);
  for (std::size_t f = 1; f < pass.frames.size(); ++f) {
    base::Result<const events::Clustering*> made = clustering(pass, f);
    if (!made.ok()) return std::move(made).status();
    children[f] = *made;
    num_rows_walked_ += children[f]->num_positions;
  }
  num_rows_walked_ += rows;
  binder_.prepare(pass, live);
  std::atomic<std::uint64_t> next = 0;
  std::atomic<bool> is_stopped = false;
  std::atomic<bool> is_out_of_memory = false;
  const std::uint64_t range = options_.morsel_rows > kRangeRows ? (options_.morsel_rows + 63) / 64 * 64 : kRangeRows;
  const std::uint64_t num_ranges = (rows + range - 1) / range;
  const std::uint64_t threads =
      std::clamp<std::uint64_t>(options_.num_threads, 1, std::max<std::uint64_t>(num_ranges, 1));
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::uint64_t t = 0; t < threads; ++t) {
    workers.push_back(std::make_unique<Worker>(module_, pass, binder_, outputs_));
    if (options_.with_costs) workers.back()->nanoseconds.assign(pass.code.size(), 0);
  }
  const auto work = [&](Worker& worker) {
    try {
      for (std::uint64_t r = next++; r < num_ranges; r = next++) {
        if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) is_stopped = true;
        if (is_stopped || is_out_of_memory) return;
        const base::TracedPart span(options_.trace, "evaluate", [&] { return "pass " + std::to_string(index + 1); });
        run_range(worker, live, children, r * range, std::min(rows, (r + 1) * range));
        if (options_.progress && r % 16 == 0) {
          const double done = static_cast<double>(r) / static_cast<double>(num_ranges);
          const double of_run = (static_cast<double>(step_) + done) / static_cast<double>(module_.steps.size());
          options_.progress(progress_ + (1 - progress_) * of_run);
        }
      }
    } catch (const std::bad_alloc&) {
      is_out_of_memory = true;
    }
  };
  std::vector<std::thread> pool;
  for (std::uint64_t t = 1; t < threads; ++t) pool.emplace_back(work, std::ref(*workers[t]));
  work(*workers[0]);
  for (std::thread& thread : pool) thread.join();
  if (is_stopped) return base::Status(base::Code::interrupted);
  if (is_out_of_memory) return base::Status(base::Code::out_of_memory, {"memory"});
  for (const auto& worker : workers) collect(*worker);
  if (options_.with_costs) {
    nanoseconds_[index].resize(pass.code.size(), 0);  // a fold runs a pass for each of its days
    for (const auto& worker : workers) {
      for (std::size_t i = 0; i < pass.code.size(); ++i) nanoseconds_[index][i] += worker->nanoseconds[i];
    }
  }
  return {};
}

void Run::run_range(Worker& worker, const std::vector<bool>& live,
                    const std::vector<const events::Clustering*>& children, std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t most = options_.morsel_rows == 0 ? kRangeRows : options_.morsel_rows;
  while (begin < end) {
    std::uint64_t upto = std::min(end, begin + most);
    for (std::size_t f = 1; f < children.size(); ++f) {
      const events::Clustering* child = children[f];
      if (worker.pass().frames[f].via != base::kNone) {
        upto = begin + lay_siblings(worker, f, *child, begin, upto);
        continue;
      }
      const auto first = child->first.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = child->first.begin() + static_cast<std::ptrdiff_t>(upto);
      const auto fits = std::upper_bound(first, last + 1, *first + kChildRows) - 1;
      upto = begin + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(fits - first));
    }
    worker.set_rows(0, {.n = upto - begin, .first = begin});
    for (std::size_t f = 1; f < children.size(); ++f) {
      if (worker.pass().frames[f].via != base::kNone) {
        worker.set_rows(f, siblings(worker, f, upto - begin));
        continue;
      }
      const events::Clustering& child = *children[f];
      Rows rows{.n = child.first[upto] - child.first[begin], .first = child.first[begin]};
      rows.numbers = child.rows ? child.rows.get() + rows.first : nullptr;
      rows.starts = child.first.data() + begin;
      worker.set_rows(f, rows);
    }
    interpret(worker, live);
    begin = upto;
  }
}

}  // namespace seg::exec
