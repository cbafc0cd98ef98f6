// Which expressions can be missing (a flag: unknown): for lints and for the proof that a partition is complete.
#include <vector>

#include <algorithm>

#include "compiler/check/declaration.h"

namespace seg::check {
namespace {

using program::ExprKind;
using program::Fn;

enum class Answer : std::uint8_t { kUnasked, kNo, kYes };

class MissingAnalysis {
 public:
  explicit MissingAnalysis(const program::Program& program) : program_(program), known_(program.exprs.size()) {}

  bool can_be(ExprId id) {
    if (known_[id] != Answer::kUnasked) return known_[id] == Answer::kYes;
    const bool answer = ask(id);
    known_[id] = answer ? Answer::kYes : Answer::kNo;
    return answer;
  }

 private:
  bool column_can_be(TableId table_id, base::ColumnId column) const {
    const base::Table& table = program_.schema.tables[table_id];
    return column != table.owner && !table.columns[column].required;
  }

  bool ask(ExprId id) {
    const program::Expr& expr = program_.expr(id);
    switch (expr.kind) {
      case ExprKind::kLiteral: return program_.values[expr.a].is_missing();
      case ExprKind::kParam:
      case ExprKind::kAsOfDay:
      case ExprKind::kMember:
      case ExprKind::kState: return false;
      case ExprKind::kField: return column_can_be(expr.frame, expr.a);
      case ExprKind::kFollow: return column_can_be(expr.frame, expr.a) || any_arg(id);
      case ExprKind::kLookup: return true;
      case ExprKind::kCall: return ask_call(id, expr.fn);
      case ExprKind::kRecursInWindow:
      case ExprKind::kInWindow: return any_arg(id);
      case ExprKind::kSequence: return program_.sequences[expr.a].elapsed;
      case ExprKind::kStepOne: return any_arg(id);
      case ExprKind::kPopulation: return ask_population(program_.populations[expr.a], program_.population_args(id));
      case ExprKind::kAggregate: return ask_aggregate(program_.aggregates[expr.a].fn);
      case ExprKind::kTier: {
        for (const program::Tier& tier : program_.outputs[expr.a].tiers) {
          if (tier.condition == kNone) return false;
        }
        return true;
      }
    }
    return true;
  }

  bool ask_call(ExprId id, Fn fn) {
    if (fn == Fn::is_missing || fn == Fn::is_known || fn == Fn::is_true || fn == Fn::points_when ||
        fn == Fn::points_per) {
      return false;
    }
    const std::vector<ExprId> args = program_.args_of(id);
    if (fn == Fn::coalesce) return can_be(args[0]) && can_be(args[1]);
    if (fn == Fn::divide) {  // by zero
      const program::Expr& divisor = program_.expr(args[1]);
      if (divisor.kind != ExprKind::kLiteral) return true;
    }
    return any_arg(id);
  }

  static bool ask_aggregate(program::AggFn fn) {
    switch (fn) {
      case program::AggFn::kCount:
      case program::AggFn::kExists:
      case program::AggFn::kSum:
      case program::AggFn::kDistinct:
      case program::AggFn::kStreak:
      case program::AggFn::kCurrentStreak: return false;
      case program::AggFn::kAverage:
      case program::AggFn::kMinimum:
      case program::AggFn::kMaximum:
      case program::AggFn::kMedian:
      case program::AggFn::kFirst:
      case program::AggFn::kLast:
      case program::AggFn::kMostCommon: return true;
    }
    return true;
  }

  bool ask_population(const program::Population& population, const program::PopulationArgs& args) {
    using program::PopulationFn;
    if (population.fn == PopulationFn::kTop || population.fn == PopulationFn::kBottom) return false;
    const bool has_group = std::none_of(args.per.begin(), args.per.end(), [&](ExprId key) { return can_be(key); });
    if (population.fn == PopulationFn::kFigure) return !has_group || ask_aggregate(population.figure);
    // Whoever has a value has a rank; a figure of nobody is missing.
    const bool is_figure = population.fn == PopulationFn::kQuantile || population.fn == PopulationFn::kDeviation;
    return is_figure || !has_group || args.among != kNone || can_be(args.value);
  }

  bool any_arg(ExprId id) {
    for (ExprId arg : program_.args_of(id)) {
      if (can_be(arg)) return true;
    }
    return false;
  }

  const program::Program& program_;
  std::vector<Answer> known_;
};

}  // namespace

bool can_be_missing(const program::Program& program, ExprId expr) { return MissingAnalysis(program).can_be(expr); }

}  // namespace seg::check
