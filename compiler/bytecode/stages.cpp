#include "compiler/bytecode/stages.h"

#include <algorithm>

namespace seg::bytecode {

using program::Aggregate;
using program::Expr;
using program::ExprId;
using program::ExprKind;

ExprId Stages::computed(base::TableId table, base::ColumnId column) const {
  const base::Table& t = program_.schema.tables[table];
  if (t.kind != base::TableKind::kGrouped || !t.group || column < t.group->num_plain) return base::kNone;
  return t.group->computed[column - t.group->num_plain];
}

bool Stages::is_stored_field(ExprId id) const {
  const Expr& e = program_.expr(id);
  return e.kind == ExprKind::kField && computed(e.frame, e.a) == base::kNone;
}

bool Stages::is_spread(const Expr& follow, const Edge& edge) const {
  return follow.a == edge.reference && edge.root != base::kNone &&
         program_.schema.tables[edge.child].columns[follow.a].type.detail == edge.root;
}

bool Stages::needs_root(ExprId id) {
  if (const auto it = needs_root_.find(id); it != needs_root_.end()) return it->second;
  const Expr& e = program_.expr(id);
  bool needs = false;
  switch (e.kind) {
    case ExprKind::kLiteral:
    case ExprKind::kParam:
    case ExprKind::kAsOfDay:
    case ExprKind::kState:
    case ExprKind::kPopulation:  // its column is made for all rows, in whatever frame it is read
    case ExprKind::kFollow: break;
    case ExprKind::kField: needs = computed(e.frame, e.a) != base::kNone; break;
    case ExprKind::kSequence: needs = program_.sequences[e.a].reads_first; break;
    case ExprKind::kStepOne: break;  // the root is its first step
    case ExprKind::kAggregate: needs = program_.aggregates[e.a].child_ref != program::kWholeTable; break;
    case ExprKind::kMember: needs = needs_root(program_.outputs[e.a].root); break;
    case ExprKind::kTier:
      for (const program::Tier& tier : program_.outputs[e.a].tiers) {
        if (tier.condition != base::kNone) needs = needs || needs_root(tier.condition);
      }
      break;
    case ExprKind::kLookup:
    case ExprKind::kCall:
    case ExprKind::kInWindow:
    case ExprKind::kRecursInWindow:
      if (program_.reads_step_one(id)) break;  // what needs it below is kept by itself
      for (ExprId arg : program_.args_of(id)) needs = needs || needs_root(arg);
      break;
  }
  needs_root_[id] = needs;
  return needs;
}

std::uint32_t Stages::of_table(base::TableId table) {
  if (const auto it = table_.find(table); it != table_.end()) return it->second;
  const base::Table& t = program_.schema.tables[table];
  std::uint32_t stage = 0;
  if (t.kind == base::TableKind::kUnion) {
    for (const base::UnionPart& part : t.parts) {
      stage = std::max(stage, of_table(part.table));
      if (part.filter != base::kNone) stage = std::max(stage, of_root(part.filter) + 1);
    }
  } else if (t.kind == base::TableKind::kGrouped && t.group) {
    stage = of_table(t.group->base);
    if (t.group->filter != base::kNone) stage = std::max(stage, of_root(t.group->filter));
    if (t.group->filter != base::kNone || has_time(t.group->base)) ++stage;
  }
  table_[table] = stage;
  return stage;
}

std::uint32_t Stages::of_whole_table(const Aggregate& aggregate) {
  const Edge edge{.root = base::kNone, .child = aggregate.child, .reference = program::kWholeTable};
  std::uint32_t stage = of_table(aggregate.child);
  if (aggregate.filter != base::kNone) stage = std::max(stage, of_child(aggregate.filter, edge));
  if (aggregate.value != base::kNone) stage = std::max(stage, of_child(aggregate.value, edge));
  return stage;
}

bool Stages::is_beside(const program::Sequence& sequence, const Edge& edge) const {
  return !sequence.reads_first && edge.root == sequence.first.frame && edge.child == sequence.first.child &&
         edge.reference == sequence.first.child_ref;
}

// Beside its owner's rows (edge: the first step's), or with the first step as the root (no edge).
std::uint32_t Stages::of_sequence(const program::Sequence& sequence, const Edge* edge) {
  const auto of_first = [&](ExprId id) { return edge == nullptr ? of_root(id) : of_child(id, *edge); };
  std::uint32_t stage = of_table(sequence.first.child);
  if (sequence.first.filter != base::kNone) stage = std::max(stage, of_first(sequence.first.filter));
  const Aggregate* before = &sequence.first;
  const auto edge_of = [&](const Aggregate& rows) {
    const base::TableId root = edge == nullptr ? sequence.first.child : edge->root;
    return Edge{.root = root, .child = rows.child, .reference = rows.child_ref};
  };
  for (const program::SequenceStep& step : sequence.steps) {
    stage = std::max(stage, of_table(step.rows.child));
    if (step.rows.filter != base::kNone) stage = std::max(stage, of_child(step.rows.filter, edge_of(step.rows)));
    for (ExprId tie : step.ties) stage = std::max(stage, of_child(tie, edge_of(step.rows)));
    for (ExprId tie : step.ties_before) {
      stage = std::max(stage, before == &sequence.first ? of_first(tie) : of_child(tie, edge_of(*before)));
    }
    if (!step.negated) before = &step.rows;
  }
  return stage;
}

std::uint32_t Stages::of_population(ExprId id) {
  std::uint32_t stage = of_table(program_.expr(id).frame);
  for (ExprId arg : program_.args_of(id)) stage = std::max(stage, of_root(arg));
  return stage;
}

std::uint32_t Stages::of_root(ExprId id) {
  if (const auto it = root_.find(id); it != root_.end()) return it->second;
  const Expr& e = program_.expr(id);
  std::uint32_t stage = e.frame == base::kNone ? 0 : of_table(e.frame);
  switch (e.kind) {
    case ExprKind::kLiteral:
    case ExprKind::kParam:
    case ExprKind::kAsOfDay:
    case ExprKind::kState: break;
    case ExprKind::kField:
      if (const ExprId aggregate = computed(e.frame, e.a); aggregate != base::kNone) {
        stage = std::max(stage, of_root(aggregate));
      }
      break;
    case ExprKind::kFollow: {
      const ExprId inner = program_.args[e.first_arg];
      stage = std::max(stage, is_stored_field(inner) ? of_table(program_.expr(inner).frame) : of_root(inner) + 1);
      break;
    }
    case ExprKind::kAggregate: {
      const Aggregate& aggregate = program_.aggregates[e.a];
      if (aggregate.child_ref == program::kWholeTable) {
        stage = std::max(stage, of_whole_table(aggregate) + 1);
        break;
      }
      const Edge edge{.root = aggregate.frame, .child = aggregate.child, .reference = aggregate.child_ref};
      stage = std::max(stage, of_table(aggregate.child));
      if (aggregate.filter != base::kNone) stage = std::max(stage, of_child(aggregate.filter, edge));
      if (aggregate.value != base::kNone) stage = std::max(stage, of_child(aggregate.value, edge));
      break;
    }
    case ExprKind::kSequence: stage = std::max(stage, of_sequence(program_.sequences[e.a], nullptr)); break;
    case ExprKind::kStepOne: break;  // never of a root
    case ExprKind::kPopulation: stage = std::max(stage, of_population(id) + 1); break;
    case ExprKind::kMember: stage = std::max(stage, of_root(program_.outputs[e.a].root)); break;
    case ExprKind::kTier:
      for (const program::Tier& tier : program_.outputs[e.a].tiers) {
        if (tier.condition != base::kNone) stage = std::max(stage, of_root(tier.condition));
      }
      break;
    case ExprKind::kLookup: stage = std::max(stage, of_table(e.a)); [[fallthrough]];
    case ExprKind::kCall:
    case ExprKind::kInWindow:
    case ExprKind::kRecursInWindow:
      for (ExprId arg : program_.args_of(id)) stage = std::max(stage, of_root(arg));
      break;
  }
  root_[id] = stage;
  return stage;
}

std::uint32_t Stages::of_child(ExprId id, const Edge& edge) {
  if (needs_root(id)) return of_root(id) + 1;
  const auto key = std::make_tuple(id, edge.root, edge.child, edge.reference);
  if (const auto it = child_.find(key); it != child_.end()) return it->second;
  const Expr& e = program_.expr(id);
  std::uint32_t stage = e.frame == base::kNone ? 0 : of_table(e.frame);
  switch (e.kind) {
    case ExprKind::kLiteral:
    case ExprKind::kParam:
    case ExprKind::kAsOfDay:
    case ExprKind::kState:
    case ExprKind::kField: break;
    case ExprKind::kFollow: {
      const ExprId inner = program_.args[e.first_arg];
      if (is_spread(e, edge)) {
        stage = std::max(stage, of_root(inner));
      } else {
        stage = std::max(stage, is_stored_field(inner) ? of_table(program_.expr(inner).frame) : of_root(inner) + 1);
      }
      break;
    }
    case ExprKind::kPopulation:
    case ExprKind::kAggregate: stage = std::max(stage, of_root(id)); break;  // of a whole table
    case ExprKind::kSequence:
      stage = std::max(stage, is_beside(program_.sequences[e.a], edge) ? of_sequence(program_.sequences[e.a], &edge)
                                                                       : of_root(id) + 1);
      break;
    case ExprKind::kStepOne: stage = std::max(stage, of_root(program_.args[e.first_arg])); break;
    case ExprKind::kMember: stage = std::max(stage, of_child(program_.outputs[e.a].root, edge)); break;
    case ExprKind::kTier:
      for (const program::Tier& tier : program_.outputs[e.a].tiers) {
        if (tier.condition != base::kNone) stage = std::max(stage, of_child(tier.condition, edge));
      }
      break;
    case ExprKind::kLookup: stage = std::max(stage, of_table(e.a)); [[fallthrough]];
    case ExprKind::kCall:
    case ExprKind::kInWindow:
    case ExprKind::kRecursInWindow:
      for (ExprId arg : program_.args_of(id)) stage = std::max(stage, of_child(arg, edge));
      break;
  }
  child_[key] = stage;
  return stage;
}

}  // namespace seg::bytecode
