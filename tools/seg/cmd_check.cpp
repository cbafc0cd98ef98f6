// seg check: syntax, names, types, units, lints; `--fix` applies the safe edits.
#include <algorithm>
#include <iostream>
#include <map>

#include "base/atomic_file.h"
#include "base/text_file.h"
#include "tools/seg/workspace.h"

namespace seg::tool {
namespace {

// Safe edits by source, none overlapping an earlier one, applied from the end of the text.
int apply_fixes(Workspace& workspace, const std::vector<std::string>& writable) {
  std::map<base::SourceId, std::vector<base::Edit>> edits;
  for (const base::Diagnostic& diagnostic : workspace.diagnostics.items()) {
    for (const base::Edit& edit : diagnostic.edits) {
      if (edit.safety == base::Safety::safe) edits[edit.span.source].push_back(edit);
    }
  }
  int num_fixed = 0;
  for (auto& [source, list] : edits) {
    const std::string& path = workspace.sources.path(source);
    if (std::find(writable.begin(), writable.end(), path) == writable.end()) continue;
    std::stable_sort(list.begin(), list.end(),
                     [](const base::Edit& a, const base::Edit& b) { return a.span.begin > b.span.begin; });
    std::string text(workspace.sources.text(source));
    std::uint32_t before = static_cast<std::uint32_t>(text.size()) + 1;
    for (const base::Edit& edit : list) {
      if (edit.span.end > before || edit.span.end > text.size()) continue;
      text.replace(edit.span.begin, edit.span.length(), edit.replacement);
      before = edit.span.begin;
      ++num_fixed;
    }
    if (base::Status status = base::write_file(path, text); !status.ok()) workspace.diagnostics.report(status);
  }
  return num_fixed;
}

}  // namespace

int cmd_check(const Arguments& arguments) {
  Options options("check", "file");
  options.add_project_options();
  options.add_format_option({"human", "json", "sarif", "junit", "github", "gitlab"});
  options.add()("fix", po::bool_switch(), "apply the edits that are safe");
  if (!options.parse(arguments)) return options.exit_code();
  Workspace workspace;
  const bool ok = open_project(options, workspace) && check_project(options, options.operands(), workspace);
  if (options.flag("fix")) {
    std::vector<std::string> writable;
    for (const std::string& path : options.operands().empty() ? workspace.project.rules : options.operands()) {
      writable.push_back(shown_path(path));
    }
    writable.push_back(shown_path(workspace.project.schema));
    const int num_fixed = apply_fixes(workspace, writable);
    if (num_fixed != 0)
      std::cerr << num_fixed << (num_fixed == 1 ? " edit" : " edits") << " made; run `seg check` again\n";
  }
  const std::size_t num_elsewhere = keep_asked(workspace);
  print_diagnostics(options, workspace);
  if (num_elsewhere != 0) {
    std::cerr << num_elsewhere << (num_elsewhere == 1 ? " error" : " errors")
              << " in other files of the project: `seg check` without a file shows all\n";
  }
  if (ok && options.text("format") == "human" && workspace.diagnostics.empty()) {
    const program::Program& program = workspace.program();
    const auto num_rules = std::count_if(program.outputs.begin(), program.outputs.end(),
                                         [&](const auto& output) { return workspace.is_asked(output.span.source); });
    const auto num_tests = std::count_if(program.tests.begin(), program.tests.end(),
                                         [&](const auto& test) { return workspace.is_asked(test.span.source); });
    std::cerr << "fine: " << num_rules << (num_rules == 1 ? " rule, " : " rules, ") << num_tests
              << (num_tests == 1 ? " test\n" : " tests\n");
  }
  return exit_code_of(workspace.diagnostics);
}

}  // namespace seg::tool
