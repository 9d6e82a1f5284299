#!/usr/bin/env bash
# Runs the end-to-end tests in Chromium against a real Fernpost on a fresh data
# folder: build/bin/fernpost-dev opens a window and serves its page to a browser
# as well. Everything must stand inside one display and one session bus (build/test
# sees to it): a display in the background would orphan the program. Arguments go
# to Playwright.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

data=$(mktemp -d)
program=
# shellcheck disable=SC2317 # the trap calls it
finish() {
  if [ -n "$program" ]; then
    kill "$program" 2>/dev/null || true
    wait "$program" 2>/dev/null || true
  fi
  rm -rf "$data"
}
trap finish EXIT

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
FERNPOST_DATA="$data" assetdir="$root/frontend/dist" devserver="127.0.0.1:$port" loglevel=Error \
  build/bin/fernpost-dev >build/out/endtoend.log 2>&1 &
program=$!

for _ in $(seq 150); do
  if curl -fs -o /dev/null "http://127.0.0.1:$port/" 2>/dev/null; then
    cd frontend
    FERNPOST_URL="http://127.0.0.1:$port" npm run --silent e2e -- --project=real "$@"
    exit
  fi
  kill -0 "$program" 2>/dev/null || break
  sleep 0.2
done
echo "Fernpost did not serve its page:" >&2
tail -n 20 build/out/endtoend.log >&2
exit 1
