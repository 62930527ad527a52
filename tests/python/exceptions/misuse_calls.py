# Misuse of calls, names, attributes, numbers, texts and containers.
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
def f(a,b):pass;f()
=def f(a,b): pass
f(1,2,3)
=def f(a,*,k): pass
f(1)
=def f(a,*,k,l,m): pass
f(1)
=def f(a,b,c): pass
f()
=def f(a,/,b): pass
f(a=1,b=2)
=def f(a,/): pass
f(b=1)
=def f(a): pass
f(1,a=2)
=def f(a,b=1,*c,d): pass
f(*5)
=def f(**k): pass
f(**5)
=def f(**k): pass
f(**{1:2})
=def f(a): pass
f(a=1,**{'a':2})
=def f(a,b=1): pass
f(1,2,3,k=4)
=def f(): pass
f(1)
=def f(a=1): pass
f(1,2,3)
=class A:
  def m(self): pass
A().m(1)
=class A:
  def m(): pass
A().m()
=class A:
  def __init__(self,x): pass
A()
=object(1)
=class A: pass
A(1)
=class A:
  def __new__(c): return object.__new__(c)
A(1)
=class A:
  def __init__(self): return 5
A()
=5()
='a'.foo
='a'.uper
=[].apend(1)
=(1).real()
=None.x
=sys.exti
=import os
os.pth
=import collections
collections.OrderedDit
=class A:
  def __init__(self): self.value=1
A().valeu
=class A:
  value=1
A.vlaue
=class A:
  __slots__=('a',)
A().b=1
=class A:
  __slots__=('a',)
A().a
=class A:
  __slots__=('a',)
del A().a
=object().x=1
=(1).x=1
=int.x=1
=del int.real
=[].__class__=5
=(1).__class__=str
=class A: pass
A().__class__=int
=class A: pass
class B:
  __slots__='x'
A().__class__=B
=class A: pass
A.__bases__=()
=class A: pass
A.__bases__=(5,)
=class A: pass
A.__bases__=(A,)
=class A: pass
A.__name__=5
=class A: pass
del A.__name__
=class A: pass
A.__dict__={}
=class A: pass
A().__dict__=5
=del (lambda:0).__code__
=(lambda:0).__code__=5
=(lambda:0).__defaults__=5
=(lambda:0).__name__=5
=(lambda:0).__kwdefaults__=5
=(lambda x:x).__closure__=5
=def f():
  x
  x=1
f()
=def f():
  del y
f()
=def f():
  def g(): return zz
  g()
  zz=1
f()
=def f():
  x=1
  del x
  x
f()
=prnt
=prin(1)
=foobarbaz
=Tru
=del qqq
=a,b=1
=a,b=1,2,3
=a,b=1,
=a,*b,c=1,
=a,b='x'
=a,b=None
=[*5]
=(*5,)
={*5}
={**5}
=for x in 5: pass
=for a,b in [1]: pass
=import nope
=from os import nope
=from nope import x
=from os.path import joim
=__import__('')
=__import__(5)
=int('x')
=int('')
=int('1'*5000)
=str(10**5000)
=int('12',37)
=int('12',1)
=int(12,10)
=int(None)
=int([])
=int('\ud800')
=int(b'zz')
=int(float('nan'))
=int(float('inf'))
=float('x')
=float('')
=float([])
=float(b'\xff')
=float(10**400)
=complex('x')
=complex('1',2)
=complex(1,'2')
=complex([])
=10**400/1
=10**400*1.0
=1/0
=1//0
=1%0
=1.0/0
=1.0%0
=1.0//0
=0**-1
=0.0**-1
=2.0**10000
=divmod(1,0)
=divmod(1.0,0)
=1j/0
=0j**-1
=1j//1
=pow(2,-1,4)
=pow(2,2,0)
=pow(2.0,2,3)
=1<<-1
=1>>-1
=1<<(10**30)
=1<<1.0
=~1.0
=-'a'
=+[]
='a'+1
=1+'a'
=b'a'+'a'
='a'+b'a'
=[]+()
=()+[]
='a'*'b'
='a'*1.5
=[]*'a'
=[]-[]
={}-{}
={}+{}
=set()+set()
=1@2
=x=1
x@=2
=x='a'
x-=1
=x=[]
x+=5
=x=()
x+=5
=None+1
=object()+1
=print>>1
=1<'a'
='a'<b'a'
=[1]<['a']
=(1,)<('a',)
=None<1
={}<{}
=object()<object()
=1j<2j
=max()
=max([])
=max(1,'a')
=min(1,key=5)
=max(5)
=max([],[],default=1)
=sorted(5)
=sorted([1,'a'])
=sorted([1],key=5)
=sorted([1],reverse='a')
=sum(['a'])
=sum(['a'],'')
=sum([b'a'],b'')
=sum(5)
=hash([])
=hash({})
=hash(set())
=hash(slice(1))
=hash(bytearray())
={[]:1}
={[]}
={}[[]]
=[] in {}
={1}.add([])
=class A:
  __hash__=None
hash(A())
=class A:
  def __hash__(self): return 'a'
hash(A())
=class A:
  def __eq__(self,o): return 1
hash(A())
=class A:
  def __len__(self): return -1
len(A())
=class A:
  def __len__(self): return 'a'
len(A())
=class A:
  def __len__(self): return 2**70
len(A())
=class A:
  def __bool__(self): return 5
bool(A())
=class A:
  def __index__(self): return 'a'
[1][A()]
=class A:
  def __repr__(self): return 5
repr(A())
=class A:
  def __str__(self): return 5
str(A())
=class A:
  def __format__(self,s): return 5
format(A())
=class A:
  def __int__(self): return 'a'
