#include <algorithm>
#include <bit>

#include "runtime/exec/run_state.h"

namespace seg::exec {

using base::kNone;
using bytecode::Op;
using bytecode::RegType;

void Run::allocate_outputs(const bytecode::Pass& pass, const std::vector<bool>& live, std::uint64_t rows) {
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

void Run::allocate_kept(const bytecode::Pass& pass, const std::vector<bool>& live, std::uint64_t rows) {
  for (std::size_t i = 0; i < pass.code.size(); ++i) {
    if (!live[i] || (pass.code[i].op != Op::keep && pass.code[i].op != Op::keep_bits)) continue;
    allocate_kept(pass.code[i].y, rows);
  }
}

void Run::allocate_kept(std::uint32_t id, std::uint64_t rows) {
  KeptColumn& column = kept_[id];
  column.type = module_.columns[id].kept_type;
  column.num_rows = rows;
  const std::uint64_t words = column.type == RegType::kMask  ? num_words(rows)
                              : column.type == RegType::kI32 ? rows / 2 + 1
                                                             : rows;
  column.words.assign(words + 1, 0);
}

void Run::collect(Worker& worker) {
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

Results Run::results() {
  Results results;
  results.num_rows_walked = num_rows_walked_;
  results.num_cadence_days = num_cadence_days_;
  results.stickies = std::move(stickies_);
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

void Run::fill(std::uint32_t id, const Emitted& emitted, OutputResult& result) {
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

}  // namespace seg::exec
