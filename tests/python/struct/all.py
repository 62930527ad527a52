# SPDX-License-Identifier: MIT
# _struct: every code, prefix and error.
import struct,itertools
def t(f,*a):
    try: r=f(*a)
    except BaseException as e: r=(type(e).__module__+'.'+type(e).__name__, str(e))
    return r
class I:
    def __index__(self): return 5
class J:
    def __index__(self): return 2**100
class K:
    def __index__(self): raise ZeroDivisionError("x")
class L:
    def __index__(self): return 'a'
class F:
    def __float__(self): return 1.5
vals=[0,-1,2**7,2**15,2**31,2**63,2**64,-2**63-1,2**100,1.5,'a',None,I(),J(),K(),L(),F(),b'a',b'ab',b'',bytearray(b'x'),True,1e300,float('nan'),70000.0]
for p in ['','>']:
    for c in 'cbB?hHiIlLqQnNefdspP x':
        for v in vals:
            if p == '' or v in (0, -1, 2**64, -2**63-1) or isinstance(v, J): print(repr(p+c), repr(v) if isinstance(v,(int,float,bytes,bytearray,str,type(None))) else type(v).__name__, t(struct.pack,p+c,v))
fm=['z','3','3 i','i3','<P','<n','99999999999999999999i','9223372036854775807i','9223372036854775808b','i\0','é',b'i',b'\xff',None,5,'i i','0i','bi','b0i','ib','bq','<bq','10s','0s','s','0p','p','3p','255p','300p','2147483648d x','1000000000000000000d','9223372036854775807sb','  i  ','@<i','i<i','bhilqnP','=bhilq','3x','c3?','P','@', '', '\t\n i']
for f in fm: print(repr(f), t(struct.calcsize,f), t(lambda f: struct.Struct(f).format,f))
S=struct.Struct
print(t(struct.pack,'ii',1),t(struct.pack,'ii',1,2,3),t(struct.pack),t(struct.pack_into,'i'),t(struct.pack_into),t(struct.pack_into,'i',bytearray(3),0,1),t(struct.pack_into,'i',bytearray(8),5,1),t(struct.pack_into,'i',bytearray(8),-3,1),t(struct.pack_into,'i',bytearray(8),-9,1),t(struct.pack_into,'i',bytearray(8),2**70,1),t(struct.pack_into,'i',b'aaaaaaaa',0,1),t(struct.pack_into,'i',bytearray(8),0),t(struct.pack_into,'i',bytearray(8)), t(struct.pack_into,'i',bytearray(8),'x',1))
print(t(S('ii').pack,1),t(S('ii').pack,1,2,3),t(S('i').pack_into),t(S('i').pack_into,bytearray(4)),t(S('i').pack_into,bytearray(4),0),t(S('i').pack_into,bytearray(4),0,1,2),t(S('i').pack_into,5,0,1),t(S('i').pack_into,bytearray(4),1,2))
print(t(struct.unpack,'i',b'abc'),t(struct.unpack,'i',b'abcde'),t(struct.unpack,'i','x'),t(struct.unpack,'i',5),t(struct.unpack_from,'i',b'abc'),t(struct.unpack_from,'i',b'abcdef',3),t(struct.unpack_from,'i',b'abcdef',-3),t(struct.unpack_from,'i',b'abcdef',-7),t(struct.unpack_from,'i',b'abcdef',-5),t(struct.unpack_from,'i',b'abcdef',7),t(struct.iter_unpack,'i',b'abc'),t(struct.iter_unpack,'',b''),t(struct.iter_unpack,'i','x'))
print(t(S),t(lambda:S(fmt='i')),t(lambda: S.__new__(S).pack(1)),t(lambda: S.__new__(S).size),t(lambda: S.__new__(S).format),t(lambda: S.__new__(S).unpack(b'')),t(lambda:S.__new__(S).pack_into(b'',0)))
s=S('<i10sxh'); print(s.__sizeof__() > S('').__sizeof__())
it=struct.iter_unpack('<h',b'abcdef'); print(it.__length_hint__(),next(it),it.__length_hint__(),type(it),list(it),it.__length_hint__(),t(type(it))[0])
print(repr(s)[:22],t(hash,s) and 1,t(setattr,s,'size',3),t(setattr,s,'format','i'))
print(struct.unpack('<efd?cn'.replace('n','q'),struct.pack('<efd?cq',1.5,2.5,3.5,1,b'x',-5)))
print(struct.error, struct.error.__mro__)
for h in [b'\x00\x7c',b'\x01\x7c',b'\x00\xfc',b'\x01\x00',b'\xff\x03',b'\x00\x80']: print(struct.unpack('<e',h))
for v in [65504,65519,65520,1e-8,5.960464477539063e-08,2.98e-8,2.980232238769531e-08,2.9802322387695316e-08,6.1e-5,1.0009765625,1.00048828125,1.0014648437,2049,2051,-0.0,float('inf'),float('nan'),-float('nan')]: print(v,t(struct.pack,'>e',v),t(struct.pack,'<e',v))
for v in [3.4028235677973362e38,3.4028235677973366e38,1e39,1e-46]: print(v,t(struct.pack,'>f',v),t(struct.pack,'f',v))

# The items of a Struct may be replaced while it packs.
class Evil:
    def __index__(self):
        s.__init__('q'); return 7
s = S('iii')
t(s.pack, 1, Evil(), 3)
print(s.size)
s = S('i')
b = bytearray(4)
class Grow:
    def __index__(self):
        print(t(b.extend, b'more')); return 0
print(t(s.pack_into, b, Grow(), 1), b)
class Sub(S):
    def __init__(self, f): super().__init__(f); self.x = 1
print(Sub('hh').pack(1, 2), Sub('h').x, t(S('h').unpack, memoryview(b'abcd')[::2]))
