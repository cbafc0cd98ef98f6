// seg init: looks at data files and writes a project that runs.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include "base/atomic_file.h"
#include "base/text_width.h"
#include "runtime/io/text/glob.h"
#include "tools/init/write_project.h"
#include "tools/seg/data_commands.h"
#include "tools/seg/options.h"
#include "tools/seg/progress.h"
#include "tools/seg/workspace.h"

namespace seg::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProjectFiles[] = {"seg.yaml", "schema.seg", "segments/first.seg"};

bool is_data_file(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.empty() || name[0] == '.') return false;
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  static constexpr std::string_view kExtensions[] = {".parquet", ".pq",    ".csv",     ".tsv", ".jsonl",
                                                     ".ndjson",  ".arrow", ".feather", ".ipc"};
  return std::any_of(std::begin(kExtensions), std::end(kExtensions),
                     [&](std::string_view extension) { return name.ends_with(extension); });
}

// Files and patterns as they are; of a folder the data files in it, each a table.
std::vector<std::string> expand(const std::vector<std::string>& operands) {
  std::vector<std::string> paths;
  for (const std::string& operand : operands) {
    std::error_code error;
    if (!fs::is_directory(operand, error)) {
      paths.push_back(operand);
      continue;
    }
    std::vector<std::string> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(operand, error)) {
      if (is_data_file(entry.path()) && !entry.is_directory(error)) found.push_back(entry.path().string());
    }
    std::sort(found.begin(), found.end());
    paths.insert(paths.end(), found.begin(), found.end());
  }
  std::vector<std::string> once;
  for (const std::string& path : paths) {
    if (std::find(once.begin(), once.end(), path) == once.end()) once.push_back(path);
  }
  return once;
}

// As seg.yaml names it: from the project's folder.
std::string path_from(const fs::path& folder, const std::string& path) {
  std::error_code error;
  const fs::path file = fs::absolute(path, error).lexically_normal();
  const fs::path base = fs::absolute(folder, error).lexically_normal();
  fs::path relative = file.lexically_relative(base);
  if (relative.empty() || *relative.begin() == "..") {
    // Through links, ".." leads elsewhere than it looks.
    const fs::path real_folder = fs::weakly_canonical(base, error);
    const fs::path real_file = fs::weakly_canonical(file.parent_path(), error) / file.filename();
    relative = real_file.lexically_relative(real_folder);
  }
  return relative.empty() ? file.string() : relative.string();
}

std::string today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(days);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

// Each file once, the texts below each other.
void print_lines(const std::vector<init::Decision>& lines) {
  int width = 0;
  for (const init::Decision& line : lines) width = std::max(width, std::min(base::num_cells(line.file), 32));
  std::string before;
  for (const init::Decision& line : lines) {
    const std::string file = line.file == before ? std::string() : base::isolated(line.file);
    const int gap = std::max(0, width - base::num_cells(file));
    std::cout << "  " << file << std::string(static_cast<std::size_t>(gap) + 2, ' ') << base::isolated(line.text)
              << "\n";
    before = line.file;
  }
}

// All of them or none.
base::Status write_all(const fs::path& folder, const std::vector<init::ProjectFile>& files) {
  std::vector<base::AtomicFile> open;
  std::vector<fs::path> made;  // folders that were not there
  const auto undo = [&] {
    std::error_code error;
    for (auto path = made.rbegin(); path != made.rend(); ++path) fs::remove(*path, error);
  };
  for (const init::ProjectFile& file : files) {
    const fs::path path = folder / file.path;
    std::error_code error;
    std::vector<fs::path> missing;
    for (fs::path parent = path.parent_path(); !parent.empty() && !fs::exists(parent, error);
         parent = parent.parent_path()) {
      missing.push_back(parent);
    }
    made.insert(made.end(), missing.rbegin(), missing.rend());
    if (!path.parent_path().empty()) fs::create_directories(path.parent_path(), error);
    if (error) {
      undo();
      return base::output_failure(path.parent_path().string(), error.value());
    }
    auto out = base::AtomicFile::create(path.string());
    base::Status status = out.ok() ? out->write(file.text) : base::Status(out.status());
    if (!status.ok()) {
      open.clear();
      undo();
      return status;
    }
    open.push_back(std::move(out).value());
  }
  for (base::AtomicFile& file : open) SEG_RETURN_IF_FAILED(file.commit());
  return {};
}

}  // namespace

