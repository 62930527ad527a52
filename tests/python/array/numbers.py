# Arrays and long lists of numbers, both ways, for each typecode.
import array
import math

N = 2000
for code in "bhilqBHILQfd":
    low, high = (0, 127) if code in "bB" else (-300, 300) if code in "hilq" else (0, 255)
    small = [k % (high - low) + low for k in range(N)] if code not in "fd" else [k * 0.5 for k in range(N)]
    a = array.array(code, small)
    back = a.tolist()
    print(code, len(a), back == small, list(a) == small, type(back[5]).__name__, [*a][-1], end=" ")
    a.extend(small)
    a.extend(back)
    a.fromlist(back)
    a += array.array(code, back)
    print(len(a), a[-1], a.tolist() == small * 5)
    for bad in ([k << 40 for k in range(N)], [k - 1000 for k in range(N)], [float(k) for k in range(N)], [math.nan] * N):
        b = array.array(code, [1])
        try:
            b.extend(bad)
            print("  ", len(b), b[2], b[-1])
        except (OverflowError, TypeError) as e:
            print("  ", type(e).__name__, len(b))
a = array.array("q", range(3000))
with memoryview(a):
    try:
        a.extend(list(range(2000)))
    except BufferError as e:
        print(e, len(a))
