# SPDX-License-Identifier: MIT
"""Run one of CPython's test files in this interpreter and write what became of each method.

    driver.py NAME REPORT       NAME as in test.test_NAME

REPORT gets a line of JSON for each event, flushed at once, so that a crash shows where it was:
    {"start": id}, {"id": id, "result": "passed" | "failed" | "skipped", "why": text},
    {"load": text} when the file cannot be imported, {"end": true} at the end.
"""
import json
import os
import sys
import unittest

# Files that ask CPython's _testinternalcapi whether columns are kept, and skip all without it.
ASK_FOR_COLUMNS = {"code", "compile", "marshal", "traceback"}


# Files whose class bodies take things from _testcapi without asking whether it is there.
TAKE_FROM_TESTCAPI = {"call"}


class Absent:
    """Stands for _testcapi and all in it while a file loads; a method that uses it is skipped."""

    loading = True

    def __getattr__(self, name):
        if not self.loading:
            raise unittest.SkipTest("needs _testcapi")
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        if not self.loading:
            raise unittest.SkipTest("needs _testcapi")
        return self


def load(name):
    if name in TAKE_FROM_TESTCAPI:
        sys.modules["_testcapi"] = Absent()
    if name == "code":  # looks one of CPython's opcodes up at import
        import opcode
        opcode.opmap.setdefault("COPY_FREE_VARS", opcode.opmap.get("COPY_FREE"))
    try:
        return unittest.defaultTestLoader.loadTestsFromName("test.test_" + name)
    finally:
        if name in TAKE_FROM_TESTCAPI:
            Absent.loading = False
            del sys.modules["_testcapi"]


class Report(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self.stream = stream
        self.current = None  # [result, why] of the method that runs

    def write(self, **row):
        self.stream.write(json.dumps(row) + "\n")
        self.stream.flush()

    def startTest(self, test):
        super().startTest(test)
        self.current = ["passed", ""]
        self.write(start=test.id())

    def stopTest(self, test):
        super().stopTest(test)
        result, why = self.current
        self.write(id=test.id(), result=result, why=why)

    def failed(self, err):
        if self.current and self.current[0] != "failed":
            text = f"{err[0].__name__}: {err[1]}".splitlines()
            self.current = ["failed", (text[0] if text else err[0].__name__)[:300]]

    def addError(self, test, err):
        if self.current is None or not hasattr(test, "_testMethodName"):
            # setUpClass or setUpModule: all methods below it fail without having been started.
            self.write(id=test.id(), result="failed", why=f"{err[0].__name__}: {err[1]}"[:300])
            return
        self.failed(err)

    def addFailure(self, test, err):
        self.failed(err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.failed(err)

    def addSkip(self, test, reason):
        if not hasattr(test, "_testMethodName"):
            self.write(id=test.id(), result="skipped", why=reason)
        elif self.current and self.current[0] != "failed":
            self.current = ["skipped", reason]

    def addExpectedFailure(self, test, err):
        pass

    def addUnexpectedSuccess(self, test):
        if self.current:
            self.current = ["failed", "unexpected success"]


def main():
    name, report = sys.argv[1:3]
    sys.argv[1:] = []
    if name in ASK_FOR_COLUMNS:
        sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "modules"))
    with open(report, "w", encoding="utf-8") as stream:
        result = Report(stream)
        try:
            suite = load(name)
            broken = unittest.defaultTestLoader.errors
            if broken:
                result.write(load=broken[0].strip().splitlines()[-1][:300])
                return
        except unittest.SkipTest as e:
            result.write(load=f"skipped: {e}")
            return
        except BaseException as e:
            result.write(load=f"{type(e).__name__}: {e}"[:300])
            return
        suite.run(result)
        result.write(end=True)


main()
