// Commands that read data live in a library of their own, loaded only for them: Arrow alone takes longer to load than
// `seg check` runs.
#include <dlfcn.h>
#include <unistd.h>

#include <climits>
#include <iostream>

#include "base/diagnostic.h"
#include "base/render_human.h"
#include "tools/seg/command.h"

namespace seg::tool {
namespace {

std::string folder_of_program() {
  char path[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string text(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  return text.substr(0, text.rfind('/') + 1);
}

int call_data_command(const char* name, const Arguments& arguments) {
  const std::string path = folder_of_program() + "libseg_data.so";
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* function = library == nullptr ? nullptr : ::dlsym(library, "seg_data_command");
  if (function == nullptr) {
    const char* reason = ::dlerror();
    base::DiagnosticList diagnostics;
    diagnostics.report(base::Code::file_not_readable, {path, reason == nullptr ? "unknown reason" : reason})
        .help("`make setup` installs what it needs; it belongs beside the program");
    std::cerr << base::render_human(diagnostics, {}, {.has_color = false, .shows_summary = false});
    return kEnvironment;
  }
  using Call = int (*)(const char*, const Arguments*);
  return reinterpret_cast<Call>(function)(name, &arguments);
}

}  // namespace

int cmd_run(const Arguments& arguments) { return call_data_command("run", arguments); }
int cmd_init(const Arguments& arguments) { return call_data_command("init", arguments); }

}  // namespace seg::tool
