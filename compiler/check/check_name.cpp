// Names and paths: fields of the row in hand and of the rows outside it, steps through references, metrics, params.
#include <algorithm>

#include "base/flag_word.h"
#include "base/suggest.h"
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

using Names = std::vector<std::string>;

bool is_value_kind(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kMetric:
    case SymbolKind::kScore:
    case SymbolKind::kPartition:
    case SymbolKind::kParam:
    case SymbolKind::kDefine: return true;
    case SymbolKind::kTable:
    case SymbolKind::kSelection:
    case SymbolKind::kSegment:
    case SymbolKind::kSegments:
    case SymbolKind::kList:
    case SymbolKind::kNotYet: return false;
  }
  return false;
}

// `define d() = …` is used as `d()`, so that its name alone can be a field's.
bool competes_with_fields(const Context& context, const Symbol& symbol) {
  if (!is_value_kind(symbol.kind)) return false;
  return symbol.kind != SymbolKind::kDefine ||
         !context.tree(symbol.file).has_token(symbol.node, syntax::TokenKind::kLeftParen);
}

bool can_see_outer(const Scope& scope) {
  return scope.outer != nullptr && scope.owner_ref != program::kWholeTable && scope.owner_ref != program::kGroupRef;
}

Names rest_of(const Names& names, std::size_t from) {
  return {names.begin() + static_cast<std::ptrdiff_t>(from), names.end()};
}

std::string dotted(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ".") + name;
  return out;
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The word glued on by a hyphen: `mail` behind the `e` of `e-mail`, `e` before its `mail`.
std::string_view word_behind(const Tree& tree, NodeId node) {
  const std::string_view text = tree.text();
  const std::size_t at = tree.span(node).end;
  std::size_t end = at + 1;
  if (at >= text.size() || text[at] != '-') return {};
  while (end < text.size() && is_name_byte(text[end])) ++end;
  return text.substr(at + 1, end - at - 1);
}
std::string_view word_before(const Tree& tree, NodeId node) {
  const std::string_view text = tree.text();
  const std::size_t at = tree.span(node).begin;
  if (at < 2 || text[at - 1] != '-') return {};
  std::size_t begin = at - 1;
  while (begin > 0 && is_name_byte(text[begin - 1])) --begin;
  return text.substr(begin, at - 1 - begin);
}

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The candidate that `e-mail` means: a name with `_` where the hyphen stands.
std::optional<std::string> joined_name(std::string_view first, std::string_view second, const Names& candidates) {
  if (first.empty() || second.empty()) return std::nullopt;
  const std::string name = lower_case(std::string(first) + "_" + std::string(second));
  for (const std::string& candidate : candidates) {
    if (lower_case(candidate) == name) return candidate;
  }
  return std::nullopt;
}

void explain_hyphen(const Context& context, const Scope& scope, NodeId last, std::string_view behind,
                    const std::string& name, base::DiagnosticBuilder& report) {
  const Span place = span(context, scope, last);
  const Span whole{place.source, place.begin, place.end + 1 + static_cast<std::uint32_t>(behind.size())};
  report.label(whole, "did you mean `" + name + "`?")
      .note("a hyphen between names is a minus; the words of a name are joined with `_`")
      .fix(whole, name);
}

// The second word of a name that was reported with its first.
bool is_rest_of_hyphened(Context& context, const Scope& scope, NodeId node) {
  const std::string_view before = word_before(context.tree(scope), node);
  if (before.empty() || is_value_name(context, scope, std::string(before))) return false;
  Names fields;
  for (TableId t = 0; t < context.schema().tables.size(); ++t) {
    for (const base::Column& column : context.table(t).columns) fields.push_back(column.name);
  }
  return joined_name(before, context.tree(scope).text(node), fields).has_value();
}

