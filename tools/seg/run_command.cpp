// seg run: load what the rules need, evaluate them in one pass, print the table, write the members.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include "base/atomic_file.h"
#include "base/render_human.h"
#include "base/suggest.h"
#include "compiler/bytecode/compile.h"
#include "compiler/optimize/optimize.h"
#include "runtime/exec/run.h"
#include "runtime/io/sink.h"
#include "runtime/io/source.h"
#include "runtime/kernels/calendar.h"
#include "tools/seg/data_commands.h"
#include "tools/seg/guards.h"
#include "tools/seg/progress.h"
#include "tools/seg/run_profile.h"
#include "tools/seg/run_table.h"
#include "tools/seg/sticky_state.h"
#include "tools/seg/workspace.h"

namespace seg::tool {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

void add_run_options(Options& options) {
  options.add_project_options();
  options.add_format_option({"human", "json"});
  auto add = options.add();
  add("as-of", po::value<std::string>()->value_name("DATE"), "a date (its end), or an instant as 2026-06-30T18:00");
  add("only", po::value<std::vector<std::string>>()->value_name("NAME"),
      "only this segment, partition, metric or score; may be repeated");
  add("out,o", po::value<std::string>()->value_name("FILE"),
      "members, tiers and values: .parquet, .csv, .jsonl, .arrow; - for standard output");
  add("out-format", po::value<std::string>()->value_name("FORMAT"),
      "parquet, csv, jsonl or arrow, where the name does not say it");
  add("layout", po::value<std::string>()->value_name("LAYOUT")->default_value("wide"),
      "wide (a row per customer) or long (a row per membership)");
  add("members", po::value<std::string>()->value_name("FOLDER"), "a file of members for each segment");
  add("members-format", po::value<std::string>()->value_name("FORMAT")->default_value("csv"), "format of those files");
  add("on-bad-row", po::value<std::string>()->value_name("WHAT")->default_value("fail"), "fail, skip or quarantine");
  add("quarantine", po::value<std::string>()->value_name("FILE"),
      "bad rows are left out and go to this file (JSON lines)");
  add("threads", po::value<unsigned>()->value_name("N"), "default: one for each core");
  add("batch", po::value<unsigned>()->value_name("ROWS"),
      "customers evaluated at a time (default: as many as fit the cache)");
  add("memory", po::value<std::string>()->value_name("SIZE"),
      "may use about this much: 2GB, 500MB (default: no limit)");
  add("state", po::value<std::string>()->value_name("FILE"),
      "where sticky segments go on from, written again by each run; it gives the same members as a run without");
  add("strict", po::bool_switch(), "exit code 1 if a value is too large or outside its stated range");
  add("no-guards", po::bool_switch(), "write the results also where an `expect` of a rule does not hold");
  add("trace", po::value<std::string>()->value_name("FILE"),
      "what ran when, on which thread, for chrome://tracing or ui.perfetto.dev");
  add("profile", po::bool_switch(), "says where the time went, and which rules are expensive");
  add("no-progress", po::bool_switch(), "no progress bar");
  add("show-personal", po::bool_switch(), "messages may show values of personal fields");
}

// "2GB" -> bytes. None if it is no size.
std::optional<std::uint64_t> parse_size(const std::string& text) {
  std::size_t end = 0;
  double number = 0;
  try {
    number = std::stod(text, &end);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  std::string unit = text.substr(end);
  std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return std::toupper(c); });
  while (!unit.empty() && unit.front() == ' ') unit.erase(unit.begin());
  double factor = 0;
  if (unit.empty() || unit == "B") factor = 1;
  if (unit == "K" || unit == "KB") factor = 1e3;
  if (unit == "M" || unit == "MB") factor = 1e6;
  if (unit == "G" || unit == "GB") factor = 1e9;
  if (factor == 0 || !(number > 0) || number * factor > 1e18) return std::nullopt;
  return static_cast<std::uint64_t>(number * factor);
}

struct RunSetup {
  unsigned num_threads = 1;
  std::uint64_t memory_budget = 0;
  io::OnBadRow on_bad_row = io::OnBadRow::kFail;
  std::string as_of_text;
};

