#include "program/sticky.h"

#include <algorithm>
#include <bit>
#include <string_view>

namespace seg::program {
namespace {

// What an expression depends on directly.
template <class See>
void each_input(const Program& program, ExprId id, See see) {
  const Expr& e = program.expr(id);
  for (ExprId arg : program.args_of(id)) see(arg);
  const auto each_of_table = [&](TableId t) {
    const base::Table& table = program.schema.tables[t];
    for (const base::UnionPart& part : table.parts) {
      if (part.filter != kNone) see(part.filter);
    }
    if (!table.group) return;
    if (table.group->filter != kNone) see(table.group->filter);
    for (ExprId computed : table.group->computed) see(computed);
  };
  switch (e.kind) {
    case ExprKind::kAggregate: {
      const Aggregate& aggregate = program.aggregates[e.a];
      if (aggregate.filter != kNone) see(aggregate.filter);
      if (aggregate.value != kNone) see(aggregate.value);
      each_of_table(aggregate.child);
      break;
    }
    case ExprKind::kSequence:
      for (ExprId part : Program::parts_of(program.sequences[e.a])) see(part);
      for (const SequenceStep& step : program.sequences[e.a].steps) each_of_table(step.rows.child);
      break;
    case ExprKind::kField: each_of_table(e.frame); break;
    case ExprKind::kMember: see(program.outputs[e.a].root); break;
    case ExprKind::kTier:
      for (const Tier& tier : program.outputs[e.a].tiers) {
        if (tier.condition != kNone) see(tier.condition);
      }
      break;
    case ExprKind::kState:
      if (const auto& sticky = program.outputs[e.a].sticky) {
        for (ExprId part : {sticky->enter, sticky->leave, sticky->start, sticky->stay}) {
          if (part != kNone) see(part);
        }
      }
      break;
    default: break;
  }
}

void add_stored(const base::Schema& schema, TableId id, std::vector<bool>& is_read) {
  const base::Table& table = schema.tables[id];
  for (const base::UnionPart& part : table.parts) add_stored(schema, part.table, is_read);
  if (table.group) add_stored(schema, table.group->base, is_read);
  if (table.time != kNone && table.parts.empty() && !table.group) is_read[id] = true;
}

class FirstDay {
 public:
  explicit FirstDay(Program& program) : program_(program) {}

  // Of the events that the expression reads, for a row of its frame; dates.
  void collect(ExprId id, std::vector<ExprId>& days) {
    const Expr e = program_.expr(id);
    const auto add = [&](ExprId day) {
      if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
    };
    switch (e.kind) {
      case ExprKind::kAggregate: {
        const Aggregate aggregate = program_.aggregates[e.a];
        if (aggregate.child_ref == kWholeTable) break;
        std::vector<ExprId> inner;
        const base::Table& child = program_.schema.tables[aggregate.child];
        if (child.time != kNone) {
          const ExprId time = program_.field(aggregate.child, child.time);
          const bool is_date = child.columns[child.time].type.kind == base::TypeKind::kDate;
          inner.push_back(is_date ? time : program_.call(Fn::date_of, kDate, {time}));
        } else {
          if (aggregate.filter != kNone) collect(aggregate.filter, inner);
          if (aggregate.value != kNone) collect(aggregate.value, inner);
        }
        for (ExprId day : inner) {
          add(program_.aggregate({.fn = AggFn::kMinimum,
                                  .frame = aggregate.frame,
                                  .child = aggregate.child,
                                  .child_ref = aggregate.child_ref,
                                  .value = day},
                                 kDate));
        }
        break;
      }
      case ExprKind::kFollow: {
        std::vector<ExprId> inner;
        collect(program_.args_of(id)[0], inner);
        for (ExprId day : inner) add(program_.follow(e.frame, e.a, day));
        break;
      }
      case ExprKind::kMember: collect(program_.outputs[e.a].root, days); break;
      case ExprKind::kTier:
        for (const Tier& tier : program_.outputs[e.a].tiers) {
          if (tier.condition != kNone) collect(tier.condition, days);
        }
        break;
      case ExprKind::kState:
        collect(program_.outputs[e.a].sticky->enter, days);
        collect(program_.outputs[e.a].sticky->leave, days);
        break;
      default:
        for (ExprId arg : program_.args_of(id)) collect(arg, days);
    }
  }

  ExprId earliest(const std::vector<ExprId>& days) {
    ExprId first = kNone;
    for (ExprId day : days) {
      if (first == kNone) {
        first = day;
        continue;
      }
      // The lesser of those that are known.
      const ExprId both = program_.call(Fn::min_of, kDate, {first, day});
      first = program_.call(Fn::coalesce, kDate, {both, program_.call(Fn::coalesce, kDate, {first, day})});
    }
    return first;
  }

