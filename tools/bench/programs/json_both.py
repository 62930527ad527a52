# SPDX-License-Identifier: MIT
# JSON both ways: small messages, nested documents, many numbers, indented output.
import json
from time import perf_counter


def document(n):
    return {
        "name": "document",
        "flags": [True, False, None],
        "rows": [
            {"id": i, "name": "row %d" % i, "price": i * 1.25, "tags": ["a", "b\u00e9", "c\n"]}
            for i in range(n)
        ],
    }


def work(rounds):
    total = 0
    small = {"id": 7, "method": "call", "params": [1, 2.5, "three"]}
    for i in range(rounds * 100):
        small["id"] = i
        total += json.loads(json.dumps(small))["id"]
    large = document(300)
    for _ in range(rounds):
        text = json.dumps(large)
        total += len(text) + len(json.loads(text)["rows"])
    total += len(json.dumps(large, indent=2, sort_keys=True))
    return total


start = perf_counter()
answer = work(120)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
