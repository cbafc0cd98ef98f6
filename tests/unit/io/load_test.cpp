// Tables from CSV and JSON lines: every type, keys and references, bad rows.
#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/unit/io/loading.h"

namespace {

using namespace seg;
using namespace seg::io;
using namespace seg::io::testing;
using base::TableKind;
using base::TypeKind;

const base::Type kInteger = type(TypeKind::kInteger);
const base::Type kText = type(TypeKind::kText);
const base::Type kMoney = type(TypeKind::kMoney);
const base::Type kTime = type(TypeKind::kTime);
const base::Type kDate = type(TypeKind::kDate);
const base::Type kCustomer = type(TypeKind::kReference, 0);

// One column of CSV read as a type.
std::string read_as(const base::Type& as, const std::string& values, Model model = {}) {
  Folder folder;
  model.subject({{"id", kInteger}, {"v", as}});
  std::string csv = "id;v\n";
  int id = 0;
  for (std::size_t begin = 0; begin <= values.size();) {
    const std::size_t end = std::min(values.find('~', begin), values.size());
    csv += std::to_string(++id) + ";" + values.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  SourceSpec& source = model.source("customer", folder.write("c.csv", csv));
  source.files.csv.delimiter = ';';
  source.files.csv.decimal_comma = false;
  const Loaded loaded(model);
  return loaded.data ? loaded.column(0, 1) : loaded.findings();
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("every type from CSV") {
  CHECK(read_as(kText, "Tehran~ ~\"a;b\"~Cafe\u0301") == "Tehran ; - ; a;b ; Café");
  CHECK(read_as(kInteger, "1~~-7") == "1 ; - ; -7");
  CHECK(read_as(type(TypeKind::kNumber), "1.5~NaN~1e3") == "1.5 ; - ; 1000");
  CHECK(read_as(kMoney, "1.5~~0.00005~-2") == "1.50 ; - ; 0.0001 ; -2.00");
  CHECK(read_as(type(TypeKind::kFlag), "yes~0~~TRUE") == "true ; false ; - ; true");
  CHECK(read_as(kDate, "2026-06-30~~2026-06-30T23:59") == "2026-06-30 ; - ; 2026-06-30");
  CHECK(read_as(kTime, "2026-06-30~2026-06-30T01:00+02:00~2026-06-30 18:00:00.5") ==
        "2026-06-30T00:00:00Z ; 2026-06-29T23:00:00Z ; 2026-06-30T18:00:00.5Z");
  CHECK(read_as(type(TypeKind::kDuration), "90~1:00:00~PT1M") == "90 ; 3600 ; 60");
  CHECK(read_as(type(TypeKind::kDistance), "1500.5~") == "1500.5 ; -");
  CHECK(read_as(type(TypeKind::kLocation), "35.7, 51.4~") == "35.7, 51.4 ; -");
  CHECK(read_as(type(TypeKind::kVersion), "12.4~9") == "12.4 ; 9");
  CHECK(read_as(list_of(TypeKind::kText), "yoga|running~~chess| |x") == "yoga|running ; - ; chess|x");
  CHECK(read_as(list_of(TypeKind::kInteger), "1|2~3") == "1|2 ; 3");
  Model model;
  const base::Type choice = model.choice({"low", "high"}, "customer.v");
  CHECK(read_as(choice, "high~low~~ high ", model) == "high ; low ; - ; high");
}

TEST_CASE("values that are something else name file, row, line and column, but no personal value") {
  CHECK(contains(read_as(kInteger, "1~x~3"), "S6104 c.csv row 2 line 3 v: this value is not a whole number"));
  CHECK(contains(read_as(type(TypeKind::kNumber), "1~x"), "this value is not a number"));
  CHECK(contains(read_as(kMoney, "12 EUR"), "S6104 c.csv row 1 line 2 v: this value is not an amount of money"));
  CHECK(contains(read_as(type(TypeKind::kFlag), "maybe"), "this value is not yes or no"));
  CHECK(contains(read_as(kDate, "30.06.2026"), "S6105 c.csv row 1 line 2 v: this value is not a date or time"));
  CHECK(contains(read_as(kDate, "30.06.2026"), "date_format: dd.MM.yyyy"));
  CHECK(contains(read_as(kTime, "2026-06-31"), "S6105"));
  CHECK(contains(read_as(kInteger, "99999999999999999999"),
                 "S6106 c.csv row 1 line 2 v: this value is too large for a whole number"));
  CHECK(contains(read_as(type(TypeKind::kLocation), "north"), "S6104"));
  CHECK(contains(read_as(kText, "é~\xC3\x28"), "S6103 c.csv row 2 line 3 v: this value is not UTF-8 text"));
  CHECK(contains(read_as(list_of(TypeKind::kInteger), "1|x"), "S6104 c.csv row 1"));
}

TEST_CASE("many bad rows of one kind are three findings and a count") {
  std::string values = "x";
  for (int i = 0; i < 999; ++i) values += "~x";
  const std::string found = read_as(kInteger, values);
  CHECK(contains(found, "row 3 line 4"));
  CHECK_FALSE(contains(found, "row 4 line 5"));
  CHECK(contains(found, "1,000 rows of `customer` have this problem"));
}

TEST_CASE("a value outside its choice: how often, and what may be meant") {
  Model model;
  const base::Type choice = model.choice({"Tehran", "Shiraz"}, "customer.v");
  const std::string found = read_as(choice, "Tehran~Tehrán~Tehrán~Qom", model);
  CHECK(contains(found,
                 "S6107 c.csv row 2 line 3 v: this value is none of the choice `customer.v` | 2 rows with `Tehrán` | "
                 "its values are: Tehran, Shiraz | did you mean `Tehran`?"));
  CHECK(contains(found, "1 row with `Qom`"));
}

TEST_CASE("values of personal fields are not shown") {
  Folder folder;
  Model model;
  const base::Type choice = model.choice({"a", "b"}, "customer.v");
  model.subject({{"id", kInteger}, {"v", choice}}).columns[1].privacy = base::Privacy::kPersonal;
  model.source("customer", folder.write("c.csv", "id,v\n1,secret\n"));
  const Loaded loaded(model);
  CHECK(loaded.says("S6107"));
  CHECK_FALSE(loaded.says("secret"));
  model.request.show_personal = true;
  CHECK(Loaded(model).says("secret"));
}

TEST_CASE("keys: missing, repeated") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"name", kText}});
  model.source("customer", folder.write("c.csv", "id,name\n1,a\n,b\n2,c\n1,d\n"));
  const Loaded loaded(model);
  CHECK_FALSE(loaded.data);
  CHECK(loaded.says("S6109 c.csv row 2 line 3 id: the key is missing"));
  CHECK(loaded.says("S6110 c.csv row 4 line 5 id: this key is there twice"));
  model.request.on_bad_row = OnBadRow::kSkip;
  const Loaded skipped(model);
  REQUIRE(skipped.data);
  CHECK(skipped.column(0, 1) == "a ; c");
  CHECK(skipped.data->tables[0].num_rows_read == 4);
  CHECK(skipped.data->tables[0].num_rows_skipped == 2);
  CHECK(skipped.data->tables[0].skipped.size() == 2);
  CHECK(skipped.says("S6113: bad rows of `customer` were skipped: 2"));
}

