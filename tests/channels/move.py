# SPDX-License-Identifier: MIT
# move=True: the memory of bytearrays and arrays goes without being copied; what stays behind raises, and gets it back on failure.
# expect: small bytearray(b'abc') array('i', [1, 2, 3]) bytearray(b'') array('d')
# expect: large 1000000 True 200000 True
# expect: grown 1000001
# expect: len ValueError its memory has been moved to another interpreter
# expect: index ValueError its memory has been moved to another interpreter
# expect: set ValueError its memory has been moved to another interpreter
# expect: iterate ValueError its memory has been moved to another interpreter
# expect: method ValueError its memory has been moved to another interpreter
# expect: buffer ValueError its memory has been moved to another interpreter
# expect: send ValueError its memory has been moved to another interpreter
# expect: again NotShareableError cannot move a 'channels.Moved' object: only a bytearray or an array.array
# expect: repr <memory that has been moved to another interpreter>
# expect: weak True
# expect: bytes NotShareableError cannot move a 'bytes' object: its bytes are part of it; move a bytearray, or use channels.share()
# expect: subclass NotShareableError cannot move a 'Sub' object: only a bytearray or an array.array
# expect: exported BufferError cannot move a 'bytearray' object while buffers of it exist
# expect: full False 5000 b'xxx'
# expect: timeout TimeoutError 5000
# expect: closed ClosedError 5000
# expect: other (100000, 6400000, 'moved in place')
# expect: limit MemoryError
# expect: dropped True
import array
import gc
import weakref

import channels
from concurrent import interpreters

tx, rx = channels.open(4)


def move(value):
    tx.send(value, move=True)
    return rx.recv()


def attempt(label, f):
    try:
        print(label, f())
    except Exception as error:
        print(label, type(error).__name__, error)


print("small", move(bytearray(b"abc")), move(array.array("i", [1, 2, 3])), move(bytearray()), move(array.array("d")))
data = bytearray(range(250)) * 4000
numbers = array.array("d", range(200000))
copy = bytes(data), numbers[:]
ref = weakref.ref(numbers)
got, got_numbers = move(data), move(numbers)
print("large", len(got), got == copy[0], len(got_numbers), got_numbers == copy[1])
got.append(1)
got_numbers.append(1.0)
print("grown", len(got))
attempt("len", lambda: len(data))
attempt("index", lambda: numbers[0])
attempt("set", lambda: data.__class__ and exec("data[0] = 1", globals()))
attempt("iterate", lambda: list(data))
attempt("method", lambda: data.append(1))
attempt("buffer", lambda: memoryview(numbers))
attempt("send", lambda: tx.send(data))
attempt("again", lambda: tx.send(data, move=True))
print("repr", repr(data))
alive = ref() is numbers
del numbers
gc.collect()
print("weak", alive and ref() is None)


class Sub(bytearray):
    pass


attempt("bytes", lambda: move(bytes(10000)))
attempt("subclass", lambda: move(Sub(10000)))
held = bytearray(1000)
view = memoryview(held)
attempt("exported", lambda: move(held))

# What could not be sent is as before.
small_tx, small_rx = channels.open(1)
small_tx.send(0)
back = bytearray(b"x" * 5000)
print("full", small_tx.try_send(back, move=True), len(back), bytes(back[:3]))
try:
    small_tx.send(back, timeout=0.001, move=True)
except TimeoutError as error:
    print("timeout TimeoutError", len(back))
small_rx.close()
try:
    small_tx.send(back, move=True)
except channels.ClosedError:
    back.append(0)
    del back[-1:]
    print("closed ClosedError", len(back))

# To another interpreter and back.
other = interpreters.create()
there_tx, there_rx = channels.open(4)
other.prepare_main(rx=there_rx, tx=tx)
there_tx.send(bytearray(100000), move=True)
there_tx.send(array.array("q", bytes(6400000)), move=True)
other.exec("""
a, b = rx.recv(), rx.recv()
a[:5] = b'hello'
b.append(7)
tx.send((len(a), len(b) * 8 - 8, 'moved in place'))
""")
print("other", rx.recv())

# The charge goes along: the receiver's limit counts.
poor = interpreters.create(memory_limit=4_000_000)
poor.prepare_main(rx=there_rx, tx=tx)
there_tx.send(bytearray(50_000_000), move=True)
poor.exec("""
try:
    rx.recv()
    got = 'no error'
except MemoryError:
    got = 'MemoryError'
tx.send(got)
""")
print("limit", rx.recv())
# Queued messages whose channel ends free what was moved.
drop_tx, drop_rx = channels.open()
drop_tx.send(bytearray(1_000_000), move=True)
drop_rx.close()
try:
    drop_tx.send(bytearray(10), move=True)
except channels.ClosedError:
    print("dropped", True)
