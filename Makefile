# One command each; the first one that is run sets up .venv from requirements.lock.
SHELL := /bin/sh
BIN := .venv/bin
# half of the tests of whole programs wait for something: one worker more than most machines have cores
WORKERS ?= 3
# what was compiled is kept whatever the environment says: tests start hundreds of processes
export PYTHONDONTWRITEBYTECODE :=

MAIL_CORPUS ?= $(HELPDESK_MATERIAL)/mail-corpus

.PHONY: help install demo test check lint types collect bench bench-large corpus keys man messages picture lock clean

help:
	@echo "make install set up .venv with the program in it"
	@echo "make demo    try it: the terminal UI on a throw-away store with sample tickets"
	@echo "make test    run the tests"
	@echo "make check   format, lint, types, import contracts and tests, as CI does"
	@echo "make bench   print the table of measured figures"
	@echo "make bench-large  the same at five million messages: some minutes and 10 GB the first time"
	@echo "make corpus  compare what is made of real mails with what is expected (HELPDESK_MATERIAL)"
	@echo "make keys    renew the pages of keys and settings from their tables"
	@echo "make man     renew the manual page from the tree of commands"
	@echo "make messages renew the catalogues of translations from the texts in the code"
	@echo "make picture renew the pictures of the README from the demo (Chromium)"
	@echo "make lock    renew requirements.lock from pyproject.toml"
	@echo "make clean   remove .venv and everything that was generated"

.venv/.ready: requirements.lock pyproject.toml scripts/setup
	@scripts/setup
	@touch $@

install: .venv/.ready

demo: .venv/.ready
	@$(BIN)/helpdesk demo

test: .venv/.ready
	@$(BIN)/python -m pytest -q -n $(WORKERS)

lint: .venv/.ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: .venv/.ready
	@$(BIN)/mypy

# also leaves the tests compiled, which the workers would do once each
collect: .venv/.ready
	@found=$$($(BIN)/python -m pytest -qq --collect-only 2>&1) || \
		{ printf '%s\n' "$$found" | tail -n 60; exit 1; }

check: .venv/.ready
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types collect
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest -q -n $(WORKERS) --ignore=tests/e2e
	@$(BIN)/python -m pytest -q -n $(WORKERS) tests/e2e
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report --include='helpdesk_tui/domain/*' --fail-under=100
	@$(BIN)/coverage report --fail-under=90

bench: .venv/.ready
	@$(BIN)/python -m benchmarks.run

bench-large: .venv/.ready
	@$(BIN)/python -m benchmarks.run large

corpus: .venv/.ready
	@test -d "$(MAIL_CORPUS)" || { echo "no mails: set HELPDESK_MATERIAL or MAIL_CORPUS"; exit 2; }
	@out=$$(mktemp) && $(BIN)/python -m benchmarks.mail_corpus "$(MAIL_CORPUS)" "$$out" && \
		$(BIN)/python "$(MAIL_CORPUS)/score.py" --failures 0 "$$out" && \
		$(BIN)/python -m benchmarks.mail_table "$(MAIL_CORPUS)" "$$out"; \
		code=$$?; rm -f "$$out"; exit $$code

picture: .venv/.ready
	@$(BIN)/python scripts/picture

keys: .venv/.ready
	@$(BIN)/python scripts/keys-page >docs/agents/keys.md
	@$(BIN)/python scripts/settings-page >docs/admins/settings.md

man: .venv/.ready
	@$(BIN)/python -m helpdesk_tui --config /dev/null man >docs/helpdesk.1

messages: .venv/.ready
	@$(BIN)/python scripts/catalogues.py

lock:
	@scripts/lock

clean:
	rm -rf .venv .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
