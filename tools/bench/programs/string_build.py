# SPDX-License-Identifier: MIT
# Strings grown piece by piece, joined from lists, and written to StringIO.
from io import StringIO
from time import perf_counter


def grow(n):
    s = ""
    for i in range(n):
        s += "abc"
        s += chr(97 + i % 26)
    return s


def collect(n):
    parts = []
    for i in range(n):
        parts.append(str(i))
        parts.append(",")
    return "".join(parts)


def write(n):
    out = StringIO()
    for i in range(n):
        out.write("line ")
        out.write(str(i))
        out.write("\n")
    return out.getvalue()


def reverse_words(text, n):
    for _ in range(n):
        text = " ".join(word[::-1] for word in text.split(" "))
    return text


start = perf_counter()
answer = [len(grow(300000)), len(collect(250000)), len(write(150000))]
answer.append(reverse_words("the quick brown fox jumps over the lazy dog", 20000)[:9])
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
