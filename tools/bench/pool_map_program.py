# SPDX-License-Identifier: MIT
# What pool_map.py runs: pool_map_program.py interpreters|processes WORKERS JOBS STEPS
#
# Prints the seconds from before the pool was made to the last result, and those of a second map
# with the pool that is there.
import sys
import time


def work(job):
    kind, steps = job
    x, total = kind + 1, 0
    for _ in range(steps):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        if x & 1:
            total += x % 10
    return total


def main(kind, workers, jobs, steps):
    start = time.perf_counter()
    if kind == "interpreters":
        from concurrent.futures import InterpreterPoolExecutor
        pool = InterpreterPoolExecutor(workers)
    else:
        from concurrent.futures import ProcessPoolExecutor
        pool = ProcessPoolExecutor(workers)
    with pool:
        tasks = [(k, steps) for k in range(jobs)]
        first = list(pool.map(work, tasks, chunksize=2))
        middle = time.perf_counter()
        second = list(pool.map(work, tasks, chunksize=2))
        end = time.perf_counter()
    assert first == second and len(first) == jobs
    print(middle - start, end - middle, sum(first))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
