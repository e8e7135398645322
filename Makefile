.PHONY: run test bench check locks

run:      ## set up, migrate, add a demo organization when there is none, serve
	@./groundswell run

test:     ## set up and run everything: linters, types, contracts, tests, browser
	@./groundswell test

bench:    ## measure the ratios of tests/benchmarks/README.md and write them there
	@./groundswell bench

locks:    ## pin every package with its hash, for every platform
	@.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --upgrade -q --custom-compile-command "make locks" pyproject.toml -o requirements.lock
	@.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 -q -c requirements.lock --custom-compile-command "make locks" pyproject.toml --group test -o requirements-test.lock
