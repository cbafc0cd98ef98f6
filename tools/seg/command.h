// The commands of the program and what they share: exit codes, options, the terminal.
// In: the words of the command line behind the command's name. Out: an exit code; results on standard output,
// everything about them (diagnostics, progress) on standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seg::tool {

inline constexpr int kFine = 0;         // nothing found
inline constexpr int kFindings = 1;     // errors in rules, failed tests, bad rows
inline constexpr int kWrongUse = 2;     // of the command line
inline constexpr int kEnvironment = 3;  // files, disk, memory, interrupted
inline constexpr int kUndecided = 4;    // a proof that was not found

inline constexpr std::string_view kVersionText = "0.1.0";

using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view usage;
  std::string_view example;
};

const std::vector<Command>& commands();
const Command& command_named(std::string_view name);  // one of commands()

#define SEG_COMMAND(name, summary, usage, example) int cmd_##name(const Arguments& arguments);
#include "tools/seg/commands.def"
#undef SEG_COMMAND

// Ctrl-C and SIGTERM remove what is half-written, say so, and end the program by that signal.
void handle_signals();

// Colours: only on a terminal, never with NO_COLOR; `--color always|never` decides otherwise.
bool wants_color(int file_descriptor, std::string_view choice);
int terminal_columns(int file_descriptor);  // 120 where there is none

}  // namespace seg::tool
