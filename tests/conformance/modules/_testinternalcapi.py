# SPDX-License-Identifier: MIT
"""What CPython's tests ask of its module of this name to find out whether they can run at all.

Only the runner's driver puts this folder on sys.path. The rest of CPython's module looks into
CPython's own structures and has no counterpart here.
"""
SIZEOF_PYGC_HEAD = 0


def get_config():
    return {"code_debug_ranges": 1}
