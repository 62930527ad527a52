# SPDX-License-Identifier: MIT
# Patterns compiled without the cache: the pure Python compiler of re does the work.
import re
from time import perf_counter

PATTERNS = [
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
    r"[A-Za-z_][A-Za-z0-9_]*",
    r"(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)",
    r"^\s*(?:(#.*)|([^=\s]+)\s*=\s*(.*?))\s*$",
    r"(a|b|cd|ef?)*?(?=x)(?!y)\b",
    r"(['\"])(?:\\.|(?!\1).)*\1",
    r"https?://[\w.-]+(?::\d+)?(?:/[^\s?#]*)?(?:\?[^\s#]*)?",
    r"(?i:from|import|class|def|return|while|for|if|elif|else)\b",
]


def work(rounds):
    groups = 0
    for i in range(rounds):
        for pattern in PATTERNS:
            re.purge()
            groups += re.compile(pattern, re.M if i % 2 else 0).groups
    return groups


start = perf_counter()
answer = work(250)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
