# SPDX-License-Identifier: MIT
# Tracebacks as printed: carets, chains, notes, several lines, classes of nested functions.
# exit: 1
import sys
def show(f):
    try: f()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        print('-' * 10, file=sys.stderr)
def a(): return b(1)
def b(x): return c(x)[0]
def c(x): return {}[x]
show(a)
show(lambda: 1 / 0)
show(lambda: (1 + 2) * (3 / 0) + 4)
show(lambda: [1, 2][5])
show(lambda: {'a': {'b': None}}['a']['b']['c'])
show(lambda: (1).foo.bar)
show(lambda: None + 1)
show(lambda: print(1 + int('x')))
show(lambda: sum(x / 0 for x in [1]))
show(lambda: [x / 0 for x in [1]])
def multi():
    return (1 +
            2 / 0 +
            3)
show(multi)
def multi_call():
    return a_function_that_does_not_exist(
        1,
        2)
show(multi_call)
def args():
    return max(
        1,
        int('y'),
    )
show(args)
def attr():
    x = 5
    return (x
            .real
            .nope)
show(attr)
def asserts():
    assert 1 == 2, 'message'
show(asserts)
def plain_assert():
    assert (1 ==
            2)
show(plain_assert)
def raises():
    raise ValueError('multi\nline\nmessage')
show(raises)
def empty(): raise KeyError
show(empty)
def noted():
    e = ValueError('v'); e.add_note('a note'); e.add_note('two\nlines'); raise e
show(noted)
def badnotes():
    e = ValueError('v'); e.__notes__ = [1, 'x']; raise e
show(badnotes)
def badnotes2():
    e = ValueError('v'); e.__notes__ = 5; raise e
show(badnotes2)
def chain():
    try: 1 / 0
    except ZeroDivisionError as e: raise KeyError('k') from e
show(chain)
def ctx():
    try: 1 / 0
    except ZeroDivisionError: {}['x']
show(ctx)
def hidden():
    try: 1 / 0
    except ZeroDivisionError: raise KeyError('k') from None
show(hidden)
def deep():
    try:
        try: raise ValueError(1)
        except ValueError as e: raise TypeError(2) from e
    except TypeError: raise OSError(3)
show(deep)
class BadStr(Exception):
    def __str__(self): raise ValueError
show(lambda: (_ for _ in ()).throw(BadStr()))
class Outer:
    class Inner(Exception): pass
show(lambda: (_ for _ in ()).throw(Outer.Inner('i')))
class Mod(Exception): __module__ = 'some.module'
show(lambda: (_ for _ in ()).throw(Mod('i')))
class NoMod(Exception): __module__ = None
show(lambda: (_ for _ in ()).throw(NoMod('i')))
def unicode_line():
    é = 'ü'; return é + 1
show(unicode_line)
def tabs():
	x = 1;	return	x	+ 'a'
show(tabs)
def wide():
    s = '你好'; return s + 1, '漢字'
show(wide)
def aug():
    x = 1
    x += 'a'
show(aug)
def sub():
    d = {}
    d['a']['b'] = 1
show(sub)
def dele():
    d = {}
    del d['a']
show(dele)
def imp(): import no_such_module_xyz
show(imp)
def imp2(): from sys import no_such_name
show(imp2)
def w():
    with open('/nonexistent/file') as f: pass
show(w)
def fore():
    for x in 5: pass
show(fore)
def unpack(): a, b = 1, 2, 3
show(unpack)
def star(): print(*5)
show(star)
def fstr(): return f'a {1 / 0} b'
show(fstr)
def call(): return (lambda x: x)()
show(call)
def cmp(): return 1 < 'a'
show(cmp)
def chained_cmp(): return 1 < 2 < 'a'
show(chained_cmp)
def boolop(): return True and [] + 1
show(boolop)
def un(): return -'a'
show(un)
def ifexp(): return 1 if undefined_name else 2
show(ifexp)
def dec():
    @undefined_decorator
    def f(): pass
show(dec)
def cls():
    class X(undefined_base): pass
show(cls)
def slices(): return [1, 2, 3]['a':'b']
show(slices)
def comp(): return {k: 1 / k for k in (1, 0)}
show(comp)
def kw(): dict(a=1, b=1 / 0)
show(kw)
def ret():
    return undefined_thing
show(ret)
def strings():
    return ('abc' 'def' +
            1)
show(strings)
def long_line():
    return 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' + 1
show(long_line)
raise SystemExit(1)
