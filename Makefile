# Học vụ AI. `make run` và `make test` là đủ; `make help` liệt kê mọi lệnh.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export HOCVU_PORT := $(PORT)
export PYTHONDONTWRITEBYTECODE = 1
# nbgrader starts `alembic` and `jupyter` by name
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help run test test-long check bench lab format lock uv-lock release site install browser clean
.DEFAULT_GOAL := help

help: ## liệt kê các lệnh
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: install site ## mở cổng học với dữ liệu mẫu; in địa chỉ và tài khoản dùng thử
	@echo "==> [4/4] Nạp người, đơn vị và kết quả học mẫu (dữ liệu mô phỏng)"
	@$(BIN)/hocvu seed-demo
	@$(BIN)/hocvu serve

test: check site browser ## chạy mọi kiểm thử, kể cả trong trình duyệt (dưới 30 phút)
	$(BIN)/pytest

test-long: install site browser ## kiểm thử nặng: nhiều hạt giống, nhiều bài nộp hơn
	$(BIN)/pytest -m "long or not long"

check: install ## soát kiểu, định dạng, tầng kiến trúc và nội dung khóa học
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hocvu check

bench: install ## đo tốc độ và in tỷ lệ so với nbgrader trong cùng một lượt chạy
	$(BIN)/python -m benchmarks

lab: install ## mở JupyterLab và nbgrader cho giảng viên trên chính khóa học này
	JUPYTER_CONFIG_PATH=deploy/lab $(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root)

format: install ## đưa mã và sổ tay về dạng chuẩn
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/hocvu format

lock: install ## ghim lại phiên bản thư viện sau khi sửa pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --all-extras --group dev pyproject.toml -o requirements.lock

uv-lock: install ## viết uv.lock cho ai dùng uv sync (không đưa vào git)
	@$(BIN)/python deploy/uv_lock.py

release: install ## sinh lại release/ từ source/
	$(BIN)/hocvu release

site: install ## dựng trang bài học JupyterLite vào var/site (lần đầu tải về, các lần sau vài giây)
	@echo "==> [3/4] Dựng trang bài học chạy Python trong trình duyệt và thư viện học liệu"
	@$(BIN)/hocvu site
	@$(BIN)/hocvu library

install: $(VENV)/.installed node_modules/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "==> [1/4] Cài thư viện Python vào $(VENV) (lần đầu khoảng 1 phút)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Cần Python 3.11 trở lên; đang có " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "==> [2/4] Cài Pyodide, phông chữ và giao diện từ npm"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

browser: ## cài Chromium của Debian nếu máy chưa có
	@if [ -x "$${HOCVU_CHROMIUM:-/usr/bin/chromium}" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "==> Cài Chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	else echo "Cần Chromium: cài gói chromium, hoặc đặt HOCVU_CHROMIUM=<đường dẫn>."; exit 1; fi

clean: ## xóa những gì đã dựng (không xóa dữ liệu trong var/)
	rm -rf build dist node_modules $(VENV) var/site var/cache