Checked report_unknown_field(Context& context, const Scope& scope, NodeId node, TableId table,
                             const std::string& name) {
  const Span place = span(context, scope, node);
  const Tree& tree = context.tree(scope);
  const NodeId field = tree.is(node, NodeKind::kPath) ? tree.last_child(node) : node;
  const std::string_view behind = word_behind(tree, field);
  if (const auto joined = joined_name(tree.text(field), behind, field_names(context, table))) {
    auto report = context.report(Code::unknown_field, place, {context.table(table).name, name});
    explain_hyphen(context, scope, field, behind, *joined, report);
    return poison();
  }
  auto report = context.report(Code::unknown_field, place, {context.table(table).name, name});
  const Names fields = field_names(context, table);
  if (const auto near = base::suggest(name, fields)) {
    report.label(place, "did you mean `" + *near + "`?");
    const NodeId last = context.tree(scope).is(node, NodeKind::kPath) ? context.tree(scope).last_child(node) : node;
    if (context.tree(scope).text(last) == name) {
      report.fix(span(context, scope, last), *near, base::Safety::changes_meaning);
    }
  } else {
    std::string known;
    for (std::size_t i = 0; i < fields.size() && i < 12; ++i) known += (i == 0 ? "" : ", ") + fields[i];
    report.note("its fields: " + known + (fields.size() > 12 ? ", …" : ""));
  }
  return poison();
}

// The value of a symbol in its own frame; poison was reported.
Checked symbol_value(Context& context, const Scope& scope, NodeId node, SymbolId id) {
  if (!use_symbol(context, id, span(context, scope, node))) return poison();
  const Symbol& symbol = context.symbols[id];
  switch (symbol.kind) {
    case SymbolKind::kMetric:
    case SymbolKind::kScore: return {.expr = symbol.value, .type = symbol.type};
    case SymbolKind::kPartition: return {.expr = symbol.value, .type = symbol.type};
    case SymbolKind::kParam: return {.expr = context.program.param(symbol.param), .type = symbol.type};
    case SymbolKind::kDefine: return inline_define(context, scope, node, id, {});
    case SymbolKind::kTable:
    case SymbolKind::kSelection:
    case SymbolKind::kSegment:
    case SymbolKind::kSegments:
    case SymbolKind::kList:
    case SymbolKind::kNotYet: return poison();
  }
  return poison();
}

Checked read_path(Context& context, const Scope& scope, NodeId node, TableId table, const Names& names,
                  std::size_t from);

// The steps after a value: `account` `.industry`. In the value's own frame.
Checked read_steps(Context& context, const Scope& scope, NodeId node, Checked value, const Names& names,
                   std::size_t from) {
  if (!value.ok() || from == names.size()) return value;
  if (value.type.kind != TypeKind::kReference) {
    const Names before(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(from));
    context.report(Code::unknown_field, span(context, scope, node), {dotted(before), names[from]})
        .note("`" + dotted(before) + "` is " + phrase(context, value.type) +
              "; only what refers to another table has fields");
    return poison();
  }
  const Checked inner = read_path(context, scope, node, value.type.detail, names, from);
  if (!inner.ok()) return poison();
  const auto followed = follow_expr(context, value.expr, inner.expr);
  if (!followed) return not_yet(context, scope, node, Code::construct_not_yet, dotted(names));
  return {.expr = *followed, .type = inner.type};
}

// names[from…] read from a row of `table`, as an expression of its frame.
Checked read_path(Context& context, const Scope& scope, NodeId node, TableId table, const Names& names,
                  std::size_t from) {
  if (const auto field = find_field(context, scope.module, table, names[from])) {
    if (*field == kNone) return poison();
    return read_steps(context, scope, node, checked(context, *field), names, from + 1);
  }
  // A metric of that table's rows: account.revenue_12m.
  const Names rest = rest_of(names, from);
  const Found found = find_symbol(context, scope.module, rest, span(context, scope, node));
  if (found.ambiguous) return poison();
  if (found.symbol != kNone && context.symbols[found.symbol].kind != SymbolKind::kDefine &&
      is_value_kind(context.symbols[found.symbol].kind)) {
    const Checked value = symbol_value(context, scope, node, found.symbol);
    if (!value.ok()) return poison();
    if (context.symbols[found.symbol].frame == table) {
      return read_steps(context, scope, node, value, names, from + found.num_names);
    }
  }
  return report_unknown_field(context, scope, node, table, names[from]);
}

