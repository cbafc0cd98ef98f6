#include "tools/seg/data_commands.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "base/atomic_file.h"

namespace seg::tool {
namespace {

// Outputs under way are registered in this library's copy of base/.
void end_by_signal(int signal) {
  base::remove_temporary_files();
  constexpr std::string_view kMessage = "\nstopped; nothing was written\n";
  if (::write(STDERR_FILENO, kMessage.data(), kMessage.size()) < 0) std::signal(signal, SIG_DFL);
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace
}  // namespace seg::tool

extern "C" __attribute__((visibility("default"))) int seg_data_command(const char* name,
                                                                       const seg::tool::Arguments* arguments) {
  std::signal(SIGINT, seg::tool::end_by_signal);
  std::signal(SIGTERM, seg::tool::end_by_signal);
  return std::string_view(name) == "run" ? seg::tool::run_command(*arguments) : seg::tool::init_command(*arguments);
}
