#include "compiler/check/given_rows.h"

#include <algorithm>
#include <chrono>

#include "base/local_time.h"
#include "base/suggest.h"
#include "compiler/check/check.h"

namespace seg::check {

using base::Code;
using base::Column;
using base::ColumnId;
using base::Table;
using base::TableKind;
using base::Type;
using base::TypeKind;
using base::Value;
using program::TestRow;
using syntax::NodeKind;

namespace {

constexpr std::int64_t kMaxRows = 10'000;

// N months before a day; the month's last day where it has no such day.
std::int32_t months_before(std::int32_t day, std::int64_t months) {
  using namespace std::chrono;
  const year_month_day from{sys_days{days{day}}};
  const year_month month = from.year() / from.month() - std::chrono::months{months};
  const year_month_day_last last = month / std::chrono::last;
  const std::chrono::day in_month = std::min(from.day(), last.day());
  return static_cast<std::int32_t>(sys_days{month / in_month}.time_since_epoch().count());
}

}  // namespace

std::int32_t day_number(const syntax::CalendarDay& day) {
  using namespace std::chrono;
  const sys_days days =
      year{day.year} / month{static_cast<unsigned>(day.month)} / std::chrono::day{static_cast<unsigned>(day.day)};
  return static_cast<std::int32_t>(days.time_since_epoch().count());
}

base::DiagnosticBuilder GivenRows::error(Code code, base::Span span, const base::Args& args) {
  ok_ = false;
  return context_.report(code, span, args);
}

std::uint32_t GivenRows::new_row(TableId table_id, std::string name, base::Span span) {
  test_.rows.push_back({.table = table_id, .name = std::move(name), .values = {}, .span = span});
  return static_cast<std::uint32_t>(test_.rows.size() - 1);
}

std::vector<std::uint32_t> GivenRows::rows_of(TableId table_id) const {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < test_.rows.size(); ++i) {
    if (test_.rows[i].table == table_id) rows.push_back(i);
  }
  return rows;
}

std::optional<std::uint32_t> GivenRows::only_row(TableId table_id, base::Span span) {
  const std::vector<std::uint32_t> rows = rows_of(table_id);
  if (rows.empty()) return new_row(table_id, "", span);
  if (rows.size() == 1) return rows[0];
  std::string names;
  for (std::uint32_t row : rows) names += (names.empty() ? "" : ", ") + test_.rows[row].name;
  error(Code::test_whose, span, {table(table_id).name, std::to_string(rows.size())})
      .help("Name it, as in `purchase of ana on 2026-01-10 { … }` or `expect ana in segment …`.")
      .note("there are: " + names);
  return std::nullopt;
}

std::optional<std::uint32_t> GivenRows::named_row(TableId table_id, const std::string& name, base::Span span) {
  std::vector<std::string> names;
  for (std::uint32_t row : rows_of(table_id)) {
    if (test_.rows[row].name == name) return row;
    if (!test_.rows[row].name.empty()) names.push_back(test_.rows[row].name);
  }
  auto report = error(Code::test_unknown_row, span, {table(table_id).name, name});
  if (const auto near = base::suggest(name, names)) report.label(span, "did you mean `" + *near + "`?");
  return std::nullopt;
}

