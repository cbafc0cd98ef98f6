// Calls: defines, aggregates of events, and the functions of the catalogue.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "compiler/check/catalogue.h"
#include "compiler/check/rows.h"

namespace seg::check {
namespace {

struct NotYet {
  std::string_view name;
  Code code;
};
constexpr std::array<NotYet, 2> kNotYet = {{
    {"distance", Code::no_places_yet},
    {"nearest", Code::no_places_yet},
}};

// What people know from spreadsheets and SQL.
struct OtherName {
  std::string_view name;
  std::string_view help;
};
constexpr std::array<OtherName, 31> kOtherNames = {{
    {"max", "the greatest of several values is `max_of(a, b)`, of an event's field `maximum(purchase.amount)`"},
    {"min", "the least of several values is `min_of(a, b)`, of an event's field `minimum(purchase.amount)`"},
    {"greatest", "the greatest of several values is `max_of(a, b)`"},
    {"least", "the least of several values is `min_of(a, b)`"},
    {"avg", "write `average(purchase.amount)`"},
    {"mean", "write `average(purchase.amount)`"},
    {"stddev", "write `deviation(spend across everyone)`"},
    {"standard_deviation", "write `deviation(spend across everyone)`"},
    {"percent_rank", "write `percentile(spend)`"},
    {"dense_rank", "write `rank(spend)`: 1 is the highest, and equal ones share a rank"},
    {"percentile_cont", "write `quantile(spend across everyone, 90%)`, or `median(spend across everyone)`"},
    {"total", "write `sum(purchase.amount)`"},
    {"mode", "write `most common(purchase.channel)`"},
    {"sumif", "write `sum(purchase.amount where …)`"},
    {"countif", "write `count(purchase where …)`"},
    {"count_distinct", "write `distinct(purchase.product)`"},
    {"nunique", "write `distinct(purchase.product)`"},
    {"ifnull", "write `income or if missing 0 EUR`"},
    {"coalesce", "write `income or if missing 0 EUR`"},
    {"nvl", "write `income or if missing 0 EUR`"},
    {"isnull", "write `income is missing`"},
    {"is_null", "write `income is missing`"},
    {"iif", "write `if A then B else C`"},
    {"now", "a rule never reads the clock: the day of the run is `as_of`"},
    {"today", "a rule never reads the clock: the day of the run is `as_of`"},
    {"datediff", "write `days since D`, or `D - E` for the time between two dates"},
    {"date_diff", "write `days since D`, or `D - E` for the time between two dates"},
    {"upper", "texts are compared in lower case with `lower(…)`, or without accents and case with `fold(…)`"},
    {"len", "write `length(name)` for a text, `size(interests)` for a list"},
    {"like", "write `name contains \"…\"`, `starts with`, `ends with` or `matches`"},
    {"recency", "write `days since last purchase`"},
}};

Checked report_unknown_function(Context& context, const Scope& scope, NodeId place_node, const std::string& name) {
  const Span place = span(context, scope, place_node);
  auto report = context.report(Code::unknown_function, place, {name});
  std::string lower = name;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const OtherName& other : kOtherNames) {
    if (other.name == lower) {
      report.help(std::string(other.help));
      return poison();
    }
  }
  std::vector<std::string> names{"count",  "sum",   "average",     "minimum",    "maximum",  "median",   "distinct",
                                 "first",  "last",  "share",       "streak",     "birthday", "quartile", "quintile",
                                 "decile", "ntile", "anniversary", "percentile", "rank",     "quantile", "deviation"};
  for (const auto& [function, overloads] : context.functions) names.push_back(function);
  const SymbolKind kinds[] = {SymbolKind::kDefine};
  for (std::string& define : symbol_names(context, scope.module, kinds)) names.push_back(std::move(define));
  std::sort(names.begin(), names.end());
  if (const auto near = base::suggest(name, names)) {
    report.label(place, "did you mean `" + *near + "`?").fix(place, *near, base::Safety::changes_meaning);
  }
  return poison();
}

std::string count_phrase(const Arity& arity) {
  const auto values = [](int n) { return n == 1 ? std::string("1 value") : std::to_string(n) + " values"; };
  if (arity.most < 0) return values(arity.fewest) + " or more";
  if (arity.fewest == arity.most) return values(arity.fewest);
  return std::to_string(arity.fewest) + " to " + values(arity.most);
}

Checked report_wrong_arguments(Context& context, const Scope& scope, NodeId node, const std::string& name,
                               const std::vector<NodeId>& nodes, const std::vector<Checked>& values) {
  const Arity arity = arity_of(context, name);
  const int n = static_cast<int>(values.size());
  if (n < arity.fewest || (arity.most >= 0 && n > arity.most)) {
    context.report(Code::wrong_arguments, span(context, scope, node), {name, count_phrase(arity), std::to_string(n)});
    return poison();
  }
  std::string seen;
  for (const Checked& value : values) seen += (seen.empty() ? "" : " and ") + phrase(context, value.type);
  auto report = context.report(Code::wrong_arguments, span(context, scope, nodes.empty() ? node : nodes.front()),
                               {name, signature_phrase(context, name), seen});
  if (name == "age" && is_numeric(values[0].type)) report.help("`age` counts the years since a birth date");
  return poison();
}

// The function's body with the arguments in place of its parameters.
Checked inline_body(Context& context, const Scope& scope, const Overload& overload,
                    const std::vector<Checked>& values) {
  const FunctionDeclaration& declaration = *overload.declaration;
  const Tree& tree = context.tree(declaration.file);
  std::vector<Argument> arguments;
  for (NodeId child : tree.children(declaration.node)) {
    if (!tree.is(child, NodeKind::kParameter)) continue;
    arguments.push_back({.name = tree.name(child), .value = values[arguments.size()]});
  }
  Scope body = scope;
  body.module = context.files[declaration.file].module;
  body.file = declaration.file;
  body.arguments = &arguments;
  return check_expression(context, body, tree.function_body(declaration.node));
}

bool needs_literal(Fn fn, std::size_t index) { return fn == Fn::round && index == 1; }

}  // namespace

