# SPDX-License-Identifier: MIT
# Points of the Mandelbrot set: complex arithmetic in one loop, separate floats in the other.
from time import perf_counter


def complex_plane(size, depth):
    total = 0
    for row in range(size):
        for column in range(size):
            c = complex(column * 3.0 / size - 2.1, row * 2.4 / size - 1.2)
            z = 0j
            for i in range(depth):
                if abs(z) > 2.0:
                    break
                z = z * z + c
            total += i
    return total


def float_plane(size, depth):
    total = 0
    for row in range(size):
        ci = row * 2.4 / size - 1.2
        for column in range(size):
            cr = column * 3.0 / size - 2.1
            zr = zi = 0.0
            for i in range(depth):
                zr2, zi2 = zr * zr, zi * zi
                if zr2 + zi2 > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = zr2 - zi2 + cr
            total += i
    return total


start = perf_counter()
answer = complex_plane(180, 60), float_plane(250, 60)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
