// What the tables of some data files mean: subject, events, records, entities, lookups, their fields and types.
// In: samples of the files. Out: a Proposal: passive data that write_project.h writes down as a project and the command
// tells people about. The thinking part of `seg init`; it prints nothing and reads no file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/schema.h"
#include "tools/init/column_type.h"
#include "tools/init/reference.h"

namespace seg::init {

struct ProposeOptions {
  std::string currency;  // empty: as the names say, else EUR
  std::string as_of;     // where no event says it: 2026-06-30
};

struct Field {
  std::string name;  // in the schema
  std::string column;
  std::string longitude;  // locations: `column` is the latitude
  TypeGuess type;
  std::string refers_to;  // a table's name; empty: a value
  bool is_key = false;
  bool is_time = false;  // when the event happened
  bool is_owner = false;
  bool is_consent = false;
  base::Privacy privacy = base::Privacy::kPlain;
};

// Further columns for the subject, from a file with one row for each of them.
struct JoinedFile {
  std::size_t input = 0;
  std::string on;  // the column with the subject's key
  std::vector<Field> fields;
};

struct ProposedTable {
  base::TableKind kind = base::TableKind::kSubject;
  std::string name;
  std::size_t input = kNoColumn;  // kNoColumn: a subject that is assembled from `keys`
  std::string owner;              // of events and records
  std::vector<Field> fields;      // the owner's reference too
  std::vector<std::string> keys;  // "order.customer"
  std::vector<JoinedFile> joins;
};

// What was decided about a file, in words.
struct Decision {
  std::string file;
  std::string text;
};

struct Proposal {
  std::vector<ProposedTable> tables;  // the subject first
  std::vector<Decision> decisions;
  std::vector<Decision> remarks;  // to look at
  std::string as_of;
  std::string as_of_reason;
  std::string currency;  // empty: no money anywhere
  bool is_currency_known = false;
  std::int64_t event_days = 0;  // how many days the events span
  bool needs_skipping = false;  // some rows can't be used: a run stops at them unless told to leave them out
};

// None: no file says who is who.
std::optional<Proposal> propose(const std::vector<Input>& inputs, const ProposeOptions& options);

// "1,234"
std::string with_commas(std::uint64_t number);

}  // namespace seg::init
