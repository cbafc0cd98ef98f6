// Aggregates: the selected child rows as a mask (filter, window, as-of), then one instruction for each figure of them.
#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::AggFn;
using program::Aggregate;
using program::ExprId;

FrameId Lowering::child_frame(base::TableId child, base::ColumnId reference, base::ColumnId via) {
  const Frame wanted{.table = child, .reference = reference, .via = via};
  for (std::size_t i = 1; i < pass_.frames.size(); ++i) {
    if (pass_.frames[i] == wanted) return static_cast<FrameId>(i);
  }
  pass_.frames.push_back(wanted);
  return static_cast<FrameId>(pass_.frames.size() - 1);
}

// Rows with a time before the end of as-of and inside the window.
NodeId Lowering::selected(const Aggregate& aggregate, FrameId child) {
  NodeId rows = aggregate.filter == base::kNone ? nodes_.ones(child) : is_true(aggregate.filter, child);
  const base::Table& table = program_.schema.tables[aggregate.child];
  if (table.time == base::kNone) return rows;
  const base::Window window = aggregate.window == base::kNone ? base::Window{} : program_.windows[aggregate.window];
  const std::uint32_t column = pools_.stored_column(aggregate.child, table.time);
  const base::Type& type = table.columns[table.time].type;
  NodeId time = load(column, type, child);
  RegType reg = reg_type_of(type);
  if (reg == RegType::kI32 && window.unit == base::TimeUnit::kHour) {  // hours of a day: its midnight
    time = nodes_.add(Op::start_of_day, child, RegType::kI64, {time, zone(child)});
    reg = RegType::kI64;
  }
  const std::uint32_t bounds = pools_.window({.window = window, .before_as_of = true});
  const NodeId inside = mask(Op::in_window, child, {time, bounds, zone(child)}, tag_of(reg));
  return nodes_.both(rows, nodes_.both(inside, mask(Op::load_known, child, {column})));
}

NodeId Lowering::existing(base::TableId id, FrameId f) {
  const base::Table& table = program_.schema.tables[id];
  if (table.time == base::kNone) return nodes_.ones(f);
  const std::uint32_t column = pools_.stored_column(id, table.time);
  const base::Type& type = table.columns[table.time].type;
  const NodeId inside =
      mask(Op::in_window, f, {load(column, type, f), pools_.window({.window = {}, .before_as_of = true}), zone(f)},
           tag_of(reg_type_of(type)));
  return nodes_.both(inside, mask(Op::load_known, f, {column}));
}

std::vector<NodeId> Lowering::time_and_key(base::TableId id, FrameId f) {
  const base::Table& table = program_.schema.tables[id];
  std::vector<NodeId> order;
  const auto add = [&](base::ColumnId c) {
    const base::Type& type = table.columns[c].type;
    const std::uint32_t column = pools_.stored_column(id, c);
    if (type.kind == TypeKind::kText || type.kind == TypeKind::kVersion) {
      const TextNodes text{.codes = load(column, type, f),
                           .known = kNoNode,
                           .dictionary = pools_.dictionary({.kind = DictionaryKind::kColumn, .a = column})};
      order.push_back(ordered(text, type.kind == TypeKind::kVersion).codes);
    } else if (type.kind == TypeKind::kFlag) {
      order.push_back(mask(Op::load_bits, f, {column}));
    } else if (type.kind != TypeKind::kList && type.kind != TypeKind::kLocation) {
      order.push_back(load(column, type, f));
    }
  };
  if (table.time != base::kNone) add(table.time);
  for (base::ColumnId c : table.key) add(c);
  return order;
}

NodeId Lowering::picked(const Aggregate& aggregate, FrameId child, NodeId rows) {
  const bool is_first = aggregate.fn == AggFn::kFirst;
  std::vector<NodeId> order = time_and_key(aggregate.child, child);
  const base::Type& type = this->type(aggregate.value);
  const NodeId is_known = known(aggregate.value, child);
  if (!nodes_.is_ones(is_known)) order.push_back(is_first ? nodes_.negation(is_known) : is_known);
  if (type.kind == TypeKind::kFlag) {
    order.push_back(is_true(aggregate.value, child));
  } else if (type.kind == TypeKind::kText || type.kind == TypeKind::kVersion) {
    order.push_back(ordered(text(aggregate.value, child), type.kind == TypeKind::kVersion).codes);
  } else {
    order.push_back(value(aggregate.value, child));
  }
  return nodes_.add(Op::pick, 0, RegType::kI32, {rows, nodes_.list(order)}, is_first ? 0 : 1);
}

