#include <algorithm>

#include "runtime/exec/run_state.h"

namespace seg::exec {

using base::kNone;
using bytecode::kAbsent;
using bytecode::Op;
using bytecode::OperandKind;
using bytecode::RegType;

void Run::find_wanted() {
  is_wanted_.assign(module_.outputs.size(), options_.outputs.empty());
  for (std::uint32_t id : options_.outputs) {
    if (id < is_wanted_.size()) is_wanted_[id] = true;
  }
}

void Run::find_live(bool with_outputs, const std::vector<std::uint32_t>& columns) {
  is_emitting_ = with_outputs;
  live_.resize(module_.passes.size());
  is_needed_.assign(module_.columns.size(), false);
  is_ranked_.clear();
  for (std::uint32_t column : columns) is_needed_[column] = true;
  std::vector<bool> is_table_read(module_.schema.tables.size(), with_outputs);
  is_derived_.assign(module_.steps.size(), false);
  for (std::size_t s = module_.steps.size(); s-- > 0;) {
    const bytecode::Step& step = module_.steps[s];
    if (step.kind == bytecode::StepKind::kDeriveUnion || step.kind == bytecode::StepKind::kDeriveGrouped) {
      if (!is_table_read[step.index]) continue;
      is_derived_[s] = true;
      const base::Table& table = module_.schema.tables[step.index];
      for (const base::UnionPart& part : table.parts) is_table_read[part.table] = true;
      if (table.group) is_table_read[table.group->base] = true;
      for (std::uint32_t mask : step.kept_masks) {
        if (mask < is_needed_.size()) is_needed_[mask] = true;
      }
      continue;
    }
    if (step.kind == bytecode::StepKind::kPopulation) find_live(module_.populations[step.index], is_needed_);
    if (step.kind != bytecode::StepKind::kPass) continue;
    const bytecode::Pass& pass = module_.passes[step.index];
    std::vector<bool>& live = live_[step.index];
    find_live(pass, live, is_needed_);
    if (with_outputs || std::find(live.begin(), live.end(), true) == live.end()) continue;
    for (const bytecode::Frame& frame : pass.frames) {
      if (frame.table != kNone) is_table_read[frame.table] = true;
    }
    for (std::size_t c = 0; c < is_needed_.size(); ++c) {  // also behind references
      if (is_needed_[c] && module_.columns[c].table != kNone) is_table_read[module_.columns[c].table] = true;
    }
  }
}

void Run::find_live(const bytecode::Pass& pass, std::vector<bool>& live, std::vector<bool>& is_needed) const {
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
      case Op::emit_outside: is_live = is_emitting_ && is_output_wanted(words->x); break;
      case Op::emit_missing:
        is_live = is_emitting_ && is_output_wanted(module_.missing_sources[words->x].output);
        break;
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
        case OperandKind::kFamilyList:
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

// An instruction's time belongs to all wanted outputs that would need it alone.
void Run::divide_costs(Results& results) {
  const std::vector<bool> wanted = is_wanted_;
  std::vector<std::vector<std::uint32_t>> num_users;
  for (const std::vector<std::int64_t>& times : nanoseconds_) num_users.emplace_back(times.size(), 0);
  const auto for_each_live = [&](std::uint32_t output, const auto& work) {
    is_wanted_.assign(wanted.size(), false);
    is_wanted_[output] = true;
    find_live(true, {});
    for (std::size_t p = 0; p < nanoseconds_.size(); ++p) {
      for (std::size_t i = 0; i < nanoseconds_[p].size(); ++i) {
        if (live_[p][i]) work(p, i);
      }
    }
  };
  for (std::uint32_t id = 0; id < wanted.size(); ++id) {
    if (wanted[id]) for_each_live(id, [&](std::size_t p, std::size_t i) { ++num_users[p][i]; });
  }
  for (std::uint32_t id = 0; id < wanted.size(); ++id) {
    if (!wanted[id]) continue;
    OutputResult& result = results.outputs[id];
    for_each_live(id, [&](std::size_t p, std::size_t i) {
      const double seconds = static_cast<double>(nanoseconds_[p][i]) * 1e-9;
      if (num_users[p][i] == 1) result.seconds_alone += seconds;
      result.seconds_divided += seconds / num_users[p][i];
    });
  }
  is_wanted_ = wanted;
  find_live(true, {});
}

void Run::find_emitted() {
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

}  // namespace seg::exec
