# The module termios on a pipe and on a pseudo-terminal; its constants.
import os
import termios

def attempt(f, *args, **kw):
    try:
        print(ascii(f(*args, **kw)))
    except BaseException as e:
        print(type(e).__name__, ascii(e.args))


for f in termios.tcgetattr, termios.tcdrain, termios.tcgetwinsize:
    for args in (), (-1,), ("a",), (999,), (2**40,):
        attempt(f, *args)
r, w = os.pipe()
attempt(termios.tcgetattr, r)
attempt(termios.tcflush, r, 0)
attempt(termios.tcflow, r, 0)
attempt(termios.tcsendbreak, r, 0)
attempt(termios.tcgetwinsize, r)
attempt(termios.tcsetwinsize, r, (1, 2))
attempt(termios.tcsetwinsize, r, [1])
attempt(termios.tcsetwinsize, r, 3)
attempt(termios.tcsetwinsize, r, ('a', 2))
attempt(termios.tcsetwinsize, r, (-1, 2))
attempt(termios.tcsetwinsize, r, (70000, 2))

# A pseudo-terminal.
m, s = os.openpty()
a = termios.tcgetattr(s)
print(len(a), len(a[6]), [type(x) for x in a], a[6][termios.VINTR], a[6][termios.VEOF])
attempt(termios.tcsetattr, s, 0, a)
attempt(termios.tcsetattr, s, 0, a[:6])
attempt(termios.tcsetattr, s, 0, tuple(a))
attempt(termios.tcsetattr, s, 0, a[:6]+[[1]])
attempt(termios.tcsetattr, s, 0, a[:6]+[3])
attempt(termios.tcsetattr, s, 0, ['a']+a[1:])
attempt(termios.tcsetattr, s, 0, [2**70]+a[1:])
attempt(termios.tcsetattr, s, 9, a)
attempt(termios.tcsetattr, s, 0, a[:6]+[[1]*32])
attempt(termios.tcsetattr, s, 0, a[:6]+[['a']*32])
attempt(termios.tcsetattr, s, 0, a[:6]+[[b'ab']*32])
attempt(termios.tcsetattr, s, 0, a[:4]+[77, 77]+a[6:])
attempt(termios.tcsetattr, s, 0, [2**31]+a[1:])
attempt(termios.tcsetattr, s, 0, [2**32]+a[1:])
attempt(termios.tcsetattr, s, 0, [2**63]+a[1:])
attempt(termios.tcsetattr, s, 0, [-1]+a[1:])
attempt(termios.tcsetattr, s, 0, a[:6]+[[300]*32])
attempt(termios.tcsetattr, s, 'x', a)
attempt(termios.tcsetwinsize, s, (30, 100))
attempt(termios.tcgetwinsize, s)
attempt(termios.tcdrain, m)
attempt(termios.tcflush, s, 2)
attempt(termios.tcflush, s, 'a')
attempt(termios.tcsendbreak, s, 0)
attempt(termios.tcflow, s, 1)
attempt(termios.tcsetwinsize, s, [5, 6])
attempt(termios.tcsetwinsize, s, [2**70, 6])
attempt(termios.tcsetwinsize, s, [2**17, 6])
attempt(termios.tcsetwinsize, s, {1, 2})
attempt(termios.tcsetwinsize, s, 'ab')

# Without ICANON two of the characters are numbers.
a = termios.tcgetattr(s)
a[3] &= ~termios.ICANON
attempt(termios.tcsetattr, s, 0, a)
print(termios.tcgetattr(s)[6][4:8])
attempt(termios.tcsetattr, s, 0, termios.tcgetattr(s))
print(termios.error, termios.error.__mro__)
print([(k, getattr(termios, k)) for k in dir(termios) if isinstance(getattr(termios, k), int)])
