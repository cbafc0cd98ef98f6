// Warnings that need neither data nor proofs: rules that are right but may not mean what their author thinks.
#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/check/declaration.h"

namespace seg::check {

using base::Code;
using program::ExprKind;
using program::Fn;
using program::Output;
using program::OutputKind;
using syntax::NodeKind;

namespace {

// ---- what a team agrees on ------------------------------------------------------------------------------------------

void lint_definitions(Context& context) {
  const bool has_errors = context.diagnostics.has_errors();  // what failed may have used them
  std::set<SymbolId> generators;
  for (const Symbol& symbol : context.symbols) {
    if (symbol.module != kProjectModule || symbol.node == syntax::kNoNode) continue;
    const bool is_only_a_definition = symbol.kind == SymbolKind::kParam || symbol.kind == SymbolKind::kList ||
                                      symbol.kind == SymbolKind::kDefine || symbol.kind == SymbolKind::kSelection ||
                                      (symbol.kind == SymbolKind::kMetric && symbol.name.starts_with('_'));
    if (is_only_a_definition && symbol.num_uses == 0 && !has_errors) {
      context.report(Code::unused_definition, symbol.span, {symbol.name}).help("Use it, or take it out.");
    }
    if (symbol.output == kNone || symbol.has_bad_property) continue;
    if (symbol.generated_by != kNone && !generators.insert(symbol.generated_by).second) continue;  // one says it of all
    const Output& output = context.program.outputs[symbol.output];
    if (output.kind != OutputKind::kSegment && output.kind != OutputKind::kPartition) continue;
    if (output.owner.empty()) {
      context.report(Code::missing_owner, symbol.span, {symbol.name})
          .help("Say who answers for it: `owner \"retention@shop.example\"`.");
    }
    if (output.title.empty()) {
      context.report(Code::missing_title, symbol.span, {symbol.name})
          .help("Give it the name that people read in reports: `title \"…\"`.");
    }
  }
}

// ---- conditions -----------------------------------------------------------------------------------------------------

// What all rules share: an expression is there once for thousands of them, so what is below it is found once.
class SharedReading {
 public:
  explicit SharedReading(const program::Program& program) : program_(program), sensitive_(program.exprs.size(), kNone) {
    // What an expression is made of was there before it: one pass from the leaves up.
    for (ExprId id = 0; id < program.exprs.size(); ++id) {
      const program::Expr& expr = program.expr(id);
      if (expr.kind == ExprKind::kField && is_sensitive(expr)) sensitive_[id] = id;
      each_part(id, [&](ExprId part) { sensitive_[id] = std::min(sensitive_[id], sensitive_[part]); });
    }
  }

  // The first sensitive field that it reads, or kNone.
  ExprId sensitive(ExprId id) const { return sensitive_[id]; }

  // Everything that it reads, not through other segments.
  std::vector<ExprId> all_of(const std::vector<ExprId>& roots) {
    std::vector<ExprId> found;
    marks_.resize(program_.exprs.size(), 0);
    ++mark_;
    const auto add = [&](ExprId id) {
      if (std::exchange(marks_[id], mark_) != mark_) found.push_back(id);
    };
    for (const ExprId root : roots) add(root);
    for (std::size_t i = 0; i < found.size(); ++i) each_part(found[i], add);
    return found;
  }

 private:
  template <class Use>
  void each_part(ExprId id, const Use& use) const {
    for (const ExprId arg : program_.args_of(id)) use(arg);
    const program::Expr& expr = program_.expr(id);
    if (expr.kind == ExprKind::kSequence) {
      for (const ExprId part : program::Program::parts_of(program_.sequences[expr.a])) use(part);
    }
    if (expr.kind != ExprKind::kAggregate) return;
    const program::Aggregate& aggregate = program_.aggregates[expr.a];
    if (aggregate.filter != kNone) use(aggregate.filter);
    if (aggregate.value != kNone) use(aggregate.value);
  }

