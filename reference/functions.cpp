// Functions of values: comparison, arithmetic, text, lists. As program/functions.def says; a missing argument was dealt
// with before.
#include <re2/re2.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cmath>

#include "base/fold.h"
#include "reference/interpreter.h"

namespace seg::reference {
namespace {

using base::Int128;
using base::TypeKind;
using base::Value;
using program::Fn;

Value integer_result(Int128 value) {
  if (value > INT64_MAX || value < INT64_MIN) return Value::missing();
  return Value::of(static_cast<std::int64_t>(value));
}

Value number_result(double value) { return std::isfinite(value) ? Value::of(value) : Value::missing(); }

// std::round is half away from zero.
Value rounded_result(double units) {
  const double rounded = std::round(units);
  if (!(rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0)) return Value::missing();
  return Value::of(static_cast<std::int64_t>(rounded));
}

bool is_real(const Value& value) { return value.data.index() == 3; }
double as_real(const Value& value) { return is_real(value) ? value.number() : static_cast<double>(value.integer()); }

Value arithmetic(Fn fn, const Value& a, const Value& b) {
  const bool real = is_real(a);
  switch (fn) {
    case Fn::add:
      return real ? number_result(a.number() + b.number()) : integer_result(Int128{a.integer()} + b.integer());
    case Fn::subtract:
      return real ? number_result(a.number() - b.number()) : integer_result(Int128{a.integer()} - b.integer());
    case Fn::multiply:
      if (real) return number_result(a.number() * b.number());
      if (is_real(b)) return rounded_result(static_cast<double>(a.integer()) * b.number());
      return integer_result(Int128{a.integer()} * b.integer());
    case Fn::divide:
      if (as_real(b) == 0) return Value::missing();
      if (real || !is_real(b)) return number_result(as_real(a) / as_real(b));
      return rounded_result(static_cast<double>(a.integer()) / b.number());
    default: return Value::missing();
  }
}

Value round_money(std::int64_t money, std::int64_t unit, int direction) {  // -1 floor, 0 nearest, 1 ceiling
  const std::int64_t below = floor_div(money, unit);
  const auto rest = static_cast<std::int64_t>(money - Int128{below} * unit);
  bool up = rest > 0 && direction == 1;
  if (direction == 0) up = money >= 0 ? 2 * rest >= unit : 2 * rest > unit;
  return integer_result(Int128{below + (up ? 1 : 0)} * unit);
}

Value round_value(const Value& value, const Value& digits) {
  if (is_real(value)) {
    const double scale = std::pow(10.0, static_cast<double>(digits.integer()));
    return number_result(std::round(value.number() * scale) / scale);
  }
  std::int64_t unit = base::kMoneyScale;
  for (std::int64_t d = digits.integer(); d > 0 && unit > 1; --d) unit /= 10;
  for (std::int64_t d = digits.integer(); d < 0 && unit < 1'000'000'000'000'000'000; ++d) unit *= 10;
  return round_money(value.integer(), unit, 0);
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

std::string text_function(Fn fn, const std::string& text) {
  if (fn == Fn::fold) return base::fold(text);
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(text);
  if (fn == Fn::lower) {
    UErrorCode error = U_ZERO_ERROR;
    return to_utf8(icu::Normalizer2::getNFCInstance(error)->normalize(unicode.toLower(icu::Locale::getRoot()), error));
  }
  std::int32_t first = 0;
  std::int32_t end = unicode.length();
  while (first < end && u_isUWhiteSpace(unicode.char32At(first))) first = unicode.moveIndex32(first, 1);
  while (end > first && u_isUWhiteSpace(unicode.char32At(unicode.moveIndex32(end, -1))))
    end = unicode.moveIndex32(end, -1);
  return to_utf8(unicode.tempSubStringBetween(first, end));
}

bool is_blank(const std::string& text) { return text_function(Fn::trim, text).empty(); }

Value text_or_list(Fn fn, const Value& value) {
  if (value.data.index() != 6) {
    std::string text = text_function(fn, value.text());
    return is_blank(text) ? Value::missing() : Value::of(std::move(text));
  }
  Value::List out;
  for (const Value& element : value.list()) {
    Value changed = text_or_list(fn, element);
    if (!changed.is_missing()) out.push_back(std::move(changed));
  }
  return {out};
}

bool list_has(const Value::List& list, const Value& element, TypeKind kind) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Value& value) { return compare_values(value, element, kind) == 0; });
}

