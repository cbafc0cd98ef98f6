// seg.yaml: every setting, and what is said of mistakes.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tools/project/project.h"

namespace {

namespace fs = std::filesystem;
using namespace seg;
using base::Code;

struct Read {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  std::optional<project::Project> project;

  explicit Read(const std::string& text, const std::string& environment = "", const std::string& path = "p/seg.yaml")
      : project(project::parse_project(text, path, environment, sources, diagnostics)) {}
};

// The schema of these tests is never opened.
const std::string kHead = "edition: 2026\nschema: schema.seg\n";

// "S7003 4:1 … / help" of the only finding.
std::string finding(const Read& read) {
  REQUIRE(read.diagnostics.items().size() == 1);
  const base::Diagnostic& diagnostic = read.diagnostics.items()[0];
  std::string text(base::info(diagnostic.code).id);
  if (diagnostic.span().is_somewhere()) {
    const base::Place place = read.sources.place(diagnostic.span().source, diagnostic.span().begin);
    text += " " + std::to_string(place.line) + ":" + std::to_string(place.column);
  }
  text += " " + diagnostic.message;
  for (const base::Label& label : diagnostic.labels) {
    if (!label.text.empty()) text += " | " + label.text;
  }
  for (const std::string& help : diagnostic.help) text += " | " + help;
  return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("every setting of the project file is read") {
  const Read read(kHead + R"(
as_of: 2026-06-30
time_zone: Asia/Tehran
week_starts: saturday
calendar: persian
currency: EUR
sources:
  customer: { path: data/customers.parquet, columns: { id: customer_id, home: { latitude: lat, longitude: lon } } }
  purchase: { path: [data/a.csv, /b/*.csv], delimiter: ";", decimal: ",", encoding: windows-1252, header: no,
              missing: ["n/a", NULL], date_format: dd.MM.yyyy, time_format: ["d/M/yy HH:mm"], list_separator: ",",
              time_zone: UTC, format: csv, quote: "'", columns: { wait: { column: wait_min, unit: minutes } } }
  device: { adbc: postgresql, uri: "env:CRM_URI", table: crm.devices }
  visit: visits.jsonl
  household:
    keys: [purchase.household, visit.household]
    join: [{ path: demographics.parquet, on: household_id, columns: { age: age_band } }]
lints: { missing-owner: error, S5002: off }
params: { vip_spend: 3_000 EUR }
policies:
  - channel email needs consent_email is yes
  - minimum size 50
)");
  REQUIRE(read.diagnostics.items().empty());
  REQUIRE(read.project);
  const project::Project& p = *read.project;
  CHECK(p.folder == "p");
  CHECK(p.schema == "p/schema.seg");
  CHECK(p.as_of->day == 20634);
  CHECK_FALSE(p.as_of->is_instant);
  CHECK(p.time_zone == "Asia/Tehran");
  CHECK(p.week_starts == base::Weekday::kSaturday);
  CHECK(p.calendar == "persian");
  CHECK(p.currency == "EUR");
  REQUIRE(p.sources.size() == 4);
  CHECK(p.sources[0].files.paths == std::vector<std::string>{"p/data/customers.parquet"});
  CHECK(p.sources[0].files.fields[0].column == "customer_id");
  CHECK(p.sources[0].files.fields[1].latitude == "lat");
  CHECK(p.sources[0].files.fields[1].longitude == "lon");
  const io::Files& files = p.sources[1].files;
  CHECK(files.paths == std::vector<std::string>{"p/data/a.csv", "/b/*.csv"});
  CHECK(files.csv.delimiter == ';');
  CHECK(files.csv.quote == '\'');
  CHECK(files.csv.decimal_comma == true);
  CHECK(files.csv.header == false);
  CHECK(files.csv.encoding == "windows-1252");
  CHECK(files.csv.null_texts == std::vector<std::string>{"n/a", "NULL"});
  CHECK(files.csv.list_separator == ',');
  CHECK(files.date_formats == std::vector<std::string>{"dd.MM.yyyy"});
  CHECK(files.time_formats == std::vector<std::string>{"d/M/yy HH:mm"});
  CHECK(files.time_zone == "UTC");
  CHECK(files.format == io::Format::kCsv);
  CHECK(files.fields[0].unit == 60e6);
  CHECK(p.sources[2].files.paths == std::vector<std::string>{"p/visits.jsonl"});
  REQUIRE(p.sources[3].keys.size() == 2);
  CHECK(p.sources[3].keys[0].table == "purchase");
  CHECK(p.sources[3].keys[1].field == "household");
  REQUIRE(p.sources[3].joins.size() == 1);
  CHECK(p.sources[3].joins[0].on == "household_id");
  CHECK(p.sources[3].joins[0].files.fields[0].column == "age_band");
  REQUIRE(p.databases.size() == 1);
  CHECK(p.databases[0].from == "crm.devices");
  REQUIRE(p.lints.size() == 2);
  CHECK(p.lints[0].severity == base::Severity::error);
  CHECK_FALSE(p.lints[1].severity);
  CHECK(p.params[0].value == "3_000 EUR");
  CHECK(p.policies[0].text == "channel email needs consent_email is yes");
}

TEST_CASE("an unknown setting has its place and a suggestion") {
  CHECK(finding(Read(kHead + "tme_zone: UTC\n")) ==
        "S7003 3:1 there is no setting `tme_zone` | did you mean `time_zone`?");
  CHECK(contains(finding(Read(kHead + "sources:\n  a: { path: x.csv, delimeter: \";\" }\n")),
                 "S7003 4:21 there is no setting `delimeter` | did you mean `delimiter`?"));
  CHECK(contains(finding(Read(kHead + "lints: { mising-owner: off }\n")), "did you mean `missing-owner`?"));
}

TEST_CASE("places count characters behind letters of several bytes") {
  CHECK(contains(finding(Read(kHead + "policies: [\"قیمت\"]\nfoo: 1\n")), "S7003 4:1"));
}

TEST_CASE("wrong values") {
  CHECK(contains(finding(Read("edition: 2025\nschema: s.seg\n")), "S7004 1:10 `edition` can't be `2025`"));
  CHECK(contains(finding(Read(kHead + "as_of: yesterday\n")), "S7004 3:8 `as_of` can't be `yesterday`"));
  CHECK(contains(finding(Read(kHead + "as_of: 2026-02-30\n")), "S7004 3:8"));
  CHECK(
      contains(finding(Read(kHead + "time_zone: Asia/Teheran\n")), "S7009 3:12 there is no time zone `Asia/Teheran`"));
  CHECK(contains(finding(Read(kHead + "week_starts: saterday\n")), "did you mean `saturday`?"));
  CHECK(contains(finding(Read(kHead + "calendar: julian\n")), "S7004 3:11"));
  CHECK(contains(finding(Read(kHead + "currency: euro\n")), "ISO 4217"));
  CHECK(contains(finding(Read(kHead + "lints: { missing-owner: loud }\n")), "S7004 3:25"));
  CHECK(contains(finding(Read(kHead + "lints: { unknown-field: off }\n")), "it is an error, not a lint"));
  CHECK(contains(finding(Read(kHead + "sources:\n  a: { path: x.csv, format: xls }\n")),
                 "one of: parquet, csv, jsonl, arrow"));
  CHECK(contains(finding(Read(kHead + "sources:\n  a: { path: x.csv, delimiter: abc }\n")), "write one character"));
  CHECK(contains(finding(Read(kHead + "sources:\n  a: { path: x.csv, date_format: DD.MM.YYYY }\n")), "dd.MM.yyyy"));
  CHECK(contains(finding(Read(kHead + "sources:\n  a: { keys: [household] }\n")),
                 "S7004 4:14 `keys` can't be `household`"));
}

TEST_CASE("a source needs a path or keys") {
  CHECK(contains(finding(Read(kHead + "sources:\n  a: { delimiter: \";\" }\n")),
                 "S7005 4:3 `sources.a.path` is missing"));
  CHECK(
      contains(finding(Read(kHead + "sources:\n  a: { keys: [b.c], join: [{ path: x.csv }] }\n")), "`on` is missing"));
}

TEST_CASE("a key that is there twice") {
  CHECK(contains(finding(Read(kHead + "currency: EUR\ncurrency: USD\n")), "S7004 4:1 `currency` can't be there twice"));
}

TEST_CASE("what is no YAML") {
  CHECK(contains(finding(Read(kHead + "sources: { a: [ }\n")), "S7002"));
  CHECK(contains(finding(Read("- a\n- b\n")), "S7002 1:1"));
  CHECK(contains(finding(Read("")), "S7005 1:1 `schema` is missing"));
}

TEST_CASE("environments are laid over the general settings") {
  const std::string text = kHead + R"(
as_of: 2026-06-30
params: { a: 1, b: 2 }
sources:
  customer: { path: live/c.parquet, columns: { id: customer_id } }
  purchase: live/p.parquet
environments:
  staging:
    as_of: 2026-01-01
    params: { b: 3 }
    sources: { customer: { path: staging/c.parquet } }
  other: { currency: USD }
)";
  const Read general(text);
  CHECK(general.project->sources[0].files.paths[0] == "p/live/c.parquet");
  CHECK(general.project->environments == std::vector<std::string>{"staging", "other"});
  const Read staging(text, "staging");
  REQUIRE(staging.project);
  CHECK(staging.project->as_of_text == "2026-01-01");
  CHECK(staging.project->sources[0].files.paths == std::vector<std::string>{"p/staging/c.parquet"});
  CHECK(staging.project->sources[0].files.fields[0].column == "customer_id");
  CHECK(staging.project->sources[1].files.paths[0] == "p/live/p.parquet");
  REQUIRE(staging.project->params.size() == 2);
  CHECK(staging.project->params[1].value == "3");
  CHECK(contains(finding(Read(text, "stagin")), "S7008 there is no environment `stagin` | did you mean `staging`?"));
  // Mistakes show in environments that aren't used, too.
  CHECK(contains(finding(Read(kHead + "environments: { x: { curency: EUR } }\n")), "did you mean `currency`?"));
}

TEST_CASE("an as-of with a time is an instant") {
  CHECK(project::parse_as_of("2026-06-30T18:00:00Z", "Asia/Tehran")->instant == 1782842400000000);
  CHECK(project::parse_as_of("2026-06-30T18:00", "Asia/Tehran")->instant == 1782842400000000 - 12600000000);
  CHECK(project::parse_as_of("2026-06-30T18:00", "Asia/Tehran")->is_instant);
  CHECK_FALSE(project::parse_as_of("30.06.2026", "UTC"));
}

TEST_CASE("rule files and the project file are found") {
  const fs::path folder = fs::temp_directory_path() / "seg_project_test";
  fs::remove_all(folder);
  fs::create_directories(folder / "segments/deep/er");
  for (const char* name : {"seg.yaml", "schema.seg", "segments/b.seg", "segments/a.seg", "segments/deep/er/c.seg",
                           "segments/.hidden.seg", "segments/note.txt"}) {
    std::ofstream(folder / name) << (std::string(name) == "seg.yaml" ? "edition: 2026\nrules: [segments/**/*.seg]\n"
                                                                     : "");
  }
  base::DiagnosticList diagnostics;
  const auto path = project::find_project_file((folder / "segments/deep").string(), diagnostics);
  REQUIRE(path);
  CHECK(*path == (folder / "seg.yaml").string());
  base::SourceSet sources;
  const auto read = project::read_project(*path, "", sources, diagnostics);
  REQUIRE(read);
  CHECK(read->schema == (folder / "schema.seg").string());
  CHECK(read->rules == std::vector<std::string>{(folder / "segments/a.seg").string(),
                                                (folder / "segments/b.seg").string(),
                                                (folder / "segments/deep/er/c.seg").string()});
  const Read none("edition: 2026\nrules: [rules/*.seg]\n", "", (folder / "seg.yaml").string());
  CHECK(contains(finding(none), "S7007 2:8 no rule file matches"));
  fs::remove_all(folder);

  base::DiagnosticList nothing;
  CHECK_FALSE(project::find_project_file("/", nothing));
  CHECK(nothing.items()[0].code == Code::no_project_file);
}

}  // namespace
