# SPDX-License-Identifier: MIT
# Counts identifiers in many files, on all cores: ordinary Python, one interpreter for each worker.
#
#   word_index.py [folder] [--workers N]      all .py files below the folder (default: the standard library)
#   word_index.py --count-only [folder]       the plain function in one process, also under CPython
#
# File names go out over one bounded channel, dicts of counts come back over another, and the parent merges them.
#
# check: word_index_check.py
# timeout: 300
# exclusive: yes
import os
import sys
import time


def read_text(path):
    with open(path, "rb") as f:
        data = f.read()
    return data.decode("latin-1"), len(data)


def make_table():
    """A table for str.translate that turns everything but letters, digits and _ into blanks."""
    return {c: " " for c in range(256) if not (chr(c).isalnum() or chr(c) == "_")}


def count_words(text, table, counts):
    for word in text.translate(table).split():
        if word.isidentifier():
            counts[word] = counts.get(word, 0) + 1


def find_files(folder):
    found = []
    for place, dirs, names in os.walk(folder):
        dirs.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                found.append(os.path.join(place, name))
    return found


def count_files(paths):
    """The whole job in one place: what the parallel form must agree with."""
    counts, size, table = {}, 0, make_table()
    for path in paths:
        text, n = read_text(path)
        size += n
        count_words(text, table, counts)
    return counts, size


def most_used(counts, n):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:n]


def show_counts(counts, files, size):
    print(f"{files} files, {size} bytes, {len(counts)} identifiers, {sum(counts.values())} uses")
    for word, n in most_used(counts, 20):
        print(f"{n:8} {word}")


BATCH = 16  # file names in a message


def work(names, results):
    """Runs in each worker interpreter: file names in, one dict of counts out."""
    counts, files, size, table = {}, 0, 0, make_table()
    for batch in names:
        for path in batch:
            text, n = read_text(path)
            files += 1
            size += n
            count_words(text, table, counts)
    results.send((counts, files, size))
    results.close()
    return files, size


def run(paths, workers):
    """The parallel job: counts, files, bytes, a row for each interpreter, seconds."""
    import channels
    from concurrent import interpreters

    start = time.perf_counter()
    before = interpreters.get_current().stats()
    send_name, names = channels.open(2 * workers, "names")
    results_out, results = channels.open(workers, "results")
    interps = [interpreters.create() for _ in range(workers)]
    threads = [interp.call_in_thread(work, names, results_out) for interp in interps]
    names.close()
    results_out.close()
    for at in range(0, len(paths), BATCH):
        send_name.send(paths[at:at + BATCH])
    send_name.close()

    counts, files, size = {}, 0, 0
    for part, part_files, part_size in results:
        files += part_files
        size += part_size
        for word, n in part.items():
            counts[word] = counts.get(word, 0) + n
    rows = []
    for interp, thread in zip(interps, threads):
        part_files, part_size = thread.result()
        rows.append((f"worker {interp.id}", part_files, part_size, interp.stats()))
    seconds = time.perf_counter() - start
    rows.append(("parent", 0, 0, since(before, interpreters.get_current().stats())))
    for interp in interps:
        interp.close()
    return counts, files, size, rows, seconds


def since(before, now):
    """Counters of one run; the peak is that of the whole program."""
    counters = ("messages_sent", "bytes_sent", "messages_received", "bytes_received", "cpu_seconds")
    return {**now, **{name: now[name] - before[name] for name in counters}}


def show_rows(rows):
    print(f"{'interpreter':12}{'files':>7}{'bytes read':>12}{'sent':>8}{'bytes':>10}"
          f"{'received':>10}{'bytes':>10}{'CPU s':>8}{'peak heap':>12}")
    for name, files, size, s in rows:
        print(f"{name:12}{files:7}{size:12}{s['messages_sent']:8}{s['bytes_sent']:10}"
              f"{s['messages_received']:10}{s['bytes_received']:10}{s['cpu_seconds']:8.2f}{s['peak_bytes']:12}")


def main(args):
    count_only = "--count-only" in args
    workers = 0
    if "--workers" in args:
        at = args.index("--workers")
        workers = int(args[at + 1])
        del args[at:at + 2]
    folders = [a for a in args if not a.startswith("--")]
    folder = folders[0] if folders else os.path.dirname(os.__file__)
    paths = find_files(folder)
    if count_only:
        counts, size = count_files(paths)
        show_counts(counts, len(paths), size)
        return
    workers = workers or os.cpu_count() or 1
    one = run(paths, 1)
    counts, files, size, rows, seconds = run(paths, workers)
    if counts != one[0]:
        sys.exit("word_index.py: one worker and all of them do not agree")
    show_counts(counts, files, size)
    print()
    show_rows(rows)
    print()
    print(f"wall time: {one[4]:.2f} s with 1 worker, {seconds:.2f} s with {workers}")


if __name__ == "__main__":
    main(sys.argv[1:])
