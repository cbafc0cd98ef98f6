// One thread's registers and the rows they are for. In: a pass, bound. The kernels (ops_*.cpp) read and write registers
// through it; interpret.cpp decides which kernel an instruction is.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/exec/binder.h"
#include "runtime/exec/results.h"

namespace seg::exec {

// The rows of a frame in the current morsel: positions [first, first + n) of its clustering.
struct Rows {
  std::uint64_t n = 0;
  std::uint64_t first = 0;
  const std::uint32_t* numbers = nullptr;  // row at each position, from `first` on; null: the position itself
  const std::uint64_t* starts = nullptr;   // children: of each parent, absolute; one more than parents
};

struct Counts {  // of one output, by one thread
  std::uint64_t members = 0, unknown = 0, overflow = 0, outside = 0;
  std::uint64_t first_outside = ~0ULL;
};

// Where outputs are written; shared by threads, which write disjoint words.
struct OutputBuffers {
  std::vector<std::uint64_t> bits;  // members; flag values
  std::vector<std::uint64_t> valid;
  std::vector<std::uint64_t> values;  // i32, i64, f64
};

class Worker {
 public:
  Worker(const bytecode::Module& module, const bytecode::Pass& pass, const Binder& binder,
         std::vector<OutputBuffers>& outputs);

  // Makes room for `n` rows of a frame.
  void set_rows(std::size_t frame, const Rows& rows);
  const Rows& rows(std::size_t frame) const { return rows_[frame]; }
  const Rows& rows_of(std::uint16_t reg) const { return rows_[pass_.registers[reg].frame]; }
  // Of each child row in the morsel, the row of its parent: worked out when first asked for.
  const std::uint32_t* parents_of(std::uint16_t child_reg);

  // Registers to read and, each time they are written, to write.
  const std::uint64_t* mask(std::uint16_t reg) const { return static_cast<const std::uint64_t*>(at_[reg]); }
  template <class T>
  const T* in(std::uint16_t reg) const {
    return static_cast<const T*>(at_[reg]);
  }
  template <class T>
  T* out(std::uint16_t reg) {
    at_[reg] = own_[reg];
    return static_cast<T*>(own_[reg]);
  }
  std::uint64_t* out_mask(std::uint16_t reg) { return out<std::uint64_t>(reg); }
  void alias(std::uint16_t reg, const void* data) { at_[reg] = data; }  // a column's own memory

  const bytecode::Module& module() const { return module_; }
  const bytecode::Pass& pass() const { return pass_; }
  const Binder& binder() const { return binder_; }
  OutputBuffers& output(std::uint32_t id) { return outputs_[id]; }
  Counts& counts(std::uint32_t output) { return counts_[output]; }
  std::vector<std::uint64_t>& missing() { return missing_; }
  std::vector<std::int64_t> nanoseconds;  // by word of the pass's code; empty: not measured

  // Scratch of aggregates, kept between calls.
  std::vector<std::uint32_t> order;
  std::vector<std::uint64_t> words;
  std::vector<std::int64_t> integers;
  std::vector<double> numbers;
  std::vector<std::int32_t> small;
  struct Moment {  // of sequences: a row and when it was
    std::int64_t time = 0;
    std::uint32_t at = 0;
  };
  std::vector<std::vector<Moment>> moments;
  // Frames of siblings: their rows in this morsel, and where each parent's begin.
  std::vector<std::vector<std::uint32_t>> sibling_rows;
  std::vector<std::vector<std::uint64_t>> sibling_starts;

 private:
  const bytecode::Module& module_;
  const bytecode::Pass& pass_;
  const Binder& binder_;
  std::vector<OutputBuffers>& outputs_;
  std::vector<Rows> rows_;
  std::vector<std::uint64_t> capacity_;                 // by frame
  std::vector<std::vector<std::uint32_t>> parents_of_;  // by frame; empty: not worked out for this morsel
  std::vector<void*> own_;
  std::vector<const void*> at_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;  // by frame
  std::vector<Counts> counts_;
  std::vector<std::uint64_t> missing_;  // by missing source
};

inline std::uint64_t num_words(std::uint64_t n) { return (n + 63) / 64; }
inline std::uint64_t tail_mask(std::uint64_t n) { return n % 64 == 0 ? ~0ULL : (1ULL << n % 64) - 1; }

// Adds the time from here to the end of the block to an instruction, if instructions are measured.
class InstructionTime {
 public:
  InstructionTime(Worker& worker, std::size_t at)
      : nanoseconds_(worker.nanoseconds.empty() ? nullptr : &worker.nanoseconds[at]) {
    if (nanoseconds_ != nullptr) begin_ = std::chrono::steady_clock::now();
  }
  ~InstructionTime() {
    if (nanoseconds_ == nullptr) return;
    const auto time = std::chrono::steady_clock::now() - begin_;
    *nanoseconds_ += std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
  }
  InstructionTime(const InstructionTime&) = delete;
  InstructionTime& operator=(const InstructionTime&) = delete;

 private:
  std::int64_t* nanoseconds_;
  std::chrono::steady_clock::time_point begin_;
};

// Runs the live instructions of the pass over the workers' rows.
void interpret(Worker& worker, const std::vector<bool>& is_live);

}  // namespace seg::exec
