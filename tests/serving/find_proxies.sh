#!/usr/bin/env bash
# Makes sure there is a Caddy and an nginx for the tests of serving: the system's own, or those of the system's packages,
# unpacked beside this file. They are not installed: that would start them as services.
set -u
folder="$(cd "$(dirname "$0")" && pwd)/proxies"
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo -n"

for name in caddy nginx; do
  PATH="$PATH:/usr/sbin:$folder/usr/bin:$folder/usr/sbin" command -v "$name" >/dev/null 2>&1 && continue
  command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || continue
  echo "Fetching $name from the system's packages, once, for the tests of serving."
  mkdir -p "$folder" && cd "$folder" || continue
  apt-get download -qq "$name" 2>/dev/null \
    || { $as_root apt-get update -qq 2>/dev/null && apt-get download -qq "$name" 2>/dev/null; } \
    || { echo "It could not be fetched; its tests are skipped."; continue; }
  dpkg -x "$name"_*.deb "$folder" && rm -f "$name"_*.deb
done
exit 0
