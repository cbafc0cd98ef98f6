# seg_library(NAME SOURCES a.cpp … LINK targets …): one folder's static library.
function(seg_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC ${arg_LINK})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_LINK})
  endif()
endfunction()

# seg_test(NAME SOURCES a.cpp … LINK targets …): a doctest executable, run by ctest.
function(seg_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/tests/unit/doctest_main.cpp)
  target_link_libraries(${name} PRIVATE ${arg_LINK} doctest::doctest)
  target_compile_definitions(${name} PRIVATE SEG_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# seg_embed(TARGET NAMESPACE ns FUNCTION name ROOT dir FILES …): adds to TARGET a generated source with the files' texts
# (cmake/embed.cmake says what it defines).
function(seg_embed target)
  cmake_parse_arguments(arg "" "NAMESPACE;FUNCTION;ROOT" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${arg_FUNCTION}.cpp)
  string(REPLACE ";" "|" files "${arg_FILES}")
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAMESPACE=${arg_NAMESPACE} -DFUNCTION=${arg_FUNCTION} -DROOT=${arg_ROOT}
            "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${arg_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
