#include "program/program.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>

namespace seg::program {
namespace {

[[noreturn]] void broken(const char* what, std::uint64_t a, std::uint64_t b) {
  std::fprintf(stderr, "program: broken invariant: %s (%llu, %llu)\n", what, static_cast<unsigned long long>(a),
               static_cast<unsigned long long>(b));
  std::abort();
}

struct Hasher {
  std::uint64_t state = 0x9E3779B97F4A7C15;
  void add(std::uint64_t value) {
    state ^= value + 0x9E3779B97F4A7C15 + (state << 6) + (state >> 2);
    state *= 0xBF58476D1CE4E5B9;
    state ^= state >> 29;
  }
};

void hash_value(Hasher& hasher, const base::Value& value) {
  hasher.add(value.data.index());
  switch (value.data.index()) {
    case 1: hasher.add(value.flag() ? 1 : 0); break;
    case 2: hasher.add(static_cast<std::uint64_t>(value.integer())); break;
    case 3: hasher.add(std::bit_cast<std::uint64_t>(value.number())); break;
    case 4: hasher.add(std::hash<std::string>{}(value.text())); break;
    case 5:
      hasher.add(std::bit_cast<std::uint64_t>(value.location().latitude));
      hasher.add(std::bit_cast<std::uint64_t>(value.location().longitude));
      break;
    case 6:
      for (const base::Value& element : value.list()) hash_value(hasher, element);
      break;
    default: break;
  }
}

// Equality of bits: 0.0 and -0.0 are different literals, so that sharing never changes a result.
bool same_literal(const base::Value& a, const base::Value& b) {
  if (a.data.index() != b.data.index()) return false;
  if (a.data.index() == 3) return std::bit_cast<std::uint64_t>(a.number()) == std::bit_cast<std::uint64_t>(b.number());
  return a == b;
}

void hash_type(Hasher& hasher, const base::Type& type) {
  hasher.add(static_cast<std::uint64_t>(type.kind) | static_cast<std::uint64_t>(type.element) << 8 |
             (type.ranked ? 1U : 0U) << 16 | (type.folded ? 1U : 0U) << 17);
  hasher.add(type.detail);
}

template <class T, class Equal>
std::uint32_t intern_in(std::vector<T>& pool, std::unordered_multimap<std::uint64_t, std::uint32_t>& index,
                        std::uint64_t hash, const T& item, Equal equal) {
  auto [first, last] = index.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    if (equal(pool[it->second], item)) return it->second;
  }
  pool.push_back(item);
  const auto id = static_cast<std::uint32_t>(pool.size() - 1);
  index.emplace(hash, id);
  return id;
}

}  // namespace

std::vector<ExprId> Program::args_of(ExprId id) const {
  const Expr& e = exprs[id];
  return {args.begin() + e.first_arg, args.begin() + e.first_arg + e.num_args};
}

TableId Program::common_frame(const std::vector<ExprId>& ids) const {
  TableId frame = kNone;
  for (ExprId id : ids) {
    const TableId other = exprs[id].frame;
    if (other == kNone) continue;
    if (frame != kNone && frame != other) broken("arguments of two frames", frame, other);
    frame = other;
  }
  return frame;
}

ExprId Program::intern(const Expr& expr, const std::vector<ExprId>& ids) {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(expr.kind) | static_cast<std::uint64_t>(expr.fn) << 8);
  hash_type(hasher, expr.type);
  hasher.add(expr.frame);
  hasher.add(static_cast<std::uint64_t>(expr.a) << 32 | expr.b);
  for (ExprId id : ids) hasher.add(id);
  auto [first, last] = index_.equal_range(hasher.state);
  for (auto it = first; it != last; ++it) {
    const Expr& other = exprs[it->second];
    if (other.kind == expr.kind && other.fn == expr.fn && other.type == expr.type && other.frame == expr.frame &&
        other.a == expr.a && other.b == expr.b && args_of(it->second) == ids) {
      return it->second;
    }
  }
  Expr added = expr;
  added.first_arg = static_cast<std::uint32_t>(args.size());
  added.num_args = static_cast<std::uint32_t>(ids.size());
  args.insert(args.end(), ids.begin(), ids.end());
  exprs.push_back(added);
  const auto id = static_cast<ExprId>(exprs.size() - 1);
  index_.emplace(hasher.state, id);
  return id;
}

ExprId Program::literal(base::Type type, const base::Value& value) {
  Hasher hasher;
  hash_value(hasher, value);
  const std::uint32_t value_id = intern_in(values, value_index_, hasher.state, value, same_literal);
  return intern({.kind = ExprKind::kLiteral, .type = type, .a = value_id}, {});
}

ExprId Program::param(std::uint32_t param_id) {
  return intern({.kind = ExprKind::kParam, .type = params[param_id].type, .a = param_id}, {});
}

ExprId Program::as_of_day() {
  return intern({.kind = ExprKind::kAsOfDay, .type = {.kind = base::TypeKind::kDate}}, {});
}

ExprId Program::field(TableId table, ColumnId column) {
  return intern(
      {.kind = ExprKind::kField, .type = schema.tables[table].columns[column].type, .frame = table, .a = column}, {});
}

