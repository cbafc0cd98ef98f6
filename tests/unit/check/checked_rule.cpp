#include "tests/unit/check/checked_rule.h"

#include "base/diagnostic.h"
#include "base/source.h"
#include "compiler/check/check.h"
#include "compiler/syntax/parse.h"
#include "program/program.h"

namespace seg::check_test {
namespace {

constexpr const char* kSchema = R"(
entity account {
    key id: text
    employees: integer
    industry: text
    founded: date
}
entity product { key id: text, category: text, launched: date, price: money }
subject customer {
    key id: integer
    account: account
    name: text
    email: text
    birth_date: date personal
    signup: date
    seen: time
    gender: choice of [female, male, other] personal
    education: ranked choice of [primary < secondary < bachelor < master]
    city: text folded
    country: text
    interests: list of text
    tags: list of text folded
    visits: integer
    rating: number
    income: money
    rent: money in CHF
    walk: distance
    wait: duration
    app: version
    consent_email: flag
    vip: flag
    favourite: product
}
event purchase of customer {
    at: time
    amount: money
    quantity: integer
    discount: number
    product: product
    channel: choice of [web, shop, app]
    note: text
    renewal: date
    country: text
}
event payment of customer { at: time, total: money by currency_code, currency_code: text }
event call of customer { on_day: date, length: integer }
records device of customer { model: text, os: text, os_version: version }
lookup climate { city: text key, zone: choice of [cold, mild, hot], mean: number }
entity depot { key id: text, staff: integer }
events big_purchase = purchase where amount >= 200 EUR
events contact = purchase, payment
)";

CheckedRule run(const std::string& rules, const std::string& wanted) {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  const base::SourceId schema = sources.add("schema.seg", kSchema);
  const base::SourceId rule = sources.add("rules.seg", rules);
  const syntax::ParseResult schema_tree = syntax::parse(schema, sources.text(schema), diagnostics);
  const syntax::ParseResult rule_tree = syntax::parse(rule, sources.text(rule), diagnostics);
  check::CheckInput input;
  input.settings.currency = "EUR";
  input.settings.time_zone = "Europe/Berlin";
  input.schema.push_back({.source = schema, .tree = &schema_tree.tree, .has_errors = schema_tree.has_errors});
  input.rules.push_back({.source = rule, .tree = &rule_tree.tree, .has_errors = rule_tree.has_errors});
  const check::CheckResult result = check::check(input, sources, diagnostics);
  CheckedRule out;
  for (const base::Diagnostic& item : diagnostics.items()) {
    if (item.severity != base::Severity::error) continue;
    out.codes.emplace_back(base::info(item.code).id);
    out.messages.push_back(item.message);
    for (const base::Label& label : item.labels) out.notes.push_back(label.text);
    for (const std::string& note : item.notes) out.notes.push_back(note);
    for (const std::string& help : item.help) out.notes.push_back(help);
    for (const base::Edit& edit : item.edits) out.notes.push_back("fix: " + edit.replacement);
  }
  for (const program::Output& output : result.program.outputs) {
    if (output.name != wanted) continue;
    out.text = program::print(result.program, output.root);
    const base::Type& type =
        output.kind == program::OutputKind::kSegment ? result.program.expr(output.root).type : output.type;
    out.type = base::type_keyword(type.kind);
    if (type.kind == base::TypeKind::kMoney && type.detail != base::kNoDetail) {
      out.type += " " + result.program.schema.currencies[type.detail];
    }
  }
  return out;
}

}  // namespace

bool CheckedRule::says(std::string_view words) const {
  for (const auto* list : {&messages, &notes}) {
    for (const std::string& text : *list) {
      if (text.find(words) != std::string::npos) return true;
    }
  }
  return false;
}

CheckedRule check_metric(const std::string& expression, const std::string& rules) {
  return run(rules + "\nmetric tested of customer = " + expression + "\n", "tested");
}

CheckedRule check_when(const std::string& condition, const std::string& rules) {
  return run(rules + "\nsegment tested of customer {\n    when " + condition + "\n}\n", "tested");
}

CheckedRule check_account(const std::string& expression, const std::string& rules) {
  return run(rules + "\nmetric tested of account = " + expression + "\n", "tested");
}

}  // namespace seg::check_test