NodeId Lowering::aggregate(ExprId id, Facet facet, FrameId f) {
  const program::Expr& e = program_.expr(id);
  const Aggregate& a = program_.aggregates[e.a];
  const FrameId child = child_frame(a.child, a.child_ref);
  const NodeId rows = selected(a, child);
  const auto result = [&](Op op, RegType reg, NodeId mask_node, NodeId values, RegType tag) {
    return nodes_.add(op, f, reg, {mask_node, values}, tag_of(tag));
  };
  if (a.fn == AggFn::kExists) {
    const NodeId any = mask(Op::exists, f, {rows});
    if (facet == Facet::kOverflow) return nodes_.zero(f);
    return facet == Facet::kTrue ? any : nodes_.negation(any);
  }
  const bool has_value = a.value != base::kNone || a.value_is_gap;
  if (a.fn == AggFn::kCount && !has_value) {
    if (facet == Facet::kKnown) return nodes_.ones(f);
    if (facet == Facet::kOverflow) return nodes_.zero(f);
    return nodes_.add(Op::count, f, RegType::kI64, {rows});
  }
  // The value, where it is known among the selected rows.
  const base::Type type = a.value_is_gap ? base::Type{.kind = TypeKind::kInteger} : this->type(a.value);
  const bool is_flag = type.kind == TypeKind::kFlag;
  const bool is_text = type.kind == TypeKind::kText || type.kind == TypeKind::kVersion;
  const RegType reg = reg_type_of(type);
  NodeId values = kNoNode;
  NodeId with_value = kNoNode;
  if (a.value_is_gap) {
    const base::Table& table = program_.schema.tables[a.child];
    const base::Type& time_type = table.columns[table.time].type;
    const NodeId time = load(pools_.stored_column(a.child, table.time), time_type, child);
    const NodeId day = time_type.kind == TypeKind::kDate
                           ? time
                           : nodes_.add(Op::day_of_time, child, RegType::kI32, {time, zone(child)});
    values = nodes_.add(Op::gap, child, RegType::kI64, {rows, day, nodes_.list(time_and_key(a.child, child))});
    with_value = nodes_.both(rows, nodes_.second(values));
  } else {
    with_value = nodes_.both(rows, known(a.value, child));
  }
  if (facet == Facet::kOverflow) {
    NodeId any = nodes_.zero(f);
    if (a.value != base::kNone && shared_.overflows(a.value)) {
      any = mask(Op::exists, f, {nodes_.both(rows, overflow(a.value, child))});
    }
    const bool sums = a.fn == AggFn::kSum || (a.fn == AggFn::kAverage && reg == RegType::kF64);
    if (!sums) return any;
    return nodes_.either(any, nodes_.second(value(id, f)));
  }
  const bool is_pick = a.fn == AggFn::kFirst || a.fn == AggFn::kLast;
  if (facet == Facet::kKnown) {
    const bool is_counted = a.fn == AggFn::kCount || a.fn == AggFn::kDistinct || a.fn == AggFn::kStreak;
    if (is_counted || a.fn == AggFn::kCurrentStreak) return nodes_.ones(f);
    if (a.fn == AggFn::kSum) return nodes_.negation(nodes_.second(value(id, f)));
    if (is_pick) return mask(Op::take_bits, f, {picked(a, child, rows), known(a.value, child)});
    const NodeId some = mask(Op::exists, f, {with_value});
    if (a.fn == AggFn::kAverage && reg == RegType::kF64) return nodes_.without(some, nodes_.second(value(id, f)));
    return some;
  }
  if (is_flag) {
    const NodeId yes = nodes_.both(rows, is_true(a.value, child));
    const NodeId no = nodes_.both(rows, is_false(a.value, child));
    if (a.fn == AggFn::kDistinct) {
      const NodeId has_yes = nodes_.add(Op::bit_value, f, RegType::kI64, {mask(Op::exists, f, {yes})});
      const NodeId has_no = nodes_.add(Op::bit_value, f, RegType::kI64, {mask(Op::exists, f, {no})});
      return nodes_.add(Op::add, f, RegType::kI64, {has_yes, has_no}, tag_of(RegType::kI64));
    }
    if (is_pick) {
      const NodeId bits = facet == Facet::kTrue ? is_true(a.value, child) : is_false(a.value, child);
      return mask(Op::take_bits, f, {picked(a, child, rows), bits});
    }
    if (a.fn == AggFn::kMostCommon) {  // of equally frequent ones: no
      const NodeId num_yes = nodes_.add(Op::count, f, RegType::kI64, {yes});
      const NodeId num_no = nodes_.add(Op::count, f, RegType::kI64, {no});
      const NodeId more_yes = mask(Op::less, f, {num_no, num_yes}, tag_of(RegType::kI64));
      return facet == Facet::kTrue ? more_yes : nodes_.without(mask(Op::exists, f, {with_value}), more_yes);
    }
  }
  if (a.fn == AggFn::kCount) return nodes_.add(Op::count, f, RegType::kI64, {with_value});
  if (!a.value_is_gap) values = value(a.value, child);
  if (is_text) {
    TextNodes text{.codes = values, .known = kNoNode, .dictionary = shared_.dictionary_of(a.value)};
    if (type.folded && !is_pick) {
      const std::uint32_t to =
          pools_.dictionary({.kind = DictionaryKind::kMap, .fn = TextFn::kFold, .a = text.dictionary});
      const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kMap, .from = text.dictionary, .to = to});
      text = {.codes = nodes_.add(Op::map_code, child, RegType::kI32, {text.codes, map}),
              .known = kNoNode,
              .dictionary = to};
    }
    const bool is_version = type.kind == TypeKind::kVersion;
    values = text.codes;
    if (a.fn == AggFn::kDistinct && is_version) {  // equal versions are one
      const std::uint32_t to = pools_.dictionary({.kind = DictionaryKind::kVersions, .a = text.dictionary});
      const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kRank, .from = text.dictionary, .to = to});
      values = nodes_.add(Op::map_code, child, RegType::kI32, {text.codes, map});
    } else if (a.fn != AggFn::kDistinct) {
      values = ordered(text, is_version).codes;
    }
  }
  if (a.fn == AggFn::kMostCommon && type.kind == TypeKind::kVersion) {
    // Equal versions count together, however they are written; of the winner's spellings the least.
    const std::uint32_t all = shared_.dictionary_of(id);
    const std::uint32_t map = pools_.code_map({.kind = CodeMapKind::kRank, .from = all, .to = all});
    const NodeId ranks = nodes_.add(Op::map_code, child, RegType::kI32, {values, map});
    const NodeId winner = result(Op::most_common, RegType::kI32, with_value, ranks, RegType::kI32);
    const NodeId wanted = nodes_.add(Op::spread, child, RegType::kI32, {winner}, tag_of(RegType::kI32));
    const NodeId same = mask(Op::equal, child, {ranks, wanted}, tag_of(RegType::kI32));
    return result(Op::least, RegType::kI32, nodes_.both(with_value, same), values, RegType::kI32);
  }
  const RegType out = reg_type_of(e.type);
  switch (a.fn) {
    case AggFn::kSum: return result(Op::sum, reg, with_value, values, reg);
    case AggFn::kAverage:
      if (out == RegType::kF64) return result(Op::average, RegType::kF64, with_value, values, reg);
      return nodes_.add(Op::average_rounded, f, RegType::kI64, {with_value, values});
    case AggFn::kMinimum: return result(Op::least, reg, with_value, values, reg);
    case AggFn::kMaximum: return result(Op::greatest, reg, with_value, values, reg);
    case AggFn::kMedian:
      if (out == RegType::kF64) return result(Op::median, RegType::kF64, with_value, values, reg);
      return nodes_.add(Op::median_rounded, f, RegType::kI64, {with_value, values});
    case AggFn::kDistinct: return result(Op::distinct, RegType::kI64, with_value, values, reg);
    case AggFn::kMostCommon: return result(Op::most_common, reg, with_value, values, reg);
    case AggFn::kFirst:
    case AggFn::kLast: return nodes_.add(Op::take, f, reg, {picked(a, child, rows), values}, tag_of(reg));
    case AggFn::kStreak:
    case AggFn::kCurrentStreak: {
      const bool is_current = a.fn == AggFn::kCurrentStreak;
      const NodeId today = is_current ? nodes_.add(Op::as_of_day, f, RegType::kI32, {zone(f)}) : kNoNode;
      return nodes_.add(Op::streak, f, RegType::kI64, {with_value, values, today}, static_cast<std::uint8_t>(a.unit));
    }
    case AggFn::kCount:
    case AggFn::kExists: break;
  }
  return kNoNode;
}

}  // namespace seg::bytecode