  bool is_sensitive(const program::Expr& field) const {
    return program_.schema.tables[field.frame].columns[field.a].privacy == base::Privacy::kSensitive;
  }

  const program::Program& program_;
  std::vector<ExprId> sensitive_;
  std::vector<std::uint32_t> marks_;
  std::uint32_t mark_ = 0;
};

class RuleLint {
 public:
  RuleLint(Context& context, const Output& output, SharedReading& reading)
      : context_(context), program_(context.program), output_(output), reading_(reading) {}

  void lint() {
    if (output_.clause == kNone) return;
    collect(output_.clause);
    for (std::uint32_t clause : clauses_) lint_clause(program_.clauses[clause]);
    lint_privacy();
  }

 private:
  void collect(std::uint32_t clause) {
    if (!seen_clauses_.insert(clause).second) return;
    clauses_.push_back(clause);
    if (program_.clauses[clause].expr != kNone) roots_.push_back(program_.clauses[clause].expr);
    for (std::uint32_t child : program_.clauses[clause].children) collect(child);
  }

  // Few rules need it.
  const std::vector<ExprId>& everything() const {
    if (everything_.empty()) everything_ = reading_.all_of(roots_);
    return everything_;
  }

  bool is_call(ExprId id, Fn fn) const {
    return program_.expr(id).kind == ExprKind::kCall && program_.expr(id).fn == fn;
  }

  bool rule_asks_whether_known(ExprId value) const {
    return std::any_of(everything().begin(), everything().end(), [&](ExprId id) {
      return (is_call(id, Fn::is_missing) || is_call(id, Fn::is_known)) && program_.args_of(id)[0] == value;
    });
  }

  bool rule_counts(TableId child) const {
    return std::any_of(everything().begin(), everything().end(), [&](ExprId id) {
      const program::Expr& expr = program_.expr(id);
      if (expr.kind != ExprKind::kAggregate) return false;
      const program::Aggregate& aggregate = program_.aggregates[expr.a];
      return aggregate.child == child &&
             (aggregate.fn == program::AggFn::kExists || aggregate.fn == program::AggFn::kCount);
    });
  }

  void lint_clause(const program::Clause& clause) {
    if (clause.expr == kNone) return;
    const std::string_view text = context_.sources.text(clause.span);
    if (is_call(clause.expr, Fn::ne)) lint_is_not(clause, text);
    if (is_call(clause.expr, Fn::logical_not)) {
      const ExprId inner = program_.args_of(clause.expr)[0];
      if (is_call(inner, Fn::eq)) lint_is_not(clause, text);
      lint_not_in_segment(inner, clause.span);
    }
    if (text.starts_with("none of")) {
      for (std::uint32_t child : clause.children) {
        lint_not_in_segment(program_.clauses[child].expr, program_.clauses[child].span);
      }
    }
    if (is_call(clause.expr, Fn::gt) || is_call(clause.expr, Fn::ge)) {
      lint_since(program_.args_of(clause.expr)[0], program_.args_of(clause.expr)[1], is_call(clause.expr, Fn::gt),
                 clause.span);
    }
    if (is_call(clause.expr, Fn::lt) || is_call(clause.expr, Fn::le)) {
      lint_since(program_.args_of(clause.expr)[1], program_.args_of(clause.expr)[0], is_call(clause.expr, Fn::lt),
                 clause.span);
    }
  }

