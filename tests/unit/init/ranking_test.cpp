#include "tools/init/ranking.h"

#include <doctest/doctest.h>

namespace seg::init {

using Values = std::vector<std::string>;

TEST_CASE("bands of ages") {
  CHECK(ranked({"65+", "19-24", "45-54", "25-34", "35-44", "55-64"}) ==
        Values{"19-24", "25-34", "35-44", "45-54", "55-64", "65+"});
  CHECK(ranked({"18 to 24", "under 18", "25 and over"}) == Values{"under 18", "18 to 24", "25 and over"});
}

TEST_CASE("bands of incomes") {
  CHECK(ranked({"100-124K", "15-24K", "250K+", "Under 15K", "150-174K"}) ==
        Values{"Under 15K", "15-24K", "100-124K", "150-174K", "250K+"});
  CHECK(ranked({"over 2M", "0-1.5M", "1.5M-2M"}) == Values{"0-1.5M", "1.5M-2M", "over 2M"});
  CHECK(ranked({"$50,000 - $99,999", "< $50,000", ">= $100,000"}) ==
        Values{"< $50,000", "$50,000 - $99,999", ">= $100,000"});
}

TEST_CASE("counts with an open end") { CHECK(ranked({"5+", "1", "3", "2", "4"}) == Values{"1", "2", "3", "4", "5+"}); }

TEST_CASE("scales of words") {
  CHECK(ranked({"high", "low", "medium"}) == Values{"low", "medium", "high"});
  CHECK(ranked({"Gold", "Bronze", "Silver"}) == Values{"Bronze", "Silver", "Gold"});
  CHECK(ranked({"L", "S", "XL", "M"}) == Values{"S", "M", "L", "XL"});
  CHECK(ranked({"premium", "free"}) == Values{"free", "premium"});
  CHECK(ranked({"زیاد", "کم"}) == Values{"کم", "زیاد"});
}

TEST_CASE("no order") {
  CHECK_FALSE(ranked({"web", "shop", "app"}));
  CHECK_FALSE(ranked({"1", "2", "3"}));  // numbers, not bands
  CHECK_FALSE(ranked({"19-24", "25-34", "other"}));
  CHECK_FALSE(ranked({"10-20", "10-30"}));  // two that begin alike
  CHECK_FALSE(ranked({"low", "Low"}));
  CHECK_FALSE(ranked({"2 Adults Kids", "1 Adult Kids"}));
  CHECK_FALSE(ranked({"low"}));
  CHECK_FALSE(ranked({"2025-01-10", "2025-02-10"}));
}

}  // namespace seg::init
