// Results: bits and values into the outputs' buffers, counts into the worker's own.
#include <bit>
#include <cstring>

#include "runtime/exec/ops.h"

namespace seg::exec {

using bytecode::Op;
using bytecode::RegType;

namespace {

std::uint64_t count_all(const std::uint64_t* bits, std::uint64_t n) {
  return count_bits(bits, bits, bits, num_words(n));
}

void emit_segment(Worker& w, Words i) {
  const Rows& rows = w.rows(0);
  const std::uint64_t* holds = w.mask(i->y);
  const std::uint64_t* fails = w.mask(i->z);
  Counts& counts = w.counts(i->x);
  counts.members += count_all(holds, rows.n);
  counts.unknown += rows.n - count_bits(holds, fails, fails, num_words(rows.n));
  write_bits(w.output(i->x).bits.data(), rows.first, rows.n, holds);
}

void emit_missing(Worker& w, Words i) {
  const std::uint64_t n = w.rows(0).n;
  w.missing()[i->x] += n - count_bits(w.mask(i->y), w.mask(i->z), w.mask(i[1].x), num_words(n));
}

void emit_value(Worker& w, Words i) {
  const Rows& rows = w.rows(0);
  OutputBuffers& output = w.output(i->x);
  const bool is_small = static_cast<RegType>(i->tag) == RegType::kI32;
  const std::uint64_t size = is_small ? 4 : 8;
  auto* out = reinterpret_cast<std::byte*>(output.values.data()) + rows.first * size;
  const std::byte* in = w.in<std::byte>(i->y);
  const std::uint64_t* known = w.mask(i->z);
  // Slots without a value hold 0, so that results are the same bytes whatever the batches were.
  for (std::uint64_t k = 0; k < rows.n; k += 64) {
    const std::uint64_t in_word = rows.n - k < 64 ? rows.n - k : 64;
    const std::uint64_t word = known[k / 64];
    if (word == tail_mask(in_word)) {
      std::memcpy(out + k * size, in + k * size, in_word * size);
      continue;
    }
    std::memset(out + k * size, 0, in_word * size);
    for (std::uint64_t left = word; left != 0; left &= left - 1) {
      const std::uint64_t row = k + static_cast<std::uint64_t>(std::countr_zero(left));
      std::memcpy(out + row * size, in + row * size, size);
    }
  }
  write_bits(output.valid.data(), rows.first, rows.n, known);
}

void emit_flag(Worker& w, Words i) {
  const Rows& rows = w.rows(0);
  const std::uint64_t* yes = w.mask(i->y);
  const std::uint64_t* no = w.mask(i->z);
  write_bits(w.output(i->x).bits.data(), rows.first, rows.n, yes);
  w.integers.resize(num_words(rows.n) + 1);
  auto* known = reinterpret_cast<std::uint64_t*>(w.integers.data());
  for (std::uint64_t k = 0; k < num_words(rows.n); ++k) known[k] = yes[k] | no[k];
  write_bits(w.output(i->x).valid.data(), rows.first, rows.n, known);
}

}  // namespace

void run_emit(Worker& w, Words i) {
  const Rows& rows = w.rows(0);
  switch (i->op) {
    case Op::emit_segment: emit_segment(w, i); break;
    case Op::emit_missing: emit_missing(w, i); break;
    case Op::emit_value: emit_value(w, i); break;
    case Op::emit_flag: emit_flag(w, i); break;
    case Op::emit_overflow: w.counts(i->x).overflow += count_all(w.mask(i->y), rows.n); break;
    default: {  // emit_outside
      Counts& counts = w.counts(i->x);
      const std::uint64_t* outside = w.mask(i->y);
      counts.outside += count_all(outside, rows.n);
      for (std::uint64_t k = 0; k < num_words(rows.n); ++k) {
        if (outside[k] == 0) continue;
        const std::uint64_t row = rows.first + k * 64 + static_cast<std::uint64_t>(std::countr_zero(outside[k]));
        counts.first_outside = counts.first_outside < row ? counts.first_outside : row;
        break;
      }
    }
  }
}

}  // namespace seg::exec
