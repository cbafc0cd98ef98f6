#include <algorithm>

#include "runtime/events/derive.h"
#include "runtime/exec/run_state.h"

namespace seg::exec {

using base::kNone;

base::Status Run::derive(const bytecode::Step& step) {
  const base::TracedPart span(options_.trace, "derive", [&] { return module_.schema.tables[step.index].name; });
  const vector::TableData& before = dataset_.tables[step.index];
  if (before.num_rows > 0 || !before.columns.empty()) {  // derived for another day of a fold
    binder_.forget_data();
    std::erase_if(clusterings_, [&](const auto& entry) {
      return std::get<0>(entry.first) == step.index || std::get<2>(entry.first) == step.index;
    });
  }
  std::vector<events::RowMask> masks;
  for (std::uint32_t mask : step.kept_masks) {
    masks.push_back(mask == kNone || kept_[mask].words.empty() ? nullptr : kept_[mask].words.data());
  }
  const std::vector<bool> wanted = bytecode::used_columns(module_).tables[step.index].columns;
  std::vector<bool> all(wanted.size(), false);
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = wanted[c] || is_input_of_derived(step.index, c);
  if (step.kind == bytecode::StepKind::kDeriveUnion) {
    masks.resize(module_.schema.tables[step.index].parts.size(), nullptr);
    base::Result<vector::TableData> made = events::derive_union(module_.schema, step.index, dataset_, masks, all);
    if (!made.ok()) return std::move(made).status();
    dataset_.tables[step.index] = std::move(*made);
    return {};
  }
  masks.resize(1, nullptr);
  base::Result<events::Grouped> made = events::derive_grouped(module_.schema, step.index, dataset_, masks[0], all);
  if (!made.ok()) return std::move(made).status();
  dataset_.tables[step.index] = std::move(made->table);
  groups_[step.index] = std::move(made->group_of);
  return {};
}

bool Run::is_input_of_derived(base::TableId id, std::size_t column) const {
  for (const base::Table& table : module_.schema.tables) {
    for (const base::UnionPart& part : table.parts) {
      if (part.table == id && std::find(part.columns.begin(), part.columns.end(), column) != part.columns.end())
        return true;
    }
    if (!table.group || table.group->base != id) continue;
    const base::Table& base = module_.schema.tables[id];
    const auto& by = table.group->group_by;
    if (column == base.owner || column == base.time || std::find(by.begin(), by.end(), column) != by.end()) return true;
  }
  return false;
}

}  // namespace seg::exec
