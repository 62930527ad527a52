# Byte forms of text in every encoding that is built in, with every error handler; there and back.
texts = ['', 'abc', 'é', '\u1234', '\U0001f600', 'aé\u1234\U0001f600', '\ud800', 'a\udc80b', '\x00\n\\\'"', '\ufeffx', '\uffff\U0010ffff']
encodings = ['utf-8', 'ascii', 'latin-1', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le', 'utf-32-be', 'unicode_escape',
             'raw_unicode_escape', 'utf-8-sig']
handlers = ['strict', 'ignore', 'replace', 'backslashreplace', 'xmlcharrefreplace', 'surrogateescape', 'surrogatepass']
for enc in encodings:
    for text in texts:
        for h in handlers:
            try:
                b = text.encode(enc, h)
                print(enc, h, b, b.decode(enc, h) == text)
            except UnicodeError as e:
                print(enc, h, type(e).__name__, ascii(str(e)), e.start, e.end, e.reason, e.encoding, e.object == text)
            except TypeError as e:
                print(enc, h, e)
bad = [b'\x80', b'a\xffb', b'\xc3', b'\xc3(', b'\xe2\x82', b'\xe2(\xa1', b'\xe2\x82(', b'\xf0\x90\x80', b'\xf0(\x8c\xbc', b'\xf4\x90\x80\x80',
       b'\xc0\xaf', b'\xed\xa0\x80', b'\xed\xb0\x80z', b'\xf8\x88\x80\x80\x80', b'\xff\xfe', b'\x00\xd8', b'\x00\xdc\x00', b'abc', b'\x00\x00\x11\x00',
       b'\xf0\x9f\x98\x80\xf0\x9f\x98', b'\xe1\x80\xe1\x80\x80']
for enc in encodings[:9] + encodings[11:]:
    for b in bad:
        for h in ('strict', 'replace', 'ignore', 'backslashreplace', 'surrogateescape', 'surrogatepass'):
            try:
                print(enc, h, b, ascii(b.decode(enc, h)))
            except UnicodeError as e:
                print(enc, h, type(e).__name__, e, e.start, e.end, e.reason, e.object == b)
for b in (rb'\n\t\\\'\"\a\b\f\v\r', rb'\x41\101\7\u1234\U0001f600', rb'\x4', rb'\u123', rb'\U0011', rb'\U00110000', b'\\', rb'a\x', b'\xe9\\n',
          b'\\\nx'):
    for h in ('strict', 'replace', 'ignore'):
        for enc in ('unicode_escape', 'raw_unicode_escape'):
            try:
                print(enc, h, b, ascii(b.decode(enc, h)))
            except UnicodeError as e:
                print(enc, h, e, e.start, e.end)
for name in ('UTF-8', 'utf8', 'U8', 'Utf_8', 'LATIN1', 'iso-8859-1', 'l1', 'US-ASCII', 'utf-16LE', 'UTF_32_BE', ' utf 8'):
    try:
        print(name, 'é'.encode(name, 'replace'))
    except LookupError as e:
        print(e)
