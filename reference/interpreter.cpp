#include "reference/interpreter.h"

#include <algorithm>

#include "base/fold.h"

namespace seg::reference {

using base::kNone;
using base::TypeKind;
using base::Value;
using program::ExprId;
using program::ExprKind;
using program::Fn;

Interpreter::Interpreter(const program::Program& program, const vector::Dataset& dataset, const base::Binding& binding)
    : Interpreter(program, dataset, binding, read_tables(program.schema, dataset)) {}

Interpreter::Interpreter(const program::Program& program, const vector::Dataset& dataset, const base::Binding& binding,
                         std::vector<std::shared_ptr<Rows>> tables)
    : program_(program), dataset_(dataset), binding_(binding), tables_(std::move(tables)) {
  // A derived table comes after those that it is made of, whatever their order in the schema.
  std::vector<bool> done(program.schema.tables.size());
  const auto derive_once = [&](auto&& self, base::TableId t) -> void {
    if (done[t]) return;
    done[t] = true;
    const base::Table& table = program.schema.tables[t];
    for (const base::UnionPart& part : table.parts) self(self, part.table);
    if (table.group) self(self, table.group->base);
    derive(t);
  };
  for (base::TableId t = 0; t < done.size(); ++t) derive_once(derive_once, t);
}

void Interpreter::derive(base::TableId id) {
  const base::Table& table = program_.schema.tables[id];
  if (!table.parts.empty() || table.group) tables_[id] = std::make_shared<Rows>();
  for (const base::UnionPart& part : table.parts) {
    for (std::uint32_t r = 0; r < tables_[part.table]->rows.size(); ++r) {
      if (part.filter != kNone && !is_true(part.filter, r)) continue;
      Row row;
      for (base::ColumnId column : part.columns) {
        row.push_back(column == kNone ? Value::missing() : tables_[part.table]->rows[r][column]);
      }
      tables_[id]->rows.push_back(std::move(row));
    }
  }
  if (!table.group) return;
  const base::Grouping& group = *table.group;
  const base::Table& from = program_.schema.tables[group.base];
  std::vector<std::pair<Row, std::size_t>> groups;  // owner and group_by values -> row
  for (std::uint32_t r = 0; r < tables_[group.base]->rows.size(); ++r) {
    const Row& line = tables_[group.base]->rows[r];
    if (group.filter != kNone && !is_true(group.filter, r)) continue;
    std::int64_t instant = 0;
    if (!time_of(group.base, r, instant) || instant >= calendar_of(group.base, r).as_of_end()) continue;
    Row key = {line[from.owner]};
    for (base::ColumnId column : group.group_by) key.push_back(line[column]);
    if (std::any_of(key.begin(), key.end(), [](const Value& value) { return value.is_missing(); })) continue;
    auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& entry) { return entry.first == key; });
    if (found == groups.end()) {
      groups.emplace_back(key, tables_[id]->rows.size());
      found = groups.end() - 1;
      Row row(table.columns.size());
      row[0] = key[0];
      row[1] = line[from.time];
      std::copy(key.begin() + 1, key.end(), row.begin() + 2);
      tables_[id]->rows.push_back(row);
      tables_[id]->grouped.emplace_back();
    }
    Value& at = tables_[id]->rows[found->second][1];
    if (line[from.time].integer() < at.integer()) at = line[from.time];
    tables_[id]->grouped[found->second].push_back(r);
  }
  for (std::size_t c = 0; c < group.computed.size(); ++c) {
    for (std::size_t r = 0; r < tables_[id]->rows.size(); ++r) {
      Value value = evaluate(group.computed[c], r);
      tables_[id]->rows[r][group.num_plain + c] = std::move(value);
    }
  }
}

bool Interpreter::is_true(ExprId id, std::uint64_t row) {
  const Value value = evaluate(id, row);
  return !value.is_missing() && value.flag();
}

const LocalCalendar& Interpreter::calendar_of(base::TableId id, std::uint64_t row) {
  std::string zone = binding_.time_zone;
  if (id != kNone) {
    const base::Table& table = program_.schema.tables[id];
    if (table.owner != kNone) {
      const Value& owner = tables_[id]->rows[row][table.owner];
      if (!owner.is_missing()) {
        return calendar_of(table.columns[table.owner].type.detail, static_cast<std::uint64_t>(owner.integer()));
      }
    }
    if (table.zone != kNone && !tables_[id]->rows[row][table.zone].is_missing())
      zone = tables_[id]->rows[row][table.zone].text();
  }
  std::unique_ptr<LocalCalendar>& calendar = calendars_[zone];
  if (!calendar) calendar = std::make_unique<LocalCalendar>(zone, binding_);
  return *calendar;
}

