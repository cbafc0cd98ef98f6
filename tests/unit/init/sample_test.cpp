#include "runtime/io/sample.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/init/written_files.h"

namespace seg::init {
namespace {

const io::SampleColumn& column(const Input& input, const std::string& name) {
  const auto& columns = input.sample.columns;
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; });
  REQUIRE(found != columns.end());
  return *found;
}

}  // namespace

TEST_CASE("counts of a CSV file") {
  const WrittenFiles files{{"a.csv", "id,v,w\n1,1.50,yes\n2,,no\n3,n/a,no\n4,2.25,yes\n"}};
  const auto inputs = files.inputs();
  const io::Sample& sample = inputs[0].sample;
  CHECK(sample.num_rows == 4);
  CHECK(sample.is_csv);
  CHECK(sample.encoding == "UTF-8");
  CHECK(column(inputs[0], "id").num_distinct == 4);
  CHECK(column(inputs[0], "id").hashes.size() == 4);
  const io::SampleColumn& v = column(inputs[0], "v");
  CHECK(v.num_missing == 2);
  CHECK(v.null_words.size() == 1);
  CHECK(v.num_distinct_numbers == 2);
  CHECK(v.max_decimals == 2);
  CHECK(column(inputs[0], "w").values.size() == 2);
}

TEST_CASE("numbers of CSV and JSON lines have one hash") {
  const WrittenFiles files{{"a.csv", "id,x\n1,a\n20,b\n"}, {"b.jsonl", "{\"id\":1}\n{\"id\":20}\n"}};
  const auto inputs = files.inputs();
  CHECK(column(inputs[0], "id").hashes == column(inputs[1], "id").hashes);
}

TEST_CASE("separators, decimal commas, another encoding, line ends in quotes") {
  const WrittenFiles files{{"a.csv", "id;Ort;Betrag\r\n1;\"K\xF6ln\nRhein\";1.234,50\r\n2;M\xFCnchen;3,25\r\n"}};
  const auto inputs = files.inputs();
  CHECK(inputs[0].sample.delimiter == ';');
  CHECK(inputs[0].sample.decimal_comma);
  CHECK(inputs[0].sample.encoding == "windows-1252");
  CHECK(inputs[0].sample.num_rows == 2);
  CHECK(column(inputs[0], "Betrag").greatest == 1234.5);
}

TEST_CASE("rows with too few fields are counted") {
  const WrittenFiles files{{"a.csv", "id,x\n1,a\n2\n3,c\n"}};
  const auto inputs = files.inputs();
  CHECK(inputs[0].sample.num_rows == 2);
  CHECK(inputs[0].sample.num_rejected == 1);
  CHECK(inputs[0].sample.first_rejected == 2);
}

TEST_CASE("several files of one table") {
  const WrittenFiles files{{"o_1.csv", "id,x\n1,a\n2,b\n"}, {"o_2.csv", "x,id\nc,3\n"}};
  auto sample = io::sample_files(files.path("o_*.csv"), {});
  REQUIRE(sample.ok());
  CHECK(sample->num_rows == 3);
  CHECK(sample->columns[0].num_distinct == 3);
}

TEST_CASE("no file") {
  CHECK_FALSE(io::sample_files("/nowhere/x.csv", {}).ok());
  CHECK_FALSE(io::sample_files("/nowhere/*.csv", {}).ok());
}

}  // namespace seg::init
