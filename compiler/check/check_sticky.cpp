// Sticky segments: `every month enter when … leave when … stay at least 30 days`.
#include "compiler/check/declaration.h"
#include "compiler/check/expression.h"
#include "program/sticky.h"

namespace seg::check {

using base::Code;
using base::TimeUnit;
using base::TypeKind;
using program::ExprKind;
using program::Fn;
using program::Output;
using syntax::NodeKind;

namespace {

constexpr base::Type kFlagType{.kind = TypeKind::kFlag};
constexpr base::Type kDateType{.kind = TypeKind::kDate};
constexpr base::Type kDurationType{.kind = TypeKind::kDuration};

class StickyCheck {
 public:
  StickyCheck(Context& context, Symbol& symbol, const Scope& scope, NodeId node)
      : context_(context), symbol_(symbol), tree_(context.tree(symbol.file)), scope_(scope), node_(node) {}

  bool check(Output output) {
    bool ok = find_parts();
    const std::optional<base::Cadence> cadence = check_cadence();
    Checked enter;
    Checked leave;
    if (enter_ != syntax::kNoNode) enter = check_condition(context_, scope_, tree_.child(enter_, std::size_t{0}));
    if (leave_ != syntax::kNoNode) leave = check_condition(context_, scope_, tree_.child(leave_, std::size_t{0}));
    program::Sticky sticky;
    ok = check_stay(sticky.stay) && ok;
    if (!ok || !cadence || !enter.ok() || !leave.ok()) return false;
    sticky.cadence = *cadence;
    sticky.enter = enter.expr;
    sticky.leave = leave.expr;
    if (!find_start(sticky)) return false;
    auto& program = context_.program;
    output.type = kFlagType;
    output.sticky = sticky;
    symbol_.type = kFlagType;
    symbol_.output = add_output(context_, symbol_, program::OutputKind::kSegment, std::move(output));
    const ExprId root = program.state(symbol_.output);
    program.clauses.push_back({.span = tree_.span(node_), .expr = root, .children = {enter.clause, leave.clause}});
    Output& added = program.outputs[symbol_.output];
    added.root = root;
    added.clause = static_cast<std::uint32_t>(program.clauses.size() - 1);
    lint_history(added);
    return true;
  }

 private:
  bool find_parts() {
    bool ok = true;
    NodeId before = syntax::kNoNode;
    for (NodeId part : tree_.children(node_).subspan(1)) {
      NodeId& place = tree_.is(part, NodeKind::kEnter) ? enter_ : tree_.is(part, NodeKind::kLeave) ? leave_ : stay_;
      if (place != syntax::kNoNode) {
        context_.report(Code::duplicate_clause, tree_.span(part), {word(part)})
            .label(tree_.span(place), "first here")
            .help("Join the two conditions with `and` or `or`.");
        ok = false;
      } else if (before != syntax::kNoNode && rank(part) < rank(before)) {
        context_.report(Code::clause_order, tree_.span(part), {word(part), word(before)})
            .note("the order is: enter when, leave when, stay at least");
        ok = false;
      }
      place = part;
      before = part;
    }
    const auto missing = [&](NodeId part, std::string_view who, std::string_view help) {
      if (part != syntax::kNoNode) return;
      context_.report(Code::sticky_incomplete, tree_.span(node_), {symbol_.name, who})
          .note("Customers stay in a sticky segment until they meet its condition for leaving.")
          .help(std::string(help));
      ok = false;
    };
    missing(enter_, "enters", "Write `enter when …` before `leave when`.");
    missing(leave_, "leaves",
            "Write `leave when …`. Where everyone leaves who no longer meets a condition: `when …` alone.");
    return ok;
  }

  int rank(NodeId part) const {
    return tree_.is(part, NodeKind::kEnter) ? 0 : tree_.is(part, NodeKind::kLeave) ? 1 : 2;
  }
  std::string_view word(NodeId part) const {
    constexpr std::string_view kWords[] = {"enter when", "leave when", "stay at least"};
    return kWords[rank(part)];
  }

  std::optional<base::Cadence> check_cadence() {
    const NodeId what = tree_.child(node_, std::size_t{0});
    const std::string text(tree_.text(what));
    const auto wrong = [&](std::string_view note) {
      context_.report(Code::wrong_cadence, tree_.span(what), {text})
          .note(std::string(note))
          .help("for example `every month`, `every 2 weeks`, `every day`");
      return std::nullopt;
    };
    base::Cadence cadence;
    switch (tree_.unit(what)) {
      case syntax::Unit::day: cadence.unit = TimeUnit::kDay; break;
      case syntax::Unit::week: cadence.unit = TimeUnit::kWeek; break;
      case syntax::Unit::month: cadence.unit = TimeUnit::kMonth; break;
      case syntax::Unit::quarter: cadence.unit = TimeUnit::kQuarter; break;
      case syntax::Unit::year: cadence.unit = TimeUnit::kYear; break;
      default: return wrong("customers come and go at the end of whole days, so a day is the shortest");
    }
    if (tree_.is(what, NodeKind::kUnit)) return cadence;
    const NodeId count = tree_.child(what, std::size_t{0});
    const auto number = tree_.is(count, NodeKind::kNumber) ? tree_.integer_value(count) : std::nullopt;
    if (!number || *number < 1) return wrong("a whole number of days, weeks, months, quarters or years stands here");
    if (*number > base::kMaxCadence) return wrong("that is too long");
    cadence.count = *number;
    return cadence;
  }