bool Interpreter::time_of(base::TableId id, std::uint32_t row, std::int64_t& instant) {
  const base::Table& table = program_.schema.tables[id];
  const Value& time = tables_[id]->rows[row][table.time];
  if (time.is_missing()) return false;
  const bool is_date = table.columns[table.time].type.kind == TypeKind::kDate;
  instant = is_date ? calendar_of(id, row).start_of(static_cast<std::int32_t>(time.integer())) : time.integer();
  return true;
}

std::vector<std::uint32_t> Interpreter::children(const program::Aggregate& aggregate, std::uint64_t row) {
  if (aggregate.child_ref == program::kGroupRef) return tables_[aggregate.frame]->grouped[row];
  const std::vector<Row>& rows = tables_[aggregate.child]->rows;
  if (aggregate.child_ref == program::kWholeTable) {
    std::vector<std::uint32_t> all(rows.size());
    for (std::uint32_t r = 0; r < all.size(); ++r) all[r] = r;
    return all;
  }
  auto& owned = owned_[{aggregate.child, aggregate.child_ref}];
  if (owned.empty()) {
    owned.resize(tables_[aggregate.frame]->rows.size() + 1);
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
      const Value& owner = rows[r][aggregate.child_ref];
      if (!owner.is_missing()) owned[static_cast<std::size_t>(owner.integer())].push_back(r);
    }
  }
  return owned[row];
}

bool Interpreter::selected(const program::Aggregate& aggregate, std::uint32_t child) {
  const base::Table& table = program_.schema.tables[aggregate.child];
  if (table.time != kNone) {
    std::int64_t instant = 0;
    if (!time_of(aggregate.child, child, instant)) return false;
    const LocalCalendar& calendar = calendar_of(aggregate.child, child);
    if (instant >= calendar.as_of_end()) return false;
    if (aggregate.window != kNone && !calendar.instant_inside(instant, program_.windows[aggregate.window]))
      return false;
  }
  return aggregate.filter == kNone || is_true(aggregate.filter, child);
}

Value Interpreter::evaluate_aggregate(const program::Aggregate& aggregate, std::uint64_t row) {
  using program::AggFn;
  const base::Table& table = program_.schema.tables[aggregate.child];
  std::vector<std::uint32_t> rows;
  for (std::uint32_t child : children(aggregate, row)) {
    if (selected(aggregate, child)) rows.push_back(child);
  }
  if (aggregate.fn == AggFn::kExists) return Value::of(!rows.empty());
  if (aggregate.fn == AggFn::kCount && aggregate.value == kNone && !aggregate.value_is_gap) {
    return Value::of(static_cast<std::int64_t>(rows.size()));
  }
  const auto instant = [&](std::uint32_t child) {
    std::int64_t at = 0;
    time_of(aggregate.child, child, at);
    return at;
  };
  const base::Type integer = {.kind = TypeKind::kInteger};
  const base::Type type = aggregate.value_is_gap ? integer : program_.expr(aggregate.value).type;
  const base::Type result = aggregate.fn == AggFn::kAverage || aggregate.fn == AggFn::kMedian
                                ? (type.kind == TypeKind::kInteger ? base::Type{.kind = TypeKind::kNumber} : type)
                                : type;
  std::vector<Value> values;
  if (aggregate.value_is_gap) {
    std::vector<std::int32_t> days;
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return instant(a) < instant(b); });
    for (std::uint32_t child : rows) days.push_back(calendar_of(aggregate.child, child).day_of(instant(child)));
    for (std::size_t i = 1; i < days.size(); ++i) values.push_back(Value::of(std::int64_t{days[i]} - days[i - 1]));
    return reduce(aggregate.fn, result, type, values);
  }
  if (aggregate.fn == AggFn::kFirst || aggregate.fn == AggFn::kLast) {
    const int sign = aggregate.fn == AggFn::kFirst ? 1 : -1;
    Value best = Value::missing();
    std::uint32_t best_row = kNone;
    for (std::uint32_t child : rows) {
      Value value = evaluate(aggregate.value, child);
      int order = -1;
      if (best_row != kNone) {
        const std::int64_t a = instant(child);
        const std::int64_t b = instant(best_row);
        order = sign * (a < b ? -1 : (a > b ? 1 : 0));
        for (base::ColumnId key : table.key) {
          if (order != 0) break;
          order = sign * compare_values(tables_[aggregate.child]->rows[child][key],
                                        tables_[aggregate.child]->rows[best_row][key], table.columns[key].type.kind);
        }
        if (order == 0 && !value.is_missing()) {
          order = best.is_missing() ? -1 : sign * compare_values(value, best, type.kind);
          if (order == 0 && type.kind == TypeKind::kVersion) order = sign * value.text().compare(best.text());
        }
      }
      if (order < 0) {
        best = std::move(value);
        best_row = child;
      }
    }
    return best;
  }
  for (std::uint32_t child : rows) {
    Value value = evaluate(aggregate.value, child);
    if (value.is_missing()) continue;
    if (type.kind == TypeKind::kText && type.folded) value = Value::of(base::fold(value.text()));
    values.push_back(std::move(value));
  }
  if (aggregate.fn == AggFn::kStreak || aggregate.fn == AggFn::kCurrentStreak) {
    const bool has_owner = aggregate.child_ref != program::kWholeTable;
    const LocalCalendar& calendar = calendar_of(has_owner ? aggregate.frame : kNone, row);
    return streak(aggregate.fn == AggFn::kCurrentStreak, aggregate.unit, calendar, values);
  }
  return reduce(aggregate.fn, result, type, values);
}

