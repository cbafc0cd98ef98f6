// What the proof about a partition's tiers (compiler/analyze/tiers.h) means for its author: errors for a disjoint
// partition that overlaps and for one without `otherwise` that leaves someone out, with a customer who shows it.
#include <algorithm>

#include "base/value_text.h"
#include "compiler/analyze/tiers.h"
#include "compiler/check/check.h"
#include "compiler/check/declaration.h"

namespace seg::check {

using base::Code;
using program::Fn;
using program::Output;

namespace {

class TierReport {
 public:
  TierReport(Context& context, const Symbol& symbol, const Output& output, const std::vector<TierSource>& sources,
             const std::vector<ExprId>& sides, bool has_otherwise)
      : context_(context),
        symbol_(symbol),
        output_(output),
        sources_(sources),
        sides_(sides),
        has_otherwise_(has_otherwise) {}

  bool report() {
    analyze::TierQuestion question{.independent = !sides_.empty(), .wants_overlaps = output_.disjoint};
    for (const TierSource& source : sources_) {
      question.conditions.push_back(source.condition);
      question.groups.push_back(source.tier);
    }
    question.can_be_missing = [&](ExprId expr) { return can_be_missing(context_.program, expr); };
    proof_ = analyze::prove_tiers(context_.program, question);
    if (output_.disjoint) report_overlaps();
    if (!has_otherwise_) report_holes();
    if (!sides_.empty() && ok_ && proof_.is_decided) report_cells();
    return ok_;
  }

 private:
  const std::string& tier(std::size_t condition) const { return output_.tiers[sources_[condition].tier].name; }

  // ---- a customer in words ----

  ExprId without_conversion(ExprId id) const {
    const program::Program& program = context_.program;
    while (program.expr(id).kind == program::ExprKind::kCall &&
           (program.expr(id).fn == Fn::fold || program.expr(id).fn == Fn::to_number)) {
      id = program.args_of(id)[0];
    }
    return id;
  }

  // As the rule calls it: a metric's name, else the words that it was first written in.
  std::string name_of(ExprId id) const {
    id = without_conversion(id);
    for (const Output& output : context_.program.outputs) {
      if (output.root == id && output.kind != program::OutputKind::kSegment) return output.name;
    }
    const program::Expr& expr = context_.program.expr(id);
    if (expr.kind == program::ExprKind::kField) {
      return context_.program.schema.tables[expr.frame].columns[expr.a].name;
    }
    const auto said = context_.said.find(id);
    if (said == context_.said.end()) return program::print(context_.program, id);
    std::string text(context_.sources.text(said->second));
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }

  std::string reading(ExprId subject, const base::Value& value) const {
    const std::string name = "`" + name_of(subject) + "` is ";
    if (value.is_missing()) return name + "missing";
    const base::Type& type = context_.program.expr(subject).type;
    const bool is_other = value == base::Value::of(std::string("…"));
    return name + (is_other ? "any other" : base::value_text(value, type, context_.program.schema));
  }

  // "a customer whose `r` is 4 and `f` is 5"
  std::string someone(const analyze::Cell& cell) const {
    const std::string& subject = context_.table(symbol_.frame).name;
    const bool is_vowel = std::string("aeiou").find(subject.empty() ? 'x' : subject[0]) != std::string::npos;
    std::string text = (is_vowel ? "an " : "a ") + subject;
    bool is_first = true;
    for (std::size_t i = 0; i < proof_.subjects.size(); ++i) {
      if (!cell.matters[i]) continue;
      text += (is_first ? " whose " : " and ") + reading(proof_.subjects[i], cell.values[i]);
      is_first = false;
    }
    return text;
  }

  // The hole as the cell that is not there: "(1, 3)"; empty if a side is missing there.
  std::string cell_text(const analyze::Cell& cell) const {
    std::string text;
    for (const ExprId side : sides_) {
      std::string one = "any";
      for (std::size_t i = 0; i < proof_.subjects.size(); ++i) {
        if (without_conversion(proof_.subjects[i]) != without_conversion(side) || !cell.matters[i]) continue;
        if (cell.values[i].is_missing()) return "";
        one = cell.values[i] == base::Value::of(std::string("…"))
                  ? "…"
                  : base::value_text(cell.values[i], context_.program.expr(side).type, context_.program.schema);
      }
      text += (text.empty() ? "(" : ", ") + one;
    }
    return text + ")";
  }

  // ---- overlaps ----

  void report_overlaps() {
    if (!proof_.is_decided) return report_pairs();
    for (const analyze::TierProof::Overlap& overlap : proof_.overlaps) report_overlap(overlap);
  }