Value extreme(const std::vector<Value>& args, TypeKind kind, int sign) {
  return *std::min_element(args.begin(), args.end(),
                           [&](const Value& a, const Value& b) { return sign * compare_values(a, b, kind) < 0; });
}

}  // namespace

Value call_function(Fn fn, const base::Type& type, const base::Type& first, const std::vector<Value>& args) {
  const Value& a = args[0];
  const Value& b = args.back();
  const auto compare = [&] { return compare_values(a, b, first.kind); };
  switch (fn) {
    case Fn::eq: return Value::of(compare() == 0);
    case Fn::ne: return Value::of(compare() != 0);
    case Fn::lt: return Value::of(compare() < 0);
    case Fn::le: return Value::of(compare() <= 0);
    case Fn::gt: return Value::of(compare() > 0);
    case Fn::ge: return Value::of(compare() >= 0);
    case Fn::in_list: return Value::of(list_has(b.list(), a, first.kind));
    case Fn::logical_not: return Value::of(!a.flag());
    case Fn::to_number: return Value::of(static_cast<double>(a.integer()));
    case Fn::negate: return is_real(a) ? number_result(-a.number()) : integer_result(-Int128{a.integer()});
    case Fn::abs:
      return is_real(a) ? number_result(std::fabs(a.number()))
                        : integer_result(a.integer() < 0 ? -Int128{a.integer()} : Int128{a.integer()});
    case Fn::add:
    case Fn::subtract:
    case Fn::multiply:
    case Fn::divide: return arithmetic(fn, a, b);
    case Fn::min_of: return extreme(args, type.kind, 1);
    case Fn::max_of: return extreme(args, type.kind, -1);
    case Fn::round: return round_value(a, b);
    case Fn::floor:
      return is_real(a) ? number_result(std::floor(a.number())) : round_money(a.integer(), base::kMoneyScale, -1);
    case Fn::ceil:
      return is_real(a) ? number_result(std::ceil(a.number())) : round_money(a.integer(), base::kMoneyScale, 1);
    case Fn::lower:
    case Fn::trim:
    case Fn::fold: return text_or_list(fn, a);
    case Fn::length: return Value::of(std::int64_t{icu::UnicodeString::fromUTF8(a.text()).countChar32()});
    case Fn::contains: return Value::of(a.text().find(b.text()) != std::string::npos);
    case Fn::starts_with: return Value::of(a.text().starts_with(b.text()));
    case Fn::ends_with: return Value::of(a.text().ends_with(b.text()));
    case Fn::matches: return Value::of(RE2::PartialMatch(a.text(), b.text()));
    case Fn::list_contains: return Value::of(list_has(a.list(), b, first.element));
    case Fn::list_contains_any:
      return Value::of(std::any_of(b.list().begin(), b.list().end(),
                                   [&](const Value& element) { return list_has(a.list(), element, first.element); }));
    case Fn::list_contains_all:
      return Value::of(std::all_of(b.list().begin(), b.list().end(),
                                   [&](const Value& element) { return list_has(a.list(), element, first.element); }));
    case Fn::list_size: return Value::of(static_cast<std::int64_t>(a.list().size()));
    case Fn::points_per: {
      if (a.is_missing()) return Value::of(0.0);
      const double points = a.number() * args[1].number();
      if (!std::isfinite(points)) return Value::of(0.0);
      if (b.is_missing()) return Value::of(points);
      const double cap = std::fabs(b.number());
      return Value::of(std::clamp(points, -cap, cap));
    }
    default: return Value::missing();  // needs a row: interpreter.cpp
  }
}

}  // namespace seg::reference
