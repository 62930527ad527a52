# SPDX-License-Identifier: MIT
# callable id: ordinary and odd arguments.
from _probe import *
probe(globals(), (
    'callable(len)',
    'callable(5)',
    'callable(int)',
    'callable(lambda: 0)',
    'callable(Index)',
    'callable(Index(1))',
    'callable()',
    'callable(bad)',
    'id(None) == id(None)',
    'id(5) == id(5)',
    'id()',
    'id(1, 2)',
    "isinstance(id('a'), int)",
    'callable([].append)',
    'callable(property())',
    'callable(staticmethod(len))',
    'callable(classmethod(len))',
    "callable(type('C', (), {'__call__': None})())",
    "callable(type('C', (), {'__call__': 5})())",
))
