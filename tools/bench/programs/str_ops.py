# SPDX-License-Identifier: MIT
# Strings: concatenation, join, split, replace, find, formatting, iteration over characters.
from time import perf_counter


def work(n):
    text = ""
    for i in range(n):
        text += chr(97 + i % 26)
        if i % 7 == 0:
            text += " "
    words = text.split()
    joined = "-".join(words)
    vowels = 0
    for ch in joined:
        if ch in "aeiou":
            vowels += 1
    rows = []
    for i, word in enumerate(words):
        rows.append(f"{i}:{word.upper()}:{len(word):3d}")
    table = "\n".join(rows)
    return len(joined), vowels, len(table), table.replace("A", "xy").count("xy"), joined.find("zzz")


start = perf_counter()
answer = work(600000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
