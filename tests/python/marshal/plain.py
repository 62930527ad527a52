# SPDX-License-Identifier: MIT
# marshal: plain values in every version, hostile bytes, files.
import marshal as M
def noref(d):
    # whether the first object is flagged depends on who else holds it
    return bytes([d[0] & 0x7f]) + d[1:] if ver >= 3 and len(v if hasattr(v,'__len__') and type(v) is not str else '') == 0 else (d if ver < 3 else M.loads(d) == v)
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
x=(1,2); s='abcdef'; 
vals=[None,True,False,...,StopIteration,0,1,-1,2**31-1,2**31,-2**31,-2**31-1,2**62,10**40,-10**40,1.5,-0.0,1j,2.5-3j,'','a','éé','\u20ac','\U0001f600','\ud800',b'',b'abc',bytearray(b'xy'),(),(1,),(x,x),[],[1,[2]],{}, {'a':1,2:(3,)}, {1,2}, frozenset([1]), set(), frozenset(), 'x'*300, (None,)*300, [s,s,s]]
for v in vals:
    for ver in (0,1,2,3,4):
        d=t(M.dumps,v,ver); d = d if type(d) is tuple else noref(d)
        print(ascii(v)[:30],ver,d if type(d) is bool or len(d)<150 else hash(d) and len(d),ascii(t(M.loads,d)) if type(d) is bytes else '')
class A:pass
for v in (A,A(),object(),len,slice(1),range(3),[A()],{1:A()}, {A():1} and 5, type, Exception, (1,object())): print(t(M.dumps,v)[1:] if type(t(M.dumps,v)) is tuple else 'fine')
for d in [b'',b'i',b'i\1\0\0',b'?',b'(\x05\0\0\0',b'[\xff\xff\xff\xff',b'(\0\0\0\x10',b'l\xff\xff\xff\x7f',b'l\0\0\0\x80',b'l\1\0\0\0\0\0',b'l\1\0\0\0\xff\xff',b'l\0\0\0\0',b'l\2\0\0\0\1\0\xff\x7f',b'l\xfe\xff\xff\xff\1\0\1\0',b's\xff\xff\xff\xff',b's\5\0\0\0ab',b's\xff\xff\xff\x7f',b'u\1\0\0\0\xff',b'u\3\0\0\0\xed\xa0\x80',b't\2\0\0\0ab',b'r\0\0\0\0',b'r\xff\xff\xff\xff',b'R',b'0',b'{0',b'{',b'{i\1\0\0\0',b'{i\1\0\0\0N0',b'{N0',b'<\1\0\0\0[\0\0\0\0',b'>\1\0\0\0N',b'<\2\0\0\0N',b'f\x031.5',b'f\x031x5',b'f\0',b'x\x031.5\x012',b'f',b'g1234567',b'y'+bytes(16),b'y'+bytes(15),b'I\1\0\0\0\0\0\0\0',b'\xe9\1\0\0\0',b'\xdb\2\0\0\0i\1\0\0\0r\0\0\0\0',b'\xa9\1[\1\0\0\0r\0\0\0\0',b'z\3abc',b'Z\3abc',b'a\3\0\0\0abc',b'A\3\0\0\0abc',b'z\3\xff\xfe\xfd',b'a\xff\xff\xff\xff',b'u\xff\xff\xff\xff',b')\2NT',b')\2N',b')\0','abc',5,b'N extra',b'S',b'.',b'T',b'F',b'(\1\0\0\0'*3000,b')\1'*2001+b'N',b')\1'*1990+b'N',b'[\1\0\0\0'*1998+b'N',b'z',b')',b')\2',b'(',b'x\0011',b'\xbe\1\0\0\0N',b'\xbc\1\0\0\0r\0\0\0\0',b'\xfb{0', b'\xfbNr\0\0\0\x000',b'l\xff\xff\xff\xff\x05\x00',b'l\1\0\0\0\x05\x00',b'l\4\0\0\0\1\0\2\0\3\0\4\0', b'q']:
    r=t(M.loads,d); print(d[:30] if type(d) is not int else d, t(ascii,r)[:100])
l=[]; l.append(l); print(M.loads(M.dumps(l)), t(M.dumps,l,2))
d={}; d[1]=d; print(M.loads(M.dumps(d)))
n=(); 
for i in range(1990): n=(n,)
print(len(M.dumps(n)))
for i in range(3000): n=[n]
print(t(M.dumps,n))
import io
f=io.BytesIO(); M.dump([1,'a'],f); M.dump(5,f,2); f.seek(0); print(M.load(f),M.load(f),t(M.load,f))
class R:
    def __init__(s,d,m): s.d=d; s.m=m
    def read(s,n): return b'' if n==0 else s.d
    if 1:
        def readinto(s,b): 
            if s.m=='big': return len(b)+5
            if s.m=='str': return 'a'
            if s.m=='neg': return -1
            n=min(len(b),len(s.d)); b[:n]=s.d[:n]; s.d=s.d[n:]; return n
for m in ('ok','neg'): print(m,t(M.load,R(b'i\1\0\0\0',m)))
class R2:
    def read(s,n): return 'abc'
print(t(M.load,R2()),t(M.load,5),t(M.dump,1,5),t(M.dumps),t(M.loads),t(M.dumps,1,2,3),t(M.dumps,1,'x'),M.version)
class W:
    def write(s,b): print('wrote',b[-4:]); return 5
print(t(M.dump,1,W()))
a=M.loads(M.dumps(['abcdef','abcdef'.upper().lower()])); print(a[0] is a[1])
import sys
q=sys.intern('hello'); a=M.loads(M.dumps((q,q))); print(a[0] is q)
