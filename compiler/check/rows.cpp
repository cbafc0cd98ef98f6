#include "compiler/check/rows.h"

#include "base/suggest.h"

namespace seg::check {
namespace {

using program::AggFn;
using program::Aggregate;

ExprId both(Context& context, ExprId a, ExprId b) {
  if (a == kNone) return b;
  if (b == kNone) return a;
  return call(context, Fn::logical_and, kFlagType, {a, b}).expr;
}

bool can_see_outer(const Scope& scope) {
  return scope.outer != nullptr && scope.owner_ref != program::kWholeTable && scope.owner_ref != program::kGroupRef;
}

bool needs_owner(base::TableKind kind) {
  switch (kind) {
    case base::TableKind::kEvent:
    case base::TableKind::kRecords:
    case base::TableKind::kUnion:
    case base::TableKind::kGrouped: return true;
    case base::TableKind::kSubject:
    case base::TableKind::kEntity:
    case base::TableKind::kLookup: return false;
  }
  return false;
}

// Whose rows they are: of the innermost row in hand that they refer to. What refers to none stands for its whole table.
bool find_owner(Context& context, const Scope& scope, NodeId node, Rows& rows) {
  const Scope* outermost = &scope;
  for (const Scope* level = &scope; level != nullptr; level = can_see_outer(*level) ? level->outer : nullptr) {
    outermost = level;
    if (level->frame == kNone) continue;
    rows.ref = reference_to(context, rows.table, level->frame);
    if (rows.ref == program::kWholeTable) continue;
    rows.owner = level;
    return true;
  }
  const base::Table& table = context.table(rows.table);
  if (needs_owner(table.kind) && outermost->frame != kNone) {
    const TableId owner = table.owner == kNone ? kNone : table.columns[table.owner].type.detail;
    auto report =
        context.report(Code::not_related, span(context, scope, node), {rows.name, context.table(scope.frame).name});
    if (owner != kNone) {
      const std::string& owner_name = context.table(owner).name;
      report.note("each `" + table.name + "` belongs to a `" + owner_name + "`");
      if (reference_to(context, owner, scope.frame) != program::kWholeTable) {
        report.help("make a metric of each `" + owner_name + "` and add it up: `sum(" + owner_name + ".…)`");
      }
    }
    return false;
  }
  rows.ref = program::kWholeTable;
  rows.owner = outermost;
  return true;
}

void open_inner(const Scope& scope, Rows& rows) {
  rows.inner = scope;
  rows.inner.frame = rows.table;
  rows.inner.outer = rows.owner;
  rows.inner.owner_ref = rows.ref;
  rows.inner.known_currencies = &rows.currencies;
  rows.inner.row_name = rows.name;
  rows.inner.first_step = scope.opens_step_after;
  rows.inner.opens_step_after = nullptr;
}

void set_value(const Scope& scope, NodeId node, Rows& rows) {
  rows.value_node = node;
  rows.value_module = scope.module;
  rows.value_file = scope.file;
  rows.value_arguments = scope.arguments;
  rows.value_row_name = rows.name;
}

bool report_not_rows(Context& context, const Scope& scope, NodeId node, std::string_view phrase) {
  const Tree& tree = context.tree(scope);
  const Span place = span(context, scope, node);
  const SymbolKind kinds[] = {SymbolKind::kTable, SymbolKind::kSelection};
  const std::vector<std::string> events = symbol_names(context, scope.module, kinds);
  if (tree.is(node, NodeKind::kName) || tree.is(node, NodeKind::kPath)) {
    const std::vector<std::string> names = path_names(tree, node);
    if (!is_value_name(context, scope, names.front())) {
      const Found found = find_symbol(context, scope.module, names, place);
      if (found.ambiguous) return false;
      if (found.symbol != kNone) {
        context.report(Code::wrong_kind_of_name, place,
                       {tree.name(node), noun(context, context.symbols[found.symbol]), "an event"});
        return false;
      }
      if (context.modules[scope.module].has_lost_names) return false;
      auto report = context.report(Code::unknown_event, place, {names.front()});
      if (const std::string there = name_in_module(context, scope.module, names); !there.empty()) {
        report.label(place, "did you mean `" + there + "`?");
      } else if (const auto near = base::suggest(names.front(), events)) {
        report.label(place, "did you mean `" + *near + "`?");
        const NodeId first = tree.is(node, NodeKind::kPath) ? tree.child(node, 0) : node;
        report.fix(span(context, scope, first), *near, base::Safety::changes_meaning);
      }
      return false;
    }
  }
  const Checked value = check_expression(context, scope, node);
  if (!value.ok()) return false;
  auto report = context.report(Code::not_rows, place,
                               {std::string(phrase), phrase.empty() ? "" : check::phrase(context, value.type)});
  if (scope.frame != kNone) {
    report.label(place, "one value for each " + context.table(scope.frame).name);
    if (phrase == "maximum") report.help("the greater of several values is `max_of(a, b)`");
    if (phrase == "minimum") report.help("the lesser of several values is `min_of(a, b)`");
    if (phrase == "count" && value.type.kind == TypeKind::kList) report.help("the entries of a list are `size(…)`");
    if (phrase == "sum") report.help("values of one row are added with `+`");
    if (value.type.kind == TypeKind::kReference) {
      report.help("its fields are read through the reference: `" + excerpt(context, scope, node) + ".…`");
    }
  }
  return false;
}

// The first name below the node that means events: `purchase` in `purchase.amount * 2`.
NodeId find_event_name(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  if (tree.is(node, NodeKind::kName) || tree.is(node, NodeKind::kPath)) {
    const std::vector<std::string> names = path_names(tree, node);
    if (is_value_name(context, scope, names.front())) return syntax::kNoNode;
    return find_rows(context, scope.module, names, span(context, scope, node)) ? node : syntax::kNoNode;
  }
  if (syntax::is_select(tree.kind(node)) || tree.is(node, NodeKind::kDid) || tree.is(node, NodeKind::kQuantified)) {
    return syntax::kNoNode;
  }
  const std::size_t skip = tree.is(node, NodeKind::kCall) ? 1 : 0;  // not the callee
  for (NodeId child : tree.children(node).subspan(skip)) {
    const NodeId found = find_event_name(context, scope, child);
    if (found != syntax::kNoNode) return found;
  }
  return syntax::kNoNode;
}

// ---- where ----------------------------------------------------------------------------------------------------------

// Does the condition read the row itself, and not only whom it belongs to?
bool reads_row(const program::Program& program, ExprId id, TableId table, ColumnId owner_ref) {
  const program::Expr& expr = program.expr(id);
  if (expr.frame != table) return false;
  switch (expr.kind) {
    case program::ExprKind::kField: return true;
    case program::ExprKind::kFollow: return expr.a != owner_ref;
    case program::ExprKind::kAggregate: return true;
    case program::ExprKind::kMember:
    case program::ExprKind::kState:
    case program::ExprKind::kPopulation:
    case program::ExprKind::kTier: return true;
    case program::ExprKind::kLiteral:
    case program::ExprKind::kParam:
    case program::ExprKind::kStepOne:
    case program::ExprKind::kAsOfDay: return false;
    case program::ExprKind::kSequence: return true;
    case program::ExprKind::kLookup:
    case program::ExprKind::kCall:
    case program::ExprKind::kInWindow:
    case program::ExprKind::kRecursInWindow: break;
  }
  for (ExprId arg : program.args_of(id)) {
    if (reads_row(program, arg, table, owner_ref)) return true;
  }
  return false;
}

// `currency of amount is CHF` among the conditions that all must hold.
void collect_currencies(Context& context, Rows& rows, NodeId node) {
  const Tree& tree = context.tree(rows.inner);
  if (tree.is(node, NodeKind::kAnd) || tree.is(node, NodeKind::kAllOf) || tree.is(node, NodeKind::kParen)) {
    for (NodeId child : tree.children(node)) collect_currencies(context, rows, child);
    return;
  }
  if (!tree.is(node, NodeKind::kCompare) || tree.compare_op(node) != syntax::CompareOp::eq) return;
  const NodeId part = tree.child(node, 0);
  const NodeId code = tree.child(node, 1);
  if (!tree.is(part, NodeKind::kPartOf) || tree.name(tree.child(part, 0)) != "currency") return;
  const NodeId field_node = tree.child(part, 1);
  if (!tree.is(field_node, NodeKind::kName)) return;
  const auto field = find_field(context, rows.inner.module, rows.table, tree.name(field_node));
  if (!field || *field == kNone) return;
  const program::Expr& expr = context.program.expr(*field);
  const bool is_row_currency = expr.kind == program::ExprKind::kField && expr.type.kind == TypeKind::kMoney &&
                               expr.type.detail == base::kNoDetail;
  if (!is_row_currency) return;
  const ColumnId column = expr.a;
  std::string word;
  if (tree.is(code, NodeKind::kName)) word = tree.name(code);
  if (tree.is(code, NodeKind::kText)) word = tree.string_value(code);
  if (const auto currency = currency_index(context.schema(), word)) rows.currencies.push_back({column, *currency});
}

Checked check_where(Context& context, const Rows& rows, NodeId node) {
  const Scope& scope = rows.inner;
  const Tree& tree = context.tree(scope);
  const NodeKind kind = tree.kind(node);
  if (kind == NodeKind::kAnd || kind == NodeKind::kOr) {
    std::vector<ExprId> operands;
    bool ok = true;
    for (NodeId child : tree.children(node)) {
      const Checked operand = check_where(context, rows, child);
      ok = ok && operand.ok() && !(kind == NodeKind::kOr && tree.is(child, NodeKind::kAnd));
      operands.push_back(operand.expr);
    }
    if (!ok) return poison();
    return call(context, kind == NodeKind::kAnd ? Fn::logical_and : Fn::logical_or, kFlagType, operands);
  }
  const Checked condition = check_condition(context, scope, node);
  if (!condition.ok()) return poison();
  if (!reads_row(context.program, condition.expr, rows.table, rows.ref)) {
    const std::string text = excerpt(context, scope, node);
    auto report = context.report(Code::reads_nothing_of_event, span(context, scope, node), {rows.name});
    report.note("a `where` takes one whole condition with every `and` and `or` of it");
    if (tree.is(tree.parent(node), NodeKind::kAnd)) {
      report.help("set brackets around the event to end its `where`: `did (" + rows.name + " where …) and " + text +
                  "`");
    } else {
      report.help("say it beside the event: `did " + rows.name + " and " + text + "`");
    }
    return poison();
  }
  return condition;
}

bool apply_where(Context& context, const Scope& scope, NodeId clause, Rows& rows) {
  (void)scope;
  const NodeId node = context.tree(rows.inner).child(clause, 0);
  collect_currencies(context, rows, node);
  const Checked condition = check_where(context, rows, node);
  if (!condition.ok()) return false;
  rows.where = both(context, rows.where, condition.expr);
  rows.has_where = true;
  return true;
}

bool apply_clause(Context& context, const Scope& scope, NodeId clause, Rows& rows) {
  const Tree& tree = context.tree(scope);
  switch (tree.kind(clause)) {
    case NodeKind::kWhere: return apply_where(context, scope, clause, rows);
    case NodeKind::kOver: return apply_over(context, scope, clause, rows);
    case NodeKind::kTimes: rows.times_node = clause; return true;
    case NodeKind::kWithSame: return apply_with_same(context, scope, clause, rows);
    case NodeKind::kWithinGap: return apply_within(context, scope, clause, rows);
    default: return false;
  }
}

bool select_named(Context& context, const Scope& scope, NodeId node, std::string_view phrase, Rows& rows) {
  const Tree& tree = context.tree(scope);
  const std::vector<std::string> names = path_names(tree, node);
  if (scope.arguments != nullptr) {
    for (const Argument& argument : *scope.arguments) {
      if (argument.name != names.front() || !argument.is_rows) continue;
      // Of the place that uses the define; from here on its clauses are read as this one's.
      if (!select_rows(context, *argument.scope, argument.node, phrase, rows)) return false;
      rows.name = names.front();
      if (rows.over_node != syntax::kNoNode && scope.each != nullptr) {
        const std::string text = excerpt(context, *argument.scope, rows.over_node);
        return !refuse_period(context, scope, span(context, *argument.scope, rows.over_node), text);
      }
      if (!find_owner(context, scope, node, rows)) return false;
      open_inner(scope, rows);
      if (names.size() > 1) {
        rows.path = names;
        rows.num_names = 1;
        set_value(scope, node, rows);
      }
      return true;
    }
  }
  const bool is_value = is_value_name(context, scope, names.front());
  const auto found = is_value ? std::nullopt : find_rows(context, scope.module, names, span(context, scope, node));
  if (!found) return report_not_rows(context, scope, node, phrase);
  if (found->is_bad) return false;
  rows.table = found->table;
  rows.of_name = found->filter;
  rows.num_names = found->num_names;
  rows.name = names[found->num_names - 1];
  rows.path = names;
  if (!find_owner(context, scope, node, rows)) return false;
  open_inner(scope, rows);
  if (names.size() > found->num_names) set_value(scope, node, rows);
  return true;
}

}  // namespace

bool apply_over(Context& context, const Scope& scope, NodeId clause, Rows& rows) {
  if (rows.over_node != syntax::kNoNode) {
    context.report(Code::second_clause, span(context, scope, clause), {"over"});
    return false;
  }
  const base::Table& table = context.table(rows.table);
  if (table.time == kNone) {
    context.report(Code::not_periodic, span(context, scope, clause), {rows.name})
        .note("`" + table.name + "` has no time of its own");
    return false;
  }
  if (refuse_period(context, scope, span(context, scope, clause), excerpt(context, scope, clause))) return false;
  rows.over_node = clause;
  const ColumnId time_column = table.time;  // the table may move when a period names further ones
  const Period period = check_period(context, *rows.owner, context.tree(scope).child(clause, 0));
  if (!period.ok) return false;
  const Checked time = checked(context, context.program.field(rows.table, time_column));
  if (period.window && !counts_hours_of_dates(*period.window, time.type)) {
    rows.window = period.window;
    return true;
  }
  const Checked inside = in_period(context, rows.inner, *rows.owner, period, clause, time);
  if (!inside.ok()) return false;
  rows.of_name = both(context, rows.of_name, inside.expr);
  return true;
}

bool select_rows(Context& context, const Scope& scope, NodeId node, std::string_view phrase, Rows& rows) {
  const Tree& tree = context.tree(scope);
  if (tree.has_error(node)) return false;
  rows.span = span(context, scope, node);
  switch (tree.kind(node)) {
    case NodeKind::kName:
    case NodeKind::kPath:
      if (tree.is(node, NodeKind::kPath) && tree.is(tree.child(node, 0), NodeKind::kStepRef)) break;
      return select_named(context, scope, node, phrase, rows);
    case NodeKind::kSelect: {
      const auto children = tree.children(node);
      if (!select_rows(context, scope, children.front(), phrase, rows)) return false;
      bool ok = true;
      for (NodeId clause : children.subspan(1)) ok = apply_clause(context, scope, clause, rows) && ok;
      return ok;
    }
    case NodeKind::kSequence: return select_sequence(context, scope, node, phrase, rows);
    case NodeKind::kParen: {
      const NodeId inside = tree.child(node, 0);
      const bool is_plain = tree.is(inside, NodeKind::kName) || tree.is(inside, NodeKind::kPath) ||
                            tree.is(inside, NodeKind::kParen) || syntax::is_select(tree.kind(inside));
      if (is_plain) return select_rows(context, scope, inside, phrase, rows);
      break;
    }
    default: break;
  }
  // A value that is computed of each event: sum(purchase.amount * 2).
  const NodeId event = find_event_name(context, scope, node);
  if (event == syntax::kNoNode) return report_not_rows(context, scope, node, phrase);
  if (!select_rows(context, scope, event, phrase, rows)) return false;
  set_value(scope, node, rows);
  rows.path.clear();
  return true;
}

Scope value_scope(const Rows& rows) {
  Scope scope = rows.inner;
  scope.module = rows.value_module;
  scope.file = rows.value_file;
  scope.arguments = rows.value_arguments;
  scope.row_name = rows.value_row_name;
  return scope;
}

ExprId filter_of(Context& context, const Rows& rows) { return both(context, rows.of_name, rows.where); }

Checked aggregate_filtered(Context& context, const Scope& scope, const Rows& rows, AggFn fn, ExprId filter,
                           ExprId value, Type type, bool is_gap, base::TimeUnit unit) {
  Aggregate aggregate{.fn = fn,
                      .frame = rows.owner->frame,
                      .child = rows.table,
                      .child_ref = rows.ref,
                      .filter = filter,
                      .value = value,
                      .value_is_gap = is_gap,
                      .unit = unit};
  std::optional<base::Window> window = rows.window;
  const ColumnId time = context.table(rows.table).time;
  if (scope.each != nullptr && time != kNone) {
    if (counts_hours_of_dates(scope.each->window, context.table(rows.table).columns[time].type)) {
      context.report(Code::hours_of_dates, rows.span).help("count the periods in days");
      return poison();
    }
    window = scope.each->window;
    scope.each->is_read = true;
  }
  if (window) aggregate.window = context.program.window(*window);
  const ExprId own = context.program.aggregate(aggregate, type);
  context.program.name_rows(own, rows.name);
  return {.expr = lift(context, scope, *rows.owner, own), .type = type};
}

Checked aggregate_rows(Context& context, const Scope& scope, const Rows& rows, AggFn fn, ExprId value, Type type,
                       bool is_gap, base::TimeUnit unit) {
  return aggregate_filtered(context, scope, rows, fn, filter_of(context, rows), value, type, is_gap, unit);
}

bool refuse_times(Context& context, const Scope& scope, const Rows& rows) {
  if (rows.times_node == syntax::kNoNode) return false;
  context
      .report(Code::misplaced_clause, span(context, scope, rows.times_node), {excerpt(context, scope, rows.times_node)})
      .note("times are counted after `did`: `did " + rows.name + " at least 3 times`");
  return true;
}

bool refuse_value(Context& context, const Scope& scope, const Rows& rows, std::string_view phrase) {
  if (!rows.has_value()) return false;
  auto report =
      context.report(Code::not_rows, span(context, scope, rows.value_node), {std::string(phrase), "one of its fields"});
  report.help("`" + std::string(phrase) + " " + rows.name + " where …` asks about a field");
  return true;
}

Selection check_selection(Context& context, const Scope& scope, NodeId node) {
  Rows rows;
  if (!select_rows(context, scope, node, "a selection of events", rows)) return {};
  if (refuse_times(context, scope, rows) || refuse_value(context, scope, rows, "events")) return {};
  return {.table = rows.table, .filter = filter_of(context, rows), .ref = rows.ref, .window = rows.window, .ok = true};
}

}  // namespace seg::check
