// A small shop for tests of the VM: tables, a program to be built, rows written by hand, and a way to ask for an
// expression's value in every row, whatever the batches and threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "program/program.h"
#include "runtime/bytecode/module.h"
#include "runtime/exec/run.h"
#include "runtime/vector/column.h"

namespace seg::test {

using base::Type;
using base::TypeKind;
using base::Value;
using program::AggFn;
using program::ExprId;
using program::Fn;

inline const Type kFlag = {.kind = TypeKind::kFlag};
inline const Type kInteger = {.kind = TypeKind::kInteger};
inline const Type kNumber = {.kind = TypeKind::kNumber};
inline const Type kText = {.kind = TypeKind::kText};
inline const Type kDate = {.kind = TypeKind::kDate};
inline const Type kTime = {.kind = TypeKind::kTime};
inline const Type kDuration = {.kind = TypeKind::kDuration};
inline const Type kDistance = {.kind = TypeKind::kDistance};
inline const Type kMoney = {.kind = TypeKind::kMoney, .detail = 0};
inline const Type kVersion = {.kind = TypeKind::kVersion};
inline const Type kLevel = {.kind = TypeKind::kChoice, .ranked = true, .detail = 0};  // low, mid, high
inline const Type kTexts = {.kind = TypeKind::kList, .element = TypeKind::kText};
inline const Type kIntegers = {.kind = TypeKind::kList, .element = TypeKind::kInteger};

enum TableNumber : base::TableId { kCustomer, kOrder, kProduct, kCall, kNote, kClimate, kContact, kBasket };

inline Value missing() { return Value::missing(); }
inline Value whole(std::int64_t v) { return Value::of(v); }
inline Value real(double v) { return Value::of(v); }
inline Value word(const char* v) { return Value::of(std::string(v)); }
inline Value yes() { return Value::of(true); }
inline Value no() { return Value::of(false); }
inline Value money(double v) { return Value::of(static_cast<std::int64_t>(v * 10'000)); }
inline Value words(const std::vector<const char*>& v) {
  Value::List list;
  for (const char* text : v) list.push_back(word(text));
  return {list};
}
std::int32_t day(int year, int month, int day_of_month);
inline Value date(int y, int m, int d) { return whole(day(y, m, d)); }
inline Value at(int y, int m, int d, double hour = 12) {
  return whole(day(y, m, d) * base::kMicrosPerDay + static_cast<std::int64_t>(hour * 3'600'000'000.0));
}

class World {
 public:
  World();  // as of 2026-06-30, UTC

  program::Program program;
  vector::Dataset dataset;
  base::Binding binding;

  // A row: column name and value for those that are given. References: whole(row).
  void row(base::TableId table, const std::vector<std::pair<const char*, Value>>& values);
  // The rows so far become columns. Small dictionaries and codes as a source would make them.
  void load();

  base::ColumnId column(base::TableId table, const std::string& name) const;
  ExprId field(base::TableId table, const std::string& name);
  ExprId follow(base::TableId table, const std::string& reference, ExprId inner);
  ExprId literal(const Type& type, const Value& value) { return program.literal(type, value); }
  ExprId call(Fn fn, const Type& type, const std::vector<ExprId>& args) { return program.call(fn, type, args); }
  ExprId flag(Fn fn, const std::vector<ExprId>& args) { return program.call(fn, kFlag, args); }

  // An aggregate of a child table; the reference column by name, "" for the whole table, "group" for grouped rows.
  struct Of {
    base::TableId child;
    const char* reference;
    ExprId value = base::kNone;
    ExprId filter = base::kNone;
    std::optional<base::Window> window = std::nullopt;
    bool gap = false;
    base::TableId frame = kCustomer;
  };
  ExprId aggregate(AggFn fn, const Type& type, const Of& of);

  program::OutputId segment(const std::string& name, ExprId root, base::TableId frame = kCustomer);
  program::OutputId metric(const std::string& name, ExprId root, base::TableId frame = kCustomer);
  program::OutputId partition(const std::string& name, const std::vector<ExprId>& conditions, bool otherwise,
                              bool ranked = false);

  // Its value in each row of `frame`: compiled, verified, written and read back, run with several batch sizes, which
  // must agree. Flags: yes, no or missing.
  std::vector<Value> values(ExprId root, base::TableId frame = kCustomer);
  exec::Results run(const exec::RunOptions& options = {});
  Value value_of(const exec::OutputResult& result, const Type& type, std::uint64_t row) const;

 private:
  std::vector<std::vector<std::vector<Value>>> rows_;  // table, row, column
};

// For messages: values as text.
std::string show(const std::vector<Value>& values);

}  // namespace seg::test

// Values of an expression against the expected ones, with both in the message.
#define CHECK_VALUES(world, expression, ...)                                        \
  do {                                                                              \
    const std::vector<seg::base::Value> wanted_ = {__VA_ARGS__};                    \
    CHECK(seg::test::show((world).values(expression)) == seg::test::show(wanted_)); \
  } while (false)
