# Misuse of classes, descriptors, generators, context managers, exceptions, buffers, modules.
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
format([],'d')
=format(None,'s')
=format(object(),'x')
=f'{1:zz}'
=f'{[]:d}'
='{:n}'.format('a')
=isinstance(1,5)
=isinstance(1,(int,5))
=isinstance(1,list[int])
=issubclass(1,int)
=issubclass(int,5)
=issubclass(int,(5,))
=issubclass(int,list[int])
=int|5
=5|int
=list[int]()[5]
=int[5]
=list[int][str]
=class A(5): pass
=class A(None): pass
=class A(bool): pass
=class A(type(None)): pass
=class A(int,str): pass
=class A(object,int): pass
=class A(int,int): pass
=class A(type(lambda:0)): pass
=class A(range): pass
=class M(type): pass
class N(type): pass
class A(metaclass=M): pass
class B(metaclass=N): pass
class C(A,B): pass
=class A(metaclass=5): pass
=class A(foo=1): pass
=class A:
  def __init_subclass__(cls): pass
class B(A,x=1): pass
=class A:
  __slots__=('a','a')
  a=1
=class A:
  __slots__=5
=class A:
  __slots__=('1a',)
=class A:
  __slots__=('a',)
  a=1
=class A(int):
  __slots__=('a',)
=class A(tuple):
  __slots__=('a',)
=class A:
  __slots__=('__dict__','__dict__')
=class A:
  __slots__=('__weakref__','__weakref__')
=class A:
  __slots__=('a',)
class B:
  __slots__=('b',)
class C(A,B): pass
=class A: pass
class B(A): pass
class C(A,B): pass
=class A:
  def __set_name__(self,o,n): raise ValueError(1)
class B: a=A()
=class A:
  __qualname__=5
=class A:
  __classcell__=5
=type()
=type('A')
=type('A',(),{},5)
=type(5,(),{})
=type('A',5,{})
=type('A',(5,),{})
=type('A',(),5)
=type('A\0',(),{})
=type.__call__()
=type.mro(5)
=int.__new__()
=int.__new__(5)
=int.__new__(str)
=object.__new__(int)
=object.__new__()
=object.__init__()
=str.upper()
=str.upper(5)
=list.append([],1,2)
=list.append(1,2)
=int.__add__(1)
=int.__add__('a',1)
=int.__add__()
=dict.fromkeys()
=dict.fromkeys(5)
=dict(5)
=dict([1])
=dict([(1,)])
=dict([(1,2,3)])
=dict(1,2)
={}.pop()
={}.pop(1)
={}.popitem()
={}[1]
=del {}[1]
={}.update(5)
={}.update([1])
={}.update(1,2)
={}.setdefault()
={}.get()
=set(5)
=set([[]])
={1}.remove(2)
=set().pop()
=set().remove([])
={1}|[1]
={1}.union(5)
=frozenset().add
=x={1:1}
for k in x: x[k+1]=1
=x={1}
for k in x: x.add(k+1)
=import abc
class A(abc.ABC):
  @abc.abstractmethod
  def f(self): pass
A()
=import abc
class A(abc.ABC):
  @abc.abstractmethod
  def f(self): pass
  @abc.abstractmethod
  def g(self): pass
A()
=super()
=def f(): super()
f()
=super(5)
=super(int,5)
=super(int,'a')
=super(int).x
=super(int,1).x
=def f(x):
  del x
  super()
f(1)
=class A:
  def f(): super()
A.f()
=class A:
  def f(self): return super().zz
A().f()
=property(1,2,3,4,5)
=class A:
  p=property()
A().p
=class A:
  p=property()
A().p=1
=class A:
  @property
  def p(self): return 1
A().p=1
=class A:
  @property
  def p(self): return 1
del A().p
=class A:
  p=property(fset=lambda s,v:0)
A().p
=class A:
  @property
  def p(self): return self.q
A().p
=staticmethod()
=classmethod()
=class A:
  f=classmethod(5)
A.f
A.f()
=def g(): yield
g().send(1)
=def g(): yield
x=g(); next(x); next(x)
=def g():
  yield
  raise StopIteration