void GivenRows::add_row(NodeId node) {
  std::int64_t count = 1;
  std::vector<NodeId> names;
  for (NodeId child : tree_.children(node)) {
    if (tree_.is(child, NodeKind::kNumber)) count = tree_.integer_value(child).value_or(0);
    if (tree_.is(child, NodeKind::kName)) names.push_back(child);
  }
  if (names.empty()) {
    ok_ = false;
    return;
  }
  const base::Span span = tree_.span(names[0]);
  const std::string kind = tree_.name(names[0]);
  const std::optional<NamedRows> rows = find_rows(context_, scope_.module, {&kind, 1}, span);
  if (!rows) {
    std::vector<std::string> known;
    for (const Table& each : context_.schema().tables) known.push_back(each.name);
    auto report = error(Code::unknown_event, span, {kind});
    if (const auto near = base::suggest(kind, known)) {
      report.label(span, "did you mean `" + *near + "`?").fix(span, *near, base::Safety::changes_meaning);
    }
    return;
  }
  if (rows->is_bad) {
    ok_ = false;
    return;
  }
  const TableKind table_kind = table(rows->table).kind;
  if (table_kind == TableKind::kUnion || table_kind == TableKind::kGrouped || rows->filter != kNone ||
      table(rows->table).name != kind) {
    error(Code::test_derived_rows, span, {kind}).help("Give rows of `" + source_name(rows->table) + "`.");
    return;
  }
  if (count < 0 || static_cast<std::int64_t>(test_.rows.size()) + count > kMaxRows) {
    error(Code::test_too_many_rows, tree_.span(node), {static_cast<std::int64_t>(test_.rows.size()) + count, kMaxRows});
    return;
  }
  TestRow row{.table = rows->table, .name = {}, .values = {}, .span = span};
  if (names.size() > 1) {
    row.name = tree_.name(names[1]);
    for (const TestRow& other : test_.rows) {
      if (other.name != row.name) continue;
      error(Code::duplicate_name, tree_.span(names[1]), {row.name}).label(other.span, "first here");
      return;
    }
  }
  if (!set_owner(node, row) || !set_time(node, row)) return;
  std::set<std::string> seen;
  for (NodeId child : tree_.children(node)) {
    if (tree_.is(child, NodeKind::kGiven)) set_value(child, row, seen);
  }
  for (std::int64_t i = 0; i < count; ++i) test_.rows.push_back(row);
}

std::string GivenRows::source_name(TableId table_id) const {
  const Table& derived = table(table_id);
  if (derived.kind == TableKind::kGrouped) return source_name(derived.group->base);
  if (derived.kind == TableKind::kUnion) return source_name(derived.parts[0].table);
  return derived.name;
}

bool GivenRows::set_owner(NodeId node, TestRow& row) {
  const NodeId of = tree_.child(node, NodeKind::kOf);
  const Table& rows = table(row.table);
  if (rows.owner == kNone) {
    if (of == syntax::kNoNode) return true;
    error(Code::test_row_of_nobody, tree_.span(of), {rows.name}).help("Take the `of` out.");
    return false;
  }
  const TableId owner = rows.columns[rows.owner].type.detail;
  std::optional<std::uint32_t> found;
  if (of == syntax::kNoNode) {
    // `{ customer ana }` names the owner too.
    for (NodeId child : tree_.children(node)) {
      if (tree_.is(child, NodeKind::kGiven) &&
          tree_.name(tree_.child(child, std::size_t{0})) == rows.columns[rows.owner].name) {
        const NodeId value = tree_.last_child(child);
        if (tree_.is(value, NodeKind::kName)) found = named_row(owner, tree_.name(value), tree_.span(value));
        if (!found) return false;
      }
    }
    if (!found) found = only_row(owner, row.span);
  } else {
    const NodeId name = tree_.child(of, std::size_t{0});
    found = named_row(owner, tree_.name(name), tree_.span(name));
  }
  if (!found) return false;
  row.owner_row = *found;
  row.values.emplace_back(rows.owner, Value::of(std::int64_t{*found}));
  return true;
}

bool GivenRows::set_time(NodeId node, TestRow& row) {
  const Table& rows = table(row.table);
  const NodeId on = tree_.child(node, NodeKind::kOn);
  const NodeId ago = tree_.child(node, NodeKind::kAgo);
  if (on == syntax::kNoNode && ago == syntax::kNoNode) {
    if (rows.time == kNone) return true;
    for (NodeId child : tree_.children(node)) {  // or as a field: { at 2026-01-10 }
      if (tree_.is(child, NodeKind::kGiven) &&
          tree_.name(tree_.child(child, std::size_t{0})) == rows.columns[rows.time].name) {
        return true;
      }
    }
    error(Code::row_without_time, row.span, {rows.name})
        .help("Write when it happened: `" + rows.name + " on 2026-01-10 { … }` or `" + rows.name +
              " 120 days ago { … }`.");
    return false;
  }
  const NodeId clause = on == syntax::kNoNode ? ago : on;
  if (rows.time == kNone) {
    error(Code::test_no_time, tree_.span(clause), {rows.name}).note("Only events have a time.");
    return false;
  }
  const NodeId what = tree_.child(clause, std::size_t{0});
  const bool wants_time = rows.columns[rows.time].type.kind == TypeKind::kTime;
  std::optional<Value> value;
  if (ago != syntax::kNoNode) {
    value = before_as_of(what, wants_time);
  } else if (tree_.is(what, NodeKind::kCalendarDate)) {
    not_yet(context_, Code::no_calendars_yet, tree_.span(what), std::string(tree_.text(what)));
  } else {
    value = time_value(what, wants_time);
  }
  if (!value) {
    ok_ = false;
    return false;
  }
  row.values.emplace_back(rows.time, *value);
  return true;
}

