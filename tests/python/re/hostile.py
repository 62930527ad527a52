# Code that re's compiler would not emit: an error or some answer, never a crash. (CPython crashes on some.)
# expect: [1] <re.Match object; span=(0, 0), match=''>
# expect: [16, 97, 1] <re.Match object; span=(0, 1), match='a'>
# expect: [3, 1] <re.Match object; span=(0, 1), match='a'>
# expect: [2, 1] <re.Match object; span=(0, 1), match='a'>
# expect: [] RuntimeError: invalid SRE code
# expect: [0] RuntimeError: invalid SRE code
# expect: [1, 16] RuntimeError: invalid SRE code
# expect: [16, 1] RuntimeError: invalid SRE code
# expect: [17, 0, 1] RuntimeError: invalid SRE code
# expect: [6, 99, 1] RuntimeError: invalid SRE code
# expect: [6] RuntimeError: invalid SRE code
# expect: [8, 99, 1] RuntimeError: invalid SRE code
# expect: [11, 0, 1] RuntimeError: invalid SRE code
# expect: [12, 0, 3, 3, 1] RuntimeError: invalid SRE code
# expect: [13, 3, 16, 97, 1] RuntimeError: invalid SRE code
# expect: [13, 0, 0, 1] RuntimeError: invalid SRE code
# expect: [13, 2, 99, 0, 1] RuntimeError: invalid SRE code
# expect: [13, 9, 16, 97, 0, 1] RuntimeError: invalid SRE code
# expect: [13, 3, 9, 0, 1] RuntimeError: invalid SRE code
# expect: [13, 4, 10, 1, 0, 1] RuntimeError: invalid SRE code
# expect: [15, 1, 1] RuntimeError: invalid SRE code
# expect: [7, 5, 16, 97, 1] RuntimeError: invalid SRE code
# expect: [7, 0, 1] RuntimeError: invalid SRE code
# expect: [7, 5, 16, 97, 15, 9, 0, 1] RuntimeError: invalid SRE code
# expect: [23, 5, 0, 1, 16, 97, 1] RuntimeError: invalid SRE code
# expect: [23, 6, 2, 1, 16, 97, 18, 1] RuntimeError: invalid SRE code
# expect: [24, 5, 0, 1, 16, 97, 1] RuntimeError: invalid SRE code
# expect: [24, 6, 5, 1, 16, 97, 1, 1] RuntimeError: invalid SRE code
# expect: [24, 4, 0, 1, 1, 1] RuntimeError: invalid SRE code
# expect: [24, 99, 0, 1, 3, 1, 1] RuntimeError: invalid SRE code
# expect: [4, 3, 0, 16, 1] RuntimeError: invalid SRE code
# expect: [4, 99, 0, 1, 1] RuntimeError: invalid SRE code
# expect: [4, 3, 0, 1] RuntimeError: invalid SRE code
# expect: [27, 9, 1] RuntimeError: invalid SRE code
# expect: [27, 1, 1] RuntimeError: invalid SRE code
# expect: [28, 4, 0, 1, 1] RuntimeError: invalid SRE code
# expect: [28, 5, 0, 1, 3, 18, 1] RuntimeError: invalid SRE code
# expect: [25, 1] RuntimeError: invalid SRE code
# expect: [18, 1] RuntimeError: invalid SRE code
# expect: [19, 1] RuntimeError: invalid SRE code
# expect: [21, 1] RuntimeError: invalid SRE code
# expect: [22, 0, 1, 1] RuntimeError: invalid SRE code
# expect: [9, 0, 0, 0, 0, 0, 0, 0, 0, 1] RuntimeError: invalid SRE code
# expect: [43, 1] RuntimeError: invalid SRE code
# expect: [99, 1] RuntimeError: invalid SRE code
# expect: [14, 9, 0, 0, 0, 1] RuntimeError: invalid SRE code
# expect: [14, 3, 0, 0, 1] RuntimeError: invalid SRE code
# expect: [1, 1, 99] RuntimeError: invalid SRE code
# expect: [1, 1, 1] RuntimeError: invalid SRE code
# expect: [12, 0] RuntimeError: invalid SRE code
# expect: (['a'],) TypeError: an integer is required
# expect: ([1099511627776],) OverflowError: regular expression code size limit exceeded
# expect: ([-1],) OverflowError: can't convert negative value to unsigned int
# expect: ((1,),) TypeError: compile() argument 'code' must be list, not tuple
# expect: ([1], -1) RuntimeError: invalid SRE code
# expect: ([1], 2147483648) RuntimeError: invalid SRE code
# expect: ([1], 1180591620717411303424) OverflowError: Python int too large to convert to C ssize_t
# expect: ([1], 0, 1) TypeError: expected string or bytes-like object, got 'int'
# expect: ([1], 0, '', []) TypeError: compile() argument 'groupindex' must be dict, not list
# expect: ([1], 0, '', {}, []) TypeError: compile() argument 'indexgroup' must be tuple, not list
# expect: ([1], 0, None) <re.Match object; span=(0, 0), match=''>
# expect: ([1.5],) TypeError: an integer is required
import _sre


def make(code, groups=0, pattern="", index={}, names=()):
    try:
        return _sre.compile(pattern, 0, code, groups, index, names)
    except BaseException as e:
        return f"{type(e).__name__}: {e}"


OK = [[1], [16, 97, 1], [3, 1], [2, 1]]
for code in OK:
    print(code, make(code).match("a\n"))
BAD = [
    [], [0], [1, 16], [16, 1], [17, 0, 1], [6, 99, 1], [6], [8, 99, 1], [11, 0, 1], [12, 0, 3, 3, 1], [13, 3, 16, 97, 1], [13, 0, 0, 1],
    [13, 2, 99, 0, 1], [13, 9, 16, 97, 0, 1], [13, 3, 9, 0, 1], [13, 4, 10, 1, 0, 1], [15, 1, 1], [7, 5, 16, 97, 1], [7, 0, 1], [7, 5, 16, 97, 15, 9, 0, 1],
    [23, 5, 0, 1, 16, 97, 1], [23, 6, 2, 1, 16, 97, 18, 1], [24, 5, 0, 1, 16, 97, 1], [24, 6, 5, 1, 16, 97, 1, 1], [24, 4, 0, 1, 1, 1], [24, 99, 0, 1, 3, 1, 1],
    [4, 3, 0, 16, 1], [4, 99, 0, 1, 1], [4, 3, 0, 1], [27, 9, 1], [27, 1, 1], [28, 4, 0, 1, 1], [28, 5, 0, 1, 3, 18, 1], [25, 1], [18, 1], [19, 1], [21, 1], [22, 0, 1, 1],
    [9] + [0] * 8 + [1], [43, 1], [99, 1], [14, 9, 0, 0, 0, 1], [14, 3, 0, 0, 1], [1, 1, 99], [1, 1, 1], [12, 0],
]
for code in BAD:
    r = make(code)
    print(code, r if isinstance(r, str) else r.match("a"))
for args in ((["a"],), ([2**40],), ([-1],), ((1,),), ([1], -1), ([1], 2**31), ([1], 2**70), ([1], 0, 1), ([1], 0, "", []), ([1], 0, "", {}, []), ([1], 0, None), ([1.5],)):
    r = make(*args)
    print(args, r if isinstance(r, str) else r.search("a"))
