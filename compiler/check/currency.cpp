// Currencies of a program: those that its schema or rules name, numbered as they come.
#include <algorithm>

#include "base/currency.h"
#include "compiler/check/context.h"

namespace seg::check {

std::optional<std::uint32_t> currency_index(base::Schema& schema, std::string_view code) {
  const auto known = std::find(schema.currencies.begin(), schema.currencies.end(), code);
  if (known != schema.currencies.end()) return static_cast<std::uint32_t>(known - schema.currencies.begin());
  if (!base::is_currency_code(code)) return std::nullopt;
  schema.currencies.emplace_back(code);
  return static_cast<std::uint32_t>(schema.currencies.size() - 1);
}

}  // namespace seg::check
