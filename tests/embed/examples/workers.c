// SPDX-License-Identifier: MIT
// A pool of workers: one interpreter for each thread, in parallel on all cores. Tasks come from a
// counter, results are added up.
// expect: 100 tasks, sum 338350, 0 failed
// libs: -pthread
#include <pthread.h>
#include <quiver.h>
#include <stdatomic.h>
#include <stdio.h>

enum { WORKERS = 4, TASKS = 100 };

static atomic_int next_task = 1, failed;
static atomic_llong sum;

static void *work(void *arg)
{
    (void)arg;
    Quiver *q = quiver_new(NULL);
    quiver_enter(q); // one lock for all the calls below: nobody else comes into this interpreter
    quiver_run(q, "def task(n):\n    return sum(n for _ in range(n))\n", "<worker>");
    QuiverValue *task = quiver_get(q, "task");
    for (int n; (n = atomic_fetch_add(&next_task, 1)) <= TASKS;) {
        int64_t result;
        quiver_scope_open(q);
        QuiverValue *arg_value = quiver_int(q, n);
        QuiverValue *v = quiver_call(q, task, &arg_value, 1, NULL, 0);
        if (v && quiver_to_int(q, v, &result) == 0) {
            atomic_fetch_add(&sum, result);
        } else {
            atomic_fetch_add(&failed, 1);
        }
        quiver_scope_close(q, NULL);
    }
    quiver_release(q, task);
    quiver_leave(q);
    quiver_free(q);
    return NULL;
}

int main(void)
{
    pthread_t threads[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        pthread_create(&threads[i], NULL, work, NULL);
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%d tasks, sum %lld, %d failed\n", TASKS, (long long)sum, (int)failed);
    return failed != 0;
}