x=g(); next(x); next(x)
=def g(): yield
g().throw(5)
=def g(): yield
g().throw(ValueError,5,5)
=def g(): yield
g().throw(ValueError('a'),5)
=def g(): yield
g().throw()
=def g():
  x.send(None)
  yield
x=g(); next(x)
=def g():
  try: yield
  finally: yield
x=g(); next(x); x.close()
=def g(): yield from 5
next(g())
=def g(): return 5; yield
next(g())
=async def c(): pass
x=c()
try: x.send(1)
finally: x.close()
=async def c(): pass
x=c()
x.close()
x.send(None)
=async def c(): await 5
c().send(None)
=async def c():
  async with 5: pass
c().send(None)
=async def c():
  async for x in 5: pass
c().send(None)
=async def c():
  async for x in A(): pass
class A:
  def __aiter__(self): return 5
c().send(None)
=async def c():
  async for x in A(): pass
class A:
  def __aiter__(self): return self
  def __anext__(self): return 5
c().send(None)
=async def c(): await A()
class A:
  def __await__(self): return 5
c().send(None)
=async def c(): await A()
class A:
  def __await__(self):
    x=d(); x.close(); return x
async def d(): pass
c().send(None)
=async def c(): return [x async for x in 5]
c().send(None)
=async def c():
  for x in c2(): pass
async def c2(): yield
c().send(None)
=async def d(): pass
x=d(); x.close()
for i in x: pass
=def g(): yield from d()
async def d(): pass
x=d()
try: pass
finally: x.close()
def h(): yield from x
next(h())
=async def g(): yield
g().__anext__().throw(ValueError)
=aiter(5)
=anext(5)
=async def g(): yield 1
x=g().asend(1)
x.send(None)
=with 5: pass
=class A:
  def __enter__(self): pass
with A(): pass
=class A:
  def __exit__(self,*a): pass
with A(): pass
=class A:
  async def __aenter__(self): pass
  async def __aexit__(self,*a): pass
with A(): pass
=class A:
  def __enter__(self): pass
  def __exit__(self,*a): raise KeyError(1)
with A(): 1/0
=raise 5
=raise int
=raise ValueError from 5
=raise
=class E(Exception):
  def __new__(c): return 5
raise E
=try: 1/0
except 5: pass
=try: 1/0
except (5,): pass
=try: 1/0
except* 5: pass
=try: raise ExceptionGroup('a',[ValueError()])
except* ExceptionGroup: pass
=ExceptionGroup()
=ExceptionGroup('a')
=ExceptionGroup('a',5)
=ExceptionGroup('a',[])
=ExceptionGroup('a',[5])
=ExceptionGroup(5,[ValueError()])
=ExceptionGroup('a',[KeyboardInterrupt()])
=ExceptionGroup('a',[ValueError()]).split(5)
=ExceptionGroup('a',[ValueError()]).subgroup(5)
=ExceptionGroup('a',[ValueError()]).derive(5)
=ExceptionGroup('a',[ValueError()]).message=5
=raise ExceptionGroup('a',[ValueError(1),TypeError(2)])
=ValueError().__cause__=5
=ValueError().__context__=5
=ValueError().__traceback__=5
=ValueError().with_traceback(5)
=ValueError().add_note(5)
=ValueError().args=5
=ValueError(a=1)
=OSError(2,'x').errno/0
=raise OSError(2,'x','f')
=raise OSError(2,'x','f',None,'g')
=UnicodeDecodeError()
=UnicodeDecodeError('a',b'a',1,2,5)
=UnicodeEncodeError('a','b','c',1,'d')
=raise UnicodeDecodeError('a',b'abc',1,2,'r')
=raise UnicodeEncodeError('a','abc',0,3,'r')
=raise UnicodeTranslateError('abc',0,1,'r')
=raise SyntaxError('a',('f',1,2,'t'))
=SyntaxError('a',5)
=raise KeyError('a')
=raise KeyError('a','b')
=raise StopIteration(5)
=raise ImportError('a',name='n',path='p')
=ImportError('a',foo=1)
=AttributeError('a',name='n',foo=1)
=NameError('a',name='n',obj=1)
=match 1:
  case int(1,2): pass