TEST_CASE("text keys, repeated") {
  Folder folder;
  Model model;
  model.subject({{"id", kText}, {"name", kText}});
  model.source("customer", folder.write("c.csv", "id,name\na,1\nb,2\na,3\n"));
  CHECK(Loaded(model).says("S6110 c.csv row 3"));
}

TEST_CASE("keys far apart, repeated") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}});
  model.source("customer", folder.write("c.csv", "id\n7\n9000000000000\n-5\n9000000000000\n"));
  CHECK(Loaded(model).says("S6110 c.csv row 4"));
}

TEST_CASE("a key of several fields is unique as a whole") {
  Folder folder;
  Model model;
  model.subject({{"shop", kText}, {"number", kInteger}}).key = {0, 1};
  model.source("customer", folder.write("c.csv", "shop,number\na,1\na,2\nb,1\n"));
  CHECK(Loaded(model).num_rows(0) == 3);
  folder.write("c.csv", "shop,number\na,1\na,2\na,1\n");
  CHECK(Loaded(model).says("S6110 c.csv row 3"));
}

struct Shop {
  Folder folder;
  Model model;

  explicit Shop(const std::string& events, const std::string& customers = "id\n10\n20\n30\n",
                const base::Type& key = kInteger) {
    model.subject({{"id", key}});
    model.add("purchase", TableKind::kEvent, {{"customer", kCustomer}, {"at", kTime}, {"amount", kMoney}});
    model.source("customer", folder.write("c.csv", customers));
    model.source("purchase", folder.write("p.csv", events));
  }
};

