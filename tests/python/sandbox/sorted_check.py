# SPDX-License-Identifier: MIT
"""Every function and type of the modules in C is sorted in lib/modules/caps.def, and every row there names one."""
import pathlib
import re
import subprocess
import sys

quiver, script = sys.argv[1:3]
table = pathlib.Path(__file__).resolve().parents[3] / "lib/modules/caps.def"
rows = set(re.findall(r'^CAP\("([^"]+)", "([^"]+)"', table.read_text(), re.M))
out = subprocess.run([quiver, script], capture_output=True, text=True, check=True).stdout
have = {tuple(line.split()) for line in out.splitlines()}
assert len(have) > 600, len(have)
bad = 0
plain = {module for module, name in rows if name == "*"}
for kind, module, name in sorted(have):
    if module not in plain and (module, name) not in rows:
        # struct sequences reach nothing
        if kind == "type" and re.search(r"(_result|_info|_size|_param|struct_.*|times_result)$", name):
            continue
        print(f"not sorted: {kind} {module}.{name}: give it a row in lib/modules/caps.def")
        bad = 1
names = {(module, name) for kind, module, name in have if kind == "function"}
for line in re.findall(r"^CAP\(.*\)$", table.read_text(), re.M):
    module, name, need, how = re.match(r'CAP\("([^"]+)", "([^"]+)", (.*), (.*)\)', line).groups()
    if name != "*" and "TYPE" not in how and (module, name) not in names:
        print(f"there is no function {module}.{name}")
        bad = 1
sys.exit(bad)
