// Order and registers. Nodes come in the order of the effects that need them; as soon as a wide value exists, the masks
// that only waited for it are made, so that it can be forgotten (a mask is 64 times smaller). Registers are handed out
// by linear scan, each for one type in one frame.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "compiler/bytecode/nodes.h"

namespace seg::bytecode {
namespace {

class Scheduler {
 public:
  Scheduler(const Nodes& nodes, Pass& pass) : nodes_(nodes), pass_(pass) {}

  void run() {
    const std::size_t n = nodes_.all().size();
    live_.assign(n, false);
    done_.assign(n, false);
    uses_.assign(n, 0);
    users_.assign(n, {});
    for (NodeId effect : nodes_.effects()) mark(effect);
    for (NodeId effect : nodes_.effects()) place(effect);
    count_uses();
    registers_.assign(n, kAbsent);
    for (NodeId id : order_) emit(id);
  }

 private:
  // The nodes that a node reads: registers, lists of registers, the node of a second result.
  template <class F>
  void each_source(NodeId id, F f) const {
    const Node& node = nodes_.at(id);
    if (node.op == Op::more) {
      f(node.inputs[0]);
      return;
    }
    const OpInfo& info = op_info(node.op);
    int input = 0;
    for (int i = 0; i < info.num_operands; ++i) {
      const Operand& operand = info.operands[i];
      if (operand.written) continue;
      const std::uint32_t value = node.inputs[input++];
      if (value == kNoNode) continue;
      switch (operand.kind) {
        case OperandKind::kRegister: f(value); break;
        case OperandKind::kMaskList:
        case OperandKind::kList:
        case OperandKind::kChildList:
        case OperandKind::kFamilyList:
          for (NodeId element : nodes_.lists()[value]) f(element);
          break;
        default: break;
      }
    }
  }

  void mark(NodeId start) {
    std::vector<NodeId> stack = {start};
    live_[start] = true;
    while (!stack.empty()) {
      const NodeId id = stack.back();
      stack.pop_back();
      each_source(id, [&](NodeId source) {
        users_[source].push_back(id);
        if (!live_[source]) {
          live_[source] = true;
          stack.push_back(source);
        }
      });
    }
  }

  bool is_ready(NodeId id) const {
    bool ready = true;
    each_source(id, [&](NodeId source) { ready = ready && done_[source]; });
    return ready;
  }

  void place(NodeId start) {
    std::vector<NodeId> stack = {start};
    while (!stack.empty()) {
      const NodeId id = stack.back();
      if (done_[id]) {
        stack.pop_back();
        continue;
      }
      const std::size_t before = stack.size();
      each_source(id, [&](NodeId source) {
        if (!done_[source]) stack.push_back(source);
      });
      if (stack.size() != before) {
        std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(before), stack.end());
        continue;
      }
      stack.pop_back();
      put(id);
    }
  }

  void put(NodeId id) {
    done_[id] = true;
    order_.push_back(id);
    const Node& node = nodes_.at(id);
    if (node.second != kNoNode && live_[node.second]) {
      done_[node.second] = true;
      order_.push_back(node.second);
    }
    if (node.type == RegType::kMask) return;
    for (NodeId user : users_[id]) {
      const Node& waiting = nodes_.at(user);
      if (done_[user] || !live_[user] || waiting.op == Op::more || waiting.type != RegType::kMask) continue;
      if (op_info(waiting.op).operands[0].written && is_ready(user)) put(user);
    }
  }

  void count_uses() {
    for (NodeId id : order_) {
      each_source(id, [&](NodeId source) { ++uses_[source]; });
    }
  }

  std::uint16_t take_register(const Node& node) {
    auto& free = free_[node.frame * 4U + static_cast<std::size_t>(node.type)];
    if (!free.empty()) {
      const std::uint16_t reg = free.back();
      free.pop_back();
      return reg;
    }
    return new_register(node);
  }

