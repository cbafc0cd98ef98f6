// The module's pools while it is built: equal entries get one index. In: what lowering names; out: filled pools.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "program/program.h"
#include "runtime/bytecode/module.h"

namespace seg::bytecode {

class Pools {
 public:
  Pools(const program::Program& program, Module& module) : program_(program), module_(module) {}

  std::uint32_t constant(const base::Type& type, const base::Value& value);
  std::uint32_t constant_of(program::ExprId literal_or_param);
  std::uint32_t stored_column(base::TableId table, base::ColumnId column);
  std::uint32_t kept_column(base::TableId table, RegType type);  // a new one each time
  std::uint32_t dictionary(const DictionaryRef& ref);
  std::uint32_t code_map(const CodeMap& map);
  std::uint32_t predicate(const Predicate& predicate);
  std::uint32_t window(const BoundedWindow& window);
  std::uint32_t lookup(const Lookup& lookup);
  std::uint32_t sequence(const Sequence& sequence);

 private:
  using Key = std::vector<std::uint64_t>;
  static void add_type(Key& key, const base::Type& type);

  const program::Program& program_;
  Module& module_;
  std::map<std::string, std::uint32_t> values_;
  std::map<Key, std::uint32_t> constants_, columns_, dictionaries_, code_maps_, predicates_, windows_, lookups_,
      sequences_;
};

}  // namespace seg::bytecode
