"""Who may include whom. tests/tables/check_repository.py checks every #include line against these tables.

A folder that is not named here may not hold C++ sources: give it a row, and say in docs/architecture.md what it is for.
The picture behind it:

    base <- grammar <- compiler/syntax <- compiler/check -> program <- compiler/{analyze,optimize,bytecode,sql}, reference
    base <- runtime/vector <- runtime/bytecode <- compiler/bytecode, runtime/exec

The runtime never includes the compiler; the compiler sees of the runtime only its contract, runtime/bytecode (and, for folding, the
scalar functors of runtime/kernels); back-ends never include each other; the reference interpreter shares nothing with the VM but passive data.
"""

# folder -> the other folders whose headers it may include (its own is always allowed)
MAY_INCLUDE = {
    "base": [],
    "grammar": ["base"],
    "stdlib": ["base"],
    "program": ["base"],
    "compiler/syntax": ["base", "grammar"],
    "compiler/check": ["base", "grammar", "compiler/syntax", "compiler/analyze", "program", "stdlib"],
    "compiler/analyze": ["base", "program"],
    "compiler/optimize": ["base", "program", "runtime/kernels"],
    "compiler/bytecode": ["base", "program", "runtime/bytecode", "runtime/vector"],
    "compiler/sql": ["base", "program"],
    "reference": ["base", "program", "runtime/vector"],
    "runtime/vector": ["base"],
    "runtime/bytecode": ["base", "runtime/vector"],
    "runtime/kernels": ["base", "runtime/vector"],
    "runtime/events": ["base", "runtime/vector", "runtime/bytecode", "runtime/kernels"],
    "runtime/population": ["base", "runtime/vector", "runtime/bytecode", "runtime/kernels"],
    "runtime/io": ["base", "runtime/vector"],
    "runtime/exec": ["base", "runtime/vector", "runtime/bytecode", "runtime/kernels", "runtime/events", "runtime/population", "runtime/io"],
    "runtime/engines": ["base", "runtime/vector", "runtime/io"],
}

# These stand on top of everything: they may include any of the folders above, but only their own kind among themselves.
ON_TOP = ["tools", "tests", "editor-support", "benchmarks"]

# outside library (as an #include begins) -> the folders that may name it
OUTSIDE = {
    "tao/": ["grammar", "compiler/syntax", "tests"],
    "arrow/": ["runtime/io", "tools", "tests", "benchmarks"],
    "parquet/": ["runtime/io", "tools", "tests", "benchmarks"],
    "boost/": ["tools"],
    "yaml-cpp/": ["tools"],
    "re2/": ["compiler/check", "runtime/kernels", "reference", "tests"],
    "unicode/": ["base", "grammar", "compiler/syntax", "runtime/kernels", "runtime/vector", "runtime/io", "reference", "tools", "tests"],
    "z3": ["compiler/analyze"],
    "hwy/": ["runtime/kernels", "runtime/vector", "runtime/events", "runtime/exec"],
    "doctest/": ["tests"],
    "benchmark/": ["benchmarks"],
}

# Outside libraries that compile slowly: never in a header, whoever includes it pays.
NOT_IN_HEADERS = ["fmt/", "nlohmann/", "arrow/", "parquet/", "unicode/", "re2/", "yaml-cpp/", "boost/"]
# … but for these headers, whose very purpose it is (path -> the library).
IN_HEADERS = {"runtime/io/convert_parts.h": "arrow/"}