std::int64_t GivenRows::start_of(std::int32_t day) const {
  const std::int64_t local = std::int64_t{day} * base::kMicrosPerDay;
  return base::instant_of_local(context_.input.settings.time_zone, local).value_or(local);
}

std::optional<Value> GivenRows::time_value(NodeId node, bool wants_time) {
  if (tree_.is(node, NodeKind::kDate)) {
    const std::int32_t day = day_number(tree_.date_value(node));
    return Value::of(wants_time ? start_of(day) : std::int64_t{day});
  }
  if (!wants_time) {
    error(Code::wrong_type, tree_.span(node), {"a time", "a date"});
    return std::nullopt;
  }
  const std::optional<Constant> constant =
      check_constant(context_, scope_, node, Expected::of({.kind = TypeKind::kTime}));
  if (!constant) return std::nullopt;
  return constant->value;
}

std::optional<Value> GivenRows::before_as_of(NodeId node, bool wants_time) {
  const NodeId number = tree_.child(node, NodeKind::kNumber);
  const std::optional<std::int64_t> n = number == syntax::kNoNode ? std::nullopt : tree_.integer_value(number);
  if (!n || *n > 10'000) {  // 833 years of months, 10,000 years are before the calendar: a slip in any case
    error(Code::wrong_type, tree_.span(node), {"no whole number up to 10,000", "one such as `120 days ago`"});
    return std::nullopt;
  }
  const std::int32_t day = test_.as_of.day;
  const auto on_day = [&](std::int64_t then) {
    return Value::of(wants_time ? start_of(static_cast<std::int32_t>(then)) : then);
  };
  // The as-of instant; of a date the end of its day.
  const std::int64_t end = test_.as_of.is_instant ? test_.as_of.instant : start_of(day + 1);
  const auto exactly = [&](std::int64_t micros) -> std::optional<Value> {
    if (wants_time) return Value::of(end - *n * micros);
    error(Code::wrong_type, tree_.span(node), {"a length in hours", "days: this kind of event has a date only"});
    return std::nullopt;
  };
  switch (tree_.unit(node)) {
    case syntax::Unit::second: return exactly(base::kMicrosPerSecond);
    case syntax::Unit::minute: return exactly(60 * base::kMicrosPerSecond);
    case syntax::Unit::hour: return exactly(base::kMicrosPerHour);
    case syntax::Unit::day: return on_day(day - *n);
    case syntax::Unit::week: return on_day(day - 7 * *n);
    case syntax::Unit::month: return on_day(months_before(day, *n));
    case syntax::Unit::quarter: return on_day(months_before(day, 3 * *n));
    case syntax::Unit::year: return on_day(months_before(day, 12 * *n));
    case syntax::Unit::meter:
    case syntax::Unit::kilometer:
    case syntax::Unit::mile:
    case syntax::Unit::currency: break;
  }
  error(Code::wrong_type, tree_.span(node), {"no length of time", "one such as `120 days ago`"});
  return std::nullopt;
}

void GivenRows::set_value(NodeId node, TestRow& row, std::set<std::string>& seen) {
  const NodeId name_node = tree_.child(node, std::size_t{0});
  const std::vector<std::string> path = path_names(tree_, name_node);
  const std::string whole = tree_.name(name_node);
  if (!seen.insert(whole).second) {
    error(Code::duplicate_clause, tree_.span(name_node), {whole});
    return;
  }
  set_path(path, name_node, tree_.last_child(node), row);
}

