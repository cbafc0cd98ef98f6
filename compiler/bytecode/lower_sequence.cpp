// Sequences: each step's rows as a mask of its frame, their times and ties, then one instruction in the first step's
// frame. Usually that stands beside its owner's rows. Where a step's condition reads the first step, the first step is
// the root of a pass of its own, with the later steps' rows of the same owner as siblings: so `step 1.amount` is a
// value of the root, spread over them.
#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::ExprId;

NodeId Lowering::moment(base::TableId id, bool in_days, FrameId f) {
  const base::Table& table = program_.schema.tables[id];
  const base::Type& type = table.columns[table.time].type;
  const NodeId time = load(pools_.stored_column(id, table.time), type, f);
  if (in_days || type.kind != TypeKind::kDate) return time;
  return nodes_.add(Op::start_of_day, f, RegType::kI64, {time, zone(f)});
}

// Values that are equal where the two are: texts as codes of one dictionary.
void Lowering::tie(ExprId own, FrameId own_frame, ExprId before, FrameId before_frame, std::vector<NodeId>& own_keys,
                   std::vector<NodeId>& before_keys) {
  const TypeKind kind = type(own).kind;
  if (kind == TypeKind::kFlag) {
    own_keys.push_back(nodes_.add(Op::bit_value, own_frame, RegType::kI64, {is_true(own, own_frame)}));
    before_keys.push_back(nodes_.add(Op::bit_value, before_frame, RegType::kI64, {is_true(before, before_frame)}));
    return;
  }
  if (kind != TypeKind::kText && kind != TypeKind::kVersion) {
    own_keys.push_back(value(own, own_frame));
    before_keys.push_back(value(before, before_frame));
    return;
  }
  const TextNodes a = text(own, own_frame);
  const TextNodes b = text(before, before_frame);
  if (kind == TypeKind::kText) {
    own_keys.push_back(mapped(own, a, b.dictionary));
    before_keys.push_back(b.codes);
    return;
  }
  const std::uint32_t all =
      pools_.dictionary({.kind = DictionaryKind::kVersions, .a = a.dictionary, .b = b.dictionary});
  const auto rank = [&](const TextNodes& of, FrameId f) {
    const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kRank, .from = of.dictionary, .to = all});
    return nodes_.add(Op::map_code, f, RegType::kI32, {of.codes, map});
  };
  own_keys.push_back(rank(a, own_frame));
  before_keys.push_back(rank(b, before_frame));
}

NodeId Lowering::sequence(const program::Sequence& s, Facet facet, FrameId f) {
  if (facet == Facet::kOverflow) return nodes_.zero(f);
  Sequence shape;
  std::vector<NodeId> list = {selected(s.first, f), moment(s.first.child, s.in_days, f)};
  const program::SequenceStep& last = s.steps.back();
  shape.has_as_of = last.negated;
  if (shape.has_as_of) {
    list.push_back(s.in_days ? nodes_.add(Op::as_of_day, f, RegType::kI32, {zone(f)})
                             : nodes_.add(Op::as_of_end, f, RegType::kI64, {zone(f)}));
  }
  FrameId before = f;
  for (const program::SequenceStep& step : s.steps) {
    const FrameId own = child_frame(step.rows.child, step.rows.child_ref, f == 0 ? s.first.child_ref : base::kNone);
    NodeId rows = selected(step.rows, own);
    NodeId has_ties = nodes_.ones(before);
    std::vector<NodeId> own_keys;
    std::vector<NodeId> before_keys;
    for (std::size_t i = 0; i < step.ties.size(); ++i) {
      rows = nodes_.both(rows, known(step.ties[i], own));
      has_ties = nodes_.both(has_ties, known(step.ties_before[i], before));
      tie(step.ties[i], own, step.ties_before[i], before, own_keys, before_keys);
    }
    list.push_back(rows);
    list.push_back(moment(step.rows.child, s.in_days, own));
    if (!own_keys.empty()) list.push_back(has_ties);
    list.insert(list.end(), own_keys.begin(), own_keys.end());
    list.insert(list.end(), before_keys.begin(), before_keys.end());
    shape.steps.push_back({.is_negated = step.negated,
                           .or_with = step.or_with,
                           .gap = step.gap == base::kNone ? base::kNone : pools_.constant_of(step.gap),
                           .num_ties = static_cast<std::uint16_t>(own_keys.size())});
    if (!step.negated) before = own;
  }
  const std::uint32_t registers = nodes_.list(list);
  const std::uint32_t id = pools_.sequence(shape);
  if (s.elapsed) {
    const NodeId node = nodes_.add(Op::elapsed, f, RegType::kI64, {registers, id});
    return facet == Facet::kValue ? node : nodes_.second(node);
  }
  const NodeId begins = mask(Op::sequence, f, {registers, id});
  return facet == Facet::kTrue ? begins : nodes_.negation(begins);
}

}  // namespace seg::bytecode
