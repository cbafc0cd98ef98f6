#include "compiler/bytecode/pools.h"

#include <bit>

namespace seg::bytecode {
namespace {

template <class Key, class T>
std::uint32_t intern(std::map<Key, std::uint32_t>& index, const Key& key, std::vector<T>& pool, const T& entry) {
  const auto [it, is_new] = index.emplace(key, static_cast<std::uint32_t>(pool.size()));
  if (is_new) pool.push_back(entry);
  return it->second;
}

void add_bytes(std::string& out, std::uint64_t bits) { out.append(reinterpret_cast<const char*>(&bits), sizeof bits); }

void add_value(std::string& out, const base::Value& value) {
  add_bytes(out, value.data.index());
  switch (value.data.index()) {
    case 1: add_bytes(out, value.flag() ? 1 : 0); break;
    case 2: add_bytes(out, static_cast<std::uint64_t>(value.integer())); break;
    case 3: add_bytes(out, std::bit_cast<std::uint64_t>(value.number())); break;
    case 4:
      add_bytes(out, value.text().size());
      out += value.text();
      break;
    case 5:
      add_bytes(out, std::bit_cast<std::uint64_t>(value.location().latitude));
      add_bytes(out, std::bit_cast<std::uint64_t>(value.location().longitude));
      break;
    case 6:
      add_bytes(out, value.list().size());
      for (const base::Value& element : value.list()) add_value(out, element);
      break;
    default: break;
  }
}

}  // namespace

void Pools::add_type(Key& key, const base::Type& type) {
  key.push_back(static_cast<std::uint64_t>(type.kind) | static_cast<std::uint64_t>(type.element) << 8 |
                (type.ranked ? 1ULL : 0ULL) << 16 | (type.folded ? 1ULL : 0ULL) << 17 |
                static_cast<std::uint64_t>(type.detail) << 32);
}

std::uint32_t Pools::constant(const base::Type& type, const base::Value& value) {
  std::string bytes;
  add_value(bytes, value);
  const std::uint32_t index = intern(values_, bytes, module_.values, value);
  Key key = {0, index};
  add_type(key, type);
  return intern(constants_, key, module_.constants, Constant{.is_param = false, .index = index, .type = type});
}

std::uint32_t Pools::constant_of(program::ExprId id) {
  const program::Expr& e = program_.expr(id);
  if (e.kind == program::ExprKind::kLiteral) return constant(e.type, program_.values[e.a]);
  Key key = {1, e.a};
  add_type(key, e.type);
  return intern(constants_, key, module_.constants, Constant{.is_param = true, .index = e.a, .type = e.type});
}

std::uint32_t Pools::stored_column(base::TableId table, base::ColumnId column) {
  return intern(columns_, Key{table, column}, module_.columns, ColumnRef{.table = table, .column = column});
}

std::uint32_t Pools::kept_column(base::TableId table, RegType type) {
  module_.columns.push_back({.is_kept = true, .table = table, .kept_type = type});
  return static_cast<std::uint32_t>(module_.columns.size() - 1);
}

std::uint32_t Pools::dictionary(const DictionaryRef& ref) {
  const Key key = {static_cast<std::uint64_t>(ref.kind), static_cast<std::uint64_t>(ref.fn), ref.a, ref.b};
  return intern(dictionaries_, key, module_.dictionaries, ref);
}

std::uint32_t Pools::code_map(const CodeMap& map) {
  const Key key = {static_cast<std::uint64_t>(map.kind), map.from, map.to};
  return intern(code_maps_, key, module_.code_maps, map);
}

std::uint32_t Pools::predicate(const Predicate& p) {
  const Key key = {static_cast<std::uint64_t>(p.kind), p.is_version, p.folds, p.dictionary, p.constant};
  return intern(predicates_, key, module_.predicates, p);
}

std::uint32_t Pools::window(const BoundedWindow& w) {
  const Key key = {static_cast<std::uint64_t>(w.window.kind),
                   static_cast<std::uint64_t>(w.window.unit),
                   static_cast<std::uint64_t>(w.window.n),
                   static_cast<std::uint64_t>(w.window.m),
                   static_cast<std::uint32_t>(w.window.from_day),
                   static_cast<std::uint32_t>(w.window.to_day),
                   w.before_as_of};
  return intern(windows_, key, module_.windows, w);
}

std::uint32_t Pools::lookup(const Lookup& lookup) {
  Key key = {lookup.table};
  for (std::uint32_t dictionary : lookup.dictionaries) key.push_back(dictionary);
  return intern(lookups_, key, module_.lookups, lookup);
}

std::uint32_t Pools::sequence(const Sequence& sequence) {
  Key key = {sequence.has_as_of ? 1U : 0U};
  for (const SequenceStep& step : sequence.steps) {
    key.push_back((step.is_negated ? 1U : 0U) | (step.or_with ? 2U : 0U) |
                  static_cast<std::uint64_t>(step.num_ties) << 2 | static_cast<std::uint64_t>(step.gap) << 32);
  }
  return intern(sequences_, key, module_.sequences, sequence);
}

}  // namespace seg::bytecode
