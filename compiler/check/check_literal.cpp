// Literals: numbers, amounts, lengths of time and distance, dates and times, text, lists.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/currency.h"
#include "base/local_time.h"
#include "base/suggest.h"
#include "compiler/check/check.h"
#include "compiler/check/lowering.h"

namespace seg::check {
namespace {

using syntax::Unit;

std::int64_t day_number(const syntax::CalendarDay& day) {
  const std::chrono::year_month_day date{std::chrono::year{day.year},
                                         std::chrono::month(static_cast<unsigned>(day.month)),
                                         std::chrono::day(static_cast<unsigned>(day.day))};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// "1000.50" in 1/10000 exactly; none: more decimals, or too large.
struct MoneyDigits {
  std::optional<std::int64_t> units;
  bool too_fine = false;
};
MoneyDigits money_units(std::string_view digits) {
  constexpr std::size_t kDecimals = 4;
  std::string all;
  std::size_t decimals = 0;
  bool after_point = false;
  for (char c : digits) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    if (after_point && decimals == kDecimals) {
      if (c != '0') return {.too_fine = true};
      continue;
    }
    all += c;
    decimals += after_point ? 1 : 0;
  }
  all.append(kDecimals - decimals, '0');
  std::int64_t units = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), units);
  if (error != std::errc() || end != all.data() + all.size()) return {};
  return {.units = units};
}

std::optional<std::int64_t> unit_micros(Unit unit) {
  constexpr std::int64_t kMinute = 60 * base::kMicrosPerSecond;
  switch (unit) {
    case Unit::second: return base::kMicrosPerSecond;
    case Unit::minute: return kMinute;
    case Unit::hour: return base::kMicrosPerHour;
    case Unit::day: return base::kMicrosPerDay;
    case Unit::week: return 7 * base::kMicrosPerDay;
    case Unit::month:
    case Unit::quarter:
    case Unit::year:
    case Unit::meter:
    case Unit::kilometer:
    case Unit::mile:
    case Unit::currency: return std::nullopt;
  }
  return std::nullopt;
}

Checked number_too_large(Context& context, const Scope& scope, NodeId node) {
  context.report(Code::number_too_large, span(context, scope, node), {excerpt(context, scope, node)});
  return poison();
}

// `€300`, `30k`, `300,50`: read as something else than was meant, which has been reported.
bool is_mistaken_number(const Tree& tree, NodeId node) {
  const std::string_view text = tree.text(node);
  if (text.starts_with("\u20ac") || text.starts_with("\u00a3") || text.starts_with("\u00a5") ||
      text.starts_with("\ufdfc")) {
    return true;
  }
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c == '$' || c == ',' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// `1.000` is one, and many a file means a thousand by it. Nobody writes a fraction with two zeros at its end.
void lint_point_of_thousands(Context& context, const Scope& scope, NodeId node) {
  const std::string_view text = context.tree(scope).text(node);
  const std::size_t point = text.find('.');
  const auto is_digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
  };
  if (point > 3 || text.front() == '0' || text.size() - point != 4) return;
  const std::string_view whole = text.substr(0, point), fraction = text.substr(point + 1);
  if (!is_digits(whole) || !is_digits(fraction) || !fraction.ends_with("00")) return;
  const std::string meant = std::string(whole) + "_" + std::string(fraction);
  const std::string value = std::string(whole) + (fraction == "000" ? "" : "." + std::string(fraction.substr(0, 1)));
  context.report(Code::point_of_thousands, span(context, scope, node), {std::string(text), value, meant})
      .note("a point stands before the fraction; thousands are set apart by `_`")
      .help("write " + ("`" + value + "`") + " or " + ("`" + meant + "`") + ", whichever is meant");
}

Checked check_number(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  if (is_mistaken_number(tree, node)) return poison();
  lint_point_of_thousands(context, scope, node);
  if (tree.is(node, NodeKind::kNumber) && tree.digits(node).find('.') == std::string::npos) {
    const auto value = tree.integer_value(node);
    if (!value) return number_too_large(context, scope, node);
    const bool is_number = expected.has_type && expected.type.kind == TypeKind::kNumber;
    return is_number ? literal(context, kNumberType, Value::of(static_cast<double>(*value)))
                     : integer_literal(context, *value);
  }
  return literal(context, kNumberType, Value::of(tree.number_value(node)));
}

