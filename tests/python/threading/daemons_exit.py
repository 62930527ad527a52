# Daemon threads end with the program, wherever they are, and silently: no handler of theirs runs.
import atexit
import os
import queue
import select
import subprocess
import sys
import threading
import time

ready = threading.Semaphore(0)
threads = 0


def daemon(f):
    global threads
    threads += 1
    threading.Thread(target=f, daemon=True).start()


@daemon
def compute():
    ready.release()
    while True:
        pass


@daemon
def sleep():
    ready.release()
    time.sleep(1000)


held = threading.Lock()
held.acquire()


@daemon
def wait_lock():
    ready.release()
    held.acquire()


@daemon
def wait_queue():
    ready.release()
    queue.Queue().get()


@daemon
def wait_simple_queue():
    ready.release()
    queue.SimpleQueue().get()


r, w = os.pipe()


@daemon
def read_pipe():
    ready.release()
    os.read(r, 1)


file = open(r, "rb", closefd=False)
for _ in range(2):
    @daemon
    def read_file():
        ready.release()
        file.read(1)


@daemon
def selects():
    ready.release()
    select.select([r], [], [])


child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
atexit.register(child.kill)


@daemon
def wait_child():
    ready.release()
    child.wait()


@daemon
def swallow():
    try:
        while True:
            try:
                ready.release()
                while True:
                    time.sleep(0.001)
            except BaseException as e:
                print("swallowed", e)
            finally:
                print("finally")
    except BaseException as e:
        print("outer", e)


def generator():
    try:
        while True:
            yield time.sleep(0.001)
    finally:
        print("generator's finally")


@daemon
def iterate():
    ready.release()
    for _ in generator():
        pass


class Deleted:
    def __del__(self):
        while True:  # in the stopped thread: ends at once, nobody is told
            pass


@daemon
def owner():
    it = Deleted()
    ready.release()
    while True:
        time.sleep(0.001)


shared = threading.Lock()


@daemon
def share():
    ready.release()
    while True:
        with shared:
            time.sleep(0.001)


@atexit.register
def at_exit():
    with shared:  # that thread still runs: it lets go
        print("exit function")


for _ in range(threads):
    ready.acquire()
print(threading.active_count() - 1 == threads)
