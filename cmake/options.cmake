# Compiler options for every target of this project.
option(SEG_BENCHMARKS "Build the micro-benchmarks (benchmarks/micro)" OFF)
option(SEG_SANITIZE "Sanitizers, as in -fsanitize=: address,undefined or thread" "")

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Werror=switch)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)  # g++ 12 sees overlaps inside std::string that can't be (GCC bug 105651)
endif()
if(SEG_SANITIZE)
  add_compile_options(-fsanitize=${SEG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SEG_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
