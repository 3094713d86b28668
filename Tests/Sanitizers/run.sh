#!/usr/bin/env bash
# run.sh address|thread debug|release: runs the tests under a sanitizer, unoptimized or optimized. Fails if a test does,
# or if any process left a report.
set -uo pipefail
cd "$(dirname "$0")/../.."
sanitizer=$1 configuration=$2
folder=.build-$sanitizer
name="$sanitizer sanitizer, $configuration"
reports=$PWD/$folder/reports-$configuration
rm -rf "$reports" && mkdir -p "$reports"

options=(--configuration "$configuration" --sanitize="$sanitizer" --scratch-path "$folder" -Xswiftc -enable-testing)
swift build --quiet --build-tests "${options[@]}" || exit 1

# Servers are processes of their own, and watched too: reports go to files. Leaks are not looked for. Backtraces by the
# Swift runtime, and address sanitizer's symbolizer, were seen to hang in sanitized processes.
export PUSHLAB=$folder/$configuration/pushlab
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=symbolize=0:detect_leaks=0:log_path=$reports/address
export TSAN_OPTIONS=log_path=$reports/thread
# Ten thousand take many minutes here, and show no more than these.
export BAD_REQUESTS=1000

# One test after the other: all at once, they take longer than a stream that ended is kept. Left out are those that
# assert how fast something is or how little memory it takes, which is not so here.
swift test --no-parallel --skip-build "${options[@]}" \
  --skip 'a delay of 20 ms is read back' --skip '2,000 event streams at once' --skip 'the same twice is the same' \
  --skip 'who takes nothing is let go' --skip HeldMemoryTests \
  > "$folder/tests-$configuration.log" 2>&1
status=$?
grep -aE '✘|Test run with' "$folder/tests-$configuration.log" | sed "s/^/$name: /"
if [ -n "$(ls "$reports")" ]; then
  grep -ahE 'WARNING: ThreadSanitizer|ERROR: AddressSanitizer' "$reports"/* | sort | uniq -c
  echo "$name: the reports are in ${reports#"$PWD/"}"
  status=1
fi
exit $status
