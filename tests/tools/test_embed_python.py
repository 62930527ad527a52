# SPDX-License-Identifier: MIT
"""tools/embed_python.py: the C table gives back the bytes of every kind of file, sorted by name."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

PROGRAM = """
#include <stdio.h>
static const struct { const char *name; int package; const unsigned char *data; size_t size; } rows[] = {
#include "out.inc"
};
int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        printf("%s %d %zu\\n", rows[i].name, rows[i].package, rows[i].size);
        fwrite(rows[i].data, 1, rows[i].size, stdout);
        printf("\\n%d\\n", rows[i].data[rows[i].size]);
    }
    return 0;
}
"""


class Embed(unittest.TestCase):
    def test_round_trip(self):
        files = {
            "b.py": b'x = "\xc3\xa9 \\n ??/ \x00 1"\n\n# end',
            "a/__init__.py": b"",
            "a/sub.py": b"y = 1\n",
        }
        with tempfile.TemporaryDirectory() as folder:
            base = pathlib.Path(folder)
            for name, data in files.items():
                (base / name).parent.mkdir(exist_ok=True)
                (base / name).write_bytes(data)
            (base / "p.c").write_text(PROGRAM)
            subprocess.run(
                [sys.executable, str(ROOT / "tools/embed_python.py"), "out.inc", ".", *files],
                cwd=base, check=True,
            )
            subprocess.run(["cc", "-Wall", "-Werror", "p.c", "-o", "p"], cwd=base, check=True)
            out = subprocess.run([base / "p"], capture_output=True, check=True).stdout
        want = b""
        for name, package, file in [("a", 1, "a/__init__.py"), ("a.sub", 0, "a/sub.py"), ("b", 0, "b.py")]:
            data = files[file]
            want += f"{name} {package} {len(data)}\n".encode() + data + b"\n0\n"
        self.assertEqual(out, want)


if __name__ == "__main__":
    unittest.main()
