// Messages about types and units: what was seen, the rule, and what a person most likely meant.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/flag_word.h"
#include "compiler/check/lowering.h"

namespace seg::check {

Span span(const Context& context, const Scope& scope, NodeId node) { return context.tree(scope).span(node); }

std::string phrase(const Context& context, const Type& type) { return type_phrase(context.program.schema, type); }

std::string currency_name(const Context& context, const Type& money) {
  return money.detail == base::kNoDetail ? "an unknown currency" : context.program.schema.currencies[money.detail];
}

std::string excerpt(const Context& context, const Scope& scope, NodeId node) {
  constexpr std::size_t kLongest = 48;  // bytes
  std::string out;
  for (char c : context.tree(scope).text(node)) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.size() <= kLongest) return out;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return out.substr(0, end) + "…";
}

Checked not_yet(Context& context, const Scope& scope, NodeId node, Code code, std::string_view what) {
  context.report(code, span(context, scope, node), {std::string(what)});
  return poison();
}

Checked report_wrong_type(Context& context, const Scope& scope, NodeId node, const Type& seen,
                          std::string_view needed) {
  auto report =
      context.report(Code::wrong_type, span(context, scope, node), {phrase(context, seen), std::string(needed)});
  if (seen.kind == TypeKind::kTime && needed == "a date") {
    report.help("the day of a time is `date of " + excerpt(context, scope, node) + "`");
  }
  return poison();
}