TEST_CASE("events refer to the rows of their owners") {
  Shop shop("customer,at,amount\n20,2026-01-01,1\n10,2026-01-02,2\n20,2026-01-03,3\n30,2026-01-04,4\n");
  const Loaded loaded(shop.model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(1, 0) == "#1 ; #0 ; #1 ; #2");
  CHECK(loaded.column(1, 2) == "1.00 ; 2.00 ; 3.00 ; 4.00");
}

TEST_CASE("the owner's column may be called NAME_id") {
  Shop shop("customer_id,at,amount\n20,2026-01-01,1\n");
  CHECK(Loaded(shop.model).column(1, 0) == "#1");
}

TEST_CASE("text keys as references") {
  Shop shop("customer,at,amount\nb,2026-01-01,1\na,2026-01-02,2\nb,2026-01-02,2\n", "id\na\nb\n", kText);
  CHECK(Loaded(shop.model).column(1, 0) == "#1 ; #0 ; #1");
}

TEST_CASE("keys far apart are hashed") {
  Shop shop(
      "customer,at,amount\n-5,2026-01-01,1\n9000000000000,2026-01-02,2\n7,2026-01-02,2\n9000000000000,2026-01-02,2\n",
      "id\n7\n9000000000000\n-5\n123456789012\n");
  CHECK(Loaded(shop.model).column(1, 0) == "#2 ; #1 ; #0 ; #1");
}

TEST_CASE("events of nobody") {
  Shop shop("customer,at,amount\n10,2026-01-01,1\n99,2026-01-02,2\n,2026-01-03,3\n30,2026-01-04,4\n");
  const Loaded loaded(shop.model);
  CHECK_FALSE(loaded.data);
  CHECK(loaded.says("S6114 p.csv row 2 line 3 customer: there is no `customer` with this key"));
  CHECK(loaded.says("S6109 p.csv row 3 line 4 customer: the key is missing"));
  shop.model.request.on_bad_row = OnBadRow::kSkip;
  const Loaded skipped(shop.model);
  CHECK(skipped.column(1, 2) == "1.00 ; 4.00");
  CHECK(skipped.column(1, 0) == "#0 ; #2");
  CHECK(skipped.data->tables[1].num_rows_skipped == 2);
}

TEST_CASE("an event without a time, with an impossible time") {
  Shop shop("customer,at,amount\n10,,1\n20,2026-02-30,2\n30,2026-01-04,4\n");
  const Loaded loaded(shop.model);
  CHECK(loaded.says("S6115 p.csv row 1 line 2 at: the time is missing"));
  CHECK(loaded.says("S6105 p.csv row 2 line 3 at"));
  shop.model.request.on_bad_row = OnBadRow::kSkip;
  CHECK(Loaded(shop.model).column(1, 2) == "4.00");
}

TEST_CASE("a dropped subject takes its events along, and others keep their owners") {
  Shop shop("customer,at,amount\n10,2026-01-01,1\n20,2026-01-02,2\n30,2026-01-04,4\n", "id\n30\nx\n10\n");
  shop.model.request.on_bad_row = OnBadRow::kSkip;
  const Loaded loaded(shop.model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(0, 0) == "30 ; 10");
  CHECK(loaded.column(1, 0) == "#1 ; #0");
  CHECK(loaded.column(1, 2) == "1.00 ; 4.00");
}

