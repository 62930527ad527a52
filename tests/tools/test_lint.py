# SPDX-License-Identifier: MIT
"""The checks of tools/lint.py find what they should: each runs on a small tree with one fault."""
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import lint  # noqa: E402

SPDX = "// SPDX-License-Identifier: MIT\n"


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        old = lint.ROOT
        self.addCleanup(setattr, lint, "ROOT", old)
        lint.ROOT = self.root
        self.put("tools/layers.txt", (old / "tools/layers.txt").read_text())
        self.put("tools/globals.txt", "known  # listed\n")
        self.put("interpreters/quiver.h", SPDX + "QV_API int qv_one(void);\n#define QV_API\n")
        self.put("lib/base/buf.h", SPDX)
        self.put("lib/vm/eval.h", SPDX)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def options(self, build=None):
        return types.SimpleNamespace(build=build, cc="cc")


class Layers(Tree):
    def faults(self):
        return lint.check_layers(self.options())

    def test_clean(self):
        self.put("lib/vm/eval.c", SPDX + '#include "vm/eval.h"\n#include "base/buf.h"\n')
        self.put("tools/cli/main.c", SPDX + '#include "quiver.h"\n')
        self.assertEqual(self.faults(), [])

    def test_upward(self):
        self.put("lib/base/buf.c", SPDX + '#include "vm/eval.h"\n')
        self.assertEqual(
            self.faults(), ['lib/base/buf.c: #include "vm/eval.h": lib/base may not include lib/vm']
        )

    def test_library_on_public_header(self):
        self.put("lib/vm/eval.c", SPDX + '#include "interpreters/quiver.h"\n')
        self.assertEqual(len(self.faults()), 1)

    def test_missing_header(self):
        self.put("lib/vm/eval.c", SPDX + '#include "vm/nothing.h"\n')
        self.assertIn("no such file", self.faults()[0])

    def test_angle_brackets(self):
        self.put("lib/base/buf.c", SPDX + "#include <vm/eval.h>\n#include <math.h>\n")
        self.assertEqual(
            self.faults(), ["lib/base/buf.c: #include <vm/eval.h>: write it with quotes"]
        )

    def test_unlisted_folder(self):
        self.put("lib/extra/buf.c", SPDX)
        self.assertEqual(
            self.faults(), ["lib/extra/buf.c: its folder is not in tools/layers.txt"]
        )

    def test_cycle(self):
        self.put("lib/vm/eval.h", SPDX + '#include "vm/call.h"\n')
        self.put("lib/vm/call.h", SPDX + '#include "vm/eval.h"\n')
        self.assertIn("include cycle", self.faults()[0])


class Tags(Tree):
    def test_faults(self):
        self.put("lib/vm/eval.c", SPDX + "#if 0\n#endif\n// SYNC: alone\nint x; // XXX\n")
        self.put("lib/vm/call.c", "int y;\n")
        text = "\n".join(lint.check_tags(self.options()))
        for word in ["#if 0", "alone stands alone", "XXX", "call.c:1: the first line"]:
            self.assertIn(word, text)

    def test_pair(self):
        self.put("lib/vm/eval.c", SPDX + "// SYNC: pair\n")
        self.put("lib/vm/call.c", SPDX + "// SYNC: pair\n")
        self.assertEqual(lint.check_tags(self.options()), [])


class Symbols(Tree):
    def build(self, source):
        """A build folder with libquiver.a and libquiver.so made from one file."""
        folder = self.root / "build"
        folder.mkdir()
        self.put("build/x.c", source)
        flags = ["-O1", "-fPIC", "-fvisibility=hidden"]
        for command in [
            ["cc", *flags, "-c", "x.c", "-o", "x.o"],
            ["ar", "rcs", "libquiver.a", "x.o"],
            ["cc", "-shared", "x.o", "-o", "libquiver.so"],
        ]:
            subprocess.run(command, cwd=folder, check=True)
        return str(folder)

    API = '__attribute__((visibility("default"))) int qv_one(void);\n'

    def test_globals(self):
        build = self.build(
            self.API + "int known = 1; static int counter; _Thread_local int local;\n"
            "static const char *const names[] = {\"a\"};\n"
            "int sealed __attribute__((section(\"qv_sealed\"))) = 3;\n"
            "int apart __attribute__((section(\"of_its_own\"))) = 3;\n"
            "int qv_one(void) { return known + counter++ + local + names[0][0] + sealed; }\n"
        )
        text = "\n".join(lint.check_globals(self.options(build)))
        self.assertIn("counter is writable", text)
        self.assertIn("local is writable", text)
        self.assertIn("apart is writable", text)
        for name in ["known", "names", "sealed"]:
            self.assertNotIn(name, text)

    def test_stale_list(self):
        build = self.build(self.API + "int qv_one(void) { return 1; }\n")
        self.assertEqual(
            lint.check_globals(self.options(build)),
            ["tools/globals.txt: known is not in the library"],
        )

    def test_exports(self):
        build = self.build(
            self.API + "int qv_one(void) { return 1; }\n"
            '__attribute__((visibility("default"))) int qv_two = 2;\n'
        )
        self.assertEqual(
            lint.check_exports(self.options(build)),
            ["the library exports qv_two, quiver.h does not declare it"],
        )


class Headers(Tree):
    def test_alone(self):
        self.put("interpreters/quiver.h", SPDX + "int qv_one(void);\n")
        self.put("lib/vm/eval.h", SPDX + "static inline size_t f(void) { return 1; }\n")
        faults = lint.check_headers(self.options())
        self.assertEqual(len(faults), 1)
        self.assertIn("lib/vm/eval.h: does not compile alone", faults[0])


if __name__ == "__main__":
    unittest.main()
