#!/bin/sh
# SPDX-License-Identifier: MIT
# Build jemalloc's static, position independent library: quiver_build.sh SOURCE BUILD
set -eu
mkdir -p "$2"
cd "$2"
[ ! -f lib/libjemalloc_pic.a ] || exit 0
"$1/configure" --disable-cxx --disable-doc
make -j2 build_lib_static