TEST_CASE("bad rows go to the quarantine as they stand in the file") {
  Shop shop("customer,at,amount\n10,2026-01-01,1\n99,2026-01-02,2\n10,oops,3\n10,2026-01-02\n");
  shop.model.request.on_bad_row = OnBadRow::kQuarantine;
  shop.model.request.quarantine = shop.folder.path("bad.jsonl");
  const Loaded loaded(shop.model);
  REQUIRE(loaded.data);
  CHECK(loaded.num_rows(1) == 1);
  CHECK(loaded.data->tables[1].num_rows_skipped == 3);
  const std::string bad = shop.folder.read("bad.jsonl");
  CHECK(contains(bad, R"("code":"S6101")"));
  CHECK(contains(bad, R"("text":"10,2026-01-02")"));
  CHECK(contains(bad, R"("code":"S6114","column":"customer")"));
  CHECK(contains(bad, R"("values":{"amount":"2","at":"2026-01-02","customer":"99"})"));
  CHECK(contains(bad, R"("row":3)"));
  CHECK(std::count(bad.begin(), bad.end(), '\n') == 3);
}

TEST_CASE("a quarantine that can't be written") {
  Shop shop("customer,at,amount\n99,2026-01-02,2\n");
  shop.model.request.on_bad_row = OnBadRow::kQuarantine;
  shop.model.request.quarantine = shop.folder.path("nowhere/bad.jsonl");
  const Loaded loaded(shop.model);
  CHECK_FALSE(loaded.data);
  CHECK(loaded.says("S7101"));
}

TEST_CASE("other references to nobody are missing and counted") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"account", type(TypeKind::kReference, 1)}});
  model.add("account", TableKind::kEntity, {{"id", kText}, {"parent", type(TypeKind::kReference, 1)}});
  model.source("customer", folder.write("c.csv", "id,account\n1,x\n2,gone\n3,\n4,y\n"));
  model.source("account", folder.write("a.csv", "id,parent\ny,x\nx,\n"));
  const Loaded loaded(model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(0, 1) == "#1 ; - ; - ; #0");
  CHECK(loaded.column(1, 1) == "#1 ; -");
  CHECK(
      loaded.says("S6111: `customer` refers to a `account` that is not there, in 1 of its rows | there "
                  "`customer.account` is missing"));
  CHECK(loaded.data->tables[0].num_unknown_references == 1);
}

TEST_CASE("required fields") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"city", kText}}).columns[1].required = true;
  model.source("customer", folder.write("c.csv", "id,city\n1,a\n2, \n"));
  CHECK(Loaded(model).says("S6108 c.csv row 2 line 3 city: required field `city` is missing"));
  model.request.on_bad_row = OnBadRow::kSkip;
  CHECK(Loaded(model).column(0, 1) == "a");
}

TEST_CASE("events in the future stay and are counted") {
  Shop shop("customer,at,amount\n10,2026-01-01,1\n10,2027-01-02,2\n");
  shop.model.request.as_of_end = 1'782'864'000'000'000;  // 2026-07-01
  const Loaded loaded(shop.model);
  CHECK(loaded.num_rows(1) == 2);
  CHECK(loaded.data->tables[1].num_future == 1);
  CHECK(loaded.says("S6112"));
}

TEST_CASE("times without a zone are in the source's, else in the project's") {
  Shop shop("customer,at,amount\n10,2026-07-01T12:00,1\n10,2026-07-01,2\n10,2026-07-01T12:00Z,3\n");
  shop.model.request.time_zone = "Asia/Tehran";
  CHECK(Loaded(shop.model).column(1, 1) == "2026-07-01T08:30:00Z ; 2026-06-30T20:30:00Z ; 2026-07-01T12:00:00Z");
  shop.model.request.sources[1].files.time_zone = "UTC";
  CHECK(Loaded(shop.model).column(1, 1) == "2026-07-01T12:00:00Z ; 2026-07-01T00:00:00Z ; 2026-07-01T12:00:00Z");
  shop.model.request.sources[1].files.time_zone = "Asia/Teheran";
  CHECK(Loaded(shop.model).says("S7009"));
}

