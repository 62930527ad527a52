# format(x, "n") takes point, separator and groups from the interpreter's locale. The conventions
# are given by hand: test machines have few locales. The lines are CPython's with en_US, en_IN and
# fr_FR.
import _locale

def conventions(point, separator, grouping):
    real = {"decimal_point": point, "thousands_sep": separator, "grouping": grouping}
    _locale.localeconv = lambda: real

def show(*specs):
    for v in (1, 1234567, -1234567.891, 1e20, 3+1234567j):
        out = []
        for s in specs:
            try:
                out.append(format(v, s))
            except ValueError as e:
                out.append(str(e))
        print(ascii(out))

print(format(1234567, "n"), format(1234.5, "n"))
conventions(".", ",", [3, 3, 0])
show("n", "012n", "+.12n", "^20n")
conventions(".", ",", [3, 2, 0])
show("n", "012n", "+.12n")
conventions(",", "\u202f", [3, 0])
show("n", "012n", "+.12n")
conventions(".", ",", [3, 127])
print(format(1234567890, "n"))
conventions(".", "", [3, 0])
print(format(1234567890, "n"))
conventions(5, None, [])
print(format(1234567890, "n"))
del _locale.localeconv
print(format(1234567890, "n"))
try:
    conventions(".", ",", [3, 0])
    format(1, "0%dn" % (2**62))
except MemoryError as e:
    print("MemoryError")
# expect: 1234567 1234.5
# expect: ['1', '0,000,000,001', 'Precision not allowed in integer format specifier', '         1          ']
# expect: ['1,234,567', '0,001,234,567', 'Precision not allowed in integer format specifier', '     1,234,567      ']
# expect: ['-1.23457e+06', '-1.23457e+06', '-1,234,567.891', '    -1.23457e+06    ']
# expect: ['1e+20', '0,000,001e+20', '+1e+20', '       1e+20        ']
# expect: ['3+1.23457e+06j', 'Zero padding is not allowed in complex format specifier', '+3+1,234,567j', '   3+1.23457e+06j   ']
# expect: ['1', '00,00,00,001', 'Precision not allowed in integer format specifier']
# expect: ['12,34,567', '00,12,34,567', 'Precision not allowed in integer format specifier']
# expect: ['-1.23457e+06', '-1.23457e+06', '-12,34,567.891']
# expect: ['1e+20', '0,00,001e+20', '+1e+20']
# expect: ['3+1.23457e+06j', 'Zero padding is not allowed in complex format specifier', '+3+12,34,567j']
# expect: ['1', '0\u202f000\u202f000\u202f001', 'Precision not allowed in integer format specifier']
# expect: ['1\u202f234\u202f567', '0\u202f001\u202f234\u202f567', 'Precision not allowed in integer format specifier']
# expect: ['-1,23457e+06', '-1,23457e+06', '-1\u202f234\u202f567,891']
# expect: ['1e+20', '0\u202f000\u202f001e+20', '+1e+20']
# expect: ['3+1,23457e+06j', 'Zero padding is not allowed in complex format specifier', '+3+1\u202f234\u202f567j']
# expect: 1234567,890
# expect: 1234567890
# expect: 1234567890
# expect: 1234567890
# expect: MemoryError
