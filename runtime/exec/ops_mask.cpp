// Masks of masks.
#include <cstring>

#include "runtime/exec/ops.h"

namespace seg::exec {

using bytecode::Op;

namespace {

// n or more of the masks: a counter of bit slices, one addition a mask for 64 rows at a time, compared with n.
void at_least(Worker& w, Words i) {
  const std::uint64_t words = num_words(w.rows_of(i->x).n);
  const std::vector<std::uint16_t>& list = w.pass().lists[i->y];
  const std::uint32_t needed = i->z;
  std::uint64_t* out = w.out_mask(i->x);
  for (std::uint64_t k = 0; k < words; ++k) {
    std::uint64_t slices[17] = {};
    for (std::uint16_t reg : list) {
      std::uint64_t carry = w.mask(reg)[k];
      for (int s = 0; carry != 0 && s < 17; ++s) {
        const std::uint64_t sum = slices[s] ^ carry;
        carry &= slices[s];
        slices[s] = sum;
      }
    }
    std::uint64_t greater = 0;
    std::uint64_t equal = ~0ULL;
    for (int s = 16; s >= 0; --s) {
      if ((needed >> s & 1U) != 0) {
        equal &= slices[s];
      } else {
        greater |= equal & slices[s];
        equal &= ~slices[s];
      }
    }
    out[k] = greater | equal;
  }
  if (words != 0) out[words - 1] &= tail_mask(w.rows_of(i->x).n);
}

}  // namespace

void run_mask(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::uint64_t words = num_words(n);
  if (i->op == Op::at_least) {
    at_least(w, i);
    return;
  }
  const std::uint64_t* a = i->y == bytecode::kAbsent ? nullptr : w.mask(i->y);
  const std::uint64_t* b = i->z == bytecode::kAbsent ? nullptr : w.mask(i->z);
  std::uint64_t* out = w.out_mask(i->x);
  switch (i->op) {
    case Op::zero: std::memset(out, 0, words * 8); return;
    case Op::ones: std::memset(out, 0xFF, words * 8); break;
    case Op::and_:
      for (std::uint64_t k = 0; k < words; ++k) out[k] = a[k] & b[k];
      return;
    case Op::or_:
      for (std::uint64_t k = 0; k < words; ++k) out[k] = a[k] | b[k];
      return;
    case Op::andn:
      for (std::uint64_t k = 0; k < words; ++k) out[k] = a[k] & ~b[k];
      return;
    default:
      for (std::uint64_t k = 0; k < words; ++k) out[k] = ~a[k];
      break;
  }
  if (words != 0) out[words - 1] &= tail_mask(n);
}

}  // namespace seg::exec