// The currency of a money column is known inside a `where` that chose it.
void refine_currency(const Context& context, const Scope& scope, Checked& value) {
  if (value.type.kind != TypeKind::kMoney || value.type.detail != base::kNoDetail) return;
  if (scope.known_currencies == nullptr) return;
  const program::Expr& expr = context.program.expr(value.expr);
  if (expr.kind != program::ExprKind::kField || expr.frame != scope.frame) return;
  for (const KnownCurrency& known : *scope.known_currencies) {
    if (known.column == expr.a) value.type.detail = known.currency;
  }
}

struct Candidate {
  const Scope* owner = nullptr;
  std::string spelled;  // how it is written without doubt
};

Checked ambiguous(Context& context, const Scope& scope, NodeId node, const std::string& name,
                  const std::vector<std::string>& readings) {
  auto report = context.report(Code::ambiguous_name, span(context, scope, node), {name});
  std::string both;
  for (const std::string& reading : readings) both += (both.empty() ? "`" : " or `") + reading + "`";
  report.help("say which: " + both);
  return poison();
}

std::string row_word(const Context& context, const Scope& scope) {
  if (!scope.row_name.empty()) return std::string(scope.row_name);
  return scope.frame == kNone ? "" : context.table(scope.frame).name;
}

// `purchase.amount` or `customer.country`: is the first name the row of this scope?
bool names_row(Context& context, const Scope& scope, const Scope& level, const Names& names) {
  if (level.frame == kNone || names.size() < 2) return false;
  if (!level.row_name.empty() && names.front() == level.row_name) return true;
  if (names.front() == context.table(level.frame).name) return true;
  const auto rows = find_rows(context, scope.module, std::span(names).first(1), Span{});
  return rows && !rows->is_bad && rows->table == level.frame && rows->filter == kNone;
}

// How one gets from the row in hand to a row of `frame`: by a reference, or by adding up what refers to it.
void suggest_way(Context& context, const Scope& scope, TableId frame, const std::string& name,
                 base::DiagnosticBuilder& report) {
  const ColumnId there = reference_to(context, scope.frame, frame);
  const ColumnId back = reference_to(context, frame, scope.frame);
  if (there != program::kWholeTable) {
    report.help("reach it by the reference: `" + context.table(scope.frame).columns[there].name + "." + name + "`");
  } else if (back != program::kWholeTable) {
    report.help("say what to make of them: `sum(" + context.table(frame).name + "." + name + ")`");
  }
}

Checked check_symbol_path(Context& context, const Scope& scope, NodeId node, const Names& names, const Found& found) {
  const Symbol& symbol = context.symbols[found.symbol];
  if (symbol.kind == SymbolKind::kNotYet) {
    use_symbol(context, found.symbol, span(context, scope, node));
    return poison();
  }
  if (!is_value_kind(symbol.kind)) return report_not_a_value(context, scope, node, names, symbol);
  Checked value = symbol_value(context, scope, node, found.symbol);
  value = read_steps(context, scope, node, value, names, found.num_names);
  if (!value.ok() || symbol.kind == SymbolKind::kDefine) return value;
  const auto reached = reach(context, scope, value.expr);
  if (!reached) {
    const TableId frame = context.program.expr(value.expr).frame;
    auto report = context.report(Code::out_of_reach, span(context, scope, node),
                                 {dotted(names), context.table(frame).name,
                                  scope.frame == kNone ? "constants" : "`" + context.table(scope.frame).name + "`"});
    if (scope.frame == kNone) {
      report.note("here only values that are the same for everyone can stand");
    } else {
      suggest_way(context, scope, frame, dotted(names), report);
    }
    return poison();
  }
  value.expr = *reached;
  return value;
}

}  // namespace

Checked read_row(Context& context, const Scope& scope, NodeId node, const Names& names, std::size_t from) {
  Checked value = read_path(context, scope, node, scope.frame, names, from);
  if (value.ok()) refine_currency(context, scope, value);
  return value;
}

