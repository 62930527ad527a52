# SPDX-License-Identifier: MIT
"""Adds InterpreterPoolExecutor to concurrent.futures, as Python 3.14 has it there.

The importer loads this after the standard library's package (modules/import/load.c).
"""
import _imp
import sys


def _amend(package):
    name = "InterpreterPoolExecutor"
    others = getattr(package, "__getattr__", None)
    names = getattr(package, "__all__", None)
    if others is None or not isinstance(names, tuple) or name in names:
        return  # some other package of that name, or one that has it

    def __getattr__(asked):
        if asked != name:
            return others(asked)
        from concurrent.futures.interpreter import InterpreterPoolExecutor
        package.InterpreterPoolExecutor = InterpreterPoolExecutor
        return InterpreterPoolExecutor

    if not _imp.is_builtin("_multiprocessing"):
        # "import *" must not fail for an executor that nobody may want; asking for it does.
        names = tuple(n for n in names if n != "ProcessPoolExecutor")
    package.__all__ = (*names, name)
    package.__getattr__ = __getattr__


_amend(sys.modules["concurrent.futures"])
