# dumps gives CPython's bytes, for every protocol; and what they load as.
import io
import pickle
import sys
import zlib
print(pickle.dumps.__module__)
class A:
    def __init__(s): s.x=1; s.y=[1,2]
class S:
    __slots__=('a','b')
class L(list): pass
class D(dict):
    def __init__(s,*a): super().__init__(*a); s.q=1
class N(tuple):
    def __new__(cls,*a): return super().__new__(cls,a)
    def __getnewargs__(s): return tuple(s)
class E:
    def __new__(cls,*,k=0): o=object.__new__(cls); o.k=k; return o
    def __getnewargs_ex__(s): return (),{'k':s.k}
    class In: pass
import collections, datetime, decimal, fractions, functools, enum
class C(enum.Enum): R=1; G=2
s=S(); s.a=1
d={}; d['self']=d
l=[]; l.append((l,)); 
a=A(); a.me=a; a.t=(a,)
od=collections.OrderedDict(a=1,b=2)
P=collections.namedtuple('P','x y'); 
objs=[None,True,False,0,1,-1,255,256,65535,65536,-128,-129,2**31-1,2**31,-2**31,-2**31-1,2**63,-2**63,2**64,-2**64,2**2000,-(2**2039),2**2040,1.5,-0.0,float('inf'),1e300,'','abc','\u20ac\udc80\x00\\\n\r\x1a','\U0001F600x',b'',b'abc',b'\xff'*300,bytearray(b''),bytearray(b'xy'),(),(1,),(1,2),(1,2,3),(1,2,3,4),[],[1],[1,2],list(range(1000)),list(range(1001)),list(range(2500)),{},{1:2},{1:2,3:4},dict.fromkeys(range(1000)),dict.fromkeys(range(1001)),dict.fromkeys(range(2005)),set(),{1},{1,2,3},frozenset(),frozenset([1,2]),set(range(1000)),set(range(1500)),
 int,len,A,E.In,type(None),type(...),type(NotImplemented),...,NotImplemented,a,s,L([1,2,3]),D({1:2}),N(1,2),E(k=5),E(),d,l,C.R,[C.R,C.R],od,collections.Counter('aab'),collections.deque([1,2],5),collections.defaultdict(list,{1:[2]}),P(1,2),datetime.date(2020,1,2),decimal.Decimal('1.5'),fractions.Fraction(1,3),functools.partial(int,'1',base=2),range(5),slice(1,2),1j,ValueError('x',1),KeyError('k'),OSError(2,'no'),
 [A(),A()],[['a','a'],'a'],'x'*70000,b'y'*70000,['x'*70000,'y'*70000,1],['z'*1000]*3+[str(i)*50 for i in range(5000)],bytearray(b'q'*70000),iter([1,2]),map,str.join,[].append,{}.get,A.__init__,object(),Exception,sys.intern,io.BytesIO(b'ab'),
]
P.__module__='__main__'
out=[]
for i,o in enumerate(objs):
    for p in range(6):
        for fix in (True,False):
            try: r=pickle.dumps(o,p,fix_imports=fix)
            except Exception as e: r=(type(e).__name__,str(e)[:60] if '0x' not in str(e) else '')
            f=io.BytesIO()
            try:
                pickle.Pickler(f,p,fix_imports=fix).dump(o)
                r2=f.getvalue()
            except Exception as e: r2=(type(e).__name__,str(e)[:60] if '0x' not in str(e) else '')
            print(i,p,fix,r==r2,r if len(r) < 120 else (len(r), zlib.crc32(r)))
            if isinstance(r,bytes):
                try:
                    v=pickle.loads(r); v2=pickle.load(io.BytesIO(r))
                    print('  ',type(v).__name__, repr(v)[:50] if '0x' not in repr(v) else '', v2==v)
                except Exception as e: print('  ',repr(e))