bool is_value_name(Context& context, const Scope& scope, const std::string& name) {
  if (scope.arguments != nullptr) {
    for (const Argument& argument : *scope.arguments) {
      if (argument.name == name) return true;
    }
  }
  for (const Scope* level = &scope; level != nullptr; level = can_see_outer(*level) ? level->outer : nullptr) {
    if (level->frame != kNone && find_field(context, scope.module, level->frame, name)) return true;
  }
  const Found found = find_symbol(context, scope.module, name, Span{});
  return found.symbol != kNone && is_value_kind(context.symbols[found.symbol].kind);
}

Checked report_not_a_value(Context& context, const Scope& scope, NodeId node, const Names& names,
                           const Symbol& symbol) {
  const Span place = span(context, scope, node);
  const std::string name = dotted(names);
  const bool is_rows = symbol.kind == SymbolKind::kTable || symbol.kind == SymbolKind::kSelection;
  if (is_rows && names.size() > 1 && symbol.table != kNone) {
    if (context.table(symbol.table).kind == base::TableKind::kLookup) {
      context.report(Code::many_values, place, {name, symbol.name})
          .help("say which row: `" + names.front() + "[…]." + names.back() + "`");
      return poison();
    }
    const std::string owner = scope.frame == kNone ? "row" : context.table(scope.frame).name;
    context.report(Code::many_values, place, {name, owner})
        .help("say what to make of them: `sum(" + name + ")`, `last(" + name + ")`, `any " + names.front() + " where " +
              names.back() + " …`");
    return poison();
  }
  auto report = context.report(Code::wrong_kind_of_name, place, {name, noun(context, symbol), "a value"});
  switch (symbol.kind) {
    case SymbolKind::kTable:
    case SymbolKind::kSelection: report.help("did you mean `did " + name + "` or `count(" + name + ")`?"); break;
    case SymbolKind::kSegments: report.help("name one of them: `" + name + "_…`"); break;
    case SymbolKind::kSegment:
      report.help("write `in segment " + name + "`");
      report.fix(place, "in segment " + name);
      break;
    case SymbolKind::kList: report.help("a list stands right of `in`: `city in " + name + "`"); break;
    case SymbolKind::kMetric:
    case SymbolKind::kScore:
    case SymbolKind::kPartition:
    case SymbolKind::kParam:
    case SymbolKind::kDefine:
    case SymbolKind::kNotYet: break;
  }
  return poison();
}

std::string table_noun(base::TableKind kind) {
  switch (kind) {
    case base::TableKind::kSubject: return "a subject";
    case base::TableKind::kEntity: return "an entity";
    case base::TableKind::kRecords: return "a kind of records";
    case base::TableKind::kLookup: return "a lookup table";
    case base::TableKind::kEvent:
    case base::TableKind::kUnion:
    case base::TableKind::kGrouped: return "an event";
  }
  return "";
}

std::string noun(const Context& context, const Symbol& symbol) {
  if (symbol.kind == SymbolKind::kSelection) return "an event";
  if (symbol.kind != SymbolKind::kTable || symbol.table == kNone) return symbol_noun(symbol.kind);
  return table_noun(context.table(symbol.table).kind);
}

namespace {

// A field of events, where the customer's are asked: `status is "paid"` without saying which of the orders.
bool explain_event_field(const Context& context, const Scope& scope, const std::string& name,
                         base::DiagnosticBuilder& report) {
  if (scope.frame == kNone) return false;
  for (TableId t = 0; t < context.program.schema.tables.size(); ++t) {
    const base::Table& table = context.table(t);
    const bool is_its = t != scope.frame && reference_to(context, t, scope.frame) != program::kWholeTable;
    const bool has_field = std::any_of(table.columns.begin(), table.columns.end(),
                                       [&](const base::Column& column) { return column.name == name; });
    if (!is_its || !has_field) continue;
    const std::string path = table.name + "." + name;
    report.note("`" + table.name + "` has a field of that name, and a `" + context.table(scope.frame).name +
                "` may have many of them");
    report.help("say which is meant: `any " + table.name + " where " + name + " …`, `last(" + path + ")`");
    return true;
  }
  return false;
}

// A field of a row outside that can't be reached from here: of whom a whole table is asked about.
bool report_hidden(Context& context, const Scope& scope, NodeId node, const Names& names) {
  for (const Scope* level = scope.outer; level != nullptr; level = level->outer) {
    if (level->frame == kNone || !find_field(context, scope.module, level->frame, names.front())) continue;
    const std::string& here = context.table(scope.frame).name;
    context
        .report(Code::out_of_reach, span(context, scope, node),
                {dotted(names), context.table(level->frame).name, "every `" + here + "`"})
        .note("`" + here + "` does not refer to `" + context.table(level->frame).name +
              "`, so all of its rows are asked about, the same for everyone");
    return true;
  }
  return false;
}

}  // namespace

