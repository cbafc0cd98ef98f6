// Types of the language as plain values. In: base/types.def. Used by every stage from the checker to the kernels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seg::base {

enum class TypeKind : std::uint8_t {
#define SEG_TYPE(kind, keyword, arrow, doc) kind,
#include "base/types.def"
#undef SEG_TYPE
};

constexpr std::string_view type_keyword(TypeKind kind) {
  switch (kind) {
#define SEG_TYPE(kind, keyword, arrow, doc) \
  case TypeKind::kind: return keyword;
#include "base/types.def"
#undef SEG_TYPE
  }
  return "";
}

inline constexpr std::uint32_t kNoDetail = 0xFFFFFFFF;

// A type. `detail` is an index: of the currency for money (Schema::currencies; kNoDetail: a column names it), of the
// choice set for choice (Schema::choices), of the table for reference (Schema::tables). For a list, `element` is the
// kind of its elements and `detail` belongs to the element. `folded` text is compared after fold().
struct Type {
  TypeKind kind = TypeKind::kNumber;
  TypeKind element = TypeKind::kNumber;
  bool ranked = false;  // choice: its values have an order, lowest first
  bool folded = false;  // text, list of text
  std::uint32_t detail = kNoDetail;

  friend bool operator==(const Type&, const Type&) = default;
};

// The values of a choice type, in declared order; for a ranked choice from lowest to highest.
struct ChoiceSet {
  std::vector<std::string> values;
  bool ranked = false;
  std::string name;  // what messages call it: "customer.gender", or the partition's name

  friend bool operator==(const ChoiceSet&, const ChoiceSet&) = default;
};

}  // namespace seg::base
