#!/usr/bin/env bash
# Installs the screen's packages, unless those of this very lock file are there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../frontend"

stamp=node_modules/.fernpost-lock
want="$(node --version) $(cksum <package-lock.json)"
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ]; then
  exit 0
fi
npm ci --no-audit --no-fund --loglevel=error
printf '%s\n' "$want" >"$stamp"
