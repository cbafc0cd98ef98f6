// Tests in rule files: the rows they give become values of the program's types, their expectations conditions of one of
// the given subjects. A field that is not given is missing; a row that is referred to but not given is made.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "base/local_time.h"
#include "base/suggest.h"
#include "compiler/check/check.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"

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

std::int32_t day_number(const syntax::CalendarDay& day) {
  using namespace std::chrono;
  const sys_days days =
      year{day.year} / month{static_cast<unsigned>(day.month)} / std::chrono::day{static_cast<unsigned>(day.day)};
  return static_cast<std::int32_t>(days.time_since_epoch().count());
}

// N months before a day; the month's last day where it has no such day.
std::int32_t months_before(std::int32_t day, std::int64_t months) {
  using namespace std::chrono;
  const year_month_day from{sys_days{days{day}}};
  const year_month month = from.year() / from.month() - std::chrono::months{months};
  const year_month_day_last last = month / std::chrono::last;
  const std::chrono::day in_month = std::min(from.day(), last.day());
  return static_cast<std::int32_t>(sys_days{month / in_month}.time_since_epoch().count());
}

class TestChecker {
 public:
  TestChecker(Context& context, FileId file, NodeId node)
      : context_(context),
        tree_(context.tree(file)),
        scope_{.module = context.files[file].module, .file = file},
        node_(node) {}

  void check() {
    const NodeId name = tree_.child(node_, NodeKind::kText);
    test_.name = name == syntax::kNoNode ? std::string() : tree_.string_value(name);
    test_.span = name == syntax::kNoNode ? tree_.span(node_) : tree_.span(name);
    if (tree_.has_error(node_) || !read_as_of()) return;
    for (NodeId child : tree_.children(node_)) {
      if (tree_.is(child, NodeKind::kGivenRow)) add_row(child);
    }
    std::size_t num_expectations = 0;
    for (NodeId child : tree_.children(node_)) {
      if (tree_.is(child, NodeKind::kExpect)) {
        ++num_expectations;
        add_expectation(child);
      } else if (tree_.is(child, NodeKind::kParam)) {
        not_yet(context_, Code::construct_not_yet, tree_.span(child), "param in a test");
        ok_ = false;
      } else if (tree_.is(child, NodeKind::kProperty)) {
        context_.report(Code::unknown_property, tree_.span(child), {"a test", tree_.name(child)})
            .note("A test has rows of the data model, `customer { … }`, and expectations, `expect …`.");
        ok_ = false;
      }
    }
    if (num_expectations == 0 && ok_) {
      context_.report(Code::test_without_expectation, test_.span, {test_.name}).help("Add `expect …`.");
    }
    if (ok_) context_.program.tests.push_back(std::move(test_));
  }

 private:
  base::DiagnosticBuilder error(Code code, base::Span span, const base::Args& args) {
    ok_ = false;
    return context_.report(code, span, args);
  }

  const Table& table(TableId id) const { return context_.table(id); }

  bool read_as_of() {
    for (NodeId child : tree_.children(node_)) {
      switch (tree_.kind(child)) {
        case NodeKind::kDate: test_.as_of.day = day_number(tree_.date_value(child)); return true;
        case NodeKind::kTime: {
          const std::optional<Constant> value =
              check_constant(context_, scope_, child, Expected::of({.kind = TypeKind::kTime}));
          if (!value) return false;
          test_.as_of.is_instant = true;
          test_.as_of.instant = value->value.integer();
          test_.as_of.day = day_number(tree_.date_value(child));
          return true;
        }
        case NodeKind::kCalendarDate:
          not_yet(context_, Code::no_calendars_yet, tree_.span(child), std::string(tree_.text(child)));
          return false;
        default: break;
      }
    }
    return false;
  }

  // ---- rows ----

  std::uint32_t new_row(TableId table_id, std::string name, base::Span span) {
    test_.rows.push_back({.table = table_id, .name = std::move(name), .values = {}, .span = span});
    return static_cast<std::uint32_t>(test_.rows.size() - 1);
  }

