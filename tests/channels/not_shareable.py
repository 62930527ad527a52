# SPDX-License-Identifier: MIT
# What cannot be sent is named with its place in the message; nothing is sent then.
# expect: cannot send message: 'generator' object
# expect: cannot send message[1]: 'generator' object
# expect: cannot send message['jobs'][2].lock: 'generator' object
# expect: cannot send message[0]{...}[1]: 'generator' object
# expect: cannot send message.__closure__[0]: 'generator' object
# expect: cannot send message.__defaults__[0]: 'generator' object
# expect: cannot send message['c']: 'type' object (a class made inside a function has no name to go by)
# expect: True True 0
import channels


class Job:
    pass


def local():
    g = gen()

    class Local:
        pass

    return lambda: g, Local


def gen():
    yield


job = Job()
job.lock = gen()
inner, cls = local()


def with_default(x=gen()):
    pass


tx, rx = channels.open()
for bad in [gen(), [1, gen()], {"jobs": [1, 2, job]}, [{(1, gen())}], inner, with_default, {"c": cls}]:
    try:
        tx.send(bad)
    except channels.NotShareableError as e:
        print(e)
from concurrent.interpreters import NotShareableError
print(NotShareableError is channels.NotShareableError, issubclass(NotShareableError, TypeError), len(rx))
