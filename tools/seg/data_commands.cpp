#include "tools/seg/data_commands.h"

#include <string_view>

extern "C" __attribute__((visibility("default"))) int seg_data_command(const char* name,
                                                                       const seg::tool::Arguments* arguments) {
  seg::tool::handle_signals();  // outputs under way are registered in this library's copy of base/
  return std::string_view(name) == "run" ? seg::tool::run_command(*arguments) : seg::tool::init_command(*arguments);
}