namespace {

struct Side {
  NodeId node;
  const Checked& value;
};

std::string unit_word(base::TypeKind kind) {
  switch (kind) {
    case TypeKind::kDuration: return "days";
    case TypeKind::kDistance: return "km";
    default: return "";
  }
}

// A number beside money, a duration or a distance.
void report_number_beside_unit(Context& context, const Scope& scope, NodeId node, const Side& number,
                               const Side& with_unit) {
  const Tree& tree = context.tree(scope);
  const Span place = span(context, scope, number.node);
  const Type& unit_type = with_unit.value.type;
  if (tree.is(number.node, NodeKind::kPercent) && unit_type.kind == TypeKind::kMoney) {
    context.report(Code::missing_unit, place, {"`" + excerpt(context, scope, number.node) + "`"})
        .note("a percentage is a number, and " + phrase(context, unit_type) + " stands beside it")
        .help("a share of an amount is a multiplication: `amount * 110%`");
    return;
  }
  if (literal_value(context, number.value) != nullptr) {
    auto report = context.report(Code::missing_unit, place, {"`" + excerpt(context, scope, number.node) + "`"});
    report.note("`" + excerpt(context, scope, with_unit.node) + "` is " + phrase(context, unit_type));
    const bool is_money = unit_type.kind == TypeKind::kMoney;
    const std::string unit = is_money ? currency_name(context, unit_type) : unit_word(unit_type.kind);
    if (!is_money || unit_type.detail != base::kNoDetail) {
      report.label(place, "did you mean `" + std::string(tree.text(number.node)) + " " + unit + "`?");
      report.fix(Span{place.source, place.end, place.end}, " " + unit, base::Safety::changes_meaning);
    }
    return;
  }
  auto report = context.report(Code::mixed_units, span(context, scope, node),
                               {phrase(context, number.value.type), phrase(context, unit_type)});
  const program::Expr& expr = context.program.expr(number.value.expr);
  if (expr.kind == program::ExprKind::kParam) {
    const program::Param& param = context.program.params[expr.a];
    report.label(param.span, "a number without a unit");
    report.help("give it one: `param " + param.name + " = … " +
                (unit_type.kind == TypeKind::kMoney ? currency_name(context, unit_type) : unit_word(unit_type.kind)) +
                "`");
  }
  const NodeKind kind = tree.kind(number.node);
  const bool counts_time = kind == NodeKind::kSince || kind == NodeKind::kUntil || kind == NodeKind::kSinceEvent;
  if (counts_time && tree.is(with_unit.node, NodeKind::kDuration)) {
    const std::string counted(tree.text(tree.child(number.node, NodeKind::kUnit)));
    report.label(span(context, scope, number.node), "a number of " + counted);
    if (tree.text(tree.child(with_unit.node, NodeKind::kUnit)) == counted) {
      const std::string digits(tree.text(tree.child(with_unit.node, 0)));
      report.help("it counts " + counted + " already: write `" + digits + "` without a unit");
      report.fix(span(context, scope, with_unit.node), digits);
    } else {
      report.help("it counts " + counted + " already: write their number without a unit");
    }
  }
}

// A value as it stands in a rule: bare where it is a name.
std::string value_in_rule(const std::string& value) {
  const bool is_word = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
  return is_word && value != "yes" && value != "no" ? value : "\"" + value + "\"";
}

std::string values_note(const base::ChoiceSet& set) {
  constexpr std::size_t kMost = 12;
  std::string out = set.ranked ? "its values, from the lowest: " : "its values: ";
  for (std::size_t i = 0; i < set.values.size() && i < kMost; ++i) {
    out += (i == 0 ? "" : ", ") + value_in_rule(set.values[i]);
  }
  if (set.values.size() > kMost) out += ", … (" + std::to_string(set.values.size()) + " in all)";
  return out;
}

// `newsletter is yes`, and its values are ja and nein.
void explain_choice_as_flag(Context& context, const Scope& scope, const Side& choice, const Side& flag,
                            base::DiagnosticBuilder& report) {
  const base::ChoiceSet& set = context.schema().choices[choice.value.type.detail];
  report.note(values_note(set));
  const Value* known = literal_value(context, flag.value);
  if (known == nullptr) return;
  for (const std::string& value : set.values) {
    const auto word = base::flag_word(value);
    if (!word || word->is_yes != known->flag()) continue;
    const std::string text = value_in_rule(value);
    report.help("did you mean `" + excerpt(context, scope, choice.node) + " is " + text + "`?");
    report.fix(span(context, scope, flag.node), text, base::Safety::changes_meaning);
    return;
  }
}

// `age < 35`, and its values are bands.
void explain_choice_as_number(Context& context, const Scope& scope, const Side& choice, const Side& number,
                              base::DiagnosticBuilder& report) {
  const base::ChoiceSet& set = context.schema().choices[choice.value.type.detail];
  report.note(values_note(set));
  const std::string digits = context.tree(scope).digits(number.node);
  if (digits.empty() || literal_value(context, number.value) == nullptr) return;
  const auto first_number = [](const std::string& value) -> std::optional<double> {
    const std::size_t at = value.find_first_of("0123456789");
    if (at == std::string::npos) return std::nullopt;
    return std::strtod(value.c_str() + at, nullptr);
  };
  const double wanted = std::strtod(digits.c_str(), nullptr);
  const auto begins_with = [&](const std::string& value) { return first_number(value) == wanted; };
  const auto same = std::find(set.values.begin(), set.values.end(), digits);
  const auto band = same != set.values.end() ? same : std::find_if(set.values.begin(), set.values.end(), begins_with);
  if (band == set.values.end()) {
    const std::string* named = &set.values.front();
    for (const std::string& value : set.values) {
      const auto first = first_number(value);
      if (set.ranked && first && *first <= wanted && number.value.type.kind != TypeKind::kMoney) named = &value;
    }
    report.help("name a value of it: `" + excerpt(context, scope, choice.node) + (set.ranked ? " at least " : " is ") +
                value_in_rule(*named) + "`");
    return;
  }
  report.help("its values are texts: write `" + value_in_rule(*band) + "`");
  report.fix(span(context, scope, number.node), value_in_rule(*band), base::Safety::changes_meaning);
}

bool is_made_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

void report_not_comparable(Context& context, const Scope& scope, NodeId node, NodeId a_node, const Checked& a,
                           NodeId b_node, const Checked& b) {
  const Tree& tree = context.tree(scope);
  if (is_numeric(a.type) && has_unit(b.type)) {
    return report_number_beside_unit(context, scope, node, {a_node, a}, {b_node, b});
  }
  if (is_numeric(b.type) && has_unit(a.type)) {
    return report_number_beside_unit(context, scope, node, {b_node, b}, {a_node, a});
  }
  const Span place = span(context, scope, node);
  if (a.type.kind == TypeKind::kMoney && b.type.kind == TypeKind::kMoney) {
    if (a.type.detail == base::kNoDetail || b.type.detail == base::kNoDetail) {
      const NodeId unknown = a.type.detail == base::kNoDetail ? a_node : b_node;
      context.report(Code::row_currency, span(context, scope, unknown), {excerpt(context, scope, unknown)})
          .note("another column names its currency, so one row may be in EUR and the next in USD")
          .help("choose one beside it: `where currency of " + excerpt(context, scope, unknown) + " is EUR and " +
                excerpt(context, scope, unknown) + " >= 100 EUR`");
      return;
    }
    context.report(Code::mixed_currencies, place, {currency_name(context, a.type), currency_name(context, b.type)})
        .label(span(context, scope, a_node), "in " + currency_name(context, a.type))
        .label(span(context, scope, b_node), "in " + currency_name(context, b.type))
        .note("no exchange rate is assumed; amounts of two currencies never meet");
    return;
  }
  if (has_unit(a.type) && has_unit(b.type)) {
    context.report(Code::mixed_units, place, {phrase(context, a.type), phrase(context, b.type)});
    return;
  }
  auto report = context.report(Code::not_comparable, place, {phrase(context, a.type), phrase(context, b.type)});
  report.label(span(context, scope, a_node), phrase(context, a.type));
  report.label(span(context, scope, b_node), phrase(context, b.type));
  const auto either = [&](TypeKind first, TypeKind second, auto&& say) {
    if (a.type.kind == first && b.type.kind == second) say(Side{a_node, a}, Side{b_node, b});
    if (b.type.kind == first && a.type.kind == second) say(Side{b_node, b}, Side{a_node, a});
  };
  either(TypeKind::kTime, TypeKind::kDate, [&](Side time, Side) {
    const std::string text = excerpt(context, scope, time.node);
    report.note("a time is an instant, a date a whole day");
    report.help("compare the day, `date of " + text + "`, or write `before` or `after`");
  });
  for (const TypeKind numeric : {TypeKind::kInteger, TypeKind::kNumber}) {
    either(TypeKind::kDate, numeric, [&](Side date, Side) {
      report.help("a year is `year of " + excerpt(context, scope, date.node) + "`, a day is written `2026-06-30`");
    });
    either(TypeKind::kTime, numeric, [&](Side time, Side) {
      report.help("its parts are `hour of " + excerpt(context, scope, time.node) + "`, `weekday of …`, `year of …`");
    });
    either(TypeKind::kFlag, numeric, [&](Side flag, Side number) {
      const NodeKind kind = tree.kind(flag.node);
      if (kind == NodeKind::kDid || kind == NodeKind::kQuantified) {
        report.help("how often: `did … at least " + excerpt(context, scope, number.node) + " times`, or `count(…)`");
      } else {
        report.help("a flag is `yes` or `no`: `" + excerpt(context, scope, flag.node) + " is yes`");
      }
    });
    either(TypeKind::kText, numeric, [&](Side text, Side number) {
      if (literal_value(context, number.value) != nullptr) {
        report.help("text stands in quotes: `" + quoted(tree.text(number.node)) + "`");
        report.fix(span(context, scope, number.node), quoted(tree.text(number.node)), base::Safety::changes_meaning);
      } else if (const Value* known = literal_value(context, text.value)) {
        report.help("numbers stand without quotes");
        if (is_made_of(known->text(), "0123456789.")) {
          report.fix(span(context, scope, text.node), std::string(known->text()), base::Safety::changes_meaning);
        }
      }
    });
    either(TypeKind::kVersion, numeric, [&](Side, Side number) {
      report.help("a version stands in quotes: `" + quoted(tree.text(number.node)) + "`");
      if (tree.is(number.node, NodeKind::kNumber)) {
        report.fix(span(context, scope, number.node), quoted(tree.text(number.node)));
      }
    });
  }
  for (const TypeKind other : {TypeKind::kInteger, TypeKind::kNumber, TypeKind::kMoney, TypeKind::kFlag}) {
    either(TypeKind::kChoice, other, [&](Side choice, Side value) {
      if (other == TypeKind::kFlag) {
        explain_choice_as_flag(context, scope, choice, value, report);
      } else {
        explain_choice_as_number(context, scope, choice, value, report);
      }
    });
  }
  either(TypeKind::kDate, TypeKind::kText, [&](Side, Side text) {
    const Value* known = literal_value(context, text.value);
    if (known == nullptr) return;
    report.help("a date stands without quotes: `2026-06-30`");
    if (known->text().size() == 10 && is_made_of(known->text(), "0123456789-")) {
      report.fix(span(context, scope, text.node), std::string(known->text()));
    }
  });
  either(TypeKind::kTime, TypeKind::kText, [&](Side, Side text) {
    if (literal_value(context, text.value) != nullptr) report.help("a time stands without quotes: `2026-06-30T18:00`");
  });
  either(TypeKind::kFlag, TypeKind::kText, [&](Side, Side text) {
    report.help("a flag is `yes` or `no`, without quotes");
    const Value* known = literal_value(context, text.value);
    if (known != nullptr && (known->text() == "yes" || known->text() == "no")) {
      report.fix(span(context, scope, text.node), std::string(known->text()));
    }
  });
  for (const TypeKind moment : {TypeKind::kDate, TypeKind::kTime}) {
    either(moment, TypeKind::kDuration, [&](Side when, Side length) {
      const std::string text = excerpt(context, scope, when.node);
      report.help("how long ago: `" + text + " within last " + excerpt(context, scope, length.node) +
                  "`, or `days since " + text + "`");
    });
  }
  either(TypeKind::kMoney, TypeKind::kText, [&](Side money, Side) {
    report.help("an amount stands without quotes: `500 " + currency_name(context, money.value.type) + "`");
  });
  either(TypeKind::kReference, TypeKind::kText, [&](Side reference, Side) {
    const std::string text = excerpt(context, scope, reference.node);
    report.help("name one of its fields: `" + text + "." + "…`");
  });
  if (a.type.kind == TypeKind::kList || b.type.kind == TypeKind::kList) {
    const NodeId list = a.type.kind == TypeKind::kList ? a_node : b_node;
    report.help("a list is asked with `" + excerpt(context, scope, list) + " contains …`");
  }
}

}  // namespace seg::check
