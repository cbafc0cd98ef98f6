// The functions that stdlib/functions/*.seg declare: their overloads, chosen by the types of the arguments.
// In: `function` declarations (context.functions). Out: the overload that a call means, its result type; texts for
// messages and for the reference page (catalogue_page.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/lowering.h"

namespace seg::check {

// An overload with its parameters as a call sees them.
struct Overload {
  const FunctionDeclaration* declaration = nullptr;
  std::vector<Type> wanted;  // of each argument, after conversion
  Type result;
};

// The overload that takes values of these types, the one with the fewest conversions; none: no overload does.
std::optional<Overload> choose_overload(Context& context, const std::string& name, const std::vector<Type>& arguments);

// "a date or a time", for "`age` takes …"; of several values "(text, text)".
std::string signature_phrase(const Context& context, const std::string& name);
// How many values the overloads take: fewest and most (-1: any number).
struct Arity {
  int fewest = 0;
  int most = 0;
};
Arity arity_of(const Context& context, const std::string& name);
// "function length(value: each of text) -> each of integer" as declared, on one line.
std::string declared_head(const Context& context, const FunctionDeclaration& declaration);
// The name after `native`; empty if it has a body.
std::string native_name(const Context& context, const FunctionDeclaration& declaration);
std::optional<Fn> find_fn(std::string_view native);

}  // namespace seg::check
