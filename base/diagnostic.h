// A diagnostic is data: code, severity, places with labels, notes, help, edits. Every stage reports into a
// `DiagnosticList`; the renderers (base/render_*.h), the language server and the tests read it. Nothing in a library
// prints.
//
//   diags.report(Code::unknown_field, span, {"customer", "incme"})
//       .label(span, "did you mean `income`?")
//       .note("fields of `customer` like it: income, income_band")
//       .fix(span, "income");
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic_code.h"
#include "base/source.h"

namespace seg::base {

// A label of the primary kind is underlined with ^, the others with -.
struct Label {
  Span span;
  std::string text;
  bool primary = false;
};

// `safe` edits keep the meaning or can only be meant so: `seg check --fix` applies them. Others are shown only.
enum class Safety { safe, changes_meaning };

struct Edit {
  Span span;  // empty: an insertion
  std::string replacement;
  Safety safety = Safety::safe;
};

// A place in data. Row counts records from 1 without the header, line is the line of a text file; 0: unknown.
struct DataPlace {
  std::string path;
  std::int64_t row = 0;
  std::string column;
  std::int64_t line = 0;
};

struct Diagnostic {
  Code code;
  Severity severity;
  std::string message;
  std::vector<Label> labels;       // the primary one first, where there is one
  std::vector<std::string> notes;  // the rule, or more of what was seen
  std::vector<std::string> help;   // ways out
  std::vector<Edit> edits;
  std::optional<DataPlace> data;

  // The place of the primary label, or nowhere.
  Span span() const { return labels.empty() || !labels.front().primary ? Span{} : labels.front().span; }
};

class DiagnosticList;
class Status;

// Adds to the diagnostic just reported. Valid until the next report to the same list.
class DiagnosticBuilder {
 public:
  // A label at the primary place gives that one its text.
  DiagnosticBuilder& label(Span span, std::string text);
  DiagnosticBuilder& note(std::string text);
  DiagnosticBuilder& help(std::string text);
  DiagnosticBuilder& fix(Span span, std::string replacement, Safety safety = Safety::safe);
  DiagnosticBuilder& data(std::string path, std::int64_t row = 0, std::string column = {}, std::int64_t line = 0);

 private:
  friend class DiagnosticList;
  explicit DiagnosticBuilder(Diagnostic* diagnostic) : diagnostic_(diagnostic) {}
  Diagnostic* diagnostic_;
};

class DiagnosticList {
 public:
  // Beyond this many of one code the rest are only counted.
  static constexpr std::size_t kDefaultLimit = 100;

  explicit DiagnosticList(std::size_t limit_per_code = kDefaultLimit) : limit_per_code_(limit_per_code) {}

  DiagnosticBuilder report(Code code, Span span, const Args& args = {});
  // Without a place in a source: files, data, command line.
  DiagnosticBuilder report(Code code, const Args& args = {});
  DiagnosticBuilder report(const Status& failure);
  // All of another list, in its order, under this list's limits.
  void append(DiagnosticList other);

  // What the project file says of a lint: another severity, or none (off). Errors of the registry stay errors.
  // False if the code can't be changed. Holds for what is reported from then on.
  bool set_severity(Code code, std::optional<Severity> severity);

  const std::vector<Diagnostic>& items() const { return items_; }
  bool empty() const { return items_.empty(); }
  std::size_t num_errors() const { return num_errors_; }      // with those beyond the limit
  std::size_t num_warnings() const { return num_warnings_; }  // likewise
  bool has_errors() const { return num_errors_ != 0; }
  std::size_t num_of(Code code) const;  // reported, shown or not
  // Codes of which some were left out, with how many.
  std::vector<std::pair<Code, std::size_t>> left_out() const;

  // Errors first; each by source, place and code; what has no place comes last. Stable.
  void sort();
  // For suppressions with a reason; counts follow.
  void remove_if(const std::function<bool(const Diagnostic&)>& is_removed);

 private:
  DiagnosticBuilder add(Diagnostic diagnostic);

  std::size_t limit_per_code_;
  std::vector<Diagnostic> items_;
  Diagnostic unlisted_{};  // takes what is added to a diagnostic beyond the limit
  std::map<Code, std::size_t> counts_;
  std::map<Code, std::optional<Severity>> severities_;
  std::size_t num_errors_ = 0;
  std::size_t num_warnings_ = 0;
};

}  // namespace seg::base