  void lint_is_not(const program::Clause& clause, std::string_view text) {
    std::size_t cut = text.find(" is not ");
    if (cut == std::string_view::npos) cut = text.find("!=");
    if (cut == std::string_view::npos) return;
    ExprId call = clause.expr;
    if (is_call(call, Fn::logical_not)) call = program_.args_of(call)[0];
    const ExprId value = without_conversion(program_.args_of(call)[0]);
    if (!can_be_missing(program_, value) || rule_asks_whether_known(value)) return;
    if (program_.expr(value).kind != ExprKind::kField && program_.expr(value).kind != ExprKind::kFollow) return;
    std::string name(text.substr(0, cut));
    while (!name.empty() && name.back() == ' ') name.pop_back();
    context_.report(Code::is_not_on_missing, clause.span, {name})
        .note("A comparison with a missing value is unknown, and who is unknown is not a member.")
        .help("If they belong here: `(" + std::string(text) + " or " + name + " is missing)`.")
        .help("If not, say so: `" + name + " is known`.");
  }

  ExprId without_conversion(ExprId id) const {
    while (program_.expr(id).kind == ExprKind::kCall &&
           (program_.expr(id).fn == Fn::fold || program_.expr(id).fn == Fn::to_number ||
            program_.expr(id).fn == Fn::date_of)) {
      id = program_.args_of(id)[0];
    }
    return id;
  }

  void lint_not_in_segment(ExprId member, base::Span span) {
    if (member == kNone || program_.expr(member).kind != ExprKind::kMember) return;
    const Output& other = program_.outputs[program_.expr(member).a];
    if (!can_be_missing(program_, other.root)) return;
    context_.report(Code::not_in_unknown_segment, span, {other.name})
        .label(other.span, "its condition is unknown for some")
        .note("A segment is a set: for whom its condition is unknown, that one is not in it.");
  }

  // `days since last X > N`, by whatever name: the value is missing for those without any X.
  void lint_since(ExprId value, ExprId limit, bool is_more, base::Span span) {
    value = without_conversion(value);
    const program::Expr& since = program_.expr(value);
    if (since.kind != ExprKind::kCall) return;
    constexpr std::array kSince = {Fn::days_since, Fn::weeks_since, Fn::months_since, Fn::years_since, Fn::hours_since};
    if (std::find(kSince.begin(), kSince.end(), since.fn) == kSince.end()) return;
    const ExprId when = without_conversion(program_.args_of(value)[0]);
    if (program_.expr(when).kind != ExprKind::kAggregate) return;
    const program::Aggregate& aggregate = program_.aggregates[program_.expr(when).a];
    if (rule_counts(aggregate.child) || rule_asks_whether_known(value)) return;
    if (!said_never_.insert(aggregate.child).second) return;  // once in a rule
    const std::string& name = program_.row_name(program_.expr(when).a);
    // "more than 180 days ago" is "not on the last 181 days", the as-of day among them.
    std::string days = "…";
    const program::Expr& number = program_.expr(limit);
    if (since.fn == Fn::days_since && number.kind == ExprKind::kLiteral &&
        std::holds_alternative<std::int64_t>(program_.values[number.a].data)) {
      days = std::to_string(program_.values[number.a].integer() + (is_more ? 1 : 0));
    }
    context_.report(Code::leaves_out_never, span, {name})
        .note("For them there is no last one, so this is unknown.")
        .help("If they belong here: `did not " + name + " over last " + days + " days` has them too.");
  }

  // ---- privacy ----

  void lint_privacy() {
    if (!output_.purpose.empty()) return;
    ExprId field = kNone;
    for (const ExprId root : roots_) field = std::min(field, reading_.sensitive(root));
    if (field == kNone) return;
    const program::Expr& expr = program_.expr(field);
    context_
        .report(Code::sensitive_without_purpose, output_.span,
                {output_.name, program_.schema.tables[expr.frame].columns[expr.a].name})
        .help("State the lawful purpose: `purpose \"…\"`.");
  }

