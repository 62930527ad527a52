# What the compiler refuses.
# Each probe is told by what it raises: the class, the message and the attributes.
import re
import sys

ATTRS = "name obj path value errno strerror filename start end reason encoding object".split()


def show(e):
    out = [type(e).__name__, str(e)]
    for a in ATTRS:
        if hasattr(e, a):
            v = getattr(e, a)
            plain = isinstance(v, (int, str, bytes, type(None)))
            out.append(a + "=" + (repr(v) if plain else type(v).__name__))
    if e.__cause__:
        out.append("cause=" + repr(e.__cause__))
    if e.__context__:
        out.append("context=" + repr(e.__context__))
    return " | ".join(out)


PROBES = r'''
SyntaxError('a',(1,))
=class A: __match_args__=(5,)
match A():
  case A(1): pass
=input(1,2)
=print(1,sep=5)
=x=
=1=x
=None=1
=f()=1
=(a,b)+=1
=break
=def f(): nonlocal x
=def f():
 x=1
   y=2
=if 1
 pass
='abc
=(1,2
=1 2
=print 1
=exec 'x'
=a b c
=async def f(): yield from x
=await x
=def f(): await x
=import a.b as
=from x import *,a
=def f(x=1,y): pass
=f(a=1,2)
=f(**a,*b)
=f(a=1,a=2)
=lambda x,x:0
={**a for a in b}
=[*a for a in b]
=del f()
=x:int:=5
=(x:=5):=6
=f'{a'
=f'{}'
=f'{a!z}'
=0777
=1__0
=0x
=1e
='\N{nope}'
=b'é'
=u'\uZZZZ'
=try: pass
=for x in y
=class A
=else: pass
=with a as 5: pass
=match x:
  case 1|y: pass
  case z: pass
=match x:
  case a: pass
  case b: pass
=match x:
  case {**a,'b':1}: pass
=match x:
  case [*a,*b]: pass
=def f():
  global x
  x=1
  nonlocal x
=def f():
  x=1
  global x
=from __future__ import nope
=x=1;from __future__ import division
=continue
=@
=@5
=def
=a=*b
=*a
=print(*)
=a if b
=not
=a.1
=1.a
=$
=?
=a??b
=é=1;é.zz
=
'''
for probe in PROBES.strip("\n").split("\n="):
    space = {"sys": sys, "__name__": "probe"}
    try:
        try:
            code = compile(probe, "<p>", "eval")
        except SyntaxError:
            code = compile(probe, "<p>", "exec")
        eval(code, space)
        told = "fine"
    except SyntaxError as e:
        told = repr((type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text))
    except BaseException as e:
        told = show(e)
    print(ascii(probe), "->", ascii(re.sub("0x[0-9a-f]+", "0x", told))[1:-1])
