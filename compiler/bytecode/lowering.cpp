// Leaves: constants, fields, references, lookups, tiers, and what earlier passes kept.
#include "compiler/bytecode/lowering.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace seg::bytecode {

using base::TypeKind;
using program::Expr;
using program::ExprId;
using program::ExprKind;

Lowering::Lowering(Shared& shared, base::TableId root, Pass& pass)
    : shared_(shared), program_(shared.program), pools_(shared.pools), pass_(pass) {
  pass_.frames.push_back({.table = root, .reference = base::kNone});
}

std::uint32_t Shared::keep(ExprId id, Facet facet) {
  const auto [it, is_new] = kept_columns.emplace(std::make_pair(id, facet), 0);
  if (!is_new) return it->second;
  const program::Expr& e = program.expr(id);
  const bool is_whole = e.kind == ExprKind::kAggregate && program.aggregates[e.a].child_ref == program::kWholeTable;
  const base::TableId table = is_whole ? base::kNone : e.frame;
  const std::uint32_t stage = is_whole ? stages.of_whole_table(program.aggregates[e.a]) : stages.of_root(id);
  it->second = pools.kept_column(table, facet == Facet::kValue ? reg_type_of(e.type) : RegType::kMask);
  kept[{stage, table}].push_back({.expr = id, .facet = facet, .column = it->second});
  return it->second;
}

std::uint32_t Shared::state_of(program::OutputId output) const {
  for (const Sticky& sticky : module.stickies) {
    if (sticky.output == output) return sticky.state;
  }
  std::fprintf(stderr, "seg: a sticky segment that was not found before\n");
  std::abort();
}

std::uint32_t Shared::keep_rows(ExprId id, Facet facet, base::TableId table) {
  const program::Expr& e = program.expr(id);
  const bool is_whole = e.kind == ExprKind::kAggregate && program.aggregates[e.a].child_ref == program::kWholeTable;
  if (e.frame == table && !is_whole) return keep(id, facet);
  // The same for everyone: a column of it all the same.
  const std::uint32_t stage = std::max(stages.of_root(id), stages.of_table(table));
  const std::uint32_t column = pools.kept_column(table, facet == Facet::kValue ? reg_type_of(e.type) : RegType::kMask);
  kept[{stage, table}].push_back({.expr = id, .facet = facet, .column = column});
  return column;
}

std::uint32_t Shared::keep_population(ExprId id, Facet facet) {
  const program::Expr& e = program.expr(id);
  PopulationRequest& request = populations[stages.of_population(id)][id];
  std::uint32_t& column = facet == Facet::kKnown      ? request.known
                          : facet == Facet::kOverflow ? request.overflow
                                                      : request.result;
  const bool is_value = facet == Facet::kValue;
  if (column == base::kNone) column = pools.kept_column(e.frame, is_value ? reg_type_of(e.type) : RegType::kMask);
  return column;
}

NodeId Lowering::facet(ExprId id, Facet facet, FrameId frame) {
  const std::uint64_t key = static_cast<std::uint64_t>(id) << 24U | static_cast<std::uint64_t>(frame) << 4U |
                            static_cast<std::uint64_t>(facet);
  if (const auto it = memo_.find(key); it != memo_.end()) return it->second;
  const NodeId node = compute(id, facet, frame);
  memo_[key] = node;
  return node;
}

