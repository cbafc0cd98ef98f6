// The reference interpreter: what a program means, one row and one expression at a time, as plain as the specification
// and as slow. In: the typed program, tables in memory, the binding of a run. Out: values. The VM and every SQL engine
// are tested against it, and `seg test` and `seg explain` show its values. It shares with the VM the program, the type
// definitions, base::fold's table, and calls into ICU (zones, lower case, NFC, white space) and RE2.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/binding.h"
#include "program/program.h"
#include "reference/calendar.h"
#include "reference/tables.h"
#include "runtime/vector/column.h"

namespace seg::reference {

class Interpreter {
 public:
  Interpreter(const program::Program& program, const vector::Dataset& dataset, const base::Binding& binding);

  // Of a table with its derived rows. Derived tables are ordered by their base rows.
  std::uint64_t num_rows(base::TableId table) const { return tables_[table]->rows.size(); }

  // The expression's value for a row of its frame (any row if it is a constant). Missing: unknown for a flag.
  base::Value evaluate(program::ExprId id, std::uint64_t row);

 private:
  Interpreter(const program::Program& program, const vector::Dataset& dataset, const base::Binding& binding,
              std::vector<std::shared_ptr<Rows>> tables);
  void derive(base::TableId table);
  base::Value evaluate_call(const program::Expr& e, const std::vector<program::ExprId>& args, std::uint64_t row);
  base::Value evaluate_logic(const program::Expr& e, const std::vector<program::ExprId>& args, std::uint64_t row);
  base::Value evaluate_date(const program::Expr& e, const base::Value& value, const base::Value& second,
                            base::TypeKind kind, const LocalCalendar& calendar);
  base::Value evaluate_lookup(const program::Expr& e, const std::vector<program::ExprId>& args, std::uint64_t row);
  base::Value evaluate_aggregate(const program::Aggregate& aggregate, std::uint64_t row);
  bool evaluate_state(const program::Sticky& sticky, base::TableId table, std::uint64_t row);
  Interpreter& as_of(std::int32_t day);  // the same program and data on an earlier day
  base::Value evaluate_sequence(const program::Sequence& sequence, std::uint32_t row);
  bool completes(const program::Sequence& sequence, std::size_t step, base::TableId table, std::uint32_t row,
                 std::int64_t bound, std::uint64_t owner, std::int64_t& next);
  std::int64_t moment(const program::Sequence& sequence, base::TableId table, std::uint32_t row);
  base::Value evaluate_population(program::ExprId id, std::uint64_t row);
  base::Value evaluate_tier(const program::Output& output, std::uint64_t row);

  std::vector<std::uint32_t> children(const program::Aggregate& aggregate, std::uint64_t row);
  bool selected(const program::Aggregate& aggregate, std::uint32_t child);
  bool time_of(base::TableId table, std::uint32_t row, std::int64_t& instant);
  const LocalCalendar& calendar_of(base::TableId table, std::uint64_t row);
  bool is_true(program::ExprId id, std::uint64_t row);

  const program::Program& program_;
  const vector::Dataset& dataset_;
  const base::Binding& binding_;
  std::vector<std::shared_ptr<Rows>> tables_;  // stored ones are the same on all days
  std::map<std::string, std::unique_ptr<LocalCalendar>> calendars_;
  std::map<std::pair<base::TableId, base::ColumnId>, std::vector<std::vector<std::uint32_t>>> owned_;
  std::uint32_t step_one_ = 0;  // row of the first step of the sequence that is being looked at
  std::map<std::pair<program::ExprId, std::uint64_t>, base::Value> memo_;  // all but calls and leaves
  struct Earlier {
    base::Binding binding;
    std::unique_ptr<Interpreter> interpreter;
  };
  std::map<std::int32_t, Earlier> own_earlier_;
  std::map<std::int32_t, Earlier>* earlier_ = &own_earlier_;  // the run's, also of its earlier days
};

// Calls without a row: arithmetic, comparison, text, lists (reference/functions.cpp). `type`: of the result; `kinds`:
// the first argument's.
base::Value call_function(program::Fn fn, const base::Type& type, const base::Type& first,
                          const std::vector<base::Value>& args);

// What an aggregate makes of the known values of the selected rows, or of nothing (reference/aggregates.cpp). Not
// first, last, exists.
base::Value reduce(program::AggFn fn, const base::Type& result, const base::Type& value,
                   std::vector<base::Value> values);
// The most calendar units one after another that hold one of the days; or how long the latest run goes on already.
base::Value streak(bool is_current, base::TimeUnit unit, const LocalCalendar& calendar,
                   const std::vector<base::Value>& days);

}  // namespace seg::reference
