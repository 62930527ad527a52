import _string
for t in ['', 'abc', '{}', 'a{}b', '{0}{1!r:>{w}}', '{{x}}', 'a{{', '{a.b[c]:x:y}', '{!s}', '{:}', '{a!r:}', '}', '{', 'a{b', '{a!', '{a!r', '{a!rx}', '{a{b}}', '{a:{b}', 'x}}y', '{[}]}', '{a[}:}']:
    try: print(repr(t), list(_string.formatter_parser(t)))
    except Exception as e: print(repr(t), type(e).__name__, e)
for t in ['', 'a', '0', '12.x', 'a.b.c', 'a[0]', 'a[b].c[3]', 'a.', 'a[', 'a[]', 'a[1]x', '.a', '[1]', '99999999999999999999', 'a[99999999999999999999]', 'a..b']:
    try: f, r = _string.formatter_field_name_split(t); print(repr(t), repr(f), list(r))
    except Exception as e: print(repr(t), type(e).__name__, e)
for f in (_string.formatter_parser, _string.formatter_field_name_split):
    try: f(3)
    except TypeError as e: print(e)
print(type(_string.formatter_parser('')).__name__, type(_string.formatter_field_name_split('')[1]).__name__)