TEST_CASE("declared formats of dates") {
  Shop shop("customer,at,amount\n10,01.07.2026 12:00,1\n10,02.07.2026,2\n10,2026-07-03,3\n");
  shop.model.request.sources[1].files.date_formats = {"dd.MM.yyyy"};
  shop.model.request.sources[1].files.time_formats = {"dd.MM.yyyy HH:mm"};
  CHECK(Loaded(shop.model).column(1, 1) == "2026-07-01T12:00:00Z ; 2026-07-02T00:00:00Z ; 2026-07-03T00:00:00Z");
  shop.model.request.sources[1].files.date_formats = {"DD.MM.YYYY"};
  CHECK(Loaded(shop.model).says("S7004"));
}

TEST_CASE("mapped columns, places of two columns, units") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger},
                 {"home", type(TypeKind::kLocation)},
                 {"walk", type(TypeKind::kDistance)},
                 {"wait", type(TypeKind::kDuration)}});
  SourceSpec& source =
      model.source("customer", folder.write("c.csv", "customer_id,lat,lon,km,minutes\n1,35.7,51.4,1.5,2\n2,,51.4,,\n"));
  source.files.fields = {{"id", "customer_id", "", "", 0},
                         {"home", "", "lat", "lon", 0},
                         {"walk", "km", "", "", 1000},
                         {"wait", "minutes", "", "", 60e6}};
  const Loaded loaded(model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(0, 1) == "35.7, 51.4 ; -");
  CHECK(loaded.column(0, 2) == "1500 ; -");
  CHECK(loaded.column(0, 3) == "120 ; -");
  folder.write("c.csv", "customer_id,lat,lon,km,minutes\n1,95,51.4,1.5,2\n");
  CHECK(Loaded(model).says("S6106 c.csv row 1 line 2 lat: this value is too large for a place"));
}

TEST_CASE("missing columns, with what may be meant") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"income", kMoney}});
  model.source("customer", folder.write("c.csv", "id,incme,city\n1,2,3\n"));
  CHECK(Loaded(model).findings() ==
        "S6002 c.csv income: source `customer` has no column `income` | the file has: id, incme, city | did you mean "
        "`incme`?\n");
  model.request.sources[0].files.fields = {{"income", "salary", "", "", 0}};
  CHECK(Loaded(model).says("S6002 c.csv salary"));
  model.request.sources[0].files.fields = {{"incom", "city", "", "", 0}};
  CHECK(Loaded(model).says(
      "S6012: source `customer` says where `incom` is, but `customer` has no such field | did you mean `income`?"));
}

TEST_CASE("a column that is there twice") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"city", kText}});
  model.source("customer", folder.write("c.csv", "id,city,city\n1,2,3\n"));
  CHECK(Loaded(model).says("S6011"));
}

TEST_CASE("files that are not there") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}});
  folder.write("customers.csv", "id\n1\n");
  model.source("customer", folder.path("customer.csv"));
  const Loaded loaded(model);
  CHECK(loaded.says("S6001 customer.csv: source `customer`: there is no file"));
  CHECK(loaded.says("did you mean `customers.csv`?"));
  model.request.sources[0].files.paths = {folder.path("*.parquet")};
  CHECK(Loaded(model).says("no file matches the pattern"));
  model.request.sources[0].files.paths = {folder.path("customers.parquet")};
  CHECK(Loaded(model).says("did you mean `customers.csv`?"));
  model.request.sources.clear();
  CHECK(Loaded(model).says("S6007: `customer` has no source"));
}

