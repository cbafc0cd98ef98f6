#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "base/atomic_file.h"
#include "tools/seg/command.h"

namespace seg::tool {
namespace {

void end_by_signal(int signal) {
  base::remove_temporary_files();
  constexpr std::string_view kMessage = "\nerror S7103: stopped; nothing was written\n";
  const ssize_t written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  static_cast<void>(written);
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

void handle_signals() {
  std::signal(SIGINT, end_by_signal);
  std::signal(SIGTERM, end_by_signal);
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of write(), which is reported
}

bool wants_color(int file_descriptor, std::string_view choice) {
  if (choice == "always") return true;
  if (choice == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return ::isatty(file_descriptor) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

int terminal_columns(int file_descriptor) {
  winsize size{};
  if (::isatty(file_descriptor) != 0 && ::ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) {
    return std::clamp<int>(size.ws_col, 40, 200);
  }
  return 120;
}

}  // namespace seg::tool
