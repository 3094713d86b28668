# The menu: make alone prints it.
.PHONY: menu run serve test lint build parts plots readme test-parts

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

menu:
	@echo "make run     run the typewriter experiment: four transports side by side, under a minute"
	@echo "make serve   serve the browser demo on http://127.0.0.1:8080"
	@echo "make test    install what the tests need, check the formatting, run all tests"
	@echo "make plots   install what the plots of HTML reports are drawn with"
	@echo "make readme  run it again and put what it prints at the top of the README"
	@echo "make lint    check the formatting alone"
	@echo "make build   build the release command, .build/release/pushlab"

run: build
	.build/release/pushlab run 01-typewriter

serve: build
	.build/release/pushlab serve --faults

test: parts test-parts lint
	swift build --build-tests -Xswiftc -warnings-as-errors
	swift test --skip-build -Xswiftc -warnings-as-errors
	.venv/bin/pytest -q Tests/BrowserTests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

build: parts
	swift build --configuration release --product pushlab

# Runs the first experiment and puts what it prints at the top of the README.
readme: build
	.build/release/pushlab run 01-typewriter | sed '/^a page with plots/d' > .build/readme-run
	awk '/^<!-- run 01-typewriter/ { print; print "```"; while ((getline line < ".build/readme-run") > 0) print line; \
	  print "```"; skip = 1; next } /^<!-- end/ { skip = 0 } !skip' README.md > .build/README.md
	mv .build/README.md README.md

# What the build needs.
parts:
	@test -f /usr/include/libwebsockets.h || { $(APT) update -q && $(APT) install -q -y libwebsockets-dev; }

# What the plots of HTML reports are drawn with.
plots: .venv/plots

.venv/plots: .venv/bin/python
	.venv/bin/pip install -q vl-convert-python
	@touch $@

.venv/bin/python:
	@python3 -c 'import ensurepip' 2>/dev/null || { $(APT) update -q && $(APT) install -q -y python3-venv; }
	python3 -m venv .venv

# What the tests need beside all that: readers and witnesses that are not ours.
test-parts: plots .venv/bin/pytest
	@for part in curl tcpdump chromium; do command -v $$part >/dev/null || missing="$$missing $$part"; done; \
	test -z "$$missing" || { $(APT) update -q && $(APT) install -q -y $$missing; }

.venv/bin/pytest: .venv/bin/python
	.venv/bin/pip install -q pytest-playwright axe-playwright-python
	@touch $@
