#include "tools/seg/sticky_state.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "base/atomic_file.h"
#include "base/text_file.h"
#include "base/value_text.h"
#include "program/sticky.h"
#include "runtime/kernels/calendar.h"

namespace seg::tool {
namespace {

using base::kNone;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kFormat = 1;

std::string full_name(const program::Output& output) {
  return output.module.empty() ? output.name : output.module + "." + output.name;
}

std::string day_text(std::int32_t day) {
  return base::value_text(base::Value::of(std::int64_t{day}), {.kind = base::TypeKind::kDate}, {});
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  a = (a ^ (b + 0x9E3779B97F4A7C15)) * 0xBF58476D1CE4E5B9;
  return a ^ a >> 31;
}

std::string hex(std::uint64_t number) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; number >>= 4U) text[i] = kDigits[number & 15U];
  return text;
}

// Of the sticky segments and of what a run fixes besides them. The order of declarations does not matter.
std::string rules_hash(const StickyRun& of) {
  std::map<std::string, std::uint64_t> meanings;
  for (const bytecode::Sticky& sticky : of.module.stickies) {
    meanings[full_name(of.program.outputs[sticky.output])] =
        program::meaning(of.program, of.binding.params, sticky.output);
  }
  std::uint64_t hash = static_cast<std::uint64_t>(of.binding.week_starts);
  const auto add_text = [&](const std::string& text) {
    for (const char c : text) hash = mixed(hash, static_cast<unsigned char>(c));
  };
  add_text(of.binding.time_zone);
  for (const auto& [name, meaning] : meanings) {
    add_text(name);
    hash = mixed(hash, meaning);
  }
  return hex(hash);
}

// The end of a local day for each row of an event table: in the zone of the one it belongs to.
class DayEnd {
 public:
  DayEnd(const StickyRun& of, base::TableId table, std::int32_t day) : dataset_(of.dataset), day_(day) {
    const kernels::TimeZone* zone = kernels::TimeZone::find(of.binding.time_zone);
    project_ = (zone != nullptr ? zone : kernels::TimeZone::find("UTC"))->day_start(day + 1);
    base::TableId at = table;
    const auto& tables = of.program.schema.tables;
    while (tables[at].owner != kNone && tables[at].columns[tables[at].owner].type.kind == base::TypeKind::kReference) {
      owners_.push_back(&dataset_.tables[at].columns[tables[at].owner]);
      at = tables[at].columns[tables[at].owner].type.detail;
    }
    if (tables[at].zone != kNone) zones_ = &dataset_.tables[at].columns[tables[at].zone];
  }

  std::int64_t of(std::uint64_t row) {
    if (zones_ == nullptr || zones_->storage == vector::Storage::kAbsent) return project_;
    for (const vector::Column* owner : owners_) {
      if (owner->storage != vector::Storage::kRow) return project_;
      row = owner->as<std::uint32_t>()[row];
      if (row == vector::kNoRow) return project_;
    }
    if (!zones_->present(row)) return project_;
    const std::int64_t code = code_at(*zones_, row);
    const auto [known, is_new] = ends_.emplace(code, project_);
    if (is_new) {
      const kernels::TimeZone* zone = kernels::TimeZone::find(zones_->dictionary->at(static_cast<std::uint32_t>(code)));
      if (zone != nullptr) known->second = zone->day_start(day_ + 1);
    }
    return known->second;
  }

  static std::int64_t code_at(const vector::Column& column, std::uint64_t row) {
    switch (column.storage) {
      case vector::Storage::kInt8: return column.as<std::uint8_t>()[row];
      case vector::Storage::kInt16: return column.as<std::uint16_t>()[row];
      case vector::Storage::kInt32: return column.as<std::int32_t>()[row];
      case vector::Storage::kInt64: return column.as<std::int64_t>()[row];
      default: return 0;
    }
  }

 private:
  const vector::Dataset& dataset_;
  std::int32_t day_;
  std::int64_t project_ = 0;
  std::vector<const vector::Column*> owners_;
  const vector::Column* zones_ = nullptr;
  std::unordered_map<std::int64_t, std::int64_t> ends_;
};

