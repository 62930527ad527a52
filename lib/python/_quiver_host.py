# SPDX-License-Identifier: MIT
"""Modules that the host program supplies from memory: its config.load as a finder and loaders.

Made by interpreters/host_module.c for interpreters whose config has `load`: Finder(ask) stands in
sys.meta_path before the path finder. ask(name) gives None or (source, filename, is_package).
"""
from importlib.machinery import ModuleSpec
from _frozen_importlib_external import SourceLoader


class Loader(SourceLoader):
    """The source of one module, as importlib expects it; nothing is cached on disk."""

    def __init__(self, name, source, filename, is_package):
        self.name, self.path = name, filename
        self._source, self._is_package = source, is_package

    def _check(self, name):
        if name is not None and name != self.name:
            raise ImportError(f"loader for {self.name} cannot handle {name}", name=name)

    def get_filename(self, name=None):
        self._check(name)
        return self.path

    def is_package(self, name):
        self._check(name)
        return self._is_package

    def get_data(self, path):
        if path != self.path:
            raise FileNotFoundError(f"the host has no data for {path!r}")
        return self._source

    def get_code(self, name):
        return self.source_to_code(self.get_data(self.get_filename(name)), self.path)

    def __repr__(self):
        return f"<host loader of {self.name!r}>"


class Finder:
    """Asks the host."""

    def __init__(self, ask):
        self._ask = ask

    def find_spec(self, name, path=None, target=None):
        found = self._ask(name)
        if found is None:
            return None
        source, filename, is_package = found
        loader = Loader(name, source, filename, is_package)
        spec = ModuleSpec(name, loader, origin=filename, is_package=is_package)
        spec.has_location = True
        return spec

    def invalidate_caches(self):
        pass

    def __repr__(self):
        return "<host module finder>"