TEST_CASE("a file of no known format, or of the declared one") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}});
  model.source("customer", folder.write("c.dat", "id\n1\n"));
  CHECK(Loaded(model).says("S6006 c.dat"));
  model.request.sources[0].files.format = Format::kCsv;
  CHECK(Loaded(model).column(0, 0) == "1");
}

TEST_CASE("a file that may not be read") {
  if (::geteuid() == 0) return;  // root may read everything
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}});
  const std::string path = folder.write("c.csv", "id\n1\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  model.source("customer", path);
  CHECK(Loaded(model).says("S6005 c.csv"));
}

TEST_CASE("empty tables") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"name", kText}, {"tags", list_of(TypeKind::kText)}, {"ok", type(TypeKind::kFlag)}});
  model.source("customer", folder.write("c.csv", "id,name,tags,ok\n"));
  const Loaded loaded(model);
  REQUIRE(loaded.data);
  CHECK(loaded.num_rows(0) == 0);
  CHECK(loaded.says("S6008 c.csv: source `customer` has no rows"));
}

TEST_CASE("globs, folders with partitions, a column that older files lack") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"year", kInteger}, {"city", kText}});
  folder.write("data/year=2025/a.csv", "id\n1\n2\n");
  folder.write("data/year=2026/b.csv", "id,city\n3,Tehran\n");
  folder.write("data/year=__HIVE_DEFAULT_PARTITION__/c.csv", "id,city\n4,Shiraz\n");
  folder.write("data/_SUCCESS", "");
  folder.write("data/.hidden.csv", "id\n9\n");
  model.source("customer", folder.path("data"));
  const Loaded loaded(model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(0, 0) == "1 ; 2 ; 3 ; 4");
  CHECK(loaded.column(0, 1) == "2025 ; 2025 ; 2026 ; -");
  CHECK(loaded.column(0, 2) == "- ; - ; Tehran ; Shiraz");
  CHECK(loaded.says("S6009 a.csv city"));
  CHECK(loaded.data->tables[0].num_files == 3);
  model.request.sources[0].files.paths = {folder.path("data/year=2*/*.csv")};
  CHECK(Loaded(model).column(0, 0) == "1 ; 2 ; 3");
}

TEST_CASE("rows are numbered in their own file") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}});
  model.source("customer", folder.write("a.csv", "id\n1\n2\n"));
  model.request.sources[0].files.paths.push_back(folder.write("b.csv", "id\n3\nx\n"));
  CHECK(Loaded(model).says("S6104 b.csv row 2 line 3"));
}

TEST_CASE("a subject assembled from its events, with a joined survey") {
  Folder folder;
  Model model;
  Model& m = model;
  const base::Type band = m.choice({"19-24", "25-34"}, "household.age");
  m.add("household", TableKind::kSubject, {{"id", kInteger}, {"age", band}, {"kids", kInteger}});
  m.add("line", TableKind::kEvent, {{"household", kCustomer}, {"at", kTime}, {"amount", kMoney}});
  SourceSpec& household = m.source("household", "");
  household.keys = {{"line", "household"}};
  Join join;
  join.files.paths = {folder.write("d.csv", "household_id,age_band,kids\n7,25-34,2\n99,19-24,0\n3,19-24,\n")};
  join.files.fields = {{"age", "age_band", "", "", 0}};
  join.on = "household_id";
  household.joins = {join};
  SourceSpec& line = m.source(
      "line", folder.write("l.csv", "hh,at,amount\n7,2026-01-01,1\n3,2026-01-01,2\n7,2026-01-02,3\n5,2026-01-02,4\n"));
  line.files.fields = {{"household", "hh", "", "", 0}};
  const Loaded loaded(model);
  REQUIRE_MESSAGE(loaded.data, loaded.findings());
  CHECK(loaded.column(0, 0) == "3 ; 5 ; 7");
  CHECK(loaded.column(0, 1) == "19-24 ; - ; 25-34");
  CHECK(loaded.column(0, 2) == "- ; - ; 2");
  CHECK(loaded.column(1, 0) == "#2 ; #0 ; #2 ; #1");

  // The keys are there also where no rule reads the events.
  m.request.tables.assign(2, {});
  m.request.tables[1].is_read = false;
  const Loaded without(model);
  REQUIRE_MESSAGE(without.data, without.findings());
  CHECK(without.column(0, 0) == "3 ; 5 ; 7");
  CHECK(without.num_rows(1) == 0);
  m.request.tables.clear();

  folder.write("d.csv", "household_id,age_band,kids\n7,25-34,2\n7,19-24,0\n");
  CHECK(Loaded(model).says("S6110 d.csv row 2 line 3 household_id"));
  m.request.on_bad_row = OnBadRow::kSkip;
  CHECK(Loaded(model).column(0, 1) == "- ; - ; 25-34");
  m.request.on_bad_row = OnBadRow::kFail;
  m.request.sources[0].keys = {{"line", "amount"}};
  CHECK(Loaded(model).says("S6013"));
  m.request.sources[0].keys = {{"line", "household"}};
  m.schema.tables[0].columns[2].name = "salary";
  CHECK(Loaded(model).says("S6002 d.csv salary"));
}

