# Everything needs only make and Python 3.11: the first target that you ask for makes the virtual environment.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin

PYTEST := COLUMNS=200 PYTHONHASHSEED=0 $(BIN)/pytest -q --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help demo run test slow lint bench train migration lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 20

demo: $(VENV)/run  ## a small town to try it in, no account and no network (make demo ONCE=1: fast, without a browser)
	@$(BIN)/vidhuk demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

run: $(VENV)/run  ## listen, alert and answer, as config/vidhuk.yaml says
	@$(BIN)/vidhuk run

test: $(VENV)/dev  ## the quick tests
	@$(PYTEST) -n 4 --no-loadscope-reorder -m "not slow"

slow: $(VENV)/dev  ## long tables and storms, PostgreSQL, and the tests that install and start other people's software
	@$(PYTEST) -n 4 -m slow

lint: $(VENV)/dev  ## style, types, import rules, unused dependencies, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/python -m tests.check_migrations

bench: $(VENV)/dev  ## how fast, as ratios within one run
	@$(BIN)/python -m benchmarks

train: build/training/venv/ready  ## rebuild the sentiment model, and say how far it is from the one that ships (about three hours)
	@build/training/venv/bin/python -m training
	@build/training/venv/bin/python -m training.compare build/training/model

build/training/venv/ready: training/requirements.txt
	@$(PYTHON) -m venv build/training/venv
	@build/training/venv/bin/pip install -q --disable-pip-version-check -r training/requirements.txt
	@touch $@

migration: $(VENV)/dev  ## write the next migration: make migration NAME="what changes"
	@$(BIN)/python -m tests.check_migrations --write "$(NAME)"

lock: $(VENV)/dev  ## choose new versions of what we depend on
	@$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean:  ## remove the virtual environment and everything that was built
	@rm -rf $(VENV) build

# uv installs in seconds what pip installs in minutes; where it can't be had, pip does it.
# Of a venv that was begun without Debian's python3-venv only the name is right.
install = test -x $(BIN)/python || command -v $(PYTHON) >/dev/null || { \
	echo "There is no $(PYTHON) here. Install it, or name a newer Python that is there: make PYTHON=python3.13 …" >&2; exit 1; }; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || exit 1; \
	$(BIN)/python -m pip install -q --disable-pip-version-check uv 2>/dev/null || true; \
	echo "Installing what $(1) lists …"; \
	if [ -x $(BIN)/uv ]; \
	then $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi && \
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .

$(VENV)/run: requirements.txt pyproject.toml
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev: requirements-dev.txt pyproject.toml
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/run
