#!/bin/sh
# Installs what tests need from the system where it may (root on Debian or Ubuntu); else says what to install.
set -eu

missing=""
# Also where RINGFENCE_TEST_NEO4J names a server: some tests kill one, or import into it.
command -v java >/dev/null || missing="$missing default-jdk-headless"
command -v mvn >/dev/null || missing="$missing maven"
command -v chromium >/dev/null || missing="$missing chromium"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 -- one word a package
  apt-get install -y -qq --no-install-recommends $missing
else
  echo "Tests need programs that are not installed. On Debian: sudo apt-get install$missing" >&2
  exit 1
fi
