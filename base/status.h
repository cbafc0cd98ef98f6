// What became of something that the world outside may refuse: files, data, memory, interrupts.
// In: a code of the ranges S0 (files), S6 (data), S7 (project, outputs) or S8 (bytecode), with its place. Out: a
// diagnostic. Users' mistakes in rules are never a Status: they go straight to a DiagnosticList.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostic.h"

namespace seg::base {

class [[nodiscard]] Status {
 public:
  Status() = default;  // fine
  explicit Status(Code code, const Args& args = {});
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;
  Status(const Status& other);
  Status& operator=(const Status& other);

  bool ok() const { return failure_ == nullptr; }
  Code code() const;                   // only of a failure
  const std::string& message() const;  // only of a failure
  // The whole as one line: "S6003 data/a.csv, row 7, column `at`: …", for logs and tests.
  std::string to_string() const;

  // Where it happened. Each returns the status itself: `return Status(Code::x, {…}).at(path, row, "amount");`
  Status&& at(std::string path, std::int64_t row = 0, std::string column = {}, std::int64_t line = 0) &&;
  Status&& note(std::string text) &&;
  Status&& help(std::string text) &&;

  const Diagnostic& diagnostic() const;  // only of a failure

 private:
  std::unique_ptr<Diagnostic> failure_;  // null: fine, one word
};

// A value, or why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}           // NOLINT(google-explicit-constructor)
  Result(Status failure) : state_(std::move(failure)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<T>(state_); }
  const T& value() const& { return std::get<T>(state_); }
  T&& value() && { return std::get<T>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Status& status() const& { return std::get<Status>(state_); }  // only of a failure
  Status&& status() && { return std::get<Status>(std::move(state_)); }

 private:
  std::variant<T, Status> state_;
};

// Leaves the function with the failure, if there is one.
#define SEG_RETURN_IF_FAILED(expression)                                                       \
  do {                                                                                         \
    if (::seg::base::Status seg_status_ = (expression); !seg_status_.ok()) return seg_status_; \
  } while (false)

}  // namespace seg::base
