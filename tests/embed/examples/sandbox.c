// SPDX-License-Identifier: MIT
// Scripts of users with limits: memory, recursion, output, and a watchdog for what runs too long.
// expect: fine: done: 328350
// expect: greedy: MemoryError
// expect: deep: RecursionError
// expect: chatty: OSError
// expect: endless: KeyboardInterrupt
// libs: -pthread
#include <pthread.h>
#include <quiver.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct Run {
    Quiver *q;
    char out[64]; // what it prints, at most
    size_t used;
    pthread_mutex_t mu;
    pthread_cond_t ended;
    bool done; // guarded by: mu
} Run;

static int write_bounded(void *user, int fd, const char *data, size_t size)
{
    Run *r = user;
    if (fd != 1 || size >= sizeof r->out - r->used) {
        return -1; // the script gets OSError
    }
    memcpy(r->out + r->used, data, size);
    r->used += size;
    return 0;
}

static void *watch(void *arg)
{
    Run *r = arg;
    struct timespec until = {.tv_sec = time(NULL) + 2};
    pthread_mutex_lock(&r->mu);
    while (!r->done && pthread_cond_timedwait(&r->ended, &r->mu, &until) == 0) {}
    if (!r->done) {
        quiver_interrupt(r->q); // from any thread
    }
    pthread_mutex_unlock(&r->mu);
    return NULL;
}

static void try_script(const char *name, const char *source)
{
    Run r = {.mu = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    QuiverConfig config;
    pthread_t watchdog;
    quiver_config_init(&config);
    config.memory_limit = 16 << 20;
    config.recursion_limit = 200;
    config.write = write_bounded;
    config.user = &r;
    r.q = quiver_new(&config); // one for each script
    pthread_create(&watchdog, NULL, watch, &r);
    int status = quiver_run(r.q, source, name);
    pthread_mutex_lock(&r.mu);
    r.done = true;
    pthread_cond_signal(&r.ended);
    pthread_mutex_unlock(&r.mu);
    pthread_join(watchdog, NULL);
    printf("%s: %s\n", name, status < 0 ? quiver_error(r.q)->type : strtok(r.out, "\n"));
    quiver_free(r.q);
}

int main(void)
{
    try_script("fine", "print('done:', sum(n * n for n in range(100)))");
    try_script("greedy", "x = ' ' * 10 ** 8");
    try_script("deep", "def f(): f()\nf()");
    try_script("chatty", "print('blah' * 1000, flush=True)");
    try_script("endless", "while True: pass");
    return 0;
}
