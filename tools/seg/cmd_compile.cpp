// seg compile and seg disasm: bytecode files and their listing.
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/atomic_file.h"
#include "compiler/bytecode/compile.h"
#include "compiler/optimize/optimize.h"
#include "runtime/bytecode/disassemble.h"
#include "runtime/bytecode/serialise.h"
#include "runtime/bytecode/verify.h"
#include "tools/seg/workspace.h"

namespace seg::tool {
namespace {

std::optional<bytecode::Module> compile_project(const Options& options, Workspace& workspace) {
  if (!open_project(options, workspace) || !check_project(options, {}, workspace)) return std::nullopt;
  program::Program& program = workspace.checked.program;
  optimize::optimize(program);
  return bytecode::compile(program, {});
}

std::optional<bytecode::Module> read_module(const std::string& path, Workspace& workspace) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    workspace.diagnostics.report(base::Code::file_not_found, {path});
    return std::nullopt;
  }
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto module = bytecode::deserialise(bytes, path);
  if (!module.ok()) {
    workspace.diagnostics.report(module.status());
    return std::nullopt;
  }
  if (const std::vector<std::string> problems = bytecode::verify(module.value()); !problems.empty()) {
    workspace.diagnostics.report(base::Code::bytecode_refused, {path, problems.front()});
    return std::nullopt;
  }
  return std::move(module).value();
}

}  // namespace

int cmd_compile(const Arguments& arguments) {
  Options options("compile", "");
  options.add_project_options();
  options.add()("out,o", po::value<std::string>()->value_name("FILE"), "the bytecode file (.segb)");
  if (!options.parse(arguments)) return options.exit_code();
  if (!options.has("out")) {
    options.wrong(base::Code::missing_argument, {"seg compile", "`--out FILE`"});
    return options.exit_code();
  }
  Workspace workspace;
  if (const auto module = compile_project(options, workspace)) {
    if (base::Status status = base::write_file(options.text("out"), bytecode::serialise(*module)); !status.ok()) {
      workspace.diagnostics.report(status);
    }
  }
  print_diagnostics(options, workspace);
  return exit_code_of(workspace.diagnostics);
}

int cmd_disasm(const Arguments& arguments) {
  Options options("disasm", "file");
  options.add_project_options();
  if (!options.parse(arguments)) return options.exit_code();
  Workspace workspace;
  const auto module = options.operands().empty() ? compile_project(options, workspace)
                                                 : read_module(options.operands().front(), workspace);
  if (module) std::cout << bytecode::disassemble(*module);
  print_diagnostics(options, workspace);
  return exit_code_of(workspace.diagnostics);
}

}  // namespace seg::tool
