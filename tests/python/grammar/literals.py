# SPDX-License-Identifier: MIT
# Number and string literals of every form.
print(0, 00, 0_0, 1_000, 0x_ff, 0XFF, 0b1_0, 0B11, 0o17, 0O7_7)
print(1., .5, 1e3, 1E-3, 1_0.0_1e1_0, 0e0, 00.5, 09.5, 1e400, -1e400)
print(1j, 1.5J, 0j, 1e3j, 09j, .5j, -1j, 1_0j)
print('a' "b" '''c''' """d""" r'\n' u'x' R"\q" U'u')
print(b'a' rb'\n' Rb'\x' bR'q' BR"w" b"\x41\101\n\0")
print(repr('\a\b\f\n\r\t\v\\\'\"\0\x41\u0041\U00000041\101\7\18'))
print(repr('a\
b'), repr(r'a\
b'), repr('''x
y'''))
print(repr("\ud800"), repr("\U0010ffff"), ascii("é\u20ac\U0001f600"))
print(repr("it's"), repr('say "hi"'), repr('both \' and "'), repr("\x7f\x80\xa0\xad\xff\u0378\u200b\u2028"))
print(0x7fffffffffffffff, 0xffffffffffffffff, 123456789012345678901234567890)
print(..., Ellipsis is ..., not ..., (...).__class__.__name__)
print(True, False, None, __debug__)
print((), (1,), (1, 2,), [], [1,], {}, {1,}, {1: 2,}, (((1))), ((),))
print(-1 ** 2, (-1) ** 2, 2 ** -1, 2 ** 3 ** 2, -2 ** -2, not 1 == 2, ~1 ** 2, - - 1, + - + 1)
print(1 < 2 < 3, 1 < 2 > 1, 1 == 1 != 2, 1 in [1] == True, (1 in [1]) == True)
print("%s" % 1 + "2", "a" "b" * 2, "a" + "b" * 2, ("a" "b") * 2)
print("no", len("""\
x"""), """a""""b", 'a' 'b' f'{1}' 'c' rf'\{2}')
print(1_2.e1 if 0 else 12.e1, 3)

for v in (1e16, 1e15, 123456789012345680.0, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 0.1, 1e-5, 0.0001, -0.0):
    print(v, end=' ')
print()
print({1: 'a', 1.0: 'b', True: 'c'}, {1, 1.0, True}, {**{'a': 1}, 'a': 2, **{'a': 3}})
print([*range(3), *'ab'], (*(), *[1]), {*[1, 2], *(3,)}, [*[], ])
