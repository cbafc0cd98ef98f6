#include "base/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "base/status.h"

namespace seg::base {

DiagnosticBuilder& DiagnosticBuilder::label(Span span, std::string text) {
  std::vector<Label>& labels = diagnostic_->labels;
  if (!labels.empty() && labels.front().primary && labels.front().text.empty() && labels.front().span == span) {
    labels.front().text = std::move(text);
  } else {
    labels.push_back({span, std::move(text), false});
  }
  return *this;
}

DiagnosticBuilder& DiagnosticBuilder::note(std::string text) {
  diagnostic_->notes.push_back(std::move(text));
  return *this;
}

DiagnosticBuilder& DiagnosticBuilder::help(std::string text) {
  diagnostic_->help.push_back(std::move(text));
  return *this;
}

DiagnosticBuilder& DiagnosticBuilder::fix(Span span, std::string replacement, Safety safety) {
  diagnostic_->edits.push_back({span, std::move(replacement), safety});
  return *this;
}

DiagnosticBuilder& DiagnosticBuilder::data(std::string path, std::int64_t row, std::string column, std::int64_t line) {
  diagnostic_->data = DataPlace{std::move(path), row, std::move(column), line};
  return *this;
}

DiagnosticBuilder DiagnosticList::report(Code code, Span span, const Args& args) {
  Diagnostic diagnostic{};
  diagnostic.code = code;
  diagnostic.severity = info(code).severity;
  diagnostic.message = format_message(info(code).message, args);
  if (span.is_somewhere()) diagnostic.labels.push_back({span, "", true});
  return add(std::move(diagnostic));
}

DiagnosticBuilder DiagnosticList::report(Code code, const Args& args) { return report(code, Span{}, args); }

DiagnosticBuilder DiagnosticList::report(const Status& failure) { return add(failure.diagnostic()); }

DiagnosticBuilder DiagnosticList::add(Diagnostic diagnostic) {
  if (const auto found = severities_.find(diagnostic.code); found != severities_.end()) {
    if (!found->second) {
      unlisted_ = std::move(diagnostic);
      return DiagnosticBuilder(&unlisted_);
    }
    diagnostic.severity = *found->second;
  }
  if (diagnostic.severity == Severity::error) ++num_errors_;
  if (diagnostic.severity == Severity::warning) ++num_warnings_;
  if (++counts_[diagnostic.code] > limit_per_code_) {
    unlisted_ = std::move(diagnostic);
    return DiagnosticBuilder(&unlisted_);
  }
  items_.push_back(std::move(diagnostic));
  return DiagnosticBuilder(&items_.back());
}

void DiagnosticList::append(DiagnosticList other) {
  for (Diagnostic& diagnostic : other.items_) {
    --other.counts_[diagnostic.code];
    if (diagnostic.severity == Severity::error) --other.num_errors_;
    if (diagnostic.severity == Severity::warning) --other.num_warnings_;
    add(std::move(diagnostic));
  }
  // What is left in its counts was beyond its limit.
  for (const auto& [code, count] : other.counts_) counts_[code] += count;
  num_errors_ += other.num_errors_;
  num_warnings_ += other.num_warnings_;
}

bool DiagnosticList::set_severity(Code code, std::optional<Severity> severity) {
  if (!info(code).is_suppressible()) return false;
  severities_[code] = severity;
  return true;
}

std::size_t DiagnosticList::num_of(Code code) const {
  const auto found = counts_.find(code);
  return found == counts_.end() ? 0 : found->second;
}

std::vector<std::pair<Code, std::size_t>> DiagnosticList::left_out() const {
  std::map<Code, std::size_t> listed;
  for (const Diagnostic& diagnostic : items_) ++listed[diagnostic.code];
  std::vector<std::pair<Code, std::size_t>> result;
  for (const auto& [code, count] : counts_) {
    if (count > listed[code]) result.emplace_back(code, count - listed[code]);
  }
  return result;
}

void DiagnosticList::sort() {
  const auto key = [](const Diagnostic& diagnostic) {
    const Span span = diagnostic.span();
    static const DataPlace nowhere;
    const DataPlace& data = diagnostic.data ? *diagnostic.data : nowhere;
    return std::tuple(diagnostic.severity != Severity::error, span.source, span.begin, std::string_view(data.path),
                      data.row, std::string_view(data.column), diagnostic.code, span.end);
  };
  std::stable_sort(items_.begin(), items_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

void DiagnosticList::remove_if(const std::function<bool(const Diagnostic&)>& is_removed) {
  std::erase_if(items_, [&](const Diagnostic& diagnostic) {
    if (!is_removed(diagnostic)) return false;
    --counts_[diagnostic.code];
    if (diagnostic.severity == Severity::error) --num_errors_;
    if (diagnostic.severity == Severity::warning) --num_warnings_;
    return true;
  });
}

}  // namespace seg::base
