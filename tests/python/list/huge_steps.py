# Slices with steps that leave the range of a machine word after the last item.
import array
import sys

top = sys.maxsize
for x in [1, 2, 3, 4], (1, 2, 3, 4), "abcd", "\u20acbcd", b"abcd", bytearray(b"abcd"), array.array("i", [1, 2, 3, 4]):
    print(x[3::top], x[::top], x[3::-top], x[::-top], x[1::top - 1], x[top::-top], x[-1::top])
for kind in "Bid":
    m = memoryview(bytearray(64)).cast(kind)
    print(m[3::top].tolist(), m[::-top].tolist(), m[3::top].shape, len(m[9:9:top]))
for x in [1, 2, 3, 4], bytearray(b"abcd"), array.array("i", [1, 2, 3, 4]):
    del x[3::top]
    del x[0::-top]
    x[1::top] = x[0:1]
    print(x)
print((top - 1) / 2, -top / (top - 1), (-top - 1) / 1, 2**53 / 3)
