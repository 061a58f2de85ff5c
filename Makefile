# make demo and make test set up what they need; make help lists everything.
PYTHON ?= python3
RUN = .venv/bin/python

.PHONY: help demo training test coverage check audit soak load pictures bench-sound bench-training bench-engine bench-gptj bench-gpu adapter ablation \
	constraints clean

help:
	@echo "make demo         run the site, the local cloud and a small real model on this machine"
	@echo "                  PORT=8001 and DEEP_HOP_HOST_PASSWORD=... are honoured"
	@echo "make training     install what collecting, preparing and training need"
	@echo "make test         install what the tests need and run every test"
	@echo "make coverage     the same, and which lines no test runs"
	@echo "make check        linters, types, unsafe calls and pinned packages alone"
	@echo "make audit        ask PyPI for known vulnerabilities of the pinned packages"
	@echo "make soak         20 rounds of start, write, stop (ROUNDS=20), then 30 minutes of the"
	@echo "                  container at full load (MINUTES=30); times and memory"
	@echo "make load         64 visitors and 500 watchers on one endpoint; waits, fairness, answers"
	@echo "make pictures     every page in both themes and three widths, into docs/pages"
	@echo "make bench-sound  measure the sound library: speed, false alarms, import"
	@echo "make bench-training  measure the training loop: speed and packing"
	@echo "make bench-engine measure the engine: many visitors, one visitor, growth (engine.svg),"
	@echo "                  and the shape of GPT-J beside CTranslate2 (15 minutes)"
	@echo "make bench-gpu    tokens a second by rows, beside transformers and CTranslate2"
	@echo "make bench-gptj   quantize, load and run a GPT-J of full size (19 GB of disk, 10 minutes)"
	@echo "make adapter      train and measure an adapter for the small model, into models/ (hours)"
	@echo "make ablation     train and compare four mixes of lessons, three seeds each (90 minutes)"
	@echo "make constraints  write constraints.txt anew from what is installed"
	@echo "make clean        remove the virtual environment and caches of this folder"

demo:
	@$(PYTHON) -m scripts.install demo
	@exec $(RUN) -m scripts.demo

training:
	@$(PYTHON) -m scripts.install train

test: check
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m pytest

coverage: check
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m pytest --cov --cov-report term:skip-covered

check:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@.venv/bin/cfn-lint infrastructure/*.yaml
	@.venv/bin/bandit --quiet --configfile pyproject.toml --recursive \
		bars inference infrastructure scripts training_job webapp
	@$(RUN) -m scripts.check_dependencies

audit:
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet pip-audit==2.10.1
	@.venv-audit/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

soak:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m tests.soak --rounds $(or $(ROUNDS),20)
	@$(RUN) -m tests.soak_container --minutes $(or $(MINUTES),30)

load:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m tests.load_site

pictures:
	@$(PYTHON) -m scripts.install test
	@rm -rf .pictures
	@PICTURES=.pictures $(RUN) -m pytest tests/browser
	@$(RUN) -m tests.picture_sheets .pictures docs/pages

bench-sound:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m pip install --quiet pronouncing==0.3.0
	@$(RUN) -m tests.bench_sound

bench-training: LESSONS ?= lessons
bench-training:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m scripts.fetch_model
	@test -d $(LESSONS) || $(RUN) -m scripts.prepare_data --sample --out $(LESSONS)
	@$(RUN) -m tests.bench_training --data $(LESSONS)

bench-engine:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m pip install --quiet --no-deps ctranslate2==4.8.5
	@$(RUN) -m tests.bench_engine --plot engine.svg
	@$(RUN) -m tests.bench_gpu --layers 4 --width 1024 --rows 1 16 --turns 2

bench-gptj:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m tests.bench_gptj

bench-gpu:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m pip install --quiet --no-deps ctranslate2==4.8.5
	@$(RUN) -m tests.bench_gpu

adapter:
	@$(PYTHON) -m scripts.install train
	@$(RUN) -m scripts.fetch_model
	@$(RUN) -m scripts.make_adapter

ablation:
	@$(PYTHON) -m scripts.install train
	@$(RUN) -m scripts.fetch_model
	@test -d ablation/lessons || $(RUN) -m scripts.prepare_data --sample --sounds 20000 \
		--valid 0.06 --test 0.15 --out ablation/lessons
	@$(RUN) -m scripts.run_ablation --data ablation/lessons --out ablation

constraints:
	@$(PYTHON) -m scripts.install test
	@$(RUN) -m pip freeze | sed 's/+cpu//' | grep -viE '^(nvidia|cuda|triton)' > constraints.unfinished
	@mv constraints.unfinished constraints.txt

clean:
	rm -rf .venv .venv-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
