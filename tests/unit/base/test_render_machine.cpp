// Diagnostics for programs: JSON, SARIF, JUnit, GitHub, GitLab.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/render_github.h"
#include "base/render_gitlab.h"
#include "base/render_json.h"
#include "base/render_junit.h"
#include "base/render_sarif.h"
#include "tests/unit/base/sample_diagnostics.h"

using namespace seg::base;
using Json = nlohmann::json;

namespace {

struct Sample {
  SourceSet sources;
  DiagnosticList list = sample_diagnostics(sources);
};

Json sarif_results(const Sample& sample) {
  return Json::parse(render_sarif(sample.list, sample.sources))["runs"][0]["results"];
}

Json with_code(const Json& results, std::string_view code) {
  for (const Json& result : results) {
    if (result["ruleId"] == code) return result;
  }
  return {};
}

}  // namespace

TEST_CASE("json: nothing found is a document too") {
  const Json json = Json::parse(render_json(DiagnosticList{}, SourceSet{}));
  CHECK(json["version"] == 1);
  CHECK(json["diagnostics"].empty());
  CHECK(json["errors"] == 0);
}

TEST_CASE("json: places, labels, edits") {
  const Sample sample;
  const Json json = Json::parse(render_json(sample.list, sample.sources));
  const Json& first = json["diagnostics"][0];
  CHECK(first["code"] == "S2104");
  CHECK(first["name"] == "unknown-field");
  CHECK(first["severity"] == "error");
  CHECK(first["labels"][0]["path"] == "segments/vip.seg");
  CHECK(first["labels"][0]["begin"] == Json{{"line", 12}, {"column", 9}, {"offset", 19}});
  CHECK(first["labels"][0]["end"] == Json{{"line", 12}, {"column", 14}, {"offset", 24}});
  CHECK(first["labels"][0]["primary"] == true);
  CHECK(first["edits"][0]["replacement"] == "income");
  CHECK(first["edits"][0]["safe"] == true);
  CHECK(json["diagnostics"][2]["edits"][0]["safe"] == false);
}

TEST_CASE("json: data places, and what was left out") {
  const Sample sample;
  const Json json = Json::parse(render_json(sample.list, sample.sources));
  const Json& row = json["diagnostics"][4];
  CHECK(row["data"] == Json{{"path", "data/orders.csv"}, {"row", 1207}, {"line", 1208}});
  CHECK(json["left_out"][0] == Json{{"code", "S6101"}, {"count", 2}});
  CHECK(json["errors"] == 11);
  CHECK(json["warnings"] == 1);
}

TEST_CASE("json: bytes that are not UTF-8 do not break the document") {
  const Sample sample;
  const Json json = Json::parse(render_json(sample.list, sample.sources));
  CHECK(json["diagnostics"].back()["message"] == "`a\ufffd.seg` can't be read: no\x01 permission");
}

TEST_CASE("sarif: one run that says what it counts") {
  const Json json = Json::parse(render_sarif(DiagnosticList{}, SourceSet{}, {.tool_version = "1.2.3", .page = {}}));
  CHECK(json["version"] == "2.1.0");
  CHECK(json["runs"].size() == 1);
  CHECK(json["runs"][0]["columnKind"] == "utf16CodeUnits");
  CHECK(json["runs"][0]["tool"]["driver"]["version"] == "1.2.3");
  CHECK(json["runs"][0]["results"].empty());
}

TEST_CASE("sarif: every result has its rule") {
  const Sample sample;
  const Json run = Json::parse(render_sarif(sample.list, sample.sources))["runs"][0];
  const Json& rules = run["tool"]["driver"]["rules"];
  for (const Json& result : run["results"])
    CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
  std::set<std::string> ids;
  for (const Json& rule : rules) CHECK(ids.insert(rule["id"]).second);
}

TEST_CASE("sarif: regions in UTF-16 code units") {
  const Sample sample;
  const Json name = with_code(sarif_results(sample), "S2001");
  // 😀 before it counts two.
  CHECK(name["locations"][0]["physicalLocation"]["region"] ==
        Json{{"startLine", 2}, {"startColumn", 31}, {"endLine", 2}, {"endColumn", 32}});
}

TEST_CASE("sarif: paths are URIs") {
  const Sample sample;
  const Json results = sarif_results(sample);
  const auto uri = [&](std::string_view code) {
    return with_code(results, code)["locations"][0]["physicalLocation"]["artifactLocation"];
  };
  CHECK(uri("S4103") == Json{{"uri", "segments/value%20tiers.seg"}, {"uriBaseId", "%SRCROOT%"}});
  CHECK(uri("S6105") == Json{{"uri", "file:///srv/data/a%20b.parquet"}});
  CHECK(uri("S3007")["uri"] == "segments/%D8%B4%D9%87%D8%B1.seg");
}

