# Where late future statements and __debug__ as a target are reported.
for c in (
    "from __future__ import annotations\nobject.__debug__: int",
    "object.__debug__: int",
    "__debug__: int",
    "from __future__ import annotations\n__debug__: int = 3",
    "x=1;  from __future__ import annotations",
    "import string\nfrom __future__ import annotations",
    "from __future__ import annotations; import string; from __future__ import \\\n  division",
    "from __future__ import nosuch",
    "if 1:\n  from __future__ import annotations",
    "'doc'; from __future__ import annotations",
):
    try:
        compile(c, "f", "exec")
        print("ok")
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset, e.end_offset, e.text)
