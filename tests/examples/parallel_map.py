# SPDX-License-Identifier: MIT
# A CPU-bound map on all cores: ordinary functions of this script, run in a pool of interpreters.
#
#   parallel_map.py [--jobs N] [--size N] [--workers N] [--chunk N]
#   parallel_map.py --plain ...                      the built-in map(), also under CPython
#
# Each job counts the primes in a range of numbers. An initializer makes the table that all jobs of a
# worker use, once; results come back in the order of the jobs; one job fails, and the error that comes
# back says where.
#
# check: parallel_map_check.py
# timeout: 120
import argparse
import traceback

SMALL = None


def make_table(limit):
    """The primes below the limit."""
    global SMALL
    sieve = bytearray([1]) * limit
    sieve[:2] = b"\0\0"
    for n in range(2, int(limit ** 0.5) + 1):
        if sieve[n]:
            sieve[n * n::n] = bytes(len(range(n * n, limit, n)))
    SMALL = [n for n in range(limit) if sieve[n]]


def is_prime(n):
    for p in SMALL:
        if p * p > n:
            return True
        if n % p == 0:
            return False
    raise ValueError(f"the table is too small for {n}")


def count(start, stop):
    """How many of the numbers are primes, and the last of them."""
    found = [n for n in range(start, stop) if is_prime(n)]
    return len(found), found[-1] if found else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--size", type=int, default=500, help="numbers in a job")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chunk", type=int, default=4, help="jobs in a message")
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    limit = 1000
    starts = range(100_000, 100_000 + given.jobs * given.size, given.size)
    stops = [start + given.size for start in starts]
    if given.plain:
        make_table(limit)
        results = list(map(count, starts, stops))
    else:
        from concurrent.futures import InterpreterPoolExecutor
        with InterpreterPoolExecutor(given.workers, initializer=make_table, initargs=(limit,)) as pool:
            results = list(pool.map(count, starts, stops, chunksize=given.chunk))
            failure = pool.submit(count, 1009 * 1009, 1009 * 1009 + 1).exception()
            assert isinstance(failure, ValueError)
            text = "".join(traceback.format_exception(failure))
            assert "in is_prime" in text and "the table is too small for" in text, text
    for start, (n, last) in zip(starts, results):
        print(f"{start:8d} {n:5d} {last}")
    print("sum", sum(n for n, _ in results))


main()
