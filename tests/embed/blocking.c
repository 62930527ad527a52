// SPDX-License-Identifier: MIT
// libs: -pthread

// Host functions that wait let other threads run in their interpreter.
#include <pthread.h>

#include "_check.h"

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int stage; // guarded by: mu

static void set_stage(int n)
{
    pthread_mutex_lock(&mu);
    stage = n;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mu);
}

static void await_stage(int n)
{
    pthread_mutex_lock(&mu);
    while (stage < n) {
        pthread_cond_wait(&changed, &mu);
    }
    pthread_mutex_unlock(&mu);
}

// Waits for what the other thread does in the same interpreter.
static QuiverValue *wait_for(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    int64_t n, forget = nargs > 1;
    (void)user;
    CHECK(quiver_to_int(q, args[0], &n) == 0);
    CHECK(quiver_blocking_begin(q) == 0 && quiver_blocking_begin(q) == -1);
    set_stage((int)n);
    await_stage((int)n + 1);
    QuiverValue *v = quiver_int(q, n + 100000); // enters for itself
    return forget || quiver_blocking_end(q) == 0 ? v : (quiver_release(q, v), NULL);
}

static void *other_thread(void *arg)
{
    Quiver *q = arg;
    await_stage(1);
    run(q, "seen.append('other')");
    set_stage(2);
    await_stage(3);
    run(q, "seen.append('again')");
    set_stage(4);
    await_stage(5);
    quiver_interrupt(q);
    set_stage(6);
    return NULL;
}

int main(void)
{
    Quiver *q = fresh();
    pthread_t t;
    CHECK(quiver_blocking_begin(q) == -1 && quiver_blocking_begin(NULL) == -1);
    CHECK(quiver_blocking_end(q) == 0 && quiver_blocking_end(NULL) == 0);
    CHECK(quiver_register(q, NULL, "wait_for", wait_for, 1, 2, NULL, NULL) == 0);
    run(q, "seen = []");
    pthread_create(&t, NULL, other_thread, q);
    expect_eval(q, "wait_for(1), seen", "(100001, ['other'])");
    expect_eval(q, "wait_for(3, 'forgets the end'), seen", "(100003, ['other', 'again'])");
    CHECK(quiver_run(q, "wait_for(5)", "x") == -1); // stopped as soon as it has the lock again
    expect_error(q, "KeyboardInterrupt", NULL);
    pthread_join(t, NULL);
    // Without a host function: the thread that has entered waits.
    CHECK(quiver_enter(q) == 0 && quiver_blocking_begin(q) == 0);
    CHECK(eval_int(q, "len(seen)") == 2);
    CHECK(quiver_blocking_end(q) == 0);
    quiver_leave(q);
    return quiver_free(q);
}
