# SPDX-License-Identifier: MIT
# copyreg, the types of singletons, state setters, classes that cannot be found by their name.
# expect: copyreg ('made', 3)
# expect: types [<class 'NoneType'>, <class 'ellipsis'>, <class 'NotImplementedType'>]
# expect: setter {'state': 5}
# expect: setter of items [1, 2] None
# expect: nowhere cannot send message['t'][0]: 'type' object (its module does not have it by its name)
# expect: own argument cannot send message[0].__reduce_ex__()[1][1][0][0]: 'Own' object (it is among the parts that it is made from)
# expect: own exception cannot send message.args[0][0]: 'ValueError' object (it is among the parts that it is made from)
# expect: generator cannot send message: 'type' object (its module does not have it by its name)
import channels
import copyreg

tx, rx = channels.open()


def trip(value):
    tx.send(value)
    return rx.recv()


class Plain:
    pass


def make(n):
    return ("made", n)


copyreg.pickle(Plain, lambda o: (make, (3,)))
print("copyreg", trip(Plain()))
print("types", trip([type(None), type(...), type(NotImplemented)]))


def set_state(o, state):
    o.state = state


class Set:
    def __reduce_ex__(self, protocol):
        return Set, (), 5, None, None, set_state


print("setter", trip(Set()).__dict__)


class Items(list):
    def __reduce_ex__(self, protocol):
        return Items, (), None, iter(self), None, set_state


got = trip(Items([1, 2]))
print("setter of items", got, got.state)


class Own(tuple):
    pass


inside = []
own = Own([inside])
inside.append(own)
error = ValueError([])
error.args[0].append(error)
Lost = type("Lost", (), {"__module__": "collections"})
for label, value in ("nowhere", {"t": [Lost]}), ("own argument", [own]), ("own exception", error), ("generator", type(iter(()).__iter__() for _ in ())):
    try:
        print(label, trip(value))
    except channels.NotShareableError as error:
        print(label, error)