void GivenRows::set_path(std::span<const std::string> path, NodeId name_node, NodeId value_node, TestRow& row) {
  const base::Span span = tree_.span(name_node);
  ColumnId column = kNone;
  for (ColumnId i = 0; i < table(row.table).columns.size(); ++i) {
    if (table(row.table).columns[i].name == path[0]) column = i;
  }
  if (column == kNone) {
    auto report = error(Code::unknown_field, span, {table(row.table).name, path[0]});
    if (const auto near = base::suggest(path[0], field_names(context_, row.table))) {
      report.label(span, "did you mean `" + *near + "`?");
      if (path.size() == 1) report.fix(span, *near, base::Safety::changes_meaning);
    }
    return;
  }
  if (context_.bad_columns.contains({row.table, column})) {
    ok_ = false;
    return;
  }
  const Column& field = table(row.table).columns[column];
  if (path.size() == 1) {
    if (column == table(row.table).owner) return;  // set_owner() read it
    if (const std::optional<Value> value = value_of(row.table, column, value_node, row)) {
      row.values.emplace_back(column, *value);
    } else {
      ok_ = false;
    }
    return;
  }
  if (field.type.kind != TypeKind::kReference) {
    error(Code::wrong_type, span, {type_phrase(context_.schema(), field.type), "a reference"})
        .note("Only a reference has fields of its own.");
    return;
  }
  const TableId target = field.type.detail;
  std::uint32_t target_row = kNone;
  for (const auto& [id, value] : row.values) {
    if (id == column) target_row = static_cast<std::uint32_t>(value.integer());
  }
  if (target_row == kNone) {
    target_row = new_row(target, "", span);
    row.values.emplace_back(column, Value::of(std::int64_t{target_row}));
  }
  TestRow changed = test_.rows[target_row];  // a copy: the path may make more rows
  set_path(path.subspan(1), name_node, value_node, changed);
  test_.rows[target_row] = std::move(changed);
}

std::optional<Value> GivenRows::value_of(TableId table_id, ColumnId column, NodeId node, TestRow& row) {
  const Column field = table(table_id).columns[column];
  const Type& type = field.type;
  if (type.kind == TypeKind::kReference) return reference_value(type.detail, node);
  if (type.kind == TypeKind::kTime && (tree_.is(node, NodeKind::kDate) || tree_.is(node, NodeKind::kTime))) {
    return time_value(node, true);
  }
  if (type.kind == TypeKind::kMoney && field.currency_column != kNone) {
    const std::optional<Constant> money = check_constant(context_, scope_, node);
    if (!money) return std::nullopt;
    if (money->type.kind != TypeKind::kMoney) return mismatch(node, money->type, type);
    const std::string& currency = context_.schema().currencies[money->type.detail];
    row.values.emplace_back(field.currency_column, Value::of(currency));
    return money->value;
  }
  const std::optional<Constant> constant = check_constant(context_, scope_, node, Expected::of(type));
  if (!constant) return std::nullopt;
  const bool fits = constant->type == type || (constant->type.kind == type.kind && type.kind == TypeKind::kText) ||
                    (constant->type.kind == type.kind && type.kind == TypeKind::kList &&
                     constant->type.element == type.element && type.element == TypeKind::kText);
  if (fits) return constant->value;
  if (type.kind == TypeKind::kNumber && constant->type.kind == TypeKind::kInteger) {
    return Value::of(static_cast<double>(constant->value.integer()));
  }
  return mismatch(node, constant->type, type);
}

std::optional<Value> GivenRows::mismatch(NodeId node, const Type& seen, const Type& wanted) {
  error(Code::wrong_type, tree_.span(node),
        {type_phrase(context_.schema(), seen), type_phrase(context_.schema(), wanted)});
  return std::nullopt;
}

std::optional<Value> GivenRows::reference_value(TableId target, NodeId node) {
  if (tree_.is(node, NodeKind::kName)) {
    const std::optional<std::uint32_t> row = named_row(target, tree_.name(node), tree_.span(node));
    if (!row) return std::nullopt;
    return Value::of(std::int64_t{*row});
  }
  if (table(target).key.size() != 1) {
    error(Code::wrong_type, tree_.span(node), {"one value", "the name of a row of `" + table(target).name + "`"});
    return std::nullopt;
  }
  const ColumnId key = table(target).key[0];
  TestRow none{.table = target, .name = {}, .values = {}, .span = tree_.span(node)};
  const std::optional<Value> value = value_of(target, key, node, none);
  if (!value) return std::nullopt;
  for (std::uint32_t row : rows_of(target)) {
    for (const auto& [id, known] : test_.rows[row].values) {
      if (id == key && known == *value) return Value::of(std::int64_t{row});
    }
  }
  const std::uint32_t made = new_row(target, "", tree_.span(node));
  test_.rows[made].values.emplace_back(key, *value);
  return Value::of(std::int64_t{made});
}

}  // namespace seg::check
