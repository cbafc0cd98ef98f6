// How often each construct occurred in random programs, and what came out of it: the table at the end of a run of
// seg_differential. Which constructs there are comes from the program's own tables, so that a new one cannot be left
// out: what never occurred is printed as such.
// In: a program, and the reference interpreter over its data. Out: print().
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "program/program.h"
#include "reference/interpreter.h"
#include "runtime/vector/column.h"
#include "tests/differential/random_program.h"

namespace seg::differential {

class ConstructCounts {
 public:
  ConstructCounts();

  // Each expression counts once, with what it gives for a few rows of its frame. `named`: what the checker writes out
  // in terms of other constructs.
  void add(const program::Program& program, const std::vector<NamedExpr>& named, const vector::Dataset& dataset,
           reference::Interpreter& interpreter, RandomSource& random);
  void merge(const ConstructCounts& other);
  // One line each. Returns how many never occurred.
  std::uint64_t print() const;

 private:
  struct Count {
    std::uint64_t num = 0, num_true = 0, num_false = 0, num_unknown = 0, num_known = 0, num_missing = 0;
  };
  void count(const std::string& name, const base::Type& type, const std::vector<base::Value>& values);

  std::map<std::string, Count> counts_;
};

}  // namespace seg::differential
