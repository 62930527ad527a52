#!/bin/sh
# SPDX-License-Identifier: MIT
# Build jemalloc's position independent objects and print their paths: quiver_build.sh SOURCE BUILD
set -eu
mkdir -p "$2"
cd "$2"
if [ ! -f lib/libjemalloc_pic.a ]; then
    "$1/configure" --disable-cxx --disable-doc --with-jemalloc-prefix=je_ \
        --disable-initial-exec-tls >&2
    make -j"$(nproc)" lib/libjemalloc_pic.a >&2
fi
ls "$PWD"/src/*.pic.o