TEST_CASE("sarif: other labels, fixes, no place") {
  const Sample sample;
  const Json results = sarif_results(sample);
  const Json overlap = with_code(results, "S4103");
  CHECK(overlap["relatedLocations"][0]["message"]["text"] == "true");
  CHECK(overlap["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 5);
  const Json field = with_code(results, "S2104");
  CHECK(field["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "income");
  CHECK(field["message"]["text"].get<std::string>().find("did you mean `income`?") != std::string::npos);
  CHECK(with_code(results, "S3007")["fixes"][0]["description"]["text"] == "changes the meaning");
  CHECK(with_code(results, "S7006")["locations"].empty());
  const Json insertion = with_code(results, "S2001")["fixes"][0]["artifactChanges"][0]["replacements"][0];
  CHECK(insertion["deletedRegion"]["startColumn"] == insertion["deletedRegion"]["endColumn"]);
}

TEST_CASE("sarif: the order of results does not depend on who was first") {
  SourceSet sources;
  const SourceId id = sources.add("a.seg", "abc");
  DiagnosticList forth, back;
  forth.report(Code::never_true, {id, 0, 1});
  forth.report(Code::never_true, {id, 2, 3});
  back.report(Code::never_true, {id, 2, 3});
  back.report(Code::never_true, {id, 0, 1});
  CHECK(render_sarif(forth, sources) == render_sarif(back, sources));
}

TEST_CASE("sarif: pages become the help of rules") {
  const Sample sample;
  const SarifOptions options{.tool_version = "1", .page = [](Code code) { return "# " + std::string(info(code).id); }};
  const Json run = Json::parse(render_sarif(sample.list, sample.sources, options))["runs"][0];
  CHECK(run["tool"]["driver"]["rules"][0]["help"]["markdown"] == "# S0002");
}

TEST_CASE("junit: a case per file; errors fail it, warnings do not") {
  SourceSet sources;
  const SourceId a = sources.add("a.seg", "abc\n");
  sources.add("b.seg", "");
  const SourceId c = sources.add("c.seg", "x\n");
  DiagnosticList list;
  list.report(Code::unknown_name, {a, 0, 3}, {"a<b> & \"c\""}).note("first");
  list.report(Code::never_true, {c, 0, 1});
  list.report(Code::no_as_of);
  CHECK(render_junit(list, sources) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seg" tests="4" failures="2" errors="0">
  <testsuite name="seg check" tests="4" failures="2" errors="0">
    <testcase name="a.seg" classname="seg check">
      <failure type="S2001" message="error S2001 at line 1: nothing is called `a&lt;b&gt; &amp; &quot;c&quot;`">error S2001 at line 1: nothing is called `a&lt;b&gt; &amp; &quot;c&quot;`&#10;  first&#10;</failure>
    </testcase>
    <testcase name="b.seg" classname="seg check"/>
    <testcase name="c.seg" classname="seg check">
      <system-out>warning S5101 at line 1: this is never true&#10;</system-out>
    </testcase>
    <testcase name="project" classname="seg check">
      <failure type="S7006" message="error S7006: this run has no as-of date">error S7006: this run has no as-of date&#10;</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("xml has no control characters") {
  CHECK(xml_escaped("a\x01\xff\u200b<>&\"") == "a\ufffd\ufffd\u200b&lt;&gt;&amp;&quot;");
}

TEST_CASE("github: a line each, escaped") {
  SourceSet sources;
  const SourceId id = sources.add("a,b:c.seg", "x\ny😀z\n");
  DiagnosticList list;
  list.report(Code::unknown_name, find_span(sources, id, "z"), {"z"}).note("100% sure\nsecond line");
  list.report(Code::never_true, {id, 0, 3});
  list.report(Code::no_as_of);
  CHECK(render_github(list, sources) ==
        "::error file=a%2Cb%3Ac.seg,line=2,endLine=2,col=4,endColumn=5,title=S2001 unknown name"
        "::nothing is called `z`%0A100%25 sure%0Asecond line\n"
        "::warning file=a%2Cb%3Ac.seg,line=1,endLine=2,title=S5101 never true::this is never true\n"
        "::error title=S7006 no as-of date::this run has no as-of date\n");
}

TEST_CASE("gitlab: findings keep their fingerprint when lines move") {
  const auto fingerprints = [](std::string_view text) {
    SourceSet sources;
    const SourceId id = sources.add("a.seg", std::string(text));
    DiagnosticList list;
    for (std::size_t at = text.find("xx"); at != std::string_view::npos; at = text.find("xx", at + 2)) {
      list.report(Code::unknown_name, find_span(sources, id, "xx", at), {"xx"});
    }
    std::set<std::string> result;
    for (const Json& item : Json::parse(render_gitlab(list, sources))) result.insert(item["fingerprint"]);
    return result;
  };
  CHECK(fingerprints("xx\nxx\nand xx\n").size() == 3);  // equal lines are still two findings
  CHECK(fingerprints("xx\nand xx\n") == fingerprints("\n\nxx\n# new\nand xx\n"));
  CHECK(fingerprints("xx\n") != fingerprints("not xx\n"));
}

TEST_CASE("gitlab: severity and place") {
  const Sample sample;
  const Json items = Json::parse(render_gitlab(sample.list, sample.sources));
  CHECK(items[0]["check_name"] == "S2104");
  CHECK(items[0]["severity"] == "major");
  CHECK(items[0]["location"] == Json{{"path", "segments/vip.seg"}, {"lines", {{"begin", 12}}}});
  for (const Json& item : items) CHECK_FALSE(item["location"]["path"].get<std::string>().empty());
}
