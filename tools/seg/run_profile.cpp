#include "tools/seg/run_profile.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "base/text_width.h"
#include "tools/seg/run_table.h"

namespace seg::tool {
namespace {

constexpr std::size_t kMostParts = 8, kMostRules = 15;
constexpr struct {
  const char* stage;
  const char* title;
} kStages[] = {
    {"compile", "compiling the rules"},  {"read", "reading"},        {"cluster", "finding each one's events"},
    {"derive", "making derived events"}, {"evaluate", "evaluating"}, {"write", "writing"}};

std::string row(const std::string& name, const std::string& first, const std::string& second) {
  const std::size_t cells = base::num_cells(name);
  std::string line = "  " + name + std::string(cells < 44 ? 44 - cells : 1, ' ');
  line += std::string(first.size() < 10 ? 10 - first.size() : 1, ' ') + first;
  line += std::string(second.size() < 12 ? 12 - second.size() : 1, ' ') + second;
  return line + "\n";
}

std::string milliseconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", seconds * 1e3);
  return text;
}

// The first so many, and the rest as one.
template <class Things>
void add_rows(std::string& out, Things things, std::size_t most, const char* indent, const char* rest) {
  std::stable_sort(things.begin(), things.end(), [](const auto& a, const auto& b) { return a.work > b.work; });
  double first = 0, work = 0;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (i < most) out += row(indent + things[i].name, things[i].first, milliseconds(things[i].work));
    if (i >= most) work += things[i].work, first += things[i].alone;
  }
  if (things.size() > most) {
    out += row(indent + std::to_string(things.size() - most) + rest, first > 0 ? milliseconds(first) : "",
               milliseconds(work));
  }
}

struct Line {
  std::string name;
  std::string first = {};
  double work = 0, alone = 0;
};

}  // namespace

std::string run_profile(const program::Program& program, const exec::Results& results, const base::Trace& trace) {
  std::string out = "\nWhere the time went, in milliseconds\n" + row("", "waited", "all threads");
  for (const auto& [stage, title] : kStages) {
    std::map<std::string, double> parts;
    double wall = 0, work = 0;
    for (const base::Trace::Piece& piece : trace.pieces()) {
      if (piece.stage != stage) continue;
      (piece.name.empty() ? wall : work) += piece.seconds();
      if (!piece.name.empty()) parts[piece.name] += piece.seconds();
    }
    if (wall == 0 && work == 0) continue;
    out += row(title, wall == 0 ? "" : milliseconds(wall), milliseconds(parts.empty() ? wall : work));
    std::vector<Line> lines;
    for (const auto& [name, seconds] : parts) lines.push_back({.name = name, .work = seconds});
    add_rows(out, lines, kMostParts, "  ", " more");
  }
  std::vector<Line> rules;
  for (const program::OutputId id : outputs_as_written(program)) {
    const exec::OutputResult& result = results.outputs[id];
    if (!result.is_wanted) continue;
    const program::Output& output = program.outputs[id];
    rules.push_back({.name = output.module.empty() ? output.name : output.module + "." + output.name,
                     .first = milliseconds(result.seconds_alone),
                     .work = result.seconds_divided,
                     .alone = result.seconds_alone});
  }
  out += "\nOf evaluating, by rule, in milliseconds of all threads\n" + row("", "its own", "with shared");
  add_rows(out, rules, kMostRules, "", " more");
  return out + "`its own` is what leaving the rule out would save; what several rules use is divided among them.\n";
}

}  // namespace seg::tool
