#!/usr/bin/env bash
# Fuzzes every target for FUZZ_SECONDS (60), or those that are named. Fails if one has a finding.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
folder=.build-fuzz
export PUSHLAB_FUZZ=1
# Both would start a symbolizer inside the sanitized process, which hangs.
export ASAN_OPTIONS=symbolize=0 SWIFT_BACKTRACE=enable=no

if [ $# -eq 0 ]; then set -- $(ls Fuzz/corpus); fi
failed=""
for target; do
  # lld, because gold fails over the sanitizer's symbols. C code is instrumented too: YAML is parsed by some.
  swift build --quiet --scratch-path $folder --product "Fuzz$target" -Xswiftc -use-ld=lld \
    -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address || exit 1
  corpus=$folder/corpus/$target
  found=$folder/found/$target-$(date +%Y%m%dT%H%M%S)-
  log=$folder/$target.log
  mkdir -p "$corpus" "$folder/found"
  if "$folder/debug/Fuzz$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -max_len=4096 \
    -artifact_prefix="$found" "$corpus" "Fuzz/corpus/$target" > "$log" 2>&1; then
    echo "$target: $(grep -a '^Done' "$log"), $(grep -ao 'cov: [0-9]*' "$log" | tail -1), no finding"
  else
    failed="$failed $target"
    echo "$target: a finding"
    grep -aE 'Fatal error|ERROR' "$log" | head -3
    ls "$found"* | sed "s|^|  again: $folder/debug/Fuzz$target |"
  fi
done
if [ -n "$failed" ]; then echo "findings in:$failed"; exit 1; fi
