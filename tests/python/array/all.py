# SPDX-License-Identifier: MIT
# array: every typecode, method, operator and error.
import array
A=array.array
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
class I:
    def __index__(self): return 5
class F:
    def __float__(self): return 1.5
for c in array.typecodes:
    for v in (0,-1,2**8,-2**15-1,2**16,2**31,2**32,2**63,2**64,-2**63-1,1.5,'a','',None,I(),F()):
        print(c,repr(v) if not isinstance(v,(I,F)) else type(v).__name__,t(A,c,[v]))
print(t(A),t(A,5),t(A,'x'),t(A,'ii'),t(A,'i',1),t(A,'i','abc'),t(A,'u','abc'),t(A,'i',b'12345678'),t(A,'i',b'123'),t(A,'i',bytearray(b'12345678')),t(A,'i',[1],2),t(A,typecode='i'),t(A,'i',A('h',[1,2])),t(A,'d',A('u','a')),t(A,'u',A('i',[97])),t(A,'i',range(3)),t(A,'u',[1]),t(A,'i',(1,2)),t(A,'u',A('u','xy')),t(A,'b',None),t(A,'i',[1,'a']))
a=A('i',[1,2,3,2])
print(t(a.append,'a'),t(a.append),t(a.extend,5),t(a.extend,A('h')),t(a.extend,['a']),a,t(a.index,9),a.index(2),a.index(2,2),t(a.index,2,0,1),a.index(2,-1),a.count(2),t(a.remove,9),t(a.pop,99),t(A('i').pop),a.pop(),a.pop(0),a,t(a.insert,0,'a'),a.insert(100,7),a.insert(-100,0),a.insert(1,9),a)
print(a.typecode,a.itemsize,len(a),a.buffer_info()[1],a.tobytes(),a.tolist(),a[0],a[-1],t(lambda:a[99]),t(lambda:a['x']),a[1:3],a[::2],a[::-1],t(a.__setitem__,99,1),t(a.__setitem__,'x',1),t(a.__setitem__,0,'x'),t(a.__delitem__,99),t(a.__setitem__,slice(0,1),5),t(a.__setitem__,slice(0,1),[1]),t(a.__setitem__,slice(0,1),A('h',[1])),t(a.__setitem__,slice(0,4,2),A('i',[1])))
a[1:2]=A('i',[5,6,7]); print(a); a[::2]=A('i',[0,0,0]) if len(a[::2])==3 else a[::2]; print(a); del a[1]; print(a); del a[::2]; print(a); a[:]=a; print(a); a[1:1]=a; print(a); del a[:]; print(a)
a=A('h',[1,2]); print(a+a,a*2,2*a,a*0,a*-1,t(lambda:a+[1]),t(lambda:a+A('i')),t(lambda:a*'x'),a==A('i',[1,2]),a<A('h',[1,3]),a!=a,a==[1,2],t(lambda:a<[1]),A('d',[1.0])==A('i',[1]),A('u','a')==A('i',[97]),A('b')<A('b',[1]),A('i',[1,2])>A('i',[1]),t(lambda:a*2**62))
a+=a; print(a); a*=2; print(a); print(t(a.__iadd__,[1]),t(a.__iadd__,A('i')),1 in a,5 in a,'x' in a)
a.reverse(); print(a); a.byteswap(); print(a); print(t(A('u','ab').byteswap),A('d',[1.5]).tobytes())
print(repr(A('u','abc')),repr(A('i')),repr(A('u')),repr(A('d',[1.5,2])),repr(A('B',[1])),t(repr,A('u')),t(A('u','héllo').tounicode),t(a.tounicode),t(A('u').fromunicode,'abc'),t(a.fromunicode,'x'),t(A('u').fromunicode,5))
b=A('i'); print(t(b.frombytes,b'abc'),t(b.frombytes,b'12345678'),b,t(b.frombytes,'a'),t(b.fromlist,[1,2]),b,t(b.fromlist,(1,)),t(b.fromlist,[1,'a']),b,t(b.fromlist,5))
import io
f=io.BytesIO(b'\1\0\0\0\2\0\0\0\3'); b=A('i'); print(t(b.fromfile,f,2),b,t(b.fromfile,f,1),b,t(b.fromfile,f,-1),t(b.fromfile,5,1)); g=io.BytesIO(); b.tofile(g); print(g.getvalue(),t(b.tofile,5))
m=memoryview(b); print(m.format,m.itemsize,m.shape,m.readonly,m.tolist()); m[0]=77; print(b,t(b.append,1),t(b.extend,[1]),t(b.pop),t(b.__delitem__,0),t(b.__setitem__,slice(0,0),A('i',[1])),t(b.insert,0,1),t(b.fromlist,[1]),t(b.frombytes,b'1234'),t(b.__imul__,2)); m.release(); b.append(3); print(b)
print(t(hash,b),t(iter,b)!=0,list(iter(b)),type(iter(b)),list(reversed(b)),t(next,iter(A('i'))),iter(b).__length_hint__() if hasattr(iter(b),'__length_hint__') else 'no', iter(b).__reduce__()[1:],t(type(iter(b))))
import copy
print(copy.copy(b),copy.deepcopy(b),copy.copy(b) is b,b.__reduce_ex__(2),b.__reduce_ex__(3)[1:],b.__reduce_ex__(4)[1],b.__reduce_ex__(0),t(b.__reduce_ex__,'x'),A('u','ab').__reduce_ex__(3)[1:])
R=array._array_reconstructor
print(t(R,A,'i',0,b'\1\2'),t(R,A,'B',0,b'\1\2'),t(R,A,'i',8,b'\1\0\0\0'),t(R,A,'i',9,b'\0\0\0\1'),t(R,A,'d',14,bytes(8)),t(R,A,'d',17,b'\x3f\xf8'+bytes(6)),t(R,A,'u',18,b'a\0'),t(R,A,'u',20,b'a\0\0\0'),t(R,A,'i',99,b''),t(R,A,'i',-1,b''),t(R,int,'i',0,b''),t(R,5,'i',0,b''),t(R,A,'z',0,b''),t(R,A,'ii',0,b''),t(R,A,'i',8,'x'),t(R,A,'i',8,b'abc'),t(R,A,'i',12,b'\1\2\3\4\5\6\7\x08'),t(R,A,'l',4,b'\1\2'),t(R,A,'q',8,b'\xff\xff\xff\xff'),t(R,A,'Q',6,b'\xff\xff\xff\xff'))
class S(A):
    def __init__(s,*a,**k): s.x=1
