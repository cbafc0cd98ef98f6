// The rows that a test in a rule file gives: `customer ana { … }`, `12 purchase of ana on 2026-06-01 { … }`. In: the
// items of the test. Out: rows with values of the program's types in TestCase::rows; a row that another refers to and
// that is not given is made. Part of check_tests().
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"

namespace seg::check {

// Days since 1970 of a day of the Gregorian calendar.
std::int32_t day_number(const syntax::CalendarDay& day);

class GivenRows {
 public:
  GivenRows(Context& context, const Scope& scope, program::TestCase& test)
      : context_(context), tree_(context.tree(scope)), scope_(scope), test_(test) {}

  std::vector<std::uint32_t> rows_of(TableId table_id) const;
  // The owner of a row that does not name one: the only row there is of its table, or a new one.
  std::optional<std::uint32_t> only_row(TableId table_id, base::Span span);
  void add_row(NodeId node);
  bool ok() const { return ok_; }  // nothing erroneous was given

 private:
  base::DiagnosticBuilder error(base::Code code, base::Span span, const base::Args& args);
  const base::Table& table(TableId id) const { return context_.table(id); }
  std::uint32_t new_row(TableId table_id, std::string name, base::Span span);
  std::optional<std::uint32_t> named_row(TableId table_id, const std::string& name, base::Span span);
  std::string source_name(TableId table_id) const;
  bool set_owner(NodeId node, program::TestRow& row);
  bool set_time(NodeId node, program::TestRow& row);
  std::int64_t start_of(std::int32_t day) const;
  // A date or time literal for a column of type time (a date is its first instant) or date.
  std::optional<base::Value> time_value(NodeId node, bool wants_time);
  std::optional<base::Value> before_as_of(NodeId node, bool wants_time);
  void set_value(NodeId node, program::TestRow& row, std::set<std::string>& seen);
  // `product.category "Shoes"`: of the row that the reference leads to, which is made if it is not given.
  void set_path(std::span<const std::string> path, NodeId name_node, NodeId value_node, program::TestRow& row);
  std::optional<base::Value> value_of(TableId table_id, base::ColumnId column, NodeId node, program::TestRow& row);
  std::optional<base::Value> mismatch(NodeId node, const base::Type& seen, const base::Type& wanted);
  // A row of the test by its name, or by its key: `product 12` (made if it is not given).
  std::optional<base::Value> reference_value(TableId target, NodeId node);

  Context& context_;
  const syntax::Tree& tree_;
  const Scope& scope_;
  program::TestCase& test_;
  bool ok_ = true;
};

}  // namespace seg::check
