// Inside of propose(): what is known of the files so far, and the steps that find out more. In: samples. Out: a
// Proposal. One source per step: identity.cpp (who segments are about), roles.cpp (what each file is), table_fields.cpp
// (its columns as fields), propose.cpp (their order, and what is said about them).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/init/fields.h"
#include "tools/init/name.h"
#include "tools/init/propose.h"

namespace seg::init {

// Who segments are about: a table with its key, or only the columns of other tables that name them.
struct Identity {
  std::size_t table = kNoColumn;
  std::string group;  // without a table: the columns' common name
  std::vector<Link> links;
  int score = 0;
};

// Said of rows that can't be used.
inline constexpr std::string_view kSkipping = "a run stops there; with `--on-bad-row skip` it leaves them out";
std::string rows_that(std::uint64_t number, const std::string& one, const std::string& many);
std::string file_name(const std::string& path);

class Proposer {
 public:
  Proposer(const std::vector<Input>& inputs, const ProposeOptions& options) : inputs_(inputs), options_(options) {}

  std::optional<Proposal> run();

 private:
  enum class Role { kNone, kSubject, kJoin, kEvent, kRecords, kEntity, kLookup };

  // identity.cpp
  bool is_thing(const std::vector<std::string>& words) const;
  std::vector<std::string> identity_words(const Identity& identity) const;
  int name_score(const std::vector<std::string>& words) const;
  bool choose_identity();
  std::uint64_t size_of(const Identity& identity) const;
  // A column that comes again and again in a table with times may name who did it.
  void add_group(std::size_t t, std::size_t c, std::vector<Identity>& candidates) const;

  // roles.cpp
  const Link* owner_link(std::size_t t) const;
  // Whose key is the subject's: one row for each of them, or for some.
  bool is_same_key(std::size_t t) const;
  void assign_roles();
  bool is_named_key(std::size_t t) const;
  // A table to look words up in: climate[city].
  bool is_lookup(std::size_t t) const;

  // table_fields.cpp
  // The columns of a file as fields. `reserved`: names that other fields of the table have.
  std::vector<Field> build_fields(std::size_t t, NameSet& names, bool is_person);
  // Rows without a key, and rows that repeat one.
  void remark_on_key(std::size_t t, const io::SampleColumn& key, bool is_event);

  // propose.cpp
  const io::SampleColumn& column(std::size_t table, std::size_t position) const;
  bool is_whole(std::size_t table, std::size_t position) const;
  // Values of the column can be read as the key's type.
  bool can_read_as_key(const Link& link) const;
  const Link* link_of(std::size_t t, std::size_t c) const;
  // What is about no single file stands behind.
  std::size_t position_of(const std::string& file) const;
  void remark(std::size_t t, const std::string& text);
  void decide(std::size_t t, const std::string& text);
  void name_tables();
  std::string rows_text(std::size_t t) const;
  void build_tables();
  void decide_owned(std::size_t t, const ProposedTable& table);
  void build_subject();
  void find_as_of();
  void find_currency();
  void remark_on_files();

  const std::vector<Input>& inputs_;
  const ProposeOptions& options_;
  std::vector<FileGuess> guesses_;
  std::vector<std::size_t> times_;
  std::vector<std::size_t> keys_;
  std::vector<Link> links_;
  Identity identity_;
  bool is_assembled_ = false;
  std::vector<Role> roles_;
  std::vector<std::size_t> owners_;
  std::map<std::size_t, std::size_t> owner_entity_;
  NameSet names_;
  std::string subject_name_;
  std::vector<std::string> table_names_;
  Proposal proposal_;
};

}  // namespace seg::init
