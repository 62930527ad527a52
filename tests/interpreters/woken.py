# SPDX-License-Identifier: MIT
# A thread that wakes another one gets to its next wait first, nearly always: programs rely on it.
# expect: woken 200 times, early few
import threading


def once():
    entered, leave, state = threading.Event(), threading.Event(), []

    def run():
        entered.set()
        state.append("past")
        leave.wait()

    t = threading.Thread(target=run)
    t.start()
    entered.wait()
    seen = len(state)
    leave.set()
    t.join()
    return seen == 0


early = sum(once() for _ in range(200))
print("woken 200 times, early", "few" if early <= 20 else early)
