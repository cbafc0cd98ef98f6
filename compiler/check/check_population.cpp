// Against the population: ranks (`quintile(x) per country`), the first so many (`in top 10% by x`) and the population's
// own figures (`median(x across everyone)`). They compare rows of the nearest subject or entity outward, and are read
// from there wherever they stand.
#include <algorithm>
#include <array>

#include "compiler/check/rows.h"

namespace seg::check {
namespace {

using program::AggFn;
using program::Population;
using program::PopulationArgs;
using program::PopulationFn;

struct Rank {
  std::string_view name;
  PopulationFn fn;
  std::int64_t tiles;  // 0: given
};
constexpr std::array<Rank, 6> kRanks = {{{"quartile", PopulationFn::kTile, 4},
                                         {"quintile", PopulationFn::kTile, 5},
                                         {"decile", PopulationFn::kTile, 10},
                                         {"ntile", PopulationFn::kTile, 0},
                                         {"percentile", PopulationFn::kPercentile, 0},
                                         {"rank", PopulationFn::kRank, 0}}};

const Rank* find_rank(std::string_view name) {
  for (const Rank& rank : kRanks) {
    if (rank.name == name) return &rank;
  }
  return nullptr;
}

// Who is compared: the rows of `level`, named as the place sees them.
struct Compared {
  const Scope* level = nullptr;
  Scope inside;
};

std::optional<Compared> compared_rows(Context& context, const Scope& scope, NodeId node) {
  for (const Scope* level = &scope; level != nullptr; level = level->outer) {
    if (level->frame == kNone) break;
    const base::TableKind kind = context.table(level->frame).kind;
    if (kind == base::TableKind::kSubject || kind == base::TableKind::kEntity) {
      Compared compared{.level = level, .inside = *level};
      compared.inside.module = scope.module;
      compared.inside.file = scope.file;
      compared.inside.arguments = scope.arguments;
      return compared;
    }
    if (level->owner_ref == kNone || level->owner_ref == program::kWholeTable || level->owner_ref == program::kGroupRef)
      break;
  }
  const std::string here = scope.frame == kNone ? "a fixed value" : "`" + context.table(scope.frame).name + "`";
  context.report(Code::nobody_to_compare, span(context, scope, node), {excerpt(context, scope, node), here})
      .help("make it a metric of the customer, and use that");
  return std::nullopt;
}

Checked made(Context& context, const Scope& scope, const Compared& compared, const Population& population,
             const PopulationArgs& args, const Type& type) {
  const ExprId expr = context.program.population(compared.level->frame, population, args, type);
  const ExprId lifted = lift(context, scope, *compared.level, expr);
  // Whose customer is missing is in no top ten either.
  if (lifted != expr && type.kind == TypeKind::kFlag) return call(context, Fn::is_true, kFlagType, {lifted});
  return checked(context, lifted);
}

void report_unordered_choice(Context& context, const Scope& scope, NodeId node, const Type& type) {
  const base::ChoiceSet& set = context.schema().choices[type.detail];
  auto report = context.report(Code::unranked_comparison, span(context, scope, node), {set.name});
  report.note("without an order nobody comes before another");
  if (set.values.size() >= 2) {
    report.help("give them one: `ranked choice of [" + set.values[0] + " < " + set.values[1] + " …]`");
  }
}

// Something that everyone has one of and that has an order.
Checked ranked_value(Context& context, const Scope& inside, NodeId node) {
  const Tree& tree = context.tree(inside);
  if (tree.is(node, NodeKind::kSelect) || names_events(context, inside, node)) {
    const std::string text = excerpt(context, inside, node);
    context
        .report(Code::wrong_kind_of_name, span(context, inside, node),
                {text, "a selection of events", "one value for each customer"})
        .help("say what to make of them: `count(" + text + ")`");
    return poison();
  }
  Checked value = check_expression(context, inside, node);
  if (!value.ok()) return poison();
  constexpr std::string_view kNeeded = "a number, an amount, a length of time, a date or a ranked choice";
  switch (value.type.kind) {
    case TypeKind::kInteger:
    case TypeKind::kNumber:
    case TypeKind::kDuration:
    case TypeKind::kDistance:
    case TypeKind::kDate:
    case TypeKind::kTime: return value;
    case TypeKind::kMoney:
      if (value.type.detail != base::kNoDetail) return value;
      context.report(Code::row_currency, span(context, inside, node), {excerpt(context, inside, node)})
          .note("amounts of different currencies have no order");
      return poison();
    case TypeKind::kChoice:
      if (value.type.ranked) return value;
      report_unordered_choice(context, inside, node, value.type);
      return poison();
    case TypeKind::kText:
    case TypeKind::kVersion:
    case TypeKind::kFlag:
    case TypeKind::kLocation:
    case TypeKind::kList:
    case TypeKind::kReference: break;
  }
  auto report = context.report(Code::wrong_type, span(context, inside, node),
                               {phrase(context, value.type), std::string(kNeeded)});
  if (value.type.kind == TypeKind::kText) report.note("texts have no highest and no lowest");
  if (value.type.kind == TypeKind::kFlag)
    report.help("how many it holds for: `count(… across segment X)`, with a segment of those");
  return poison();
}

// `among segment X`, `across everyone`. False: reported.
bool check_among(Context& context, const Scope& inside, NodeId node, ExprId& among) {
  if (context.tree(inside).is(node, NodeKind::kEveryone)) return true;
  const Checked member = check_in_segment(context, inside, node);
  among = member.expr;
  return member.ok();
}

bool check_per(Context& context, const Scope& inside, NodeId node, std::vector<ExprId>& per) {
  bool ok = true;
  for (NodeId part : context.tree(inside).children(node)) {
    Checked key = check_expression(context, inside, part);
    if (!key.ok()) {
      ok = false;
      continue;
    }
    switch (key.type.kind) {
      case TypeKind::kText:
        if (key.type.folded) key = folded(context, key);
        break;
      case TypeKind::kInteger:
      case TypeKind::kDate:
      case TypeKind::kChoice:
      case TypeKind::kFlag:
      case TypeKind::kReference: break;
      case TypeKind::kNumber:
      case TypeKind::kTime:
      case TypeKind::kDuration:
      case TypeKind::kDistance:
      case TypeKind::kMoney:
      case TypeKind::kLocation:
      case TypeKind::kVersion:
      case TypeKind::kList: {
        const std::string text = excerpt(context, inside, part);
        context.report(Code::no_groups, span(context, inside, part), {text, phrase(context, key.type)})
            .note("a group has the same text, choice, yes or no, whole number or date")
            .help("make bands of it: a `partition` with a tier for each band, then `per` its name");
        ok = false;
        continue;
      }
    }
    per.push_back(key.expr);
  }
  return ok;
}

// A plain value or a param: the same for everyone.
std::optional<Checked> fixed_number(Context& context, const Scope& inside, NodeId node, std::string_view what) {
  const Checked n = check_expression(context, inside, node);
  if (!n.ok()) return std::nullopt;
  const program::ExprKind kind = context.program.expr(n.expr).kind;
  if (kind == program::ExprKind::kLiteral || kind == program::ExprKind::kParam) return n;
  context.report(Code::not_a_literal, span(context, inside, node), {std::string(what)})
      .note("a plain number, a share such as `10%`, or a param: the same for everyone");
  return std::nullopt;
}

bool is_too_much(Context& context, const Scope& inside, NodeId node, const Checked& share) {
  const Value* known = literal_value(context, share);
  if (known == nullptr || (known->number() >= 0 && known->number() <= 1)) return false;
  auto report = context.report(Code::impossible_share, span(context, inside, node), {excerpt(context, inside, node)});
  if (known->number() > 1 && known->number() <= 100) {
    const std::string percent = std::string(context.tree(inside).text(node)) + "%";
    if (context.tree(inside).is(node, NodeKind::kNumber)) {
      report.help("did you mean `" + percent + "`?").fix(span(context, inside, node), percent);
    }
  }
  return true;
}

// How many (a whole number) or which share (a percentage).
std::optional<Checked> how_many(Context& context, const Scope& inside, NodeId node) {
  const auto n = fixed_number(context, inside, node, "how many they are");
  if (!n) return std::nullopt;
  const bool is_share = n->type.kind == TypeKind::kNumber && !context.tree(inside).is(node, NodeKind::kNumber);
  if (is_share) return is_too_much(context, inside, node, *n) ? std::nullopt : n;
  if (n->type.kind == TypeKind::kInteger) return n;
  report_wrong_type(context, inside, node, n->type, "a whole number, or a share such as `10%`");
  return std::nullopt;
}

Checked check_rank(Context& context, const Scope& scope, NodeId call_node, NodeId among, NodeId per) {
  const Tree& tree = context.tree(scope);
  const Rank& rank = *find_rank(tree.name(tree.child(call_node, 0)));
  const auto compared = compared_rows(context, scope, call_node);
  if (!compared) return poison();
  const Scope& inside = compared->inside;
  const std::size_t num_arguments = tree.num_children(call_node) - 1;
  const bool is_given = rank.name == "ntile";
  if (num_arguments != (is_given ? 2 : 1)) {
    context
        .report(Code::wrong_arguments, span(context, scope, call_node),
                {std::string(rank.name), is_given ? "a value and how many tiles" : "one value",
                 std::to_string(num_arguments)})
        .help(is_given ? "`ntile(spend, 20)`" : "`" + std::string(rank.name) + "(spend)`");
    return poison();
  }
  if (tree.is(tree.child(call_node, 1), NodeKind::kAcross)) {
    const std::string name(rank.name);
    context.report(Code::misplaced_clause, span(context, scope, call_node), {"across"})
        .help("`across` makes one figure of everyone; who a rank is among: `" + name + "(…) among segment X`");
    return poison();
  }
  Population population{.fn = rank.fn};
  PopulationArgs args;
  const Checked value = ranked_value(context, inside, tree.child(call_node, 1));
  bool ok = value.ok();
  args.value = value.expr;
  if (is_given) {
    const NodeId node = tree.child(call_node, 2);
    const auto n = fixed_number(context, inside, node, "the number of tiles");
    ok = ok && n.has_value();
    if (n) {
      const Value* known = literal_value(context, *n);
      if (n->type.kind != TypeKind::kInteger) {
        report_wrong_type(context, inside, node, n->type, "a whole number");
        ok = false;
      } else if (known != nullptr && known->integer() < 1) {
        context.report(Code::wrong_arguments, span(context, inside, node),
                       {"ntile", "one tile or more", excerpt(context, inside, node)});
        ok = false;
      }
      args.n = n->expr;
    }
  } else if (rank.fn == PopulationFn::kTile) {
    args.n = integer_literal(context, rank.tiles).expr;
  }
  if (among != syntax::kNoNode) ok = check_among(context, inside, tree.child(among, 0), args.among) && ok;
  if (per != syntax::kNoNode) ok = check_per(context, inside, per, args.per) && ok;
  if (!ok) return poison();
  return made(context, scope, *compared, population, args,
              rank.fn == PopulationFn::kPercentile ? kNumberType : kIntegerType);
}

// average, median … of everyone; what `deviation` and `quantile` give is not an aggregate of events.
std::optional<Type> figure_type(const Population& population, const Type& value) {
  if (population.fn == PopulationFn::kQuantile) return value;
  if (population.fn == PopulationFn::kFigure) return aggregate_type(population.figure, value);
  if (is_numeric(value)) return kNumberType;
  const bool is_exact = value.kind == TypeKind::kMoney || value.kind == TypeKind::kDuration;
  return is_exact ? std::optional(value) : std::nullopt;
}

std::optional<Population> find_figure(std::string_view name) {
  if (name == "quantile") return Population{.fn = PopulationFn::kQuantile};
  if (name == "deviation") return Population{.fn = PopulationFn::kDeviation};
  const auto fn = find_aggregate(name);
  if (!fn) return std::nullopt;
  switch (*fn) {
    case AggFn::kCount:
    case AggFn::kSum:
    case AggFn::kAverage:
    case AggFn::kMinimum:
    case AggFn::kMaximum:
    case AggFn::kMedian: return Population{.fn = PopulationFn::kFigure, .figure = *fn};
    case AggFn::kExists:
    case AggFn::kDistinct:
    case AggFn::kFirst:
    case AggFn::kLast:
    case AggFn::kMostCommon:
    case AggFn::kStreak:
    case AggFn::kCurrentStreak: break;
  }
  return std::nullopt;
}

}  // namespace

bool is_population_call(std::string_view name) {
  return find_rank(name) != nullptr || name == "quantile" || name == "deviation";
}

bool has_across(const Context& context, const Scope& scope, NodeId call_node) {
  const Tree& tree = context.tree(scope);
  const auto children = tree.children(call_node);
  return std::any_of(children.begin(), children.end(), [&](NodeId n) { return tree.is(n, NodeKind::kAcross); });
}

Checked check_population_call(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const std::string name = tree.name(tree.child(node, 0));
  if (find_rank(name) != nullptr) return check_rank(context, scope, node, syntax::kNoNode, syntax::kNoNode);
  if (has_across(context, scope, node)) return check_across(context, scope, node, name);
  context
      .report(Code::wrong_arguments, span(context, scope, node),
              {name, "a value `across` everyone", "one customer's alone"})
      .help("`" + name + "(spend across everyone" + (name == "quantile" ? ", 90%)`" : ")`"));
  return poison();
}

Checked check_across(Context& context, const Scope& scope, NodeId node, const std::string& name) {
  const Tree& tree = context.tree(scope);
  const NodeId across = tree.child(node, 1);
  const auto population = find_figure(name);
  if (!population || !tree.is(across, NodeKind::kAcross)) {
    context.report(Code::misplaced_clause, span(context, scope, node), {"across"})
        .note(
            "across everyone there are `average`, `median`, `minimum`, `maximum`, `sum`, `count`, `quantile` and "
            "`deviation`")
        .help("`median(spend across everyone per country)`, `quantile(spend across segment active, 90%)`");
    return poison();
  }
  const auto compared = compared_rows(context, scope, node);
  if (!compared) return poison();
  const Scope& inside = compared->inside;
  const bool is_quantile = population->fn == PopulationFn::kQuantile;
  if (tree.num_children(node) != (is_quantile ? 3 : 2)) {
    context
        .report(Code::wrong_arguments, span(context, scope, node),
                {name, is_quantile ? "a value and a share" : "one value", std::to_string(tree.num_children(node) - 1)})
        .help("`" + name + "(spend across everyone" + (is_quantile ? ", 90%)`" : ")`"));
    return poison();
  }
  PopulationArgs args;
  const NodeId value_node = tree.child(across, 0);
  const Checked value = ranked_value(context, inside, value_node);
  bool ok = value.ok();
  args.value = value.expr;
  ok = check_among(context, inside, tree.child(across, 1), args.among) && ok;
  if (tree.num_children(across) > 2) ok = check_per(context, inside, tree.child(across, 2), args.per) && ok;
  if (is_quantile) {
    const NodeId share_node = tree.child(node, 2);
    auto share = fixed_number(context, inside, share_node, "which quantile it is");
    ok = ok && share.has_value();
    if (share) {
      const Checked number = to_number(context, *share);
      if (number.type.kind != TypeKind::kNumber) {
        report_wrong_type(context, inside, share_node, share->type, "a share such as `90%`");
        ok = false;
      } else if (context.program.expr(number.expr).kind == program::ExprKind::kCall) {
        report_wrong_type(context, inside, share_node, share->type, "a param that is a share, such as `90%`");
        ok = false;
      } else if (is_too_much(context, inside, share_node, number)) {
        ok = false;
      }
      args.n = number.expr;
    }
  }
  if (!ok) return poison();
  const auto type = figure_type(*population, value.type);
  if (!type) {
    context
        .report(Code::wrong_type, span(context, inside, value_node),
                {phrase(context, value.type), "something that `" + name + "` works on"})
        .help("of it there are `minimum`, `maximum`, `count` and `quantile`");
    return poison();
  }
  return made(context, scope, *compared, *population, args, *type);
}

Checked check_rank_scope(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  NodeId among = syntax::kNoNode;
  NodeId per = syntax::kNoNode;
  for (NodeId child : tree.children(node).subspan(1)) (tree.is(child, NodeKind::kAmong) ? among : per) = child;
  const NodeId call_node = tree.child(node, 0);
  const NodeId callee = tree.child(call_node, 0);
  const std::string name = tree.name(callee);
  const Found own = find_symbol(context, scope.module, name, span(context, scope, callee));
  if (find_rank(name) != nullptr && own.symbol == kNone) return check_rank(context, scope, call_node, among, per);
  const std::string word = among != syntax::kNoNode ? "among" : "per";
  auto report = context.report(Code::misplaced_clause, span(context, scope, node), {word});
  report.note("`" + word + "` says with whom a rank compares: `quintile(spend) " +
              (among != syntax::kNoNode ? "among segment active" : "per country") + "`");
  if (find_figure(name)) {
    const std::string inner =
        tree.num_children(call_node) > 1 ? excerpt(context, scope, tree.child(call_node, 1)) : "x";
    if (!has_across(context, scope, call_node)) {
      report.help("the figure of a group: `" + name + "(" + inner + " across everyone per country)`");
    } else {
      report.help("it stands inside: `" + name + "(… across everyone per country)`");
    }
  }
  return poison();
}

Checked check_in_top(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const auto compared = compared_rows(context, scope, node);
  if (!compared) return poison();
  const Scope& inside = compared->inside;
  const bool is_bottom = tree.in_bottom(node);
  Population population{.fn = is_bottom ? PopulationFn::kBottom : PopulationFn::kTop};
  PopulationArgs args;
  const auto n = how_many(context, inside, tree.child(node, 0));
  const Checked value = ranked_value(context, inside, tree.child(node, 1));
  bool ok = n.has_value() && value.ok();
  if (n) args.n = n->expr;
  args.value = value.expr;
  for (NodeId clause : tree.children(node).subspan(2)) {
    if (tree.is(clause, NodeKind::kAmong)) {
      ok = check_among(context, inside, tree.child(clause, 0), args.among) && ok;
    } else if (tree.is(clause, NodeKind::kPer)) {
      ok = check_per(context, inside, clause, args.per) && ok;
    } else {
      const Checked ties = ranked_value(context, inside, tree.child(clause, 0));
      const syntax::TiesOrder order = tree.ties_order(clause);
      args.ties = ties.expr;
      ok = ok && ties.ok();
      population.ties_highest_first = order == syntax::TiesOrder::none
                                          ? !is_bottom
                                          : order == syntax::TiesOrder::latest || order == syntax::TiesOrder::highest;
    }
  }
  if (!ok) return poison();
  return made(context, scope, *compared, population, args, kFlagType);
}

}  // namespace seg::check
