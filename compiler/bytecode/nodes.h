// One pass as a graph, before registers: equal instructions are one node. In: lowering. Out: nodes and effects for
// schedule(). Masks of no row and of every row are simplified away here.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <unordered_map>
#include <vector>

#include "runtime/bytecode/module.h"

namespace seg::bytecode {

using NodeId = std::uint32_t;
using FrameId = std::uint16_t;
inline constexpr std::uint32_t kNoNode = 0xFFFFFFFF;

struct Node {
  Op op = Op::more;  // `more`: the second result (overflow) of node inputs[0]
  std::uint8_t tag = 0;
  FrameId frame = 0;
  RegType type = RegType::kMask;
  std::uint32_t inputs[5] = {kNoNode, kNoNode, kNoNode, kNoNode, kNoNode};  // operands that are not written, in order
  NodeId second = kNoNode;
};

class Nodes {
 public:
  NodeId add(Op op, FrameId frame, RegType type, std::initializer_list<std::uint32_t> inputs, std::uint8_t tag = 0);
  NodeId second(NodeId node);  // its last written mask
  void effect(Op op, std::initializer_list<std::uint32_t> inputs, std::uint8_t tag = 0);
  std::uint32_t list(const std::vector<NodeId>& nodes);

  NodeId zero(FrameId frame) { return add(Op::zero, frame, RegType::kMask, {}); }
  NodeId ones(FrameId frame) { return add(Op::ones, frame, RegType::kMask, {}); }
  NodeId both(NodeId a, NodeId b);
  NodeId either(NodeId a, NodeId b);
  NodeId without(NodeId a, NodeId b);  // a and not b
  NodeId negation(NodeId a);

  const Node& at(NodeId id) const { return nodes_[id]; }
  const std::vector<Node>& all() const { return nodes_; }
  const std::vector<NodeId>& effects() const { return effects_; }
  const std::vector<std::vector<NodeId>>& lists() const { return lists_; }
  bool is_zero(NodeId id) const { return nodes_[id].op == Op::zero; }
  bool is_ones(NodeId id) const { return nodes_[id].op == Op::ones; }

 private:
  struct KeyHash {
    std::size_t operator()(const std::vector<std::uint32_t>& key) const;
  };
  std::vector<Node> nodes_;
  std::vector<NodeId> effects_;
  std::vector<std::vector<NodeId>> lists_;
  std::unordered_map<std::vector<std::uint32_t>, NodeId, KeyHash> index_;
  std::map<std::vector<NodeId>, std::uint32_t> list_index_;
};

// Instructions in an order that keeps few registers alive, and the registers.
void schedule(const Nodes& nodes, Pass& pass);

}  // namespace seg::bytecode
