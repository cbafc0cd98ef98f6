#include "tools/seg/run_table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <tuple>

#include "base/diagnostic_code.h"
#include "base/text_width.h"
#include "base/value_text.h"
#include "tools/seg/plural.h"

namespace seg::tool {
namespace {

using base::format_count;
using base::number_text;
using base::value_text;

std::string padded(const std::string& text, int width, bool to_right = false) {
  const int gap = std::max(0, width - base::num_cells(text));
  const std::string blanks(static_cast<std::size_t>(gap), ' ');
  return to_right ? blanks + text : text + blanks;
}

// Titles may be long or read from right to left.
std::string shown(const std::string& text, int width) {
  std::string out;
  int used = 0;
  for (const base::Grapheme& grapheme : base::graphemes(text)) {
    if (used + grapheme.num_cells > width - 1 && grapheme.end != text.size()) return base::isolated(out) + "…";
    out += text.substr(grapheme.begin, grapheme.end - grapheme.begin);
    used += grapheme.num_cells;
  }
  return base::isolated(out);
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  char text[16];
  std::snprintf(text, sizeof text, "%.1f%%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

// "1 customer", "2,469 households"
std::string count_of(std::uint64_t count, const std::string& what) {
  return format_count(static_cast<std::int64_t>(count)) + " " + (count == 1 ? what : plural_of(what));
}

// Eighths of a block, so that small segments can be seen.
std::string bar(std::uint64_t part, std::uint64_t whole, int width) {
  static const char* const kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (whole == 0 || part == 0) return "";
  const auto eighths = std::max<std::uint64_t>(1, part * static_cast<std::uint64_t>(width) * 8 / whole);
  std::string out;
  for (std::uint64_t i = 0; i < eighths / 8; ++i) out += "█";
  return out + kEighths[eighths % 8];
}

struct Range {
  std::uint64_t num_known = 0;
  double least = 0, most = 0, total = 0;
};

// Of a metric's known values, as numbers.
Range range_of(const exec::OutputResult& result) {
  Range range;
  for (std::uint64_t row = 0; row < result.num_rows; ++row) {
    if (!result.values.present(row)) continue;
    double value = 0;
    if (result.values.storage == vector::Storage::kFloat64) {
      value = result.values.as<double>()[row];
    } else if (result.values.storage == vector::Storage::kInt64) {
      value = static_cast<double>(result.values.as<std::int64_t>()[row]);
    } else if (result.values.storage == vector::Storage::kInt32) {
      value = result.values.as<std::int32_t>()[row];
    }
    range.least = range.num_known == 0 ? value : std::min(range.least, value);
    range.most = range.num_known == 0 ? value : std::max(range.most, value);
    range.total += value;
    ++range.num_known;
  }
  return range;
}

bool is_quantity(base::TypeKind kind) {
  using base::TypeKind;
  return kind == TypeKind::kNumber || kind == TypeKind::kInteger || kind == TypeKind::kMoney ||
         kind == TypeKind::kDuration || kind == TypeKind::kDistance;
}

std::string quantity_text(double value, const base::Type& type, const base::Schema& schema) {
  switch (type.kind) {
    case base::TypeKind::kMoney: {  // an average has more decimals than anyone wants to read
      const double hundredths = base::kMoneyScale / 100.0;
      value = std::round(value / hundredths) * hundredths;
      return value_text(base::Value::of(static_cast<std::int64_t>(std::llround(value))), type, schema);
    }
    case base::TypeKind::kDuration:
      return value_text(base::Value::of(static_cast<std::int64_t>(std::llround(value))), type, schema);
    case base::TypeKind::kDistance: return number_text(value / 1000, 2) + " km";
    default: return number_text(value, 2);
  }
}

struct ValueCount {
  std::string name;
  std::uint64_t count = 0;
};

// The tiers of a partition by a value whose values only the data knows: the largest first.
std::vector<ValueCount> counts_by_value(const exec::OutputResult& result) {
  const vector::Column& values = result.values;
  const auto code_of = [&](std::uint64_t row) -> std::int64_t {
    switch (values.storage) {
      case vector::Storage::kInt8: return values.as<std::int8_t>()[row];
      case vector::Storage::kInt16: return values.as<std::int16_t>()[row];
      case vector::Storage::kInt32: return values.as<std::int32_t>()[row];
      default: return values.as<std::int64_t>()[row];
    }
  };
  std::map<std::int64_t, std::uint64_t> by_code;
  for (std::uint64_t row = 0; row < result.num_rows; ++row) {
    if (values.present(row)) ++by_code[code_of(row)];
  }
  std::map<std::string, std::uint64_t> by_name;  // several codes may stand for one text
  for (const auto& [code, count] : by_code) {
    const bool has_name = values.dictionary != nullptr;
    by_name[has_name ? std::string(values.dictionary->at(static_cast<std::uint32_t>(code))) : std::to_string(code)] +=
        count;
  }
  std::vector<ValueCount> counts;
  for (const auto& [name, count] : by_name) counts.push_back({name, count});
  std::stable_sort(counts.begin(), counts.end(), [](const ValueCount& a, const ValueCount& b) {
    return a.count != b.count ? a.count > b.count : a.name < b.name;
  });
  return counts;
}

const std::string& title_of(const program::Output& output) { return output.title.empty() ? output.name : output.title; }

class Table {
 public:
  Table(const program::Program& program, const exec::Results& results, int num_columns)
      : program_(program), results_(results), order_(outputs_as_written(program)) {
    int longest = 12;
    for (const program::Output& output : program.outputs) {
      longest = std::max(longest, base::num_cells(title_of(output)));
      for (const program::Tier& tier : output.tiers) longest = std::max(longest, 2 + base::num_cells(tier.name));
    }
    title_width_ = std::min({longest + 1, 44, std::max(20, num_columns - 48)});
    bar_width_ = std::clamp(num_columns - title_width_ - 36, 10, 30);
  }

  std::string text() {
    section(program::OutputKind::kSegment);
    section(program::OutputKind::kPartition);
    section(program::OutputKind::kMetric);
    section(program::OutputKind::kScore);
    return out_;
  }

 private:
  void line(const std::string& title, const std::string& count, const std::string& share, const std::string& unknown,
            const std::string& rest) {
    std::string text = padded(title, title_width_) + padded(count, 12, true) + padded(share, 9, true) +
                       padded(unknown, 10, true) + (rest.empty() ? "" : "  " + rest);
    text.erase(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }

  // Subjects one after the other, where there are several.
  void section(program::OutputKind kind) {
    for (base::TableId t = 0; t < program_.schema.tables.size(); ++t) {
      bool is_first = true;
      std::set<std::string> groups;
      for (const program::OutputId o : order_) {
        const program::Output& output = program_.outputs[o];
        if (output.kind != kind || output.frame != t || !results_.outputs[o].is_wanted) continue;
        if (is_first) head(kind, program_.schema.tables[t].name);
        is_first = false;
        if (output.group.empty()) {
          row(output, results_.outputs[o]);
        } else if (groups.insert(output.group).second) {
          group(output.group, t);
        }
      }
    }
  }

  void head(program::OutputKind kind, const std::string& subject) {
    out_ += "\n";
    if (kind == program::OutputKind::kSegment) {
      line("Segment", plural_of(subject), "share", "unknown", "");
    } else if (kind == program::OutputKind::kPartition) {
      line("Partition", plural_of(subject), "share", "unknown", "");
    } else {
      out_ += padded(kind == program::OutputKind::kMetric ? "Metric" : "Score", title_width_) +
              padded("known", 12, true) + padded("lowest", 18, true) + padded("average", 18, true) +
              padded("highest", 18, true) + "\n";
    }
  }

  // Generated segments: of many only the largest.
  void group(const std::string& name, base::TableId t) {
    constexpr std::size_t kMostShown = 20;
    std::vector<program::OutputId> members;
    for (const program::OutputId o : order_) {
      if (program_.outputs[o].group == name && program_.outputs[o].frame == t && results_.outputs[o].is_wanted)
        members.push_back(o);
    }
    const bool is_long = members.size() > kMostShown;
    if (is_long) {
      std::stable_sort(members.begin(), members.end(), [&](program::OutputId a, program::OutputId b) {
        return results_.outputs[a].num_members > results_.outputs[b].num_members;
      });
    }
    for (std::size_t i = 0; i < members.size() && i < kMostShown; ++i)
      row(program_.outputs[members[i]], results_.outputs[members[i]]);
    if (is_long) {
      out_ += "  and " + format_count(static_cast<std::int64_t>(members.size() - kMostShown)) + " more of `" + name +
              "`, the largest of them " +
              format_count(static_cast<std::int64_t>(results_.outputs[members[kMostShown]].num_members)) + "\n";
    }
  }

  void row(const program::Output& output, const exec::OutputResult& result) {
    const std::string title = shown(title_of(output), title_width_ - 1);
    switch (output.kind) {
      case program::OutputKind::kSegment: {
        line(title, format_count(static_cast<std::int64_t>(result.num_members)),
             share_text(result.num_members, result.num_rows),
             result.num_unknown == 0 ? "" : format_count(static_cast<std::int64_t>(result.num_unknown)),
             bar(result.num_members, result.num_rows, bar_width_));
        if (result.num_unknown != 0 && !result.missing.empty()) {
          std::string reasons;
          for (std::size_t i = 0; i < std::min<std::size_t>(3, result.missing.size()); ++i) {
            reasons += (i == 0 ? "" : ", ") + result.missing[i].name + " (" +
                       format_count(static_cast<std::int64_t>(result.missing[i].count)) + ")";
          }
          out_ += "  unknown because missing: " + reasons + "\n";
        }
        break;
      }
      case program::OutputKind::kPartition: {
        line(title, "", "", "", "");
        std::uint64_t num_placed = 0;
        if (output.tiers.empty()) {
          constexpr std::size_t kShown = 20;
          const std::vector<ValueCount> counts = counts_by_value(result);
          std::uint64_t num_more = 0;
          for (std::size_t i = 0; i < counts.size(); ++i) {
            num_placed += counts[i].count;
            if (i >= kShown) {
              num_more += counts[i].count;
              continue;
            }
            line("  " + shown(counts[i].name, title_width_ - 3),
                 format_count(static_cast<std::int64_t>(counts[i].count)), share_text(counts[i].count, result.num_rows),
                 "", bar(counts[i].count, result.num_rows, bar_width_));
          }
          if (num_more != 0) {
            line("  (" + count_of(counts.size() - kShown, "more value") + ")",
                 format_count(static_cast<std::int64_t>(num_more)), share_text(num_more, result.num_rows), "", "");
          }
        }
        for (const program::Tier& tier : output.tiers) {
          const std::uint64_t count = tier.choice < result.tier_counts.size() ? result.tier_counts[tier.choice] : 0;
          num_placed += count;
          line("  " + shown(tier.title.empty() ? tier.name : tier.title, title_width_ - 3),
               format_count(static_cast<std::int64_t>(count)), share_text(count, result.num_rows), "",
               bar(count, result.num_rows, bar_width_));
        }
        if (num_placed != result.num_rows) {
          const std::uint64_t rest = result.num_rows - num_placed;
          line("  (no tier)", format_count(static_cast<std::int64_t>(rest)), share_text(rest, result.num_rows), "", "");
        }
        break;
      }
      case program::OutputKind::kMetric:
      case program::OutputKind::kScore: {
        const Range range = range_of(result);
        std::string text =
            padded(title, title_width_) + padded(format_count(static_cast<std::int64_t>(range.num_known)), 12, true);
        if (range.num_known != 0 && is_quantity(output.type.kind)) {
          text +=
              padded(quantity_text(range.least, output.type, program_.schema), 18, true) +
              padded(quantity_text(range.total / static_cast<double>(range.num_known), output.type, program_.schema),
                     18, true) +
              padded(quantity_text(range.most, output.type, program_.schema), 18, true);
        } else if (range.num_known != 0 && output.type.kind == base::TypeKind::kDate) {
          const auto day = [&](double value) {
            return value_text(base::Value::of(static_cast<std::int64_t>(value)), output.type, program_.schema);
          };
          text += padded(day(range.least), 18, true) + padded("", 18) + padded(day(range.most), 18, true);
        }
        if (result.num_overflow != 0) {
          text += "  " + format_count(static_cast<std::int64_t>(result.num_overflow)) + " too large";
        }
        if (result.num_outside != 0)
          text += "  " + format_count(static_cast<std::int64_t>(result.num_outside)) + " outside its range";
        out_ += text + "\n";
        break;
      }
    }
  }

  const program::Program& program_;
  const exec::Results& results_;
  const std::vector<program::OutputId> order_;
  int title_width_ = 30;
  int bar_width_ = 20;
  std::string out_;
};

// What was expected and not found.
std::string guard_table(const std::vector<GuardFinding>& guards) {
  std::size_t num_failed = 0;
  int width = 16;
  for (const GuardFinding& guard : guards) {
    if (guard.holds) continue;
    ++num_failed;
    width = std::max(width, std::min(40, base::num_cells(guard.name) + 1));
  }
  if (num_failed == 0) return "";
  constexpr std::size_t kMostShown = 50;
  std::string text =
      "\n" + padded("Not as expected", width) + padded("found", 12, true) + padded("share", 9, true) + "  expected\n";
  std::size_t num_shown = 0;
  for (const GuardFinding& guard : guards) {
    if (guard.holds || ++num_shown > kMostShown) continue;
    text += padded(shown(guard.name, width - 1), width) +
            padded(format_count(static_cast<std::int64_t>(guard.found)), 12, true) +
            padded(share_text(guard.found, guard.num_rows), 9, true) + "  " + guard.expect + "\n";
  }
  if (num_failed > kMostShown)
    text += "and " + format_count(static_cast<std::int64_t>(num_failed - kMostShown)) + " more\n";
  return text;
}

}  // namespace

std::vector<program::OutputId> outputs_as_written(const program::Program& program) {
  std::vector<program::OutputId> order(program.outputs.size());
  std::iota(order.begin(), order.end(), program::OutputId{0});
  const auto place = [&](program::OutputId id) {
    const program::Output& output = program.outputs[id];
    return std::tuple(!output.module.empty(), output.span.source, output.span.begin, output.in_group);
  };
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return place(a) < place(b); });
  return order;
}

std::string run_table(const program::Program& program, const exec::Results& results, const RunSummary& summary,
                      int num_columns) {
  std::string head = "As of " + summary.as_of;
  std::vector<base::TableId> subjects;
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    if (!results.outputs[o].is_wanted) continue;  // its rows were not counted
    const base::TableId frame = program.outputs[o].frame;
    if (std::find(subjects.begin(), subjects.end(), frame) != subjects.end()) continue;
    subjects.push_back(frame);
    head +=
        (subjects.size() == 1 ? ": " : ", ") + count_of(results.outputs[o].num_rows, program.schema.tables[frame].name);
  }
  head += ", " + count_of(summary.num_events, "event") + "; read in " + number_text(summary.seconds_load, 2) +
          " s, evaluated in " + number_text(summary.seconds_run, 2) + " s\n";
  if (summary.num_skipped != 0) head += count_of(summary.num_skipped, "bad row") + " left out\n";
  if (summary.num_absent != 0) head += count_of(summary.num_absent, "earlier member") + " not in the data now\n";
  std::string tail;
  for (const LeftOut& left_out : summary.left_out) {
    tail += (tail.empty() ? "\nLeft out of sums and averages, since a field is missing\n  " : "  ") +
            left_out_text(program, left_out) + "\n";
  }
  return head + Table(program, results, num_columns).text() + guard_table(summary.guards) + tail;
}

std::string run_json(const program::Program& program, const exec::Results& results, const RunSummary& summary) {
  nlohmann::ordered_json out;
  out["as_of"] = summary.as_of;
  out["events"] = summary.num_events;
  out["skipped_rows"] = summary.num_skipped;
  out["future_events"] = summary.num_future;
  nlohmann::ordered_json left_out = nlohmann::ordered_json::array();
  for (const LeftOut& of : summary.left_out) {
    const base::Table& table = program.schema.tables[of.table];
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    for (const program::OutputId output : of.used_in) names.push_back(program.outputs[output].name);
    left_out.push_back({{"table", table.name},
                        {"field", table.columns[of.column].name},
                        {"missing", of.num_missing},
                        {"rows", of.num_rows},
                        {"used_in", names}});
  }
  out["left_out"] = left_out;
  if (results.num_cadence_days != 0) out["cadence_days"] = results.num_cadence_days;
  if (summary.num_absent != 0) out["absent_members"] = summary.num_absent;
  out["seconds"] = {{"load", summary.seconds_load}, {"run", summary.seconds_run}};
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const program::OutputId o : outputs_as_written(program)) {
    const program::Output& output = program.outputs[o];
    const exec::OutputResult& result = results.outputs[o];
    if (!result.is_wanted) continue;
    nlohmann::ordered_json item;
    item["name"] = output.module.empty() ? output.name : output.module + "." + output.name;
    item["title"] = output.title;
    item["subject"] = program.schema.tables[output.frame].name;
    item["rows"] = result.num_rows;
    switch (output.kind) {
      case program::OutputKind::kSegment: {
        item["kind"] = "segment";
        item["members"] = result.num_members;
        item["unknown"] = result.num_unknown;
        nlohmann::ordered_json missing = nlohmann::ordered_json::object();
        for (const exec::MissingCount& count : result.missing) missing[count.name] = count.count;
        item["unknown_because_missing"] = missing;
        break;
      }
      case program::OutputKind::kPartition: {
        item["kind"] = "partition";
        nlohmann::ordered_json tiers = nlohmann::ordered_json::object();
        for (const program::Tier& tier : output.tiers) {
          tiers[tier.name] = tier.choice < result.tier_counts.size() ? result.tier_counts[tier.choice] : 0;
        }
        if (output.tiers.empty()) {
          for (const ValueCount& value : counts_by_value(result)) tiers[value.name] = value.count;
        }
        item["tiers"] = tiers;
        break;
      }
      case program::OutputKind::kMetric:
      case program::OutputKind::kScore:
        item["kind"] = output.kind == program::OutputKind::kMetric ? "metric" : "score";
        item["known"] = range_of(result).num_known;
        item["overflow"] = result.num_overflow;
        item["outside"] = result.num_outside;
        break;
    }
    nlohmann::ordered_json guards = nlohmann::ordered_json::array();
    for (const GuardFinding& guard : summary.guards) {
      if (guard.output != o) continue;
      guards.push_back(
          {{"name", guard.name}, {"expect", guard.expect}, {"found", guard.found}, {"holds", guard.holds}});
    }
    if (!guards.empty()) item["expectations"] = guards;
    list.push_back(item);
  }
  out["outputs"] = list;
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace seg::tool
