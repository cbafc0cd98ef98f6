// Partitions: with tiers, by a grid of values, by value. Grids and values become tiers with conditions here, so that no
// engine knows of them.
#include "base/value_text.h"
#include "compiler/analyze/tiers.h"
#include "compiler/check/declaration.h"
#include "compiler/check/lowering.h"

namespace seg::check {

using program::Output;
using program::OutputKind;

namespace {

// A side of a grid: what its cells are compared with.
struct Side {
  NodeId node = syntax::kNoNode;
  Checked value;
};

class PartitionChecker {
 public:
  PartitionChecker(Context& context, SymbolId id)
      : context_(context), symbol_(context.symbols[id]), tree_(context.tree(symbol_.file)) {}

  bool check() {
    symbol_.frame = frame_of(context_, symbol_);
    if (symbol_.frame == kNone) return false;
    scope_ = {.module = symbol_.module, .file = symbol_.file, .frame = symbol_.frame};
    output_.title = head_title(tree_, symbol_.node);
    output_.ranked = tree_.partition_kind(symbol_.node) == syntax::PartitionKind::ranked;
    output_.disjoint = tree_.partition_kind(symbol_.node) == syntax::PartitionKind::disjoint;
    read_properties(context_, symbol_, output_);
    ok_ = !tree_.has_error(symbol_.node);
    if (tree_.is(symbol_.node, NodeKind::kPartitionByValue)) return check_by_value();
    if (tree_.is(symbol_.node, NodeKind::kGrid) && !read_sides()) ok_ = false;
    const bool can_read_cells = ok_;
    for (NodeId child : tree_.children(symbol_.node)) {
      switch (tree_.kind(child)) {
        case NodeKind::kOtherwise: check_otherwise(child); break;
        case NodeKind::kTier: check_tier(child); break;
        case NodeKind::kGridTier:
          if (can_read_cells) check_grid_tier(child);
          break;
        default: break;
      }
    }
    if (!ok_) return false;
    if (output_.tiers.empty()) {
      const bool is_grid = tree_.is(symbol_.node, NodeKind::kGrid);
      context_.report(Code::partition_without_tiers, symbol_.span, {symbol_.name})
          .help(is_grid ? "Add `NAME: (4..5, any)`." : "Add `tier NAME when …`.");
      return false;
    }
    if (!read_guards(context_, symbol_, output_)) return false;
    std::vector<ExprId> sides;
    for (const Side& side : sides_) sides.push_back(side.value.expr);
    if (!check_tiers(context_, symbol_, output_, sources_, sides, otherwise_ != syntax::kNoNode)) return false;
    add();
    return true;
  }

 private:
  base::DiagnosticBuilder error(Code code, base::Span span, const base::Args& args) {
    ok_ = false;
    return context_.report(code, span, args);
  }

  void add_tier(NodeId node, ExprId condition, std::uint32_t clause) {
    const NodeId name_node = tree_.name_node(node);
    if (name_node == syntax::kNoNode) {
      ok_ = false;
      return;
    }
    const std::string name = tree_.name(name_node);
    for (std::size_t i = 0; i < output_.tiers.size(); ++i) {
      if (output_.tiers[i].name != name) continue;
      error(Code::duplicate_tier, tree_.span(name_node), {name})
          .label(spans_[i], "first here")
          .help("A tier has one condition: join the two with `or`.");
      return;
    }
    output_.tiers.push_back({.name = name, .title = head_title(tree_, node), .condition = condition, .clause = clause});
    spans_.push_back(tree_.span(name_node));
  }

  void check_otherwise(NodeId node) {
    if (otherwise_ != syntax::kNoNode) {
      error(Code::duplicate_clause, tree_.span(node), {"otherwise"}).label(tree_.span(otherwise_), "first here");
    }
    otherwise_ = node;
    if (tree_.child(node, NodeKind::kNothing) == syntax::kNoNode) add_tier(node, kNone, kNone);
  }

  void check_order(NodeId node) {
    if (otherwise_ == syntax::kNoNode || !ok_) return;
    error(Code::clause_order, tree_.span(node), {"tier", "otherwise"})
        .label(tree_.span(otherwise_), "everyone else is here already");
  }

