# SPDX-License-Identifier: MIT
# zlib: functions, streams, dictionaries, errors, threads.
import zlib
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
d=b'hello world '*100
c=zlib.compress(d)
print(t(zlib.compress),t(zlib.compress,'a'),t(zlib.compress,d,10),t(zlib.compress,d,-2),t(zlib.compress,d,wbits=99),t(zlib.compress,d,level=1,wbits=31)[:4],t(zlib.compress,d,'x'),t(zlib.compress,data=d),t(zlib.compress,d,9,-15)[:6],t(zlib.compress,b''))
print(t(zlib.decompress),t(zlib.decompress,'a'),t(zlib.decompress,b''),t(zlib.decompress,b'abc'),t(zlib.decompress,c[:-5]),t(zlib.decompress,c+b'xx')==d,t(zlib.decompress,c,-15),t(zlib.decompress,c,99),zlib.decompress(c,bufsize=0)==d,t(zlib.decompress,c,bufsize=-1),t(zlib.decompress,c,bufsize=1)==d,t(zlib.decompress,c[:10]+b'zzzz'+c[14:]),t(zlib.decompress,c,47)==d,t(zlib.decompress,c[:-1]+b'x'),t(zlib.decompress,c,15,2**70))
print(t(zlib.compressobj,99),t(zlib.compressobj,1,99),t(zlib.compressobj,1,8,99),t(zlib.compressobj,1,8,15,99),t(zlib.compressobj,1,8,15,8,99),t(zlib.compressobj,zdict='a'),t(zlib.compressobj,zdict=5),type(zlib.compressobj(wbits=-15,zdict=b'hello')),t(zlib.compressobj,1,8,15,8,0,b'a',1))
print(t(zlib.decompressobj,99),t(zlib.decompressobj,zdict='a'),t(zlib.decompressobj,zdict=5),type(zlib.decompressobj(-15,zdict=b'x')),t(zlib.decompressobj,15,b'a',1))
co=zlib.compressobj(); print(type(co),t(type(co)),t(co.compress,'a'),co.compress(d),t(co.flush,99),t(co.flush,'a'),co.flush(zlib.Z_NO_FLUSH),len(co.flush(zlib.Z_SYNC_FLUSH)),len(co.flush(zlib.Z_FULL_FLUSH)))
c2=co.copy(); print(c2.flush()==co.flush(),t(co.compress,b'a'),t(co.flush),t(co.copy))
do=zlib.decompressobj(); print(type(do),do.unused_data,do.unconsumed_tail,do.eof,t(do.decompress),t(do.decompress,'a'),t(do.decompress,c,-1),do.decompress(c,5),len(do.unconsumed_tail),do.decompress(do.unconsumed_tail,7),do.eof)
x=do.copy(); print(do.decompress(do.unconsumed_tail+b'extra')==x.decompress(x.unconsumed_tail),do.eof,do.unused_data,do.unconsumed_tail,t(do.decompress,b'more'),do.unused_data,do.flush(),t(do.copy),t(do.flush,0),t(do.flush,-1),t(do.flush,'a'))
do=zlib.decompressobj(); do.decompress(c[:20]); print(t(do.flush),do.eof); 
do=zlib.decompressobj(); do.decompress(c,3); print(do.flush()==d[3:],do.eof,do.unused_data,do.unconsumed_tail)
do=zlib.decompressobj(); print(t(do.decompress,b'garbage data'))
co=zlib.compressobj(zdict=b'hello world'); z=co.compress(d)+co.flush(); print(t(zlib.decompressobj().decompress,z),zlib.decompressobj(zdict=b'hello world').decompress(z)==d,t(zlib.decompressobj(zdict=b'wrong').decompress,z),t(zlib.decompress,z),zlib.decompressobj(zdict=bytearray(b'hello world')).decompress(z)==d)
do=zlib.decompressobj(zdict=b'hello world'); do2=do.copy(); print(do2.decompress(z)==d)
co=zlib.compressobj(wbits=-15,zdict=b'hello world'); z=co.compress(d)+co.flush(); print(zlib.decompressobj(-15,zdict=b'hello world').decompress(z)==d)
for f in (zlib.crc32,zlib.adler32): print(t(f),t(f,b''),t(f,b'abc'),t(f,b'abc',1),t(f,b'abc',-1),t(f,b'abc',2**40+5),t(f,b'abc',2**100),t(f,'a'),t(f,b'abc','x'),t(f,d*1000),t(f,b'a',1.0))
print([(n,getattr(zlib,n)) for n in dir(zlib) if n.isupper() and 'VERSION' not in n], zlib.error, zlib.error.__mro__, zlib.__version__, zlib.ZLIB_VERSION==zlib.ZLIB_RUNTIME_VERSION)
for s in range(0,10): print(s, zlib.compress(d,s)[:2], len(zlib.compress(d,s)))
import copy
print(t(copy.copy,co)[0] if type(t(copy.copy,co)) is tuple else type(copy.copy(zlib.compressobj())), hasattr(co,'__deepcopy__'), [n for n in dir(do) if n[0]!='_'])
big=bytes(i*i>>3 &255 for i in range(300000)); z=zlib.compress(big); print(len(z)>0, zlib.decompress(z)==big, zlib.decompress(z,bufsize=10)==big)
do=zlib.decompressobj(); out=b''; data=z
while data or do.unconsumed_tail:
    chunk=data[:777]; data=data[777:]
    out+=do.decompress(do.unconsumed_tail+chunk,100)
out+=do.flush(); print(out==big, do.eof)
print(t(setattr,do,'eof',1),t(setattr,do,'unused_data',b''))

import _thread, time
co = zlib.compressobj(1); done = []; piece = bytes(range(256)) * 2000
def work():
    out = []
    for _ in range(2): out.append(co.compress(piece))
    done.append(b''.join(out))
for _ in range(3): _thread.start_new_thread(work, ())
while len(done) < 3: time.sleep(0.001)
print(zlib.adler32(piece, 5) > 0, len(co.flush()) > 0)
# Memory is the interpreter's and comes back; hostile input is an error.
for k in range(0, len(z), 37):
    r = t(zlib.decompress, z[:k] + b'\xff' + z[k+1:])
    if type(r) is tuple and r[0] not in ('error',): print(r)
bomb = zlib.compress(bytes(10_000_000)); do = zlib.decompressobj(); print(len(do.decompress(bomb, 1000)), len(do.unconsumed_tail) > 0)