// What the conditions read, as far as a later run can see that it has changed: of events how many there are up to the
// day, and when; of other tables that are read as a whole how many rows they have.
ordered_json data_print(const StickyRun& of, std::int32_t day) {
  std::map<std::string, ordered_json> tables;
  const auto& schema = of.program.schema;
  for (const bytecode::Sticky& sticky : of.module.stickies) {
    for (base::TableId t : sticky.events) {
      const base::Table& table = schema.tables[t];
      const vector::TableData& data = of.dataset.tables[t];
      if (tables.contains(table.name) || table.time >= data.columns.size()) continue;
      const vector::Column& time = data.columns[table.time];
      const bool is_date = table.columns[table.time].type.kind == base::TypeKind::kDate;
      DayEnd end(of, t, day);
      std::uint64_t rows = 0;
      std::uint64_t sum = 0;
      for (std::uint64_t row = 0; row < data.num_rows && time.storage != vector::Storage::kAbsent; ++row) {
        if (!time.present(row)) continue;
        const std::int64_t at = DayEnd::code_at(time, row);
        if (is_date ? at > day : at >= end.of(row)) continue;
        ++rows;
        sum += mixed(1, static_cast<std::uint64_t>(at));
      }
      tables[table.name] = {{"rows", rows}, {"times", hex(sum)}};
    }
    program::walk(of.program, {of.program.outputs[sticky.output].root}, [&](program::ExprId id) {
      const program::Expr& e = of.program.expr(id);
      if (e.kind != program::ExprKind::kAggregate) return;
      const base::TableId child = of.program.aggregates[e.a].child;
      const base::Table& table = schema.tables[child];
      const bool is_stored = table.kind != base::TableKind::kUnion && table.kind != base::TableKind::kGrouped;
      if (table.time == kNone && is_stored) tables[table.name] = {{"rows", of.dataset.tables[child].num_rows}};
    });
  }
  ordered_json out = ordered_json::object();
  for (auto& [name, print] : tables) out[name] = std::move(print);
  return out;
}

// A row's key as it stands in the file.
json key_of(const StickyRun& of, base::TableId table, std::uint64_t row) {
  json key = json::array();
  for (base::ColumnId c : of.program.schema.tables[table].key) {
    const vector::Column& column = of.dataset.tables[table].columns[c];
    if (!column.present(row)) {
      key.push_back(nullptr);
    } else if (column.dictionary != nullptr) {
      key.push_back(std::string(column.dictionary->at(static_cast<std::uint32_t>(DayEnd::code_at(column, row)))));
    } else {
      key.push_back(DayEnd::code_at(column, row));
    }
  }
  return key;
}

struct Member {
  std::string segment, key;  // the key as JSON
  std::int32_t entered = 0;
};

bool is_day(const json& value, std::int32_t& day) {
  if (!value.is_string()) return false;
  const std::string text = value.get<std::string>();
  int parts[3] = {};
  if (text.size() != 10 || std::sscanf(text.c_str(), "%4d-%2d-%2d", &parts[0], &parts[1], &parts[2]) != 3) return false;
  if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > kernels::days_in_month(parts[0], parts[1]))
    return false;
  day = kernels::day_of_civil(parts[0], parts[1], parts[2]);
  return true;
}

// What is wrong with the file's text, or nothing.
std::optional<std::string> parse(const std::string& text, json& head, std::int32_t& day, std::vector<Member>& members) {
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) return "its last line is cut off";
    const json line = json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    begin = end + 1;
    const std::string where = "line " + std::to_string(number + 1) + " is not what a run writes";
    if (!line.is_object()) return where;
    if (number == 0) {
      if (!line.contains("seg_state") || !line.contains("as_of") || !line.contains("rules") || !line.contains("data") ||
          !line.contains("members") || !line["members"].is_number_unsigned() || !is_day(line["as_of"], day)) {
        return "its first line is not what a run writes";
      }
      if (line["seg_state"] != kFormat) return "it is of another version of seg";
      head = line;
      continue;
    }
    Member member;
    if (!line.contains("segment") || !line["segment"].is_string() || !line.contains("key") || !line["key"].is_array() ||
        !line.contains("entered") || !is_day(line["entered"], member.entered)) {
      return where;
    }
    member.segment = line["segment"].get<std::string>();
    member.key = line["key"].dump();
    members.push_back(std::move(member));
  }
  if (number == 0) return "it is empty";
  if (head["members"].get<std::size_t>() != members.size()) return "some of its lines are missing";
  return std::nullopt;
}

}  // namespace