// What only the command line can get wrong.
bool read_setup(Options& options, Workspace& workspace, RunSetup& setup) {
  const auto wrong = [&](const std::string& name, const std::string& help) {
    options.wrong(base::Code::wrong_argument, {"--" + name, "`" + options.text(name) + "`"}, help);
    return false;
  };
  if (options.has("as-of")) {
    const auto as_of = project::parse_as_of(options.text("as-of"), workspace.project.time_zone);
    if (!as_of) return wrong("as-of", "write a date as 2026-06-30, or an instant as 2026-06-30T18:00");
    workspace.project.as_of = as_of;
    workspace.project.as_of_text = options.text("as-of");
  }
  setup.as_of_text = workspace.project.as_of_text;
  const std::string layout = options.text("layout");
  if (layout != "wide" && layout != "long") return wrong("layout", "one of: wide, long");
  const std::string on_bad_row = options.text("on-bad-row");
  if (on_bad_row == "skip") {
    setup.on_bad_row = io::OnBadRow::kSkip;
  } else if (on_bad_row == "quarantine" || (on_bad_row == "fail" && options.has("quarantine"))) {
    setup.on_bad_row = io::OnBadRow::kQuarantine;
    if (!options.has("quarantine")) {
      options.wrong(base::Code::missing_argument,
                    {"--on-bad-row quarantine", "`--quarantine FILE`, where the rows go"});
      return false;
    }
  } else if (on_bad_row != "fail") {
    return wrong("on-bad-row", "one of: fail, skip, quarantine");
  }
  for (const char* name : {"out-format", "members-format"}) {
    if (options.has(name) && !io::find_format(options.text(name)))
      return wrong(name, "one of: parquet, csv, jsonl, arrow");
  }
  if (options.has("memory")) {
    const auto bytes = parse_size(options.text("memory"));
    if (!bytes) return wrong("memory", "write it as 2GB or 500MB");
    setup.memory_budget = *bytes;
  }
  if (options.has("state") && workspace.project.as_of && workspace.project.as_of->is_instant) {
    options.wrong(base::Code::wrong_argument, {"--state", "`" + options.text("state") + "` as of an instant"},
                  "a state is of a whole day: run it with `--as-of DATE`");
    return false;
  }
  setup.num_threads = std::max(1U, std::thread::hardware_concurrency());
  if (options.has("threads")) setup.num_threads = std::clamp(options.get<unsigned>("threads"), 1U, 1024U);
  return true;
}

void write_trace(const std::string& path, const base::Trace& trace, base::DiagnosticList& diagnostics) {
  auto file = base::AtomicFile::create(path);
  if (!file.ok()) {
    diagnostics.report(std::move(file).status());
    return;
  }
  base::Status status = file->write(trace.to_json());
  if (status.ok()) status = file->commit();
  if (!status.ok()) diagnostics.report(status);
}

std::string full_name(const program::Output& output) {
  return output.module.empty() ? output.name : output.module + "." + output.name;
}

// The ids of --only; false if there is no such output.
bool choose_outputs(Options& options, const program::Program& program, std::vector<std::uint32_t>& chosen) {
  std::vector<std::string> names;
  for (const program::Output& output : program.outputs) names.push_back(full_name(output));
  for (const std::string& wanted : options.texts("only")) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end()) {
      const auto near = base::suggest(wanted, names);
      options.wrong(base::Code::wrong_argument, {"--only", "`" + wanted + "`"},
                    near ? "did you mean `" + *near + "`?" : "no rule has this name");
      return false;
    }
    chosen.push_back(static_cast<std::uint32_t>(found - names.begin()));
  }
  return true;
}

std::optional<io::LoadedData> load_data(const Options& options, const RunSetup& setup, const bytecode::Module& module,
                                        const base::Binding& binding, base::Trace* trace, Workspace& workspace) {
  const base::TracedPart span(trace, "read");
  io::LoadRequest request;
  request.trace = trace;
  request.schema = &workspace.program().schema;
  request.sources = workspace.project.sources;
  request.time_zone = workspace.project.time_zone;
  request.on_bad_row = setup.on_bad_row;
  request.quarantine = options.text("quarantine");
  request.num_threads = setup.num_threads;
  request.memory_budget = setup.memory_budget;
  request.show_personal = options.flag("show-personal");
  if (const kernels::TimeZone* zone = kernels::TimeZone::find(binding.time_zone)) {
    request.as_of_end = kernels::bind_as_of(binding.as_of, *zone).instant;
  }
  const bytecode::Needed needed = bytecode::needed_columns(module);
  for (std::size_t t = 0; t < needed.tables.size(); ++t) {
    const bytecode::NeededTable& table = needed.tables[t];
    io::TableRequest& wanted = request.tables.emplace_back();
    wanted.columns = table.columns;
    wanted.is_read = table.is_read || workspace.program().schema.tables[t].kind == base::TableKind::kSubject;
    if (!table.all_time) {
      const exec::TimeRange times = exec::needed_times(module, table, binding);
      wanted.times = io::TimeRange{times.begin, times.end};
    }
  }
  return io::load(request, workspace.diagnostics);
}

