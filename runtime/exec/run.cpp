// Steps one after another; within a pass, morsels on several threads. A thread takes ranges of whole mask words, so
// that no two write the same word, and cuts them into morsels that fit the cache.
#include "runtime/exec/run.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <thread>

#include "runtime/events/cluster.h"
#include "runtime/events/derive.h"
#include "runtime/exec/worker.h"

namespace seg::exec {
namespace {

using base::kNone;
using bytecode::kAbsent;
using bytecode::Op;
using bytecode::OperandKind;
using bytecode::RegType;

constexpr std::uint64_t kRangeRows = 2048;    // of the root, taken by a thread at once
constexpr std::uint64_t kChildRows = 16'384;  // in a morsel, unless one parent has more

// Whether a column in memory is what the schema says.
bool fits(const base::Type& type, const vector::Column& column, std::uint64_t num_rows) {
  using base::TypeKind;
  using vector::Storage;
  const Storage storage = column.storage;
  if (storage == Storage::kAbsent) return true;
  if (column.num_rows < num_rows || (column.data == nullptr && num_rows > 0)) return false;
  const bool is_code = storage == Storage::kInt8 || storage == Storage::kInt16 || storage == Storage::kInt32;
  switch (type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: return is_code && column.dictionary != nullptr;
    case TypeKind::kChoice: return is_code;
    case TypeKind::kDate: return storage == Storage::kInt32;
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return storage == Storage::kInt64;
    case TypeKind::kNumber:
    case TypeKind::kDistance: return storage == Storage::kFloat64;
    case TypeKind::kFlag: return storage == Storage::kBits;
    case TypeKind::kLocation: return storage == Storage::kLocation;
    case TypeKind::kReference: return storage == Storage::kRow;
    case TypeKind::kList: {
      base::Type element = type;
      element.kind = type.element;
      if (storage != Storage::kList || column.elements == nullptr || element.kind == TypeKind::kList) return false;
      return fits(element, *column.elements, num_rows == 0 ? 0 : column.as<std::uint32_t>()[num_rows]);
    }
  }
  return false;
}

class Run {
 public:
  Run(const bytecode::Module& module, const vector::Dataset& dataset, const base::Binding& binding,
      const RunOptions& options)
      : module_(module),
        options_(options),
        dataset_(dataset),
        kept_(module.columns.size()),
        binder_(module, dataset_, kept_, binding),
        outputs_(module.outputs.size()),
        counts_(module.outputs.size()),
        missing_(module.missing_sources.size(), 0) {}

  base::Result<Results> run() {
    if (dataset_.tables.size() != module_.schema.tables.size()) {
      return base::Status(base::Code::bytecode_refused, {"the program", "it is for other tables than this data has"});
    }
    for (std::size_t t = 0; t < dataset_.tables.size(); ++t) {
      const vector::TableData& data = dataset_.tables[t];
      const base::Table& table = module_.schema.tables[t];
      if (table.kind == base::TableKind::kUnion || table.kind == base::TableKind::kGrouped) continue;
      for (std::size_t c = 0; c < data.columns.size(); ++c) {
        if (c < table.columns.size() && fits(table.columns[c].type, data.columns[c], data.num_rows)) continue;
        const std::string name = c < table.columns.size() ? table.name + "." + table.columns[c].name : table.name;
        return base::Status(base::Code::bytecode_refused,
                            {"the program", "it is for another `" + name + "` than this data has"});
      }
    }
    find_wanted();
    find_live();
    find_emitted();
    for (std::size_t s = 0; s < module_.steps.size(); ++s) {
      step_ = s;
      const bytecode::Step& step = module_.steps[s];
      switch (step.kind) {
        case bytecode::StepKind::kPass: SEG_RETURN_IF_FAILED(run_pass(step.index)); break;
        case bytecode::StepKind::kDeriveUnion:
        case bytecode::StepKind::kDeriveGrouped: SEG_RETURN_IF_FAILED(derive(step)); break;
      }
    }
    if (options_.progress) options_.progress(1.0);
    return results();
  }

