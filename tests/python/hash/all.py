# SPDX-License-Identifier: MIT
# _md5, _sha1, _sha256, _sha512, _sha3, _blake2: digests, options, errors.
import _random,_sha512,_sha256,_sha1,_md5,_sha3,_blake2
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
makers = [_md5.md5,_sha1.sha1,_sha256.sha224,_sha256.sha256,_sha512.sha384,_sha512.sha512,_sha3.sha3_224,_sha3.sha3_256,_sha3.sha3_384,_sha3.sha3_512,_blake2.blake2b,_blake2.blake2s,_sha3.shake_128,_sha3.shake_256]
big = bytes(range(256)) * 500
for m in makers:
    h = m()
    n = () if h.digest_size else (33,)
    print(h.name, h.digest_size, h.block_size, h.hexdigest(*n), m(b'abc').hexdigest(*n), m(bytearray(b'x')*1000).digest(*n).hex())
    for k in range(0, 300, 7): h.update(b'z' * k)
    c = h.copy(); c.update(b'more'); print(h.hexdigest(*n), c.hexdigest(*n), type(c) is type(h))
    h.update(big); print(h.hexdigest(*n), m(big).hexdigest(*n) == m(big[:5000], usedforsecurity=False).copy().hexdigest(*n))
    print(t(m,'abc'),t(m,5),t(m,None),t(m,b'',1),t(m,data=b''),t(h.update,'a'),t(h.update),t(h.digest,*n,1)[1].replace('shake_128.',''), t(m,memoryview(b'abcdef')[::2]), t(setattr,h,'name',1)[0])
for T in (_sha3.sha3_224, _sha3.shake_256): x=T(); print(x._rate_bits,x._capacity_bits,x._suffix)
for B in (_blake2.blake2b,_blake2.blake2s):
    print(B.SALT_SIZE,B.PERSON_SIZE,B.MAX_KEY_SIZE,B.MAX_DIGEST_SIZE,B().MAX_KEY_SIZE)
    for k in [dict(digest_size=0),dict(digest_size=65),dict(key=bytes(65)),dict(salt=bytes(17)),dict(person=bytes(17)),dict(fanout=-1),dict(fanout=256),dict(depth=0),dict(depth=256),dict(leaf_size=-1),dict(leaf_size=2**32),dict(node_offset=-1),dict(node_offset=2**64),dict(node_offset=2**48),dict(node_depth=-1),dict(node_depth=256),dict(inner_size=-1),dict(inner_size=65),dict(key='a'),dict(salt='a'),dict(person=5),dict(digest_size='a'),dict(foo=1),dict(digest_size=20,key=b'k',salt=b's',person=b'p',fanout=2,depth=3,leaf_size=100,node_offset=5,node_depth=1,inner_size=32,last_node=True),dict(key=b'q'*32),dict(key=b'k',last_node=1)]:
        for data in (b'x', b'', b'y'*128, b'y'*64, b'y'*129):
            r=t(B,data,**k); print(sorted(k) , r if type(r) is tuple else r.hexdigest())
            if type(r) is tuple: break
print(t(type,'Sub',(_blake2.blake2b,),{}), t(type(_md5.md5()))[0])
s=_sha3.shake_128(b'a'); print(t(s.digest,5),t(s.digest,-1),t(s.digest,2**29),t(s.hexdigest,'x'),t(s.digest,0),t(s.digest,2**64), len(s.digest(5000)))
print([n for n in dir(_blake2) if n[0] != '_'], [n for n in dir(_sha256) if n[0] != '_'])
