// Frames of siblings (module.h, Frame::via): beside each row of the root those of a child table that have the same
// owner. They are laid out morsel by morsel, because a row stands there once for each of its siblings: memory for one
// morsel, whatever the number of pairs.
#include "runtime/exec/run_state.h"

namespace seg::exec {

// Lays out the rows beside those of the root in [begin, upto); returns for how many of these there is room.
std::uint64_t Run::lay_siblings(Worker& worker, std::size_t frame, const events::Clustering& family,
                                std::uint64_t begin, std::uint64_t upto) {
  const std::vector<bytecode::Frame>& frames = worker.pass().frames;
  const std::vector<vector::Column>& columns = dataset_.tables[frames[0].table].columns;
  const base::ColumnId via = frames[frame].via;
  const bool has_owners = via < columns.size() && columns[via].storage == vector::Storage::kRow;
  const std::uint32_t* owners = has_owners ? columns[via].as<std::uint32_t>() : nullptr;
  worker.sibling_rows.resize(frames.size());
  worker.sibling_starts.resize(frames.size());
  std::vector<std::uint32_t>& rows = worker.sibling_rows[frame];
  std::vector<std::uint64_t>& starts = worker.sibling_starts[frame];
  rows.clear();
  rows.reserve(1);  // there is a place even for none
  starts.assign(1, 0);
  for (std::uint64_t r = begin; r < upto; ++r) {
    const std::uint64_t owner = owners == nullptr ? ~0ULL : owners[r];
    if (owner < family.first.size() - 1) {
      const std::uint64_t from = family.first[owner];
      const std::uint64_t to = family.first[owner + 1];
      if (r > begin && rows.size() + (to - from) > kChildRows) break;
      for (std::uint64_t at = from; at < to; ++at) {
        rows.push_back(family.rows ? family.rows[static_cast<std::ptrdiff_t>(at)] : static_cast<std::uint32_t>(at));
      }
    }
    starts.push_back(rows.size());
  }
  return starts.size() - 1;
}

Rows Run::siblings(const Worker& worker, std::size_t frame, std::uint64_t num_parents) {
  const std::uint64_t* starts = worker.sibling_starts[frame].data();
  return {.n = starts[num_parents], .first = 0, .numbers = worker.sibling_rows[frame].data(), .starts = starts};
}

}  // namespace seg::exec