 private:
  bool is_output_wanted(std::uint32_t id) const { return id < is_wanted_.size() && is_wanted_[id]; }

  void find_wanted() {
    is_wanted_.assign(module_.outputs.size(), options_.outputs.empty());
    for (std::uint32_t id : options_.outputs) {
      if (id < is_wanted_.size()) is_wanted_[id] = true;
    }
  }

  // What wanted outputs need, from the last step to the first.
  void find_live() {
    live_.resize(module_.passes.size());
    std::vector<bool> is_needed(module_.columns.size(), false);
    for (const bytecode::Step& step : module_.steps) {
      for (std::uint32_t mask : step.kept_masks) {
        if (mask < is_needed.size()) is_needed[mask] = true;
      }
    }
    for (std::size_t s = module_.steps.size(); s-- > 0;) {
      if (module_.steps[s].kind != bytecode::StepKind::kPass) continue;
      const std::uint32_t index = module_.steps[s].index;
      find_live(module_.passes[index], live_[index], is_needed);
    }
  }

  void find_live(const bytecode::Pass& pass, std::vector<bool>& live, std::vector<bool>& is_needed) const {
    live.assign(pass.code.size(), false);
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < pass.code.size();
         i += static_cast<std::size_t>(bytecode::op_info(pass.code[i].op).num_words)) {
      starts.push_back(i);
    }
    std::vector<bool> is_read(pass.registers.size(), false);
    for (std::size_t s = starts.size(); s-- > 0;) {
      const bytecode::Instruction* words = &pass.code[starts[s]];
      const bytecode::OpInfo& info = bytecode::op_info(words->op);
      bool is_live = false;
      switch (words->op) {
        case Op::keep:
        case Op::keep_bits: is_live = is_needed[words->y]; break;
        case Op::emit_segment:
        case Op::emit_value:
        case Op::emit_flag:
        case Op::emit_overflow:
        case Op::emit_outside: is_live = is_output_wanted(words->x); break;
        case Op::emit_missing: is_live = is_output_wanted(module_.missing_sources[words->x].output); break;
        default:
          for (int k = 0; k < info.num_operands; ++k) {
            if (info.operands[k].written) is_live = is_live || is_read[bytecode::operand(words, k)];
          }
      }
      if (!is_live) continue;
      live[starts[s]] = true;
      for (int k = 0; k < info.num_operands; ++k) {
        if (info.operands[k].written) is_read[bytecode::operand(words, k)] = false;
      }
      for (int k = 0; k < info.num_operands; ++k) {
        const bytecode::Operand& operand = info.operands[k];
        const std::uint16_t id = bytecode::operand(words, k);
        if (operand.written || id == kAbsent) continue;
        switch (operand.kind) {
          case OperandKind::kRegister: is_read[id] = true; break;
          case OperandKind::kMaskList:
          case OperandKind::kList:
          case OperandKind::kChildList:
            for (std::uint16_t reg : pass.lists[id]) is_read[reg] = true;
            break;
          case OperandKind::kColumn:
            if (words->op != Op::keep && words->op != Op::keep_bits) is_needed[id] = true;
            break;
          default: break;
        }
      }
    }
  }

  std::uint64_t rows_of(base::TableId table) const { return table == kNone ? 1 : dataset_.tables[table].num_rows; }

  void find_emitted() {
    for (std::size_t p = 0; p < module_.passes.size(); ++p) {
      const bytecode::Pass& pass = module_.passes[p];
      for (std::size_t i = 0; i < pass.code.size(); ++i) {
        if (!live_[p][i]) continue;
        const bytecode::Instruction& word = pass.code[i];
        if (word.op == Op::emit_segment || word.op == Op::emit_value || word.op == Op::emit_flag) {
          emitted_[word.x] = {.op = word.op, .type = static_cast<RegType>(word.tag), .table = pass.frames[0].table};
        }
      }
    }
  }

