.DEFAULT_GOAL := help
.PHONY: help run test check assets trials bench messages wheel lock

BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --universal \
	--python-version 3.11 --custom-compile-command "make lock"
CATALOGUES := deliberate/translations
LANGUAGES := en uk

help: ## Show what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## Set everything up and serve the demo at http://localhost:8000
	@python3 scripts/run.py

test: ## Run every test: SQLite, PostgreSQL, browser, wheel (installs what is missing)
	@scripts/test.sh $(PYTEST)

check: ## Look over the code: format, lint, types, layers, unit and architecture tests
	@python3 scripts/prepare.py test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --lint --quiet
	$(BIN)/pytest --quiet -n 2 --dist worksteal tests/unit tests/architecture

assets: ## Build static/build: styles, scripts, fonts, icons
	@python3 scripts/prepare.py run

trials: ## Try the ballot box long: killed workers, stopped databases, full disks (half an hour or more)
	@python3 scripts/prepare.py test
	mkdir -p var
	TRIALS_LONG=var/trials.txt $(BIN)/pytest -o faulthandler_timeout=7200 --database both tests/trials
	cat var/trials.txt

bench: ## Measure the speed of pages beside a bare Flask page
	@python3 scripts/prepare.py test
	@$(BIN)/python benchmarks/bench.py

messages: ## Bring the catalogues up to date with the texts in the code
	@python3 scripts/prepare.py test
	mkdir -p var
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --keywords N_ --add-location file --project Deliberate \
		--no-wrap --output-file var/messages.pot .
	for language in $(LANGUAGES); do \
		$(BIN)/pybabel -q update --init-missing --locale $$language --input-file var/messages.pot \
			--output-dir $(CATALOGUES) --no-wrap --no-fuzzy-matching --ignore-pot-creation-date || exit 1; \
	done

wheel: ## Build dist/deliberate-*.whl, which carries templates, static files and migrations
	@python3 scripts/prepare.py test
	$(BIN)/python -m hatchling build --target wheel

lock: ## Bring requirements/*.txt up to date with pyproject.toml
	@python3 scripts/prepare.py test
	$(COMPILE) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) pyproject.toml --extra postgres --group test --group assets \
		--constraints requirements/run.txt --output-file requirements/test.txt
	$(COMPILE) --group assets --constraints requirements/test.txt --output-file requirements/assets.txt
	$(COMPILE) --group oracles --output-file requirements/oracles.txt