Checked report_unknown_name(Context& context, const Scope& scope, NodeId node, const Names& names,
                            const Expected& expected) {
  if (report_hidden(context, scope, node, names)) return poison();
  if (context.modules[scope.module].has_lost_names) return poison();
  const Span place = span(context, scope, node);
  const std::string name = dotted(names);
  if (is_rest_of_hyphened(context, scope, node)) return poison();
  auto report = context.report(Code::unknown_name, place, {name});
  Names candidates;
  for (const Scope* level = &scope; level != nullptr; level = can_see_outer(*level) ? level->outer : nullptr) {
    if (level->frame == kNone) continue;
    const Names fields = field_names(context, level->frame);
    candidates.insert(candidates.end(), fields.begin(), fields.end());
  }
  const Names others = symbol_names(context, scope.module);
  candidates.insert(candidates.end(), others.begin(), others.end());
  if (scope.arguments != nullptr) {
    for (const Argument& argument : *scope.arguments) candidates.push_back(argument.name);
  }
  const std::string_view behind = word_behind(context.tree(scope), node);
  if (const auto joined = names.size() == 1 ? joined_name(name, behind, candidates) : std::nullopt) {
    explain_hyphen(context, scope, node, behind, *joined, report);
    return poison();
  }
  candidates.emplace_back("as_of");
  constexpr std::string_view kClockWords[] = {"now", "today", "current_date", "sysdate"};
  if (std::find(std::begin(kClockWords), std::end(kClockWords), name) != std::end(kClockWords)) {
    report.help("a rule never reads the clock: the day of the run is `as_of`");
    return poison();
  }
  if (names.size() == 1 && explain_event_field(context, scope, name, report)) return poison();
  const bool is_function = names.size() == 1 && (context.functions.contains(name) || is_aggregate_name(name));
  if (const std::string there = name_in_module(context, scope.module, names); !there.empty()) {
    report.label(place, "did you mean `" + there + "`?");
  } else if (const auto near = is_function ? std::nullopt : base::suggest(names.front(), candidates)) {
    report.label(place, "did you mean `" + *near + "`?");
    const NodeId first = context.tree(scope).is(node, NodeKind::kPath) ? context.tree(scope).child(node, 0) : node;
    if (context.tree(scope).text(first) == names.front()) {
      report.fix(span(context, scope, first), *near, base::Safety::changes_meaning);
    }
  }
  if (is_function) {
    report.help("there is a function of that name: `" + name + (is_aggregate_name(name) ? "(EVENT …)`" : "(…)`"));
    return poison();
  }
  if (expected.has_type && expected.type.kind == TypeKind::kFlag && names.size() == 1) {
    if (const auto word = base::flag_word(name)) {
      const std::string flag = word->is_yes ? "yes" : "no";
      report.help("whatever the data calls it, in rules it is `" + flag + "`").fix(place, flag);
    }
  }
  if (name == "gap" && scope.outer != nullptr) {
    report.help("the days between events can be aggregated: `average(" + row_word(context, scope) + ".gap)`");
  }
  if (!expected.has_type) return poison();
  const TypeKind kind = expected.type.kind;
  if (names.size() == 1 && (kind == TypeKind::kText || kind == TypeKind::kReference)) {
    report.help("text stands in quotes: `\"" + name + "\"`");
    report.fix(place, "\"" + name + "\"", base::Safety::changes_meaning);
  }
  if (kind == TypeKind::kInteger) {
    constexpr std::string_view kDays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    std::string lower = name;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto day = std::find(std::begin(kDays), std::end(kDays), lower);
    if (day != std::end(kDays)) {
      const std::string number = std::to_string(day - std::begin(kDays) + 1);
      report.help("days of the week are numbers, 1 is Monday and 7 is Sunday: `" + number + "`");
      report.fix(place, number);
    }
  }
  return poison();
}

