// Parquet and Arrow files: every Arrow type that a field can be read from, row groups, dictionaries, damaged files.
#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/json/from_string.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <doctest/doctest.h>

#include "runtime/io/convert_column.h"
#include "tests/unit/io/arrow_files.h"
#include "tests/unit/io/loading.h"

namespace {

using namespace seg;
using namespace seg::io;
using namespace seg::io::testing;
using base::TableKind;
using base::TypeKind;

const base::Type kInteger = type(TypeKind::kInteger);

// One Arrow column read as a type, through each of the three formats; they must agree.
std::string read_as(const base::Type& as, const std::shared_ptr<arrow::DataType>& from, const std::string& json,
                    const Model& given = {}) {
  std::string first;
  for (const char* name : {"c.parquet", "c.arrow", "c.arrows"}) {
    Folder folder;
    const auto values = make_table({{"v", from, json}});
    std::string ids = "[";
    for (std::int64_t i = 0; i < values->num_rows(); ++i) ids += (i == 0 ? "" : ",") + std::to_string(i);
    write_table(*make_table({{"id", arrow::int64(), ids + "]"}, {"v", from, json}}), folder.path(name), 2);
    Model model = given;
    model.subject({{"id", kInteger}, {"v", as}});
    model.source("customer", folder.path(name));
    const Loaded loaded(model);
    std::string found = loaded.data ? loaded.column(0, 1) : loaded.findings();
    if (!loaded.data) found.replace(found.find(name), std::string(name).size(), "FILE");
    if (first.empty()) first = found;
    CHECK_MESSAGE(found == first, name);
  }
  return first;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("whole numbers from every width, from whole doubles, decimals and texts") {
  for (const auto& from : {arrow::int8(), arrow::int16(), arrow::int32(), arrow::int64(), arrow::uint8(),
                           arrow::uint16(), arrow::uint32(), arrow::uint64()}) {
    CHECK(read_as(kInteger, from, "[1, null, 100]") == "1 ; - ; 100");
  }
  CHECK(read_as(kInteger, arrow::float64(), "[1, null, -3]") == "1 ; - ; -3");
  CHECK(read_as(kInteger, arrow::float32(), "[1, null, -3]") == "1 ; - ; -3");
  CHECK(read_as(kInteger, arrow::decimal128(10, 2), R"(["1.00", null, "-3.00"])") == "1 ; - ; -3");
  CHECK(read_as(kInteger, arrow::utf8(), R"(["1", "", "-3"])") == "1 ; - ; -3");
  CHECK(contains(read_as(kInteger, arrow::float64(), "[1, 2, 2.5]"), "S6104 FILE row 3 v"));
  CHECK(contains(read_as(kInteger, arrow::uint64(), "[1, 18446744073709551615]"), "S6106 FILE row 2 v"));
  CHECK(contains(read_as(kInteger, arrow::decimal128(10, 2), R"(["1.50"])"), "S6104 FILE row 1 v"));
}

TEST_CASE("numbers: NaN and infinity are missing") {
  const base::Type number = type(TypeKind::kNumber);
  CHECK(read_as(number, arrow::float64(), "[1.5, NaN, Inf, -Inf, null]") == "1.5 ; - ; - ; - ; -");
  CHECK(read_as(number, arrow::float32(), "[1.5, NaN]") == "1.5 ; -");
  CHECK(read_as(number, arrow::int32(), "[1, null]") == "1 ; -");
  CHECK(read_as(number, arrow::decimal128(10, 2), R"(["1.25", null])") == "1.25 ; -");
  CHECK(read_as(number, arrow::utf8(), R"(["1.25", "x"])").starts_with("S6104"));
}

TEST_CASE("money is rounded half away from zero") {
  const base::Type money = type(TypeKind::kMoney);
  CHECK(read_as(money, arrow::float64(), "[1.5, 0.00005, -0.00005, 0.1, NaN, null]") ==
        "1.50 ; 0.0001 ; -0.0001 ; 0.10 ; - ; -");
  CHECK(read_as(money, arrow::int64(), "[3, null]") == "3.00 ; -");
  CHECK(read_as(money, arrow::decimal128(20, 6), R"(["1.000050", "-1.000050", "1.000049", null])") ==
        "1.0001 ; -1.0001 ; 1.00 ; -");
  CHECK(read_as(money, arrow::decimal128(20, 2), R"(["12.34"])") == "12.34");
  CHECK(read_as(money, arrow::decimal64(10, 2), R"(["12.34"])") == "12.34");
  CHECK(read_as(money, arrow::utf8(), R"(["12.34", null])") == "12.34 ; -");
  CHECK(contains(read_as(money, arrow::float64(), "[1e16]"),
                 "S6106 FILE row 1 v: this value is too large for an amount of money"));
  CHECK(contains(read_as(money, arrow::int64(), "[9223372036854775807]"), "S6106"));
  CHECK(contains(read_as(money, arrow::decimal128(38, 2), R"(["1000000000000000000.00"])"), "S6106"));
}

TEST_CASE("flags") {
  const base::Type flag = type(TypeKind::kFlag);
  CHECK(read_as(flag, arrow::boolean(), "[true, false, null, true]") == "true ; false ; - ; true");
  CHECK(read_as(flag, arrow::int8(), "[1, 0, null]") == "true ; false ; -");
  CHECK(read_as(flag, arrow::float64(), "[1, 0, NaN]") == "true ; false ; -");
  CHECK(read_as(flag, arrow::utf8(), R"(["yes", "no", ""])") == "true ; false ; -");
  CHECK(contains(read_as(flag, arrow::int8(), "[2]"), "S6104"));
}

TEST_CASE("dates and times of every unit") {
  const base::Type date = type(TypeKind::kDate), time = type(TypeKind::kTime);
  CHECK(read_as(date, arrow::date32(), "[20634, null, -1]") == "2026-06-30 ; - ; 1969-12-31");
  CHECK(read_as(date, arrow::date64(), "[86400000, null]") == "1970-01-02 ; -");
  CHECK(read_as(date, arrow::timestamp(arrow::TimeUnit::NANO), R"(["1969-12-31T23:59:59.999999999", null])") ==
        "1969-12-31 ; -");
  CHECK(read_as(date, arrow::utf8(), R"(["2026-06-30", null])") == "2026-06-30 ; -");
  CHECK(read_as(time, arrow::date32(), "[20634, null]") == "2026-06-30T00:00:00Z ; -");
  for (const auto unit :
       {arrow::TimeUnit::SECOND, arrow::TimeUnit::MILLI, arrow::TimeUnit::MICRO, arrow::TimeUnit::NANO}) {
    CHECK(read_as(time, arrow::timestamp(unit), R"(["2026-06-30T18:00:05", null])") == "2026-06-30T18:00:05Z ; -");
    CHECK(read_as(time, arrow::timestamp(unit, "Asia/Tehran"), R"(["2026-06-30T18:00:05Z", null])") ==
          "2026-06-30T18:00:05Z ; -");
  }
  CHECK(read_as(time, arrow::timestamp(arrow::TimeUnit::NANO), R"(["1969-12-31T23:59:59.9999999"])") ==
        "1969-12-31T23:59:59.999999Z");
  CHECK(contains(read_as(date, arrow::utf8(), R"(["soon"])"), "S6105 FILE row 1 v"));
}

TEST_CASE("a time without a zone is local, one with a zone is not") {
  for (const auto& [zone, expected] : {std::pair{"", "2026-06-30T14:30:00Z"}, {"UTC", "2026-06-30T18:00:00Z"}}) {
    Folder folder;
    write_table(*make_table({{"id", arrow::int64(), "[1]"},
                             {"t", arrow::timestamp(arrow::TimeUnit::MICRO, zone), R"(["2026-06-30T18:00:00"])"},
                             {"d", arrow::timestamp(arrow::TimeUnit::MICRO, zone), R"(["2026-06-30T22:00:00"])"}}),
                folder.path("c.arrow"));
    Model model;
    model.subject({{"id", kInteger}, {"t", type(TypeKind::kTime)}, {"d", type(TypeKind::kDate)}});
    model.source("customer", folder.path("c.arrow"));
    model.request.time_zone = "Asia/Tehran";
    const Loaded loaded(model);
    CHECK(loaded.column(0, 1) == expected);
    CHECK(loaded.column(0, 2) == (std::string(zone).empty() ? "2026-06-30" : "2026-07-01"));
  }
}

TEST_CASE("durations and distances") {
  CHECK(read_as(type(TypeKind::kDuration), arrow::duration(arrow::TimeUnit::MILLI), "[1500, null]") == "1.5 ; -");
  CHECK(read_as(type(TypeKind::kDuration), arrow::int64(), "[90, null]") == "90 ; -");
  CHECK(read_as(type(TypeKind::kDuration), arrow::float64(), "[0.5, null]") == "0.5 ; -");
  CHECK(read_as(type(TypeKind::kDistance), arrow::float64(), "[0.5, null]") == "0.5 ; -");
}

TEST_CASE("places in a struct") {
  const auto place = arrow::struct_({arrow::field("lat", arrow::float64()), arrow::field("lon", arrow::float32())});
  CHECK(read_as(type(TypeKind::kLocation), place, R"([{"lat": 35.5, "lon": 51.25}, null, {"lat": null, "lon": 3}])") ==
        "35.5, 51.25 ; - ; -");
  CHECK(read_as(type(TypeKind::kLocation), arrow::utf8(), R"(["35.5, 51.25"])") == "35.5, 51.25");
}

TEST_CASE("texts: plain, large, views, bytes, dictionaries; blanks are missing") {
  const base::Type text = type(TypeKind::kText);
  const std::string json = R"(["Tehran", null, " ", "Shiraz", "Tehran"])";
  for (const auto& from :
       {arrow::utf8(), arrow::large_utf8(), arrow::utf8_view(), arrow::binary(),
        arrow::dictionary(arrow::int32(), arrow::utf8()), arrow::dictionary(arrow::int8(), arrow::utf8()),
        arrow::dictionary(arrow::int64(), arrow::large_utf8())}) {
    CHECK(read_as(text, from, json) == "Tehran ; - ; - ; Shiraz ; Tehran");
  }
  CHECK(read_as(text, arrow::int32(), "[7, null]") == "7 ; -");
  CHECK(read_as(type(TypeKind::kVersion), arrow::utf8(), R"(["12.4"])") == "12.4");
}

TEST_CASE("texts that NFC makes equal share a code") {
  Folder folder;
  write_table(*make_table({{"id", arrow::int64(), "[1, 2, 3]"},
                           {"v", arrow::utf8(), "[\"Caf\u00E9\", \"Cafe\u0301\", \"x\"]"}}),
              folder.path("c.parquet"), 2);
  Model model;
  model.subject({{"id", kInteger}, {"v", type(TypeKind::kText)}});
  model.source("customer", folder.path("c.parquet"));
  const Loaded loaded(model);
  const vector::Column& column = loaded.data->dataset.tables[0].columns[1];
  CHECK(column.dictionary->size() == 2);
  CHECK(column.storage == vector::Storage::kInt8);
  CHECK(column.as<std::int8_t>()[0] == column.as<std::int8_t>()[1]);
}

TEST_CASE("choices from texts, dictionaries and whole numbers") {
  Model model;
  const base::Type choice = model.choice({"low", "high"}, "customer.v");
  CHECK(read_as(choice, arrow::utf8(), R"(["high", null, "low"])", model) == "high ; - ; low");
  CHECK(read_as(choice, arrow::dictionary(arrow::int16(), arrow::utf8()), R"(["high", null, "low"])", model) ==
        "high ; - ; low");
  CHECK(contains(
      read_as(choice, arrow::dictionary(arrow::int16(), arrow::utf8()), R"(["high", "medium", "medium"])", model),
      "S6107 FILE row 2 v: this value is none of the choice `customer.v` | 2 rows with `medium`"));
  Model numbers;
  const base::Type size = numbers.choice({"1", "2", "3"}, "customer.v");
  CHECK(read_as(size, arrow::int64(), "[3, null, 1]", numbers) == "3 ; - ; 1");
}

TEST_CASE("lists; missing elements are dropped") {
  CHECK(read_as(list_of(TypeKind::kText), arrow::list(arrow::utf8()), R"([["a", "b"], null, [], [null, " ", "c"]])") ==
        "a|b ; - ;  ; c");
  CHECK(read_as(list_of(TypeKind::kText), arrow::large_list(arrow::utf8()), R"([["a"], ["b", "a"]])") == "a ; b|a");
  CHECK(read_as(list_of(TypeKind::kInteger), arrow::list(arrow::int32()), "[[1, null, 2], [3]]") == "1|2 ; 3");
  CHECK(read_as(list_of(TypeKind::kNumber), arrow::list(arrow::float64()), "[[NaN, 0.5], []]") == "0.5 ; ");
  CHECK(read_as(list_of(TypeKind::kFlag), arrow::list(arrow::boolean()), "[[true, null, false], [true]]") ==
        "true|false ; true");
  CHECK(read_as(list_of(TypeKind::kText), arrow::utf8(), R"(["a|b", null])") == "a|b ; -");
  Model model;
  const base::Type choice = model.choice({"x", "y"}, "customer.v");
  CHECK(read_as(list_of(TypeKind::kChoice, choice.detail), arrow::list(arrow::utf8()), R"([["y", "x"], ["x"]])",
                model) == "y|x ; x");
  CHECK(contains(
      read_as(list_of(TypeKind::kChoice, choice.detail), arrow::list(arrow::utf8()), R"([["y"], ["x", "z"]])", model),
      "S6107 FILE row 2"));
}

TEST_CASE("a column that holds nothing") { CHECK(read_as(kInteger, arrow::null(), "[null, null]") == "- ; -"); }

TEST_CASE("columns of another type") {
  const auto problem = [](const base::Type& as, const std::shared_ptr<arrow::DataType>& from, const std::string& json) {
    return read_as(as, from, json);
  };
  CHECK(problem(type(TypeKind::kDate), arrow::int64(), "[1]") ==
        "S6003 FILE v: column `v` holds whole numbers, but the schema says date | change the type of `v` in the "
        "schema, or take another column in seg.yaml\n");
  CHECK(contains(problem(kInteger, arrow::boolean(), "[true]"), "holds yes and no, but the schema says integer"));
  CHECK(contains(problem(type(TypeKind::kText), arrow::float64(), "[1.5]"), "holds numbers, but the schema says text"));
  CHECK(contains(problem(type(TypeKind::kMoney), arrow::date32(), "[1]"), "holds dates"));
  CHECK(contains(problem(type(TypeKind::kTime), arrow::boolean(), "[true]"), "schema says time"));
  CHECK(contains(problem(type(TypeKind::kText), arrow::list(arrow::utf8()), "[[\"a\"]]"), "holds lists of texts"));
  CHECK(contains(problem(list_of(TypeKind::kText), arrow::int64(), "[1]"), "schema says list of text"));
  CHECK(contains(problem(type(TypeKind::kLocation), arrow::float64(), "[1]"), "schema says location"));
  CHECK(contains(problem(type(TypeKind::kText), arrow::struct_({arrow::field("a", arrow::int32())}), "[{\"a\": 1}]"),
                 "records of several values"));
}

// Customers 0 … n-1 in order, three events each.
void write_shop(const Folder& folder, int n, long rows_per_group) {
  std::string ids = "[", owners = "[", times = "[", kinds = "[", amounts = "[";
  for (int i = 0; i < n; ++i) {
    ids += (i == 0 ? "" : ",") + std::to_string(1000 + i);
    for (int j = 0; j < 3; ++j) {
      const std::string comma = i + j == 0 ? "" : ",";
      owners += comma + std::to_string(1000 + i);
      times += comma + std::to_string((i * 3 + j) * std::int64_t{86'400'000'000});
      kinds += comma + "\"kind " + std::to_string((i * 3 + j) % 7) + "\"";
      amounts += comma + (j == 1 ? "null" : std::to_string(i) + ".25");
    }
  }
  write_table(*make_table({{"id", arrow::int64(), ids + "]"}}), folder.path("c.parquet"), rows_per_group);
  write_table(*make_table({{"customer_id", arrow::int64(), owners + "]"},
                           {"at", arrow::timestamp(arrow::TimeUnit::MICRO), times + "]"},
                           {"kind", arrow::utf8(), kinds + "]"},
                           {"amount", arrow::float64(), amounts + "]"}}),
              folder.path("p.parquet"), rows_per_group);
}

Model shop_model(const Folder& folder) {
  Model model;
  model.subject({{"id", kInteger}});
  model.add("purchase", TableKind::kEvent,
            {{"customer", type(TypeKind::kReference, 0)},
             {"at", type(TypeKind::kTime)},
             {"kind", type(TypeKind::kText)},
             {"amount", type(TypeKind::kMoney)}});
  model.source("customer", folder.path("c.parquet"));
  model.source("purchase", folder.path("p.parquet"));
  return model;
}

TEST_CASE("row groups of odd sizes are one column") {
  Folder folder;
  write_shop(folder, 500, 77);
  for (const unsigned threads : {1u, 4u}) {
    Model model = shop_model(folder);
    model.request.num_threads = threads;
    base::DiagnosticList diagnostics;
    model.request.schema = &model.schema;
    const auto data = load(model.request, diagnostics);
    REQUIRE(data);
    const auto& columns = data->dataset.tables[1].columns;
    CHECK(columns[2].dictionary->size() == 7);
    CHECK(columns[3].num_missing == 500);
    for (std::uint32_t row = 0; row < 1500; ++row) {
      REQUIRE(columns[0].as<std::uint32_t>()[row] == row / 3);
      REQUIRE(columns[1].as<std::int64_t>()[row] == row * std::int64_t{86'400'000'000});
      REQUIRE(columns[2].dictionary->at(static_cast<std::uint32_t>(columns[2].as<std::int8_t>()[row])) ==
              "kind " + std::to_string(row % 7));
      REQUIRE(columns[3].present(row) == (row % 3 != 1));
      if (columns[3].present(row)) REQUIRE(columns[3].as<std::int64_t>()[row] == row / 3 * 10'000 + 2'500);
      // Codes don't depend on which thread came first.
      if (row < 7) REQUIRE(columns[2].as<std::int8_t>()[row] == static_cast<std::int8_t>(row));
    }
  }
}

TEST_CASE("row groups outside the period are passed over") {
  Folder folder;
  write_shop(folder, 500, 100);
  Model model = shop_model(folder);
  model.request.tables.assign(2, {});
  model.request.tables[1].times = TimeRange{690 * std::int64_t{86'400'000'000}, 750 * std::int64_t{86'400'000'000}};
  const Loaded loaded(model);
  REQUIRE(loaded.data);
  CHECK(loaded.num_rows(1) == 200);
  CHECK(loaded.data->tables[1].num_rows_pruned == 1300);
  CHECK(loaded.cell(1, 0, 100) == "#233");
  // Findings still number rows by the file.
  model.schema.tables[1].columns[3].required = true;
  CHECK(Loaded(model).says("S6108 p.parquet row 602 amount"));
}

TEST_CASE("damaged files") {
  Folder folder;
  write_shop(folder, 100, 50);
  const std::string whole = folder.read("p.parquet");
  const auto says = [&](const std::string& bytes, const std::string& name, const std::string& part) {
    folder.write(name, bytes);
    Model model = shop_model(folder);
    model.request.sources[1].files.paths = {folder.path(name)};
    const Loaded loaded(model);
    CHECK_FALSE(loaded.data);
    CHECK_MESSAGE(loaded.says(part), loaded.findings());
  };
  says(whole.substr(0, whole.size() / 2), "p.parquet", "S6004 p.parquet");
  says(whole.substr(0, whole.size() / 2), "p.parquet", "its end is missing");
  says(whole.substr(0, 10), "p.parquet", "S6004 p.parquet");
  says("", "p.parquet", "the file is empty");
  says("id,name\n1,2\n3,4\n", "p.parquet", "it does not begin as a Parquet file does");
  std::string holes = whole;
  for (std::size_t i = 4; i < 900; ++i) holes[i] = static_cast<char>(i * 31);
  says(holes, "p.parquet", "S6004 p.parquet");
  std::string footer = whole;
  for (std::size_t i = whole.size() - 200; i < whole.size() - 20; ++i) footer[i] = '\x7f';
  says(footer, "p.parquet", "S6004 p.parquet");

  write_table(*read_table(folder.path("c.parquet")), folder.path("c.arrow"));
  const std::string arrow_file = folder.read("c.arrow");
  says(arrow_file.substr(0, arrow_file.size() / 2), "p.arrow", "S6004 p.arrow");
  says("", "p.arrow", "S6004 p.arrow");
}

TEST_CASE("files with random damage are read or refused, never more") {
  Folder folder;
  const auto table =
      make_table({{"id", arrow::int64(), "[1, 2, 3, 4, 5]"},
                  {"at", arrow::timestamp(arrow::TimeUnit::MILLI), "[1, 2, null, 4, 5]"},
                  {"kind", arrow::dictionary(arrow::int32(), arrow::utf8()), R"(["a", "b", null, "é", " "])"},
                  {"amount", arrow::float64(), "[1.5, null, NaN, 2, 3]"},
                  {"tags", arrow::list(arrow::utf8()), R"([["a", "b"], [], null, ["c"], [null]])"}});
  std::uint64_t state = 20260630;
  const auto random = [&](std::size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33) % below;
  };
  for (const char* name : {"c.parquet", "c.arrow", "c.arrows"}) {
    write_table(*table, folder.path(name), 2);
    const std::string whole = folder.read(name);
    for (int i = 0; i < 250; ++i) {
      std::string bytes = whole;
      for (std::size_t change = 0, n = 1 + random(5); change < n; ++change) {
        const std::size_t at = random(bytes.size());
        if (random(3) == 0) {
          bytes.erase(at, random(2) == 0 ? 1 + random(40) : 0);
        } else {
          bytes[at] = static_cast<char>(random(256));
        }
        if (bytes.empty()) bytes = "x";
      }
      folder.write(name, bytes);
      Model model;
      model.subject({{"id", kInteger},
                     {"at", type(TypeKind::kTime)},
                     {"kind", type(TypeKind::kText)},
                     {"amount", type(TypeKind::kMoney)},
                     {"tags", list_of(TypeKind::kText)}});
      model.source("customer", folder.path(name));
      model.request.on_bad_row = i % 2 == 0 ? OnBadRow::kSkip : OnBadRow::kFail;
      const Loaded loaded(model);
      CHECK((loaded.data.has_value() || loaded.diagnostics.has_errors()));
    }
  }
}

TEST_CASE("dictionary indices outside the dictionary are missing") {
  const auto texts = arrow::json::ArrayFromJSONString(arrow::utf8(), R"(["a", "b"])").ValueOrDie();
  for (const auto& index : {arrow::int8(), arrow::int32(), arrow::uint64()}) {
    const auto indices = arrow::json::ArrayFromJSONString(index, "[1, 0, 2, 100, 1]").ValueOrDie();
    const auto array =
        std::make_shared<arrow::DictionaryArray>(arrow::dictionary(index, arrow::utf8()), indices, texts);
    const arrow::ChunkedArray column(array);
    FieldReading reading;
    reading.type = type(TypeKind::kText);
    const Slice text = convert_column(reading, column, nullptr, nullptr);
    CHECK(text.texts.size() == 2);
    for (std::uint64_t row = 0; row < 5; ++row) CHECK(text.is_valid(row) == (row < 2 || row == 4));
    reading.type = type(TypeKind::kVersion);
    CHECK_FALSE(convert_column(reading, column, nullptr, nullptr).is_valid(3));
  }
  const auto numbers = arrow::json::ArrayFromJSONString(arrow::int64(), "[7, 8]").ValueOrDie();
  const auto indices = arrow::json::ArrayFromJSONString(arrow::int32(), "[1, 2, 0]").ValueOrDie();
  const arrow::ChunkedArray column(
      std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::int64()), indices, numbers));
  FieldReading reading;
  reading.type = kInteger;
  std::int64_t values[3] = {};
  const Slice slice = convert_column(reading, column, nullptr, values);
  CHECK(values[0] == 8);
  CHECK(values[2] == 7);
  CHECK_FALSE(slice.is_valid(1));
}

TEST_CASE("times that no calendar reaches") {
  CHECK(contains(read_as(type(TypeKind::kTime), arrow::timestamp(arrow::TimeUnit::MILLI), "[9223372036854775807]"),
                 "S6106 FILE row 1 v: this value is too large for a time"));
  CHECK(contains(read_as(type(TypeKind::kDate), arrow::timestamp(arrow::TimeUnit::MICRO), "[9223372036854775807]"),
                 "S6106"));
}

TEST_CASE("folders of Parquet files with partitions") {
  Folder folder;
  std::filesystem::create_directories(folder.path("p/month=1"));
  std::filesystem::create_directories(folder.path("p/month=2"));
  write_table(*make_table({{"id", arrow::int64(), "[1, 2]"}}), folder.path("p/month=1/a.parquet"));
  write_table(*make_table({{"id", arrow::int32(), "[3]"}}), folder.path("p/month=2/b.parquet"));
  Model model;
  model.subject({{"id", kInteger}, {"month", kInteger}});
  model.source("customer", folder.path("p"));
  const Loaded loaded(model);
  CHECK(loaded.column(0, 0) == "1 ; 2 ; 3");
  CHECK(loaded.column(0, 1) == "1 ; 1 ; 2");
}

TEST_CASE("text keys in dictionaries, sorted and not") {
  Folder folder;
  write_table(*make_table({{"id", arrow::utf8(), R"(["a", "b", "c"])"}}), folder.path("c.parquet"));
  write_table(*make_table({{"customer", arrow::dictionary(arrow::int32(), arrow::utf8()), R"(["c", "a", "a", "b"])"},
                           {"at", arrow::date32(), "[1, 2, 3, 4]"}}),
              folder.path("p.parquet"), 3);
  Model model;
  model.subject({{"id", type(TypeKind::kText)}});
  model.add("visit", TableKind::kEvent, {{"customer", type(TypeKind::kReference, 0)}, {"at", type(TypeKind::kDate)}});
  model.source("customer", folder.path("c.parquet"));
  model.source("visit", folder.path("p.parquet"));
  CHECK(Loaded(model).column(1, 0) == "#2 ; #0 ; #0 ; #1");
}

}  // namespace