  // Derived tables have rows only when their pass comes.
  void allocate_outputs(const bytecode::Pass& pass, const std::vector<bool>& live, std::uint64_t rows) {
    for (std::size_t i = 0; i < pass.code.size(); ++i) {
      if (!live[i]) continue;
      const bytecode::Instruction& word = pass.code[i];
      const bool is_value = word.op == Op::emit_value;
      const bool is_flag = word.op == Op::emit_flag;
      if (word.op != Op::emit_segment && !is_value && !is_flag) continue;
      OutputBuffers& output = outputs_[word.x];
      if (!is_value) output.bits.assign(num_words(rows) + 1, 0);
      if (is_value || is_flag) output.valid.assign(num_words(rows) + 1, 0);
      if (is_value) output.values.assign(static_cast<RegType>(word.tag) == RegType::kI32 ? rows / 2 + 1 : rows, 0);
      emitted_[word.x].num_rows = rows;
    }
  }

  void allocate_kept(const bytecode::Pass& pass, const std::vector<bool>& live, std::uint64_t rows) {
    for (std::size_t i = 0; i < pass.code.size(); ++i) {
      if (!live[i] || (pass.code[i].op != Op::keep && pass.code[i].op != Op::keep_bits)) continue;
      KeptColumn& column = kept_[pass.code[i].y];
      column.type = module_.columns[pass.code[i].y].kept_type;
      column.num_rows = rows;
      const std::uint64_t words = column.type == RegType::kMask  ? num_words(rows)
                                  : column.type == RegType::kI32 ? rows / 2 + 1
                                                                 : rows;
      column.words.assign(words + 1, 0);
    }
  }

  base::Status derive(const bytecode::Step& step) {
    std::vector<events::RowMask> masks;
    for (std::uint32_t mask : step.kept_masks) {
      masks.push_back(mask == kNone || kept_[mask].words.empty() ? nullptr : kept_[mask].words.data());
    }
    const std::vector<bool> wanted = bytecode::used_columns(module_).tables[step.index].columns;
    std::vector<bool> all(wanted.size(), false);
    for (std::size_t c = 0; c < all.size(); ++c) all[c] = wanted[c] || is_input_of_derived(step.index, c);
    if (step.kind == bytecode::StepKind::kDeriveUnion) {
      masks.resize(module_.schema.tables[step.index].parts.size(), nullptr);
      base::Result<vector::TableData> made = events::derive_union(module_.schema, step.index, dataset_, masks, all);
      if (!made.ok()) return std::move(made).status();
      dataset_.tables[step.index] = std::move(*made);
      return {};
    }
    masks.resize(1, nullptr);
    base::Result<events::Grouped> made = events::derive_grouped(module_.schema, step.index, dataset_, masks[0], all);
    if (!made.ok()) return std::move(made).status();
    dataset_.tables[step.index] = std::move(made->table);
    groups_[step.index] = std::move(made->group_of);
    return {};
  }

  bool is_input_of_derived(base::TableId id, std::size_t column) const {
    for (const base::Table& table : module_.schema.tables) {
      for (const base::UnionPart& part : table.parts) {
        if (part.table == id && std::find(part.columns.begin(), part.columns.end(), column) != part.columns.end())
          return true;
      }
      if (!table.group || table.group->base != id) continue;
      const base::Table& base = module_.schema.tables[id];
      const auto& by = table.group->group_by;
      if (column == base.owner || column == base.time || std::find(by.begin(), by.end(), column) != by.end())
        return true;
    }
    return false;
  }

