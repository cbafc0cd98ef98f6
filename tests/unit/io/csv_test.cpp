// CSV as it comes from spreadsheets and tills: separators, quotes, encodings, ragged rows.
#include <doctest/doctest.h>

#include <cstdlib>

#include "runtime/io/csv_dialect.h"
#include "tests/unit/io/loading.h"

namespace {

using namespace seg;
using namespace seg::io;
using namespace seg::io::testing;
using base::TypeKind;

Model two_columns(const std::string& path, const base::Type& second = type(TypeKind::kText)) {
  Model model;
  model.subject({{"id", type(TypeKind::kInteger)}, {"name", second}});
  model.source("customer", path);
  return model;
}

std::string names_of(const std::string& csv) {
  Folder folder;
  Model model = two_columns(folder.write("c.csv", csv));
  const Loaded loaded(model);
  return loaded.data ? loaded.column(0, 1) : loaded.findings();
}

TEST_CASE("a messy file: semicolons, decimal commas, windows-1252, quoted line ends, a ragged row, blank lines") {
  Folder folder;
  Model model;
  model.subject({{"Kunde", type(TypeKind::kInteger)},
                 {"Name", type(TypeKind::kText)},
                 {"Umsatz", type(TypeKind::kMoney)},
                 {"Seit", type(TypeKind::kDate)}});
  SourceSpec& source =
      model.source("customer", folder.write("k.csv",
                                            "Kunde;Name;Umsatz;Seit\r\n"
                                            "1;M\xFCller;1.234,50;30.06.2020\r\n"
                                            "\r\n"
                                            "2;\"Zwei\r\nZeilen; und \"\"Zitat\"\"\";0,5;01.01.2021\r\n"
                                            "3;zu wenig\r\n"
                                            "4;\x80uro;-7,00005;n/a\r\n"
                                            "5; \xA0 ;;\r\n"));
  source.files.date_formats = {"dd.MM.yyyy"};
  source.files.csv.null_texts = {"n/a"};
  const Loaded failed(model);
  CHECK_FALSE(failed.data);
  CHECK(failed.findings().starts_with("S6101 k.csv row 3 line 6: this row has 2 fields, the header 4"));
  model.request.on_bad_row = OnBadRow::kSkip;
  const Loaded loaded(model);
  REQUIRE_MESSAGE(loaded.data, loaded.findings());
  CHECK(loaded.column(0, 0) == "1 ; 2 ; 4 ; 5");
  CHECK(loaded.column(0, 1) == "Müller ; Zwei\r\nZeilen; und \"Zitat\" ; €uro ; -");
  CHECK(loaded.column(0, 2) == "1234.50 ; 0.50 ; -7.0001 ; -");
  CHECK(loaded.column(0, 3) == "2020-06-30 ; 2021-01-01 ; - ; -");
  CHECK(loaded.data->tables[0].num_rows_read == 5);
  CHECK(loaded.data->tables[0].num_rows_skipped == 1);
}

TEST_CASE("byte order marks and UTF-16") {
  CHECK(names_of("\xEF\xBB\xBFid,name\n1,é\n") == "é");
  std::string little("\xFF\xFE", 2), big("\xFE\xFF", 2), bare;
  for (const char c : std::string("id,name\n1,ab\n2,cd\n")) {
    little += c;
    little += '\0';
    big += '\0';
    big += c;
    bare += c;
    bare += '\0';
  }
  CHECK(names_of(little) == "ab ; cd");
  CHECK(names_of(big) == "ab ; cd");
  CHECK(names_of(bare) == "ab ; cd");
}

TEST_CASE("one broken letter does not turn a UTF-8 file into another encoding") {
  CHECK(names_of("id,name\n1,é\n2,ü\n3,\xFF\n").find("S6103 c.csv row 3 line 4 name") != std::string::npos);
  CHECK(names_of("id,name\n1,\xE9\n") == "é");
}

TEST_CASE("a declared encoding") {
  Folder folder;
  Model model = two_columns(folder.write("c.csv", "id,name\n1,\xC7\n"));
  model.request.sources[0].files.csv.encoding = "windows-1256";
  CHECK(Loaded(model).column(0, 1) == "ا");
  model.request.sources[0].files.csv.encoding = "windows-12566";
  CHECK(Loaded(model).says("S7004"));
}

TEST_CASE("separators are found") {
  CHECK(names_of("id;name\n1;a,b\n2;c,d\n") == "a,b ; c,d");
  CHECK(names_of("id\tname\n1\ta\n") == "a");
  CHECK(names_of("id|name\n1|a\n") == "a");
  CHECK(names_of("sep=;\nid;name\n1;a\n") == "a");
  CHECK(names_of("\n\nid,name\n1,a\n") == "a");
}

TEST_CASE("quotes") {
  CHECK(names_of("id,name\n1,\"a,b\"\n2,\"\"\n3,\"x\"\"y\"\n4,5\" pipe\n5,\"a\"b\n") ==
        "a,b ; - ; x\"y ; 5\" pipe ; ab");
  CHECK(names_of("id,name\r1,a\r2,b\r") == "a ; b");
  CHECK(names_of("id,name\n1,a\n2,b") == "a ; b");
}

TEST_CASE("a quote that is never closed names where it opens") {
  const std::string found = names_of("id,name\n1,a\n2,\"b\n3,c\n");
  CHECK(found.starts_with("S6102 c.csv row 2 line 3: the quote that opens here is never closed"));
}

TEST_CASE("rows behind a ragged one keep their numbers") {
  const std::string found = names_of("id,name\n1,a\n2\n3,b\n\nx,c\n");
  CHECK(found.find("S6101 c.csv row 2 line 3") != std::string::npos);
  CHECK(found.find("S6104 c.csv row 4 line 6 id") != std::string::npos);
}

TEST_CASE("files without a header") {
  Folder folder;
  Model model = two_columns(folder.write("c.csv", "1,a\n2,b\n"));
  model.request.sources[0].files.fields = {{"id", "column1", "", "", 0}, {"name", "column2", "", "", 0}};
  CHECK(Loaded(model).column(0, 1) == "a ; b");
  model.request.sources[0].files.csv.header = true;
  CHECK(Loaded(model).says("S6002"));
}

TEST_CASE("decimal signs are found") {
  const auto comma = [](const std::string& csv) { return static_cast<bool>(sniff_csv(csv, {}).decimal_comma[0]); };
  CHECK(comma("a;b\n1,5;x\n2,25;y\n"));
  CHECK(comma("a;b\n1.234,50;x\n"));
  CHECK_FALSE(comma("a;b\n1.5;x\n"));
  CHECK_FALSE(comma("a;b\n1.234;x\n"));
  CHECK_FALSE(comma("a;b\n1,234;x\n"));
  CHECK_FALSE(comma("a,b\n1,2\n"));
  CHECK_FALSE(comma("a;b\n12.05.2026;x\n"));
}

TEST_CASE("each column has its own decimal sign") {
  const CsvDialect dialect = sniff_csv("a;b;c\n1,5;2.25;x\n2,5;3.5;1.234\n3,5;4.5;y\n7,25;1;z\n", {});
  CHECK(dialect.decimal_comma == std::vector<bool>{true, false, true});
}

TEST_CASE("blocks of a large file are put together, whatever stands in quotes") {
  Folder folder;
  std::string csv = "id,name\n";
  const int n = 300'000;
  for (int i = 0; i < n; ++i) {
    csv += std::to_string(i);
    if (i % 1000 == 7) {
      csv += ",\"line one\nline, \"\"two\"\"\n" + std::string(300, 'x') + "\"\n";
    } else if (i % 1001 == 9) {
      csv += ",5\" pipe number " + std::to_string(i % 50) + "\n";
    } else {
      csv += ",name number " + std::to_string(i % 50) + " of some length\n";
    }
    if (i == 250'000) csv += "250000,too,many\n";
  }
  Model model = two_columns(folder.write("c.csv", csv));
  model.request.on_bad_row = OnBadRow::kSkip;
  model.request.num_threads = 2;
  const Loaded loaded(model);
  REQUIRE_MESSAGE(loaded.data, loaded.findings());
  REQUIRE(loaded.num_rows(0) == n);
  for (int i = 0; i < n; ++i) REQUIRE(loaded.data->dataset.tables[0].columns[0].as<std::int64_t>()[i] == i);
  CHECK(loaded.says("the first is row 250002"));
  CHECK(loaded.cell(0, 1, 200'007).starts_with("line one\nline, \"two\"\nxxx"));
}

TEST_CASE("gzip") {
  Folder folder;
  const std::string path = folder.write("c.csv", "id,name\n1,a\n");
  if (std::system(("gzip -k '" + path + "' 2> /dev/null").c_str()) != 0) return;
  Model model = two_columns(path + ".gz");
  CHECK(Loaded(model).column(0, 1) == "a");
}

TEST_CASE("an empty file has no columns") { CHECK(names_of("").find("S6002") != std::string::npos); }

}  // namespace