Checked check_name(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  if (tree.is(node, NodeKind::kPath) && tree.is(tree.child(node, 0), NodeKind::kStepRef)) {
    return check_step_path(context, scope, node);
  }
  const Names names = path_names(tree, node);
  const Span place = span(context, scope, node);
  // A bare word where a choice stands on the other side is one of its values.
  if (names.size() == 1 && expected.has_type && expected.type.kind == TypeKind::kChoice) {
    const base::ChoiceSet& set = context.schema().choices[expected.type.detail];
    const bool is_choice = std::find(set.values.begin(), set.values.end(), names.front()) != set.values.end();
    const bool is_name = is_value_name(context, scope, names.front());
    if (is_choice && is_name) {
      context.report(Code::ambiguous_name, place, {names.front()})
          .note("it is a value of `" + set.name + "`, and something else is called so too")
          .help("quote the value, `\"" + names.front() + "\"`, or write the field with its table, `customer." +
                names.front() + "`");
      return poison();
    }
    if (is_choice || !is_name) return choice_value(context, scope, node, expected.type, names.front());
  }
  // An argument of the define whose body this is.
  if (scope.arguments != nullptr) {
    for (const Argument& argument : *scope.arguments) {
      if (argument.name != names.front()) continue;
      if (argument.is_rows) return check_expression(context, *argument.scope, argument.node);  // says what is wrong
      if (!argument.value.ok()) return poison();
      const auto reached = reach(context, scope, argument.value.expr);
      if (!reached) return not_yet(context, scope, node, Code::construct_not_yet, dotted(names));
      return read_steps(context, scope, node, {.expr = *reached, .type = argument.value.type}, names, 1);
    }
  }
  // `customer.country`: the row is named.
  for (const Scope* level = &scope; level != nullptr; level = can_see_outer(*level) ? level->outer : nullptr) {
    if (!names_row(context, scope, *level, names)) continue;
    Checked value = read_path(context, scope, node, level->frame, names, 1);
    if (!value.ok()) return poison();
    refine_currency(context, *level, value);
    value.expr = lift(context, scope, *level, value.expr);
    return value;
  }
  // Fields of the row in hand and of those outside it.
  const Scope* owner = nullptr;
  std::vector<std::string> readings;
  for (const Scope* level = &scope; level != nullptr; level = can_see_outer(*level) ? level->outer : nullptr) {
    if (level->frame == kNone || !find_field(context, scope.module, level->frame, names.front())) continue;
    if (owner == nullptr) owner = level;
    readings.push_back(row_word(context, *level) + "." + dotted(names));
  }
  const Found found = find_symbol(context, scope.module, names, place);
  if (found.ambiguous) return poison();
  const Symbol* symbol = found.symbol == kNone ? nullptr : &context.symbols[found.symbol];
  const bool is_own_of_module = symbol != nullptr && scope.module != kProjectModule && symbol->module == scope.module &&
                                is_value_kind(symbol->kind);
  if (owner != nullptr && !is_own_of_module) {
    if (symbol != nullptr && competes_with_fields(context, *symbol)) {
      auto report = context.report(Code::ambiguous_name, place, {names.front()});
      report.label(symbol->span, "this " + std::string(symbol_noun(symbol->kind)).substr(2));
      report.help("the field is `" + readings.front() + "`; give the other one another name to use it here");
      return poison();
    }
    if (readings.size() > 1) return ambiguous(context, scope, node, names.front(), readings);
    Checked value = read_path(context, scope, node, owner->frame, names, 0);
    if (!value.ok()) return poison();
    refine_currency(context, *owner, value);
    value.expr = lift(context, scope, *owner, value.expr);
    return value;
  }
  if (symbol != nullptr) return check_symbol_path(context, scope, node, names, found);
  if (names.size() == 1 && names.front() == "as_of") return checked(context, context.program.as_of_day());
  return report_unknown_name(context, scope, node, names, expected);
}

}  // namespace seg::check
