// seg: segments written as rules. Finds the command and calls it.
#include <unistd.h>

#include <iostream>
#include <string>

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
  seg::tool::handle_signals();
  std::ios::sync_with_stdio(false);
  return seg::tool::dispatch({argv + 1, argv + argc});
}