NodeId Lowering::compute(ExprId id, Facet facet, FrameId f) {
  const Expr& e = program_.expr(id);
  if (e.type.kind == TypeKind::kFlag && facet == Facet::kKnown) return nodes_.either(is_true(id, f), is_false(id, f));
  if (facet == Facet::kOverflow && !shared_.overflows(id)) return nodes_.zero(f);
  if (f != 0 && shared_.stages.needs_root(id)) return kept(id, facet, f);
  switch (e.kind) {
    case ExprKind::kLiteral:
    case ExprKind::kParam:
    case ExprKind::kAsOfDay: return lower_constant(id, facet, f);
    case ExprKind::kField: return lower_field(id, facet, f);
    case ExprKind::kFollow: return lower_follow(id, facet, f);
    case ExprKind::kLookup: return lower_lookup(id, facet, f);
    case ExprKind::kTier: return lower_tier(id, facet, f);
    case ExprKind::kPopulation: return lower_population(id, facet, f);
    case ExprKind::kMember: {
      const NodeId is_member = is_true(program_.outputs[e.a].root, f);
      if (facet == Facet::kOverflow) return nodes_.zero(f);
      return facet == Facet::kTrue ? is_member : nodes_.negation(is_member);
    }
    case ExprKind::kState: {
      if (facet == Facet::kOverflow) return nodes_.zero(f);
      const NodeId is_in = mask(Op::load_bits, f, {shared_.state_of(e.a)});
      return facet == Facet::kTrue ? is_in : nodes_.negation(is_in);
    }
    case ExprKind::kAggregate:
      if (program_.aggregates[e.a].child_ref == program::kWholeTable &&
          (f != 0 || pass_.frames[0].table != base::kNone)) {
        const std::uint32_t column = shared_.keep(id, facet);
        if (facet != Facet::kValue) return mask(Op::single_bits, f, {column});
        const RegType reg = reg_type_of(e.type);
        return nodes_.add(Op::single, f, reg, {column}, tag_of(reg));
      }
      return aggregate(id, facet, f);
    case ExprKind::kSequence: {
      const program::Sequence& s = program_.sequences[e.a];
      const Edge edge{
          .root = pass_.frames[0].table, .child = pass_.frames[f].table, .reference = pass_.frames[f].reference};
      if (f != 0 && !shared_.stages.is_beside(s, edge)) return kept(id, facet, f);
      return sequence(s, facet, f);
    }
    case ExprKind::kStepOne: return spread(program_.args[e.first_arg], facet, f);
    case ExprKind::kInWindow:
    case ExprKind::kRecursInWindow:
      if (facet == Facet::kOverflow) return overflow(program_.args[e.first_arg], f);
      return condition(id, facet == Facet::kTrue, f);
    case ExprKind::kCall:
      switch (facet) {
        case Facet::kValue: return call_value(id, f);
        case Facet::kKnown: return call_known(id, f);
        case Facet::kTrue: return condition(id, true, f);
        case Facet::kFalse: return condition(id, false, f);
        case Facet::kOverflow: return call_overflow(id, f);
      }
  }
  return kNoNode;
}

NodeId Lowering::integer(std::int64_t value, FrameId f) {
  const std::uint32_t constant = pools_.constant({.kind = TypeKind::kInteger}, base::Value::of(value));
  return nodes_.add(Op::constant, f, RegType::kI64, {constant}, tag_of(RegType::kI64));
}

NodeId Lowering::number(double value, FrameId f) {
  const std::uint32_t constant = pools_.constant({.kind = TypeKind::kNumber}, base::Value::of(value));
  return nodes_.add(Op::constant, f, RegType::kF64, {constant}, tag_of(RegType::kF64));
}

NodeId Lowering::lower_constant(ExprId id, Facet facet, FrameId f) {
  const Expr& e = program_.expr(id);
  if (e.kind == ExprKind::kAsOfDay) {
    if (facet == Facet::kOverflow) return nodes_.zero(f);
    return facet == Facet::kValue ? nodes_.add(Op::as_of_day, f, RegType::kI32, {kNoNode}) : nodes_.ones(f);
  }
  const bool is_literal = e.kind == ExprKind::kLiteral;
  const bool is_missing = is_literal && program_.values[e.a].is_missing();
  const std::uint32_t constant = pools_.constant_of(id);
  switch (facet) {
    case Facet::kValue: {
      const RegType reg = reg_type_of(e.type);
      return nodes_.add(Op::constant, f, reg, {constant}, tag_of(reg));
    }
    case Facet::kKnown:
      if (is_literal) return is_missing ? nodes_.zero(f) : nodes_.ones(f);
      return mask(Op::constant_known, f, {constant});
    case Facet::kTrue:
      if (is_literal) return !is_missing && program_.values[e.a].flag() ? nodes_.ones(f) : nodes_.zero(f);
      return mask(Op::constant_bits, f, {constant});
    case Facet::kFalse:
      if (is_literal) return !is_missing && !program_.values[e.a].flag() ? nodes_.ones(f) : nodes_.zero(f);
      return nodes_.without(mask(Op::constant_known, f, {constant}), mask(Op::constant_bits, f, {constant}));
    case Facet::kOverflow: break;
  }
  return nodes_.zero(f);
}

NodeId Lowering::load(std::uint32_t column, const base::Type& type, FrameId f) {
  if (type.kind == TypeKind::kReference) return nodes_.add(Op::load_rows, f, RegType::kI32, {column});
  const RegType reg = reg_type_of(type);
  return nodes_.add(Op::load, f, reg, {column}, tag_of(reg));
}

NodeId Lowering::lower_field(ExprId id, Facet facet, FrameId f) {
  const Expr& e = program_.expr(id);
  if (const ExprId computed = shared_.stages.computed(e.frame, e.a); computed != base::kNone) {
    return this->facet(computed, facet, f);
  }
  const std::uint32_t column = pools_.stored_column(e.frame, e.a);
  switch (facet) {
    case Facet::kValue: return load(column, e.type, f);
    case Facet::kKnown:
      if (e.type.kind == TypeKind::kReference) return mask(Op::not_negative, f, {load(column, e.type, f)});
      return mask(Op::load_known, f, {column});
    case Facet::kTrue: return nodes_.both(mask(Op::load_known, f, {column}), mask(Op::load_bits, f, {column}));
    case Facet::kFalse: return nodes_.without(mask(Op::load_known, f, {column}), mask(Op::load_bits, f, {column}));
    case Facet::kOverflow: break;
  }
  return nodes_.zero(f);
}

