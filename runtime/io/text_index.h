// The distinct texts of a column while it is read: each gets the next code when it is seen first.
// In: texts. Out: codes and the vector::Dictionary. Not for several threads at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/vector/column.h"

namespace seg::io {

class TextIndex {
 public:
  static constexpr std::uint32_t kNotThere = 0xFFFFFFFF;

  std::uint32_t size() const { return dictionary_.size(); }
  const vector::Dictionary& dictionary() const { return dictionary_; }
  vector::Dictionary take() && { return std::move(dictionary_); }

  std::uint32_t find(std::string_view text) const {
    if (slots_.empty()) return kNotThere;
    const std::uint64_t hash = hash_of(text);
    for (std::uint64_t slot = hash >> shift_;; slot = (slot + 1) & (slots_.size() - 1)) {
      const Slot& found = slots_[slot];
      if (found.code == kNotThere) return kNotThere;
      if (found.hash == static_cast<std::uint32_t>(hash) && dictionary_.at(found.code) == text) return found.code;
    }
  }

  std::uint32_t add(std::string_view text) {
    if ((size() + 1) * std::uint64_t{2} > slots_.size()) grow();
    const std::uint64_t hash = hash_of(text);
    for (std::uint64_t slot = hash >> shift_;; slot = (slot + 1) & (slots_.size() - 1)) {
      Slot& found = slots_[slot];
      if (found.code == kNotThere) {
        found = {static_cast<std::uint32_t>(hash), dictionary_.append(text)};
        return found.code;
      }
      if (found.hash == static_cast<std::uint32_t>(hash) && dictionary_.at(found.code) == text) return found.code;
    }
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;  // its low half; the place in the table comes from the high bits
    std::uint32_t code = kNotThere;
  };

  static std::uint64_t hash_of(std::string_view text) {
    return std::hash<std::string_view>{}(text) * 0x9E3779B97F4A7C15u;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    shift_ = 64 - static_cast<unsigned>(__builtin_ctzll(slots_.size()));
    for (const Slot& moved : old) {
      if (moved.code == kNotThere) continue;
      std::uint64_t slot = hash_of(dictionary_.at(moved.code)) >> shift_;
      while (slots_[slot].code != kNotThere) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = moved;
    }
  }

  vector::Dictionary dictionary_;
  std::vector<Slot> slots_;  // a power of two
  unsigned shift_ = 64;
};

}  // namespace seg::io
