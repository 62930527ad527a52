# check: cases_check.py
"""Options, environment variables, exit statuses and the messages that go with them."""

USAGE = (
    "usage: $QUIVER [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "Try `quiver -h' for more information.\n"
)
FLAGS = "import sys; f = sys.flags; print({})"
KEYBOARD = (
    'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nKeyboardInterrupt\n'
)


def flag(names):
    return FLAGS.format(", ".join("f." + n for n in names.split()))


def lost(number, text, kind="OSError"):
    return (
        "Exception ignored in: <_io.TextIOWrapper name='<stdout>' mode='w' encoding='utf-8'>\n"
        f"{kind}: [Errno {number}] {text}\n"
    )


FILES = {
    "empty/other.py": b"",
    "app/__main__.py": b"import sys, helper; print(sys.argv, __name__, sys.path[0])",
    "app/helper.py": b"",
    "latin.py": b"x = '\xff'\n",
    "cookie.py": b"# coding: latin-1\nprint(ascii('\xff'))\n",
    "dos.py": b"not Python @@\nprint('second line')\nraise ValueError\n",
    "args.py": b"import sys; print(sys.argv)\n",
}

CASES = [
    # What cannot be run.
    (["nofile.py"], 2, "", "$QUIVER: can't open file '$DIR/nofile.py': [Errno 2] No such file or directory\n"),
    (["--", "-x"], 2, "", "$QUIVER: can't open file '$DIR/-x': [Errno 2] No such file or directory\n"),
    (["empty"], 1, "", "$QUIVER: can't find '__main__' module in '$DIR/empty'\n"),
    ([""], 1, "", "$QUIVER: can't find '__main__' module in '$DIR'\n"),
    (["-Z"], 2, "", "Unknown option: -Z\n" + USAGE),
    (["--foo"], 2, "", "unknown option --foo\n" + USAGE),
    (["-c"], 2, "", "Argument expected for the -c option\n" + USAGE),
    (["-BW"], 2, "", "Argument expected for the -W option\n" + USAGE),
    (["-X"], 2, "", "Argument expected for the -X option\n" + USAGE),
    (["--check-hash-based-pycs", "x"], 2, "",
     "--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n" + USAGE),
    (["latin.py"], 1, "",
     "SyntaxError: Non-UTF-8 code starting with '\\xff' in file $DIR/latin.py on line 1, but no encoding "
     "declared; see https://peps.python.org/pep-0263/ for details\n"),
    # What can.
    (["cookie.py"], 0, "'\\xff'\n", ""),
    (["app", "1"], 0, "['app', '1'] __main__ app\n", ""),
    (["-"], 0, "['-', ] $\n".replace(", ] $", "]"), "", {"stdin": b"import sys; print(sys.argv)"}),
    (["-", "-x"], 0, "['-', '-x']\n", "", {"stdin": b"import sys; print(sys.argv)"}),
    ([], 0, "['']\n", "", {"stdin": b"import sys\nprint(sys.argv)\n"}),
    ([], 0, "'\\xff'\n", "", {"stdin": b"# coding: latin-1\nprint(ascii('\xff'))\n"}),
    (["args.py", "-c", "x"], 0, "['args.py', '-c', 'x']\n", ""),
    (["-cimport sys; print(sys.argv)", "-x"], 0, "['-c', '-x']\n", ""),
    (["-x", "dos.py"], 1, "second line\n",
     'Traceback (most recent call last):\n  File "dos.py", line 3, in <module>\n    raise ValueError\nValueError\n'),
    # Exit statuses.
    (["-c", "import sys; sys.exit()"], 0, "", ""),
    (["-c", "import sys; sys.exit(3)"], 3, "", ""),
    (["-c", "import sys; sys.exit(-1)"], 255, "", ""),
    (["-c", "import sys; sys.exit(2**70)"], 255, "", ""),
    (["-c", "import sys; sys.exit((1, 2))"], 1, "", "(1, 2)\n"),
    (["-c", "raise SystemExit(1, 2)"], 1, "", "(1, 2)\n"),
    (["-c", "import sys; sys.exit('a\\udc80b')"], 1, "", "a\\udc80b\n"),
    (["-c", "raise KeyboardInterrupt"], -2, "", KEYBOARD),
    (["-c", "import os, signal; os.kill(os.getpid(), 2)"], -2, "", KEYBOARD),
    # Output that cannot be written.
    (["-c", "print(1)"], 120, "", lost(28, "No space left on device"), {"stdout": "/dev/full"}),
    (["-c", "import sys; print(1); sys.exit(3)"], 3, "", lost(28, "No space left on device"), {"stdout": "/dev/full"}),
    (["-u", "-c", "import os; print(1, end=''); os._exit(0)"], 0, "1", ""),
    (["-c", "import os; print(1, end=''); os._exit(0)"], 0, "1", "", {"env": {"PYTHONUNBUFFERED": "1"}}),
    (["-E", "-c", "import os; print(1, end=''); os._exit(0)"], 0, "", "", {"env": {"PYTHONUNBUFFERED": "1"}}),
    # Flags, by option and by variable.
    (["-R", "-c", flag("hash_randomization")], 0, "1\n", "", {"env": {"PYTHONHASHSEED": "0"}}),
    (["-E", "-c", flag("hash_randomization") + "; import os; print(os.environ['PYTHONHASHSEED'])"], 0, "1\n0\n", "",
     {"env": {"PYTHONHASHSEED": "0"}}),
    (["-X", "pycache_prefix=", "-c", "import sys; print(sys.pycache_prefix)"], 0, "None\n", "",
     {"env": {"PYTHONPYCACHEPREFIX": "/x"}}),
    (["-c", flag("debug")], 0, "2\n", "", {"env": {"PYTHONDEBUG": "2"}}),
    (["-c", "import sys; sys.tracebacklimit = 0; 1/0"], 1, "", "ZeroDivisionError: division by zero\n"),
    (["-c", "import sys; print(sys.stdin.errors, sys.stdout.errors, sys.flags.utf8_mode)"], 0,
     "surrogateescape surrogateescape 0\n", "", {"env": {"LC_ALL": "C", "PYTHONUTF8": "0"}}),
    (["-c", flag("optimize verbose bytes_warning quiet isolated safe_path dev_mode int_max_str_digits")], 0,
     "0 0 0 0 0 False False -1\n", ""),
    (["-OOqbbP", "-c", flag("optimize quiet bytes_warning safe_path")], 0, "2 1 2 True\n", ""),
    (["-I", "-c", flag("isolated ignore_environment no_user_site safe_path")], 0, "1 1 1 True\n", ""),
    (["-sSBd", "-c", flag("no_user_site no_site dont_write_bytecode debug")], 0, "1 1 1 1\n", ""),
    (["-Xdev", "-Xutf8=0", "-Xwarn_default_encoding", "-c", flag("dev_mode utf8_mode warn_default_encoding")], 0,
     "True 0 1\n", ""),
    (["-c", flag("optimize no_user_site dont_write_bytecode safe_path utf8_mode int_max_str_digits hash_randomization")],
     0, "2 1 1 True 1 700 0\n", "",
     {"env": {"PYTHONOPTIMIZE": "2", "PYTHONNOUSERSITE": "x", "PYTHONDONTWRITEBYTECODE": "x", "PYTHONSAFEPATH": "1",
              "PYTHONUTF8": "1", "PYTHONINTMAXSTRDIGITS": "700", "PYTHONHASHSEED": "0"}}),
    (["-X", "a=3", "-Xb", "-c", "import sys; print(sys._xoptions, sys.orig_argv[1:4])"], 0,
     "{'a': '3', 'b': True} ['-X', 'a=3', '-Xb']\n", ""),
    (["-Wb", "-W", "a", "-X", "dev", "-b", "-c", "import sys; print(sys.warnoptions)"], 0,
     "['default', 'c', 'd', 'b', 'a', 'default::BytesWarning']\n",
     "Invalid -W option ignored: invalid action: 'c'\n"
     "Invalid -W option ignored: invalid action: 'b'\n",
     {"env": {"PYTHONWARNINGS": "c,d"}}),
    (["-c", "import sys; print(sys.pycache_prefix)"], 0, "/x\n", "", {"env": {"PYTHONPYCACHEPREFIX": "/x"}}),
    (["-X", "pycache_prefix=/y", "-c", "import sys; print(sys.pycache_prefix)"], 0, "/y\n", "",
     {"env": {"PYTHONPYCACHEPREFIX": "/x"}}),
    (["-c", "import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors)"], 0,
     "ascii replace backslashreplace\n", "", {"env": {"PYTHONIOENCODING": "ascii:replace"}}),
    (["-c", "import sys; print(sys.stdin.errors, sys.stdout.errors, sys.stderr.errors)"], 0,
     "surrogateescape surrogateescape backslashreplace\n", ""),
    (["-X", "int_max_str_digits=5", "-c", "1"], 1, "",
     "quiver: -X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.\n"),
    (["-c", "1"], 1, "", 'quiver: PYTHONHASHSEED must be "random" or an integer in range [0; 4294967295]\n',
     {"env": {"PYTHONHASHSEED": "abc"}}),
    (["-E", "-c", "1"], 0, "", "", {"env": {"PYTHONHASHSEED": "abc"}}),
    (["-bb", "-c", "b'' == ''"], 1, "",
     'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
     "BytesWarning: Comparison between bytes and string\n"),
    (["-b", "-c", "str(b'')"], 0, "", "<string>:1: BytesWarning: str() on a bytes instance\n"),
]
