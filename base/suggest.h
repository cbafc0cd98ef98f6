// "Did you mean": the candidate that a misspelt word most likely stands for.
// In: a word and the names known there. Out: one of them or none. Used wherever a name or a choice's value is looked
// up.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seg::base {

// Equality but for case first; then the fewest insertions, deletions, replacements and swaps of neighbours, up to a
// third of the word's length (in code points). Of several equally near the first candidate. The word itself is never
// suggested.
std::optional<std::string> suggest(std::string_view word, std::span<const std::string> candidates);
std::optional<std::string> suggest(std::string_view word, std::span<const std::string_view> candidates);

// Those within the same distance, nearest first, at most `limit`: for "fields of `customer` like it: …".
std::vector<std::string> suggest_all(std::string_view word, std::span<const std::string> candidates,
                                     std::size_t limit = 3);

// Damerau–Levenshtein with neighbours swapped once (optimal string alignment), over code points.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace seg::base
