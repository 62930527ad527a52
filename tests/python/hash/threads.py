# SPDX-License-Identifier: MIT
# Threads that update one hash wait for each other: the total is that of all pieces.
# expect: True
# expect: True
import _sha256, _blake2, _thread, time

piece = b"x" * 300_000
def run(h, done):
    for _ in range(2):
        h.update(piece)
    done.append(1)

for maker in (_sha256.sha256, _blake2.blake2b):
    h, done = maker(), []
    for _ in range(3):
        _thread.start_new_thread(run, (h, done))
    while len(done) < 3:
        h.hexdigest()
        time.sleep(0.002)
    print(h.hexdigest() == maker(piece * 6).hexdigest())
