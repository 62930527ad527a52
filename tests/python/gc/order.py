# The end of garbage: weak references are all dead before the first callback, which is only called
# for those from outside; collections asked for inside others, in threads, in deaths.
import gc
import threading
import weakref

gc.disable()
gc.collect()


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self


log = []
a, b = Node("a"), Node("b")
a.other, b.other = b, a
refs = []
for n in a, b:
    refs.append(weakref.ref(n, lambda r: log.append([r() for r in refs])))
a.inside = weakref.ref(b, lambda r: log.append("never"))
del a, b, n
print(gc.collect() >= 2, log)


# Inside a finalizer a collection does nothing, and its objects live on.
class Final(Node):
    def __del__(self):
        log.append((self.name, gc.collect(), gc.isenabled()))
        new = Node("made in " + self.name)
        made.append(weakref.ref(new))


log.clear()
made = []
Final("f")
print(gc.collect(), log, made[0]() is not None)
print(gc.collect(), made[0]() is None)


# Brought back to life: it, what it holds, and it is found again later without another __del__.
class Back(Node):
    def __del__(self):
        log.append(self.name)
        saved.append(self)


log.clear()
saved = []
x = Back("x")
x.part = Node("part")
x.part.ref = weakref.ref(x.part)
y = Node("y")
del x, y
print(gc.collect(), log, saved[0].part.name, gc.is_finalized(saved[0]))
saved.clear()
print(gc.collect(), log)


# A death that collects, in the middle of other deaths.
class Collects:
    def __init__(self, rest):
        self.rest = rest

    def __del__(self):
        c = Node("c")
        del c
        counts.append(gc.collect())


counts = []
chain = None
for i in range(20):
    chain = Collects([chain])
del chain
print(counts)

# Errors of finalizers and callbacks are told, and the rest goes on.
import sys

told = []
sys.unraisablehook = lambda u: told.append(type(u.exc_value).__name__)


class Bad(Node):
    def __del__(self):
        raise KeyError


r = []
for i in range(3):
    n = Bad(i)
    r.append(weakref.ref(n, lambda r: 1 / 0))
del n
print(gc.collect(), sorted(told), [w() for w in r])

# From several threads at once.
gc.enable()
gc.set_threshold(20)


def work():
    for i in range(300):
        n = Node(i)
        n.l = [n, Node(i)]
        if i % 50 == 0:
            gc.collect(i // 50 % 3)


threads = [threading.Thread(target=work) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
gc.collect()
print(sum(isinstance(o, Node) for o in gc.get_objects()))


# An iterator over a growing list of garbage lists, saved.
gc.set_threshold(700)
gc.set_debug(gc.DEBUG_SAVEALL)
n = Node("kept")
del n
gc.collect()
gc.set_debug(0)
print([o.name for o in gc.garbage if isinstance(o, Node)])
gc.garbage.clear()
print(gc.collect() > 0)

# __del__ finds a socket open, also where that is an instance of a class that inherits its end.
import socket


class Loop:
    def __init__(self):
        class Own(socket.socket):
            pass
        self.sockets = [Own(), socket.socket(), Own()]
        self.me = self

    def __del__(self):
        print("open:", [s.fileno() >= 0 for s in self.sockets])
        for s in self.sockets:
            s.close()


for _ in range(3):
    Loop()
    gc.collect()