TEST_CASE("a subject assembled from text keys") {
  Folder folder;
  Model model;
  model.add("household", TableKind::kSubject, {{"id", kText}});
  model.add("line", TableKind::kEvent, {{"household", kCustomer}, {"at", kTime}});
  model.source("household", "").keys = {{"line", "household"}};
  model.source("line", folder.write("l.csv", "household,at\nb,2026-01-01\na,2026-01-01\n,2026-01-01\n"));
  model.request.on_bad_row = OnBadRow::kSkip;
  const Loaded loaded(model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(0, 0) == "a ; b");
  CHECK(loaded.column(1, 0) == "#1 ; #0");
}

TEST_CASE("further columns joined to a subject with a file of its own") {
  Folder folder;
  Model model;
  model.subject({{"id", kText},
                 {"name", kText},
                 {"score", kInteger},
                 {"tags", list_of(TypeKind::kText)},
                 {"ok", type(TypeKind::kFlag)}});
  SourceSpec& source = model.source("customer", folder.write("c.csv", "id,name\na,1\nb,2\nc,3\n"));
  Join join;
  join.files.paths = {folder.write("s.csv", "key,score,tags,ok\nc,30,x|y,yes\na,10,z,no\n")};
  join.on = "key";
  source.joins = {join};
  const Loaded loaded(model);
  REQUIRE_MESSAGE(loaded.data, loaded.findings());
  CHECK(loaded.column(0, 1) == "1 ; 2 ; 3");
  CHECK(loaded.column(0, 2) == "10 ; - ; 30");
  CHECK(loaded.column(0, 3) == "z ; - ; x|y");
  CHECK(loaded.column(0, 4) == "false ; - ; true");
}

TEST_CASE("only the columns that are needed are read") {
  Shop shop("customer,at,amount\n10,2026-01-01,not money\n");
  shop.model.request.tables.assign(2, {});
  shop.model.request.tables[1].columns = {false, false, false};
  const Loaded loaded(shop.model);
  REQUIRE(loaded.data);
  CHECK(loaded.column(1, 0) == "#0");  // the owner always
  CHECK(loaded.column(1, 2) == "-");
  CHECK(loaded.data->dataset.tables[1].columns[2].storage == vector::Storage::kAbsent);
}

