# SPDX-License-Identifier: MIT
# Limits on the digits of int/str conversions, sys.set_int_max_str_digits.
import sys
def t(f, *a):
    try: r = f(*a); print(len(r) if isinstance(r, str) else r.bit_length() if isinstance(r, int) else r)
    except Exception as e: print(type(e).__name__, e)
print(sys.get_int_max_str_digits(), sys.int_info.default_max_str_digits, sys.int_info.str_digits_check_threshold)
t(str, 10**4299); t(str, 10**4300); t(repr, 10**4300); t(str, -10**4300); t(int, '9' * 4300); t(int, '9' * 4301); t(int, '-' + '9' * 4301); t(int, '9_' * 4300 + '9'); t(int, ' ' * 5000 + '1'); t(int, '0' * 5000); t(int, 'f' * 5000, 16); t(int, '1' * 20000, 2); t(int, 'z' * 5000, 36); t(int, '9' * 5000, 10); t(int, b'9' * 5000); t(hex, 10**5000); t(bin, 10**5000); t(oct, 10**5000)
t(lambda: '%d' % 10**5000); t(lambda: f'{10**5000}'); t(lambda: '{:d}'.format(10**5000)); t(lambda: '%x' % 10**5000); t(lambda: f'{10**5000:x}'); t(lambda: '%s' % 10**5000); t(float, '9' * 5000); t(eval, '9' * 4301); t(eval, '0x' + 'f' * 5000); t(lambda: ascii(10**5000)); t(lambda: print(10**5000)); t(lambda: str([10**5000])); t(complex, '9' * 5000); t(round, 10**5000, -4999); t(lambda: 10**5000 == 10**5000); t(lambda: hash(10**5000) == hash(10**5000))
for v in (639, 640, 0, 1000, -1, 'a', 2**40, 1.5, True):
    try: sys.set_int_max_str_digits(v); print('set', sys.get_int_max_str_digits())
    except Exception as e: print(type(e).__name__, e)
sys.set_int_max_str_digits(640); t(str, 10**640); t(str, 10**639); t(int, '9' * 641)
sys.set_int_max_str_digits(0); t(str, 10**6000); t(int, '9' * 6000)
sys.set_int_max_str_digits(maxdigits=5000); t(str, 10**4999); t(str, 10**5000)
try: sys.set_int_max_str_digits()
except TypeError as e: print(e)
try: compile('x = ' + '9' * 5001, 'f', 'exec')
except SyntaxError as e: print(e.msg, e.lineno, e.offset)
print(str(12345678901234567890 ** 5), int('123456789012345678901234567890') * 3, 7 ** 77, -(3 ** 100))
print(int('1' * 100), int('1' * 40, 3), int('12' * 30, 7), int('1_2_3'), len(str(3 ** 5000)))
for n in (0, 9, 10, 99, 10**18, 10**19, 2**63 - 1, 2**63, 2**64, 10**27, 10**28 - 1, 10**36): print(str(n), str(-n), end=' ')
print()
