// The kernels, one function for each family of instructions. Each gets the instruction's words and works on all rows of
// its frame. Masks keep the bits behind the last row clear.
#pragma once

#include "runtime/exec/worker.h"

namespace seg::exec {

using Words = const bytecode::Instruction*;

void run_mask(Worker& w, Words i);        // zero … at_least
void run_load(Worker& w, Words i);        // load … look_up, keep
void run_constant(Worker& w, Words i);    // constant …, as_of_day, as_of_end
void run_compare(Worker& w, Words i);     // equal … greater_c, one_of, in_set, in_window
void run_arithmetic(Worker& w, Words i);  // add … bit_value
void run_text(Worker& w, Words i);        // map_code … list_size, text_part
void run_date(Worker& w, Words i);        // day_of_time … unit_start, recurs_in_window
void run_aggregate(Worker& w, Words i);   // count … gap
void run_sequence(Worker& w, Words i);    // sequence, elapsed
void run_emit(Worker& w, Words i);        // emit_…

// A mask, bit by bit.
template <class F>
void fill_mask(std::uint64_t n, std::uint64_t* out, F bit) {
  for (std::uint64_t i = 0; i < n; i += 64) {
    const std::uint64_t rows = n - i < 64 ? n - i : 64;
    std::uint64_t word = 0;
    for (std::uint64_t j = 0; j < rows; ++j) word |= static_cast<std::uint64_t>(bit(i + j) ? 1 : 0) << j;
    out[i / 64] = word;
  }
}

// Comparisons of n values into a mask (SIMD, by what the processor has).
enum class Compare : std::uint8_t { kEqual, kLess, kGreater };
void compare(Compare op, const std::int32_t* a, const std::int32_t* b, std::uint64_t n, std::uint64_t* out);
void compare(Compare op, const std::int64_t* a, const std::int64_t* b, std::uint64_t n, std::uint64_t* out);
void compare(Compare op, const double* a, const double* b, std::uint64_t n, std::uint64_t* out);
void compare(Compare op, const std::int32_t* a, std::int32_t b, std::uint64_t n, std::uint64_t* out);
void compare(Compare op, const std::int64_t* a, std::int64_t b, std::uint64_t n, std::uint64_t* out);
void compare(Compare op, const double* a, double b, std::uint64_t n, std::uint64_t* out);
void between(const std::int32_t* a, std::int32_t from, std::int32_t to, std::uint64_t n, std::uint64_t* out);
void between(const std::int64_t* a, std::int64_t from, std::int64_t to, std::uint64_t n, std::uint64_t* out);
// Bits [first, first + n) of a longer mask become those of `in`.
void write_bits(std::uint64_t* out, std::uint64_t first, std::uint64_t n, const std::uint64_t* in);
// Bit a[i] of `bits`; no for codes outside 0 … 63.
void test_bits(const std::int32_t* a, std::uint64_t bits, std::uint64_t n, std::uint64_t* out);
// How many bits are set in one of three masks at least.
std::uint64_t count_bits(const std::uint64_t* a, const std::uint64_t* b, const std::uint64_t* c, std::uint64_t words);

}  // namespace seg::exec
