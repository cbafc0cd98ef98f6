// "Did you mean": within a third of the word's length, or not at all.
#include <doctest/doctest.h>

#include <array>

#include "base/suggest.h"

using namespace seg::base;

namespace {
std::string near(std::string_view word, const std::vector<std::string>& names) {
  return suggest(word, names).value_or("-");
}
}  // namespace

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("income", "incme") == 1);    // one left out
  CHECK(edit_distance("income", "inncome") == 1);  // one too many
  CHECK(edit_distance("income", "imcome") == 1);   // another
  CHECK(edit_distance("income", "icnome") == 1);   // swapped
  CHECK(edit_distance("ca", "abc") == 3);          // swapped letters are not touched again
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest within a third of the length") {
  CHECK(near("incme", {"age", "income", "income_band"}) == "income");
  CHECK(near("purchse", {"purchase", "purse"}) == "purchase");
  CHECK(near("countyr", {"county", "country"}) == "county");
  CHECK(near("countyr", {"country", "county"}) == "country");
}

TEST_CASE("beyond a third nothing is suggested") {
  CHECK(near("abc", {"abd"}) == "abd");  // one of three
  CHECK(near("abc", {"axd"}) == "-");    // two of three
  CHECK(near("ab", {"ac"}) == "-");      // a third of two is nothing
  CHECK(near("abcdef", {"abcdxy"}) == "abcdxy");
  CHECK(near("abcdef", {"abcxyz"}) == "-");
  CHECK(near("segment", {"customer"}) == "-");
}

TEST_CASE("but for case comes before any distance") {
  CHECK(near("COUNTRY", {"county", "country"}) == "country");
  CHECK(near("iNcOmE", {"incom", "income"}) == "income");
  CHECK(near("A", {"b", "a"}) == "a");
}

TEST_CASE("the word itself is not suggested") { CHECK(near("income", {"income"}) == "-"); }

TEST_CASE("letters are counted, not bytes") {
  CHECK(near("تهرن", {"تهران"}) == "تهران");
  CHECK(near("شه", {"شب"}) == "-");  // two letters, four bytes
  CHECK(near("Ծաղի", {"Ծաղիկ"}) == "Ծաղիկ");
  CHECK(near("ԵՐԵՎԱՆ", {"երևան", "երեվան"}) == "երեվան");
}

TEST_CASE("no candidates, no word") {
  CHECK(near("x", {}) == "-");
  CHECK(near("", {"a"}) == "-");
}

TEST_CASE("several, nearest first, each once") {
  const std::vector<std::string> names = {"income_band", "incomes", "income", "income", "outcome"};
  CHECK(suggest_all("incmes", names) == std::vector<std::string>{"incomes", "income"});
  CHECK(suggest_all("incmes", names, 1) == std::vector<std::string>{"incomes"});
}

TEST_CASE("views as candidates") {
  const std::array<std::string_view, 2> names = {"gold", "silver"};
  CHECK(suggest("sliver", std::span<const std::string_view>(names)) == "silver");
}