ExprId Program::follow(TableId table, ColumnId reference, ExprId inner) {
  const base::Type& type = schema.tables[table].columns[reference].type;
  if (type.kind != base::TypeKind::kReference) broken("follow of a column that is no reference", table, reference);
  if (exprs[inner].frame == kNone) return inner;
  if (exprs[inner].frame != type.detail) broken("follow into another table", exprs[inner].frame, type.detail);
  return intern({.kind = ExprKind::kFollow, .type = exprs[inner].type, .frame = table, .a = reference}, {inner});
}

ExprId Program::lookup(TableId frame, TableId table, ColumnId column, const std::vector<ExprId>& keys) {
  if (keys.size() != schema.tables[table].key.size())
    broken("lookup keys", keys.size(), schema.tables[table].key.size());
  return intern({.kind = ExprKind::kLookup,
                 .type = schema.tables[table].columns[column].type,
                 .frame = frame,
                 .a = table,
                 .b = column},
                keys);
}

ExprId Program::call(Fn fn, base::Type type, const std::vector<ExprId>& ids) {
  const int arity = fn_arity(fn);
  if (arity >= 0 ? ids.size() != static_cast<std::size_t>(arity) : ids.empty()) broken(fn_name(fn), ids.size(), 0);
  return intern({.kind = ExprKind::kCall, .fn = fn, .type = type, .frame = common_frame(ids)}, ids);
}

WindowId Program::window(const base::Window& window) {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(window.kind) | static_cast<std::uint64_t>(window.unit) << 8);
  hasher.add(static_cast<std::uint64_t>(window.n));
  hasher.add(static_cast<std::uint64_t>(window.m));
  hasher.add(static_cast<std::uint64_t>(static_cast<std::uint32_t>(window.from_day)) << 32 |
             static_cast<std::uint32_t>(window.to_day));
  return intern_in(windows, window_index_, hasher.state, window, std::equal_to<>());
}

ExprId Program::in_window(ExprId value, const base::Window& over) {
  const WindowId id = window(over);
  return intern(
      {.kind = ExprKind::kInWindow, .type = {.kind = base::TypeKind::kFlag}, .frame = exprs[value].frame, .a = id},
      {value});
}

ExprId Program::recurs_in_window(ExprId date, const base::Window& over) {
  const WindowId id = window(over);
  return intern(
      {.kind = ExprKind::kRecursInWindow, .type = {.kind = base::TypeKind::kFlag}, .frame = exprs[date].frame, .a = id},
      {date});
}

void Program::name_rows(ExprId aggregate, const std::string& name) {
  const std::uint32_t id = exprs[aggregate].a;
  if (row_names.size() <= id) row_names.resize(aggregates.size());
  if (row_names[id].empty()) row_names[id] = name;
}

const std::string& Program::row_name(std::uint32_t aggregate) const {
  if (aggregate < row_names.size() && !row_names[aggregate].empty()) return row_names[aggregate];
  return schema.tables[aggregates[aggregate].child].name;
}

ExprId Program::aggregate(const Aggregate& aggregate, base::Type type) {
  const auto check = [&](ExprId id) {
    if (id != kNone && exprs[id].frame != kNone && exprs[id].frame != aggregate.child) {
      broken("aggregate of another table's expression", exprs[id].frame, aggregate.child);
    }
  };
  check(aggregate.filter);
  check(aggregate.value);
  std::uint32_t id = 0;
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(aggregate.fn) | (aggregate.value_is_gap ? 256U : 0U) |
             static_cast<std::uint64_t>(aggregate.unit) << 16);
  hasher.add(static_cast<std::uint64_t>(aggregate.frame) << 32 | aggregate.child);
  hasher.add(static_cast<std::uint64_t>(aggregate.child_ref) << 32 | aggregate.filter);
  hasher.add(static_cast<std::uint64_t>(aggregate.window) << 32 | aggregate.value);
  id = intern_in(aggregates, aggregate_index_, hasher.state, aggregate, std::equal_to<>());
  return intern({.kind = ExprKind::kAggregate, .type = type, .frame = aggregate.frame, .a = id}, {});
}

std::vector<ExprId> Program::parts_of(const Sequence& sequence) {
  std::vector<ExprId> parts;
  const auto add = [&](ExprId id) {
    if (id != kNone) parts.push_back(id);
  };
  add(sequence.first.filter);
  for (const SequenceStep& step : sequence.steps) {
    add(step.rows.filter);
    add(step.gap);
    for (ExprId tie : step.ties) add(tie);
    for (ExprId tie : step.ties_before) add(tie);
  }
  return parts;
}

bool Program::reads_step_one(ExprId id) const {
  if (exprs[id].kind == ExprKind::kStepOne) return true;
  if (exprs[id].kind == ExprKind::kFollow) return false;  // of another row
  for (std::uint32_t i = 0; i < exprs[id].num_args; ++i) {
    if (reads_step_one(args[exprs[id].first_arg + i])) return true;
  }
  return false;
}