  bool check_stay(ExprId& stay) {
    if (stay_ == syntax::kNoNode) return true;
    const NodeId what = tree_.child(stay_, std::size_t{0});
    const std::string text(tree_.text(what));
    const auto wrong = [&](std::string_view note) {
      context_.report(Code::wrong_stay, tree_.span(what), {text})
          .note(std::string(note))
          .help("for example `stay at least 30 days`");
      return false;
    };
    if (tree_.is(what, NodeKind::kDuration)) {
      const syntax::Unit unit = tree_.unit(what);
      if (unit == syntax::Unit::month || unit == syntax::Unit::quarter || unit == syntax::Unit::year) {
        return wrong("months, quarters and years differ in their days, so it would not be the same for everyone");
      }
    }
    const Checked value = check_expression(context_, scope_, what, Expected::of(kDurationType));
    if (!value.ok()) return false;
    if (value.type.kind != TypeKind::kDuration)
      return wrong("a length of time stands here, and this is " + type_phrase(context_.schema(), value.type));
    const ExprKind kind = context_.program.expr(value.expr).kind;
    if (kind != ExprKind::kLiteral && kind != ExprKind::kParam)
      return wrong("a length or a param that is one can stand here");
    stay = value.expr;
    return true;
  }

  // The first event, or `since` where that is later.
  bool find_start(program::Sticky& sticky) {
    auto& program = context_.program;
    sticky.start = program::first_day(program, sticky.enter, sticky.leave);
    if (sticky.start == kNone) {
      context_.report(Code::sticky_without_events, tree_.span(node_), {symbol_.name})
          .note("Who is in is found day by day from a customer's first event on, and neither condition reads an event.")
          .note("A customer's fields are those of today, so there is no past to go through.")
          .help("Without events write `when …`: it looks at the customer as of the run.");
      return false;
    }
    for (NodeId child : tree_.children(symbol_.node)) {
      if (!tree_.is(child, NodeKind::kProperty) || tree_.has_error(child) || tree_.name(child) != "since") continue;
      const NodeId value = tree_.last_child(child);
      if (!tree_.is(value, NodeKind::kDate)) return false;  // reported with the properties
      const Checked since = check_expression(context_, scope_, value);
      if (!since.ok()) return false;
      sticky.start = program.call(Fn::max_of, kDateType, {sticky.start, since.expr});
    }
    return true;
  }

  // A field of a customer is today's, also where a day of last year is asked about.
  void lint_history(const Output& output) {
    if (symbol_.generated_by != kNone && symbol_.each_index != 0) return;  // the first says it of all
    const auto& program = context_.program;
    std::string first;
    program::walk(program, {output.sticky->enter, output.sticky->leave}, [&](ExprId id) {
      const program::Expr& expr = program.expr(id);
      if (expr.kind != ExprKind::kField || !first.empty()) return;
      const base::Table& table = program.schema.tables[expr.frame];
      if (table.time != kNone || table.kind == base::TableKind::kGrouped || table.kind == base::TableKind::kUnion)
        return;
      const base::TypeKind kind = table.columns[expr.a].type.kind;
      if (kind == TypeKind::kReference || kind == TypeKind::kDate || kind == TypeKind::kTime) return;
      first = table.name + "." + table.columns[expr.a].name;
    });
    if (first.empty()) return;
    context_.report(Code::no_history, output.span, {first, output.name})
        .note("When it changes, it does so for the past as well, and who is in may change back to the first event.")
        .help("What happens to a customer belongs into events; a field that never changes is fine here.");
  }

  Context& context_;
  Symbol& symbol_;
  const syntax::Tree& tree_;
  Scope scope_;
  NodeId node_;
  NodeId enter_ = syntax::kNoNode, leave_ = syntax::kNoNode, stay_ = syntax::kNoNode;
};

}  // namespace

bool check_sticky(Context& context, Symbol& symbol, const Scope& scope, NodeId node, program::Output output) {
  return StickyCheck(context, symbol, scope, node).check(std::move(output));
}

}  // namespace seg::check
