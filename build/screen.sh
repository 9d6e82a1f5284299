#!/usr/bin/env bash
# Builds the screen into frontend/dist, unless nothing changed since the last time.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
bash build/modules.sh

stamp=build/out/screen-built
changed() {
  [ ! -e "$stamp" ] || [ ! -e frontend/dist/index.html ] ||
    [ -n "$(find frontend i18n/locales \( -name node_modules -o -name dist -o -name test-results \) -prune -o \
      -newer "$stamp" -print | head -n 1)" ]
}
changed || exit 0
mkdir -p "$(dirname "$stamp")"
started=$(mktemp)
trap 'rm -f "$started"' EXIT
npm --prefix frontend run --silent build -- --logLevel error
# From when it began: what was saved while it built must be built again.
touch -r "$started" "$stamp"
