// The registry, messages, and the list that every stage reports into.
#include <doctest/doctest.h>

#include "base/diagnostic.h"
#include "base/diagnostic_page.h"
#include "base/status.h"

using namespace seg::base;

namespace {
constexpr SourceId kFile{0};
constexpr Span at(std::uint32_t begin, std::uint32_t end) { return {kFile, begin, end}; }
}  // namespace

TEST_CASE("a code is its number, wherever its row stands") {
  CHECK(static_cast<int>(Code::unknown_field) == 2104);
  CHECK(static_cast<int>(Code::file_not_found) == 1);
  CHECK(info(Code::unknown_field).id == "S2104");
  CHECK(info(Code::unknown_field).name == "unknown-field");
}

TEST_CASE("codes are found by id and by either spelling of the name") {
  CHECK(find_code("S2104") == Code::unknown_field);
  CHECK(find_code("s2104") == Code::unknown_field);
  CHECK(find_code("unknown-field") == Code::unknown_field);
  CHECK(find_code("unknown_field") == Code::unknown_field);
  CHECK_FALSE(find_code("S9999"));
  CHECK_FALSE(find_code(""));
}

TEST_CASE("every message of the registry has well-formed holes") {
  for (const CodeInfo& row : all_codes()) {
    CAPTURE(row.id);
    CHECK(num_holes(row.message).has_value());
  }
}

TEST_CASE("holes") {
  CHECK(num_holes("nothing") == 0);
  CHECK(num_holes("{0} and {1}") == 2);
  CHECK(num_holes("{0} and {0}") == 1);
  CHECK(num_holes("{{}}") == 0);
  CHECK_FALSE(num_holes("{1}"));
  CHECK_FALSE(num_holes("{}"));
  CHECK_FALSE(num_holes("{0"));
  CHECK_FALSE(num_holes("0}"));
  CHECK_FALSE(num_holes("{0:money}"));
  CHECK_FALSE(num_holes("{x}"));
}

TEST_CASE("holes are filled") {
  CHECK(format_message("`{0}` has no field `{1}`", {"customer", "incme"}) == "`customer` has no field `incme`");
  CHECK(format_message("{1} before {0}", {"a", "b"}) == "b before a");
  CHECK(format_message("{0:count} of {1}", {41207, 310455}) == "41,207 of 310455");
  CHECK(format_message("{{{0}}}", {"x"}) == "{x}");
  CHECK(format_message("{0}", {"{0}"}) == "{0}");
}

TEST_CASE("counts have groups of three") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1000) == "1,000");
  CHECK(format_count(-1000) == "-1,000");
  CHECK(format_count(-100) == "-100");
  CHECK(format_count(1234567) == "1,234,567");
}

TEST_CASE("a builder adds to the diagnostic just reported") {
  DiagnosticList diags;
  diags.report(Code::unknown_field, at(4, 9), {"customer", "incme"})
      .label(at(4, 9), "did you mean `income`?")
      .label(at(0, 2), "of this")
      .note("a note")
      .help("a way out")
      .fix(at(4, 9), "income");
  REQUIRE(diags.items().size() == 1);
  const Diagnostic& item = diags.items()[0];
  CHECK(item.message == "`customer` has no field `incme`");
  REQUIRE(item.labels.size() == 2);
  CHECK(item.labels[0].primary);
  CHECK(item.labels[0].text == "did you mean `income`?");
  CHECK_FALSE(item.labels[1].primary);
  CHECK(item.span() == at(4, 9));
  CHECK(item.notes == std::vector<std::string>{"a note"});
  CHECK(item.help == std::vector<std::string>{"a way out"});
  REQUIRE(item.edits.size() == 1);
  CHECK(item.edits[0].safety == Safety::safe);
}

TEST_CASE("errors and warnings are counted") {
  DiagnosticList diags;
  diags.report(Code::no_as_of);
  diags.report(Code::never_true, at(0, 1));
  diags.report(Code::never_true, at(2, 3));
  CHECK(diags.num_errors() == 1);
  CHECK(diags.num_warnings() == 2);
  CHECK(diags.num_of(Code::never_true) == 2);
  CHECK_FALSE(diags.items()[0].span().is_somewhere());
}

TEST_CASE("beyond the limit of a code only the count grows") {
  DiagnosticList diags(2);
  for (std::uint32_t i = 0; i < 5; ++i) diags.report(Code::missing_key).note("kept or not").data("a.csv", i + 1);
  diags.report(Code::duplicate_key);
  CHECK(diags.items().size() == 3);
  CHECK(diags.num_errors() == 6);
  REQUIRE(diags.left_out().size() == 1);
  CHECK(diags.left_out()[0] == std::pair{Code::missing_key, std::size_t{3}});
}

