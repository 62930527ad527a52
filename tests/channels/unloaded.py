# SPDX-License-Identifier: MIT
# A built-in type is sent by its name, also where its module has not been imported.
# expect: namespace(a=1) True
import sys

import channels

kind = type(sys.implementation)
sys.modules.pop("types", None)
tx, rx = channels.open()
tx.send([kind(a=1), kind])
value, same = rx.recv()
print(value, same is kind)
