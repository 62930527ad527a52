# Modules of the standard library that are programs: `-m NAME` as in CPython.
# timeout: 120
import os
import re
import subprocess
import sys
import tempfile

FILES = {
    "tests_here.py": '''\
import unittest


class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(1, 1)

    def test_b(self):
        self.assertEqual([1, 2], [1, 3])

    @unittest.skip("no")
    def test_c(self):
        pass

    def test_d(self):
        raise KeyError(3)

    def test_e(self):
        with self.subTest(i=3):
            self.fail("x")
''',
    "docs_here.py": '''\
"""
>>> 1 + 1
2
>>> f(3)
4
"""


def f(x):
    """
    >>> f(1)
    2
    >>> f(2)
    4
    """
    return x + 1
''',
    "prog.py": '''\
import sys


def f(a, b):
    c = a + b
    return c * 2


def main():
    for i in range(3):
        y = f(i, 2)
        print(y)


main()
''',
    "good.json": '{"b": [1, 2, {"c": null}], "a": "\\u00e9"}\n',
    "bad.json": '{"b":\n',
    "broken.py": "def f(:\n",
}
PDB = """\
b f
commands 1
p a
end
c
n
n
p c
w
a
ll
whatis c
u
p i
d
r
tbreak 12
c
p y
!y = 10
disable 1
p missing
c
q
"""
NOISE = [
    (re.compile(r"\d+\.\d+s"), "N s"),
    (re.compile(r"0x[0-9a-f]+"), "0x..."),
    (re.compile(r"\d+ loops?, best of .*"), "N loops, best of N"),
]


def run(*args, stdin="", keep=None):
    print("$", *args, flush=True)
    p = subprocess.run([sys.executable, *args], input=stdin, capture_output=True, text=True)
    for label, text in ("", p.stdout), ("! ", p.stderr):
        for pattern, new in NOISE:
            text = pattern.sub(new, text)
        for line in text.replace(folder, "HERE").splitlines():
            if not keep or re.search(keep, line):
                print(label + line)
    print("exit", p.returncode, flush=True)


folder = os.path.realpath(tempfile.mkdtemp())
os.chdir(folder)
os.mkdir("tree")
for name, text in FILES.items():
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)
with open("tree/one.py", "w", encoding="utf-8") as f:
    f.write("x = 1\n")

run("-m", "unittest", "tests_here")
run("-m", "unittest", "-v", "tests_here.T.test_a", "tests_here.T.test_c")
run("-m", "unittest", "nothing_here", keep="Error|FAILED")
run("-m", "doctest", "docs_here.py")
run("-m", "timeit", "-n", "1", "-r", "1", "pass")
run("-m", "timeit", "-n", "1", "-r", "1", "1/0")
run("-m", "json.tool", "good.json")
run("-m", "json.tool", "--sort-keys", "--no-ensure-ascii", "--compact", stdin=FILES["good.json"])
run("-m", "json.tool", "bad.json")
run("-m", "pdb", "prog.py", stdin=PDB)
run("-m", "this", keep="Zen|Namespaces")
run("-m", "compileall", "tree", "broken.py")
print(os.listdir("tree/__pycache__") == [f"one.{sys.implementation.cache_tag}.pyc"])
# What it disassembles to is each implementation's own.
run("-m", "dis", "prog.py", keep="Disassembly")
run("-m", "ast", "prog.py")
run("-m", "tokenize", "-e", "docs_here.py")
run("-m", "tokenize", stdin="x = (1,\n")
run("-m", "code", "-q", stdin="def f():\n  return 3\n\nf()\n1/0\nx = (\n1)\nif x:\n  print(x)\n\nf(")
import zipfile  # noqa: E402

with zipfile.ZipFile("z.zip", "w") as z:
    z.writestr(zipfile.ZipInfo("a/b.txt", (2020, 2, 3, 4, 5, 6)), "hello")
run("-m", "zipfile", "-l", "z.zip")
run("-m", "zipfile", "-t", "z.zip")
run("-m", "zipfile", "-e", "z.zip", "out")
print(open("out/a/b.txt").read())

os.chdir("/")
import shutil  # noqa: E402

shutil.rmtree(folder)
