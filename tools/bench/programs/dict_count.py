# SPDX-License-Identifier: MIT
# Counting words in a dict, as a text indexer does.
from time import perf_counter


def make_words(n):
    state = 12345
    words = []
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        words.append("w" + str(state % 1000))
    return words


def count(words, rounds):
    counts = {}
    for _ in range(rounds):
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return counts


words = make_words(20000)
start = perf_counter()
counts = count(words, 80)
elapsed = perf_counter() - start
print("answer:", len(counts), sum(counts.values()), counts[words[0]])
print("time:", elapsed)
