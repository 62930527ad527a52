# SPDX-License-Identifier: MIT
# binascii: every function, option and error.
import binascii as B
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__module__+'.'+type(e).__name__, str(e))
    print(f.__name__, [x if type(x) is not memoryview else 'view' for x in a], k, '->', r)
for x in [b'',b'a',b'ab',b'abc',bytes(range(45)),bytes(46),b'\0\0\0','abc',5,bytearray(b'xyz'),memoryview(b'abcd').toreadonly()]:
    for f in (B.b2a_uu,B.b2a_base64,B.hexlify,B.b2a_qp): t(f,x)
t(B.b2a_uu,b'\0\0\0a',backtick=True);t(B.b2a_uu,b'\0\0',backtick=True);t(B.b2a_uu,b'',backtick=True);t(B.b2a_base64,b'abc',newline=False)
for s in [b'',b'\n',b' ',b'#86)C\n',b'#86)C',b'#86)C  \n',b'#86)C x',b'!a',b'"86)C',b'\x7f',b'#\x01\x02\x03\x04',b'#86',b'$86)C  x\n','#86)C\n','é',5,b'#````',b'-',b'M']: t(B.a2b_uu,s)
for s in [b'',b'YQ==',b'YQ=',b'YQ',b'Y',b'YWI=',b'YWI',b'YWJj',b'YWJjZ',b'YWJjZA',b'Y W\nJj',b'!!YWJj',b'YQ==YQ==',b'YQ===',b'=YQ==',b'Y=Q==',b'YQ=x=',b'YW=I=',b'YWJj=',b'YWJj==',b'YWI=\n',b'YQ==\xff','YQ==','é',b'====',b'=',b'Y===',b'ab=c=d',b'a=b=c=',b'\nYWJj',b'YW\xffJj',b'Y=',b'YQ=Q',b'YQ=\n=']:
    t(B.a2b_base64,s); t(B.a2b_base64,s,strict_mode=True)
for s in [b'',b'a',b'6162',b'6g',b'AbCd','6162','6é',b'6 1',5]: t(B.unhexlify,s)
for a in [(b'abcdef',':'),(b'abcdef',b':',2),(b'abcdef',':',-2),(b'abcde',':',2),(b'abcde',':',-2),(b'ab','::'),(b'ab',''),(b'ab','é'),(b'ab',b'\xff'),(b'ab',5),(b'abc',':',0),(b'abc',':',100),(b'abc',':',2**31),(b'abc',':','x'),(b'abc',':',-100)]: t(B.hexlify,*a)
t(B.b2a_hex,b'ab',sep='-',bytes_per_sep=1)
for a in [(b'',),(b'abc',),(b'abc',1),(b'abc',-1),(b'abc',2**40),(b'abc',2**100),('abc',),(b'abc','x'),(b'abc',1.0),(b'a'*1000,)]: t(B.crc32,*a)
for a in [(b'',0),(b'abc',0),(b'abc',0x1234),(b'abc',-1),(b'abc',2**100),('abc',0),(b'abc',)]: t(B.crc_hqx,*a)
for s in [b'',b'=3D',b'=3d',b'=',b'=\n',b'=\r\nx',b'a=\n b',b'a_b',b'==',b'=A',b'=AX',b'=XY',b'a=20b',b'a = \nb',b'a=  \n','a=3D','é',b'=\rabc\nx',b'=00']: t(B.a2b_qp,s); t(B.a2b_qp,s,header=True)
for s in [b'a b',b'a=b',b'a \n',b'a\t',b'a ',b'\xff\x00',b'x'*80,b'x'*75,b'x'*76,b'x'*77,b'=' *30,b'.\n',b'.',b'a\r\nb',b'a\rb',b'a\n.\nb',b' '*80,b'_ _',b'a\t\r\n b',b'\r\n',b'x'*75+b'\n',b'x'*76+b'\n',b'x'*74+b'=\n', b'ab\n'*3+b'\x80'*40+b'\r\n',b'x'*75+b' \n']:
    for k in ({},{'quotetabs':True},{'istext':False},{'header':True},{'header':True,'quotetabs':1,'istext':0}): t(B.b2a_qp,s,**k)
t(B.b2a_qp,'a'); t(B.b2a_qp,b'a',1,1,1); t(B.b2a_qp,b'a',1,1,1,1); t(B.a2b_base64); t(B.a2b_base64,b'',True);t(B.b2a_uu,b'a',True)
print(B.Error.__mro__,B.Incomplete.__mro__,B.Error.__module__,B.Incomplete)
