# Every target installs what it lacks (scripts/setup); CI runs the same scripts (.ci/run).
.DEFAULT_GOAL := help
.PHONY: help setup demo test torture bench bench-large bench-node lint format docs fuzz page wasm clean

SECONDS ?= 60

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing (prints the brew line on a Mac)
	@scripts/setup test

demo: ## the whole story on real input, then two nodes, one replicating the other (KEEP=1: they run on)
	@scripts/demo $(if $(KEEP),--keep)

test: ## all tests: Swift, other people's tools, real processes, the browser's build, a consumer
	@scripts/test

torture: ## break the engine: faults, power cuts, kills, without end or for TRACE_TORTURE_SECONDS
	@scripts/torture

bench: ## all benchmarks, beside their baselines
	@scripts/bench

bench-large: ## a ledger of ten million entries in .artifacts/large: opened, proved from, checked
	@scripts/bench --large

bench-node: ## a running node beside nginx: tiles, ingest, replication, lag, sizes
	@scripts/bench --node

lint: ## style of the code, links of the documents, file lengths
	@scripts/lint

format: ## put the Swift sources in this project's style
	@scripts/lint --fix

docs: ## the reference of every module into Docs/site
	@scripts/docs

fuzz: ## each decoder's fuzz target for SECONDS=60
	@scripts/fuzz --seconds $(SECONDS)

page: ## the consumer's page as one file: .artifacts/page/verify.html
	@scripts/page

wasm: ## the verifier as .artifacts/wasm/verifier.wasm
	@scripts/wasm-build

clean: ## remove everything that was built
	rm -rf .build .build-* .artifacts Docs/site Fuzz/.build* Benchmarks/.build* Tests/Interop/.venv Tests/Page/.venv
