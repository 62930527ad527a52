# SPDX-License-Identifier: MIT
# A module that is imported afresh raises the exceptions of its first instance: its types are one.
# expect: one Empty for all
import _queue as Q, sys
del sys.modules['_queue']
import _queue as Q2
try:
    Q2.SimpleQueue().get_nowait()
except Q.Empty:
    print('one Empty for all')