  Context& context_;
  const program::Program& program_;
  const Output& output_;
  std::set<std::uint32_t> seen_clauses_;
  std::vector<std::uint32_t> clauses_;
  SharedReading& reading_;
  std::vector<ExprId> roots_;
  mutable std::vector<ExprId> everything_;
  std::set<TableId> said_never_;
};

// ---- letters that look alike ----------------------------------------------------------------------------------------

struct Variant {
  std::string_view from;
  std::string_view to;  // one code point to another, in UTF-8: all code points between them
};
struct Letter {
  std::string_view note;
  std::array<Variant, 3> variants;  // the ways to write it; "" for fewer
};

constexpr std::array<Letter, 3> kLetters = {{
    {"ي and ی are different characters, from an Arabic and a Persian keyboard.",
     {{{"\u064A", "\u064A"}, {"\u06CC", "\u06CC"}, {"", ""}}}},
    {"ك and ک are different characters, from an Arabic and a Persian keyboard.",
     {{{"\u0643", "\u0643"}, {"\u06A9", "\u06A9"}, {"", ""}}}},
    {"Digits of different scripts are different characters.",
     {{{"0", "9"}, {"\u0660", "\u0669"}, {"\u06F0", "\u06F9"}}}},
}};

bool has_variant(std::string_view text, const Variant& variant) {
  if (variant.from.empty()) return false;
  for (std::size_t i = 0; i + variant.from.size() <= text.size(); ++i) {
    const std::string_view here = text.substr(i, variant.from.size());
    const bool is_start = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (is_start && here >= variant.from && here <= variant.to) return true;
  }
  return false;
}

struct Entry {
  std::string text;
  base::Span span;
};

// The first entry with the letter, and the first that writes it otherwise; or nothing.
std::pair<const Entry*, const Entry*> find_mixed(const std::vector<Entry>& entries, const Letter& letter) {
  const Entry* first = nullptr;
  std::size_t first_variant = 0;
  for (const Entry& entry : entries) {
    for (std::size_t v = 0; v < letter.variants.size(); ++v) {
      if (!has_variant(entry.text, letter.variants[v])) continue;
      if (first != nullptr && v != first_variant) return {first, &entry};
      first = first == nullptr ? &entry : first;
      first_variant = v;
    }
  }
  return {};
}

void lint_letters(Context& context, const std::vector<Entry>& entries) {
  for (const Letter& letter : kLetters) {
    const auto [first, other] = find_mixed(entries, letter);
    if (first == nullptr) continue;
    context.report(Code::mixed_letters, other->span, {first->text, other->text})
        .label(first->span, "written one way here")
        .note(std::string(letter.note))
        .note("Without `folded` they never compare as equal.")
        .help("Write them all the same way, or make the field `folded`.");
  }
}

void lint_lists(Context& context) {
  for (const File& file : context.files) {
    if (file.module != kProjectModule) continue;
    const syntax::Tree& tree = *file.tree;
    for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
      if (!tree.is(NodeId{i}, NodeKind::kList)) continue;
      std::vector<Entry> entries;
      for (NodeId child : tree.children(NodeId{i})) {
        if (tree.is(child, NodeKind::kText)) entries.push_back({tree.string_value(child), tree.span(child)});
      }
      lint_letters(context, entries);
    }
  }
  for (const Symbol& symbol : context.symbols) {
    if (symbol.kind != SymbolKind::kList || symbol.module != kProjectModule ||
        !context.tree(symbol.file).is(symbol.node, NodeKind::kListFile)) {
      continue;
    }
    std::vector<Entry> entries;
    for (const ListItem& item : symbol.items) {
      if (std::holds_alternative<std::string>(item.value.data)) entries.push_back({item.value.text(), item.span});
    }
    lint_letters(context, entries);
  }
}

}  // namespace

void lint(Context& context) {
  lint_definitions(context);
  SharedReading reading(context.program);
  std::set<std::string> groups;
  for (const Output& output : context.program.outputs) {
    if (!output.group.empty() && !groups.insert(output.group).second) continue;  // one says it of all
    if (output.module.empty()) RuleLint(context, output, reading).lint();
  }
  lint_lists(context);
}

}  // namespace seg::check
