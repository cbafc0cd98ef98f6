#include "tools/seg/plural.h"

#include <algorithm>
#include <string_view>

namespace seg::tool {
namespace {

// What people make segments of. Other languages have other plurals (kunde, client, Käufer), so an ending alone does not
// say that a word is English.
constexpr std::string_view kRegular[] = {
    "account",  "agent",       "applicant",    "borrower",  "buyer",    "caller",   "card",      "case",
    "client",   "consumer",    "contact",      "contract",  "customer", "deal",     "device",    "donor",
    "driver",   "employee",    "farmer",       "follower",  "guest",    "holder",   "home",      "household",
    "house",    "investor",    "lead",         "learner",   "listener", "loan",     "member",    "merchant",
    "order",    "owner",       "partner",      "passenger", "patient",  "payer",    "player",    "policy",
    "prospect", "reader",      "recipient",    "resident",  "seller",   "shop",     "shopper",   "store",
    "student",  "supplier",    "subscription", "supporter", "tenant",   "traveler", "traveller", "user",
    "vehicle",  "subscriber",  "viewer",       "visitor",   "voter",    "worker",   "company",   "family",
    "party",    "business",    "person",       "man",       "woman",    "child",    "row",       "activity",
    "booking",  "call",        "click",        "complaint", "donation", "invoice",  "item",      "line",
    "message",  "payment",     "purchase",     "receipt",   "refund",   "return",   "sale",      "session",
    "ticket",   "transaction", "view",         "visit",     "event",    "product",  "site",      "profile",
    "team",     "school",      "branch"};

struct Irregular {
  std::string_view one, many;
};
constexpr Irregular kIrregular[] = {{"person", "people"}, {"man", "men"}, {"woman", "women"}, {"child", "children"}};

}  // namespace

std::string plural_of(const std::string& name) {
  const std::size_t before = name.find_last_of("_ ");
  const std::size_t last = before == std::string::npos ? 0 : before + 1;
  const std::string word = name.substr(last);
  if (std::find(std::begin(kRegular), std::end(kRegular), word) == std::end(kRegular)) return name;
  for (const Irregular& irregular : kIrregular) {
    if (irregular.one == word) return name.substr(0, last) + std::string(irregular.many);
  }
  const bool hisses = word.ends_with("s") || word.ends_with("x") || word.ends_with("ch") || word.ends_with("sh");
  if (word.ends_with("y")) return name.substr(0, name.size() - 1) + "ies";
  return name + (hisses ? "es" : "s");
}

}  // namespace seg::tool
