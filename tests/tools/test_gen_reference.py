# SPDX-License-Identifier: MIT
"""tools/gen_reference.py: the pages say what quiver.h says, and functions without a comment are named."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import gen_reference  # noqa: E402

HEADER = ROOT / "interpreters/quiver.h"


class Small(unittest.TestCase):
    def names(self, text):
        return list(gen_reference.missing(gen_reference.parse(text)))

    def test_comment_above_or_beside(self):
        self.assertEqual(self.names("// Does.\nQV_API int quiver_a(void);\nQV_API int quiver_b(int x);\n"), [])
        self.assertEqual(self.names("QV_API int quiver_a(void); // does\n"), [])

    def test_missing(self):
        self.assertEqual(self.names("// Other.\n\nQV_API int quiver_a(void);\n"), ["quiver_a"])
        self.assertEqual(
            self.names("// A.\nQV_API int quiver_a(void);\n\nQV_API int quiver_b(int x,\n       int y);\n"),
            ["quiver_b"],
        )
        self.assertEqual(self.names("typedef struct T {\n    int (*quiver_x)(int);\n} T;\n"), [])

    def test_escapes(self):
        sections = gen_reference.parse("// .A line\\n that * begins with a dot.\nQV_API int quiver_a(void);\n")
        self.assertIn("\n\\&.A line\\en that", gen_reference.man(sections, "1"))
        self.assertIn("that \\* begins", gen_reference.markdown(sections, "1"))


class Whole(unittest.TestCase):
    def test_every_function_is_there(self):
        source = HEADER.read_text(encoding="utf-8")
        functions = set(re.findall(r"^QV_API [^(]*?(quiver_\w+)\(", source, re.M))
        self.assertGreater(len(functions), 90)
        with tempfile.TemporaryDirectory() as folder:
            page, text = pathlib.Path(folder) / "quiver.3", pathlib.Path(folder) / "quiver.md"
            subprocess.run(
                [sys.executable, str(ROOT / "tools/gen_reference.py"), str(HEADER), "--man", str(page),
                 "--markdown", str(text), "--check"],
                check=True,
            )
            for where in page.read_text(), text.read_text():
                self.assertEqual([f for f in functions if f + "(" not in where], [])
            if shutil.which("groff"):
                done = subprocess.run(
                    ["groff", "-man", "-Tutf8", "-ww", str(page)], capture_output=True, text=True, check=True
                )
                self.assertNotIn("warning", done.stderr)


if __name__ == "__main__":
    unittest.main()