  base::Result<const events::Clustering*> clustering(const bytecode::Pass& pass, std::size_t frame) {
    const bytecode::Frame& child = pass.frames[frame];
    const base::TableId root = pass.frames[0].table;
    const auto key = std::make_tuple(child.table, child.reference, root);
    if (const auto it = clusterings_.find(key); it != clusterings_.end()) return it->second.get();
    const std::uint64_t parents = rows_of(root);
    const std::uint64_t children = rows_of(child.table);
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

  base::Status run_pass(std::uint32_t index) {
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
    }
    const auto work = [&](Worker& worker) {
      try {
        for (std::uint64_t r = next++; r < num_ranges; r = next++) {
          if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) is_stopped = true;
          if (is_stopped || is_out_of_memory) return;
          run_range(worker, live, children, r * range, std::min(rows, (r + 1) * range));
          if (options_.progress && r % 16 == 0) {
            const double done = static_cast<double>(r) / static_cast<double>(num_ranges);
            options_.progress((static_cast<double>(step_) + done) / static_cast<double>(module_.steps.size()));
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
    return {};
  }

  void run_range(Worker& worker, const std::vector<bool>& live, const std::vector<const events::Clustering*>& children,
                 std::uint64_t begin, std::uint64_t end) {
    const std::uint64_t most = options_.morsel_rows == 0 ? kRangeRows : options_.morsel_rows;
    while (begin < end) {
      std::uint64_t upto = std::min(end, begin + most);
      for (const events::Clustering* child : children) {
        if (child == nullptr) continue;
        const auto first = child->first.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = child->first.begin() + static_cast<std::ptrdiff_t>(upto);
        const auto fits = std::upper_bound(first, last + 1, *first + kChildRows) - 1;
        upto = begin + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(fits - first));
      }
      worker.set_rows(0, {.n = upto - begin, .first = begin});
      for (std::size_t f = 1; f < children.size(); ++f) {
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

  void collect(Worker& worker) {
    for (std::uint32_t id = 0; id < counts_.size(); ++id) {
      const Counts& from = worker.counts(id);
      counts_[id].members += from.members;
      counts_[id].unknown += from.unknown;
      counts_[id].overflow += from.overflow;
      counts_[id].outside += from.outside;
      counts_[id].first_outside = std::min(counts_[id].first_outside, from.first_outside);
    }
    for (std::size_t i = 0; i < missing_.size(); ++i) missing_[i] += worker.missing()[i];
  }

  Results results() {
    Results results;
    results.num_rows_walked = num_rows_walked_;
    for (std::uint32_t id = 0; id < module_.outputs.size(); ++id) {
      OutputResult result;
      const auto emitted = emitted_.find(id);
      result.is_wanted = is_output_wanted(id) && emitted != emitted_.end();
      if (result.is_wanted) fill(id, emitted->second, result);
      results.outputs.push_back(std::move(result));
    }
    for (std::size_t i = 0; i < missing_.size(); ++i) {
      OutputResult& result = results.outputs[module_.missing_sources[i].output];
      if (!result.is_wanted || missing_[i] == 0) continue;
      const std::string& name = module_.missing_sources[i].name;
      const auto same = std::find_if(result.missing.begin(), result.missing.end(),
                                     [&](const MissingCount& count) { return count.name == name; });
      if (same == result.missing.end()) {
        result.missing.push_back({.name = name, .count = missing_[i]});
      } else {  // two aggregates that read alike: at least as many as the larger
        same->count = std::max(same->count, missing_[i]);
      }
    }
    for (OutputResult& result : results.outputs) {
      std::stable_sort(result.missing.begin(), result.missing.end(),
                       [](const MissingCount& a, const MissingCount& b) { return a.count > b.count; });
    }
    return results;
  }

  struct Emitted {
    Op op = Op::more;
    RegType type = RegType::kMask;
    base::TableId table = kNone;
    std::uint64_t num_rows = 0;
  };

  void fill(std::uint32_t id, const Emitted& emitted, OutputResult& result) {
    OutputBuffers& buffers = outputs_[id];
    const Counts& counts = counts_[id];
    const std::uint64_t rows = emitted.num_rows;
    result.num_rows = rows;
    result.num_overflow = counts.overflow;
    result.num_outside = counts.outside;
    result.first_outside = counts.outside == 0 ? 0 : counts.first_outside;
    if (emitted.op == Op::emit_segment) {
      buffers.bits.resize(num_words(rows));
      result.members = std::move(buffers.bits);
      result.num_members = counts.members;
      result.num_unknown = counts.unknown;
      return;
    }
    const bytecode::Output& output = module_.outputs[id];
    std::uint64_t limit = ~0ULL;  // codes beyond it are nothing
    vector::Column& column = result.values;
    if (emitted.op == Op::emit_value && emitted.type == RegType::kI32) {
      if (output.dictionary != kNone) {
        column.dictionary = binder_.dictionary_of(output.dictionary);
        limit = column.dictionary->size();
      } else if (!output.choices.empty()) {
        limit = output.choices.size();
      }
    }
    auto data = std::make_shared<OutputBuffers>(std::move(buffers));
    std::uint64_t present = 0;
    result.tier_counts.assign(output.choices.size(), 0);
    for (std::uint64_t k = 0; k < num_words(rows); ++k) {
      if (limit != ~0ULL) {
        const auto* codes = reinterpret_cast<const std::uint32_t*>(data->values.data());
        for (std::uint64_t left = data->valid[k]; left != 0; left &= left - 1) {
          const auto bit = static_cast<std::uint64_t>(std::countr_zero(left));
          const std::uint32_t code = codes[k * 64 + bit];
          if (code >= limit) {
            data->valid[k] &= ~(1ULL << bit);
          } else if (code < result.tier_counts.size()) {
            ++result.tier_counts[code];
          }
        }
      }
      present += static_cast<std::uint64_t>(std::popcount(data->valid[k]));
    }
    if (emitted.op == Op::emit_flag) {
      column.storage = vector::Storage::kBits;
      column.data = data->bits.data();
    } else {
      column.storage = emitted.type == RegType::kI32   ? vector::Storage::kInt32
                       : emitted.type == RegType::kI64 ? vector::Storage::kInt64
                                                       : vector::Storage::kFloat64;
      column.data = data->values.data();
    }
    column.num_rows = rows;
    column.valid = data->valid.data();
    column.num_missing = rows - present;
    column.owner = data;
  }

  const bytecode::Module& module_;
  const RunOptions& options_;
  vector::Dataset dataset_;  // with derived tables
  std::vector<KeptColumn> kept_;
  Binder binder_;
  std::vector<OutputBuffers> outputs_;
  std::vector<Counts> counts_;
  std::vector<std::uint64_t> missing_;
  std::vector<bool> is_wanted_;
  std::vector<std::vector<bool>> live_;  // by pass, by word
  std::map<std::uint32_t, Emitted> emitted_;
  std::map<base::TableId, std::vector<std::uint32_t>> groups_;
  std::map<std::tuple<base::TableId, base::ColumnId, base::TableId>, std::unique_ptr<events::Clustering>> clusterings_;
  std::uint64_t num_rows_walked_ = 0;
  std::size_t step_ = 0;
};

}  // namespace

base::Result<Results> run(const bytecode::Module& module, const vector::Dataset& dataset, const base::Binding& binding,
                          const RunOptions& options) {
  try {
    return Run(module, dataset, binding, options).run();
  } catch (const std::bad_alloc&) {
    return base::Status(base::Code::out_of_memory, {"memory"});
  }
}

TimeRange needed_times(const bytecode::Module& module, const bytecode::NeededTable& table,
                       const base::Binding& binding) {
  if (table.all_time) return {};
  // Zones of the data are not known yet: a day more on either side covers them all.
  const kernels::TimeZone* zone = kernels::TimeZone::find(binding.time_zone);
  if (zone == nullptr) zone = kernels::TimeZone::find("UTC");
  TimeRange range{.begin = INT64_MAX, .end = INT64_MIN};
  for (std::uint32_t id : table.windows) {
    const kernels::BoundWindow window =
        kernels::bind_window(module.windows[id].window, binding.as_of, *zone, binding.week_starts);
    range.begin = std::min(range.begin, window.from);
    range.end = std::max(range.end, window.to);
  }
  constexpr std::int64_t kMargin = 2 * base::kMicrosPerDay;
  if (range.begin > range.end) return {.begin = 0, .end = 0};
  if (range.begin > INT64_MIN + kMargin) range.begin -= kMargin;
  if (range.end < INT64_MAX - kMargin) range.end += kMargin;
  return range;
}

}  // namespace seg::exec
