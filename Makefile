# Everything a fresh clone needs: python3 (3.10 or later) with pip and venv.
#
#   make demo    install into .venv, speak a sentence, render the example, print their loudness
#   make test    install what tests need, run all of them
#   make quick   the tests that take no more than a few seconds each
#   make lint    ruff           make types   mypy --strict on vocolab/
#   make fuzz    broken files for every reader; guided by atheris where it is installed; FUZZ_ARGS="TARGET --seconds 60"
#   make bench   how fast files are mastered, beside ffmpeg where it is installed
#   make judges  the judges of `vocolab bench quality --judges`, in an environment of their own (2 GB)
#   make bench-quality   how close every voice comes to its recordings; CORPUS=, SECOND= and BENCH_ARGS= change with what

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
DEVELOP := $(VENV)/.develop
# As many workers as there are cores, each with one thread of torch (tests/conftest.py).
PYTEST_ARGS ?= -n auto --dist worksteal

EXAMPLE := examples/kathleen.npy
DEMO := out/demo.wav
HELLO := out/hello.wav

CORPUS ?= ../shared/data/kathleen
SECOND ?= $(wildcard ../shared/data/ljspeech)
QUALITY := out/quality.md
BENCH_ARGS ?=
FUZZ_ARGS ?=

.DEFAULT_GOAL := demo
.PHONY: demo test quick lint types fuzz bench judges bench-quality clean

demo: $(INSTALLED)
	mkdir -p $(dir $(DEMO))
	$(BIN)/vocolab say "Every part of this voice was made on a plain processor." --preset broadcast -o $(HELLO)
	$(BIN)/vocolab render $(EXAMPLE) --vocoder hifigan --preset broadcast -o $(DEMO)
	$(BIN)/vocolab measure $(HELLO) $(DEMO)

test: $(DEVELOP)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

quick: $(DEVELOP)
	$(BIN)/python -m pytest -m "not slow" $(PYTEST_ARGS)

lint: $(DEVELOP)
	$(BIN)/ruff check .

types: $(DEVELOP)
	$(BIN)/mypy

fuzz: $(DEVELOP)
	$(BIN)/python tests/fuzzing/run.py $(FUZZ_ARGS)

bench: $(INSTALLED)
	$(BIN)/python benchmarks/mastering.py

judges: $(INSTALLED)
	$(BIN)/python -m vocolab.bench.judges.environment

bench-quality: $(DEVELOP)
	mkdir -p $(dir $(QUALITY))
	$(BIN)/vocolab bench quality --data $(CORPUS) $(if $(SECOND),--second $(SECOND)) -o $(QUALITY) $(BENCH_ARGS)
	cat $(QUALITY)

clean:
	rm -rf $(VENV) out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A stamp is newer than what it was installed from, so that a second make installs nothing.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	touch $@

$(DEVELOP): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e ".[test,lint]"
	touch $@ $(INSTALLED)