// One subject's outputs for a sink.
io::Results results_of(const program::Program& program, base::TableId subject, const vector::Dataset& dataset,
                       const exec::Results& results) {
  io::Results out;
  const base::Table& table = program.schema.tables[subject];
  out.num_rows = dataset.tables[subject].num_rows;
  for (const base::ColumnId key : table.key) {
    out.keys.push_back({table.columns[key].name, table.columns[key].type.kind, &dataset.tables[subject].columns[key]});
  }
  for (const program::OutputId o : outputs_as_written(program)) {
    const program::Output& output = program.outputs[o];
    const exec::OutputResult& result = results.outputs[o];
    if (output.frame != subject || !result.is_wanted) continue;
    io::ResultColumn column;
    column.name = full_name(output);
    column.type = output.type;
    switch (output.kind) {
      case program::OutputKind::kSegment: column.members = result.members; break;
      case program::OutputKind::kPartition:
        if (output.tiers.empty()) {  // by a text or a number of the data: the value is the tier
          column.kind = io::ResultKind::kValue;
          column.column = result.values;
          break;
        }
        column.kind = io::ResultKind::kPartition;
        column.column = result.values;
        column.labels = program.schema.choices[output.type.detail].values;
        break;
      case program::OutputKind::kMetric:
      case program::OutputKind::kScore:
        column.kind = io::ResultKind::kValue;
        column.column = result.values;
        if (output.type.kind == base::TypeKind::kChoice)
          column.labels = program.schema.choices[output.type.detail].values;
        break;
    }
    out.columns.push_back(std::move(column));
  }
  return out;
}

// Several subjects: each gets a file, out.parquet and out.account.parquet.
std::string path_for(const std::string& path, const std::string& subject, bool is_first) {
  if (is_first || path == "-") return path;
  const std::filesystem::path original(path);
  return (original.parent_path() / (original.stem().string() + "." + subject + original.extension().string())).string();
}

void write_outputs(const Options& options, const Workspace& workspace, const vector::Dataset& dataset,
                   const exec::Results& results, base::DiagnosticList& diagnostics) {
  const program::Program& program = workspace.program();
  bool is_first = true;
  for (base::TableId t = 0; t < program.schema.tables.size(); ++t) {
    if (program.schema.tables[t].kind != base::TableKind::kSubject) continue;
    const io::Results out = results_of(program, t, dataset, results);
    if (out.columns.empty()) continue;
    const std::string& subject = program.schema.tables[t].name;
    if (options.has("out")) {
      io::SinkSpec sink;
      sink.path = path_for(options.text("out"), subject, is_first);
      if (options.has("out-format")) sink.format = *io::find_format(options.text("out-format"));
      sink.layout = options.text("layout") == "long" ? io::Layout::kLong : io::Layout::kWide;
      if (base::Status status = io::write(out, sink); !status.ok()) diagnostics.report(status);
    }
    if (options.has("members")) {
      io::SinkSpec sink;
      sink.path = path_for(options.text("members"), subject, is_first);
      sink.format = *io::find_format(options.text("members-format"));
      sink.layout = io::Layout::kFolder;
      if (base::Status status = io::write(out, sink); !status.ok()) diagnostics.report(status);
    }
    is_first = false;
  }
}

}  // namespace