TEST_CASE("appending keeps what was only counted") {
  DiagnosticList a(3), b(2);
  a.report(Code::missing_key);
  for (int i = 0; i < 4; ++i) b.report(Code::missing_key);
  a.append(std::move(b));
  CHECK(a.items().size() == 3);
  CHECK(a.num_of(Code::missing_key) == 5);
  CHECK(a.num_errors() == 5);
  CHECK(a.left_out()[0].second == 2);
}

TEST_CASE("the project file can change a lint, never an error") {
  DiagnosticList diags;
  CHECK(diags.set_severity(Code::missing_owner, Severity::error));
  CHECK(diags.set_severity(Code::missing_title, std::nullopt));
  CHECK_FALSE(diags.set_severity(Code::unknown_field, std::nullopt));
  diags.report(Code::missing_owner, at(0, 1), {"vip"});
  diags.report(Code::missing_title, at(0, 1), {"vip"}).note("goes nowhere");
  REQUIRE(diags.items().size() == 1);
  CHECK(diags.items()[0].severity == Severity::error);
  CHECK(diags.num_errors() == 1);
  CHECK(diags.num_warnings() == 0);
}

TEST_CASE("sorted: errors first, each by place; what has no place comes last") {
  DiagnosticList diags;
  diags.report(Code::no_as_of);
  diags.report(Code::never_true, {SourceId{1}, 0, 1});
  diags.report(Code::always_true, at(5, 6));
  diags.report(Code::never_true, at(5, 6));
  diags.report(Code::never_true, at(1, 6));
  diags.sort();
  CHECK(diags.items()[0].code == Code::no_as_of);  // the only error
  CHECK(diags.items()[1].span() == at(1, 6));
  CHECK(diags.items()[2].code == Code::never_true);
  CHECK(diags.items()[3].code == Code::always_true);
  CHECK(diags.items()[4].span().source == SourceId{1});
}

TEST_CASE("what is removed is no longer counted") {
  DiagnosticList diags;
  diags.report(Code::never_true, at(0, 1));
  diags.report(Code::unknown_name, at(0, 1), {"x"});
  diags.remove_if([](const Diagnostic& item) { return item.code == Code::never_true; });
  CHECK(diags.num_warnings() == 0);
  CHECK(diags.num_errors() == 1);
  CHECK(diags.num_of(Code::never_true) == 0);
}

TEST_CASE("a status is one word while all is well") {
  CHECK(Status().ok());
  CHECK(sizeof(Status) == sizeof(void*));
  CHECK(Status().to_string() == "fine");
}

TEST_CASE("a failure carries code, words and place") {
  const Status failure =
      Status(Code::wrong_number_of_fields, {3, 5}).at("data/a.csv", 1207, "amount").note("rule").help("way out");
  CHECK_FALSE(failure.ok());
  CHECK(failure.code() == Code::wrong_number_of_fields);
  CHECK(failure.to_string() == "S6101 data/a.csv, row 1,207, column `amount`: this row has 3 fields, the header 5");
  DiagnosticList diags;
  diags.report(failure);
  REQUIRE(diags.items().size() == 1);
  CHECK(diags.items()[0].data->row == 1207);
  CHECK(diags.items()[0].notes.size() == 1);
  const Status copy = failure;  // NOLINT: the copy is the point
  CHECK(copy.to_string() == failure.to_string());
}

TEST_CASE("a result is a value or a failure") {
  const auto half = [](int n) -> Result<int> {
    if (n % 2 != 0) return Status(Code::wrong_argument, {"n", "odd"});
    return n / 2;
  };
  CHECK(half(4).ok());
  CHECK(*half(4) == 2);
  CHECK_FALSE(half(3));
  CHECK(half(3).status().code() == Code::wrong_argument);
}

TEST_CASE("a failure leaves the function that checks it") {
  const auto outer = [](bool fails) -> Status {
    SEG_RETURN_IF_FAILED(fails ? Status(Code::no_as_of) : Status());
    return Status(Code::interrupted);
  };
  CHECK(outer(true).code() == Code::no_as_of);
  CHECK(outer(false).code() == Code::interrupted);
}

TEST_CASE("pages are in the program") {
  CHECK(diagnostic_page(Code::unknown_field).starts_with("# S2104: unknown field\n"));
  CHECK(diagnostic_page(Code::unknown_field).find("**Way out.**") != std::string::npos);
  for (const CodeInfo& row : all_codes()) {
    CAPTURE(row.id);
    const std::string page = diagnostic_page(row.code);
    // tests/tables says which pages are missing; those that are there are the right ones.
    if (!page.empty()) CHECK(page.starts_with("# " + std::string(row.id) + ": " + std::string(row.title)));
  }
}
