#include <string>

#include "program/names.h"
#include "program/program.h"

namespace seg::program {
namespace {

constexpr const char* kUnits[] = {"hour", "day", "week", "month", "quarter", "year"};

bool is_streak(AggFn fn) { return fn == AggFn::kStreak || fn == AggFn::kCurrentStreak; }

std::string print_value(const base::Value& value) {
  switch (value.data.index()) {
    case 1: return value.flag() ? "yes" : "no";
    case 2: return std::to_string(value.integer());
    case 3: return std::to_string(value.number());
    case 4: return '"' + value.text() + '"';
    case 5:
      return "point(" + std::to_string(value.location().latitude) + ", " + std::to_string(value.location().longitude) +
             ")";
    case 6: {
      std::string out = "[";
      for (const base::Value& element : value.list()) out += (out.size() > 1 ? ", " : "") + print_value(element);
      return out + "]";
    }
    default: return "missing";
  }
}

std::string ref(ExprId id) { return id == kNone ? "-" : "%" + std::to_string(id); }

// tile(value, n, among …, ties …, per …)
template <class F>
std::string print_population(const Program& program, ExprId id, F print_one) {
  const Population& p = program.populations[program.expr(id).a];
  const PopulationArgs args = program.population_args(id);
  std::string out = population_name(p.fn);
  if (p.fn == PopulationFn::kFigure) out = std::string(agg_name(p.figure)) + "_" + out;
  out += "(" + print_one(args.value);
  if (args.n != kNone) out += ", " + print_one(args.n);
  if (args.among != kNone) out += ", among " + print_one(args.among);
  if (args.ties != kNone) out += (p.ties_highest_first ? ", ties highest " : ", ties lowest ") + print_one(args.ties);
  for (ExprId key : args.per) out += ", per " + print_one(key);
  return out + ")";
}

std::string print_aggregate(const Program& program, const Aggregate& aggregate) {
  std::string out = std::string(agg_name(aggregate.fn)) + " of " + program.schema.tables[aggregate.child].name;
  if (aggregate.child_ref == kGroupRef) {
    out += " by group";
  } else if (aggregate.child_ref == kWholeTable) {
    out += " (all)";
  } else {
    out += " by " + program.schema.tables[aggregate.child].columns[aggregate.child_ref].name;
  }
  if (is_streak(aggregate.fn)) out += std::string(" by ") + kUnits[static_cast<std::size_t>(aggregate.unit)];
  out += " value " + (aggregate.value_is_gap ? "gap" : ref(aggregate.value)) + " where " + ref(aggregate.filter);
  if (aggregate.window != kNone) out += " over w" + std::to_string(aggregate.window);
  return out;
}

// [purchase by customer where … then not refund by customer within … tied order = order]
std::string print_sequence(const Program& program, const Sequence& sequence) {
  const auto rows = [&](const Aggregate& of) {
    const base::Table& child = program.schema.tables[of.child];
    std::string text = child.name + " by " + child.columns[of.child_ref].name;
    if (of.filter != kNone) text += " where " + print(program, of.filter);
    if (of.window != kNone) text += " over " + print(program.windows[of.window]);
    return text;
  };
  std::string out = sequence.elapsed ? "[time from " : "[";
  out += rows(sequence.first);
  for (const SequenceStep& step : sequence.steps) {
    out += std::string(" then ") + (step.or_with ? "or with " : "") + (step.negated ? "not " : "") + rows(step.rows);
    for (std::size_t i = 0; i < step.ties.size(); ++i) {
      out += " tied " + print(program, step.ties[i]) + " = " + print(program, step.ties_before[i]);
    }
    if (step.gap != kNone) out += " within " + print(program, step.gap);
  }
  return out + "]";
}

std::string print_expr(const Program& program, ExprId id) {
  const Expr& e = program.expr(id);
  switch (e.kind) {
    case ExprKind::kLiteral: return "literal " + print_value(program.values[e.a]);
    case ExprKind::kParam: return "param " + program.params[e.a].name;
    case ExprKind::kAsOfDay: return "as_of";
    case ExprKind::kField: return "field " + program.schema.tables[e.frame].columns[e.a].name;
    case ExprKind::kFollow: return "follow " + program.schema.tables[e.frame].columns[e.a].name;
    case ExprKind::kLookup:
      return "lookup " + program.schema.tables[e.a].name + "." + program.schema.tables[e.a].columns[e.b].name;
    case ExprKind::kCall: return fn_name(e.fn);
    case ExprKind::kInWindow: return "in_window w" + std::to_string(e.a);
    case ExprKind::kRecursInWindow: return "recurs_in_window w" + std::to_string(e.a);
    case ExprKind::kAggregate: return print_aggregate(program, program.aggregates[e.a]);
    case ExprKind::kSequence: return print_sequence(program, program.sequences[e.a]);
    case ExprKind::kStepOne: return "step 1";
    case ExprKind::kMember: return "member " + program.outputs[e.a].name;
    case ExprKind::kTier: return "tier " + program.outputs[e.a].name;
    case ExprKind::kState: return "state " + program.outputs[e.a].name;
    case ExprKind::kPopulation: return print_population(program, id, ref);
  }
  return "";
}

std::string print_nested(const Program& program, ExprId id);

std::string print_args(const Program& program, ExprId id) {
  std::string out;
  for (ExprId arg : program.args_of(id)) out += (out.empty() ? "" : ", ") + print_nested(program, arg);
  return out;
}

std::string print_literal(const Program& program, const Expr& e) {
  const base::Value& value = program.values[e.a];
  if (e.type.kind == base::TypeKind::kChoice && !value.is_missing()) {
    return program.schema.choices[e.type.detail].values[static_cast<std::size_t>(value.integer())];
  }
  if (e.type.kind == base::TypeKind::kNumber || e.type.kind == base::TypeKind::kInteger ||
      e.type.kind == base::TypeKind::kText || e.type.kind == base::TypeKind::kFlag ||
      e.type.kind == base::TypeKind::kList) {
    return print_value(value);
  }
  return std::string(base::type_keyword(e.type.kind)) + " " + print_value(value);
}

std::string print_nested(const Program& program, const Aggregate& aggregate) {
  const base::Table& child = program.schema.tables[aggregate.child];
  std::string out = std::string(agg_name(aggregate.fn)) + " of " + child.name;
  if (aggregate.child_ref == kGroupRef) {
    out += " by group";
  } else if (aggregate.child_ref == kWholeTable) {
    out += " (all)";
  } else {
    out += " by " + child.columns[aggregate.child_ref].name;
  }
  if (is_streak(aggregate.fn)) out += std::string(" by ") + kUnits[static_cast<std::size_t>(aggregate.unit)];
  if (aggregate.value_is_gap) out += " value gap";
  if (aggregate.value != kNone) out += " value " + print_nested(program, aggregate.value);
  if (aggregate.filter != kNone) out += " where " + print_nested(program, aggregate.filter);
  if (aggregate.window != kNone) out += " over " + print(program.windows[aggregate.window]);
  return "[" + out + "]";
}

std::string print_nested(const Program& program, ExprId id) {
  const Expr& e = program.expr(id);
  switch (e.kind) {
    case ExprKind::kLiteral: return print_literal(program, e);
    case ExprKind::kParam: return "param " + program.params[e.a].name;
    case ExprKind::kAsOfDay: return "as_of";
    case ExprKind::kField:
      return program.schema.tables[e.frame].name + "." + program.schema.tables[e.frame].columns[e.a].name;
    case ExprKind::kFollow: return program.schema.tables[e.frame].columns[e.a].name + "->" + print_args(program, id);
    case ExprKind::kLookup:
      return program.schema.tables[e.a].name + "[" + print_args(program, id) + "]." +
             program.schema.tables[e.a].columns[e.b].name;
    case ExprKind::kCall: return std::string(fn_name(e.fn)) + "(" + print_args(program, id) + ")";
    case ExprKind::kInWindow: return "in_window(" + print_args(program, id) + ", " + print(program.windows[e.a]) + ")";
    case ExprKind::kRecursInWindow:
      return "recurs_in_window(" + print_args(program, id) + ", " + print(program.windows[e.a]) + ")";
    case ExprKind::kAggregate: return print_nested(program, program.aggregates[e.a]);
    case ExprKind::kSequence: return print_sequence(program, program.sequences[e.a]);
    case ExprKind::kStepOne: return "step 1: " + print_args(program, id);
    case ExprKind::kMember: return "member " + program.outputs[e.a].name;
    case ExprKind::kTier: return "tier " + program.outputs[e.a].name;
    case ExprKind::kState: return "state " + program.outputs[e.a].name;
    case ExprKind::kPopulation:
      return print_population(program, id, [&](ExprId arg) { return print_nested(program, arg); });
  }
  return "";
}

}  // namespace

const char* kind_name(ExprKind kind) {
  switch (kind) {
    case ExprKind::kLiteral: return "literal";
    case ExprKind::kParam: return "param";
    case ExprKind::kAsOfDay: return "as_of_day";
    case ExprKind::kField: return "field";
    case ExprKind::kFollow: return "follow";
    case ExprKind::kLookup: return "lookup";
    case ExprKind::kCall: return "call";
    case ExprKind::kInWindow: return "in_window";
    case ExprKind::kRecursInWindow: return "recurs_in_window";
    case ExprKind::kAggregate: return "aggregate";
    case ExprKind::kSequence: return "sequence";
    case ExprKind::kStepOne: return "step_one";
    case ExprKind::kMember: return "member";
    case ExprKind::kTier: return "tier";
    case ExprKind::kState: return "state";
    case ExprKind::kPopulation: return "population";
  }
  return "";
}

const char* population_name(PopulationFn fn) {
  switch (fn) {
    case PopulationFn::kTile: return "tile";
    case PopulationFn::kPercentile: return "percentile";
    case PopulationFn::kRank: return "rank";
    case PopulationFn::kTop: return "top";
    case PopulationFn::kBottom: return "bottom";
    case PopulationFn::kFigure: return "across";
    case PopulationFn::kQuantile: return "quantile";
    case PopulationFn::kDeviation: return "deviation";
  }
  return "";
}

const char* agg_name(AggFn fn) {
  switch (fn) {
    case AggFn::kCount: return "count";
    case AggFn::kExists: return "exists";
    case AggFn::kSum: return "sum";
    case AggFn::kAverage: return "average";
    case AggFn::kMinimum: return "minimum";
    case AggFn::kMaximum: return "maximum";
    case AggFn::kMedian: return "median";
    case AggFn::kDistinct: return "distinct";
    case AggFn::kFirst: return "first";
    case AggFn::kLast: return "last";
    case AggFn::kMostCommon: return "most_common";
    case AggFn::kStreak: return "streak";
    case AggFn::kCurrentStreak: return "current_streak";
  }
  return "";
}

std::string print(const base::Window& window) {
  const std::string unit = kUnits[static_cast<std::size_t>(window.unit)];
  const std::string n = std::to_string(window.n);
  switch (window.kind) {
    case base::WindowKind::kAllTime: return "all time";
    case base::WindowKind::kLast: return "last " + n + " " + unit;
    case base::WindowKind::kPrevious: return "previous " + n + " " + unit;
    case base::WindowKind::kAgo: return n + " to " + std::to_string(window.m) + " " + unit + " ago";
    case base::WindowKind::kLastFull:
      return "last " + n + " full " + unit + (window.m == 0 ? "" : " without " + std::to_string(window.m));
    case base::WindowKind::kThis: return "this " + unit;
    case base::WindowKind::kNext: return "next " + n + " " + unit;
    case base::WindowKind::kBetween:
      return "days " + std::to_string(window.from_day) + " to " + std::to_string(window.to_day);
  }
  return "";
}

std::string print(const Program& program, ExprId expr) { return print_nested(program, expr); }

std::string print(const Program& program) {
  std::string out;
  for (ExprId id = 0; id < program.exprs.size(); ++id) {
    const Expr& e = program.exprs[id];
    out +=
        ref(id) + " " + (e.frame == kNone ? "" : program.schema.tables[e.frame].name + ": ") + print_expr(program, id);
    if (e.kind != ExprKind::kPopulation) {
      for (ExprId arg : program.args_of(id)) out += " " + ref(arg);
    }
    out += " -> " + std::string(base::type_keyword(e.type.kind)) + "\n";
  }
  for (const Output& output : program.outputs) {
    out += output.name + " = " + ref(output.root);
    if (output.sticky) {
      const Sticky& sticky = *output.sticky;
      out += " every " + std::to_string(sticky.cadence.count) + " " +
             kUnits[static_cast<std::size_t>(sticky.cadence.unit)];
      out += " enter " + ref(sticky.enter) + " leave " + ref(sticky.leave) + " start " + ref(sticky.start);
      if (sticky.stay != kNone) out += " stay " + ref(sticky.stay);
    }
    out += "\n";
  }
  return out;
}

}  // namespace seg::program