int run_command(const Arguments& arguments) {
  Options options("run", "");
  add_run_options(options);
  if (!options.parse(arguments)) return options.exit_code();
  Workspace workspace;
  RunSetup setup;
  const auto finish = [&] {
    print_diagnostics(options, workspace);
    return exit_code_of(workspace.diagnostics);
  };
  if (!open_project(options, workspace)) return finish();
  if (!read_setup(options, workspace, setup)) return options.exit_code();
  if (!check_project(options, {}, workspace)) return finish();
  if (!workspace.project.as_of) {
    workspace.diagnostics.report(base::Code::no_as_of)
        .note("the same rules and data give other members on another day, so a run never takes today by itself")
        .help("write `as_of: 2026-06-30` in seg.yaml, or run with `--as-of 2026-06-30`");
    return finish();
  }
  exec::RunOptions run;
  if (!choose_outputs(options, workspace.program(), run.outputs)) return options.exit_code();
  Progress progress(!options.flag("no-progress") && options.text("format") == "human");

  base::Trace measured;
  base::Trace* const trace = options.has("trace") || options.flag("profile") ? &measured : nullptr;
  base::TracedPart compiling(trace, "compile");
  program::Program optimised = workspace.program();
  optimize::optimize(optimised);
  const bytecode::Module module = bytecode::compile(optimised, {.outputs = run.outputs});
  compiling.end();
  const base::Binding binding = workspace.binding();
  progress.stage("reading data");
  const auto load_begin = Clock::now();
  const auto data = load_data(options, setup, module, binding, trace, workspace);
  if (!data) return finish();
  RunSummary summary;
  summary.as_of = setup.as_of_text;
  summary.seconds_load = seconds_since(load_begin);
  for (std::size_t t = 0; t < data->tables.size(); ++t) {
    summary.num_skipped += data->tables[t].num_rows_skipped;
    summary.num_future += data->tables[t].num_future;
    if (workspace.program().schema.tables[t].kind == base::TableKind::kEvent)
      summary.num_events += data->dataset.tables[t].num_rows;
  }

  progress.stage("evaluating");
  const auto run_begin = Clock::now();
  run.num_threads = setup.num_threads;
  run.memory_budget = setup.memory_budget;
  if (options.has("batch")) run.morsel_rows = options.get<unsigned>("batch");
  run.progress = [&](double share) { progress.share(share); };
  const StickyRun sticky{
      .program = workspace.program(), .module = module, .binding = binding, .dataset = data->dataset};
  if (options.has("state") &&
      !read_state(options.text("state"), sticky, run, summary.num_absent, workspace.diagnostics)) {
    return finish();
  }
  run.trace = trace;
  run.with_costs = options.flag("profile");
  base::TracedPart evaluating(trace, "evaluate");
  const auto results = exec::run(module, data->dataset, binding, run);
  evaluating.end();
  if (!results.ok()) {
    workspace.diagnostics.report(results.status());
    return finish();
  }
  summary.seconds_run = seconds_since(run_begin);
  summary.left_out = find_left_out(workspace.program(), data->dataset, results.value());
  summary.guards = check_guards(workspace.program(), results.value(), workspace.sources);
  const bool is_as_expected = std::all_of(summary.guards.begin(), summary.guards.end(),
                                          [](const GuardFinding& finding) { return finding.holds; });
  const bool writes = is_as_expected || options.flag("no-guards");
  if (writes) {
    progress.stage("writing");
    base::TracedPart writing(trace, "write");
    write_outputs(options, workspace, data->dataset, results.value(), workspace.diagnostics);
    if (options.has("state")) write_state(options.text("state"), sticky, results.value(), workspace.diagnostics);
    writing.end();
  } else {
    report_guards(workspace.program(), summary.guards, !options.has("out") && !options.has("members"),
                  workspace.diagnostics);
  }
  if (options.has("trace")) write_trace(options.text("trace"), measured, workspace.diagnostics);

  if (options.text("out") != "-" || !writes) {
    std::cout << (options.text("format") == "json"
                      ? run_json(workspace.program(), results.value(), summary)
                      : run_table(workspace.program(), results.value(), summary, terminal_columns(STDOUT_FILENO)));
    std::cout.flush();
  }
  // Findings go to standard error also where the summary is JSON.
  std::cerr << base::render_human(
      workspace.diagnostics, workspace.sources,
      {.has_color = wants_color(STDERR_FILENO, options.text("color")), .num_columns = terminal_columns(STDERR_FILENO)});
  if (options.flag("profile")) std::cerr << run_profile(workspace.program(), results.value(), measured);
  const int code = exit_code_of(workspace.diagnostics);
  bool is_exact = true;
  for (const exec::OutputResult& result : results.value().outputs)
    is_exact = is_exact && result.num_overflow == 0 && result.num_outside == 0;
  return code == kFine && options.flag("strict") && !is_exact ? kFindings : code;
}

}  // namespace seg::tool