TEST_CASE("more memory than allowed is a failure") {
  std::string events = "customer,at,amount\n";
  for (int i = 0; i < 150'000; ++i) events += "10,2026-01-01,1\n";
  Shop shop(events);
  shop.model.request.memory_budget = 1 << 20;
  const Loaded loaded(shop.model);
  CHECK_FALSE(loaded.data);
  CHECK(loaded.says("S7104"));
}

TEST_CASE("the same data for any number of threads") {
  std::string events = "customer,at,amount\n";
  for (int i = 0; i < 400'000; ++i)
    events += std::to_string(10 * (i % 3 + 1)) + ",2026-01-01,\"" + std::to_string(i % 977) + "\"\n";
  Shop shop(events);
  shop.model.request.num_threads = 3;
  const Loaded many(shop.model);
  REQUIRE(many.data);
  REQUIRE(many.num_rows(1) == 400'000);
  for (std::uint64_t row = 0; row < 400'000; ++row) {
    REQUIRE(many.data->dataset.tables[1].columns[2].as<std::int64_t>()[row] ==
            static_cast<std::int64_t>(row % 977) * 10'000);
    REQUIRE(many.data->dataset.tables[1].columns[0].as<std::uint32_t>()[row] == row % 3);
  }
}

TEST_CASE("JSON lines") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger},
                 {"city", kText},
                 {"paid", kMoney},
                 {"ok", type(TypeKind::kFlag)},
                 {"tags", list_of(TypeKind::kText)},
                 {"home", type(TypeKind::kLocation)},
                 {"street", kText}});
  SourceSpec& source = model.source(
      "customer",
      folder.write(
          "c.jsonl",
          R"({"id": 1, "city": "تهران", "paid": 12.34567, "ok": true, "tags": ["a", "b"], "home": {"latitude": 35.7, "longitude": 51.4}, "address": {"street": "x"}})"
          "\n"
          R"({"id": "2", "paid": "7", "tags": [], "other": [{"a": 1}, 2], "home": null, "city": null})"
          "\n"
          "\n"
          R"({"id": 3, "city": " ", "ok": false, "tags": "single"})"
          "\n"));
  source.files.fields = {{"street", "address.street", "", "", 0}};
  const Loaded loaded(model);
  REQUIRE_MESSAGE(loaded.data, loaded.findings());
  CHECK(loaded.column(0, 0) == "1 ; 2 ; 3");
  CHECK(loaded.column(0, 1) == "تهران ; - ; -");
  CHECK(loaded.column(0, 2) == "12.3457 ; 7.00 ; -");
  CHECK(loaded.column(0, 3) == "true ; - ; false");
  CHECK(loaded.column(0, 4) == "a|b ;  ; single");
  CHECK(loaded.column(0, 5) == "35.7, 51.4 ; - ; -");
  CHECK(loaded.column(0, 6) == "x ; - ; -");
}

TEST_CASE("JSON lines that are broken") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}});
  model.source("customer",
               folder.write("c.jsonl", "{\"id\": 1}\n{\"id\": \n[1]\n{\"id\": 4} x\n\n{\"id\": \"q\"}\n{\"id\": 6}"));
  const Loaded loaded(model);
  CHECK(loaded.says("S6116 c.jsonl row 2 line 2"));
  CHECK(loaded.says("S6116 c.jsonl row 3 line 3"));
  CHECK(loaded.says("S6116 c.jsonl row 4 line 4"));
  CHECK(loaded.says("S6104 c.jsonl row 5 line 6"));
  model.request.on_bad_row = OnBadRow::kSkip;
  CHECK(Loaded(model).column(0, 0) == "1 ; 6");
}

TEST_CASE("a JSON field that appears late, or never, or as a list") {
  Folder folder;
  Model model;
  model.subject({{"id", kInteger}, {"late", kInteger}});
  std::string lines;
  for (int i = 1; i <= 300; ++i) lines += "{\"id\": " + std::to_string(i) + (i == 300 ? ", \"late\": 5}\n" : "}\n");
  model.source("customer", folder.write("c.jsonl", lines));
  const Loaded loaded(model);
  REQUIRE_MESSAGE(loaded.data, loaded.findings());
  CHECK(loaded.cell(0, 1, 299) == "5");
  folder.write("c.jsonl", "{\"id\": 1, \"lat\": 2}\n");
  CHECK(Loaded(model).says("S6002 c.jsonl late: source `customer` has no column `late` | the file has: id, lat"));
  folder.write("c.jsonl", "{\"id\": 1, \"late\": [2]}\n");
  CHECK(Loaded(model).says("S6003"));
}

}  // namespace