int(A())
=class A:
  def __float__(self): return 'a'
float(A())
=class A:
  def __complex__(self): return 'a'
complex(A())
=class A:
  def __bytes__(self): return 'a'
bytes(A())
=class A:
  def __iter__(self): return 5
iter(A())
=class A:
  def __contains__(self,x): raise KeyError(x)
1 in A()
=class A:
  def __dir__(self): return 5
dir(A())
=class A:
  def __reversed__(self): return 5
list(reversed(A()))
=class A:
  def __length_hint__(self): return -1
  def __iter__(self): return iter(())
list(A())
=class A:
  def __length_hint__(self): return 'a'
  def __iter__(self): return iter(())
list(A())
=class A:
  def __index__(self): return 1.0
range(A())
=class A:
  def __trunc__(self): return 'x'
int(A())
=iter(5)
=next(5)
=next(iter([]))
=iter(5,5)
=reversed({1})
=reversed(5)
=enumerate(5)
=zip(5)
=zip([1],[1,2],strict=True).__class__(iter([1]),[1,2],strict=True)
=list(zip([1],[1,2],strict=True))
=list(zip([1,2],[1],strict=True))
=list(zip([1],[1],[],strict=True))
=map()
=map(5)
=map(None,5)
=filter(5)
=list(map(5,[1]))
=[1]['a']
=[1][1.0]
=[1][5]
=[1][5]=1
=del [1][5]
=[1][-9]
=(1,)[5]
=(1,)['a']
='a'[5]
='a'['b']
='a'[0]='b'
=del 'a'[0]
=b'a'[5]
=b'a'['x']
=bytearray(b'a')[0]=300
=bytearray(b'a')[0]='a'
=bytearray(b'a')[5]=1
=bytearray(b'a')['x']
=range(3)[5]
=range(3)['a']
=range(1,2,0)
=range('a')
=range(1.0)
=range()
=range(1,2,3,4)
=[1,2,3][::0]
='abc'[::0]
=[1,2][::'a']
=[1,2]['a':]
=x=[1,2,3]
x[::2]=[1]
=x=[1,2,3]
x[::2]=5
=x=[1,2,3]
x[0:1]=5
=x=bytearray(5)
x[0:1]='a'
=x=bytearray(5)
x[::2]=b'a'
=slice()
=slice(1,2,3,4)
=slice(1).indices('a')
=slice(1).indices(-1)
=slice('a').indices(1)
=slice(1,2,0).indices(5)
=[].pop()
=[1].pop(5)
=[1].pop('a')
=[].remove(1)
=[].index(1)
=().index(1)
='a'.index('b')
=b'a'.index(b'b')
=b'a'.index(300)
=b'a'.find('a')
='a'.find(1)
='a'.split('')
='a'.split(1)
=b'a'.split('a')
='a'.join([1])
='a'.join(5)
=b'a'.join(['a'])
='a'.replace('a')
='a'.replace(1,2)
='a'.startswith(1)
='a'.startswith((1,))
=b'a'.startswith('a')
='a'.center('x')
='a'.center(5,'xx')
='a'.zfill('a')
='a'.encode('nope')
=b'a'.decode('nope')
='\xff'.encode('ascii')
='\ud800'.encode()
=b'\xff'.decode()
=b'\xff'.decode('ascii')
=b'a'.decode('ascii','nope')
=b'\xff'.decode('ascii','nope')
='a\xff'.encode('ascii','nope')
='a'.translate(5)
='a'.maketrans('a')
='a'.maketrans('a','bc')
='a'.maketrans({'ab':1})
='a'.expandtabs('a')
=chr(-1)
=chr(2**40)
=chr('a')
=ord('ab')
=ord('')
=ord(5)
=ord(b'ab')
=bytes('a')
=bytes(-1)
=bytes([300])
=bytes(['a'])
=bytes(5,'a')
=bytes('a',5)
=bytes(b'a','a')
=bytes(1.5)
=bytes(None)
=bytearray('a')
=bytearray(-1)
=bytearray([300])
=bytearray().append(300)
=bytearray().append('a')
=bytearray().pop()
=bytearray().remove(1)
=bytearray().extend([300])
=bytearray().extend('a')
=bytearray().extend(5)
=bytes.fromhex('zz')
=bytes.fromhex('a')
=bytes.fromhex(5)
=b''.hex(5)
=b''.hex('ab')
=str(b'a',5)
=str(5,'a')
=str('a','b')
=str(b'a','b','c','d')
='%d'%'a'
='%d'%()
='%d%d'%(1,)
='%d'%(1,2)
='%c'%'ab'
='%c'%-1
='%c'%1.5
='%x'%1.5
='%x'%'a'
='%f'%'a'
='%z'%1
='%'%1
='%(a)s'%1
='%(a)s'%{}
='%(a'%{}
='%*d'%('a',1)
='%.*d'%(1,)
=b'%s'%'a'
=b'%d'%'a'
=b'%c'%300
=b'%b'%1
='{}'.format()
='{0}'.format()
='{a}'.format()
='{'.format()
='}'.format()
='{!x}'.format(1)
='{!'.format(1)
='{0.x}'.format(1)
='{0[x]}'.format([1])
='{0[}'.format([1])
='{:z}'.format(1)
='{:d}'.format('a')
='{:s}'.format(1)
='{:d}'.format(1.5)
='{:,s}'.format('a')
='{:,x}'.format(1)
='{:_,d}'.format(1)
='{:=5}'.format('a')
='{:+}'.format('a')
='{:.2d}'.format(1)
='{:c}'.format(-1)
='{:+c}'.format(1)
='{:99999999999999999999}'.format(1)
='{0}{}'.format(1,2)
='{}{0}'.format(1,2)
=format(1,5)
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
