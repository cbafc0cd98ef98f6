// One list with everything that a renderer must cope with, for the tests of the renderers and for the check against
// SARIF's schema.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/source.h"

namespace seg::base {

inline Span find_span(const SourceSet& sources, SourceId source, std::string_view word, std::size_t from = 0) {
  const std::size_t at = sources.text(source).find(word, from);
  return {source, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + word.size())};
}

// A source that begins in its `line`th line.
inline SourceId add_at_line(SourceSet& sources, std::string path, std::size_t line, std::string_view text) {
  return sources.add(std::move(path), std::string(line - 1, '\n') + std::string(text));
}

inline DiagnosticList sample_diagnostics(SourceSet& sources) {
  DiagnosticList list(2);
  const SourceId vip = add_at_line(sources, "segments/vip.seg", 12, "        incme > 50_000 EUR\n");
  const Span incme = find_span(sources, vip, "incme");
  list.report(Code::unknown_field, incme, {"customer", "incme"})
      .label(incme, "did you mean `income`?")
      .note("fields of `customer` like it: income, income_band")
      .fix(incme, "income");

  const SourceId value = add_at_line(sources, "segments/value tiers.seg", 5,
                                     "    tier gold      when spend_12m >= 1_000 EUR\n"
                                     "    tier frequent  when count(purchase) >= 12\n");
  const Span frequent = find_span(sources, value, "count(purchase) >= 12");
  list.report(Code::duplicate_tier, frequent, {"frequent"})
      .label(frequent, "true as well")
      .label(find_span(sources, value, "spend_12m >= 1_000 EUR"), "true")
      .note("this customer is in both:\n  test \"gold and frequent\" {\n  }");

  const SourceId persian =
      sources.add("segments/شهر.seg", "segment مشتری_خوب {\r\n\twhen شهر is \"تهران\" and 😀 = x\r\n}\r\n");
  const Span city = find_span(sources, persian, "\"تهران\"");
  list.report(Code::unknown_choice_value, city, {"تهران", "شهر"})
      .label(city, "no such value")
      .help("its values are a, b & \"c\" <d>")
      .fix(city, "\"تهران بزرگ\"", Safety::changes_meaning);
  const Span name = find_span(sources, persian, "x");
  list.report(Code::unknown_name, name, {"x"}).fix({persian, name.begin, name.begin}, "customer.");

  for (int row = 0; row < 4; ++row) {
    list.report(Code::wrong_number_of_fields, {3, 5}).data("data/orders.csv", 1207 + row, "", 1208 + row);
  }
  list.report(Code::time_not_parsed).data("/srv/data/a b.parquet", 12, "ordered_at");
  list.report(Code::missing_owner, find_span(sources, persian, "مشتری_خوب"), {"مشتری_خوب"});
  list.report(Code::no_as_of).help("give one: `--as-of 2026-06-30`, or `as_of:` in seg.yaml");
  list.report(Code::file_not_readable, {"a\xff.seg", "no\x01 permission"});
  return list;
}

}  // namespace seg::base
