.PHONY: run test bench locks messages

run:      ## set up, migrate, add a demo organization when there is none, serve
	@./groundswell run

test:     ## set up and run everything: linters, types, contracts, tests, browser
	@./groundswell test

bench:    ## measure the ratios of tests/benchmarks/README.md and write them there
	@./groundswell bench

locks:    ## pin every package with its hash, for every platform
	@.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --upgrade -q --custom-compile-command "make locks" pyproject.toml -o requirements.lock
	@.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 -q -c requirements.lock --custom-compile-command "make locks" pyproject.toml --group test -o requirements-test.lock

messages: ## bring the catalogues of translations/ to the sentences that the code has now; what is new waits as an empty msgstr
	@mkdir -p build
	@.venv/bin/pybabel -q extract -F pyproject.toml -k _l -k Refused -k Overtaken -k TooLate -k TooMany --no-location --sort-output --omit-header -o build/messages.pot webapp
	@.venv/bin/pybabel -q update -i build/messages.pot -d webapp/translations --no-fuzzy-matching --ignore-obsolete --omit-header
