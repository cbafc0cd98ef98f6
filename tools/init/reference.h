// Which columns tell the rows of a table apart, and which columns of other tables hold those keys.
// In: samples of all files. Out: a key for each table that has one, and links between columns. Part of `seg init`:
// names propose, values decide.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "runtime/io/sample.h"

namespace seg::init {

// A file that was looked at, as the command line names it.
struct Input {
  std::string path;
  io::Sample sample;
};

inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

struct Link {
  std::size_t table = 0;   // that refers
  std::size_t column = 0;  // to the key of
  std::size_t target = 0;
  int likeness = 0;    // of the names: 3 the same, 2 alike, 0 none (the values alone say it)
  double found = 0;    // share of the column's distinct values that are keys of the target
  double reached = 0;  // share of the target's keys that occur
};

bool is_unique(const io::SampleColumn& column);
// The best unique column of each table, or kNoColumn.
std::vector<std::size_t> find_keys(const std::vector<Input>& inputs);
// At most one for each column: the likeliest.
std::vector<Link> find_links(const std::vector<Input>& inputs, const std::vector<std::size_t>& keys);
// Values of `some` that are among `all`, as a share of `some`.
double share_found(const io::SampleColumn& some, const io::SampleColumn& all);

// "customer" of `customer_id`; of `id` or `code` nothing.
std::vector<std::string> stem_of(const std::string& column);
bool is_generic_key(const std::vector<std::string>& words);
// id, number, sku, کد … among the words.
bool has_key_word(const std::vector<std::string>& words);
// customer, client, household, …: who segments are made of.
bool names_subject(const std::vector<std::string>& words);

}  // namespace seg::init
