// Populations: those of the same rows by the same value are one step with several figures, so that each order of rows
// is made once.
#include <map>
#include <tuple>

#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::AggFn;
using program::ExprId;

namespace {

PopulationFn fn_of(const program::Population& population) {
  switch (population.fn) {
    case program::PopulationFn::kTile: return PopulationFn::kTile;
    case program::PopulationFn::kPercentile: return PopulationFn::kPercentile;
    case program::PopulationFn::kRank: return PopulationFn::kRank;
    case program::PopulationFn::kTop: return PopulationFn::kTop;
    case program::PopulationFn::kBottom: return PopulationFn::kBottom;
    case program::PopulationFn::kQuantile: return PopulationFn::kQuantile;
    case program::PopulationFn::kDeviation: return PopulationFn::kDeviation;
    case program::PopulationFn::kFigure: break;
  }
  switch (population.figure) {
    case AggFn::kCount: return PopulationFn::kCount;
    case AggFn::kSum: return PopulationFn::kSum;
    case AggFn::kAverage: return PopulationFn::kAverage;
    case AggFn::kMinimum: return PopulationFn::kMinimum;
    case AggFn::kMaximum: return PopulationFn::kMaximum;
    case AggFn::kMedian: return PopulationFn::kMedian;
    case AggFn::kExists:
    case AggFn::kDistinct:
    case AggFn::kFirst:
    case AggFn::kLast:
    case AggFn::kMostCommon:
    case AggFn::kStreak:
    case AggFn::kCurrentStreak: break;  // the checker makes none of these
  }
  return PopulationFn::kCount;
}

// Conditions that are always known to hold need no mask.
std::uint32_t keep_known(Shared& shared, ExprId id, base::TableId table) {
  const program::Expr& e = shared.program.expr(id);
  if (e.kind == program::ExprKind::kLiteral && !shared.program.values[e.a].is_missing()) return base::kNone;
  return shared.keep_rows(id, Facet::kKnown, table);
}

PopulationColumn keep_column(Shared& shared, ExprId id, base::TableId table) {
  const bool is_flag = shared.program.expr(id).type.kind == TypeKind::kFlag;
  return {.value = shared.keep_rows(id, is_flag ? Facet::kTrue : Facet::kValue, table),
          .known = keep_known(shared, id, table)};
}

}  // namespace

void add_populations(Shared& shared, std::uint32_t stage, std::vector<Step>& steps) {
  const auto found = shared.populations.find(stage);
  if (found == shared.populations.end()) return;
  using Key = std::tuple<base::TableId, ExprId, ExprId, ExprId, bool, std::vector<ExprId>>;
  std::map<Key, std::uint32_t> orders;
  for (const auto& [id, request] : found->second) {
    const program::Expr& e = shared.program.expr(id);
    const program::Population& population = shared.program.populations[e.a];
    const program::PopulationArgs args = shared.program.population_args(id);
    const Key key{e.frame, args.value, args.among, args.ties, population.ties_highest_first, args.per};
    const auto [order, is_new] = orders.emplace(key, static_cast<std::uint32_t>(shared.module.populations.size()));
    if (is_new) {
      Population made{.table = e.frame,
                      .value = keep_column(shared, args.value, e.frame),
                      .among = base::kNone,
                      .ties = {},
                      .ties_highest_first = population.ties_highest_first};
      if (args.among != base::kNone) made.among = shared.keep_rows(args.among, Facet::kTrue, e.frame);
      if (args.ties != base::kNone) made.ties = keep_column(shared, args.ties, e.frame);
      for (ExprId part : args.per) made.per.push_back(keep_column(shared, part, e.frame));
      shared.module.populations.push_back(std::move(made));
      steps.push_back({.kind = StepKind::kPopulation, .index = order->second});
    }
    const TypeKind result = e.type.kind;
    PopulationFigure figure{.fn = fn_of(population),
                            .rounds = false,
                            .n = args.n == base::kNone ? base::kNone : shared.pools.constant_of(args.n),
                            .result = request.result,
                            .known = request.known,
                            .overflow = request.overflow};
    const bool may_round = figure.fn == PopulationFn::kAverage || figure.fn == PopulationFn::kMedian ||
                           figure.fn == PopulationFn::kDeviation;
    figure.rounds = may_round && (result == TypeKind::kMoney || result == TypeKind::kDuration);
    shared.module.populations[order->second].figures.push_back(figure);
  }
}

}  // namespace seg::bytecode
