#include "base/status.h"

#include <cstdio>
#include <cstdlib>

namespace seg::base {

Status::Status(Code code, const Args& args) : failure_(std::make_unique<Diagnostic>()) {
  failure_->code = code;
  failure_->severity = info(code).severity;
  failure_->message = format_message(info(code).message, args);
}

Status::Status(const Status& other)
    : failure_(other.failure_ ? std::make_unique<Diagnostic>(*other.failure_) : nullptr) {}

Status& Status::operator=(const Status& other) {
  if (this != &other) *this = Status(other);
  return *this;
}

const Diagnostic& Status::diagnostic() const {
  if (failure_ == nullptr) {
    std::fputs("a status that is fine was asked for its failure\n", stderr);
    std::abort();
  }
  return *failure_;
}

Code Status::code() const { return diagnostic().code; }

const std::string& Status::message() const { return diagnostic().message; }

std::string Status::to_string() const {
  if (ok()) return "fine";
  std::string text(info(failure_->code).id);
  if (failure_->data) {
    const DataPlace& place = *failure_->data;
    text += ' ';
    text += place.path;
    if (place.row != 0) text += ", row " + format_count(place.row);
    if (!place.column.empty()) text += ", column `" + place.column + "`";
    text += ':';
  }
  text += ' ';
  text += failure_->message;
  return text;
}

Status&& Status::at(std::string path, std::int64_t row, std::string column, std::int64_t line) && {
  if (failure_) failure_->data = DataPlace{std::move(path), row, std::move(column), line};
  return std::move(*this);
}

Status&& Status::note(std::string text) && {
  if (failure_) failure_->notes.push_back(std::move(text));
  return std::move(*this);
}

Status&& Status::help(std::string text) && {
  if (failure_) failure_->help.push_back(std::move(text));
  return std::move(*this);
}

}  // namespace seg::base
