#include "compiler/check/catalogue_examples.h"

#include "compiler/check/catalogue.h"
#include "compiler/check/check.h"
#include "compiler/check/declaration.h"

namespace seg::check {
namespace {

// The functions alone, as a project without files sees them.
struct Library {
  CheckInput input;
  Context context;

  Library(base::SourceSet& sources, base::DiagnosticList& diagnostics) : context(input, sources, diagnostics) {
    load_modules(context);
  }

  // In the order of their files, not of their names.
  std::vector<FunctionDeclaration> all() const {
    std::vector<FunctionDeclaration> out;
    for (FileId file = 0; file < context.files.size(); ++file) {
      const Tree& tree = context.tree(file);
      for (NodeId node : tree.children(tree.root())) {
        if (tree.is(node, NodeKind::kFunction)) out.push_back({file, node});
      }
    }
    return out;
  }
};

std::string missing_words(const Tree& tree, NodeId function) {
  const NodeId rule = tree.child(function, NodeKind::kMissingRule);
  if (rule == syntax::kNoNode) return "";
  switch (tree.missing_rule(rule)) {
    case syntax::MissingRule::never: return "Never missing.";
    case syntax::MissingRule::when_any: return "Missing where a value is missing.";
    case syntax::MissingRule::when_all: return "Missing where no value is there.";
    case syntax::MissingRule::when_named: return "Missing where the first value is missing.";
  }
  return "";
}

std::string joined_lines(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

}  // namespace

FunctionExamples check_function_examples(base::SourceSet& sources, base::DiagnosticList& diagnostics) {
  Library library(sources, diagnostics);
  Context& context = library.context;
  FunctionExamples out;
  for (const FunctionDeclaration& function : library.all()) {
    const Tree& tree = context.tree(function.file);
    const Scope scope{.module = context.files[function.file].module, .file = function.file};
    for (NodeId child : tree.children(function.node)) {
      if (!tree.is(child, NodeKind::kExample)) continue;
      const NodeId condition = tree.child(child, 0);
      const Checked checked = check_condition(context, scope, condition);
      out.examples.push_back({tree.name(function.node), std::string(tree.text(condition)), checked.expr});
    }
  }
  out.program = std::move(context.program);
  return out;
}

std::vector<DeclaredFunction> declared_functions(base::SourceSet& sources, base::DiagnosticList& diagnostics) {
  const Library library(sources, diagnostics);
  std::vector<DeclaredFunction> out;
  for (const FunctionDeclaration& function : library.all()) {
    const Tree& tree = library.context.tree(function.file);
    const NodeId rule = tree.child(function.node, NodeKind::kMissingRule);
    out.push_back(
        {.name = tree.name(function.node),
         .native = native_name(library.context, function),
         .missing_when_any = rule != syntax::kNoNode && tree.missing_rule(rule) == syntax::MissingRule::when_any,
         .has_doc = !tree.doc(function.node).empty(),
         .has_example = tree.child(function.node, NodeKind::kExample) != syntax::kNoNode});
  }
  return out;
}

std::string functions_page(base::SourceSet& sources, base::DiagnosticList& diagnostics) {
  const Library library(sources, diagnostics);
  const Context& context = library.context;
  const std::vector<FunctionDeclaration> functions = library.all();
  std::string page =
      "# Functions\n\n"
      "Made from `stdlib/functions/*.seg` by `tests/unit/check/test_catalogue.cpp`; change those, not this page.\n"
      "`each of text` works on a text, and on each entry of a list of texts. `T` is any one type.\n";
  FileId file = kNone;
  std::string last_name;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const FunctionDeclaration& function = functions[i];
    const Tree& tree = context.tree(function.file);
    const std::string name = tree.name(function.node);
    if (function.file != file) {
      file = function.file;
      const std::string& path = context.sources.path(context.files[file].source);
      std::string stem = path.substr(path.rfind('/') + 1);
      stem = stem.substr(0, stem.find('.'));
      stem[0] = static_cast<char>(stem[0] - 'a' + 'A');
      page += "\n## " + stem + "\n";
    }
    if (name != last_name) {
      page += "\n### " + name + "\n\n" + joined_lines(tree.doc(function.node)) + "\n\n```\n";
      std::string missing;
      std::string examples;
      for (std::size_t j = i; j < functions.size() && context.tree(functions[j].file).name(functions[j].node) == name;
           ++j) {
        const Tree& other = context.tree(functions[j].file);
        page += declared_head(context, functions[j]) + "\n";
        if (missing.empty()) missing = missing_words(other, functions[j].node);
        for (NodeId child : other.children(functions[j].node)) {
          if (other.is(child, NodeKind::kExample))
            examples += "- `" + std::string(other.text(other.child(child, 0))) + "`\n";
        }
      }
      page += "```\n\n";
      if (!missing.empty()) page += missing + "\n";
      if (!examples.empty()) page += (missing.empty() ? "" : "\n") + examples;
    }
    last_name = name;
  }
  return page;
}

}  // namespace seg::check
