#include "runtime/io/loader.h"

#include <algorithm>

namespace seg::io {

using base::Code;

void Loader::add_bad(TableLoad& load, BadRow bad) {
  if (load.is_bad_row.empty()) load.is_bad_row.assign(load.num_rows, false);
  load.is_bad_row[bad.row] = true;
  load.bad.push_back(bad);
}

void Loader::find_bad_rows(bool references) {
  for (TableLoad& load : loads_) {
    if (load.is_for_keys) continue;
    for (std::uint32_t f = 0; f < load.fields.size(); ++f) {
      FieldLoad& field = load.fields[f];
      if ((field.target != base::kNone) != references) continue;
      for (std::uint32_t c = 0; c < field.slices.size(); ++c) {
        const Slice& slice = field.slices[c];
        for (const BadValue& bad : slice.bad) {
          const auto row = static_cast<std::uint32_t>(load.chunks[c].at + bad.row);
          add_bad(load, {row, code_of(bad.verdict), f, c,
                         bad.verdict == Verdict::kNotInChoice ? bad.text : TextIndex::kNotThere});
        }
        if (field.is_owner) {
          for (const std::uint32_t row : slice.offsets) {
            add_bad(load, {static_cast<std::uint32_t>(load.chunks[c].at + row), Code::unknown_owner, f, c});
          }
        }
      }
      // Keys of tables are looked at by their index; a join has no other required fields.
      if (field.is_key || field.result.num_missing == 0 || load.is_join) continue;
      if (!field.is_required && !field.is_time && !field.is_owner) continue;
      const Code code = field.is_time    ? Code::missing_time
                        : field.is_owner ? Code::missing_key
                                         : Code::required_missing;
      const bool is_unread = field.is_owner && main_[field.target] == nullptr;
      if (is_unread) continue;
      for (std::uint32_t row = 0; row < load.num_rows; ++row) {
        if (!field.result.present(row) && (load.is_bad_row.empty() || !load.is_bad_row[row])) {
          add_bad(load, {row, code, f});
        }
      }
    }
  }
}

void Loader::build_indexes() {
  for (TableLoad& load : loads_) {
    std::vector<const vector::Column*> keys;
    std::uint32_t key_field = kNoField;
    for (std::uint32_t f = 0; f < load.fields.size(); ++f) {
      if (!load.fields[f].is_key) continue;
      if (key_field == kNoField) key_field = f;
      keys.push_back(&load.fields[f].result);
    }
    if (keys.empty()) continue;
    load.index.build(keys, load.is_bad_row);
    for (const std::uint32_t row : load.index.missing()) add_bad(load, {row, Code::missing_key, key_field});
    for (const std::uint32_t row : load.index.repeated()) add_bad(load, {row, Code::duplicate_key, key_field});
  }
}

bool Loader::settle_bad_rows() {
  std::vector<const TableLoad*> with_bad;
  bool any = false;
  for (TableLoad& load : loads_) {
    if (load.is_for_keys) continue;
    sort_bad_rows(load);
    bool has_bad = !load.bad.empty();
    for (const FileLoad& file : load.loads) has_bad = has_bad || !file.raw->rejected().empty();
    if (!has_bad) continue;
    any = true;
    with_bad.push_back(&load);
    report_bad_rows(load, schema_, request_.on_bad_row, diagnostics_);
  }
  if (!any) return true;
  if (request_.on_bad_row == OnBadRow::kFail) return false;
  if (request_.on_bad_row == OnBadRow::kQuarantine) {
    if (base::Status status = write_quarantine(request_.quarantine, with_bad); !status.ok()) {
      diagnostics_.report(status);
      return false;
    }
  }
  drop_bad_rows();
  return true;
}

void Loader::drop_bad_rows() {
  std::vector<std::vector<std::uint32_t>> moved(schema_.tables.size());
  for (TableLoad& load : loads_) {
    if (load.is_bad_row.empty() || load.is_join) continue;
    std::vector<std::uint32_t>& rows = moved[load.table];
    rows.assign(load.num_rows, vector::kNoRow);
    std::uint32_t num_kept = 0;
    for (std::uint32_t row = 0; row < load.num_rows; ++row) {
      if (!load.is_bad_row[row]) rows[row] = num_kept++;
    }
    for (FieldLoad& field : load.fields) field.result = drop_rows(field.result, load.is_bad_row, num_kept);
    load.num_rows = num_kept;
  }
  for (TableLoad& load : loads_) {
    for (FieldLoad& field : load.fields) {
      if (field.target == base::kNone || moved[field.target].empty()) continue;
      const std::vector<std::uint32_t>& rows = moved[field.target];
      auto* references = const_cast<std::uint32_t*>(field.result.as<std::uint32_t>());
      field.result.num_missing = 0;
      for (std::uint64_t i = 0; i < field.result.num_rows; ++i) {
        if (references[i] != vector::kNoRow) references[i] = rows[references[i]];
        field.result.num_missing += references[i] == vector::kNoRow;
      }
      if (field.is_owner && field.result.num_missing != 0) drop_orphans(load, field);
    }
  }
}

void Loader::drop_orphans(TableLoad& load, const FieldLoad& owner) {
  std::vector<bool> is_orphan(load.num_rows);
  for (std::uint64_t row = 0; row < load.num_rows; ++row) is_orphan[row] = !owner.result.present(row);
  const std::uint64_t num_orphans = owner.result.num_missing;
  for (FieldLoad& field : load.fields) field.result = drop_rows(field.result, is_orphan, load.num_rows - num_orphans);
  load.num_rows -= num_orphans;
  load.num_orphans += num_orphans;
}

}  // namespace seg::io