Checked check_money(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const NodeId unit = tree.child(node, NodeKind::kUnit);
  const bool is_sign = std::none_of(tree.text(unit).begin(), tree.text(unit).end(),
                                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  if (is_sign || is_mistaken_number(tree, tree.child(node, 0))) return poison();  // reported with the file's signs
  const auto currency = currency_index(context.schema(), tree.text(unit));
  if (!currency) {
    const Span place = span(context, scope, unit);
    auto report = context.report(Code::unknown_currency, place, {std::string(tree.text(unit))});
    if (const auto near = base::suggest(tree.text(unit), base::currency_codes())) {
      report.label(place, "did you mean `" + *near + "`?").fix(place, *near, base::Safety::changes_meaning);
    }
    report.note("a currency is one of ISO 4217's codes: EUR, USD, IRR, AMD, …");
    return poison();
  }
  lint_point_of_thousands(context, scope, tree.child(node, 0));
  const MoneyDigits digits = money_units(tree.digits(node));
  if (digits.too_fine) {
    context.report(Code::money_decimals, span(context, scope, node), {excerpt(context, scope, node)})
        .note("money is kept in ten-thousandths of its currency");
    return poison();
  }
  if (!digits.units) return number_too_large(context, scope, node);
  return literal(context, Type{.kind = TypeKind::kMoney, .detail = *currency}, Value::of(*digits.units));
}

Checked check_duration(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const auto micros = unit_micros(tree.unit(node));
  if (!micros) {
    context.report(Code::inexact_duration, span(context, scope, node), {excerpt(context, scope, node)})
        .note("months, quarters and years differ in their days")
        .help("say it in days or weeks, or count from a date: `months since D`, `D + 6 months`");
    return poison();
  }
  const NodeId count = tree.child(node, 0);
  if (tree.is(count, NodeKind::kName)) {
    Checked number = check_name(context, scope, count, {});
    if (!number.ok()) return poison();
    if (!is_numeric(number.type)) return report_wrong_type(context, scope, count, number.type, "a number");
    number = to_number(context, number);
    return call(context, Fn::multiply, kDurationType,
                {literal(context, kDurationType, Value::of(*micros)).expr, number.expr});
  }
  const double exact = tree.number_value(count) * static_cast<double>(*micros);
  if (!(std::abs(exact) < 9e18)) return number_too_large(context, scope, node);
  const auto whole = tree.integer_value(count);
  const std::int64_t value = whole ? *whole * *micros : static_cast<std::int64_t>(std::llround(exact));
  return literal(context, kDurationType, Value::of(value));
}

Checked check_distance(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  constexpr double kMetersPerMile = 1609.344;
  double meters = tree.number_value(tree.child(node, 0));
  switch (tree.unit(node)) {
    case Unit::kilometer: meters *= 1000; break;
    case Unit::mile: meters *= kMetersPerMile; break;
    default: break;
  }
  return literal(context, kDistanceType, Value::of(meters));
}

// After the day of "2026-06-30T18:00:05.25+03:30": hours, minutes, seconds, zone.
struct ClockReading {
  std::int64_t micros = 0;
  std::optional<std::int64_t> offset_micros;  // none: local
};
ClockReading read_clock(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t length) {
    std::int64_t value = 0;
    for (std::size_t i = at; i < at + length && i < text.size(); ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  ClockReading out;
  std::size_t at = text.find_first_of("T ") + 1;
  out.micros = number(at, 2) * base::kMicrosPerHour + number(at + 3, 2) * 60 * base::kMicrosPerSecond;
  at += 5;
  if (at < text.size() && text[at] == ':') {
    out.micros += number(at + 1, 2) * base::kMicrosPerSecond;
    at += 3;
    if (at < text.size() && text[at] == '.') {
      std::int64_t place = base::kMicrosPerSecond / 10;
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, place /= 10) {
        out.micros += (text[at] - '0') * place;
      }
    }
  }
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    out.offset_micros = 0;
  } else if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const std::int64_t sign = text[at] == '-' ? -1 : 1;
    const std::size_t minutes_at = at + 3 < text.size() && text[at + 3] == ':' ? at + 4 : at + 3;
    out.offset_micros = sign * (number(at + 1, 2) * base::kMicrosPerHour +
                                (minutes_at < text.size() ? number(minutes_at, 2) : 0) * 60 * base::kMicrosPerSecond);
  }
  return out;
}

