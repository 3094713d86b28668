# The menu: make alone prints it.
.PHONY: menu run serve test test-browsers picture lint build parts plots readme test-parts test-browsers-parts

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

menu:
	@echo "make run     run the typewriter experiment: four transports side by side, under a minute"
	@echo "make serve   serve the browser demo on http://127.0.0.1:8080"
	@echo "make test    install what the tests need, check the formatting, run all tests"
	@echo "make test-browsers  run the page in Chromium, Firefox and WebKitGTK, and write the README's table"
	@echo "make picture  make the README's picture of the race anew"
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

# The page's core in three engines; the README's table is written from what is seen.
test-browsers: parts test-parts test-browsers-parts
	swift build --product pushlab
	.venv/bin/pytest -q Tests/OtherBrowserTests

picture: parts test-parts
	swift build --product pushlab
	PUSHLAB_PICTURE=docs/race.png .venv/bin/pytest -q Tests/BrowserTests -k picture

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
	@.venv/bin/python -c 'import axe_playwright_python' 2>/dev/null || .venv/bin/pip install -q axe-playwright-python
	@for part in curl tcpdump chromium; do command -v $$part >/dev/null || missing="$$missing $$part"; done; \
	test -z "$$missing" || { $(APT) update -q && $(APT) install -q -y $$missing; }

test-browsers-parts:
	@for part in firefox-esr WebKitWebDriver Xvfb; do command -v $$part >/dev/null || missing=yes; done; \
	test -z "$$missing" || { $(APT) update -q && $(APT) install -q -y firefox-esr webkit2gtk-driver xvfb; }
	@.venv/bin/python -c 'import websockets' 2>/dev/null || .venv/bin/pip install -q websockets

.venv/bin/pytest: .venv/bin/python
	.venv/bin/pip install -q pytest-playwright
	@touch $@
