# make demo and make test set up what they need; make help lists everything.
PYTHON ?= python3
RUN = .venv/bin/python

.PHONY: help demo test check soak bench-sound constraints clean

help:
	@echo "make demo         run the site, the local cloud and a small real model on this machine"
	@echo "                  PORT=8001 and DEEP_HOP_HOST_PASSWORD=... are honoured"
	@echo "make test         install what the tests need and run every test"
	@echo "make check        linters and types alone"
	@echo "make soak         20 rounds of start, write, stop; times and memory (ROUNDS=20)"
	@echo "make bench-sound  measure the sound library: speed, false alarms, import"
	@echo "make constraints  write constraints.txt anew from what is installed"
	@echo "make clean        remove the virtual environment and caches of this folder"

demo:
	@$(PYTHON) -m scripts.install demo
	@exec $(RUN) -m scripts.demo

test: check
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m pytest

check:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@.venv/bin/cfn-lint infrastructure/*.yaml

soak:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m tests.soak --rounds $(or $(ROUNDS),20)

bench-sound:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m pip install --quiet pronouncing==0.3.0
	@$(RUN) -m tests.bench_sound

constraints:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m pip freeze | sed 's/+cpu//' | grep -viE '^(nvidia|cuda|triton)' > constraints.unfinished
	@mv constraints.unfinished constraints.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