  void check_tier(NodeId node) {
    check_order(node);
    const NodeId when = tree_.child(node, NodeKind::kWhen);
    if (tree_.has_error(node)) {
      ok_ = false;
    } else if (when == syntax::kNoNode) {
      error(Code::tier_without_condition, tree_.span(node), {tree_.name(node)})
          .help("Write `tier " + tree_.name(node) + " when …`; who is left over goes to `otherwise " +
                tree_.name(node) + "`.");
    } else {
      const Checked condition = check_condition(context_, scope_, tree_.child(when, std::size_t{0}));
      if (!condition.ok()) {
        ok_ = false;
        return;
      }
      sources_.push_back({.condition = condition.expr,
                          .tier = output_.tiers.size(),
                          .span = tree_.span(tree_.child(when, std::size_t{0}))});
      add_tier(node, condition.expr, condition.clause);
    }
  }

  // ---- grids ----

  bool read_sides() {
    bool ok = true;
    const NodeId by = tree_.child(symbol_.node, NodeKind::kGridBy);
    if (by == syntax::kNoNode) return false;
    for (NodeId node : tree_.children(by)) {
      Side side{.node = node, .value = check_expression(context_, scope_, node)};
      const TypeKind kind = side.value.type.kind;
      if (!side.value.ok()) {
        ok = false;
      } else if (kind == TypeKind::kList || kind == TypeKind::kLocation || kind == TypeKind::kReference) {
        context_.report(Code::no_grid_dimension, tree_.span(node), {phrase(context_, side.value.type)})
            .note("Its cells are values: a score, a number, a choice, a partition's tiers, a text.");
        ok = false;
      }
      sides_.push_back(side);
    }
    return ok;
  }

  std::string text(NodeId node) const { return std::string(tree_.text(node)); }

  // "`r`, which is between 1 and 5"
  void check_inside(const Side& side, NodeId node, const Checked& value) {
    const Value* known = literal_value(context_, value);
    if (known == nullptr || value.type.kind == TypeKind::kChoice || !is_ordered(value.type)) return;
    const analyze::Bounds bounds = analyze::bounds_of(context_.program, side.value.expr);
    Value inside = *known;
    const auto converted = [](const Value& from) {
      return std::holds_alternative<std::int64_t>(from.data) ? Value::of(static_cast<double>(from.integer())) : from;
    };
    const bool is_mixed = bounds.least && bounds.least->data.index() != known->data.index();
    if (is_mixed) inside = converted(inside);
    const bool below = bounds.least && analyze::is_less(inside, is_mixed ? converted(*bounds.least) : *bounds.least);
    const bool above =
        bounds.greatest && analyze::is_less(is_mixed ? converted(*bounds.greatest) : *bounds.greatest, inside);
    if (!below && !above) return;
    const auto shown = [&](const Value& bound) { return base::value_text(bound, side.value.type, context_.schema()); };
    std::string note = "`" + excerpt(context_, scope_, side.node) + "` is ";
    if (bounds.least && bounds.greatest) {
      note += "between " + shown(*bounds.least) + " and " + shown(*bounds.greatest);
    } else {
      note += bounds.least ? "at least " + shown(*bounds.least) : "at most " + shown(*bounds.greatest);
    }
    error(Code::cell_outside, tree_.span(node),
          {text(node), "a value of `" + excerpt(context_, scope_, side.node) + "`"})
        .note(note);
  }