  std::uint16_t new_register(const Node& node) {
    if (pass_.registers.size() >= kAbsent) {
      std::fprintf(stderr, "bytecode: a pass needs more than %u registers\n", static_cast<unsigned>(kAbsent));
      std::abort();
    }
    pass_.registers.push_back({.type = node.type, .frame = node.frame});
    return static_cast<std::uint16_t>(pass_.registers.size() - 1);
  }

  void release(NodeId id) {
    if (--uses_[id] != 0) return;
    const Node& node = nodes_.at(id);
    if (registers_[id] != kAbsent) {
      free_[node.frame * 4U + static_cast<std::size_t>(node.type)].push_back(registers_[id]);
    }
  }

  static std::uint16_t narrow(std::uint32_t value) {
    if (value == kNoNode) return kAbsent;
    if (value >= kAbsent) {
      std::fprintf(stderr, "bytecode: a pool has more than %u entries\n", static_cast<unsigned>(kAbsent));
      std::abort();
    }
    return static_cast<std::uint16_t>(value);
  }

  void emit(NodeId id) {
    const Node& node = nodes_.at(id);
    if (node.op == Op::more) {  // its register was made with its node
      release(node.inputs[0]);
      return;
    }
    if (free_.size() < (node.frame + 1U) * 4U) free_.resize((node.frame + 1U) * 4U);
    const OpInfo& info = op_info(node.op);
    std::uint16_t words[kMaxOperands] = {kAbsent, kAbsent, kAbsent, kAbsent, kAbsent, kAbsent};
    int input = 0;
    bool has_first = false;
    for (int i = 0; i < info.num_operands; ++i) {
      const Operand& operand = info.operands[i];
      if (operand.written && !has_first) {
        has_first = true;
        words[i] = registers_[id] = take_register(node);
      } else if (operand.written) {
        const Node mask{.frame = node.frame, .type = RegType::kMask};
        words[i] = take_register(mask);
        const bool is_used = node.second != kNoNode && live_[node.second];
        if (is_used) {
          registers_[node.second] = words[i];
        } else {
          unused_.push_back(words[i]);
        }
      } else {
        const std::uint32_t value = node.inputs[input++];
        switch (operand.kind) {
          case OperandKind::kRegister: words[i] = value == kNoNode ? kAbsent : registers_[value]; break;
          case OperandKind::kMaskList:
          case OperandKind::kList:
          case OperandKind::kChildList:
          case OperandKind::kFamilyList: words[i] = list(nodes_.lists()[value]); break;
          default: words[i] = narrow(value); break;
        }
      }
    }
    pass_.code.push_back({.op = node.op, .tag = node.tag, .x = words[0], .y = words[1], .z = words[2]});
    if (info.num_words == 2) {
      pass_.code.push_back({.op = Op::more, .tag = 0, .x = words[3], .y = words[4], .z = words[5]});
    }
    each_source(id, [&](NodeId source) { release(source); });
    if (has_first && uses_[id] == 0) {  // nobody reads it: only its second result
      uses_[id] = 1;
      release(id);
    }
    for (std::uint16_t reg : unused_) free_[node.frame * 4U].push_back(reg);
    unused_.clear();
  }

  std::uint16_t list(const std::vector<NodeId>& nodes) {
    std::vector<std::uint16_t> registers;
    for (NodeId node : nodes) registers.push_back(registers_[node]);
    const auto [it, is_new] = list_index_.emplace(registers, static_cast<std::uint32_t>(pass_.lists.size()));
    if (is_new) pass_.lists.push_back(registers);
    return narrow(it->second);
  }

  const Nodes& nodes_;
  Pass& pass_;
  std::vector<bool> live_, done_;
  std::vector<std::uint32_t> uses_;
  std::vector<std::vector<NodeId>> users_;
  std::vector<NodeId> order_;
  std::vector<std::uint16_t> registers_;
  std::vector<std::uint16_t> unused_;
  std::vector<std::vector<std::uint16_t>> free_;
  std::map<std::vector<std::uint16_t>, std::uint32_t> list_index_;
};

}  // namespace

void schedule(const Nodes& nodes, Pass& pass) { Scheduler(nodes, pass).run(); }

}  // namespace seg::bytecode
