# The front door. Each target is complete on its own: it installs what is missing, gets
# ONNX Runtime, configures, builds, and runs. A second call does only what is new.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test build bench format lint asan tsan fuzz golden packages test-packages \
        check-packages onnxruntime promtool clean distclean

JOBS ?= $(shell nproc)
# Passed on to the program: make demo ARGS="..."
ARGS ?=
# Seconds that each fuzz target may search.
FUZZ_SECONDS ?= 20
export JOBS FUZZ_SECONDS
ifdef DELEN_WERROR
export DELEN_WERROR
endif

help: ## this table
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## build, then show what a bound does to an answer
	@build/release/delen demo $(ARGS)

test: build test-packages promtool ## build, then run every test
	@ctest --preset release --parallel $(JOBS)

build: onnxruntime ## build/release/delen
	@tools/build.sh release

bench: build test-packages ## build, then measure; results as JSON under build/bench/
	@tools/bench.sh $(ARGS)

format: check-packages ## put every source in the project's format
	@tools/lint.sh format

lint: check-packages onnxruntime ## format, clang-tidy, shell scripts, include directions
	@tools/lint.sh

asan: onnxruntime test-packages promtool ## tests under the address and undefined-behaviour sanitizers
	@tools/build.sh asan
	@ctest --preset asan --parallel $(JOBS)

tsan: onnxruntime test-packages promtool ## tests under the thread sanitizer
	@tools/build.sh tsan
	@ctest --preset tsan --parallel $(JOBS)

fuzz: check-packages onnxruntime ## search for crashing inputs, FUZZ_SECONDS per target
	@tools/build.sh fuzz
	@tools/fuzz.sh

golden: check-packages onnxruntime ## simulations built by clang: the same to the bit
	@tools/build.sh clang configure
	@cmake --build --preset clang --parallel $(JOBS) --target delen_golden_test
	@ctest --preset clang --label-regex golden

packages:
	@tools/install_packages.sh build

test-packages: packages
	@tools/install_packages.sh test

check-packages: packages
	@tools/install_packages.sh check

onnxruntime: packages
	@tools/fetch_onnxruntime.sh

promtool: packages
	@tools/fetch_promtool.sh

clean: ## remove build/; what was downloaded stays
	@rm -rf build

distclean: clean ## remove the downloads in third_party/ as well
	@rm -rf third_party
