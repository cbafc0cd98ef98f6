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

void Run::find_live() {
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