// A facet of a stored column of another table, by row number.
NodeId Lowering::gather(NodeId rows, std::uint32_t column, const base::Type& type, Facet facet, FrameId f) {
  const RegType reg = reg_type_of(type);
  const bool is_reference = type.kind == TypeKind::kReference;
  switch (facet) {
    case Facet::kValue:
      if (is_reference) return nodes_.add(Op::gather_rows, f, RegType::kI32, {rows, column});
      return nodes_.add(Op::gather, f, reg, {rows, column}, tag_of(reg));
    case Facet::kKnown:
      if (is_reference) {
        return mask(Op::not_negative, f, {nodes_.add(Op::gather_rows, f, RegType::kI32, {rows, column})});
      }
      return mask(Op::gather_known, f, {rows, column});
    case Facet::kTrue:
    case Facet::kFalse: {
      const NodeId is_known = mask(Op::gather_known, f, {rows, column});
      const NodeId bits = mask(Op::gather_bits, f, {rows, column});
      return facet == Facet::kTrue ? nodes_.both(is_known, bits) : nodes_.without(is_known, bits);
    }
    case Facet::kOverflow: break;
  }
  return nodes_.zero(f);
}

// The root's own value, for each child.
NodeId Lowering::spread(ExprId id, Facet facet, FrameId f) {
  const NodeId of_parent = this->facet(id, facet, 0);
  if (facet != Facet::kValue) {
    if (nodes_.is_zero(of_parent)) return nodes_.zero(f);
    if (nodes_.is_ones(of_parent)) return nodes_.ones(f);
    return mask(Op::spread_bits, f, {of_parent});
  }
  const RegType reg = reg_type_of(type(id));
  return nodes_.add(Op::spread, f, reg, {of_parent}, tag_of(reg));
}

NodeId Lowering::lower_follow(ExprId id, Facet facet, FrameId f) {
  const Expr& e = program_.expr(id);
  const ExprId inner = program_.args[e.first_arg];
  const Expr& target = program_.expr(inner);
  const Edge edge{
      .root = pass_.frames[0].table, .child = pass_.frames[f].table, .reference = pass_.frames[f].reference};
  if (f != 0 && shared_.stages.is_spread(e, edge)) return spread(inner, facet, f);
  const std::uint32_t reference = pools_.stored_column(e.frame, e.a);
  const NodeId rows = nodes_.add(Op::load_rows, f, RegType::kI32, {reference});
  if (shared_.stages.is_stored_field(inner)) {
    return gather(rows, pools_.stored_column(target.frame, target.a), target.type, facet, f);
  }
  const std::uint32_t column = shared_.keep(inner, facet);
  if (facet != Facet::kValue) return mask(Op::gather_bits, f, {rows, column});
  const RegType reg = reg_type_of(e.type);
  return nodes_.add(Op::gather, f, reg, {rows, column}, tag_of(reg));
}

// The column is there for every row of the table, whatever frame it is read in.
NodeId Lowering::lower_population(ExprId id, Facet facet, FrameId f) {
  if (facet == Facet::kFalse) return nodes_.negation(is_true(id, f));
  const std::uint32_t column = shared_.keep_population(id, facet);
  if (facet != Facet::kValue) return mask(Op::load_bits, f, {column});
  const RegType reg = reg_type_of(type(id));
  return nodes_.add(Op::load, f, reg, {column}, tag_of(reg));
}

// An expression of this frame's table that a pass over that table has kept.
NodeId Lowering::kept(ExprId id, Facet facet, FrameId f) {
  const std::uint32_t column = shared_.keep(id, facet);
  if (facet != Facet::kValue) return mask(Op::load_bits, f, {column});
  const RegType reg = reg_type_of(program_.expr(id).type);
  return nodes_.add(Op::load, f, reg, {column}, tag_of(reg));
}

NodeId Lowering::lower_lookup(ExprId id, Facet facet, FrameId f) {
  const Expr& e = program_.expr(id);
  if (facet == Facet::kOverflow) return call_overflow(id, f);
  std::vector<NodeId> keys;
  Lookup lookup{.table = e.a};
  NodeId keys_known = nodes_.ones(f);
  for (ExprId arg : program_.args_of(id)) {
    const TypeKind kind = type(arg).kind;
    keys_known = nodes_.both(keys_known, known(arg, f));
    if (kind == TypeKind::kFlag) {
      keys.push_back(nodes_.add(Op::bit_value, f, RegType::kI64, {is_true(arg, f)}));
    } else {
      keys.push_back(value(arg, f));
    }
    const bool is_text = kind == TypeKind::kText || kind == TypeKind::kVersion;
    lookup.dictionaries.push_back(is_text ? shared_.dictionary_of(arg) : base::kNone);
  }
  const NodeId rows = nodes_.add(Op::look_up, f, RegType::kI32, {nodes_.list(keys), pools_.lookup(lookup)});
  const NodeId found = gather(rows, pools_.stored_column(e.a, e.b), e.type, facet, f);
  return facet == Facet::kValue ? found : nodes_.both(keys_known, found);
}

