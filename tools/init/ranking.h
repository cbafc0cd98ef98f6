// Texts that have an order: bands ("19-24", "65+", "Under 15K"), and words of well-known scales (low, medium, high).
// In: the distinct values of a column. Out: the same from lowest to highest, or none if they show no order. Part of
// `seg init`.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seg::init {

std::optional<std::vector<std::string>> ranked(const std::vector<std::string>& values);

}  // namespace seg::init
