# SPDX-License-Identifier: MIT
# A failing excepthook.
# exit: 1
import sys
def hook(t, v, tb): raise KeyError('hook broke')
sys.excepthook = hook
def f(): raise ValueError('original')
f()
