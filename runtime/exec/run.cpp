// Steps one after another (run_state.h), and the times that a run looks at.
#include "runtime/exec/run.h"

#include <algorithm>
#include <new>
#include <string>

#include "runtime/exec/run_state.h"

namespace seg::exec {

namespace {

// Whether a column in memory is what the schema says.
bool fits(const base::Type& type, const vector::Column& column, std::uint64_t num_rows) {
  using base::TypeKind;
  using vector::Storage;
  const Storage storage = column.storage;
  if (storage == Storage::kAbsent) return true;
  if (column.num_rows < num_rows || (column.data == nullptr && num_rows > 0)) return false;
  const bool is_code = storage == Storage::kInt8 || storage == Storage::kInt16 || storage == Storage::kInt32;
  switch (type.kind) {
    case TypeKind::kText:
    case TypeKind::kVersion: return is_code && column.dictionary != nullptr;
    case TypeKind::kChoice: return is_code;
    case TypeKind::kDate: return storage == Storage::kInt32;
    case TypeKind::kInteger:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kMoney: return storage == Storage::kInt64;
    case TypeKind::kNumber:
    case TypeKind::kDistance: return storage == Storage::kFloat64;
    case TypeKind::kFlag: return storage == Storage::kBits;
    case TypeKind::kLocation: return storage == Storage::kLocation;
    case TypeKind::kReference: return storage == Storage::kRow;
    case TypeKind::kList: {
      base::Type element = type;
      element.kind = type.element;
      if (storage != Storage::kList || column.elements == nullptr || element.kind == TypeKind::kList) return false;
      return fits(element, *column.elements, num_rows == 0 ? 0 : column.as<std::uint32_t>()[num_rows]);
    }
  }
  return false;
}

}  // namespace

base::Result<Results> Run::run() {
  SEG_RETURN_IF_FAILED(check_dataset());
  if (options_.with_costs) nanoseconds_.resize(module_.passes.size());
  find_wanted();
  if (!module_.stickies.empty()) SEG_RETURN_IF_FAILED(fold());
  find_live(true, {});
  find_emitted();
  SEG_RETURN_IF_FAILED(run_steps());
  if (options_.progress) options_.progress(1.0);
  Results made = results();
  if (options_.with_costs) divide_costs(made);
  return made;
}

base::Status Run::check_dataset() const {
  if (dataset_.tables.size() != module_.schema.tables.size()) {
    return base::Status(base::Code::bytecode_refused, {"the program", "it is for other tables than this data has"});
  }
  for (std::size_t t = 0; t < dataset_.tables.size(); ++t) {
    const vector::TableData& data = dataset_.tables[t];
    const base::Table& table = module_.schema.tables[t];
    if (table.kind == base::TableKind::kUnion || table.kind == base::TableKind::kGrouped) continue;
    for (std::size_t c = 0; c < data.columns.size(); ++c) {
      if (c < table.columns.size() && fits(table.columns[c].type, data.columns[c], data.num_rows)) continue;
      const std::string name = c < table.columns.size() ? table.name + "." + table.columns[c].name : table.name;
      return base::Status(base::Code::bytecode_refused,
                          {"the program", "it is for another `" + name + "` than this data has"});
    }
  }
  return {};
}

base::Status Run::run_steps() {
  for (std::size_t s = 0; s < module_.steps.size(); ++s) {
    step_ = s;
    const bytecode::Step& step = module_.steps[s];
    switch (step.kind) {
      case bytecode::StepKind::kPass: SEG_RETURN_IF_FAILED(run_pass(step.index)); break;
      case bytecode::StepKind::kPopulation: rank(module_.populations[step.index]); break;
      case bytecode::StepKind::kDeriveUnion:
      case bytecode::StepKind::kDeriveGrouped:
        if (is_derived_[s]) SEG_RETURN_IF_FAILED(derive(step));
        break;
    }
  }
  return {};
}

base::Result<Results> run(const bytecode::Module& module, const vector::Dataset& dataset, const base::Binding& binding,
                          const RunOptions& options) {
  try {
    return Run(module, dataset, binding, options).run();
  } catch (const std::bad_alloc&) {
    return base::Status(base::Code::out_of_memory, {"memory"});
  }
}

TimeRange needed_times(const bytecode::Module& module, const bytecode::NeededTable& table,
                       const base::Binding& binding) {
  if (table.all_time) return {};
  // Zones of the data are not known yet: a day more on either side covers them all.
  const kernels::TimeZone* zone = kernels::TimeZone::find(binding.time_zone);
  if (zone == nullptr) zone = kernels::TimeZone::find("UTC");
  TimeRange range{.begin = INT64_MAX, .end = INT64_MIN};
  for (std::uint32_t id : table.windows) {
    const kernels::BoundWindow window =
        kernels::bind_window(module.windows[id].window, binding.as_of, *zone, binding.week_starts);
    range.begin = std::min(range.begin, window.from);
    range.end = std::max(range.end, window.to);
  }
  constexpr std::int64_t kMargin = 2 * base::kMicrosPerDay;
  if (range.begin > range.end) return {.begin = 0, .end = 0};
  if (range.begin > INT64_MIN + kMargin) range.begin -= kMargin;
  if (range.end < INT64_MAX - kMargin) range.end += kMargin;
  return range;
}

}  // namespace seg::exec
