# SPDX-License-Identifier: MIT
# A chain of channels, each of which holds the only receiver of the next one, goes in one piece: not by recursion as deep as it
# is long.
# expect: built
# expect: 0
import channels

last = None
for _ in range(60000):
    tx, rx = channels.open()
    if last is not None:
        tx.send(last)
        last.close()
    tx.close()
    last = rx
print("built")
last.close()
print(len(channels.list_all()))
