# SPDX-License-Identifier: MIT
# Code objects have Quiver's own form inside marshal, and are verified when they are read.
# expect: 42 <code>
# expect: True
# expect: ValueError 0
# expect: bad marshal data (code object of another Python implementation)
import marshal

code = compile("def f(x): return x + 40\nr = f(2)", "<code>", "exec")
ns = {}
data = marshal.dumps([code, code, (1, code)])
back = marshal.loads(data)
exec(back[0], ns)
print(ns["r"], back[0].co_filename)
print(back[0] is back[1] is back[2][1])

def attempt(d):
    try:
        marshal.loads(d)
    except (ValueError, EOFError, TypeError) as e:
        return type(e).__name__
    return "fine"

whole = marshal.dumps(code)
seen = set()
for k in range(0, len(whole), 3):  # every byte changed, every length
    seen.add(attempt(whole[:k] + bytes([whole[k] ^ 0x55]) + whole[k + 1:]))
    attempt(whole[:k])
print("ValueError" if "ValueError" in seen else seen, len(seen - {"fine", "ValueError", "EOFError", "TypeError"}))
try:
    marshal.loads(b"c" + bytes(50))
except ValueError as e:
    print(e)
