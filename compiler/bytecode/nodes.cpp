#include "compiler/bytecode/nodes.h"

#include <algorithm>

namespace seg::bytecode {

std::size_t Nodes::KeyHash::operator()(const std::vector<std::uint32_t>& key) const {
  std::uint64_t state = 0x9E3779B97F4A7C15;
  for (std::uint32_t part : key) state = (state ^ part) * 0xBF58476D1CE4E5B9, state ^= state >> 29;
  return state;
}

NodeId Nodes::add(Op op, FrameId frame, RegType type, std::initializer_list<std::uint32_t> inputs, std::uint8_t tag) {
  std::vector<std::uint32_t> key = {static_cast<std::uint32_t>(op) | static_cast<std::uint32_t>(tag) << 8U |
                                    static_cast<std::uint32_t>(frame) << 16U};
  key.insert(key.end(), inputs);
  const auto [it, is_new] = index_.emplace(std::move(key), static_cast<NodeId>(nodes_.size()));
  if (!is_new) return it->second;
  Node node{.op = op, .tag = tag, .frame = frame, .type = type};
  std::copy(inputs.begin(), inputs.end(), node.inputs);
  nodes_.push_back(node);
  return it->second;
}

NodeId Nodes::second(NodeId node) {
  if (nodes_[node].second == kNoNode) {
    Node projection{.op = Op::more, .frame = nodes_[node].frame, .type = RegType::kMask};
    projection.inputs[0] = node;
    nodes_.push_back(projection);
    nodes_[node].second = static_cast<NodeId>(nodes_.size() - 1);
  }
  return nodes_[node].second;
}

void Nodes::effect(Op op, std::initializer_list<std::uint32_t> inputs, std::uint8_t tag) {
  Node node{.op = op, .tag = tag};
  std::copy(inputs.begin(), inputs.end(), node.inputs);
  nodes_.push_back(node);
  effects_.push_back(static_cast<NodeId>(nodes_.size() - 1));
}

std::uint32_t Nodes::list(const std::vector<NodeId>& nodes) {
  const auto [it, is_new] = list_index_.emplace(nodes, static_cast<std::uint32_t>(lists_.size()));
  if (is_new) lists_.push_back(nodes);
  return it->second;
}

NodeId Nodes::both(NodeId a, NodeId b) {
  if (a == b || is_ones(b) || is_zero(a)) return a;
  if (is_ones(a) || is_zero(b)) return b;
  if (nodes_[b].op == Op::not_) return without(a, nodes_[b].inputs[0]);
  if (nodes_[a].op == Op::not_) return without(b, nodes_[a].inputs[0]);
  return add(Op::and_, nodes_[a].frame, RegType::kMask, {std::min(a, b), std::max(a, b)});
}

NodeId Nodes::either(NodeId a, NodeId b) {
  if (a == b || is_zero(b) || is_ones(a)) return a;
  if (is_zero(a) || is_ones(b)) return b;
  return add(Op::or_, nodes_[a].frame, RegType::kMask, {std::min(a, b), std::max(a, b)});
}

NodeId Nodes::without(NodeId a, NodeId b) {
  if (is_zero(b) || is_zero(a)) return a;
  if (is_ones(b) || a == b) return zero(nodes_[a].frame);
  if (is_ones(a)) return negation(b);
  if (nodes_[b].op == Op::not_) return both(a, nodes_[b].inputs[0]);
  return add(Op::andn, nodes_[a].frame, RegType::kMask, {a, b});
}

NodeId Nodes::negation(NodeId a) {
  if (is_zero(a)) return ones(nodes_[a].frame);
  if (is_ones(a)) return zero(nodes_[a].frame);
  if (nodes_[a].op == Op::not_) return nodes_[a].inputs[0];
  return add(Op::not_, nodes_[a].frame, RegType::kMask, {a});
}

}  // namespace seg::bytecode
