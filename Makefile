# `make generate` and `make test` are all a fresh clone needs: Python >= 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
TOOLS := tests/node_modules/.installed

.PHONY: generate check test test-all lint types format lock bench corpus wheel clean

generate: $(STAMP) ## set up, then regenerate generated/ from spec/
	$(BIN)/eventwright generate

check: $(STAMP) ## spec, lock and generated code agree
	$(BIN)/eventwright check $(ARGS)

test: $(STAMP) $(TOOLS) ## the default suite, about two minutes
	$(BIN)/pytest -n auto --dist worksteal -m "not heavy"

test-all: $(STAMP) $(TOOLS) ## what CI runs
	$(BIN)/pytest -n auto --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check generator tests templates/static
	$(BIN)/ruff check --isolated generated

types: $(STAMP) $(TOOLS)
	$(BIN)/mypy
	$(BIN)/mypy --strict --python-version 3.10 generated/customerio_events
	cd tests && node_modules/.bin/pyright -p pyright

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format generator tests templates/static

lock: $(STAMP) ## rewrite requirements.lock from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml --group dev -o requirements.lock

bench: $(STAMP) ## paired ratios against the peers; BENCH=--quick for less
	PYTHONPATH=tests $(BIN)/python -m bench $(BENCH)

corpus: $(STAMP) ## what becomes of real documents, as a table; ARGS="--mypy --lenient NAME"
	PYTHONPATH=tests $(BIN)/python -m corpus $(ARGS)

wheel: $(STAMP) ## build the wheel, install it elsewhere, generate with it
	tests/smoke-wheel.sh

clean:
	rm -rf .venv tests/node_modules dist

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "eventwright needs Python 3.11 or newer; try: make PYTHON=python3.12 " + "generate")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q generator # which pip does for all but an editable install
	@touch $@

# The node tools are witnesses for the tests (Prism, pyright); without Node those tests say why they skip.
$(TOOLS): tests/package.json tests/package-lock.json | $(STAMP)
	@if command -v npm >/dev/null; then npm ci --prefix tests --no-audit --no-fund --loglevel=error; \
	 else echo "npm not found: the tests against Prism will be skipped"; fi
	@if test -d $(@D); then touch $@; fi
