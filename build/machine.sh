# shellcheck shell=bash
# What a machine must have, and how it comes there. build/run, build/test and
# build/bench read this file; macOS' old bash (3.2) must understand it.

# say tells the person at the terminal what happens.
say() { printf '%s\n' "$*" >&2; }

# stop ends the script with a sentence.
stop() {
  say "$*"
  exit 1
}

# system names where we are: debian, linux, mac or windows.
system() {
  case "$(uname -s)" in
    Darwin) echo mac ;;
    MINGW* | MSYS* | CYGWIN*) echo windows ;;
    *) if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then echo debian; else echo linux; fi ;;
  esac
}

# need_languages sees that Go and Node are there and new enough.
need_languages() {
  command -v go >/dev/null || stop "Go is missing. Fernpost is built with Go 1.26 or newer: https://go.dev/dl/"
  local problem
  problem=$(go list -m 2>&1 >/dev/null) || stop "This Go ($(go env GOVERSION)) can't build Fernpost: $problem"
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    stop "Node is missing. The screen is built with Node 20.19 or newer and its npm: https://nodejs.org/"
  fi
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    stop "This Node ($(node --version)) is too old: the screen is built with Node 20.19 or newer."
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    stop "This needs an administrator, and there is no sudo here. Please run as root: $*"
  fi
}

# missing_packages prints those of the named packages that aren't installed.
missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$name"
  done
}

# install_packages REASON PACKAGE… installs what is missing and says why. It
# never removes anything: a machine with another mail server keeps it.
install_packages() {
  local reason=$1 missing
  shift
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  say "Installing $reason: $missing"
  local log
  log=$(mktemp)
  # shellcheck disable=SC2086 # a list of names
  if ! { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "apt could not install that. Nothing was removed. Fernpost needs: $missing"
  fi
  rm -f "$log"
}

# install_mail_servers installs what tests and benchmarks start themselves, in a
# folder of their own. Those that apt would start are not wanted: they would
# listen to the world.
install_mail_servers() {
  local policy=/usr/sbin/policy-rc.d ours=no
  [ -n "$(missing_packages dovecot-imapd dovecot-lmtpd exim4-daemon-light)" ] || return 0
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    # shellcheck disable=SC2064 # the path of now
    trap "as_root rm -f '$policy'" EXIT
  fi
  install_packages "mail servers to try things on (apt is kept from starting them)" \
    dovecot-imapd dovecot-lmtpd exim4-daemon-light
  if [ "$ours" = yes ]; then
    as_root rm -f "$policy"
    trap - EXIT
  fi
}

# webkit_package is the newest WebKitGTK that this Debian or Ubuntu offers.
webkit_package() {
  if [ -n "$(apt-cache --names-only search '^libwebkit2gtk-4\.1-dev$' 2>/dev/null)" ] ||
    [ -z "$(apt-cache --names-only search '^libwebkit2gtk-4\.0-dev$' 2>/dev/null)" ]; then
    echo libwebkit2gtk-4.1-dev
  else
    echo libwebkit2gtk-4.0-dev
  fi
}

# install_window_parts installs what a program with a window is built from.
install_window_parts() {
  install_packages "the C compiler and the web view that the window is built with" \
    gcc libc6-dev pkg-config libgtk-3-dev "$(webkit_package)"
  install_packages "fonts, so that every customer's script can be read" fonts-noto-core fonts-noto-cjk
}

# window_tags prints the build tags of a program with a window.
window_tags() {
  case "$(system)" in
    debian | linux)
      if ! pkg-config --exists webkit2gtk-4.1 2>/dev/null && pkg-config --exists webkit2gtk-4.0 2>/dev/null; then
        echo desktop,production
      else
        echo desktop,production,webkit2_41
      fi
      ;;
    *) echo desktop,production ;;
  esac
}

# version names this checkout.
version() { git describe --tags --always --dirty 2>/dev/null || echo dev; }
