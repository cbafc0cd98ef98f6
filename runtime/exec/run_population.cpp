#include "runtime/exec/run_state.h"
#include "runtime/population/rank.h"

namespace seg::exec {

using base::kNone;

// What a population reads, if anyone reads what it writes.
void Run::find_live(const bytecode::Population& population, std::vector<bool>& is_needed) {
  bool is_read = false;
  for (const bytecode::PopulationFigure& figure : population.figures) {
    for (std::uint32_t column : {figure.result, figure.known, figure.overflow}) {
      if (column >= is_needed.size() || !is_needed[column]) continue;
      is_read = true;
      is_ranked_.insert(column);
    }
  }
  if (!is_read) return;
  const auto need = [&](std::uint32_t column) {
    if (column < is_needed.size()) is_needed[column] = true;
  };
  for (const bytecode::PopulationColumn& column : {population.value, population.ties}) {
    need(column.value);
    need(column.known);
  }
  need(population.among);
  for (const bytecode::PopulationColumn& column : population.per) {
    need(column.value);
    need(column.known);
  }
}

void Run::rank(const bytecode::Population& from) {
  const std::uint64_t rows = rows_of(from.table);
  const auto words = [&](std::uint32_t column) { return column == kNone ? nullptr : kept_[column].words.data(); };
  const auto column = [&](const bytecode::PopulationColumn& of) {
    return population::Column{
        .type = module_.columns[of.value].kept_type, .words = words(of.value), .known = words(of.known)};
  };
  const auto written = [&](std::uint32_t id) -> std::uint64_t* {
    if (!is_ranked_.contains(id)) return nullptr;
    allocate_kept(id, rows);
    return kept_[id].words.data();
  };
  std::vector<population::Figure> figures;
  for (const bytecode::PopulationFigure& figure : from.figures) {
    population::Figure made{.fn = figure.fn,
                            .rounds = figure.rounds,
                            .result = written(figure.result),
                            .known = written(figure.known),
                            .overflow = written(figure.overflow)};
    if (made.result == nullptr && made.known == nullptr && made.overflow == nullptr) continue;
    if (figure.n != kNone) {
      made.n_is_share = module_.constants[figure.n].type.kind == base::TypeKind::kNumber;
      const BoundConstant& n = binder_.bound_constant(figure.n);
      if (!n.is_known) continue;
      made.n = n.i64;
      made.share = n.f64;
    }
    figures.push_back(made);
  }
  if (figures.empty()) return;
  population::Input input;
  input.num_rows = rows;
  input.value = column(from.value);
  input.among = words(from.among);
  input.has_ties = from.ties.value != kNone;
  input.ties_highest_first = from.ties_highest_first;
  if (input.has_ties) input.ties = column(from.ties);
  for (const bytecode::PopulationColumn& part : from.per) input.per.push_back(column(part));
  num_rows_walked_ += rows;
  population::rank(input, figures, options_.num_threads);
}

}  // namespace seg::exec
