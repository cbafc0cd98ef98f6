// `expect` in segments and partitions: limits on how many there are, or on which share of everyone that is. `seg run`
// holds them against what it finds.
#include <cmath>
#include <limits>

#include "compiler/check/check.h"
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"

namespace seg::check {

using base::Code;
using base::TypeKind;
using program::Guard;
using program::Output;
using syntax::CompareOp;
using syntax::NodeKind;

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

class GuardReader {
 public:
  GuardReader(Context& context, const Symbol& symbol, Output& output)
      : context_(context), symbol_(symbol), tree_(context.tree(symbol.file)), output_(output) {}

  bool read(NodeId expect) {
    const NodeId node = tree_.child(expect, std::size_t{0});
    return !tree_.has_error(expect) && read_condition(node, tree_.span(expect));
  }

 private:
  bool is_segment() const { return symbol_.kind == SymbolKind::kSegment; }

  base::DiagnosticBuilder error(NodeId node) {
    auto report =
        context_.report(Code::guard_of_something_else, tree_.span(node), {is_segment() ? "a segment" : "a partition"});
    return report;
  }

  bool refuse(NodeId node) {
    auto report = error(node);
    report.note("A run looks at how many there are, and at which share of everyone that is.");
    report.help(is_segment() ? "Write `expect size >= 50` or `expect size between 0.1% and 5%`."
                             : "Write `expect size >= 50`, of every tier, or `expect size of TIER between 1% and 5%`.");
    report.help("What is true of single customers belongs into a `test`.");
    return false;
  }

  bool read_condition(NodeId node, base::Span span) {
    switch (tree_.kind(node)) {
      case NodeKind::kParen: return read_condition(tree_.child(node, std::size_t{0}), span);
      case NodeKind::kAnd:
      case NodeKind::kAllOf: {
        bool ok = true;
        for (NodeId child : tree_.children(node)) ok = read_condition(child, tree_.span(child)) && ok;
        return ok;
      }
      case NodeKind::kCompare: return read_comparison(node, span);
      case NodeKind::kBetween: {
        Guard guard{.span = span};
        std::optional<double> low = read_limit(tree_.child(node, std::size_t{1}), guard);
        const bool low_is_share = guard.is_share;
        std::optional<double> high = read_limit(tree_.child(node, std::size_t{2}), guard);
        if (!low || !high) return false;
        if (low_is_share != guard.is_share) return refuse_mixed(node);
        if (*high < *low) {
          context_
              .report(Code::nothing_between, tree_.span(node),
                      {std::string(tree_.text(tree_.child(node, std::size_t{1}))),
                       std::string(tree_.text(tree_.child(node, std::size_t{2})))})
              .help("The lower one comes first.");
          return false;
        }
        guard.least = *low;
        guard.most = *high;
        return add(tree_.child(node, std::size_t{0}), guard);
      }
      default: return refuse(node);
    }
  }

  bool refuse_mixed(NodeId node) {
    error(node).note("One limit is a share of everyone, the other a number of them.").help("Write two `expect`.");
    return false;
  }

  bool read_comparison(NodeId node, base::Span span) {
    NodeId what = tree_.child(node, std::size_t{0});
    NodeId limit_node = tree_.child(node, std::size_t{1});
    CompareOp op = tree_.compare_op(node);
    if (!is_size(what) && is_size(limit_node)) {  // 50 <= size
      std::swap(what, limit_node);
      if (op == CompareOp::lt || op == CompareOp::le) {
        op = op == CompareOp::lt ? CompareOp::gt : CompareOp::ge;
      } else if (op == CompareOp::gt || op == CompareOp::ge) {
        op = op == CompareOp::gt ? CompareOp::lt : CompareOp::le;
      }
    }
    if (!is_size(what) || op == CompareOp::ne) return refuse(node);
    Guard guard{.span = span, .least = -kNoLimit, .most = kNoLimit};
    const std::optional<double> limit = read_limit(limit_node, guard);
    if (!limit) return false;
    if (op == CompareOp::eq || op == CompareOp::ge || op == CompareOp::gt) guard.least = *limit;
    if (op == CompareOp::eq || op == CompareOp::le || op == CompareOp::lt) guard.most = *limit;
    guard.above_least = op == CompareOp::gt;
    guard.below_most = op == CompareOp::lt;
    return add(what, guard);
  }