s=S('i',[1]); print(s,s.__reduce_ex__(3)[1:],type(s+s),type(s[:]),type(s*2),type(copy.copy(s)),s.__class__.__name__,t(S,'i',x=1),s.__reduce_ex__(2)[1:])
print(array.ArrayType is A,array.typecodes,A.__module__,A.__doc__[:20],[n for n in dir(array) if n[0] != "_"])
a=A('i',[1,2,3]); it=iter(a); next(it); it.__setstate__(2); print(list(it),it.__reduce__()[1:]) 
match A('i',[1,2]):
    case [x,y]: print('seq',x,y)
print(memoryview(A('u','ab')).format, t(memoryview(A('u','ab')).tolist), [memoryview(A(c)).format for c in array.typecodes])

# Conversions that change the array meanwhile.
class Shrink:
    def __init__(s, a): s.a = a
    def __index__(s): del s.a[:]; return 7
a = A('i', [1, 2, 3]); t(a.__setitem__, 2, Shrink(a)); print(len(a))
a = A('i', [1, 2, 3]); a.append(Shrink(a)); print(len(a) < 2)
a = A('i', [1, 2, 3]); a.insert(2, Shrink(a)); print(len(a) < 2)
a = A('i', range(1000)); print(sum(a), a[10:900:77], a.index(500), a.count(3), a == A('l', range(1000)), a < A('h', [0, 2]))
del a[3:990:2]; print(len(a)); del a[::-3]; print(len(a)); del a[5::-1]; print(len(a), a[:4])
