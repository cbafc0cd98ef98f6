// Bind: pool entries of a module meet the dataset, as-of, zones and params. In: the module, tables in memory, the
// binding. Out: columns as pointers, constants as numbers, dictionaries, predicates as sets of codes, windows as
// intervals. Bound before the pass that needs them, since derived tables and kept columns exist only then; read-only
// while it runs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/binding.h"
#include "runtime/bytecode/module.h"
#include "runtime/kernels/calendar.h"
#include "runtime/vector/column.h"

namespace seg::exec {

// A column that an earlier pass writes. Masks are bits, whole words.
struct KeptColumn {
  bytecode::RegType type = bytecode::RegType::kMask;
  std::uint64_t num_rows = 0;
  std::vector<std::uint64_t> words;
};

struct BoundColumn {
  vector::Storage storage = vector::Storage::kAbsent;
  const void* data = nullptr;
  const std::uint64_t* valid = nullptr;
  std::uint64_t num_rows = 0;
  const vector::Column* list = nullptr;  // kList
  void* writable = nullptr;              // kept
};

struct BoundConstant {
  bool is_known = false;
  bool flag = false;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  double f64 = 0;
  std::string text;
  std::vector<std::string> texts;   // lists: known elements, sorted
  std::vector<std::int64_t> whole;  // …of everything that is an integer
  std::vector<double> numbers;
};

struct BoundDictionary {
  std::shared_ptr<const vector::Dictionary> texts;
  std::vector<std::int32_t> from_source;                     // kMap: by code of the source dictionary, -1 missing
  std::unordered_map<std::string_view, std::int32_t> index;  // made when first asked
};

struct BoundPredicate {
  enum class Kind : std::uint8_t { kNobody, kOne, kFew, kTable };
  Kind kind = Kind::kNobody;
  std::int32_t code = -1;           // kOne
  std::uint64_t bits = 0;           // kFew: codes below 64
  std::vector<std::uint8_t> table;  // by code
};

struct BoundIntervals {  // by zone
  std::vector<std::int64_t> from, to;
  std::vector<std::int32_t> from_day, to_day;
};

struct BoundLookup {
  struct Key {
    std::uint64_t before = 0;
    std::uint64_t value = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      std::uint64_t state = (key.before + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
      state = (state ^ key.value ^ state >> 31) * 0x94D049BB133111EB;
      return state ^ state >> 29;
    }
  };
  std::unordered_map<Key, std::uint64_t, Hash> steps;  // key parts one after another; the last step's value is the row
  std::vector<std::vector<std::int32_t>> text_ids;     // by key column: code of the asking dictionary -> id, -1: none
};

class Binder {
 public:
  Binder(const bytecode::Module& module, vector::Dataset& dataset, std::vector<KeptColumn>& kept,
         const base::Binding& binding);

  // Everything that the pass's instructions (those that are live) name.
  void prepare(const bytecode::Pass& pass, const std::vector<bool>& is_live);

  // Another as-of: windows are bound again. Other derived rows: what was made of their columns is made again.
  void forget_as_of() { as_of_.clear(); }
  void forget_data();
  // Outside of passes.
  const BoundConstant& bound_constant(std::uint32_t id) {
    bind_constant(id);
    return constants_[id];
  }

  const BoundColumn& column(std::uint32_t id) const { return columns_[id]; }
  const BoundConstant& constant(std::uint32_t id) const { return constants_[id]; }
  const BoundPredicate& predicate(std::uint32_t id) const { return *predicates_[id]; }
  const std::vector<std::int32_t>& code_map(std::uint32_t id) const { return *code_maps_[id]; }
  const BoundIntervals& window(std::uint32_t id) const { return windows_[id]; }
  const BoundLookup& lookup(std::uint32_t id) const { return *lookups_[id]; }
  const vector::Dictionary& dictionary(std::uint32_t id) const { return *dictionaries_[id]->texts; }
  const std::vector<std::int64_t>& lengths(std::uint32_t dictionary) const { return lengths_.at(dictionary); }
  std::shared_ptr<const vector::Dictionary> dictionary_of(std::uint32_t id) { return bind_dictionary(id).texts; }

  const std::vector<const kernels::TimeZone*>& zones() const { return zones_; }
  const std::vector<kernels::BoundAsOf>& as_of() const { return as_of_; }
  base::Weekday week_starts() const { return binding_.week_starts; }

 private:
  void bind_column(std::uint32_t id);
  void bind_constant(std::uint32_t id);
  BoundDictionary& bind_dictionary(std::uint32_t id);
  void bind_predicate(std::uint32_t id);
  void bind_code_map(std::uint32_t id);
  void bind_lookup(std::uint32_t id);
  void bind_lengths(std::uint32_t dictionary);
  void bind_windows();
  std::int32_t find(BoundDictionary& dictionary, std::string_view text);
  std::vector<std::int32_t> mapped(std::uint32_t from, std::uint32_t to);

  const bytecode::Module& module_;
  vector::Dataset& dataset_;
  std::vector<KeptColumn>& kept_;
  const base::Binding& binding_;
  std::vector<BoundColumn> columns_;
  std::vector<BoundConstant> constants_;
  std::vector<std::unique_ptr<BoundDictionary>> dictionaries_;
  std::vector<std::unique_ptr<BoundPredicate>> predicates_;
  std::vector<std::unique_ptr<std::vector<std::int32_t>>> code_maps_;
  std::vector<std::unique_ptr<BoundLookup>> lookups_;
  std::vector<BoundIntervals> windows_;
  std::map<std::uint32_t, std::vector<std::int64_t>> lengths_;
  std::vector<const kernels::TimeZone*> zones_;
  std::vector<kernels::BoundAsOf> as_of_;
};

}  // namespace seg::exec
