// The commands of libseg_data.so.
#pragma once

#include "tools/seg/command.h"

namespace seg::tool {

int run_command(const Arguments& arguments);   // seg run
int init_command(const Arguments& arguments);  // seg init

}  // namespace seg::tool
