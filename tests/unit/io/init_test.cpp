// What `seg init` proposes for a few files.
#include <doctest/doctest.h>

#include "tests/unit/io/loading.h"
#include "tools/init/guess.h"
#include "tools/init/propose.h"

namespace {

using namespace seg;
using namespace seg::init;
using io::testing::Folder;

std::optional<Proposal> propose_for(const Folder& folder, const std::vector<std::string>& names) {
  ProposeOptions options;
  options.folder = folder.path();
  std::vector<std::string> paths;
  for (const std::string& name : names) paths.push_back(folder.path(name));
  base::DiagnosticList diagnostics;
  return propose(paths, options, diagnostics);
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("orders of bands and scales") {
  using Values = std::vector<std::string>;
  CHECK(guess_order({"65+", "19-24", "25-34"}) == Values{"19-24", "25-34", "65+"});
  CHECK(guess_order({"15-24K", "250K+", "Under 15K"}) == Values{"Under 15K", "15-24K", "250K+"});
  CHECK(guess_order({"5+", "1", "2"}) == Values{"1", "2", "5+"});
  CHECK(guess_order({"0-1.5M", "1.5M-2M", "over 2M"}) == Values{"0-1.5M", "1.5M-2M", "over 2M"});
  CHECK(guess_order({"High", "Low", "Medium"}) == Values{"Low", "Medium", "High"});
  CHECK(guess_order({"gold", "bronze", "silver"}) == Values{"bronze", "silver", "gold"});
  CHECK(guess_order({"1", "2", "3"}).empty());
  CHECK(guess_order({"red", "green"}).empty());
  CHECK(guess_order({"19-24", "19-30", "31+"}).empty());
}

TEST_CASE("names") {
  CHECK(to_identifier("OrderDate") == "order_date");
  CHECK(to_identifier("Umsatz (EUR)") == "umsatz_eur");
  CHECK(to_identifier("when") == "when_field");
  CHECK(to_identifier("2025") == "field_2025");
  CHECK(to_identifier("قیمت") == "قیمت");
  CHECK(singular("categories") == "category");
  CHECK(singular("orders") == "order");
  CHECK(singular("status") == "status");
  CHECK(singular("boxes") == "box");
}

TEST_CASE("customers and orders in messy CSV") {
  Folder folder;
  std::string customers =
      "Kundennr;Name;E-Mail;PLZ;Geburtsdatum;Umsatz;Newsletter;Stufe;Lat;Lng;Interessen;Religion\r\n";
  std::string orders = "Bestellnr,Kundennr,Bestelldatum,Betrag,Kanal\n";
  for (int i = 1; i <= 60; ++i) {
    const std::string n = std::to_string(i);
    customers += n + ";\"M\xFCller, " + n + "\";k" + n + "@x.de;0" + std::to_string(1000 + i) + ";" +
                 std::to_string(i % 28 + 1) + ".7.19" + std::to_string(50 + i % 40) + ";1." + std::to_string(100 + i) +
                 ",5;" + (i % 2 == 0 ? "yes" : "no") + ";" +
                 (i % 3 == 0   ? "gold"
                  : i % 3 == 1 ? "silver"
                               : "bronze") +
                 ";52." + n + ";13." + n + ";a|b;" + (i % 2 == 0 ? "x" : "n/a") + "\r\n";
    for (int j = 0; j < 3; ++j)
      orders += "B" + std::to_string(i * 3 + j) + "," + n + "," + std::to_string(j + 1) + "/" +
                std::to_string(13 + i % 15) + "/2025 09:30," + n + ".50," +
                (j == 0   ? "web"
                 : j == 1 ? "shop"
                          : "n/a") +
                "\n";
  }
  folder.write("Kunden.csv", customers);
  folder.write("orders.csv", orders);
  const auto proposal = propose_for(folder, {"orders.csv", "Kunden.csv"});
  REQUIRE(proposal);
  const std::string& schema = proposal->schema;
  CHECK(contains(schema, "subject kunden {\n    key id: integer\n"));
  CHECK(contains(schema, "    name: text personal\n"));
  CHECK(contains(schema, "    e_mail: text personal\n"));
  CHECK(contains(schema, "    plz: text\n"));
  CHECK(contains(schema, "    geburtsdatum: date personal\n"));
  CHECK(contains(schema, "    umsatz: money\n"));
  CHECK(contains(schema, "    newsletter: flag\n"));
  CHECK(contains(schema, "    stufe: ranked choice of [bronze < silver < gold]\n"));
  CHECK(contains(schema, "    home: location personal\n"));
  CHECK(contains(schema, "    interessen: list of text\n"));
  CHECK(contains(schema, " sensitive\n"));
  CHECK(contains(schema,
                 "event order of kunden {\n    key id: text\n    at: time\n    betrag: money\n    kanal: choice of "
                 "[shop, web]\n}\n"));
  const std::string& project = proposal->project;
  CHECK(contains(project, "as_of: 2025-03-27"));
  CHECK(contains(project, "path: Kunden.csv"));
  CHECK(contains(project, "home: { latitude: Lat, longitude: Lng }"));
  CHECK(contains(project, "date_format: [\"d.M.yyyy\"]"));
  CHECK(contains(project, "time_format: [\"MM/dd/yyyy HH:mm\"]") !=
        contains(project, "time_format: [\"M/d/yyyy HH:mm\"]"));
  CHECK(contains(project, "missing: [\"n/a\"]"));
  CHECK(contains(proposal->rules, "did order over last 30 days"));
  CHECK(contains(proposal->rules, "sum(order.betrag over last 12 months)"));
  CHECK(std::any_of(proposal->remarks.begin(), proposal->remarks.end(),
                    [](const std::string& remark) { return contains(remark, "begin with 0"); }));
}

TEST_CASE("a survey of some, events of all: the subject is assembled") {
  Folder folder;
  std::string survey = "household_id,age\n", lines = "household_id,product_id,ts,sales\n",
              products = "product_id,brand\n", other = "a,b\n1,1\n1,1\n";
  for (int i = 0; i < 20; ++i)
    survey += std::to_string(i) + "," + (i % 3 == 0 ? "19-24" : i % 3 == 1 ? "25-34" : "35+") + "\n";
  for (int i = 0; i < 200; ++i)
    lines += std::to_string(i % 50) + "," + std::to_string(i % 10) + ",2026-01-01T10:00," + std::to_string(i) + ".5\n";
  for (int i = 0; i < 10; ++i) products += std::to_string(i) + ",b\n";
  folder.write("demographics.csv", survey);
  folder.write("lines.csv", lines);
  folder.write("products.csv", products);
  folder.write("other.csv", other);
  const auto proposal = propose_for(folder, {"demographics.csv", "lines.csv", "products.csv", "other.csv"});
  REQUIRE(proposal);
  CHECK(contains(proposal->schema,
                 "subject household {\n    key id: integer\n    age: ranked choice of [\"19-24\" < \"25-34\" < "
                 "\"35+\"] personal\n}\n"));
  CHECK(contains(proposal->schema, "entity product {\n    key id: integer\n"));
  CHECK(contains(proposal->schema,
                 "event line of household {\n    at: time\n    product: product\n    sales: money\n}\n"));
  CHECK(contains(proposal->project,
                 "keys: [line.household]\n    join:\n      - path: demographics.csv\n        on: household_id\n"));
  CHECK(contains(proposal->remarks.back(), "`other` is left out"));
}

TEST_CASE("a lone list of purchases") {
  Folder folder;
  std::string lines = "customer_id,bought_at,price\n";
  for (int i = 0; i < 30; ++i) lines += std::to_string(i % 7) + ",2026-01-0" + std::to_string(i % 9 + 1) + ",5\n";
  folder.write("purchases.csv", lines);
  const auto proposal = propose_for(folder, {"purchases.csv"});
  REQUIRE(proposal);
  CHECK(contains(proposal->schema, "subject customer {\n    key id: integer\n}\n"));
  CHECK(contains(proposal->schema, "event purchase of customer {\n    at: date\n    price: money\n}\n"));
  CHECK(contains(proposal->project, "keys: [purchase.customer]"));
}

TEST_CASE("customers without events") {
  Folder folder;
  std::string customers = "id,active\n";
  for (int i = 0; i < 30; ++i) customers += std::to_string(i) + "," + (i % 2 == 0 ? "yes" : "no") + "\n";
  folder.write("clients.csv", customers);
  const auto proposal = propose_for(folder, {"clients.csv"});
  REQUIRE(proposal);
  CHECK(contains(proposal->schema, "subject client {\n    key id: integer\n    active: flag\n}\n"));
  CHECK(contains(proposal->rules, "when active is yes"));
}

TEST_CASE("files that show nobody") {
  Folder folder;
  folder.write("x.csv", "a,b\n1,1\n1,1\n");
  base::DiagnosticList diagnostics;
  CHECK_FALSE(propose({folder.path("x.csv")}, {}, diagnostics));
  CHECK(diagnostics.items()[0].code == base::Code::no_subject_found);
  CHECK_FALSE(propose({folder.path("gone.csv")}, {}, diagnostics));
  CHECK(diagnostics.items()[1].code == base::Code::data_file_not_readable);
}

}  // namespace
