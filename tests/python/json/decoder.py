# _json.scanstring and make_scanner, and what json.loads makes of them: values, errors and where.
import json
import _json


def attempt(f, *args, **kw):
    try:
        print(ascii(f(*args, **kw)))
    except BaseException as e:
        print(type(e).__name__, ascii(e.args)[:200])


class Context:
    strict = 1
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, print


class Bare:
    strict = 1


scan = _json.make_scanner(Context)
print(_json.make_scanner, scan.strict, scan.object_hook, scan.parse_int)
for args in [("[1,2]", 0), ("", 0), ("1", 5), ("1", -1), (1, 0), ("1",), (), ("1", 2**70),
             ("-Infinit", 0), ("NaN -Infinity", 0), ("1", 2.0), ("xx12.5e1x", 2)]:
    attempt(scan, *args)
attempt(scan, string="1", idx=0)
attempt(_json.make_scanner)
attempt(_json.make_scanner, 1)
attempt(_json.make_scanner, Context, 1)
attempt(_json.make_scanner, Bare)
attempt(setattr, scan, "strict", 1)
print(_json.make_scanner(context=Context).strict)

for args in [(1, 2), ("abc", -1), ("abc", 9), ('abc"', 0), ("abc", 0), ('a"', "x"), ('a"', 2**70),
             ('"', 0, [])]:
    attempt(_json.scanstring, *args)
STRINGS = [
    'a\n"', '\\', '\\x"', '\\u12"', '\\u123g"', '\\ud800\\u12"', '\\ud800\\udc00"',
    '\\ud800\\ud800"', '\\ud800x"', '\\u', '\\ud800\\', '\\ud800\\u', '\\ud800\\u1234"',
    '\\udc00"', '\x00"', '\\u00', '\\u000', '\\u0000', 'a\u1234\\n"', 'a\U00012345\\/"',
    '\\u 123"', '\\u+123"',
]
for text in STRINGS:
    attempt(_json.scanstring, text, 0)
    attempt(_json.scanstring, text, 0, False)

TEXTS = [
    '{', '{"a"', '{"a" 1', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a":1 "', '{,', '{1', '[',
    '[1', '[1,', '[1 2', '[,', '[1,]', '-', '-a', '1.', '1.e', '1e', '1e+', '01', '1.5e3x', 'nul',
    'truex', '', '  ', '"', '"a', '[1]]', '{"a":"b\n"}', '\ufeff1', '1' * 5000,
    '[NaN,-Infinity,Infinity,-0,-0.0,1E5,1e-5,123456789012345678901234567890,1e400]',
    '{"a":1,"a":2}', ' { "a" : [ 1 , 2 ] } ', '[tru', '[-]', '{"":{"":[[]]}}',
    '[1e5,1.0e5,0.1,0e0,0E+1,12.50,9007199254740993,9223372036854775807,-9223372036854775808,9223372036854775808]',
    '"\u1234\\u00e9"', '"\ud800"', '{"\xe9":1,"\u65e5":2}',
]
for text in TEXTS:
    attempt(json.loads, text)
    attempt(json.loads, text, strict=False)
    attempt(json.loads, text, object_pairs_hook=list)
    attempt(json.loads, text, object_hook=len, parse_int=str, parse_float=lambda s: s + "f",
            parse_constant=lambda s: s + "c")

attempt(json.loads, "[" * 100000)
attempt(json.loads, '{"a":' * 100000)

# Equal keys are one object, however many there are.
many = "{%s}" % ",".join('"key%d": 1' % i for i in range(500))
first, second = json.loads("[%s,%s]" % (many, many))
print(all(a is b for a, b in zip(first, second)), len(first), list(first)[-1])
first, second = json.loads('[{"\\u00e9\xe9\u65e5": 1}, {"\xe9\\u00e9\u65e5": 2}]')
print(all(a is b for a, b in zip(first, second)))


def raises(o):
    raise KeyError("x")


attempt(json.loads, '[{"a": 1}]', object_hook=raises)
attempt(json.loads, "[1]", parse_int=raises)
