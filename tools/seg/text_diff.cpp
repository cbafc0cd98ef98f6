#include "tools/seg/text_diff.h"

#include <algorithm>
#include <vector>

namespace seg::tool {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// One line of the edit script: kept in both, only before, only after.
struct Step {
  char sign;
  std::string_view line;
};

// Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986): furthest-reaching points by diagonal, kept for the way
// back.
std::vector<Step> edit_script(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  const auto n = static_cast<int>(a.size());
  const auto m = static_cast<int>(b.size());
  const int offset = n + m + 1;
  std::vector<int> furthest(static_cast<std::size_t>(2 * offset + 1), 0);
  std::vector<std::vector<int>> trace;
  const auto at = [offset](std::vector<int>& v, int k) -> int& {
    const int index = k + offset;
    return v[static_cast<std::size_t>(index)];
  };
  int num_edits = 0;
  for (bool done = false; !done; ++num_edits) {
    trace.push_back(furthest);
    for (int k = -num_edits; k <= num_edits && !done; k += 2) {
      const bool down = k == -num_edits || (k != num_edits && at(furthest, k - 1) < at(furthest, k + 1));
      int x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < n && x - k < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)]) ++x;
      at(furthest, k) = x;
      done = x >= n && x - k >= m;
    }
  }
  std::vector<Step> steps;
  int x = n;
  int y = m;
  for (int d = num_edits - 1; d >= 0; --d) {
    std::vector<int>& before = trace[static_cast<std::size_t>(d)];
    const int k = x - y;
    const bool down = k == -d || (k != d && at(before, k - 1) < at(before, k + 1));
    const int from_k = down ? k + 1 : k - 1;
    const int from_x = d == 0 ? 0 : at(before, from_k);
    const int from_y = d == 0 ? 0 : from_x - from_k;
    while (x > from_x && y > from_y &&
           !(d != 0 && x == (down ? from_x : from_x + 1) && y == (down ? from_y + 1 : from_y))) {
      steps.push_back({' ', a[static_cast<std::size_t>(--x)]});
      --y;
    }
    if (d == 0) break;
    if (down) {
      steps.push_back({'+', b[static_cast<std::size_t>(--y)]});
    } else {
      steps.push_back({'-', a[static_cast<std::size_t>(--x)]});
    }
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

}  // namespace

std::string text_diff(std::string_view before, std::string_view after, const std::string& path) {
  if (before == after) return "";
  const std::vector<Step> steps = edit_script(lines_of(before), lines_of(after));
  constexpr std::size_t kContext = 3;
  std::string out = "--- " + path + "\n+++ " + path + " (formatted)\n";
  std::size_t line_before = 1;
  std::size_t line_after = 1;
  for (std::size_t i = 0; i < steps.size();) {
    if (steps[i].sign == ' ') {
      // Skip to just before the next change; close hunks are one.
      std::size_t change = i;
      while (change < steps.size() && steps[change].sign == ' ') ++change;
      if (change == steps.size()) break;
      const std::size_t skipped = change - i > kContext ? change - i - kContext : 0;
      i += skipped;
      line_before += skipped;
      line_after += skipped;
    }
    std::size_t end = i;
    for (std::size_t quiet = 0; end < steps.size() && quiet <= 2 * kContext; ++end) {
      quiet = steps[end].sign == ' ' ? quiet + 1 : 0;
    }
    std::size_t trailing = 0;
    while (trailing < end - i && steps[end - 1 - trailing].sign == ' ') ++trailing;
    if (trailing > kContext) end -= trailing - kContext;
    std::size_t num_before = 0;
    std::size_t num_after = 0;
    std::string body;
    for (std::size_t j = i; j < end; ++j) {
      num_before += steps[j].sign != '+' ? 1 : 0;
      num_after += steps[j].sign != '-' ? 1 : 0;
      body += steps[j].sign + std::string(steps[j].line) + "\n";
    }
    out += "@@ -" + std::to_string(line_before) + "," + std::to_string(num_before) + " +" + std::to_string(line_after) +
           "," + std::to_string(num_after) + " @@\n" + body;
    line_before += num_before;
    line_after += num_after;
    i = end;
  }
  return out;
}

}  // namespace seg::tool
