#!/usr/bin/env bash
# What is too long for CI: everything whole, beside busy processes and many times over. `make release-check` starts it; it takes hours.
set -euo pipefail
. tools/steps.sh

: "${PYTEST:?make release-check sets it}"
outside=build/tests-outside.txt
mkdir -p build

# COMMAND... while four processes do nothing but keep the machine busy.
beside_four() (
  trap 'kill $(jobs -p) 2>/dev/null || true' EXIT  # one may have been ended already
  for _ in 1 2 3 4; do python3 -c 'while True: pass' & done
  "$@"
)

step "whole selftest" make selftest
step "soak" make soak
step "whole pytest, in one process" .venv/bin/python -m pytest -p tools.pure_tests --list-outside "$outside"
steps 2 "whole pytest beside four busy processes" beside_four $PYTEST
steps 20 "every test with a port or a process" $PYTEST "@$outside"
step "bench of operations" make bench
step "bench of the channel" make bench-channel
