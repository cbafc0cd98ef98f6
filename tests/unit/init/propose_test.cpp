#include "tools/init/propose.h"

#include <doctest/doctest.h>

#include "tests/unit/init/written_files.h"

namespace seg::init {
namespace {

using base::TableKind;
using base::TypeKind;

// Rows "1,…", "2,…" of `num` customers; `more` stands behind the number.
std::string rows(int num, const std::string& more) {
  std::string text;
  for (int i = 1; i <= num; ++i) text += std::to_string(i) + more + "\n";
  return text;
}

Proposal proposed(const std::vector<Input>& inputs) {
  auto proposal = propose(inputs, {.currency = {}, .as_of = "2026-01-01"});
  REQUIRE(proposal.has_value());
  CHECK(check_findings(*proposal, inputs) == "");
  return std::move(*proposal);
}

}  // namespace

TEST_CASE("customers and what they did") {
  const WrittenFiles files{{"customers.csv", "id,city\n" + rows(5, ",Oslo")},
                           {"orders.csv",
                            "id,cust,ordered_at,total\n1,1,2025-03-01 10:00,5.50\n2,1,2025-04-02 11:00,7.25\n"
                            "3,5,2025-04-01 09:30,1.00\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(proposal.tables[0].name == "customer");
  CHECK(proposal.tables[0].kind == TableKind::kSubject);
  const ProposedTable* order = table_named(proposal, "order");
  REQUIRE(order != nullptr);
  CHECK(order->kind == TableKind::kEvent);
  CHECK(order->owner == "customer");
  CHECK(field_named(order->fields, "customer")->column == "cust");
  CHECK(field_named(order->fields, "at")->column == "ordered_at");
  CHECK(field_named(order->fields, "total")->type.kind == TypeKind::kMoney);
  CHECK(proposal.as_of == "2025-04-02");
  CHECK(proposal.currency == "EUR");
  CHECK_FALSE(proposal.needs_skipping);
}

TEST_CASE("an owner that is not found asks for skipping") {
  const WrittenFiles files{{"customers.csv", "id,city\n" + rows(50, ",Oslo")},
                           {"orders.csv", "customer_id,day\n" + rows(51, ",2025-03-01") + rows(9, ",2025-03-02")}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(proposal.needs_skipping);
  CHECK(has_remark(proposal, "belong to nobody in customers.csv"));
}

TEST_CASE("events only: the subject is assembled") {
  const WrittenFiles files{{"sales.csv",
                            "day,client_id,amount_usd\n2025-01-01,7,1.50\n2025-01-02,7,2.50\n"
                            "2025-01-09,8,2.00\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(proposal.tables[0].name == "client");
  CHECK(proposal.tables[0].input == kNoColumn);
  CHECK(proposal.tables[0].keys == std::vector<std::string>{"sale.client"});
  CHECK(proposal.currency == "USD");
}

TEST_CASE("a survey of some of them is joined to an assembled subject") {
  std::string purchases = "household_id,at\n";
  for (int i = 1; i <= 60; ++i) purchases += std::to_string(i % 30) + ",2025-02-0" + std::to_string(1 + i % 7) + "\n";
  const WrittenFiles files(
      {{"demographics.csv", "household_id,age\n" + rows(8, ",19-24")}, {"purchases.csv", purchases}});
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  const ProposedTable& subject = proposal.tables[0];
  CHECK(subject.name == "household");
  CHECK(subject.keys == std::vector<std::string>{"purchase.household"});
  REQUIRE(subject.joins.size() == 1);
  CHECK(subject.joins[0].on == "household_id");
  CHECK(field_named(subject.joins[0].fields, "age") != nullptr);
}

TEST_CASE("records, entities, lookups") {
  std::string orders = "order_id,customer_id,sku,at\n";
  for (int i = 1; i <= 60; ++i) {
    orders +=
        std::to_string(i) + "," + std::to_string(1 + i % 20) + ",P-" + std::to_string(1 + i % 9) + ",2025-02-01\n";
  }
  std::string products = "sku,weight\n";
  for (int i = 1; i <= 9; ++i) products += "P-" + std::to_string(i) + ",1." + std::to_string(i) + "\n";
  std::string devices = "customer_id,os\n";
  for (int i = 0; i < 30; ++i) devices += std::to_string(1 + i % 20) + ",iOS\n";
  const WrittenFiles files{{"customers.csv", "customer_id,city\n" + rows(20, ",Oslo")},
                           {"orders.csv", orders},
                           {"products.csv", products},
                           {"devices.csv", devices},
                           {"climate.csv", "city,zone\nOslo,cold\nRome,hot\n"},
                           {"order_lines.csv", "order_id,qty\n1,2\n1,3\n2,1\n2,2\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(proposal.tables[0].name == "customer");
  CHECK(table_named(proposal, "product")->kind == TableKind::kEntity);
  CHECK(field_named(table_named(proposal, "order")->fields, "sku")->refers_to == "product");
  CHECK(table_named(proposal, "device")->kind == TableKind::kRecords);
  CHECK(table_named(proposal, "climate")->kind == TableKind::kLookup);
  CHECK(table_named(proposal, "order_line") == nullptr);  // its rows name nobody
}

TEST_CASE("how many is no reference") {
  const WrittenFiles files{{"campaigns.csv", "campaign_id,kind\n" + rows(9, ",mail")},
                           {"customers.csv", "id,campaigns\n1,3\n2,4\n3,3\n4,1\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(field_named(proposal.tables[0].fields, "campaigns")->refers_to == "");
}

TEST_CASE("personal and sensitive fields") {
  const WrittenFiles files{{"customers.csv",
                            "id,full name,contact,ring,religion,points,newsletter,signed_up\n"
                            "1,Ana A,a@x.com,+98 21 1234 5678,x,5,yes,2025-02-01\n"
                            "2,Ben B,b@x.com,+98 21 1234 5679,y,6,no,2025-03-01\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  const auto& fields = proposal.tables[0].fields;
  CHECK(field_named(fields, "full_name")->privacy == base::Privacy::kPersonal);
  CHECK(field_named(fields, "contact")->privacy == base::Privacy::kPersonal);
  CHECK(field_named(fields, "ring")->privacy == base::Privacy::kPersonal);
  CHECK(field_named(fields, "religion")->privacy == base::Privacy::kSensitive);
  CHECK(field_named(fields, "points")->privacy == base::Privacy::kPlain);
  CHECK(field_named(fields, "signed_up")->privacy == base::Privacy::kPlain);
  CHECK(field_named(fields, "newsletter")->is_consent);
}

TEST_CASE("locations, columns of one name, empty columns") {
  const WrittenFiles files(
      {{"customers.csv", "id,home_lat,home_lng,x,x,nothing\n1,35.5,51.25,1,2,\n2,36.5,52.25,1,2,\n"}});
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  const auto& fields = proposal.tables[0].fields;
  REQUIRE(field_named(fields, "home") != nullptr);
  CHECK(field_named(fields, "home")->longitude == "home_lng");
  CHECK(fields.size() == 2);
  CHECK(has_remark(proposal, "several columns are called `x`"));
  CHECK(has_remark(proposal, "`nothing` has no values"));
}

TEST_CASE("one order of day and month in a file") {
  const WrittenFiles files{{"customers.csv", "id,a,b\n1,01/31/2025,02/03/2025\n2,02/28/2025,03/04/2025\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(field_named(proposal.tables[0].fields, "b")->type.format == "M/d/yyyy");
  const WrittenFiles both{{"customers.csv", "id,a,b\n1,01/31/2025,31/03/2025\n2,02/28/2025,13/04/2025\n"}};
  const auto mixed = both.inputs();
  const Proposal second = proposed(mixed);
  CHECK(field_named(second.tables[0].fields, "a")->type.kind == TypeKind::kDate);
  CHECK(field_named(second.tables[0].fields, "b")->type.kind == TypeKind::kText);
}

TEST_CASE("a file without a header; nothing that says when the data ends") {
  const WrittenFiles files{{"customers.csv", "1,Ana,2.50\n2,Ben,3.25\n3,Cyd,4.75\n"}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(field_named(proposal.tables[0].fields, "id")->column == "column1");
  CHECK(field_named(proposal.tables[0].fields, "column3")->type.kind == TypeKind::kNumber);
  CHECK(has_remark(proposal, "has no header"));
  CHECK(has_remark(proposal, "no event says when the data ends"));
  CHECK(proposal.as_of == "2026-01-01");
}

TEST_CASE("rows that no run can use are said") {
  std::string orders = "id,customer_id,day\n";
  for (int i = 1; i <= 60; ++i) {
    orders +=
        std::to_string(i) + "," + (i == 5 ? "" : std::to_string(1 + i % 20)) + "," + (i < 3 ? "" : "2025-02-01") + "\n";
  }
  const WrittenFiles files{{"customers.csv", "id,city\n" + rows(20, ",Oslo") + "21\n"}, {"orders.csv", orders}};
  const auto inputs = files.inputs();
  const Proposal proposal = proposed(inputs);
  CHECK(proposal.needs_skipping);
  CHECK(has_remark(proposal, "1 row can't be read (the first is row 21)"));
  CHECK(has_remark(proposal, "1 row has no `customer_id`"));
  CHECK(has_remark(proposal, "2 rows have no `day`"));
}

TEST_CASE("nobody to segment") {
  const WrittenFiles files{{"prices.csv", "weight,size\n1.5,2.5\n1.5,3.5\n"}};
  CHECK_FALSE(propose(files.inputs(), {}).has_value());
  CHECK_FALSE(propose({}, {}).has_value());
}

}  // namespace seg::init
