# SPDX-License-Identifier: MIT
# Imports: modules of the standard library forgotten and imported again from their compiled files.
import importlib
import sys
from time import perf_counter

NAMES = ["textwrap", "string", "json.decoder", "json.encoder", "json", "csv", "difflib", "fractions",
         "statistics", "shlex", "configparser", "argparse", "gettext", "pprint", "queue", "calendar"]


def work(rounds):
    found = 0
    for _ in range(rounds):
        for name in NAMES:
            sys.modules.pop(name, None)
        for name in NAMES:
            found += len(vars(importlib.import_module(name))) > 5
    return found


work(1)
start = perf_counter()
answer = work(30)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
