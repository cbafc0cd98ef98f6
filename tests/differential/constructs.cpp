#include "tests/differential/constructs.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string_view>

#include "program/names.h"

namespace seg::differential {
namespace {

using base::kNone;
using base::Value;
using program::AggFn;
using program::Expr;
using program::ExprKind;
using program::Fn;
using program::Program;

constexpr std::uint64_t kMostRows = 3;  // of each frame, for each expression

// "last 3 full month without 2" -> "last n full month without n"
std::string window_name(const base::Window& window) {
  std::string name = "window: ";
  for (const char c : program::print(window)) {
    const bool is_digit = std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-';
    if (!is_digit) name += c;
    if (is_digit && name.back() != 'n') name += 'n';
  }
  return name;
}

std::string aggregate_name(AggFn fn, bool is_gap) {
  return std::string("aggregate: ") + program::agg_name(fn) + (is_gap ? " of gap" : "");
}

std::string population_name(program::PopulationFn fn, AggFn figure) {
  const bool is_figure = fn == program::PopulationFn::kFigure;
  return std::string("population: ") + (is_figure ? std::string(program::agg_name(figure)) + " " : "") +
         program::population_name(fn);
}

std::string name_of(const Program& program, const Expr& e) {
  if (e.kind == ExprKind::kCall) return std::string("function: ") + program::fn_name(e.fn);
  if (e.kind == ExprKind::kPopulation) {
    const program::Population& population = program.populations[e.a];
    return population_name(population.fn, population.figure);
  }
  if (e.kind != ExprKind::kAggregate) return std::string("kind: ") + program::kind_name(e.kind);
  return aggregate_name(program.aggregates[e.a].fn, program.aggregates[e.a].value_is_gap);
}

const char* child_name(const program::Aggregate& aggregate) {
  if (aggregate.child_ref == program::kGroupRef) return "aggregate of grouped rows";
  return aggregate.child_ref == program::kWholeTable ? "aggregate of a whole table" : "aggregate of own rows";
}

const char* output_name(program::OutputKind kind) {
  switch (kind) {
    case program::OutputKind::kSegment: return "output: segment";
    case program::OutputKind::kPartition: return "output: partition";
    case program::OutputKind::kMetric: return "output: metric";
    case program::OutputKind::kScore: return "output: score";
  }
  return "";
}

// What is to be said of a sequence, besides that there is one.
std::vector<std::string> names_of(const program::Sequence& sequence) {
  std::vector<std::string> names;
  const auto add = [&](bool is_so, const std::string& name) {
    if (is_so) names.push_back("sequence: " + name);
  };
  add(true, "of " + std::to_string(sequence.steps.size() + 1) + " steps");
  add(sequence.elapsed, "elapsed");
  add(sequence.in_days, "of dates");
  add(sequence.reads_first, "reads step 1");
  add(sequence.first.window != kNone, "over a period");
  add(sequence.steps.back().negated, "negated last step");
  for (std::size_t i = 0; i < sequence.steps.size(); ++i) {
    const program::SequenceStep& step = sequence.steps[i];
    add(step.negated && i + 1 < sequence.steps.size(), "negated step in the middle");
    add(step.negated && i > 0 && sequence.steps[i - 1].negated, "negated steps in a row");
    add(step.or_with, "or with");
    add(step.gap != kNone, "within a gap");
    add(step.ties.size() == 1, "tied");
    add(step.ties.size() > 1, "tied twice");
  }
  return names;
}

}  // namespace

ConstructCounts::ConstructCounts() {
  for (int i = 0; *program::kind_name(static_cast<ExprKind>(i)) != '\0'; ++i) {
    const auto kind = static_cast<ExprKind>(i);
    if (kind != ExprKind::kCall && kind != ExprKind::kAggregate && kind != ExprKind::kPopulation)
      counts_[std::string("kind: ") + program::kind_name(kind)];
  }
  for (int i = 0; i < program::kNumFns; ++i) counts_[std::string("function: ") + program::fn_name(static_cast<Fn>(i))];
  for (int i = 0; *program::agg_name(static_cast<AggFn>(i)) != '\0'; ++i) {
    counts_[aggregate_name(static_cast<AggFn>(i), false)];
  }
  for (int i = 0; *program::population_name(static_cast<program::PopulationFn>(i)) != '\0'; ++i) {
    const auto fn = static_cast<program::PopulationFn>(i);
    if (fn != program::PopulationFn::kFigure) counts_[population_name(fn, AggFn::kCount)];
  }
  for (const AggFn figure :
       {AggFn::kCount, AggFn::kSum, AggFn::kAverage, AggFn::kMinimum, AggFn::kMaximum, AggFn::kMedian}) {
    counts_[population_name(program::PopulationFn::kFigure, figure)];
  }
}

void ConstructCounts::count(const std::string& name, const base::Type& type, const std::vector<Value>& values) {
  Count& count = counts_[name];
  ++count.num;
  for (const Value& value : values) {
    if (type.kind != base::TypeKind::kFlag) {
      ++(value.is_missing() ? count.num_missing : count.num_known);
    } else {
      ++(value.is_missing() ? count.num_unknown : value.flag() ? count.num_true : count.num_false);
    }
  }
}

void ConstructCounts::add(const Program& program, const std::vector<NamedExpr>& named, const vector::Dataset& dataset,
                          reference::Interpreter& interpreter, RandomSource& random) {
  // What reads the first step of a sequence has a value only while a step is looked at.
  std::vector<bool> needs_step(program.exprs.size());
  std::vector<std::vector<Value>> values(program.exprs.size());
  for (program::ExprId id = 0; id < program.exprs.size(); ++id) {
    const Expr& e = program.exprs[id];
    needs_step[id] = std::string_view(program::kind_name(e.kind)) == "step_one";
    for (const program::ExprId arg : program.args_of(id)) needs_step[id] = needs_step[id] || needs_step[arg];
    const bool is_stored = e.frame != kNone && dataset.tables[e.frame].num_rows > 0;  // derived tables hold no rows yet
    if (is_stored && !needs_step[id]) {
      const std::uint64_t num_rows = dataset.tables[e.frame].num_rows;
      const std::uint64_t first = random.below(num_rows);
      for (std::uint64_t i = 0; i < std::min(kMostRows, num_rows); ++i) {
        values[id].push_back(interpreter.evaluate(id, (first + i) % num_rows));
      }
    }
    count(name_of(program, e), e.type, values[id]);
    if (e.kind == ExprKind::kSequence) {
      for (const std::string& name : names_of(program.sequences[e.a])) count(name, e.type, values[id]);
    }
    if (e.kind == ExprKind::kPopulation) {
      const program::Population& population = program.populations[e.a];
      if (population.has_among) count("population among a segment", e.type, values[id]);
      if (population.has_ties) count("population with a tie-break", e.type, values[id]);
      if (!program.population_args(id).per.empty()) count("population per group", e.type, values[id]);
    }
    if (e.kind != ExprKind::kAggregate) continue;
    const program::Aggregate& aggregate = program.aggregates[e.a];
    count(child_name(aggregate), e.type, values[id]);
    if (aggregate.window != kNone) count(window_name(program.windows[aggregate.window]), e.type, values[id]);
  }
  for (program::ExprId id = 0; id < program.exprs.size(); ++id) {
    const Expr& e = program.exprs[id];
    const bool is_windowed = e.kind == ExprKind::kInWindow || e.kind == ExprKind::kRecursInWindow;
    if (is_windowed) count(window_name(program.windows[e.a]), e.type, values[id]);
  }
  for (const NamedExpr& one : named) count(one.name, program.expr(one.expr).type, values[one.expr]);
  for (const program::Output& output : program.outputs)
    count(output_name(output.kind), output.type, values[output.root]);
}

void ConstructCounts::merge(const ConstructCounts& other) {
  for (const auto& [name, from] : other.counts_) {
    Count& to = counts_[name];
    to.num += from.num;
    to.num_true += from.num_true;
    to.num_false += from.num_false;
    to.num_unknown += from.num_unknown;
    to.num_known += from.num_known;
    to.num_missing += from.num_missing;
  }
}

std::uint64_t ConstructCounts::print() const {
  const auto n = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("%-44s %12s %12s %12s %12s %12s %12s\n", "construct", "occurred", "true", "false", "unknown", "known",
              "missing");
  std::uint64_t num_never = 0;
  for (const auto& [name, count] : counts_) {
    num_never += count.num == 0 ? 1 : 0;
    std::printf("%-44s %12llu", name.c_str(), n(count.num));
    const bool is_flag = count.num_true + count.num_false + count.num_unknown > 0;
    const bool is_value = count.num_known + count.num_missing > 0;
    if (is_flag || is_value) {
      std::printf(" %12llu %12llu %12llu", n(count.num_true), n(count.num_false), n(count.num_unknown));
    }
    if (is_value) std::printf(" %12llu %12llu", n(count.num_known), n(count.num_missing));
    std::printf("%s\n", count.num == 0 ? "  never" : "");
  }
  return num_never;
}

}  // namespace seg::differential
