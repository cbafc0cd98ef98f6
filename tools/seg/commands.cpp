#include "tools/seg/command.h"

#include <cstdlib>

namespace seg::tool {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
#define SEG_COMMAND(name, summary, usage, example) {#name, summary, usage, example},
#include "tools/seg/commands.def"
#undef SEG_COMMAND
  };
  return all;
}

const Command& command_named(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name) return command;
  }
  std::abort();
}

}  // namespace seg::tool
