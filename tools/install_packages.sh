#!/bin/bash
# SPDX-License-Identifier: MIT
# Install what is missing from tools/packages.txt: install_packages.sh build|test|bench [--dry-run]
# Asks only dpkg's own list when everything is there: no network, no root, some 20 ms.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
level=${1:-build}
dry_run=${2:-}

wanted=()
while read -r name who _; do
    case $name in '' | '#'*) continue ;; esac
    case $level:$who in
    *:build | test:test | bench:*) wanted+=("$name") ;;
    esac
done <"$here/packages.txt"

if ! command -v dpkg-query >/dev/null; then
    echo "quiver: not a Debian machine; please see that these are there: ${wanted[*]}" >&2
    exit 0
fi

installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null |
    awk '$2 == "installed" { print $1 }' || true)
missing=()
for name in "${wanted[@]}"; do
    case $'\n'$installed$'\n' in
    *$'\n'"$name"$'\n'*) ;;
    *) missing+=("$name") ;;
    esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "quiver: missing packages: ${missing[*]}" >&2
        echo "quiver: run as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    root=(sudo)
fi
run() {
    echo "+ $*" >&2
    [ "$dry_run" = --dry-run ] || "$@"
}
echo "quiver: installing ${missing[*]}" >&2
install=(apt-get install -y --no-install-recommends "${missing[@]}")
# A fresh machine has no package list, an old one may have a stale one; update only then.
if ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; then
    run "${root[@]}" apt-get update </dev/null >&2
fi
run "${root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" </dev/null >&2 || {
    run "${root[@]}" apt-get update </dev/null >&2
    run "${root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" </dev/null >&2
}
