# SPDX-License-Identifier: MIT
"""tests/run.py passes what is right and fails what is not; CPython plays Quiver's part here."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RUNNER = ROOT / "tests/run.py"


class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "t.py"

    def result(self, source, kind="release", **more):
        self.file.write_text(source)
        for ending, text in more.items():
            self.file.with_suffix("." + ending).write_text(text)
        done = subprocess.run(
            [sys.executable, str(RUNNER), "--quiver", sys.executable, str(self.file)],
            env={**os.environ, "QV_TEST_KIND": kind, "QV_TEST_PATIENCE": "1"}, capture_output=True, text=True, check=False,
        )
        return done.returncode, done.stdout

    def test_recorded(self):
        self.assertEqual(self.result("print('a')", out="a\n")[0], 0)
        code, text = self.result("print('b')", out="a\n")
        self.assertEqual(code, 1)
        self.assertIn("-a\n+b", text)

    def test_recorded_error(self):
        source = "raise SystemExit('bye')"
        self.assertEqual(self.result(source, out="", err="exit: 1\nbye\n")[0], 0)
        self.assertEqual(self.result(source, out="", err="exit: 2\nbye\n")[0], 1)
        self.assertEqual(self.result(source, out="", err="exit: 1\nno\n")[0], 1)

    def test_expect(self):
        self.assertEqual(self.result("print(1)  # expect: 1\nprint(2)\n# expect: 2\n")[0], 0)
        self.assertEqual(self.result("print(1)  # expect: 1\nprint(2)\n")[0], 1)
        self.assertEqual(self.result("print()\n# expect:\n")[0], 0)

    def test_expect_error(self):
        source = "raise ValueError('no')  # expect error: "
        self.assertEqual(self.result(source + "ValueError")[0], 0)
        self.assertEqual(self.result(source + "ValueError: no")[0], 0)
        self.assertEqual(self.result(source + "ValueError: yes")[0], 1)
        self.assertEqual(self.result(source + "TypeError")[0], 1)

    def test_directives(self):
        source = (
            "# args: a 'b c'\n# stdin: hello\n# exit: 3\nimport sys\n"
            "print(sys.argv[1:], input())  # expect: ['a', 'b c'] hello\nsys.exit(3)\n"
        )
        self.assertEqual(self.result(source)[0], 0)

    def test_nothing_expected(self):
        code, text = self.result("print(1)")
        self.assertEqual(code, 1)
        self.assertIn("tools/dev record", text)

    def test_not_in(self):
        self.assertEqual(self.result("# not in: asan tsan\n", kind="asan")[0], 77)

    def test_alarm(self):
        source = "import sys\nprint('runtime error: x', file=sys.stderr)\n"
        self.assertEqual(self.result(source, out="")[0], 1)

    def test_hang(self):
        code, text = self.result("# timeout: 11\nprint(1, flush=True)\nwhile True: pass\n", out="1\n")
        self.assertEqual(code, 1)
        self.assertIn("it hangs", text)
        self.assertIn("state R", text)

    def test_crash(self):
        self.assertEqual(self.result("import os\nos.kill(os.getpid(), 11)\n", out="")[0], 1)


if __name__ == "__main__":
    unittest.main()
