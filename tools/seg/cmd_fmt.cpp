// seg fmt: rule files in the one format. A file that does not parse is left as it is.
#include <iostream>
#include <iterator>

#include "base/atomic_file.h"
#include "base/text_file.h"
#include "compiler/syntax/format.h"
#include "tools/seg/text_diff.h"
#include "tools/seg/workspace.h"

namespace seg::tool {
namespace {

// The formatted text; none if it has errors, which are reported.
std::optional<std::string> formatted(const std::string& path, std::string text, Workspace& workspace) {
  const base::SourceId source = workspace.sources.add(path, std::move(text));
  const syntax::ParseResult parsed = syntax::parse(source, workspace.sources.text(source), workspace.diagnostics);
  if (parsed.has_errors) return std::nullopt;
  return syntax::format(parsed.tree);
}

}  // namespace

int cmd_fmt(const Arguments& arguments) {
  Options options("fmt", "file");
  options.add_project_options();
  options.add()("check", po::bool_switch(), "change nothing; exit code 1 if a file is not formatted");
  options.add()("diff", po::bool_switch(), "change nothing; print what would change");
  if (!options.parse(arguments)) return options.exit_code();
  Workspace workspace;
  std::vector<std::string> files = options.operands();
  if (files == std::vector<std::string>{"-"}) {
    std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    auto text = base::check_text(std::move(input), "standard input");
    if (!text.ok()) {
      workspace.diagnostics.report(text.status());
    } else if (const auto out = formatted("standard input", std::move(text).value(), workspace)) {
      std::cout << *out;
    }
    print_diagnostics(options, workspace);
    return exit_code_of(workspace.diagnostics);
  }
  if (files.empty()) {
    if (open_project(options, workspace)) {
      files = workspace.project.rules;
      if (!workspace.project.schema.empty()) files.insert(files.begin(), workspace.project.schema);
    }
  }
  const bool only_look = options.flag("check") || options.flag("diff");
  int num_changed = 0;
  for (const std::string& path : files) {
    auto text = base::read_text_file(path);
    if (!text.ok()) {
      workspace.diagnostics.report(text.status());
      continue;
    }
    const std::string& before = text.value();
    const auto after = formatted(shown_path(path), before, workspace);
    if (!after || *after == before) continue;
    ++num_changed;
    if (options.flag("diff")) std::cout << text_diff(before, *after, shown_path(path));
    if (options.flag("check")) std::cerr << "not formatted: " << shown_path(path) << "\n";
    if (only_look) continue;
    if (base::Status status = base::write_file(path, *after); status.ok()) {
      std::cerr << "formatted: " << shown_path(path) << "\n";
    } else {
      workspace.diagnostics.report(status);
    }
  }
  print_diagnostics(options, workspace);
  const int code = exit_code_of(workspace.diagnostics);
  return code == kFine && only_look && num_changed != 0 ? kFindings : code;
}

}  // namespace seg::tool
