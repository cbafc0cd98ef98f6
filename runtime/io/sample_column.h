// Gathers what a SampleColumn says, value by value. Internal to runtime/io: sample.cpp feeds it from Arrow arrays.
// In: values as their format types them. Out: the SampleColumn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/io/sample.h"
#include "runtime/io/text/time_text.h"

namespace seg::io {

// Distinct 64-bit hashes, open addressing.
class HashSet {
 public:
  explicit HashSet(std::uint64_t limit) : limit_(limit), slots_(1024) {}
  // False if it was there already, or the set is full.
  bool insert(std::uint64_t hash);
  bool is_full() const { return size_ >= limit_; }
  std::uint64_t size() const { return size_; }
  std::vector<std::uint64_t> sorted() const;

 private:
  void grow();

  std::uint64_t limit_;
  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> slots_;  // 0: free
};

class ColumnSampler {
 public:
  ColumnSampler(std::string name, bool is_untyped, bool decimal_comma, const SampleLimits& limits);

  void set_kind(SampleKind kind, SampleKind element) { column_.kind = kind, column_.element = element; }
  void missing(std::uint64_t num_rows) { column_.num_rows += num_rows, column_.num_missing += num_rows; }
  void text(std::string_view value, std::uint64_t num_rows);
  void integer(std::int64_t value);
  void number(double value);
  void decimal(std::string_view digits);  // "12.50"
  void flag(bool value);
  void time(std::int64_t micros);       // dates too
  void present();                       // a value that isn't looked into
  void element(std::string_view text);  // of a list; present() is called for the list itself
  SampleColumn finish() &&;

 private:
  struct Candidate {
    std::string format;
    TimeFormat parser;
    FormatFit fit;
    bool has_value = false;
  };

  // True if the value is new: only then it is judged.
  bool count(std::string_view text, std::uint64_t num_rows);
  bool count_hash(std::uint64_t hash, std::uint64_t num_rows);
  void judge_number(double value, int decimals);
  void judge_text(std::string_view text);
  void judge_time(std::string_view text);
  void add_example(std::string_view text);

  SampleColumn column_;
  bool decimal_comma_;
  std::size_t max_values_;
  HashSet distinct_;
  std::unordered_map<std::string, std::uint64_t> values_;
  bool has_values_ = true;
  std::vector<Candidate> candidates_;
  bool is_iso_ = true;
  bool has_iso_ = false;
  FormatFit iso_;
  std::uint64_t num_numbers_ = 0;
};

}  // namespace seg::io
