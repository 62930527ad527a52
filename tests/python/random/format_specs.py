# SPDX-License-Identifier: MIT
# Every combination of fill, sign, alternate form, width, grouping, precision and type.
h = 0
def add(t):
    global h
    for c in t: h = (h * 131 + ord(c)) % (2**61 - 1)
vals = (0, 5, -1234567, 10**20, True, 3.14159, -0.0, 1e20, 1e-7, float('inf'), 'text', 'é')
n = 0
errors = set()
for align in ('', '<', '>', '^', '=', '*^', '0='):
    for sign in ('', '+', ' ', '-'):
        for alt in ('', '#'):
            for width in ('', '0', '12', '012'):
                for group in (('', ',', '_')[n % 3],):
                    for prec in ('', '.0', '.3'):
                        spec = align + sign + alt + width + group + prec
                        for typ in ('', 'd', 'x', 'b', 'e', 'f', 'g', '%', 's', 'c', 'n'):
                            v = vals[n % len(vals)]; n += 1
                            try: add(format(v, spec + typ))
                            except ValueError as e: add(str(e)); errors.add(str(e))
                            except OverflowError as e: add(str(e)); errors.add(str(e))
print(n, h)
for e in sorted(errors): print(e)
for flags in ('', '-', '+', ' ', '#', '0', '-0', '+ ', '#0'):
    for width in ('', '8'):
        for prec in ('', '.', '.0', '.3'):
            for typ in 'diouxXeEfFgGcrsa%':
                v = vals[n % len(vals)]; n += 1
                try: add(('%' + flags + width + prec + typ) % ((v,) if typ != '%' else ()))
                except (TypeError, ValueError, OverflowError) as e: add(str(e)); errors.add(str(e))
print(n, h, len(errors))