bool read_state(const std::string& path, const StickyRun& of, exec::RunOptions& run, std::uint64_t& num_absent,
                base::DiagnosticList& diagnostics) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) return true;
  const base::Result<std::string> text = base::read_text_file(path, std::size_t{4} << 30U);
  if (!text.ok()) {
    diagnostics.report(text.status());
    return false;
  }
  json head;
  std::int32_t day = 0;
  std::vector<Member> members;
  if (const auto problem = parse(*text, head, day, members)) {
    diagnostics.report(base::Code::state_damaged, {path, *problem})
        .help("Take the file away: the run then begins at the first event, and writes a new one.");
    return false;
  }
  if (day > of.binding.as_of.day) {
    diagnostics.report(base::Code::state_of_later_day, {path, day_text(day)})
        .note("A state says who was in on its day; who was in before that can't be told from it.")
        .help("Run without `--state`, or with another file for this day.");
    return false;
  }
  if (head["rules"] != rules_hash(of)) {
    diagnostics.report(base::Code::state_of_other_rules, {path})
        .note("The sticky segments, what they are made of, a param or the project's days were others.");
    return true;
  }
  std::vector<exec::StickyState> states;
  std::map<std::string, std::unordered_map<std::string, std::int32_t>> wanted;
  for (Member& member : members) wanted[member.segment].emplace(std::move(member.key), member.entered);
  for (const bytecode::Sticky& sticky : of.module.stickies) {
    const program::Output& output = of.program.outputs[sticky.output];
    const auto found = wanted.find(full_name(output));
    if (found == wanted.end()) continue;
    const std::uint64_t rows = of.dataset.tables[output.frame].num_rows;
    exec::StickyState state{.output = sticky.output, .entered = {}};
    state.entered.assign(rows, exec::StickyState::kOutside);
    std::uint64_t num_found = 0;
    for (std::uint64_t row = 0; row < rows; ++row) {
      const auto entry = found->second.find(key_of(of, output.frame, row).dump());
      if (entry == found->second.end()) continue;
      state.entered[row] = entry->second;
      ++num_found;
    }
    num_absent += found->second.size() - num_found;
    states.push_back(std::move(state));
  }
  if (json(data_print(of, day)) != head["data"]) {
    diagnostics.report(base::Code::state_of_other_events, {path, day_text(day)})
        .note(
            "Events that arrive late change who came in and who went, so the state is no longer what a run from "
            "nothing gives.");
    return true;
  }
  run.state_day = day;
  run.state = std::move(states);
  return true;
}

void write_state(const std::string& path, const StickyRun& of, const exec::Results& results,
                 base::DiagnosticList& diagnostics) {
  std::string lines;
  std::uint64_t num_members = 0;
  for (const exec::StickyState& state : results.stickies) {
    const program::Output& output = of.program.outputs[state.output];
    for (std::uint64_t row = 0; row < state.entered.size(); ++row) {
      if (state.entered[row] == exec::StickyState::kOutside) continue;
      const ordered_json line = {{"segment", full_name(output)},
                                 {"key", key_of(of, output.frame, row)},
                                 {"entered", day_text(state.entered[row])}};
      lines += line.dump() + "\n";
      ++num_members;
    }
  }
  const ordered_json head = {{"seg_state", kFormat},
                             {"as_of", day_text(of.binding.as_of.day)},
                             {"rules", rules_hash(of)},
                             {"data", data_print(of, of.binding.as_of.day)},
                             {"members", num_members}};
  base::Result<base::AtomicFile> file = base::AtomicFile::create(path);
  base::Status status = file.ok() ? file->write(head.dump() + "\n" + lines) : file.status();
  if (status.ok()) status = file->commit();
  if (!status.ok()) diagnostics.report(status);
}

}  // namespace seg::tool
