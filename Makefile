# Luoshi 落实. `make` or `make help` tells what there is.
# Every target works on a fresh clone with Python 3.11 or later and make; the first run builds .venv from the locks.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN := $(VENV)/.run-stamp
DEV := $(VENV)/.dev-stamp
PEERS := .venv-bench/.stamp
SHARED ?= ../shared
LOCK := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-options

.DEFAULT_GOAL := help
.PHONY: help setup demo test sqlite postgres browser lint bench docs lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) ## 建好 .venv，别的不动 · build .venv, and nothing else

demo: $(RUN) ## 装入虚构的区，启动服务器，打开浏览器 · load a fictional district, start the server, open the browser
	@$(BIN)/luoshi demo

test: $(DEV) ## 跑全部测试 · run all tests (in a browser where there is a Chromium, on PostgreSQL too where there is one)
	@status=0; $(BIN)/python -m pytest $(PYTEST) || status=1; $(BIN)/python -m tests.postgres $(PYTEST) || status=1; exit $$status

sqlite: $(DEV) ## 只在 SQLite 上跑测试 · run all tests on SQLite alone
	@$(BIN)/python -m pytest $(PYTEST)

postgres: $(DEV) ## 只在 PostgreSQL 上跑用到数据库的测试 · run the tests that use the database on PostgreSQL alone
	@$(BIN)/python -m tests.postgres $(PYTEST)

browser: $(DEV) ## 只跑浏览器测试 · run only the tests in a browser
	@$(BIN)/python -m pytest -m browser tests $(PYTEST)

lint: $(DEV) ## 查风格、类型、导入方向、拼写 · check style, types, direction of imports, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/codespell

bench: $(DEV) $(PEERS) ## 测速度、准确度，写进说明 · measure speed and accuracy, write the tables of the READMEs
	@$(BIN)/python bench/gold.py --root $(SHARED)
	@$(BIN)/python bench/speed.py --corpus $(SHARED)/corpus
	@$(BIN)/python bench/report.py

docs: $(DEV) ## 核对文档与程序一致 · check that the documentation fits the program
	@$(BIN)/python -m pytest tests/test_docs.py $(PYTEST)

lock: $(DEV) ## 重做锁定文件 · renew the locks from pyproject.toml
	@$(LOCK) --build-deps-for editable --output-file requirements.lock pyproject.toml
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@for lock in requirements.lock requirements-dev.lock; do \
		sed -i -e '/considered to be unsafe/d' -e '1i # Written by `make lock` from pyproject.toml; change it there.' $$lock; done

clean: ## 删去建出来的东西 · remove what was built
	rm -rf $(VENV) .venv-bench out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache src/*.egg-info

# The package itself is installed without its dependencies and without a build environment, so that nothing comes from outside the locks.
$(RUN): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本（含 venv）· Python 3.11 or later with venv is needed" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUN) requirements-dev.lock
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# What the benchmark compares with lives apart: never among the dependencies. Without it the comparison is left out.
$(PEERS): bench/peers.txt requirements.lock
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@{ .venv-bench/bin/python -m pip --disable-pip-version-check --quiet install -r requirements.lock && \
		.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e . && \
		.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install -r bench/peers.txt; } \
		|| echo "不能安装对比工具，略过对比 · the peers cannot be installed; the comparison is left out" >&2
	@touch $@
