// What the checker says about grids and tiers against plain enumeration: random grids over sides whose every value is
// known are checked as text, and their overlaps, holes and cells that are never reached are found again by trying every
// customer there can be. In: [--cases N] [--seed S]. Out: how many of each verdict there were; exit code 1 and the
// rule, if the two disagree.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/render_human.h"
#include "compiler/check/check.h"
#include "compiler/syntax/parse.h"

namespace {

using namespace seg;

enum class SideKind { kChoice, kRanked, kFlag, kWhole, kNumber, kRange };

struct Side {
  SideKind kind = SideKind::kChoice;
  int num_values = 2;       // 0 … num_values - 1; a number has the halves between them too
  bool is_required = true;  // else it may be missing
  bool is_open = false;     // whole numbers and numbers: any value, with a gap below 0 and above the last
  std::string name;
};

struct Cell {
  int low = 0, high = 0;
  bool is_any = false;
};

struct Alternative {
  std::vector<Cell> cells;
};

struct Grid {
  std::vector<Side> sides;
  std::vector<std::vector<Alternative>> tiers;
  bool is_disjoint = false, has_otherwise = false, as_tiers = false;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

Grid random_grid(Random& random) {
  Grid grid;
  const int num_sides = 1 + random.below(3);
  for (int i = 0; i < num_sides; ++i) {
    Side side;
    side.kind = static_cast<SideKind>(random.below(6));
    side.num_values = side.kind == SideKind::kFlag ? 2 : 2 + random.below(3);
    side.is_required = side.kind == SideKind::kRange || !random.one_in(3);
    side.is_open = side.kind == SideKind::kWhole || side.kind == SideKind::kNumber;
    side.name = std::string(1, static_cast<char>('u' + i));
    grid.sides.push_back(side);
  }
  grid.is_disjoint = random.one_in(2);
  grid.has_otherwise = random.one_in(2);
  grid.as_tiers = random.one_in(2);
  const int num_tiers = 1 + random.below(4);
  for (int t = 0; t < num_tiers; ++t) {
    std::vector<Alternative>& tier = grid.tiers.emplace_back();
    for (int a = 1 + (random.one_in(3) ? 1 : 0); a > 0; --a) {
      Alternative alternative;
      for (const Side& side : grid.sides) {
        Cell cell;
        cell.is_any = random.one_in(3);
        cell.low = cell.high = random.below(side.num_values);
        const bool has_ranges = side.kind != SideKind::kChoice && side.kind != SideKind::kFlag;
        if (has_ranges && random.one_in(2)) cell.high = cell.low + random.below(side.num_values - cell.low);
        alternative.cells.push_back(cell);
      }
      tier.push_back(std::move(alternative));
    }
  }
  return grid;
}

std::string value_text(const Side& side, int value) {
  switch (side.kind) {
    case SideKind::kChoice:
    case SideKind::kRanked: return "c" + std::to_string(value);
    case SideKind::kFlag: return value == 0 ? "no" : "yes";
    default: return std::to_string(value);
  }
}

std::string schema_text(const Grid& grid) {
  std::string text = "subject customer {\n    key id: integer\n";
  for (const Side& side : grid.sides) {
    if (side.kind == SideKind::kRange) continue;
    text += "    " + side.name + ": ";
    std::string values;
    for (int v = 0; v < side.num_values; ++v) {
      values += (v == 0 ? "" : side.kind == SideKind::kRanked ? " < " : ", ") + value_text(side, v);
    }
    switch (side.kind) {
      case SideKind::kChoice: text += "choice of [" + values + "]"; break;
      case SideKind::kRanked: text += "ranked choice of [" + values + "]"; break;
      case SideKind::kFlag: text += "flag"; break;
      case SideKind::kWhole: text += "integer"; break;
      default: text += "number"; break;
    }
    text += side.is_required ? " required\n" : "\n";
  }
  return text + "}\nevent visit of customer { at: time }\n";
}

std::string condition_text(const Grid& grid, const Alternative& alternative) {
  std::string text;
  for (std::size_t i = 0; i < grid.sides.size(); ++i) {
    const Cell& cell = alternative.cells[i];
    const Side& side = grid.sides[i];
    if (cell.is_any) continue;
    text += text.empty() ? "" : " and ";
    const std::string low = value_text(side, cell.low);
    if (cell.low == cell.high) {
      text += side.name + " = " + low;
    } else if (cell.high % 2 == 0) {
      text += side.name + " between " + low + " and " + value_text(side, cell.high);
    } else {
      text += "(" + side.name + " >= " + low + " and not " + side.name + " > " + value_text(side, cell.high) + ")";
    }
  }
  return text.empty() ? "(id is known or id is missing)" : "(" + text + ")";
}

std::string rule_text(const Grid& grid) {
  std::string text;
  for (const Side& side : grid.sides) {
    if (side.kind == SideKind::kRange)
      text += "metric " + side.name + " between 0 and " + std::to_string(side.num_values - 1) +
              " = count(visit over last " + std::to_string(side.name[0] - 'a') + " days)\n";
  }
  text += std::string(grid.is_disjoint ? "disjoint " : "") + "partition p ";
  if (!grid.as_tiers) {
    text += "by (";
    for (const Side& side : grid.sides) text += (&side == grid.sides.data() ? "" : ", ") + side.name;
    text += ") ";
  }
  text += "{\n";
  for (std::size_t t = 0; t < grid.tiers.size(); ++t) {
    const std::string name = "t" + std::to_string(t);
    text += grid.as_tiers ? "    tier " + name + " when " : "    " + name + ": ";
    bool is_first = true;
    for (const Alternative& alternative : grid.tiers[t]) {
      text += is_first ? "" : " or ";
      is_first = false;
      if (grid.as_tiers) {
        text += condition_text(grid, alternative);
        continue;
      }
      std::string cells;
      for (std::size_t i = 0; i < grid.sides.size(); ++i) {
        const Cell& cell = alternative.cells[i];
        cells += (i == 0 ? "" : ", ") + (cell.is_any ? "any" : value_text(grid.sides[i], cell.low));
        if (!cell.is_any && cell.high != cell.low) cells += ".." + value_text(grid.sides[i], cell.high);
      }
      text += "(" + cells + ")";
    }
    text += "\n";
  }
  return text + (grid.has_otherwise ? "    otherwise none\n}\n" : "}\n");
}

// ---- every customer there can be ------------------------------------------------------------------------------------

constexpr int kMissing = 1'000;

// In halves, so that a number between two others is there: -1 is below all, 2n - 1 above the last.
std::vector<int> all_values(const Side& side) {
  std::vector<int> values;
  const int last = 2 * (side.num_values - 1);
  for (int v = side.is_open ? -2 : 0; v <= (side.is_open ? last + 2 : last); ++v) {
    if (v % 2 != 0 && side.kind != SideKind::kNumber) continue;
    values.push_back(v);
  }
  if (!side.is_required) values.push_back(kMissing);
  return values;
}

struct Verdict {
  std::set<std::pair<std::size_t, std::size_t>> overlaps;
  bool has_hole = false;
  std::set<std::size_t> unreached;  // tiers
  std::size_t num_unreached_cells = 0;
};

Verdict enumerate(const Grid& grid) {
  Verdict verdict;
  std::vector<std::vector<int>> values;
  for (const Side& side : grid.sides) values.push_back(all_values(side));
  std::vector<std::vector<bool>> reached;
  for (const auto& tier : grid.tiers) reached.emplace_back(tier.size(), false);
  std::vector<std::size_t> at(grid.sides.size(), 0);
  for (bool more = true; more;) {
    std::vector<std::size_t> in;
    bool is_taken = false;
    for (std::size_t t = 0; t < grid.tiers.size(); ++t) {
      bool is_in = false;
      for (std::size_t a = 0; a < grid.tiers[t].size(); ++a) {
        bool holds = true;
        for (std::size_t i = 0; i < at.size(); ++i) {
          const Cell& cell = grid.tiers[t][a].cells[i];
          const int value = values[i][at[i]];
          holds = holds && (cell.is_any || (value != kMissing && value >= 2 * cell.low && value <= 2 * cell.high));
        }
        if (holds && !is_taken) {
          reached[t][a] = true;
          is_taken = true;
        }
        is_in = is_in || holds;
      }
      if (is_in) in.push_back(t);
    }
    verdict.has_hole = verdict.has_hole || in.empty();
    for (std::size_t i = 0; i < in.size(); ++i) {
      for (std::size_t j = i + 1; j < in.size(); ++j) verdict.overlaps.emplace(in[i], in[j]);
    }
    more = false;
    for (std::size_t i = 0; i < at.size() && !more; ++i) {
      if (++at[i] < values[i].size()) {
        more = true;
      } else {
        at[i] = 0;
      }
    }
  }
  for (std::size_t t = 0; t < grid.tiers.size(); ++t) {
    const bool is_reached = std::find(reached[t].begin(), reached[t].end(), true) != reached[t].end();
    if (!is_reached) verdict.unreached.insert(t);
    if (is_reached)
      verdict.num_unreached_cells += static_cast<std::size_t>(std::count(reached[t].begin(), reached[t].end(), false));
  }
  return verdict;
}

// ---- what the checker says ------------------------------------------------------------------------------------------

struct Said {
  std::size_t num_overlaps = 0, num_holes = 0, num_unreached = 0, num_unreached_cells = 0;
  bool has_other_errors = false;
  std::string text;
};

Said check_rule(const std::string& schema, const std::string& rule) {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  std::deque<syntax::ParseResult> parsed;
  check::CheckInput input;
  const auto add = [&](const char* name, const std::string& text, std::vector<check::ParsedFile>& files) {
    const base::SourceId source = sources.add(name, text);
    parsed.push_back(syntax::parse(source, sources.text(source), diagnostics));
    files.push_back({.source = source, .tree = &parsed.back().tree, .has_errors = parsed.back().has_errors});
  };
  add("schema.seg", schema, input.schema);
  add("rule.seg", rule, input.rules);
  const check::CheckResult result = check::check(input, sources, diagnostics);
  Said said;
  for (const base::Diagnostic& diagnostic : diagnostics.items()) {
    using base::Code;
    if (diagnostic.code == Code::tiers_overlap || diagnostic.code == Code::tiers_not_proved_disjoint) {
      ++said.num_overlaps;
    } else if (diagnostic.code == Code::partition_with_hole || diagnostic.code == Code::partition_not_complete) {
      ++said.num_holes;
    } else if (diagnostic.code == Code::tier_never_reached || diagnostic.code == Code::never_true) {
      ++said.num_unreached;
    } else if (diagnostic.code == Code::cell_never_reached) {
      ++said.num_unreached_cells;
    } else if (diagnostic.severity == base::Severity::error) {
      said.has_other_errors = true;
    }
  }
  said.text = base::render_human(diagnostics, sources);
  return said;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t num_cases = 2'000;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string(argv[i]) == "--cases") num_cases = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::string(argv[i]) == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  std::size_t overlaps = 0, holes = 0, unreached = 0, unreached_cells = 0, proved_disjoint = 0, proved_complete = 0;
  for (std::uint64_t c = 0; c < num_cases; ++c) {
    Random random(seed * 1'000'003 + c);
    const Grid grid = random_grid(random);
    const Verdict truth = enumerate(grid);
    const std::string schema = schema_text(grid);
    const std::string rule = rule_text(grid);
    const Said said = check_rule(schema, rule);
    // Overlaps are reported by cells; for a pair of tiers once.
    const std::size_t wanted_overlaps = grid.is_disjoint ? truth.overlaps.size() : 0;
    const bool wanted_hole = !grid.has_otherwise && truth.has_hole;
    const bool has_errors = wanted_overlaps != 0 || wanted_hole;
    const bool is_same = !said.has_other_errors && said.num_overlaps == wanted_overlaps &&
                         (said.num_holes == 1) == wanted_hole &&
                         (has_errors || said.num_unreached == truth.unreached.size()) &&
                         (has_errors || grid.as_tiers || said.num_unreached_cells == truth.num_unreached_cells);
    if (!is_same) {
      std::printf(
          "case %llu of seed %llu differs: by enumeration %zu overlaps, %s hole, %zu tiers and %zu cells never "
          "reached\n%s%s\n%s",
          static_cast<unsigned long long>(c), static_cast<unsigned long long>(seed), truth.overlaps.size(),
          truth.has_hole ? "a" : "no", truth.unreached.size(), truth.num_unreached_cells, schema.c_str(), rule.c_str(),
          said.text.c_str());
      return 1;
    }
    overlaps += said.num_overlaps;
    holes += said.num_holes;
    unreached += said.num_unreached;
    unreached_cells += said.num_unreached_cells;
    proved_disjoint += grid.is_disjoint && wanted_overlaps == 0 && grid.tiers.size() > 1 ? 1 : 0;
    proved_complete += !grid.has_otherwise && !wanted_hole ? 1 : 0;
  }
  std::printf(
      "%llu grids and partitions: %zu overlaps, %zu holes, %zu tiers and %zu cells never reached, %zu proved "
      "disjoint, %zu proved complete; none differs from enumeration\n",
      static_cast<unsigned long long>(num_cases), overlaps, holes, unreached, unreached_cells, proved_disjoint,
      proved_complete);
  return 0;
}
