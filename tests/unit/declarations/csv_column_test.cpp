#include "compiler/check/csv_column.h"

#include <doctest/doctest.h>

using seg::check::CsvColumn;
using seg::check::is_integer_text;
using seg::check::read_csv_column;
using Texts = std::vector<std::string>;

TEST_CASE("a column's values, each once, without empty ones") {
  const CsvColumn read = read_csv_column("city,size\nGhent,1\n,2\nBruges,3\nGhent,4\n", "city");
  CHECK(read.has_column);
  CHECK(read.problem.empty());
  CHECK(read.values == Texts{"Ghent", "Bruges"});
}

TEST_CASE("the header tells the separator") {
  CHECK(read_csv_column("a;b\n1,5;x\n", "a").values == Texts{"1,5"});
  CHECK(read_csv_column("a\tb\n1;5\tx\n", "a").values == Texts{"1;5"});
  CHECK(read_csv_column("a\n1,5\n", "a").problem.empty());
  CHECK(read_csv_column("a\n1,5\n", "a").values == Texts{"1,5"});
}

TEST_CASE("quotes keep separators, line ends and quotes") {
  CHECK(read_csv_column("n,x\n\"a, b\",1\n\"c\nd\",2\n\"e \"\"f\"\"\",3\n", "n").values ==
        Texts{"a, b", "c\nd", "e \"f\""});
}

TEST_CASE("line ends of both kinds, a byte order mark, no end at the last line, blank lines") {
  CHECK(read_csv_column("\xEF\xBB\xBF"
                        "city,n\r\nGhent,1\r\n\r\nBruges,2",
                        "city")
            .values == Texts{"Ghent", "Bruges"});
}

TEST_CASE("what is wrong with a file is said") {
  CHECK(read_csv_column("", "a").problem == "it is empty");
  CHECK(read_csv_column("a,b\n1\n", "a").problem == "record 2 has 1 fields, the header 2");
  CHECK(read_csv_column("a\n\"x\n", "a").problem == "a quote is never closed");
  const CsvColumn other = read_csv_column("a,b\n1,2\n", "c");
  CHECK_FALSE(other.has_column);
  CHECK(other.problem.empty());
  CHECK(other.header == Texts{"a", "b"});
}

TEST_CASE("whole numbers as keys are written") {
  CHECK(is_integer_text("0"));
  CHECK(is_integer_text("-12"));
  CHECK_FALSE(is_integer_text("007"));
  CHECK_FALSE(is_integer_text("1.5"));
  CHECK_FALSE(is_integer_text(""));
  CHECK_FALSE(is_integer_text("-"));
  CHECK_FALSE(is_integer_text("9999999999999999999"));
}
