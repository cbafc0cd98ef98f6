// Spans, and their picture.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/trace.h"

using namespace seg::base;

TEST_CASE("without a trace no name is made") {
  TracedPart span(nullptr, "read", []() -> std::string {
    FAIL("asked for a name");
    return {};
  });
}

TEST_CASE("threads whose lives do not overlap share a lane") {
  Trace trace;
  {
    const TracedPart stage(&trace, "read");
    for (int round = 0; round < 3; ++round) {
      std::thread([&] { const TracedPart span(&trace, "read", [] { return std::string("visit.at"); }); }).join();
    }
  }
  REQUIRE(trace.pieces().size() == 4);
  CHECK(trace.pieces()[0].name == "visit.at");
  CHECK(trace.pieces()[3].name.empty());
  CHECK(trace.pieces()[3].begin <= trace.pieces()[0].begin);
  CHECK(trace.pieces()[3].end >= trace.pieces()[2].end);
  std::vector<int> lanes;
  const auto document = nlohmann::json::parse(trace.to_json());
  for (const auto& event : document["traceEvents"]) {
    if (event["ph"] == "X") lanes.push_back(event["tid"]);
  }
  CHECK(lanes == std::vector<int>{1, 1, 1, 0});
}

TEST_CASE("threads at one time have lanes of their own") {
  Trace trace;
  const auto begin = Trace::Clock::now();
  const auto end = begin + std::chrono::milliseconds(5);
  std::thread first([&] { trace.add("evaluate", "pass 1", begin, end); });
  std::thread second([&] { trace.add("evaluate", "pass 1", begin, end); });
  first.join();
  second.join();
  const auto events = nlohmann::json::parse(trace.to_json())["traceEvents"];
  CHECK(events[events.size() - 1]["tid"] != events[events.size() - 2]["tid"]);
  CHECK(events.back()["dur"] == doctest::Approx(5000));
  CHECK(events.back()["cat"] == "evaluate");
}
