// One run: what it knows between its steps. Internal to runtime/exec.
// In: a module, tables in memory, options. Out: Results. Steps run one after another; their parts are sources of their
// own, named below.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "runtime/events/cluster.h"
#include "runtime/exec/fold.h"
#include "runtime/exec/run.h"
#include "runtime/exec/worker.h"

namespace seg::exec {

inline constexpr std::uint64_t kChildRows = 16'384;  // in a morsel, unless one parent has more

class Run {
 public:
  Run(const bytecode::Module& module, const vector::Dataset& dataset, const base::Binding& binding,
      const RunOptions& options)
      : module_(module),
        options_(options),
        dataset_(dataset),
        kept_(module.columns.size()),
        binding_(binding),
        binder_(module, dataset_, kept_, binding_),
        outputs_(module.outputs.size()),
        counts_(module.outputs.size()),
        missing_(module.missing_sources.size(), 0) {}

  base::Result<Results> run();

 private:
  bool is_output_wanted(std::uint32_t id) const { return id < is_wanted_.size() && is_wanted_[id]; }
  std::uint64_t rows_of(base::TableId table) const {
    return table == base::kNone ? 1 : dataset_.tables[table].num_rows;
  }

  // run.cpp
  base::Status check_dataset() const;
  base::Status run_steps();

  // run_fold.cpp: sticky segments, before the run's own steps
  base::Status fold();
  std::vector<FoldedSticky> needed_stickies();

  // run_liveness.cpp: which instructions the wanted outputs (or only these kept columns) need, from the last step to
  // the first
  void find_wanted();
  void find_live(bool with_outputs, const std::vector<std::uint32_t>& columns);
  void find_live(const bytecode::Pass& pass, std::vector<bool>& live, std::vector<bool>& is_needed) const;
  void find_live(const bytecode::Population& population, std::vector<bool>& is_needed);
  void find_emitted();
  void divide_costs(Results& results);

  // run_derive.cpp: unions and groups
  base::Status derive(const bytecode::Step& step);
  bool is_input_of_derived(base::TableId id, std::size_t column) const;

  // run_pass.cpp: a pass over its rows, by several threads
  base::Result<const events::Clustering*> clustering(const bytecode::Pass& pass, std::size_t frame);
  base::Status run_pass(std::uint32_t index);
  void run_range(Worker& worker, const std::vector<bool>& live, const std::vector<const events::Clustering*>& children,
                 std::uint64_t begin, std::uint64_t end);

  // run_siblings.cpp: rows beside the root's, of the same owner
  std::uint64_t lay_siblings(Worker& worker, std::size_t frame, const events::Clustering& family, std::uint64_t begin,
                             std::uint64_t upto);
  static Rows siblings(const Worker& worker, std::size_t frame, std::uint64_t num_parents);

  // run_population.cpp: rows against each other
  void rank(const bytecode::Population& population);

  // run_results.cpp: what passes write, and what becomes of it
  struct Emitted {
    bytecode::Op op = bytecode::Op::more;
    bytecode::RegType type = bytecode::RegType::kMask;
    base::TableId table = base::kNone;
    std::uint64_t num_rows = 0;
  };
  // Derived tables have rows only when their pass comes.
  void allocate_outputs(const bytecode::Pass& pass, const std::vector<bool>& live, std::uint64_t rows);
  void allocate_kept(const bytecode::Pass& pass, const std::vector<bool>& live, std::uint64_t rows);
  void allocate_kept(std::uint32_t column, std::uint64_t rows);
  void collect(Worker& worker);
  Results results();
  void fill(std::uint32_t id, const Emitted& emitted, OutputResult& result);

  const bytecode::Module& module_;
  const RunOptions& options_;
  vector::Dataset dataset_;  // with derived tables
  std::vector<KeptColumn> kept_;
  base::Binding binding_;  // of the run, or of a day of its folds
  Binder binder_;
  std::vector<OutputBuffers> outputs_;
  std::vector<Counts> counts_;
  std::vector<std::uint64_t> missing_;
  std::vector<bool> is_wanted_;
  std::vector<std::vector<bool>> live_;  // by pass, by word
  std::vector<bool> is_needed_;          // by column
  std::vector<bool> is_derived_;         // by step
  bool is_emitting_ = true;
  std::set<std::uint32_t> is_ranked_;  // columns of populations that are read
  std::map<std::uint32_t, Emitted> emitted_;
  std::map<base::TableId, std::vector<std::uint32_t>> groups_;
  std::map<std::tuple<base::TableId, base::ColumnId, base::TableId>, std::unique_ptr<events::Clustering>> clusterings_;
  std::uint64_t num_rows_walked_ = 0;
  std::uint64_t num_cadence_days_ = 0;
  std::vector<StickyState> stickies_;
  double progress_ = 0;                                 // when the steps began that run now
  std::vector<std::vector<std::int64_t>> nanoseconds_;  // by pass, by word; empty: not measured
  std::size_t step_ = 0;
};

}  // namespace seg::exec
