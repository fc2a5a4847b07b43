# Everything a developer runs. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ARCH := $(shell uname -m)
PG_PACK := target/pg/pg-18.4-linux-$(ARCH).tar.xz
MAIL_SERVER := target/aiosmtpd/complete
S3_SERVER := target/moto/complete
WEBHOOKS := target/standardwebhooks/complete
NODE_STAMP := console/node_modules/.package-lock.json
PEERS_STAMP := bench/queue/node_modules/.package-lock.json
CONSOLE_SOURCES := $(shell find console/src console/public console/index.html console/vite.config.ts -type f 2>/dev/null)
CONSOLE_DIST := console/dist/index.html
# A database that lives as long as the command after it.
WITH_DATABASE := target/debug/steward database --temporary --

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: setup
setup: $(PG_PACK) $(MAIL_SERVER) $(S3_SERVER) $(WEBHOOKS) $(NODE_STAMP) ## Fetch what the build needs, by package name
	@tools/check-machine.sh

$(PG_PACK): tools/pack-postgres.py
	python3 tools/pack-postgres.py

$(MAIL_SERVER): tools/fetch-by-pip.sh tools/aiosmtpd.txt
	tools/fetch-by-pip.sh aiosmtpd

$(S3_SERVER): tools/fetch-by-pip.sh tools/moto.txt
	tools/fetch-by-pip.sh moto

$(WEBHOOKS): tools/fetch-by-pip.sh tools/standardwebhooks.txt
	tools/fetch-by-pip.sh standardwebhooks

$(NODE_STAMP): console/package.json console/package-lock.json
	@# Not `npm ci`: it refuses a lock file without the optional binaries of other platforms, which mirrors may lack.
	cd console && npm install --no-audit --no-fund
	@touch $@

$(PEERS_STAMP): bench/queue/package.json bench/queue/package-lock.json
	cd bench/queue && npm install --no-audit --no-fund --loglevel=error
	@touch $@

$(CONSOLE_DIST): $(NODE_STAMP) $(CONSOLE_SOURCES)
	cd console && npm run --silent build
	@touch $@

.PHONY: console
console: $(CONSOLE_DIST) ## Build the console

.PHONY: build
build: setup console ## Build everything for development
	cargo build --workspace --all-targets

.PHONY: release
release: setup console ## Build the one binary to ship: target/release/steward
	cargo build --release --package server

.PHONY: demo
demo: build ## Three real alerts through the whole product; stays up on http://127.0.0.1:8080 (ONCE=1 exits)
	python3 demo/demo.py $(if $(ONCE),--once)

.PHONY: run
run: build ## Serve on http://127.0.0.1:8080; data is kept between runs
	target/debug/steward serve

.PHONY: lint
lint: build ## Formatting, clippy, console types and lint, house rules
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	cargo xtask tidy
	cd console && npm run --silent check && npm run --silent lint

.PHONY: test
test: build test-rust test-operations test-console test-browser ## Every test: Rust, operations, console, whole product, browser

.PHONY: test-rust
test-rust: build
	@tools/check-machine.sh servers
	@command -v cargo-nextest > /dev/null || cargo install cargo-nextest --locked
	$(WITH_DATABASE) cargo nextest run --workspace

.PHONY: test-scale
test-scale: build ## The whole product on several processes, a Redis, a NATS and a store of files, each of them killed; and released versions beside this one
	@tools/check-machine.sh servers
	@command -v cargo-nextest > /dev/null || cargo install cargo-nextest --locked
	$(WITH_DATABASE) cargo nextest run --workspace -E 'test(/^(scale|replicas|hot|feed|files)::/)'
	tools/build-release.sh
	$(WITH_DATABASE) cargo nextest run --workspace --run-ignored only -E 'test(/^releases::/)'

.PHONY: test-console
test-console: $(NODE_STAMP)
	cd console && npm test --silent

.PHONY: test-browser
test-browser: build
	@tools/check-machine.sh browser
	python3 demo/demo.py --then 'cd console && npm run --silent e2e'

.PHONY: test-operations
test-operations: build ## What docs/operations.md says: backup, upgrade, PostgreSQL 16, PgBouncer, Alertmanager
	@tools/check-machine.sh operations
	python3 tools/test-operations.py

.PHONY: test-postgres16
test-postgres16: build ## The Rust tests on PostgreSQL 16 instead of the packed one; takes minutes
	@tools/check-machine.sh servers
	python3 tools/test-operations.py --on-16 '$(WITH_DATABASE) cargo nextest run --workspace'

.PHONY: bench
bench: release ## What is measured, beside PostgreSQL itself on the same database
	python3 bench/bench.py

.PHONY: bench-scale
bench-scale: setup console $(PEERS_STAMP) ## The job queue beside graphile-worker and pg-boss, in turns; an hour (QUICK=1 only looks)
	cargo build --release --package server --package bench-queue
	python3 bench/scale.py $(if $(QUICK),--quick)

.PHONY: openapi
openapi: build ## Write openapi/, docs/events.md and the console's client from the code
	target/debug/steward openapi --parts openapi
	target/debug/steward openapi --events > docs/events.md
	cd console && npm run --silent generate

.PHONY: fmt
fmt: ## Format the code
	cargo fmt --all

.PHONY: clean
clean: ## Remove what was built
	rm -rf target console/node_modules bench/queue/node_modules console/dist/assets console/dist/index.html