int init_command(const Arguments& arguments) {
  Options options("init", "data");
  auto add = options.add();
  add("folder", po::value<std::string>()->value_name("DIR")->default_value("."), "where the project is written");
  add("currency", po::value<std::string>()->value_name("CODE"), "of amounts: EUR, USD, IRR, …");
  add("as-of", po::value<std::string>()->value_name("DATE"), "the last day of the data, where no event says it");
  add("force", po::bool_switch(), "write over a project that is there");
  add("no-progress", po::bool_switch(), "no progress bar");
  add("color", po::value<std::string>()->value_name("WHEN"), "auto, always or never");
  if (!options.parse(arguments)) return options.exit_code();
  const std::vector<std::string> paths = expand(options.operands());
  if (paths.empty()) {
    options.wrong(base::Code::missing_argument, {"seg init", "at least one data file, or a folder with some"},
                  "files are .parquet, .csv, .jsonl, .arrow");
    return options.exit_code();
  }
  init::ProposeOptions wishes;
  wishes.currency = options.text("currency");
  const bool is_code = wishes.currency.size() == 3 && std::all_of(wishes.currency.begin(), wishes.currency.end(),
                                                                  [](char c) { return c >= 'A' && c <= 'Z'; });
  if (options.has("currency") && !is_code) {
    options.wrong(base::Code::wrong_argument, {"--currency", "`" + wishes.currency + "`"},
                  "write the three letters of ISO 4217: EUR, USD, IRR");
    return options.exit_code();
  }
  wishes.as_of = options.has("as-of") ? options.text("as-of") : today();
  if (!project::parse_as_of(wishes.as_of, "UTC")) {
    options.wrong(base::Code::wrong_argument, {"--as-of", "`" + wishes.as_of + "`"}, "write a date as 2026-06-30");
    return options.exit_code();
  }

  Workspace workspace;
  const auto finish = [&] {
    print_diagnostics(options, workspace);
    return exit_code_of(workspace.diagnostics);
  };
  const fs::path folder = options.text("folder");
  for (const std::string_view file : kProjectFiles) {
    std::error_code error;
    if (options.flag("force") || !fs::exists(folder / file, error)) continue;
    workspace.diagnostics
        .report(base::Code::output_not_writable,
                {(folder / file).lexically_normal().string(), "there is a project already"})
        .help("take another folder with `--folder NAME`, or write over it with `--force`");
    return finish();
  }

  std::vector<init::Input> inputs;
  {
    Progress progress(!options.flag("no-progress"));
    for (std::size_t i = 0; i < paths.size(); ++i) {
      progress.stage("looking at " + fs::path(paths[i]).filename().string());
      progress.share(static_cast<double>(i) / static_cast<double>(paths.size()));
      io::SampleLimits limits;
      limits.num_threads = std::max(1U, std::thread::hardware_concurrency());
      auto sample = io::sample_files(paths[i], limits);
      if (!sample.ok()) {
        workspace.diagnostics.report(sample.status());
        continue;
      }
      inputs.push_back({paths[i], std::move(sample).value()});
    }
  }
  if (workspace.diagnostics.has_errors()) return finish();
  std::vector<init::Decision> empty;
  std::erase_if(inputs, [&](const init::Input& input) {
    if (input.sample.num_rows != 0) return false;
    empty.push_back({fs::path(input.path).filename().string(), "left out: it has no rows"});
    return true;
  });
  const auto proposal = init::propose(inputs, wishes);
  if (!proposal) {
    auto finding = workspace.diagnostics.report(base::Code::no_subject_found, base::Args{});
    for (const init::Decision& file : empty) finding.note(file.file + " has no rows");
    if (!inputs.empty()) {
      finding.note("segments are made of customers, households, accounts: these files name nobody")
          .help("give the file of your customers as well, or name the column `customer_id`");
    }
    return finish();
  }
  std::vector<std::string> written_paths;
  for (const init::Input& input : inputs) written_paths.push_back(path_from(folder, input.path));
  const std::vector<init::ProjectFile> files = init::write_project(*proposal, inputs, written_paths);
  if (base::Status status = write_all(folder, files); !status.ok()) {
    workspace.diagnostics.report(status);
    return finish();
  }

  std::cout << "What the files seem to mean\n";
  print_lines(proposal->decisions);
  print_lines(empty);
  if (!proposal->remarks.empty()) {
    std::cout << "\nPlease look at\n";
    print_lines(proposal->remarks);
  }
  std::cout << "\nWritten:";
  for (const init::ProjectFile& file : files) std::cout << " " << (folder / file.path).lexically_normal().string();
  const std::string at = folder.lexically_normal().string();
  std::cout << "\nNext: seg run" << (at == "." || at.empty() ? "" : " --project " + at)
            << (proposal->needs_skipping ? " --on-bad-row skip" : "") << "\n";
  return kFine;
}

}  // namespace seg::tool