=class A: __match_args__=5
match A():
  case A(1): pass
=class A: __match_args__=('x',)
match A():
  case A(1,2): pass
=class A: __match_args__=('x','x')
A.x=1
match A():
  case A(1,1): pass
=class A: x=1; __match_args__=('x',)
match A():
  case A(1,x=1): pass
=x=5
match 1:
  case sys.x: pass
=match {}:
  case {sys.version: 1, sys.version: 2}: pass
=memoryview(5)
=memoryview('a')
=memoryview(b'a')[5]
=memoryview(b'a')['a']
=memoryview(b'a')[0]=1
=memoryview(bytearray(b'a'))[0]=300
=memoryview(bytearray(b'a'))[0]='a'
=memoryview(bytearray(b'abc'))[0:2]=b'a'
=memoryview(b'abc').cast('zz')
=memoryview(b'abc').cast('i')
=memoryview(b'abc').cast('B',5)
=memoryview(b'abcd').cast('B',[3])
=x=memoryview(b'a')
x.release()
x[0]
=x=bytearray(b'a')
y=memoryview(x)
x.append(1)
=hash(memoryview(bytearray(b'a')))
=x=memoryview(b'a')
del x[0]
=memoryview(b'abc')[::2].cast('B')
=memoryview(b'ab').tobytes('Z')
=round('a')
=round(1.5,'a')
=round(float('nan'))
=round(float('inf'))
=abs('a')
=len(5)
=bin(1.5)
=hex('a')
=oct(None)
=vars(5)
=dir(1,2)
=getattr(1)
=getattr(1,5)
=setattr(1,5,1)
=delattr(1,'x')
=hasattr(1,5)
=callable()
=id()
=eval(5)
=eval('1',5)
=eval('1',{},5)
=exec('1',5)
=exec(5)
=compile('1','f','x')
=compile(5,'f','exec')
=compile('1','f','exec',flags=999999999)
=compile('1\0','f','exec')
=eval('1+')
=eval('')
=print(1,end=5)
=print(1,file=5)
=print(1,foo=5)
=breakpoint
=__build_class__()
=__build_class__(5,'a')
=__build_class__(lambda:0,5)
=any(5)
=all(5)
=lambda:(yield)
=sys.getrecursionlimit(1)
=sys.setrecursionlimit(0)
=sys.setrecursionlimit('a')
=sys.intern(5)
=sys._getframe(9999)
=sys.getsizeof()
=sys.exit(1,2)
=import math
math.sqrt(-1)
=import math
math.sqrt('a')
=import math
math.factorial(-1)
=import math
math.factorial(1.5)
=import math
math.log(0)
=import math
math.exp(1000)
=import math
math.gcd(1.5)
=import math
math.isqrt(-1)
=import math
math.comb(-1,2)
=import math
math.floor('a')
=import math
math.ldexp(1,'a')
=import itertools
itertools.islice([],-1)
=import itertools
itertools.islice([])
=import itertools
itertools.repeat()
=import itertools
itertools.combinations([1],-1)
=import itertools
itertools.count('a')
=import itertools
itertools.product(5)
=import itertools
itertools.product([1],repeat=-1)
=import functools
functools.reduce(int,[])
=import functools
functools.partial()
=import functools
functools.partial(5)
=import operator
operator.itemgetter()
=import operator
operator.attrgetter(5)
=import operator
operator.add(1)
=import operator
operator.index('a')
=import struct
struct.pack('i','a')
=import struct
struct.pack('i')
=import struct
struct.unpack('i',b'')
=import struct
struct.calcsize('zz')
=import struct
struct.pack('b',300)
=import re
re.compile('(')
=import re
re.compile(5)
=import re
re.match('a',b'a')
=import re
re.match('a','a').group(5)
=import re
re.match('a','a').group('x')
=import re
re.sub('a','\\5','a')
=import weakref
weakref.ref(5)
=import weakref
weakref.ref()
=import weakref
class A: pass
p=weakref.proxy(A())
p.x
=import types
types.FunctionType(5,{})
=import types
types.FunctionType((lambda:0).__code__,5)
=import types
types.MethodType(5,1)
=import types
types.MethodType(len,None)
=import types
types.ModuleType()
=import types
types.ModuleType(5)
=import types
types.ModuleType('a').b
=import types
types.SimpleNamespace(1)
=import types
types.SimpleNamespace().x
=import types
types.MappingProxyType(5)
=import types
types.MappingProxyType({})['a']
=import types
types.MappingProxyType({})['a']=1
=import types
types.CellType().cell_contents
=import types
types.CodeType()
=import types
types.GeneratorType()
=import types
types.CoroutineType()
=import types
types.TracebackType(1,2,3,4)
=(lambda:0).__code__.replace(co_code=5)
=(lambda:0).__code__.co_name=5
=sys._getframe().f_lineno='a'
=sys._getframe().f_locals=5
=class D:
  def __get__(self,i,o): raise AttributeError('dd')
