# Two commands for newcomers: `make run` and `make test`. Each sets up what it needs and can be run again.
VENV := .venv
ZHIBU := $(VENV)/bin/zhibu

.PHONY: run test setup setup-dev lock check clean

run: setup
	@scripts/run.sh

test: setup-dev
	@scripts/test.sh

setup:
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

lock:  ## Write requirements/*.txt from *.in, with hashes and without any registry's address.
	@$(VENV)/bin/python -m pip install -q uv
	@for n in run dev; do $(VENV)/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	  --no-annotate --no-header --no-emit-index-url requirements/$$n.in -o requirements/$$n.txt; done

clean:
	rm -rf $(VENV) var out