Value Interpreter::evaluate_tier(const program::Output& output, std::uint64_t row) {
  for (const program::Tier& tier : output.tiers) {
    if (tier.condition == kNone || is_true(tier.condition, row)) return Value::of(std::int64_t{tier.choice});
  }
  return Value::missing();
}

Value Interpreter::evaluate_lookup(const program::Expr& e, const std::vector<ExprId>& args, std::uint64_t row) {
  const base::Table& table = program_.schema.tables[e.a];
  std::vector<Value> keys;
  for (ExprId arg : args) keys.push_back(evaluate(arg, row));
  for (const Row& candidate : tables_[e.a]->rows) {
    bool same = true;
    for (std::size_t k = 0; k < keys.size() && same; ++k) {
      const Value& stored = candidate[table.key[k]];
      const base::Type& type = table.columns[table.key[k]].type;
      if (keys[k].is_missing() || stored.is_missing()) {
        same = false;
      } else if (type.kind == TypeKind::kText && type.folded) {
        same = base::fold(keys[k].text()) == base::fold(stored.text());
      } else {
        same = compare_values(keys[k], stored, type.kind) == 0;
      }
    }
    if (same) return candidate[e.b];
  }
  return Value::missing();
}

Value Interpreter::evaluate(ExprId id, std::uint64_t row) {
  const program::Expr& e = program_.expr(id);
  const std::vector<ExprId> args = program_.args_of(id);
  switch (e.kind) {
    case ExprKind::kLiteral: return program_.values[e.a];
    case ExprKind::kParam: return e.a < binding_.params.size() ? binding_.params[e.a] : program_.params[e.a].value;
    case ExprKind::kAsOfDay: return Value::of(std::int64_t{calendar_of(kNone, 0).as_of_day()});
    case ExprKind::kField: return tables_[e.frame]->rows[row][e.a];
    case ExprKind::kFollow: {
      const Value& reference = tables_[e.frame]->rows[row][e.a];
      return reference.is_missing() ? Value::missing()
                                    : evaluate(args[0], static_cast<std::uint64_t>(reference.integer()));
    }
    case ExprKind::kLookup: return evaluate_lookup(e, args, row);
    case ExprKind::kCall: return evaluate_call(e, args, row);
    case ExprKind::kInWindow: {
      const Value value = evaluate(args[0], row);
      if (value.is_missing()) return value;
      const LocalCalendar& calendar = calendar_of(e.frame, row);
      const base::Window& window = program_.windows[e.a];
      return Value::of(program_.expr(args[0]).type.kind == TypeKind::kDate
                           ? calendar.day_inside(static_cast<std::int32_t>(value.integer()), window)
                           : calendar.instant_inside(value.integer(), window));
    }
    case ExprKind::kRecursInWindow: {
      const Value value = evaluate(args[0], row);
      if (value.is_missing()) return value;
      const LocalCalendar& calendar = calendar_of(e.frame, row);
      return Value::of(calendar.recurs_inside(static_cast<std::int32_t>(value.integer()), program_.windows[e.a]));
    }
    case ExprKind::kSequence: return evaluate_sequence(program_.sequences[e.a], static_cast<std::uint32_t>(row));
    case ExprKind::kStepOne: return evaluate(args[0], step_one_);
    case ExprKind::kAggregate:
    case ExprKind::kMember:
    case ExprKind::kState:
    case ExprKind::kPopulation:
    case ExprKind::kTier: break;
  }
  const auto known = memo_.find({id, row});
  if (known != memo_.end()) return known->second;
  Value value;
  if (e.kind == ExprKind::kAggregate) {
    value = evaluate_aggregate(program_.aggregates[e.a], row);
  } else if (e.kind == ExprKind::kMember) {
    value = Value::of(is_true(program_.outputs[e.a].root, row));
  } else if (e.kind == ExprKind::kState) {
    value = Value::of(evaluate_state(*program_.outputs[e.a].sticky, e.frame, row));
  } else if (e.kind == ExprKind::kPopulation) {
    value = evaluate_population(id, row);
  } else {
    value = evaluate_tier(program_.outputs[e.a], row);
  }
  memo_[{id, row}] = value;
  return value;
}

