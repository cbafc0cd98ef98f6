#include "tools/init/name.h"

#include <doctest/doctest.h>

namespace seg::init {

using Words = std::vector<std::string>;

TEST_CASE("words of column names in all their spellings") {
  CHECK(words_of("customer_id") == Words{"customer", "id"});
  CHECK(words_of("Customer ID") == Words{"customer", "id"});
  CHECK(words_of("customerId") == Words{"customer", "id"});
  CHECK(words_of("CUSTOMER-ID") == Words{"customer", "id"});
  CHECK(words_of("IDNumber") == Words{"id", "number"});
  CHECK(words_of("address.city") == Words{"address", "city"});
  CHECK(words_of("Umsatz (€)") == Words{"umsatz"});
  CHECK(words_of("کد مشتری") == Words{"کد", "مشتری"});
  CHECK(words_of("Straße") == Words{"straße"});
  CHECK(words_of("").empty());
}

TEST_CASE("one of several") {
  CHECK(singular("orders") == "order");
  CHECK(singular("categories") == "category");
  CHECK(singular("addresses") == "address");
  CHECK(singular("purchases") == "purchase");
  CHECK(singular("boxes") == "box");
  CHECK(singular("status") == "status");
  CHECK(singular("address") == "address");
  CHECK(singular("demographics") == "demographic");
}

TEST_CASE("tables are called by their files") {
  CHECK(words_of_file("data/orders_2025.csv") == Words{"order"});
  CHECK(words_of_file("Order Lines.parquet") == Words{"order", "line"});
  CHECK(words_of_file("orders/*.parquet") == Words{"order"});
  CHECK(words_of_file("orders-*.csv") == Words{"order"});
  CHECK(words_of_file("a.b/customers.csv.gz") == Words{"customer"});
  CHECK(words_of_file("2025.csv") == Words{"2025"});
}

TEST_CASE("identifiers are names of the language") {
  CHECK(identifier_of({"customer", "id"}) == "customer_id");
  CHECK(identifier_of({"when"}) == "when_value");
  CHECK(identifier_of({"by"}) == "by_value");
  CHECK(identifier_of({"2025", "sales"}) == "n_2025_sales");
  CHECK(identifier_of({}) == "value");
  CHECK(identifier_of({"شهر"}) == "شهر");
  CHECK(is_reserved("missing"));
  CHECK_FALSE(is_reserved("segment"));
}

TEST_CASE("choice values without quotes") {
  CHECK(is_plain_word("Married"));
  CHECK_FALSE(is_plain_word("none"));
  CHECK_FALSE(is_plain_word("Not"));
  CHECK_FALSE(is_plain_word("Type A"));
  CHECK_FALSE(is_plain_word("5+"));
  CHECK_FALSE(is_plain_word("زن"));
}

TEST_CASE("each name once") {
  NameSet names;
  CHECK(names.unique("total") == "total");
  CHECK(names.unique("total") == "total_2");
  CHECK(names.unique("total") == "total_3");
}

}  // namespace seg::init
