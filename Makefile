# The everyday commands. Each does what it needs first (set-up, configuring), and takes seconds when nothing has changed.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$(( n < 8 ? n : 8 )))
PYTHON_VENV := .deps/venv/bin/python
SEG := build/release/tools/seg/seg
EXAMPLE := examples/complete_journey

.PHONY: help setup build release data demo test asan fmt lint faults differential coverage bench bench-compare micro clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-13s %s\n", $$1, $$2 }'

setup: ## install what building and testing needs (Debian packages, Python wheels in .deps)
	@tools/setup

build: setup ## everything, for development: build/dev
	@[ -f build/dev/build.ninja ] || cmake --preset dev
	@cmake --build --preset dev -j $(JOBS)

release: setup ## the program `seg` alone, optimised: build/release
	@[ -f build/release/build.ninja ] || cmake --preset release
	@cmake --build --preset release -j $(JOBS) --target seg

data: setup ## the Complete Journey's tables as Parquet files, once
	@[ -e $(EXAMPLE)/data/transactions.parquet ] || $(PYTHON_VENV) tools/fetch_complete_journey.py

demo: release data ## segments over a real retailer's 2,469 households: prints the table, writes the members
	@mkdir -p build/demo
	@$(SEG) run --project $(EXAMPLE) --out build/demo/members.parquet --members build/demo/members
	@echo "One row per household: build/demo/members.parquet. One file per segment: build/demo/members/."

test: build data ## all tests
	@ctest --preset dev -j $(JOBS)

asan: setup ## all tests with address and undefined-behaviour sanitizers: build/asan-ubsan
	@[ -f build/asan-ubsan/build.ninja ] || cmake --preset asan-ubsan
	@$(MAKE) data
	@cmake --build --preset asan-ubsan -j $(JOBS)
	@ctest --preset asan-ubsan -j $(JOBS)

fmt: setup ## clang-format every source
	@$(PYTHON_VENV) tools/lint.py --fix-format

lint: build ## clang-format and clang-tidy; only what changed since it last passed
	@$(PYTHON_VENV) tools/lint.py -j $(JOBS)

faults: setup ## put each fault of tests/faults/ in, one at a time, and see that a test notices (long)
	@$(PYTHON_VENV) tools/faults.py

differential: setup ## a million random programs, VM against reference (CASES, SEED): what occurred, and how often it was true, false, unknown
	@[ -f build/dev/build.ninja ] || cmake --preset dev
	@cmake --build --preset dev -j $(JOBS) --target seg_differential
	@build/dev/tests/differential/seg_differential --cases $(or $(CASES),1000000) --seed $(or $(SEED),1) --threads $(JOBS)

coverage: setup ## docs/coverage.md, from the tags of examples, pages and tests
	@$(PYTHON_VENV) tools/coverage_rows.py

BENCH_OPTIONS = --workload $(or $(WORKLOAD),first) --segments $(or $(SEGMENTS),100) --seed $(or $(SEED),2026)

bench: release ## seg against Polars and DuckDB on a generated workload (WORKLOAD=first or wide, CUSTOMERS, SEGMENTS, SEED, ROUNDS; BENCH for more options)
	@$(PYTHON_VENV) benchmarks/run.py $(BENCH_OPTIONS) --customers $(or $(CUSTOMERS),1000000) --rounds $(or $(ROUNDS),5) $(BENCH)

bench-compare: release ## this tree's release against that of another revision (REV=main; the options of bench)
	@$(PYTHON_VENV) benchmarks/compare_builds.py $(or $(REV),main) $(BENCH_OPTIONS) --customers $(or $(CUSTOMERS),100000) --rounds $(or $(ROUNDS),9) --jobs $(JOBS) $(BENCH)

micro: setup ## micro-benchmarks of kernels: build/release/benchmarks/micro/seg_micro
	@cmake --preset release -DSEG_BENCHMARKS=ON >/dev/null
	@cmake --build --preset release -j $(JOBS) --target seg_micro
	@build/release/benchmarks/micro/seg_micro

clean: ## remove build/ (.deps stays)
	@rm -rf build
