# SPDX-License-Identifier: MIT
# Text taken apart: lines, fields, strip, find, partition, replace, startswith, case.
from time import perf_counter

LINE = "%d; name%d ;  some text with words ; key=value%d; 3.25\n"


def work(text, rounds):
    total = 0
    seen = {}
    for _ in range(rounds):
        for line in text.splitlines():
            fields = [f.strip() for f in line.split(";")]
            key, _, value = fields[3].partition("=")
            seen[value.upper()] = seen.get(value.upper(), 0) + 1
            total += int(fields[0]) + int(float(fields[4]))
            if fields[1].startswith("name1") and fields[1].endswith("7"):
                total += fields[2].find("words") + fields[2].count("t")
            total += len(";".join(fields).replace("text", "t").title())
    return total, len(seen)


start = perf_counter()
text = "".join(LINE % (i, i, i) for i in range(2000))
answer = work(text, 30)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