Checked check_function(Context& context, const Scope& scope, NodeId node, const std::string& name,
                       const std::vector<NodeId>& argument_nodes, const Expected& expected) {
  (void)expected;
  const Tree& tree = context.tree(scope);
  const NodeId callee = tree.child(node, 0);
  if (!context.functions.contains(name)) return report_unknown_function(context, scope, callee, name);
  std::vector<Checked> values;
  std::vector<Type> types;
  bool ok = true;
  for (NodeId argument : argument_nodes) {
    values.push_back(check_expression(context, scope, argument));
    types.push_back(values.back().type);
    ok = ok && values.back().ok();
  }
  if (!ok) return poison();
  if ((name == "min_of" || name == "max_of") && values.size() > 1) {
    if (!unify_all(context, scope, argument_nodes, values)) return poison();
    for (std::size_t i = 0; i < values.size(); ++i) types[i] = values[i].type;
  }
  const auto overload = choose_overload(context, name, types);
  if (!overload) return report_wrong_arguments(context, scope, node, name, argument_nodes, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (overload->wanted[i].kind == TypeKind::kNumber) values[i] = to_number(context, values[i]);
  }
  const std::string native = native_name(context, *overload->declaration);
  if (native.empty()) return inline_body(context, scope, *overload, values);
  const auto fn = find_fn(native);
  if (!fn) return not_yet(context, scope, callee, Code::construct_not_yet, name);
  std::vector<ExprId> args;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (needs_literal(*fn, i) && literal_value(context, values[i]) == nullptr) {
      context.report(Code::not_a_literal, span(context, scope, argument_nodes[i]), {"this number"});
      return poison();
    }
    args.push_back(values[i].expr);
  }
  if ((*fn == Fn::min_of || *fn == Fn::max_of) && !is_ordered(overload->result)) {
    context.report(Code::no_such_operation, span(context, scope, node),
                   {name, phrase(context, types.front()), phrase(context, types.back())});
    return poison();
  }
  if (*fn == Fn::fold) return folded(context, values[0]);
  return call(context, *fn, overload->result, args);
}

Checked check_call(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const NodeId callee = tree.child(node, 0);
  const auto children = tree.children(node).subspan(1);
  const std::vector<NodeId> arguments(children.begin(), children.end());
  const std::vector<std::string> names = path_names(tree, callee);
  const std::string name = tree.name(callee);
  const Span place = span(context, scope, callee);
  if (is_aggregate_name(name)) return check_aggregate_call(context, scope, node, name);
  const Found found = find_symbol(context, scope.module, names, place);
  if (found.ambiguous) return poison();
  if (found.symbol != kNone &&
      !(context.functions.contains(name) && context.symbols[found.symbol].kind != SymbolKind::kDefine)) {
    const SymbolKind kind = context.symbols[found.symbol].kind;
    if (kind == SymbolKind::kDefine && found.num_names == names.size()) {
      return inline_define(context, scope, node, found.symbol, arguments);
    }
    if (kind == SymbolKind::kNotYet) {
      use_symbol(context, found.symbol, place);
      return poison();
    }
    auto report = context.report(Code::wrong_kind_of_name, place,
                                 {name, noun(context, context.symbols[found.symbol]), "a function"});
    if (kind == SymbolKind::kTable || kind == SymbolKind::kSelection) {
      report.help("`count(" + name + " where …)` counts them, `did " + name + "` asks whether there is one");
    } else {
      report.help("it takes no values: write `" + name + "` alone");
    }
    return poison();
  }
  if (is_population_call(name)) return check_population_call(context, scope, node);
  for (const NotYet& refused : kNotYet) {
    if (refused.name == name) return not_yet(context, scope, callee, refused.code, name);
  }
  if (name == "birthday" || name == "anniversary") {
    context.report(Code::wrong_type, span(context, scope, node), {"a day that comes every year", "one value"})
        .help("ask when it comes: `" + excerpt(context, scope, node) + " within next 7 days`");
    return poison();
  }
  return check_function(context, scope, node, name, arguments, expected);
}

}  // namespace seg::check