  Checked check_cell(const Side& side, NodeId cell) {
    if (tree_.is(cell, NodeKind::kCellAny)) return literal(context_, kFlagType, Value::of(true));
    const auto value_of = [&](NodeId node) {
      const Checked value = check_expression(context_, scope_, node, Expected::of(side.value.type));
      if (!value.ok()) ok_ = false;
      return value;
    };
    const NodeId first = tree_.child(cell, std::size_t{0});
    const Checked low = value_of(first);
    if (tree_.is(cell, NodeKind::kCell)) {
      if (!low.ok()) return poison();
      const Checked test = compare(context_, scope_, cell, Fn::eq, side.node, side.value, first, low);
      if (!test.ok()) ok_ = false;
      if (test.ok()) check_inside(side, first, low);
      return test;
    }
    const NodeId second = tree_.child(cell, std::size_t{1});
    const Checked high = value_of(second);
    if (!low.ok() || !high.ok()) return poison();
    if (!is_ordered(side.value.type)) {
      error(Code::range_without_order, tree_.span(cell), {excerpt(context_, scope_, side.node)})
          .help("Give each value its own cell, joined with `or`.");
      return poison();
    }
    const Checked from = compare(context_, scope_, cell, Fn::ge, side.node, side.value, first, low);
    const Checked to = compare(context_, scope_, cell, Fn::le, side.node, side.value, second, high);
    if (!from.ok() || !to.ok()) {
      ok_ = false;
      return poison();
    }
    const Value* low_value = literal_value(context_, low);
    const Value* high_value = literal_value(context_, high);
    if (low_value != nullptr && high_value != nullptr && analyze::is_less(*high_value, *low_value)) {
      const std::string turned = text(second) + ".." + text(first);
      error(Code::nothing_between, tree_.span(cell), {text(first), text(second)})
          .help("The lower one comes first: `" + turned + "`.")
          .fix(tree_.span(cell), turned, base::Safety::changes_meaning);
      return poison();
    }
    check_inside(side, first, low);
    check_inside(side, second, high);
    return call(context_, Fn::logical_and, kFlagType, {from.expr, to.expr});
  }

  Checked check_cells(NodeId cells) {
    const std::size_t num_cells = tree_.num_children(cells);
    if (num_cells != sides_.size()) {
      const auto count = [](std::size_t n, const char* what) {
        return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
      };
      std::string example;
      for (std::size_t i = 0; i < sides_.size(); ++i) example += i == 0 ? "…" : ", …";
      error(Code::number_of_cells, tree_.span(cells), {count(num_cells, "value"), count(sides_.size(), "value")})
          .label(tree_.span(tree_.child(symbol_.node, NodeKind::kGridBy)), "by these")
          .help("Write `(" + example + ")`; `any` stands for every value.");
      return poison();
    }
    std::vector<ExprId> tests;
    bool ok = true;
    for (std::size_t i = 0; i < num_cells; ++i) {
      const NodeId cell = tree_.child(cells, i);
      const Checked test = check_cell(sides_[i], cell);
      ok = ok && test.ok();
      if (test.ok() && !tree_.is(cell, NodeKind::kCellAny)) tests.push_back(test.expr);
    }
    if (!ok) return poison();
    if (tests.empty()) return literal(context_, kFlagType, Value::of(true));
    if (tests.size() == 1) return checked(context_, tests.front());
    return call(context_, Fn::logical_and, kFlagType, tests);
  }

  void check_grid_tier(NodeId node) {
    check_order(node);
    if (tree_.has_error(node)) {
      ok_ = false;
      return;
    }
    std::vector<ExprId> alternatives;
    std::vector<std::uint32_t> clauses;
    base::Span span;
    for (NodeId cells : tree_.children(node)) {
      if (!tree_.is(cells, NodeKind::kCells)) continue;
      const Checked test = check_cells(cells);
      if (!test.ok()) continue;
      span = alternatives.empty() ? tree_.span(cells) : base::join(span, tree_.span(cells));
      alternatives.push_back(test.expr);
      clauses.push_back(add_clause(context_, tree_.span(cells), test.expr));
      sources_.push_back({.condition = test.expr, .tier = output_.tiers.size(), .span = tree_.span(cells)});
    }
    if (alternatives.empty() || !ok_) {
      ok_ = false;
      return;
    }
    if (alternatives.size() == 1) {
      add_tier(node, alternatives.front(), clauses.front());
      return;
    }
    const ExprId either = context_.program.call(Fn::logical_or, kFlagType, alternatives);
    add_tier(node, either, add_clause(context_, span, either, clauses));
  }

  // ---- by value ----

  NodeId value_node() const {
    for (NodeId child : tree_.children(symbol_.node)) {
      const NodeKind kind = tree_.kind(child);
      const bool is_name = child == tree_.name_node(symbol_.node);
      const bool is_title = child == tree_.child(symbol_.node, NodeKind::kText);
      if (!is_name && !is_title && syntax::is_expression(kind)) return child;
    }
    return syntax::kNoNode;
  }