Checked check_time(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  const ClockReading clock = read_clock(tree.text(node));
  const std::int64_t local = day_number(tree.date_value(node)) * base::kMicrosPerDay + clock.micros;
  if (clock.offset_micros) return literal(context, kTimeType, Value::of(local - *clock.offset_micros));
  const auto instant = base::instant_of_local(context.input.settings.time_zone, local);
  return literal(context, kTimeType, Value::of(instant.value_or(local)));
}

Checked check_text(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const std::string text = tree.string_value(node);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    context.report(Code::empty_text, span(context, scope, node))
        .note("text that is empty or blank counts as missing, so nothing is ever equal to it")
        .help("write `is missing` or `is known`");
    return poison();
  }
  Checked value = literal(context, kTextType, Value::of(text));
  return expected.has_type ? convert(context, scope, node, value, expected.type) : value;
}

}  // namespace

std::optional<std::int64_t> calendar_months(Context& context, const Scope& scope, NodeId node) {
  const Tree& tree = context.tree(scope);
  if (!tree.is(node, NodeKind::kDuration) || !tree.is(tree.child(node, 0), NodeKind::kNumber)) return std::nullopt;
  const auto count = tree.integer_value(tree.child(node, 0));
  if (!count || *count > 120'000) return std::nullopt;
  switch (tree.unit(node)) {
    case Unit::month: return count;
    case Unit::quarter: return *count * 3;
    case Unit::year: return *count * 12;
    default: return std::nullopt;
  }
}

Checked check_list(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  const auto elements = tree.children(node);
  Expected element_expected;
  if (expected.has_type && expected.type.kind == TypeKind::kList) {
    element_expected = Expected::of(element_type(expected.type));
  }
  std::vector<NodeId> nodes(elements.begin(), elements.end());
  std::vector<Checked> values;
  bool ok = true;
  for (NodeId element : nodes) {
    Checked value = check_expression(context, scope, element, element_expected);
    ok = ok && value.ok();
    values.push_back(value);
  }
  if (!ok) return poison();
  if (nodes.empty()) {
    if (element_expected.has_type) return literal(context, expected.type, Value{Value::List{}});
    context.report(Code::empty_list, span(context, scope, node)).help("name at least one value: `[\"a\", \"b\"]`");
    return poison();
  }
  if (!unify_all(context, scope, nodes, values)) return poison();
  Value::List list;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value* value = literal_value(context, values[i]);
    if (value == nullptr || values[i].type.kind == TypeKind::kList) {
      context.report(Code::not_a_literal, span(context, scope, nodes[i]), {"an entry of a list"});
      return poison();
    }
    list.push_back(*value);
  }
  return literal(context, list_type(values.front().type), Value{std::move(list)});
}

Checked check_literal(Context& context, const Scope& scope, NodeId node, const Expected& expected) {
  const Tree& tree = context.tree(scope);
  switch (tree.kind(node)) {
    case NodeKind::kNumber:
    case NodeKind::kPercent: return check_number(context, scope, node, expected);
    case NodeKind::kMoney: return check_money(context, scope, node);
    case NodeKind::kDuration: return check_duration(context, scope, node);
    case NodeKind::kDistance: return check_distance(context, scope, node);
    case NodeKind::kDate: return literal(context, kDateType, Value::of(day_number(tree.date_value(node))));
    case NodeKind::kTime: return check_time(context, scope, node);
    case NodeKind::kText: return check_text(context, scope, node, expected);
    case NodeKind::kYes: return literal(context, kFlagType, Value::of(true));
    case NodeKind::kNo: return literal(context, kFlagType, Value::of(false));
    default: return poison();
  }
}

}  // namespace seg::check
