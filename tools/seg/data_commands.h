// The commands of libseg_data.so.
#pragma once

#include "tools/seg/command.h"

namespace seg::tool {

int run_command(const Arguments& arguments);  // seg run

}  // namespace seg::tool
