# Threads that share files: nothing lost, nothing torn inside one buffered write.
import _thread
import os
import time

P = "/tmp/qv_io_threads.txt"
N = 4
done = []


def run(f, k):
    for i in range(2000):
        f.write(b"%d:%d:%s\n" % (k, i, b"x" * (i % 50)))
        if i % 500 == 0:
            f.flush()
    done.append(k)


def wait(n):
    while len(done) < n:
        time.sleep(0.001)
    done.clear()


with open(P, "wb", 256) as f:
    for k in range(N):
        _thread.start_new_thread(run, (f, k))
    wait(N)
seen = [0] * N
for line in open(P, "rb"):
    k, i, x = line.split(b":")
    assert int(i) == seen[int(k)] and x == b"x" * (int(i) % 50) + b"\n", line
    seen[int(k)] += 1
print(seen)

total = []


def reader(f):
    n = 0
    while True:
        data = f.read(100)
        if not data:
            break
        n += len(data)
    total.append(n)
    done.append(1)


with open(P, "rb", 64) as f:
    for k in range(N):
        _thread.start_new_thread(reader, (f,))
    wait(N)
print(sum(total) == os.path.getsize(P))

r, w = os.pipe()
got = []


def pipe_reader():
    for line in open(r, "rb"):
        got.append(line)
    done.append(1)


_thread.start_new_thread(pipe_reader, ())
with open(w, "wb") as f:
    for i in range(3000):
        f.write(b"line %d\n" % i)
wait(1)
print(len(got), got[0], got[-1])


def text_writer(t, k):
    for i in range(1000):
        t.write("%d %d\n" % (k, i))
    done.append(k)


with open(P, "w") as t:
    for k in range(N):
        _thread.start_new_thread(text_writer, (t, k))
    wait(N)
lines = open(P).read().split("\n")
print(len(lines), sorted(lines) == sorted(["%d %d" % (k, i) for k in range(N) for i in range(1000)] + [""]))
os.unlink(P)
