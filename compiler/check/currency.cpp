// The currencies of ISO 4217: what may stand after an amount and after `money in`.
#include <algorithm>
#include <array>

#include "compiler/check/context.h"
#include "compiler/check/currency.h"

namespace seg::check {
namespace {

constexpr std::string_view kCodes[] = {
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP",
    "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD",
    "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD",
    "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
    "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL",
    "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES",
    "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG"};

}  // namespace

std::vector<std::string_view> currency_codes() { return {std::begin(kCodes), std::end(kCodes)}; }

std::optional<std::uint32_t> currency_index(base::Schema& schema, std::string_view code) {
  const auto known = std::find(schema.currencies.begin(), schema.currencies.end(), code);
  if (known != schema.currencies.end()) return static_cast<std::uint32_t>(known - schema.currencies.begin());
  if (!std::binary_search(std::begin(kCodes), std::end(kCodes), code)) return std::nullopt;
  schema.currencies.emplace_back(code);
  return static_cast<std::uint32_t>(schema.currencies.size() - 1);
}

}  // namespace seg::check
