// Text functions on one text. The VM calls them once per distinct value of a dictionary, never per row.
// In: UTF-8, NFC. Out: UTF-8; an empty or blank result means missing. Called by bind and by constant folding.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace seg::kernels {

std::string lower(std::string_view text);    // full mapping, root locale, NFC
std::string trim(std::string_view text);     // Unicode white space at both ends
std::string fold(std::string_view text);     // base/fold.h
std::int64_t length(std::string_view text);  // code points
bool is_blank(std::string_view text);        // empty, or only Unicode white space

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
inline bool starts_with(std::string_view text, std::string_view part) { return text.starts_with(part); }
inline bool ends_with(std::string_view text, std::string_view part) { return text.ends_with(part); }

// Part by part as numbers ("1.10" is after "1.9"): less than 0, 0, more than 0. Missing parts count as 0; what is no
// number compares as text after all numbers.
int compare_versions(std::string_view a, std::string_view b);

// An RE2 pattern that matches somewhere in a text. A pattern that does not compile (the checker has refused it) matches
// nothing.
class Pattern {
 public:
  explicit Pattern(std::string_view pattern);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  bool is_valid() const;
  bool matches(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace seg::kernels
