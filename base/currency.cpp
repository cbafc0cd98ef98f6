#include "base/currency.h"

#include <algorithm>
#include <iterator>

namespace seg::base {
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

struct Word {
  std::string_view text;
  std::string_view code;
};
// Not those of several countries: dollars, pounds, francs, crowns.
constexpr Word kWords[] = {{"EURO", "EUR"},   {"EUROS", "EUR"}, {"YEN", "JPY"},     {"RUPEES", "INR"}, {"ZLOTY", "PLN"},
                           {"RIALS", "IRR"},  {"RIAL", "IRR"},  {"DRAMS", "AMD"},   {"DRAM", "AMD"},   {"LIRA", "TRY"},
                           {"RUBLES", "RUB"}, {"YUAN", "CNY"},  {"HRYVNIA", "UAH"}, {"FORINT", "HUF"}};

}  // namespace

std::span<const std::string_view> currency_codes() { return kCodes; }

bool is_currency_code(std::string_view text) { return std::binary_search(std::begin(kCodes), std::end(kCodes), text); }

std::optional<std::string> currency_of_word(std::string_view word) {
  std::string upper(word);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (is_currency_code(upper)) return upper;
  for (const Word& known : kWords) {
    if (known.text == upper) return std::string(known.code);
  }
  return std::nullopt;
}

}  // namespace seg::base