  std::vector<std::uint32_t> rows_of(TableId table_id) const {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < test_.rows.size(); ++i) {
      if (test_.rows[i].table == table_id) rows.push_back(i);
    }
    return rows;
  }

  // The owner of a row that does not name one: the only row there is of its table, or a new one.
  std::optional<std::uint32_t> only_row(TableId table_id, base::Span span) {
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

  std::optional<std::uint32_t> named_row(TableId table_id, const std::string& name, base::Span span) {
    std::vector<std::string> names;
    for (std::uint32_t row : rows_of(table_id)) {
      if (test_.rows[row].name == name) return row;
      if (!test_.rows[row].name.empty()) names.push_back(test_.rows[row].name);
    }
    auto report = error(Code::test_unknown_row, span, {table(table_id).name, name});
    if (const auto near = base::suggest(name, names)) report.label(span, "did you mean `" + *near + "`?");
    return std::nullopt;
  }

  void add_row(NodeId node) {
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
      error(Code::test_too_many_rows, tree_.span(node),
            {static_cast<std::int64_t>(test_.rows.size()) + count, kMaxRows});
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

  std::string source_name(TableId table_id) const {
    const Table& derived = table(table_id);
    if (derived.kind == TableKind::kGrouped) return source_name(derived.group->base);
    if (derived.kind == TableKind::kUnion) return source_name(derived.parts[0].table);
    return derived.name;
  }

  bool set_owner(NodeId node, TestRow& row) {
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

  bool set_time(NodeId node, TestRow& row) {
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

  std::int64_t start_of(std::int32_t day) const {
    const std::int64_t local = std::int64_t{day} * base::kMicrosPerDay;
    return base::instant_of_local(context_.input.settings.time_zone, local).value_or(local);
  }

  // A date or time literal for a column of type time (a date is its first instant) or date.
  std::optional<Value> time_value(NodeId node, bool wants_time) {
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

  std::optional<Value> before_as_of(NodeId node, bool wants_time) {
    const NodeId number = tree_.child(node, NodeKind::kNumber);
    const std::optional<std::int64_t> n = number == syntax::kNoNode ? std::nullopt : tree_.integer_value(number);
    if (!n || *n > 1'000'000) {
      error(Code::wrong_type, tree_.span(node), {"no whole number of days", "one such as `120 days ago`"});
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

  // ---- values ----

  void set_value(NodeId node, TestRow& row, std::set<std::string>& seen) {
    const NodeId name_node = tree_.child(node, std::size_t{0});
    const std::vector<std::string> path = path_names(tree_, name_node);
    const std::string whole = tree_.name(name_node);
    if (!seen.insert(whole).second) {
      error(Code::duplicate_clause, tree_.span(name_node), {whole});
      return;
    }
    set_path(path, name_node, tree_.last_child(node), row);
  }

  // `product.category "Shoes"`: of the row that the reference leads to, which is made if it is not given.
  void set_path(std::span<const std::string> path, NodeId name_node, NodeId value_node, TestRow& row) {
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

  std::optional<Value> value_of(TableId table_id, ColumnId column, NodeId node, TestRow& row) {
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

  std::optional<Value> mismatch(NodeId node, const Type& seen, const Type& wanted) {
    error(Code::wrong_type, tree_.span(node),
          {type_phrase(context_.schema(), seen), type_phrase(context_.schema(), wanted)});
    return std::nullopt;
  }

  // A row of the test by its name, or by its key: `product 12` (made if it is not given).
  std::optional<Value> reference_value(TableId target, NodeId node) {
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

  // ---- expectations ----

  // The names of given subjects that an expectation speaks of: `ana in segment x`, `ana.spend > 3`.
  void find_named(NodeId node, std::vector<std::pair<NodeId, std::uint32_t>>& found) const {
    const bool is_path = tree_.is(node, NodeKind::kPath);
    if (is_path || tree_.is(node, NodeKind::kName)) {
      const std::string name = is_path ? tree_.name(tree_.child(node, std::size_t{0})) : tree_.name(node);
      const NodeId parent = tree_.parent(node);
      const bool is_who = is_path || (tree_.is(parent, NodeKind::kInSegment) && tree_.num_children(parent) == 2 &&
                                      tree_.child(parent, std::size_t{0}) == node);
      for (std::uint32_t i = 0; i < test_.rows.size() && is_who; ++i) {
        if (test_.rows[i].name == name && table(test_.rows[i].table).kind == TableKind::kSubject) {
          found.emplace_back(node, i);
        }
      }
      return;
    }
    for (NodeId child : tree_.children(node)) find_named(child, found);
  }

  void add_expectation(NodeId node) {
    const NodeId expr = tree_.child(node, std::size_t{0});
    std::vector<std::pair<NodeId, std::uint32_t>> named;
    find_named(expr, named);
    std::uint32_t row = kNone;
    if (named.empty()) {
      const std::optional<std::uint32_t> only = only_subject(tree_.span(expr));
      if (!only) return;
      row = *only;
    } else {
      row = named[0].second;
      for (const auto& [other, other_row] : named) {
        if (other_row == row) continue;
        error(Code::test_several_rows, tree_.span(other), {})
            .label(tree_.span(named[0].first), "and this is another")
            .help("Write one `expect` for each.");
        return;
      }
    }
    Scope scope = scope_;
    scope.frame = test_.rows[row].table;
    const std::string name = test_.rows[row].name;
    if (!named.empty()) scope.row_name = name;
    const Checked condition = check_condition(context_, scope, expr);
    if (!condition.ok()) {
      ok_ = false;
      return;
    }
    test_.expectations.push_back(
        {.span = tree_.span(expr), .row = row, .condition = condition.expr, .clause = condition.clause});
  }

  std::optional<std::uint32_t> only_subject(base::Span span) {
    std::vector<std::uint32_t> rows;
    TableId first_subject = kNone;
    for (TableId id = 0; id < context_.schema().tables.size(); ++id) {
      if (table(id).kind != TableKind::kSubject) continue;
      if (first_subject == kNone) first_subject = id;
      for (std::uint32_t row : rows_of(id)) rows.push_back(row);
    }
    if (rows.size() == 1) return rows[0];
    if (first_subject == kNone) {
      ok_ = false;
      return std::nullopt;
    }
    return only_row(rows.empty() ? first_subject : test_.rows[rows[0]].table, span);
  }

  Context& context_;
  const syntax::Tree& tree_;
  Scope scope_;
  NodeId node_;
  program::TestCase test_;
  bool ok_ = true;
};

}  // namespace

void check_tests(Context& context) {
  for (FileId file = 0; file < context.files.size(); ++file) {
    if (context.files[file].module != kProjectModule) continue;
    const syntax::Tree& tree = context.tree(file);
    for (NodeId node : tree.children(tree.root())) {
      if (tree.is(node, NodeKind::kTest)) TestChecker(context, file, node).check();
    }
  }
}

}  // namespace seg::check
