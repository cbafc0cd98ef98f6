// The examples that the standard library's functions carry, as conditions of a program without tables: tests run each
// on an engine, and it must hold. In: the embedded stdlib/functions/*.seg. Out: the program and its examples.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "program/program.h"

namespace seg::check {

struct FunctionExample {
  std::string function;
  std::string text;  // as written: `age(as_of) = 0`
  program::ExprId condition = base::kNone;
};

struct FunctionExamples {
  program::Program program;
  std::vector<FunctionExample> examples;
};

// What can't be checked is reported. Times without a zone are UTC's.
FunctionExamples check_function_examples(base::SourceSet& sources, base::DiagnosticList& diagnostics);

// A declared overload and what a test can hold against program/functions.def.
struct DeclaredFunction {
  std::string name;
  std::string native;             // empty: it has a body
  bool missing_when_any = false;  // `missing when any missing`
  bool has_doc = false;
  bool has_example = false;
};
std::vector<DeclaredFunction> declared_functions(base::SourceSet& sources, base::DiagnosticList& diagnostics);

// docs/reference/functions.md: what each function takes, gives, and does with missing values, with its examples.
std::string functions_page(base::SourceSet& sources, base::DiagnosticList& diagnostics);

}  // namespace seg::check
