import codecs, _codecs
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
for e in ('utf-8', 'UTF8', 'latin-1', 'ascii', 'utf-16', 'cp1252', 'koi8-r', 'cp437', 'utf-7', 'utf_8_sig', 'punycode', 'iso8859-15', 'utf-32-be', 'mac-roman'):
    print(e, codecs.lookup(e).name, end='; ')
print()
for s in ('hello', 'héllo', 'Привет', '€uro', '\U0001f600', 'a+b-c', '~\\', ''):
    for e in ('utf-7', 'cp1252', 'koi8-r', 'utf-16-le', 'cp437', 'iso8859-15', 'utf-8-sig', 'unicode_escape', 'raw_unicode_escape', 'punycode'):
        try: b = s.encode(e); print(ascii(s), e, b, b.decode(e) == s)
        except UnicodeError as x: print(ascii(s), e, x)
err('x'.encode, 'nope'); err(codecs.lookup, 'no_such'); err(codecs.encode, 'x', 'hex2'); print(codecs.encode('uryyb', 'rot13'), codecs.decode('uryyb', 'rot_13')); err('a'.encode, 'rot13')
for b in (b'+AGE-', b'+AGE', b'+2D3eAA-', b'+2D0-x', b'+-', b'a+!b', b'\xff', b'+AGE\xff', b'+A', b'+//8-', b'+AGF-', b'+AGEA'):
    for h in ('strict', 'replace', 'ignore'):
        try: print(b, h, ascii(b.decode('utf-7', h)))
        except UnicodeError as x: print(b, h, x)
d = codecs.getincrementaldecoder('utf-8')(); print([ascii(d.decode(bytes([c]))) for c in 'é€'.encode()], d.decode(b'', True))
d = codecs.getincrementaldecoder('utf-16')(); print([ascii(d.decode(bytes([c]))) for c in 'é€'.encode('utf-16')])
d = codecs.getincrementaldecoder('utf-7')(); print([ascii(d.decode(bytes([c]))) for c in b'a+AGEAYg-b'])
print(list(codecs.iterencode(['a', 'é'], 'latin-1')), list(codecs.iterdecode([b'\xc3', b'\xa9'], 'utf-8')))
codecs.register_error('mine', lambda e: ('[%s]' % e.reason, e.end)); print('aé'.encode('ascii', 'mine'), b'a\xff'.decode('ascii', 'mine')); err(codecs.lookup_error, 'nohandler'); err(codecs.register_error, 'x', 3); err(codecs.register, 3)
for h in ('strict', 'ignore', 'replace', 'xmlcharrefreplace', 'backslashreplace', 'surrogateescape', 'surrogatepass'):
    try: print(h, codecs.lookup_error(h)(UnicodeEncodeError('ascii', 'aéb', 1, 2, 'r')))
    except Exception as x: print(h, type(x).__name__, x)
def search(n): return (lambda s, e='strict': (b'<' + s.encode() + b'>', len(s)), lambda b, e='strict': (bytes(b).decode()[1:-1], len(b)), None, None) if n == 'mycodec' else None
codecs.register(search); print('x'.encode('my-codec') if False else 'x'.encode('mycodec'), b'<y>'.decode('mycodec')); codecs.unregister(search); err('x'.encode, 'mycodec')
codecs.register(lambda n: (1, 2) if n == 'badcodec' else None); err(codecs.lookup, 'badcodec')
print(_codecs.utf_16_ex_decode(b'\xff\xfea\0'), _codecs.utf_16_encode('a', None, 1), _codecs.utf_32_encode('a', 'strict', -1), _codecs.escape_decode(b'a\\n\\x41'), _codecs.escape_encode(b'\n\x00a'), _codecs.readbuffer_encode('é'), _codecs.charmap_encode('ab', 'strict', {97: 1, 98: b'xy'}), _codecs.charmap_decode(b'\0\1', 'strict', 'xy'), _codecs.charmap_decode(b'\0\5', 'replace', 'xy'), _codecs.charmap_decode(b'\0', 'strict', {0: 'abc'}))
err(_codecs.utf_8_encode, b'x'); err(_codecs.utf_8_decode, 'x'); err(_codecs.utf_8_decode, b'\xff', 3); err(_codecs.charmap_decode, b'\5', 'strict', 'xy')
print(codecs.BOM_UTF8, codecs.getreader('utf-8').__name__, codecs.utf_8_decode(b'\xe2\x82', 'strict', False))