// The first tier whose condition is true: laid from the last to the first.
NodeId Lowering::lower_tier(ExprId id, Facet facet, FrameId f) {
  const program::Output& partition = program_.outputs[program_.expr(id).a];
  if (facet == Facet::kOverflow) return nodes_.zero(f);
  NodeId node = kNoNode;
  for (std::size_t i = partition.tiers.size(); i-- > 0;) {
    const program::Tier& tier = partition.tiers[i];
    const bool is_otherwise = tier.condition == base::kNone;
    const NodeId holds = is_otherwise ? nodes_.ones(f) : is_true(tier.condition, f);
    if (facet == Facet::kKnown) {
      node = node == kNoNode ? holds : nodes_.either(holds, node);
      continue;
    }
    const std::uint32_t constant =
        pools_.constant({.kind = TypeKind::kChoice}, base::Value::of(static_cast<std::int64_t>(tier.choice)));
    const NodeId choice = nodes_.add(Op::constant, f, RegType::kI32, {constant}, tag_of(RegType::kI32));
    node = node == kNoNode || nodes_.is_ones(holds)
               ? choice
               : nodes_.add(Op::select, f, RegType::kI32, {holds, choice, node}, tag_of(RegType::kI32));
  }
  if (node != kNoNode) return node;
  if (facet == Facet::kKnown) return nodes_.zero(f);
  const std::uint32_t none = pools_.constant({.kind = TypeKind::kChoice}, base::Value::of(std::int64_t{0}));
  return nodes_.add(Op::constant, f, RegType::kI32, {none}, tag_of(RegType::kI32));
}

// A row's zone is its owner's, and so on up; else the subject's own.
NodeId Lowering::zone(FrameId f) {
  base::TableId table = pass_.frames[f].table;
  if (table == base::kNone) return kNoNode;
  const auto owner_of = [&](base::TableId t) {
    const base::Table& of = program_.schema.tables[t];
    const bool has = of.owner != base::kNone && of.columns[of.owner].type.kind == TypeKind::kReference;
    return has ? of.columns[of.owner].type.detail : base::kNone;
  };
  std::vector<base::TableId> chain = {table};
  while (owner_of(chain.back()) != base::kNone && chain.size() < program_.schema.tables.size()) {
    chain.push_back(owner_of(chain.back()));
  }
  const base::Table& zoned = program_.schema.tables[chain.back()];
  if (zoned.zone == base::kNone) return kNoNode;
  if (f != 0 && chain.size() > 1 && pass_.frames[f].reference == program_.schema.tables[table].owner &&
      pass_.frames[0].table == chain[1]) {
    return nodes_.add(Op::spread, f, RegType::kI32, {zone(0)}, tag_of(RegType::kI32));
  }
  const std::uint32_t column = pools_.stored_column(chain.back(), zoned.zone);
  NodeId rows = kNoNode;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const std::uint32_t owner = pools_.stored_column(chain[i], program_.schema.tables[chain[i]].owner);
    rows = i == 0 ? nodes_.add(Op::load_rows, f, RegType::kI32, {owner})
                  : nodes_.add(Op::gather_rows, f, RegType::kI32, {rows, owner});
  }
  NodeId codes = kNoNode;
  NodeId is_known = kNoNode;
  if (rows == kNoNode) {
    codes = load(column, zoned.columns[zoned.zone].type, f);
    is_known = mask(Op::load_known, f, {column});
  } else {
    codes = nodes_.add(Op::gather, f, RegType::kI32, {rows, column}, tag_of(RegType::kI32));
    is_known = mask(Op::gather_known, f, {rows, column});
  }
  const std::uint32_t dictionary = pools_.dictionary({.kind = DictionaryKind::kColumn, .a = column});
  const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kZones, .from = dictionary});
  const NodeId zones = nodes_.add(Op::map_code, f, RegType::kI32, {codes, map});
  const std::uint32_t first = pools_.constant({.kind = TypeKind::kChoice}, base::Value::of(std::int64_t{0}));
  const NodeId projects = nodes_.add(Op::constant, f, RegType::kI32, {first}, tag_of(RegType::kI32));
  return nodes_.add(Op::select, f, RegType::kI32, {is_known, zones, projects}, tag_of(RegType::kI32));
}

}  // namespace seg::bytecode
