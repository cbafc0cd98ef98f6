#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "tools/seg/command.h"

namespace seg::tool {

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