// Day by day from the start, each condition as of its day.
bool Interpreter::evaluate_state(const program::Sticky& sticky, base::TableId table, std::uint64_t row) {
  const Value start = evaluate(sticky.start, row);
  if (start.is_missing()) return false;
  const LocalCalendar& calendar = calendar_of(table, row);
  const auto day_after = [&](std::int64_t day) { return calendar.cadence_day(day, sticky.cadence); };
  std::int64_t entered = 0;
  bool is_in = false;
  for (std::int64_t day = day_after(start.integer()); calendar.is_over(day); day = day_after(day + 1)) {
    Interpreter& then = as_of(static_cast<std::int32_t>(day));
    if (!is_in) {
      is_in = then.is_true(sticky.enter, row);
      entered = day;
    } else {
      const Value stay = sticky.stay == kNone ? Value::of(std::int64_t{0}) : evaluate(sticky.stay, row);
      const bool may_leave = stay.is_missing() || (day - entered) * base::kMicrosPerDay >= stay.integer();
      is_in = !may_leave || !then.is_true(sticky.leave, row);
    }
  }
  return is_in;
}

Interpreter& Interpreter::as_of(std::int32_t day) {
  Earlier& earlier = (*earlier_)[day];
  if (!earlier.interpreter) {
    earlier.binding = binding_;
    earlier.binding.as_of = {.is_instant = false, .day = day};
    earlier.interpreter.reset(new Interpreter(program_, dataset_, earlier.binding, tables_));
    earlier.interpreter->earlier_ = earlier_;
  }
  return *earlier.interpreter;
}

Value Interpreter::evaluate_logic(const program::Expr& e, const std::vector<ExprId>& args, std::uint64_t row) {
  std::int64_t num_true = 0;
  std::int64_t num_unknown = 0;
  const bool counts = e.fn == Fn::at_least || e.fn == Fn::at_most || e.fn == Fn::exactly;
  for (std::size_t i = counts ? 1 : 0; i < args.size(); ++i) {
    const Value value = evaluate(args[i], row);
    num_unknown += value.is_missing() ? 1 : 0;
    num_true += !value.is_missing() && value.flag() ? 1 : 0;
  }
  const auto num_false = static_cast<std::int64_t>(args.size()) - num_true - num_unknown;
  const auto kleene = [](bool is_yes, bool is_no) {
    return is_yes ? Value::of(true) : is_no ? Value::of(false) : Value::missing();
  };
  if (e.fn == Fn::logical_and) return kleene(num_false == 0 && num_unknown == 0, num_false > 0);
  if (e.fn == Fn::logical_or) return kleene(num_true > 0, num_true == 0 && num_unknown == 0);
  const std::int64_t n = evaluate(args[0], row).integer();
  const std::int64_t most = num_true + num_unknown;
  if (e.fn == Fn::at_least) return kleene(num_true >= n, most < n);
  if (e.fn == Fn::at_most) return kleene(most <= n, num_true > n);
  return kleene(num_true == n && num_unknown == 0, num_true > n || most < n);
}

