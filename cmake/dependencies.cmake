# Outside libraries. docs/dependencies.md says why each is here. Each is linked by the few targets that name it.
find_package(pegtl REQUIRED)                       # taocpp::pegtl
find_package(Boost REQUIRED COMPONENTS program_options)
find_package(yaml-cpp REQUIRED)
find_package(doctest REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)

# Arrow C++: the system's where there is one, else the one inside the pinned pyarrow wheel that tools/setup put under .deps.
# The wheel's libraries have no plain libarrow.so beside libarrow.so.NNNN, so they are linked by their full names.
find_package(Arrow QUIET)
find_package(Parquet QUIET)
find_package(ArrowDataset QUIET)
find_package(ArrowCompute QUIET)  # a library of its own from Arrow 21 on
add_library(seg_arrow INTERFACE)
if(Arrow_FOUND AND Parquet_FOUND AND ArrowDataset_FOUND)
  target_link_libraries(seg_arrow INTERFACE ArrowDataset::arrow_dataset_shared Parquet::parquet_shared)
  if(TARGET ArrowCompute::arrow_compute_shared)
    target_link_libraries(seg_arrow INTERFACE ArrowCompute::arrow_compute_shared)
  endif()
  target_link_libraries(seg_arrow INTERFACE Arrow::arrow_shared)
else()
  set(SEG_DEPS ${PROJECT_SOURCE_DIR}/.deps CACHE PATH "Where tools/setup put the Python wheels")
  file(GLOB seg_pyarrow_dir ${SEG_DEPS}/venv/lib/python3*/site-packages/pyarrow)
  list(LENGTH seg_pyarrow_dir seg_num_pyarrow_dirs)
  if(NOT seg_num_pyarrow_dirs EQUAL 1)
    message(FATAL_ERROR "Arrow C++ was not found: run tools/setup (or `make setup`) first. "
                        "Looked for find_package(Arrow) and for one pyarrow under ${SEG_DEPS}/venv; found '${seg_pyarrow_dir}'")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${SEG_DEPS}/stamp)  # another pyarrow has other file names
  target_include_directories(seg_arrow SYSTEM INTERFACE ${seg_pyarrow_dir}/include)
  foreach(library parquet arrow_dataset arrow_acero arrow_compute arrow)
    file(GLOB so ${seg_pyarrow_dir}/lib${library}.so.* ${seg_pyarrow_dir}/lib${library}.*.dylib)
    if(NOT so)
      message(FATAL_ERROR "lib${library} is not in ${seg_pyarrow_dir}: is pyarrow the version of tools/requirements.txt?")
    endif()
    target_link_libraries(seg_arrow INTERFACE ${so})
  endforeach()
  target_link_options(seg_arrow INTERFACE -Wl,-rpath,${seg_pyarrow_dir})
endif()

# Python for tests and generators: the one that tools/setup made, with the wheels of tools/requirements.txt.
set(SEG_PYTHON ${PROJECT_SOURCE_DIR}/.deps/venv/bin/python CACHE FILEPATH "Python with the wheels of tools/requirements.txt")
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)  # comparisons into masks (runtime/exec)