  void report_overlap(const analyze::TierProof::Overlap& overlap) {
    ok_ = false;
    const auto& [first, second, cell] = overlap;
    auto report = context_.report(cell.certain ? Code::tiers_overlap : Code::tiers_not_proved_disjoint,
                                  sources_[second].span, {tier(first), tier(second), symbol_.name});
    report.label(sources_[second].span, cell.certain ? "true as well" : "can be true as well")
        .label(sources_[first].span, "true");
    const std::string who = someone(cell);
    report.note(cell.certain ? who + " is in both" : who + " would be in both, if there can be one");
    report.help("Make the two exclude each other; or, where the first tier that holds shall win, drop `disjoint`.");
  }

  // More cells than can be looked at: two tiers at a time.
  void report_pairs() {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      for (std::size_t j = i + 1; j < sources_.size(); ++j) {
        if (sources_[i].tier == sources_[j].tier) continue;
        analyze::TierQuestion question{.independent = !sides_.empty(), .wants_overlaps = true};
        question.conditions = {sources_[i].condition, sources_[j].condition};
        question.can_be_missing = [&](ExprId expr) { return can_be_missing(context_.program, expr); };
        proof_ = analyze::prove_tiers(context_.program, question);
        if (proof_.is_decided && proof_.overlaps.empty()) continue;
        if (proof_.is_decided) {
          report_overlap({i, j, proof_.overlaps.front().cell});
        } else {
          ok_ = false;
          context_.report(Code::tiers_not_proved_disjoint, sources_[j].span, {tier(i), tier(j), symbol_.name})
              .label(sources_[i].span, "and this")
              .note("Together they compare more values than this version looks at.");
        }
        if (!ok_) return;
      }
    }
    proof_.is_decided = false;
  }

  // ---- holes ----

  void report_holes() {
    if (proof_.is_decided && proof_.num_holes == 0) return;
    ok_ = false;
    const std::string way_out =
        "Say where everyone else belongs: `otherwise NAME`, or `otherwise none` for no tier at all.";
    if (!proof_.is_decided) {
      context_.report(Code::partition_not_complete, symbol_.span, {symbol_.name})
          .note("Its tiers compare more values than this version looks at.")
          .help(way_out);
      return;
    }
    const analyze::Cell& first = proof_.holes.front();
    auto report = context_.report(first.certain ? Code::partition_with_hole : Code::partition_not_complete,
                                  symbol_.span, {symbol_.name});
    report.note(someone(first) + (first.certain ? " is in no tier" : " would be in no tier, if there can be one"));
    if (!sides_.empty()) note_cells(report);
    report.help(way_out);
  }

  void note_cells(base::DiagnosticBuilder& report) {
    constexpr std::size_t kShown = 12;
    std::string cells;
    std::size_t num_shown = 0;
    for (analyze::Cell cell : proof_.holes) {
      cell.matters.assign(cell.matters.size(), true);
      const std::string text = cell_text(cell);
      if (text.empty() || num_shown == kShown) continue;
      cells += (cells.empty() ? "" : ", ") + text;
      ++num_shown;
    }
    if (num_shown < 2) return;
    report.note("cells without a tier: " + cells + (proof_.num_holes > num_shown ? ", …" : ""));
  }

  // ---- cells of a grid that others have taken before ----

  void report_cells() {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (proof_.is_reached[i]) continue;
      bool tier_is_reached = false;
      for (std::size_t j = 0; j < sources_.size(); ++j) {
        tier_is_reached = tier_is_reached || (sources_[j].tier == sources_[i].tier && proof_.is_reached[j]);
      }
      if (!tier_is_reached) continue;  // said of the whole tier, with its other lints
      context_.report(Code::cell_never_reached, sources_[i].span, {tier(i)})
          .note("The cells before it take everyone that it could.")
          .help("Take it out, or put it before them.");
    }
  }

  Context& context_;
  const Symbol& symbol_;
  const Output& output_;
  const std::vector<TierSource>& sources_;
  const std::vector<ExprId>& sides_;
  const bool has_otherwise_;
  analyze::TierProof proof_;
  bool ok_ = true;
};

}  // namespace

bool check_tiers(Context& context, const Symbol& symbol, const Output& output, const std::vector<TierSource>& sources,
                 const std::vector<ExprId>& sides, bool has_otherwise) {
  return TierReport(context, symbol, output, sources, sides, has_otherwise).report();
}

}  // namespace seg::check