ExprId Program::sequence(Sequence sequence) {
  const auto is_day = [&](const Aggregate& rows) {
    const base::Table& table = schema.tables[rows.child];
    if (table.time == kNone) broken("a step without a time", rows.child, 0);
    if (rows.frame != sequence.first.frame) broken("steps of two owners", rows.frame, sequence.first.frame);
    return table.columns[table.time].type.kind == base::TypeKind::kDate;
  };
  const auto check = [&](ExprId id, TableId frame) {
    if (id != kNone && exprs[id].frame != kNone && exprs[id].frame != frame) {
      broken("a step of another table's expression", exprs[id].frame, frame);
    }
  };
  Hasher hasher;
  const auto add = [&](const Aggregate& rows) {
    hasher.add(static_cast<std::uint64_t>(rows.frame) << 32 | rows.child);
    hasher.add(static_cast<std::uint64_t>(rows.child_ref) << 32 | rows.filter);
    hasher.add(rows.window);
    check(rows.filter, rows.child);
  };
  sequence.in_days = is_day(sequence.first);
  sequence.reads_first = false;
  TableId before = sequence.first.child;
  add(sequence.first);
  for (const SequenceStep& step : sequence.steps) {
    sequence.in_days = is_day(step.rows) && sequence.in_days;
    if (step.rows.filter != kNone) sequence.reads_first = reads_step_one(step.rows.filter) || sequence.reads_first;
    add(step.rows);
    hasher.add((step.negated ? 1U : 0U) | (step.or_with ? 2U : 0U) | static_cast<std::uint64_t>(step.gap) << 2);
    for (ExprId tie : step.ties) check(tie, step.rows.child);
    for (ExprId tie : step.ties_before) {
      check(tie, before);
      hasher.add(tie);
    }
    if (!step.negated) before = step.rows.child;
  }
  const base::Type type{.kind = sequence.elapsed ? base::TypeKind::kDuration : base::TypeKind::kFlag};
  const TableId frame = sequence.first.child;
  const std::uint32_t id = intern_in(sequences, sequence_index_, hasher.state, sequence, std::equal_to<>());
  return intern({.kind = ExprKind::kSequence, .type = type, .frame = frame, .a = id}, {});
}

ExprId Program::step_one(TableId frame, ExprId inner) {
  if (exprs[inner].frame == kNone) return inner;
  return intern({.kind = ExprKind::kStepOne, .type = exprs[inner].type, .frame = frame}, {inner});
}

PopulationArgs Program::population_args(ExprId id) const {
  const Population& p = populations[exprs[id].a];
  const std::vector<ExprId> all = args_of(id);
  std::size_t next = 0;
  PopulationArgs found;
  found.value = all[next++];
  if (p.has_among) found.among = all[next++];
  if (p.has_ties) found.ties = all[next++];
  if (p.has_n) found.n = all[next++];
  found.per.assign(all.begin() + static_cast<std::ptrdiff_t>(next), all.end());
  return found;
}

ExprId Program::population(TableId frame, const Population& population, const PopulationArgs& given, base::Type type) {
  std::vector<ExprId> all = {given.value};
  for (ExprId arg : {given.among, given.ties, given.n}) {
    if (arg != kNone) all.push_back(arg);
  }
  all.insert(all.end(), given.per.begin(), given.per.end());
  const TableId common = common_frame(all);
  if (common != kNone && common != frame) broken("population of another table's expression", common, frame);
  Population stored = population;
  stored.has_among = given.among != kNone;
  stored.has_ties = given.ties != kNone;
  stored.has_n = given.n != kNone;
  const auto found = std::find(populations.begin(), populations.end(), stored);
  const auto id = static_cast<std::uint32_t>(found - populations.begin());
  if (found == populations.end()) populations.push_back(stored);
  return intern({.kind = ExprKind::kPopulation, .type = type, .frame = frame, .a = id}, all);
}

ExprId Program::population_with(ExprId id, const std::vector<ExprId>& ids) {
  Expr expr = exprs[id];
  return intern({.kind = expr.kind, .type = expr.type, .frame = expr.frame, .a = expr.a}, ids);
}

ExprId Program::member(OutputId output) {
  return intern(
      {.kind = ExprKind::kMember, .type = {.kind = base::TypeKind::kFlag}, .frame = outputs[output].frame, .a = output},
      {});
}

ExprId Program::tier(OutputId output) {
  return intern({.kind = ExprKind::kTier, .type = outputs[output].type, .frame = outputs[output].frame, .a = output},
                {});
}

ExprId Program::state(OutputId output) {
  return intern(
      {.kind = ExprKind::kState, .type = {.kind = base::TypeKind::kFlag}, .frame = outputs[output].frame, .a = output},
      {});
}

const char* fn_name(Fn fn) {
  switch (fn) {
#define SEG_FN(name, arity, missing, doc) \
  case Fn::name: return #name;
#include "program/functions.def"
#undef SEG_FN
  }
  return "";
}

int fn_arity(Fn fn) {
  switch (fn) {
#define SEG_FN(name, arity, missing, doc) \
  case Fn::name: return arity;
#include "program/functions.def"
#undef SEG_FN
  }
  return 0;
}

}  // namespace seg::program