  // `size`, `size of gold`
  bool is_size(NodeId node) const {
    if (tree_.is(node, NodeKind::kName)) return tree_.name(node) == "size";
    return tree_.is(node, NodeKind::kPartOf) && tree_.name(tree_.child(node, std::size_t{0})) == "size";
  }

  // A whole number is how many, a percentage which share.
  std::optional<double> read_limit(NodeId node, Guard& guard) {
    guard.is_share = tree_.is(node, NodeKind::kPercent);
    std::optional<double> limit;
    bool is_whole = false;
    if (tree_.is(node, NodeKind::kName)) {
      const Found found = find_symbol(context_, symbol_.module, tree_.name(node), tree_.span(node));
      if (found.ambiguous) return std::nullopt;
      if (found.symbol != kNone && context_.symbols[found.symbol].kind == SymbolKind::kParam) {
        if (!use_symbol(context_, found.symbol, tree_.span(node))) return std::nullopt;
        const Symbol& param = context_.symbols[found.symbol];
        const base::Value& value = context_.program.params[param.param].value;
        is_whole = param.type.kind == TypeKind::kInteger;
        if (is_whole) limit = static_cast<double>(value.integer());
        if (param.type.kind == TypeKind::kNumber) {
          limit = value.number();
          guard.is_share = true;
        }
      }
    } else {
      const Scope scope{.module = symbol_.module, .file = symbol_.file};
      const std::optional<Constant> value = check_constant(context_, scope, node);
      if (!value) return std::nullopt;
      is_whole = value->type.kind == TypeKind::kInteger;
      if (is_whole) limit = static_cast<double>(value->value.integer());
      if (value->type.kind == TypeKind::kNumber) limit = value->value.number();
    }
    if (!limit) {
      error(node).label(tree_.span(node), "no limit").help("A limit is a whole number, `50`, or a share, `2%`.");
      return std::nullopt;
    }
    if (!is_whole && !guard.is_share) {
      error(node)
          .label(tree_.span(node), "neither a whole number nor a share")
          .help("A share is written with its sign: `" + std::to_string(std::llround(*limit * 100)) + "%`.");
      return std::nullopt;
    }
    if (guard.is_share && (*limit < 0 || *limit > 1)) {
      error(node).label(tree_.span(node), "a share is between 0% and 100%");
      return std::nullopt;
    }
    return limit;
  }

  bool add(NodeId what, Guard guard) {
    if (!is_size(what)) return refuse(what);
    if (is_segment()) {
      if (!tree_.is(what, NodeKind::kName)) return refuse(what);
      output_.guards.push_back(guard);
      return true;
    }
    if (output_.tiers.empty()) {
      error(what)
          .note("Its tiers are the values in the data, which nobody knows before the run.")
          .help("Make a list of those that matter, and `segments … for each …` with an `expect`.");
      return false;
    }
    if (tree_.is(what, NodeKind::kName)) {
      for (std::uint32_t i = 0; i < output_.tiers.size(); ++i) {
        guard.tier = i;
        output_.guards.push_back(guard);
      }
      return true;
    }
    const NodeId tier = tree_.child(what, std::size_t{1});
    const std::string name = tree_.is(tier, NodeKind::kName) ? tree_.name(tier) : std::string(tree_.text(tier));
    std::string known;
    for (std::uint32_t i = 0; i < output_.tiers.size(); ++i) {
      known += (i == 0 ? "" : ", ") + output_.tiers[i].name;
      if (output_.tiers[i].name != name) continue;
      guard.tier = i;
      output_.guards.push_back(guard);
      return true;
    }
    context_.report(Code::unknown_tier, tree_.span(tier), {symbol_.name, name}).note("its tiers: " + known);
    return false;
  }

  Context& context_;
  const Symbol& symbol_;
  const syntax::Tree& tree_;
  Output& output_;
};

}  // namespace

bool read_guards(Context& context, const Symbol& symbol, Output& output) {
  const syntax::Tree& tree = context.tree(symbol.file);
  bool ok = true;
  for (NodeId child : tree.children(symbol.node)) {
    if (tree.is(child, NodeKind::kExpect)) ok = GuardReader(context, symbol, output).read(child) && ok;
  }
  return ok;
}

}  // namespace seg::check
