# SPDX-License-Identifier: MIT
# Slices of lists, strings, bytes and tuples: taken, assigned, deleted, with steps.
from time import perf_counter


def rotate(n):
    data = list(range(64))
    total = 0
    for i in range(n):
        data = data[1:] + data[:1]
        data[3:6] = data[5:2:-1]
        total += data[::2][-1] + sum(data[-3:])
    return total


def windows(text, n):
    total = 0
    for i in range(n):
        k = i % 50
        total += len(text[k : k + 7]) + (text[k:k + 2] == "ab") + len(text[:k][::-1])
    return total


def merge_sort(values):
    if len(values) < 2:
        return values
    middle = len(values) // 2
    left, right = merge_sort(values[:middle]), merge_sort(values[middle:])
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    return out + left[i:] + right[j:]


def chunks(data, n):
    total = 0
    for _ in range(n):
        rest = data
        while rest:
            head, rest = rest[:16], rest[16:]
            total += head[0]
    return total


start = perf_counter()
answer = (
    rotate(100000),
    windows("abcdefghij" * 8, 150000),
    merge_sort([(i * 7919) % 20011 for i in range(20000)])[77],
    chunks(bytes(range(256)), 4000),
)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
