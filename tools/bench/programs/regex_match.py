# SPDX-License-Identifier: MIT
# Patterns at work: tokens, dates, searches, substitution by text and by function, split.
import re
from time import perf_counter

TOKEN = re.compile(r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<op>[-+*/=()<>])|(?P<gap>\s+)")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
CODE = "total = alpha * (beta + 31.5) - gamma / 2  if x1 > 100\n"
LOG = "2024-05-17 12:00:01 host service[123]: user=jo action=login from 10.0.0.1 ok\n"


def work(rounds):
    counts = {}
    text = CODE * 20
    log = LOG * 40
    total = 0
    for _ in range(rounds):
        for m in TOKEN.finditer(text):
            kind = m.lastgroup
            counts[kind] = counts.get(kind, 0) + 1
        for year, month, day in DATE.findall(log):
            total += int(day)
        total += len(re.sub(r"\d+", "#", log)) + len(DATE.sub(lambda m: m[3] + m[2], log))
        total += len(re.split(r"[\s=:]+", log))
        total += sum(1 for line in log.splitlines() if re.search(r"user=(\w+).*from ([\d.]+)", line))
        total += bool(re.match(r"(?:a|b|c|x)*y", "abcx" * 50))
    return total, sorted(counts.items())


start = perf_counter()
answer = work(400)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
