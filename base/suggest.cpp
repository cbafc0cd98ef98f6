#include "base/suggest.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace seg::base {
namespace {

using CodePoints = std::vector<UChar32>;

CodePoints code_points(std::string_view text) {
  CodePoints result;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, at, length, c);
    result.push_back(c);
  }
  return result;
}

CodePoints folded(CodePoints text) {
  for (UChar32& c : text) c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
  return text;
}

std::size_t distance(const CodePoints& a, const CodePoints& b) {
  // Three rows of the usual table: the swap looks two rows back.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

struct Near {
  std::size_t distance;
  std::size_t index;
};

template <class Candidate>
std::vector<Near> near_ones(std::string_view word, std::span<const Candidate> candidates) {
  std::vector<Near> result;
  const CodePoints wanted = code_points(word);
  const CodePoints wanted_folded = folded(wanted);
  const std::size_t limit = wanted.size() / 3;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i] == word) continue;
    const CodePoints candidate = code_points(candidates[i]);
    if (folded(candidate) == wanted_folded) {
      result.push_back({0, i});
      continue;
    }
    const std::size_t longer = std::max(candidate.size(), wanted.size());
    const std::size_t shorter = std::min(candidate.size(), wanted.size());
    if (longer - shorter > limit) continue;
    if (const std::size_t d = distance(wanted, candidate); d <= limit) result.push_back({d, i});
  }
  std::stable_sort(result.begin(), result.end(), [](const Near& a, const Near& b) { return a.distance < b.distance; });
  return result;
}

template <class Candidate>
std::optional<std::string> nearest(std::string_view word, std::span<const Candidate> candidates) {
  const std::vector<Near> found = near_ones(word, candidates);
  if (found.empty()) return std::nullopt;
  return std::string(candidates[found.front().index]);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) { return distance(code_points(a), code_points(b)); }

std::optional<std::string> suggest(std::string_view word, std::span<const std::string> candidates) {
  return nearest(word, candidates);
}

std::optional<std::string> suggest(std::string_view word, std::span<const std::string_view> candidates) {
  return nearest(word, candidates);
}

std::vector<std::string> suggest_all(std::string_view word, std::span<const std::string> candidates,
                                     std::size_t limit) {
  std::vector<std::string> result;
  for (const Near& near : near_ones(word, candidates)) {
    if (result.size() == limit) break;
    if (std::find(result.begin(), result.end(), candidates[near.index]) == result.end()) {
      result.push_back(candidates[near.index]);
    }
  }
  return result;
}

}  // namespace seg::base