 private:
  static constexpr base::Type kDate{.kind = base::TypeKind::kDate};
  Program& program_;
};

class Meaning {
 public:
  Meaning(const Program& program, const std::vector<base::Value>& params)
      : program_(program), params_(params), known_(program.exprs.size(), 0) {}

  std::uint64_t of(ExprId id) {
    if (id == kNone) return 1;
    if (known_[id] == 0) known_[id] = compute(id) | 1;
    return known_[id];
  }

  std::uint64_t of_sticky(const Output& output) {
    const Sticky& sticky = *output.sticky;
    std::uint64_t hash =
        mix(static_cast<std::uint64_t>(sticky.cadence.unit) + 2, static_cast<std::uint64_t>(sticky.cadence.count));
    for (ExprId part : {sticky.enter, sticky.leave, sticky.start, sticky.stay}) hash = mix(hash, of(part));
    return hash;
  }

 private:
  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    a = (a ^ (b + 0x9E3779B97F4A7C15 + (a << 6) + (a >> 2))) * 0xBF58476D1CE4E5B9;
    return a ^ a >> 29;
  }
  static std::uint64_t of_text(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return hash;
  }
  static std::uint64_t of_value(const base::Value& value) {
    const std::uint64_t kind = value.data.index();
    switch (kind) {
      case 1: return mix(kind, value.flag() ? 1 : 0);
      case 2: return mix(kind, static_cast<std::uint64_t>(value.integer()));
      case 3: return mix(kind, std::bit_cast<std::uint64_t>(value.number()));
      case 4: return mix(kind, of_text(value.text()));
      case 5:
        return mix(std::bit_cast<std::uint64_t>(value.location().latitude),
                   std::bit_cast<std::uint64_t>(value.location().longitude));
      case 6: {
        std::uint64_t hash = kind;
        for (const base::Value& element : value.list()) hash = mix(hash, of_value(element));
        return hash;
      }
      default: return kind;
    }
  }
  std::uint64_t of_column(TableId table, base::ColumnId column) const {
    if (table == kNone) return 3;
    const base::Table& t = program_.schema.tables[table];
    return mix(of_text(t.name), column < t.columns.size() ? of_text(t.columns[column].name) : column);
  }
  std::uint64_t of_window(WindowId id) const {
    const base::Window& w = program_.windows[id];
    std::uint64_t hash = mix(static_cast<std::uint64_t>(w.kind), static_cast<std::uint64_t>(w.unit));
    for (std::int64_t part : {w.n, w.m, std::int64_t{w.from_day}, std::int64_t{w.to_day}})
      hash = mix(hash, static_cast<std::uint64_t>(part));
    return hash;
  }
  // A derived table is what it is made of.
  std::uint64_t of_table(TableId id) {
    if (id == kNone) return 5;
    const base::Table& table = program_.schema.tables[id];
    std::uint64_t hash = of_text(table.name);
    for (const base::UnionPart& part : table.parts) hash = mix(mix(hash, of_table(part.table)), of(part.filter));
    if (!table.group) return hash;
    hash = mix(mix(hash, of_table(table.group->base)), of(table.group->filter));
    for (base::ColumnId column : table.group->group_by) hash = mix(hash, of_column(table.group->base, column));
    for (ExprId computed : table.group->computed) hash = mix(hash, of(computed));
    return hash;
  }

  std::uint64_t of_rows(const Aggregate& rows) {
    const std::uint64_t table = mix(of_table(rows.child), of_column(rows.child, rows.child_ref));
    return mix(mix(table, of(rows.filter)), rows.window == kNone ? 7 : of_window(rows.window));
  }

