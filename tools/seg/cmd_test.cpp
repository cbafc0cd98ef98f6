// seg test: the tests in the rule files, run by the VM and checked against the reference interpreter, which also
// explains failures.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

#include "base/render_junit.h"
#include "compiler/bytecode/compile.h"
#include "compiler/optimize/optimize.h"
#include "reference/interpreter.h"
#include "runtime/exec/run.h"
#include "tools/seg/explain_tree.h"
#include "tools/seg/test_data.h"
#include "tools/seg/workspace.h"

namespace seg::tool {
namespace {

struct Failure {
  base::Span span;
  std::string explanation;
};

struct Verdict {
  std::vector<Failure> failures;
  std::string broken;  // the run itself failed
};

// Each expectation becomes a segment, so that one module serves all tests.
struct TestModule {
  bytecode::Module module;
  std::vector<std::vector<std::uint32_t>> outputs;  // by test: of its expectations
};

TestModule compile_tests(const program::Program& program) {
  TestModule compiled;
  program::Program tests = program;
  for (const program::TestCase& test : program.tests) {
    std::vector<std::uint32_t>& outputs = compiled.outputs.emplace_back();
    for (const program::Expectation& expectation : test.expectations) {
      program::Output output;
      output.name = "expectation " + std::to_string(tests.outputs.size());
      output.frame = test.rows[expectation.row].table;
      output.root = expectation.condition;
      output.type = {.kind = base::TypeKind::kFlag};
      outputs.push_back(static_cast<std::uint32_t>(tests.outputs.size()));
      tests.outputs.push_back(std::move(output));
    }
  }
  tests.tests.clear();
  optimize::optimize(tests);
  compiled.module = bytecode::compile(tests, {});
  return compiled;
}

Verdict run_test(const Workspace& workspace, const TestModule& compiled, std::size_t index) {
  const program::Program& program = workspace.program();
  const program::TestCase& test = program.tests[index];
  const TestData data = make_test_data(program.schema, test);
  base::Binding binding = workspace.binding();
  binding.as_of = test.as_of;
  for (const auto& [param, value] : test.params) binding.params[param] = value;
  Verdict verdict;
  exec::RunOptions options;
  options.outputs = compiled.outputs[index];
  const auto results = exec::run(compiled.module, data.dataset, binding, options);
  if (!results.ok()) {
    verdict.broken = results.status().message();
    return verdict;
  }
  reference::Interpreter interpreter(program, data.dataset, binding);
  for (std::size_t i = 0; i < test.expectations.size(); ++i) {
    const program::Expectation& expectation = test.expectations[i];
    const std::uint64_t row = data.row_of[expectation.row];
    const base::Value expected = interpreter.evaluate(expectation.condition, row);
    const bool holds = !expected.is_missing() && expected.flag();
    if (holds != results.value().outputs[compiled.outputs[index][i]].is_member(row)) {
      verdict.broken = "the two evaluators disagree; please report this with the test";
      return verdict;
    }
    if (holds) continue;
    std::string explanation;
    if (expectation.clause != base::kNone) {
      explanation = explain_clause(program, interpreter, workspace.sources, expectation.clause, row);
    }
    verdict.failures.push_back({expectation.span, std::move(explanation)});
  }
  return verdict;
}

void report(const program::TestCase& test, const Verdict& verdict, base::DiagnosticList& diagnostics) {
  if (!verdict.broken.empty()) {
    diagnostics.report(base::Code::test_failed, test.span, {test.name}).note(verdict.broken);
  }
  for (const Failure& failure : verdict.failures) {
    auto builder = diagnostics.report(base::Code::test_failed, failure.span, {test.name});
    builder.label(failure.span, "this does not hold");
    if (!failure.explanation.empty())
      builder.note("because\n" + failure.explanation.substr(0, failure.explanation.size() - 1));
  }
}

std::string junit_of(const Workspace& workspace, const std::vector<std::size_t>& chosen,
                     const std::vector<Verdict>& verdicts) {
  const program::Program& program = workspace.program();
  std::size_t num_failed = 0;
  std::string cases;
  for (const std::size_t index : chosen) {
    const program::TestCase& test = program.tests[index];
    const Verdict& verdict = verdicts[index];
    const base::Place place = workspace.sources.place(test.span.source, test.span.begin);
    cases += "  <testcase name=\"" + base::xml_escaped(test.name) + "\" classname=\"" +
             base::xml_escaped(workspace.sources.path(test.span.source)) + "\" file=\"" +
             base::xml_escaped(workspace.sources.path(test.span.source)) + "\" line=\"" + std::to_string(place.line) +
             "\">\n";
    num_failed += verdict.failures.empty() && verdict.broken.empty() ? 0 : 1;
    for (const Failure& failure : verdict.failures) {
      cases += "    <failure message=\"" + base::xml_escaped(workspace.sources.text(failure.span)) + "\">" +
               base::xml_escaped(failure.explanation) + "</failure>\n";
    }
    if (!verdict.broken.empty()) cases += "    <error message=\"" + base::xml_escaped(verdict.broken) + "\"/>\n";
    cases += "  </testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"seg test\" tests=\"" +
         std::to_string(chosen.size()) + "\" failures=\"" + std::to_string(num_failed) + "\">\n" + cases +
         "</testsuite>\n</testsuites>\n";
}

}  // namespace

int cmd_test(const Arguments& arguments) {
  Options options("test", "file");
  options.add_project_options();
  options.add_format_option({"human", "json", "junit", "github"});
  options.add()("filter", po::value<std::string>()->value_name("TEXT"), "only tests whose name contains this");
  options.add()("threads", po::value<unsigned>()->value_name("N"), "default: one for each core");
  if (!options.parse(arguments)) return options.exit_code();
  Workspace workspace;
  if (!open_project(options, workspace) || !check_project(options, options.operands(), workspace)) {
    print_diagnostics(options, workspace);
    return exit_code_of(workspace.diagnostics);
  }
  keep_asked(workspace);
  const program::Program& program = workspace.program();
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < program.tests.size(); ++i) {
    if (!workspace.is_asked(program.tests[i].span.source)) continue;
    if (program.tests[i].name.find(options.text("filter")) != std::string::npos) chosen.push_back(i);
  }
  if (chosen.empty()) {
    std::cerr << (options.has("filter") ? "no test has this in its name\n" : "there are no tests in these files\n");
    return options.has("filter") ? kFindings : kFine;
  }
  const TestModule compiled = compile_tests(program);
  std::vector<Verdict> verdicts(program.tests.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < chosen.size(); i = next++)
      verdicts[chosen[i]] = run_test(workspace, compiled, chosen[i]);
  };
  const unsigned num_cores = std::max(1U, std::thread::hardware_concurrency());
  const unsigned num_threads =
      options.has("threads") ? std::clamp(options.get<unsigned>("threads"), 1U, 256U) : num_cores;
  std::vector<std::thread> threads;
  for (unsigned t = 1; t < std::min<std::size_t>(num_threads, chosen.size()); ++t) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();

  std::size_t num_failed = 0;
  for (const std::size_t index : chosen) {
    const bool failed = !verdicts[index].failures.empty() || !verdicts[index].broken.empty();
    num_failed += failed ? 1 : 0;
    if (options.text("format") == "human")
      std::cout << (failed ? "  failed  " : "  ok      ") << program.tests[index].name << "\n";
    report(program.tests[index], verdicts[index], workspace.diagnostics);
  }
  if (options.text("format") == "junit") {
    std::cout << junit_of(workspace, chosen, verdicts);
  } else {
    std::cout.flush();
    print_diagnostics(options, workspace);
  }
  if (options.text("format") == "human") {
    std::cout << chosen.size() - num_failed << " passed, " << num_failed << " failed\n";
  }
  return num_failed == 0 ? exit_code_of(workspace.diagnostics) : kFindings;
}

}  // namespace seg::tool