  bool check_by_value() {
    const NodeId node = value_node();
    if (!ok_ || node == syntax::kNoNode) return false;
    const Checked value = check_expression(context_, scope_, node);
    if (!value.ok()) return false;
    const auto add_value = [&](std::string name, const Value& which) {
      const Checked test =
          compare(context_, scope_, node, Fn::eq, node, value, node, literal(context_, value.type, which));
      const std::uint32_t clause = add_clause(context_, tree_.span(node), test.expr);
      output_.tiers.push_back({.name = std::move(name), .condition = test.expr, .clause = clause});
    };
    switch (value.type.kind) {
      case TypeKind::kFlag:
        add_value("yes", Value::of(true));
        add_value("no", Value::of(false));
        break;
      case TypeKind::kChoice: {
        const base::ChoiceSet set = context_.schema().choices[value.type.detail];
        output_.ranked = value.type.ranked;
        const std::size_t n = set.values.size();
        for (std::size_t i = 0; i < n; ++i) {
          const std::size_t which = output_.ranked ? n - 1 - i : i;  // tiers are tried from the highest
          add_value(set.values[which], Value::of(static_cast<std::int64_t>(which)));
        }
        break;
      }
      case TypeKind::kText:
      case TypeKind::kInteger:
        if (!read_guards(context_, symbol_, output_)) return false;
        add_open(node, value.type.folded ? folded(context_, value) : value);  // what compares as equal is one tier
        return true;
      default:
        context_
            .report(Code::wrong_type, tree_.span(node),
                    {phrase(context_, value.type), "a choice, a text, a whole number, or yes or no"})
            .note("Its tiers are the values themselves, so there have to be few of them.")
            .help("Write the tiers out: `tier NAME when … between … and …`.");
        return false;
    }
    if (!read_guards(context_, symbol_, output_)) return false;
    add();
    return true;
  }

  // The tiers are whatever values the data has.
  void add_open(NodeId node, const Checked& value) {
    symbol_.value = value.expr;
    symbol_.type = value.type;
    output_.type = value.type;
    output_.root = value.expr;
    output_.clause = add_clause(context_, tree_.span(node), value.expr);
    symbol_.output = add_output(context_, symbol_, OutputKind::kPartition, std::move(output_));
  }

  // ---- the output ----

  void add() {
    base::ChoiceSet set{.ranked = output_.ranked, .name = symbol_.name};
    std::vector<std::uint32_t> clauses;
    const auto num_tiers = static_cast<std::uint32_t>(output_.tiers.size());
    set.values.resize(num_tiers);
    for (std::uint32_t i = 0; i < num_tiers; ++i) {
      program::Tier& tier = output_.tiers[i];
      tier.choice = output_.ranked ? num_tiers - 1 - i : i;  // written from highest to lowest
      set.values[tier.choice] = tier.name;
      clauses.push_back(tier.clause);
    }
    const auto choice = static_cast<std::uint32_t>(context_.schema().choices.size());
    context_.schema().choices.push_back(std::move(set));
    symbol_.type = {.kind = TypeKind::kChoice, .ranked = output_.ranked, .detail = choice};
    output_.type = symbol_.type;
    output_.clause = add_clause(context_, tree_.span(symbol_.node), kNone, std::move(clauses));
    symbol_.output = add_output(context_, symbol_, OutputKind::kPartition, std::move(output_));
    symbol_.value = context_.program.tier(symbol_.output);
    context_.program.outputs[symbol_.output].root = symbol_.value;
    context_.program.clauses[context_.program.outputs[symbol_.output].clause].expr = symbol_.value;
  }

  Context& context_;
  Symbol& symbol_;
  const Tree& tree_;
  Scope scope_;
  Output output_;
  bool ok_ = true;
  NodeId otherwise_ = syntax::kNoNode;
  std::vector<Side> sides_;
  std::vector<base::Span> spans_;
  std::vector<TierSource> sources_;
};

}  // namespace

bool check_partition(Context& context, SymbolId id) { return PartitionChecker(context, id).check(); }

}  // namespace seg::check
