# SPDX-License-Identifier: MIT
# Pancake flipping over all permutations: list indexing, slices with steps, swaps.
from time import perf_counter


def fannkuch(n):
    order = list(range(n))
    count = [0] * n
    most = checksum = sign = 0
    left = n
    while True:
        first = order[0]
        if first:
            flips = 0
            deck = order[:]
            while first:
                deck[: first + 1] = deck[first::-1]
                flips += 1
                first = deck[0]
            most = max(most, flips)
            checksum += -flips if sign else flips
        while left > 1:
            count[left - 1] = left
            left -= 1
        sign ^= 1
        while True:
            if left == n:
                return most, checksum
            front = order[0]
            order[:left] = order[1 : left + 1]
            order[left] = front
            count[left] -= 1
            if count[left] > 0:
                left += 1 if left == 0 else 0
                break
            left += 1


start = perf_counter()
answer = fannkuch(9)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
