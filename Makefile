# Everything that CI runs can be run here. Two commands need nothing but Python 3.11 or later: make certify, make test.
PYTHON ?= python3
BIN := .venv/bin
# Two processes are faster than one, and a file's tests stay together in one of them.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := impl conformance tools

.DEFAULT_GOAL := help
.PHONY: help certify certify-transports picture test quick soak release-check check schemathesis generators selftest bench bench-channel contract stubs examples numbers limits seats third-party bayeux fresh other-tools lint types floors fmt wheel wheel-test release locks clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- environments: .run holds what the commands need, .dev adds what the tests and gates need ---

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; set PYTHON=")'
	$(PYTHON) -m venv .venv

.venv/.run: requirements/run.txt requirements/build.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --require-hashes -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.generators: requirements/generators.txt .venv/.dev
	$(PIP) install --require-hashes -r requirements/generators.txt
	@touch $@

# The JavaScript clients and the other people's tools that must take our bundles. Without npm their tests say that they did not run.
node_modules/.ready: package.json package-lock.json
	@if command -v npm >/dev/null; then npm ci --no-audit --no-fund --loglevel=error && touch $@; \
	else echo "npm is not here: the tests with the JavaScript clients will not run" >&2; fi

# --- the two commands ---

certify: .venv/.run  ## certify the reference server; says where the report is
	$(BIN)/callproof run --out results

certify-transports: .venv/.run  ## certify it over long-polling and WebSocket, with and without acknowledgement
	@for transport in long-polling websocket; do for acknowledge in off on; do \
	  $(BIN)/callproof run --profile notify --profile initiate-conference \
	    --transport $$transport --acknowledge $$acknowledge --out results/$$transport-$$acknowledge || exit; \
	done; done

test: .venv/.dev node_modules/.ready  ## run the tests
	$(PYTEST)

quick: .venv/.dev  ## run the pure tests only: no port, no process, no event loop; says what it left out
	$(BIN)/python -m pytest -p tools.pure_tests --pure

soak: .venv/.dev node_modules/.ready  ## attack everything for some minutes and print a table; PROOF=NAME plays one
	$(BIN)/python -m tools.soak $(PROOF)

release-check: .venv/.dev node_modules/.ready bench/peers/node_modules/.ready  ## run what is too long for CI, for hours; once before a release
	PYTEST="$(PYTEST)" bash tools/release-check.sh

# --- the gates ---

check: lint types floors contract fresh  ## lint, types, import floors, contract, generated files

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy --strict impl/refswitch
	$(BIN)/mypy --strict conformance/callproof
	$(BIN)/mypy --strict tools
	MYPYPATH=impl $(BIN)/mypy --strict bench

floors: .venv/.dev
	PYTHONPATH=impl:conformance $(BIN)/lint-imports

contract: .venv/.dev  ## lint the contract and write the bundles of dist/
	$(BIN)/python -m tools.contract lint
	$(BIN)/python -m tools.contract bundle

stubs: .venv/.dev  ## write the generated stubs
	$(BIN)/python -m tools.contract stubs

examples: .venv/.dev  ## record the examples of the contract that no page shows
	$(BIN)/python -W ignore -m tools.examples

numbers: .venv/.dev  ## write docs/numbers.md from the table of simulated numbers
	$(BIN)/python -m tools.numbers

limits: .venv/.dev  ## write docs/limits.md from the two tables of bounds
	$(BIN)/python -m tools.limits

seats: .venv/.dev  ## write docs/seats.md from the schema of the seats file
	$(BIN)/python -m tools.seats

third-party: .venv/.dev  ## write THIRD-PARTY.md from the lock, the installed metadata and the table of files of others
	$(BIN)/python -m tools.third_party

bayeux: .venv/.dev  ## write docs/bayeux.md from the requirements and the tests that name them
	$(BIN)/python -m tools.bayeux

fresh: .venv/.dev
	$(BIN)/python -m tools.contract check
	$(BIN)/python -W ignore -m tools.examples check
	$(BIN)/python -m tools.numbers check
	$(BIN)/python -m tools.limits check
	$(BIN)/python -m tools.seats check
	$(BIN)/python -m tools.bayeux check
	$(BIN)/python -m tools.third_party check
	$(BIN)/python -m tools.release check

other-tools: .venv/.dev node_modules/.ready  ## show that other people's tools accept the bundles
	npm run --silent other-tools

generators: .venv/.generators node_modules/.ready  ## show that other people's code generators keep every schema and operation
	$(BIN)/python -m tools.generators
	$(BIN)/python -m pytest tools/tests/test_generators.py tools/tests/test_generated_clients.py

schemathesis: .venv/.run  ## run the schemathesis recipe against refswitch: green, and every operation accepted
	$(BIN)/python -m tools.schemathesis_run

selftest: .venv/.run  ## prove the suite: faulty servers must be caught by name, odd but legal ones must stay green
	$(BIN)/callproof selftest

picture: .venv/.run  ## draw the README's picture from a real run
	$(BIN)/callproof run --out results
	PYTHONPATH=conformance $(BIN)/python -m tools.picture results docs/ladder.svg

# Fastify is installed here and by nobody else; without npm the table has no row of it.
bench/peers/node_modules/.ready: bench/peers/package.json bench/peers/package-lock.json
	@if command -v npm >/dev/null; then cd bench/peers && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.ready; \
	else echo "npm is not here: Fastify will not be measured" >&2; fi

bench-channel: .venv/.run bench/peers/node_modules/.ready  ## measure the notification channel beside its peers, in one run
	PYTHONPATH=impl $(BIN)/python -W ignore -m bench.channel

bench: .venv/.run bench/peers/node_modules/.ready  ## measure the operation endpoint beside its peers, in one run
	PYTHONPATH=impl $(BIN)/python -W ignore -m bench

wheel: .venv/.dev  ## build the wheel into build/wheels
	rm -rf build/wheels
	$(BIN)/python -m build --no-isolation --wheel --outdir build/wheels .

wheel-test: wheel  ## install the wheel with every Python from 3.11 that is found, elsewhere, and use it there
	sh tools/wheel-test.sh build/wheels/*.whl

release: check  ## freeze what the version promises, then build it into build/release; refuses what is not ready
	$(BIN)/python -m tools.release

fmt: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv node_modules build results

locks:  ## lock the dependencies again, with hashes and without addresses
	$(PIP) install uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --extra all -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements/build.in -c requirements/run.txt -o requirements/build.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --all-extras --group dev -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --group generators -c requirements/dev.txt -o requirements/generators.txt
