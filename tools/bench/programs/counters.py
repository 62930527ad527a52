# SPDX-License-Identifier: MIT
# Counter, defaultdict, ChainMap, and counting by hand.
from collections import ChainMap, Counter, defaultdict
from time import perf_counter

TEXT = "it was the best of times it was the worst of times it was the age of wisdom " * 40


def work(rounds):
    total = 0
    words = TEXT.split()
    for i in range(rounds):
        counted = Counter(words)
        total += counted.most_common(1)[0][1]
        letters = Counter(TEXT)
        letters.subtract("eee")
        total += (counted + Counter(a=3))["a"] + letters["e"]
        groups = defaultdict(list)
        for word in words:
            groups[len(word)].append(word)
        total += len(groups[3])
        by_hand = {}
        for word in words:
            if word in by_hand:
                by_hand[word] += 1
            else:
                by_hand[word] = 1
        nested = defaultdict(lambda: defaultdict(int))
        for a, b in zip(words, words[1:]):
            nested[a][b] += 1
        total += nested["it"]["was"]
        settings = ChainMap({"a": i}, {"b": 2}, {"c": 3})
        total += sum(settings[k] for k in "abc" for _ in range(20))
    return total


start = perf_counter()
answer = work(600)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
