// SPDX-License-Identifier: MIT
// An event loop of the host that runs scripts' callbacks: timers in order of time, callbacks that
// add others, one that fails and stops nobody.
// expect: start
// expect: tick 1
// expect: 10 failed: KeyError
// expect: tick 2
// expect: tick 3
#include <quiver.h>
#include <stdio.h>

typedef struct Timer {
    int64_t at;
    QuiverValue *call;
} Timer;

typedef struct Loop {
    Timer timers[16]; // call NULL: free
    int64_t now;
} Loop;

// later(delay, callback)
static QuiverValue *later(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    Loop *loop = user;
    int64_t delay;
    (void)nargs;
    if (quiver_to_int(q, args[0], &delay) < 0) {
        return NULL;
    }
    for (Timer *t = loop->timers; t < loop->timers + 16; t++) {
        if (!t->call) {
            *t = (Timer){loop->now + delay, quiver_retain(q, args[1])};
            return quiver_none(q);
        }
    }
    return quiver_raise(q, "OverflowError", "too many timers");
}

static Timer *first_of(Loop *loop)
{
    Timer *first = NULL;
    for (Timer *t = loop->timers; t < loop->timers + 16; t++) {
        first = t->call && (!first || t->at < first->at) ? t : first;
    }
    return first;
}

static void run_loop(Quiver *q, Loop *loop)
{
    for (Timer *first; (first = first_of(loop)) != NULL;) {
        Timer due = *first;
        first->call = NULL;
        loop->now = due.at; // a real loop would sleep until then, outside of the interpreter
        QuiverValue *result = quiver_call(q, due.call, NULL, 0, NULL, 0);
        if (!result) {
            printf("%d failed: %s\n", (int)loop->now, quiver_error(q)->type);
            fflush(stdout); // scripts print past stdio
        }
        quiver_release(q, result);
        quiver_release(q, due.call);
    }
}

int main(void)
{
    Loop loop = {0};
    Quiver *q = quiver_new(NULL);
    quiver_register(q, "loop", "later", later, 2, 2, &loop, NULL);
    quiver_run(q,
               "import loop\ndef tick(n=1):\n"
               "    print('tick', n, flush=True)\n"
               "    if n < 3: loop.later(5, lambda: tick(n + 1))\n"
               "print('start', flush=True)\n"
               "loop.later(10, lambda: {}['oops'])\nloop.later(5, tick)\n",
               "<script>");
    run_loop(q, &loop);
    return quiver_free(q);
}
