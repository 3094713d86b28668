# The menu: make alone prints it.
.PHONY: menu run serve test lint build parts test-parts

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

menu:
	@echo "make run     run the typewriter experiment: four transports side by side, under a minute"
	@echo "make serve   serve the browser demo on http://127.0.0.1:8080"
	@echo "make test    install what the tests need, check the formatting, run all tests"
	@echo "make lint    check the formatting alone"
	@echo "make build   build the release command, .build/release/pushlab"

run: build
	.build/release/pushlab run 01-typewriter

serve: build
	.build/release/pushlab serve

test: parts test-parts lint
	swift build --build-tests -Xswiftc -warnings-as-errors
	swift test --skip-build -Xswiftc -warnings-as-errors

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

build: parts
	swift build --configuration release --product pushlab

# What the build needs.
parts:
	@test -f /usr/include/libwebsockets.h || { $(APT) update -q && $(APT) install -q -y libwebsockets-dev; }

# What the tests need beside it.
test-parts:
	@test -x /usr/bin/curl || { $(APT) update -q && $(APT) install -q -y curl; }