Value Interpreter::evaluate_call(const program::Expr& e, const std::vector<ExprId>& args, std::uint64_t row) {
  switch (e.fn) {
    case Fn::logical_and:
    case Fn::logical_or:
    case Fn::at_least:
    case Fn::at_most:
    case Fn::exactly: return evaluate_logic(e, args, row);
    case Fn::is_missing: return Value::of(evaluate(args[0], row).is_missing());
    case Fn::is_known: return Value::of(!evaluate(args[0], row).is_missing());
    case Fn::is_true: return Value::of(is_true(args[0], row));
    case Fn::coalesce: {
      const Value first = evaluate(args[0], row);
      return first.is_missing() ? evaluate(args[1], row) : first;
    }
    case Fn::if_then_else: {
      const Value condition = evaluate(args[0], row);
      if (condition.is_missing()) return condition;
      return evaluate(condition.flag() ? args[1] : args[2], row);
    }
    case Fn::points_when: return is_true(args[0], row) ? evaluate(args[1], row) : Value::of(0.0);
    default: break;
  }
  std::vector<Value> values;
  for (ExprId arg : args) values.push_back(evaluate(arg, row));
  const base::Type first = program_.expr(args[0]).type;
  if (e.fn == Fn::points_per) return call_function(e.fn, e.type, first, values);
  for (const Value& value : values) {
    if (value.is_missing()) return Value::missing();
  }
  if (e.fn >= Fn::date_of && e.fn <= Fn::calendar_unit_of) {
    return evaluate_date(e, values[0], values.back(), first.kind, calendar_of(e.frame, row));
  }
  return call_function(e.fn, e.type, first, values);
}

Value Interpreter::evaluate_date(const program::Expr& e, const Value& value, const Value& second, TypeKind,
                                 const LocalCalendar& calendar) {
  const auto day = static_cast<std::int32_t>(value.integer());
  const std::int32_t today = calendar.as_of_day();
  const auto add = [&](base::TimeUnit unit) { return Value::of(std::int64_t{add_units(day, second.integer(), unit)}); };
  const auto months_into_year = [&] { return completed_months(calendar.unit_start(day, base::TimeUnit::kYear), day); };
  switch (e.fn) {
    case Fn::date_of: return Value::of(std::int64_t{calendar.day_of(value.integer())});
    case Fn::start_of_day: return Value::of(calendar.start_of(day));
    case Fn::years_since: return Value::of(floor_div(completed_months(day, today), 12));
    case Fn::months_since: return Value::of(completed_months(day, today));
    case Fn::weeks_since: return Value::of(floor_div(std::int64_t{today} - day, 7));
    case Fn::days_since: return Value::of(std::int64_t{today} - day);
    case Fn::days_until: return Value::of(std::int64_t{day} - today);
    case Fn::hours_since: return Value::of(floor_div(calendar.as_of_end() - value.integer(), base::kMicrosPerHour));
    case Fn::add_days: return add(base::TimeUnit::kDay);
    case Fn::add_months: return add(base::TimeUnit::kMonth);
    case Fn::add_duration: return Value::of(value.integer() + second.integer());
    case Fn::duration_between:
    case Fn::days_between: return Value::of(second.integer() - value.integer());
    case Fn::year_of:
      return Value::of(1970 + floor_div(completed_months(0, calendar.unit_start(day, base::TimeUnit::kYear)), 12));
    case Fn::month_of: return Value::of(months_into_year() + 1);
    case Fn::day_of: return Value::of(std::int64_t{day} - calendar.unit_start(day, base::TimeUnit::kMonth) + 1);
    case Fn::weekday_of: return Value::of(((std::int64_t{day} + 3) % 7 + 7) % 7 + 1);
    case Fn::hour_of: return Value::of(std::int64_t{calendar.hour_of(value.integer())});
    case Fn::calendar_unit_of:
      return Value::of(std::int64_t{calendar.unit_start(day, static_cast<base::TimeUnit>(second.integer()))});
    default: return Value::missing();
  }
}

}  // namespace seg::reference