class A: x=D()
A().x
=class D:
  def __set__(self,i,o): pass
class A: x=D()
del A().x
=class D:
  def __delete__(self,i): pass
class A: x=D()
A().x=1
=class A:
  def __getattr__(self,n): raise AttributeError(n)
A().foo
=class A:
  def __getattribute__(self,n): raise AttributeError
A().foo
=class A:
  def __getitem__(self,i): pass
A()[1]=2
=class A:
  def __setitem__(self,i,v): pass
A()[1]
=class A: pass
A()[1]
=class A: pass
A()[1]=1
=class A: pass
del A()[1]
=class A: pass
A[1]
=class A: pass
1 in A()
=class A: pass
len(A())
=class A: pass
A()()
=class A: pass
A()+A()
=class A: pass
-A()
=class A: pass
A()<A()
=class A: pass
for x in A(): pass
=class A: pass
with A(): pass
=class A: pass
x=A()
x+=1
=class A: pass
int(A())
=class A: pass
float(A())
=class A: pass
'%d'%A()
=class A: pass
[1][A()]
=class A: pass
bytes(A())
=class A: pass
round(A())
=class A: pass
divmod(A(),1)
=class A: pass
pow(A(),1)
=class A: pass
A()**1
=class A: pass
pow(1,2,A())
=class A: pass
reversed(A())
=class A: pass
next(A())
=class A: pass
abs(A())
=class A: pass
~A()
=class A:
  def __add__(self,o): return NotImplemented
A()+1
=class A:
  def __lt__(self,o): return NotImplemented
A()<1
=class A:
  def __iter__(self): return self
iter(A())
=class A:
  __iter__=None
iter(A())
=class A:
  __contains__=None
1 in A()
=class A:
  __len__=None
len(A())
=class A:
  __call__=None
A()()
=class A:
  __enter__=None
with A(): pass
=class A:
  __getitem__=None
A()[1]
=class A:
  __add__=None
A()+1
=class A:
  __class_getitem__=None
A[1]
=class A:
  def __class_getitem__(c): pass
A[1]
=class A:
  def __bool__(self): raise KeyError('x')
not A()
=class A:
  def __prepare__(*a): return 5
class M(type):
  @classmethod
  def __prepare__(*a): return 5
class B(metaclass=M): pass
=class A:
  def __mro_entries__(self,b): return 5
class B(A()): pass
=class M(type):
  def mro(cls): return 5
class A(metaclass=M): pass
=class M(type):
  def mro(cls): return [5]
class A(metaclass=M): pass
=class M(type):
  def mro(cls): return []
class A(metaclass=M): pass
=class M(type):
  def __new__(m,n,b,d): return 5
class A(metaclass=M): pass
A()
=class M(type):
  def __instancecheck__(c,i): return 'a'
  def __subclasscheck__(c,i): raise KeyError(1)
class A(metaclass=M): pass
issubclass(int,A)
=class A:
  def __reduce__(self): return 5
import copy
copy.copy(A())
=assert 0
=assert 0,'a'
=assert 0,(1,2)
=global_undefined+=1
=def f(a,a): pass
=return
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
