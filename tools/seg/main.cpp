// seg: segments written as rules. Finds the command and calls it.
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <string>

#include "base/atomic_file.h"
#include "base/diagnostic.h"
#include "base/render_human.h"
#include "base/suggest.h"
#include "tools/seg/command.h"

namespace seg::tool {

namespace {

void print_overview(std::ostream& out) {
  out << "seg " << kVersionText
      << ": customer segments as rules that are checked, tested and run\n\nUsage: seg COMMAND [OPTIONS]\n\n";
  for (const Command& command : commands()) {
    out << "  " << command.name << std::string(10 - command.name.size(), ' ') << command.summary << "\n";
  }
  out << "\n`seg COMMAND --help` says more. Exit codes: 0 fine, 1 findings, 2 wrong use, 3 environment, 4 undecided.\n"
         "Example: seg init customers.csv orders.csv --folder shop && seg run --project shop\n";
}

// Nothing half-written stays behind, and the exit status says that it was a signal.
void end_by_signal(int signal) {
  base::remove_temporary_files();
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

int dispatch(const Arguments& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_overview(words.empty() ? std::cerr : std::cout);
    return words.empty() ? kWrongUse : kFine;
  }
  if (words[0] == "--version" || words[0] == "version") {
    std::cout << "seg " << kVersionText << "\n";
    return kFine;
  }
  std::vector<std::string> names;
  const Arguments rest(words.begin() + 1, words.end());
#define SEG_COMMAND(name, summary, usage, example) \
  if (words[0] == #name) return cmd_##name(rest);  \
  names.emplace_back(#name);
#include "tools/seg/commands.def"
#undef SEG_COMMAND
  base::DiagnosticList diagnostics;
  auto builder = diagnostics.report(base::Code::unknown_command, {words[0]});
  const auto near = base::suggest(words[0], names);
  builder.help(near ? "did you mean `seg " + *near + "`?" : "`seg --help` lists the commands");
  std::cerr << base::render_human(diagnostics, {},
                                  {.has_color = wants_color(STDERR_FILENO, "auto"), .shows_summary = false});
  return kWrongUse;
}

}  // namespace
}  // namespace seg::tool

int main(int argc, char** argv) {
  std::signal(SIGINT, seg::tool::end_by_signal);
  std::signal(SIGTERM, seg::tool::end_by_signal);
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of write(), which is reported
  std::ios::sync_with_stdio(false);
  return seg::tool::dispatch({argv + 1, argv + argc});
}
