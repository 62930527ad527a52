# Every combination of the mini-language on many numbers; a running checksum where the output would be long.
ints = [0, 1, -1, 7, 42, -42, 999, 1000, 12345, -1234567, 2**31, -2**63, 2**64, 10**20, -10**30]
floats = [0.0, -0.0, 1.0, -1.5, 0.1, 123.456, 1e-5, 1e16, 1.5e300, -2.5e-300, 9.995, 0.5, 2.5, float('inf'), float('-inf'), float('nan'),
          123456789.123456789, 5e-324]
specs = []
for align in ('', '<', '>', '=', '^', '*<', '0^', 'é>'):
    for sign in ('', '+', '-', ' '):
        for alt in ('', '#'):
            for width in ('', '1', '12', '012', '25'):
                for sep in ('', ',', '_'):
                    specs.append(align + sign + alt + width + sep)


def mix(total, text):
    for c in text:
        total = (total * 131 + ord(c)) % 1000000000039
    return total


for t in ('', 'd', 'b', 'o', 'x', 'X', 'n', 'c'):
    total = errors = 0
    for v in ints:
        for s in specs:
            try:
                total = mix(total, format(v, s + t))
            except (ValueError, OverflowError) as e:
                errors += 1
                total = mix(total, str(e))
    print('int', t, total, errors)
for t in ('', 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%'):
    for p in ('', '.0', '.1', '.3', '.10'):
        total = errors = 0
        for v in floats:
            for s in specs[::7]:
                try:
                    total = mix(total, format(v, s + p + t))
                except ValueError as e:
                    errors += 1
                    total = mix(total, str(e))
        print('float', t, p, total, errors)
for t in ('', 'f', 'g', 'e'):
    for p in ('', '.2'):
        total = 0
        for v in (1 + 2j, -0.5j, complex(-0.0, 3), complex(float('inf'), float('nan')), 1e20 + 1e-20j, 0j):
            for s in ('', '20', '<20', '^+30', ' ', '*>25,', '#', 'z'):
                total = mix(total, format(v, s + p + t))
        print('complex', t, p, total)
for v in ints[:9]:
    print(f'{v:>10,}|{v:<+10_}|{v:^10x}|{v:#o}|{v:=+8}|{v:08}|{v!r:>6}')
for v in floats:
    print(f'{v:>12.3f}|{v:<12.4e}|{v:^12g}|{v:+.2%}|{v:,.1f}|{v:012}|{v:z.0f}|{v}|{v!s:.4}')
for v in floats:
    print('%f|%.3e|%g|%G|%+.1f|%010.2f|%-12.3g|%#.0f|% e' % ((v,) * 9))
for v in ints:
    print('%d|%5d|%-8d|%+d|%08d|%x|%#X|%o|%#o|%.5d|% d|%s|%10.3s|' % ((v,) * 13))
for v in (3, 2.5, 'abc', None, True, [1], 1j):
    for spec in ('', '>8', '.2', 'd', 's', 'x', '%'):
        try:
            print(repr(format(v, spec)), end=' ')
        except (ValueError, TypeError) as e:
            print(type(e).__name__, e, end=' ')
    print()
w, p = 12, 3
print(f'{3.14159:{w}.{p}f}|{"abc":{"*"}^{w}}|{1234:{","}}|{255:#{"x"}}')