  std::uint64_t compute(ExprId id) {
    const Expr& e = program_.expr(id);
    std::uint64_t hash = mix(static_cast<std::uint64_t>(e.kind), static_cast<std::uint64_t>(e.type.kind));
    switch (e.kind) {
      case ExprKind::kLiteral: {
        const base::Value& value = program_.values[e.a];
        const bool is_choice = e.type.kind == base::TypeKind::kChoice && !value.is_missing() &&
                               e.type.detail < program_.schema.choices.size();
        hash =
            mix(hash,
                is_choice
                    ? of_text(program_.schema.choices[e.type.detail].values[static_cast<std::size_t>(value.integer())])
                    : of_value(value));
        break;
      }
      case ExprKind::kParam:
        hash = mix(hash, of_value(e.a < params_.size() ? params_[e.a] : program_.params[e.a].value));
        break;
      case ExprKind::kAsOfDay: break;
      case ExprKind::kField: hash = mix(mix(hash, of_column(e.frame, e.a)), of_table(e.frame)); break;
      case ExprKind::kFollow: hash = mix(hash, of_column(e.frame, e.a)); break;
      case ExprKind::kLookup: hash = mix(hash, of_column(e.a, e.b)); break;
      case ExprKind::kCall: hash = mix(hash, of_text(fn_name(e.fn))); break;
      case ExprKind::kInWindow:
      case ExprKind::kRecursInWindow: hash = mix(hash, of_window(e.a)); break;
      case ExprKind::kAggregate: {
        const Aggregate& a = program_.aggregates[e.a];
        hash = mix(mix(hash, static_cast<std::uint64_t>(a.fn)), of_table(a.child));
        hash = mix(hash, a.child_ref >= kWholeTable ? a.child_ref : of_column(a.child, a.child_ref));
        hash = mix(mix(hash, of(a.filter)), a.window == kNone ? 7 : of_window(a.window));
        hash = mix(mix(hash, of(a.value)), (a.value_is_gap ? 1 : 0) + 2 * static_cast<std::uint64_t>(a.unit));
        break;
      }
      case ExprKind::kSequence: {
        const Sequence& sequence = program_.sequences[e.a];
        hash = mix(mix(hash, of_rows(sequence.first)), sequence.elapsed ? 1 : 0);
        for (const SequenceStep& step : sequence.steps) {
          hash = mix(mix(hash, of_rows(step.rows)), (step.negated ? 1U : 0U) | (step.or_with ? 2U : 0U));
          hash = mix(hash, of(step.gap));
          for (ExprId tie : step.ties) hash = mix(hash, of(tie));
          for (ExprId tie : step.ties_before) hash = mix(hash, of(tie));
        }
        break;
      }
      case ExprKind::kStepOne: break;
      case ExprKind::kMember: hash = mix(hash, of(program_.outputs[e.a].root)); break;
      case ExprKind::kTier:
        for (const Tier& tier : program_.outputs[e.a].tiers)
          hash = mix(mix(mix(hash, of_text(tier.name)), tier.choice), of(tier.condition));
        break;
      case ExprKind::kState: hash = mix(hash, of_sticky(program_.outputs[e.a])); break;
      case ExprKind::kPopulation: {
        const Population& p = program_.populations[e.a];
        hash = mix(mix(hash, static_cast<std::uint64_t>(p.fn)), static_cast<std::uint64_t>(p.figure));
        hash = mix(hash,
                   (p.has_among ? 1 : 0) + (p.has_ties ? 2 : 0) + (p.ties_highest_first ? 4 : 0) + (p.has_n ? 8 : 0));
        break;
      }
    }
    for (ExprId arg : program_.args_of(id)) hash = mix(hash, of(arg));
    return hash;
  }

  const Program& program_;
  const std::vector<base::Value>& params_;
  std::vector<std::uint64_t> known_;
};

}  // namespace

void walk(const Program& program, const std::vector<ExprId>& from, const std::function<void(ExprId)>& see) {
  std::vector<bool> seen(program.exprs.size(), false);
  std::vector<ExprId> open = from;
  while (!open.empty()) {
    const ExprId id = open.back();
    open.pop_back();
    if (id == kNone || seen[id]) continue;
    seen[id] = true;
    see(id);
    each_input(program, id, [&](ExprId input) { open.push_back(input); });
  }
}

std::vector<OutputId> sticky_segments(const Program& program, const std::vector<ExprId>& from) {
  std::vector<OutputId> found;
  walk(program, from, [&](ExprId id) {
    if (program.expr(id).kind == ExprKind::kState) found.push_back(program.expr(id).a);
  });
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<TableId> events_read(const Program& program, OutputId sticky) {
  std::vector<bool> is_read(program.schema.tables.size(), false);
  walk(program, {program.outputs[sticky].root}, [&](ExprId id) {
    const Expr& e = program.expr(id);
    if (e.kind == ExprKind::kAggregate) add_stored(program.schema, program.aggregates[e.a].child, is_read);
    if (e.kind == ExprKind::kSequence) {
      for (const SequenceStep& step : program.sequences[e.a].steps) {
        add_stored(program.schema, step.rows.child, is_read);
      }
    }
  });
  std::vector<TableId> tables;
  for (TableId t = 0; t < is_read.size(); ++t) {
    if (is_read[t]) tables.push_back(t);
  }
  return tables;
}

ExprId first_day(Program& program, ExprId enter, ExprId leave) {
  FirstDay first(program);
  std::vector<ExprId> days;
  first.collect(enter, days);
  first.collect(leave, days);
  return first.earliest(days);
}

std::uint64_t meaning(const Program& program, const std::vector<base::Value>& params, OutputId sticky) {
  return Meaning(program, params).of_sticky(program.outputs[sticky]);
}

}  // namespace seg::program
